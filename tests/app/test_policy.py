from __future__ import annotations

import pytest

pytest.importorskip("streamlit", reason="the extra `app` is not installed")

from workforce_sim.app.views.policy import VIEWS
from workforce_sim.app.views.policy_controls import GROUPS
from workforce_sim.decision.policies import load_policies
from workforce_sim.decision.saving import save_policy, saved_policies

OTHER = {
    "replacement.rule": (2, 1),
    "backbone.term_years": 3,
    "backbone.spread": "merit",
    "rotation.destinations": "random",
}
"""Of what has choices, one that the scenario has not taken."""
RECRUITS = "policy.1.arts_pe.recruits_per_year"


def kept(page):
    return page.session_state["workforce_sim"]


def verdict(page):
    return next(e.proto.body for e in page.get("html") if "ws-big" in e.proto.body)


def text(page):
    return " ".join(str(e.proto) for e in (*page.get("html"), *page.markdown))


def test_every_control_moves_the_draft_and_moved_back_leaves_nothing(opened):
    page = opened("policy")
    paths = {control.path for group in GROUPS.values() for control in group}
    widgets = [*page.slider, *page.toggle, *page.radio]
    moved = set()
    for widget in widgets:
        path = (widget.key or "").removeprefix("policy.1.")
        if path not in paths and path != "replacement.rule":
            continue
        before = widget.value
        if path in OTHER:
            other = OTHER[path]
        elif isinstance(before, bool):
            other = not before
        else:
            other = (before[0], before[1] + 1) if isinstance(before, tuple) else before + 1
        page = _set(page, widget.key, other)
        assert kept(page)["changes"], path
        page = _set(page, widget.key, before)
        assert kept(page)["changes"] == {}, path
        moved.add(path)
    assert moved == paths | {"replacement.rule"}


def _set(page, key, value):
    widget = next(w for w in (*page.slider, *page.toggle, *page.radio) if w.key == key)
    widget.set_value(value).run()
    assert not page.exception, page.exception
    return page


def test_a_change_brings_a_sketch_of_the_new_policy_and_then_the_full_answer(opened, when):
    page = when(opened("policy"), lambda page: "模拟300次" in verdict(page))
    full = verdict(page)
    page.slider(RECRUITS).set_value(40).run()
    assert "草算" in verdict(page) and "模拟100次" in verdict(page)
    when(page, lambda page: "模拟300次" in verdict(page))
    assert verdict(page) != full
    assert "10 → 2021: 0, 以后每年: 40" in text(page)


def test_the_draft_stands_in_the_address_and_comes_back_with_it(opened):
    page = opened("policy", lang="en", policy="only-out", set="rotation.share=0.2")
    assert kept(page)["opened"] == "only-out"
    assert page.slider("policy.1.rotation.share").value == 20
    assert "passes on resources" in verdict(page)
    whole = opened(policy="only-out", set="rotation.share=0.2")
    assert dict(whole.query_params) == {"policy": "only-out", "set": "rotation.share=0.2"}


def test_an_address_that_is_not_sound_is_told_and_can_be_undone(opened):
    page = opened("policy", set="rotation.shares=0.2")
    assert "rotation.shares" in page.text[0].value
    next(b for b in page.button if b.label == "还原").click().run()
    assert not page.text and verdict(page)


def test_opening_a_policy_shows_its_figures(opened):
    page = opened("policy")
    page.selectbox("policy.1.open").set_value("arts-pe-40").run()
    assert page.slider("policy.2.arts_pe.recruits_per_year").value == 40


def test_the_draft_is_saved_and_opened(opened, scenario):
    page = opened("policy")
    page.slider(RECRUITS).set_value(40).run()
    _fill(page, "四十人")
    saved = next(p for p in saved_policies(scenario)[0] if p.variant.title == "四十人")
    assert kept(page)["opened"] == saved.key and kept(page)["changes"] == {}
    assert "10" in saved.variant.about and "40" in saved.variant.about
    (policy,) = load_policies(scenario, ["四十人"])
    assert policy.scenario.arts_pe.recruits_per_year.later == 40


def _fill(page, title):
    next(t for t in page.text_input if t.label.startswith("名称（中文）")).set_value(title)
    next(b for b in page.button if b.proto.is_form_submitter).click().run()
    assert not page.exception, page.exception


def test_of_two_who_change_one_policy_the_second_is_told(opened, scenario):
    first = save_policy(scenario, "mine", title="甲", title_en="", about="", changes={})
    page = opened("policy", policy="mine", set="rotation.share=0.2")
    save_policy(
        scenario,
        "mine",
        title="甲",
        title_en="",
        about="",
        changes={"rotation.share": "0.3"},
        opened=first,
        replaces=first.digest,
    )
    page.run()
    assert any("别人改过" in w.value for w in page.warning)
    page.radio("policy.1.save.mode").set_value("over").run()
    _fill(page, "甲")
    assert any("没有保存" in w.value for w in page.warning)
    (policy,) = load_policies(scenario, ["mine"])
    assert policy.scenario.rotation.share == 0.3
    next(b for b in page.button if b.label == "接受对方的改动").click().run()
    page.radio("policy.2.save.mode").set_value("over").run()
    _fill(page, "甲")
    (policy,) = load_policies(scenario, ["mine"])
    assert policy.scenario.rotation.share == 0.2


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_everything_below_the_verdict_can_be_looked_at(opened, lang):
    page = opened("policy", lang=lang)
    for view in VIEWS:
        next(g for g in page.button_group if g.key == "policy.view").set_value(view).run()
        assert not page.exception, (view, page.exception)


def test_names_are_text_whatever_they_are(opened, scenario):
    evil = "<img src=x onerror=alert(1)>"
    save_policy(scenario, "mine", title=f"**{evil}**", title_en="", about=evil, changes={})
    page = opened("policy", policy="mine")
    assert "<img" not in " ".join(e.proto.body for e in page.get("html"))
    assert "&lt;img" in " ".join(e.proto.body for e in page.get("html"))
