"""Policies: what the files of Yangcheng change, and how policies are named and found."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from workforce_sim.decision.policies import Policy, load_policies
from workforce_sim.scenario import InputError, load_scenario
from workforce_sim.scenario.assumptions import assumptions
from workforce_sim.scenario.forms import Source

YANGCHENG = Path("configs/yangcheng/scenario.yaml")
BASE_ITSELF = {"three-out-one-in", "arts-pe-10", "rotation-by-need", "backbone-5-years"}
CHANGES = {
    "two-out-one-in": {"replacement.leavers": "2"},
    "one-out-one-in": {"replacement.leavers": "1"},
    "only-out": {"replacement.joins": "0", "arts_pe.recruits_per_year": "2021: 0, later: 0"},
    "arts-pe-20": {"arts_pe.recruits_per_year": "2021: 0, later: 20"},
    "arts-pe-40": {"arts_pe.recruits_per_year": "2021: 0, later: 40"},
    "arts-pe-half-of-quota": {
        "replacement.arts_pe_share": "0.5",
        "arts_pe.recruits_per_year": "2021: 0, later: 0",
    },
    "retraining-20": {"arts_pe.retraining_per_year": "20"},
    "rotation-at-random": {"rotation.destinations": "random"},
    "reallocation-none": {"reallocation.rounds": "none"},
    "backbone-permanent": {"backbone.term_years": "null"},
    "backbone-3-years": {"backbone.term_years": "3"},
    "no-reform": {"retirement.reform_2025": "false"},
    "reform-all-early": {"retirement.early_share": "1", "retirement.late_share": "0"},
    "births-fall": {
        "enrolment.trend_per_year": "normal(mean: -0.08, sd: 0.01, low: -0.11, high: -0.05)"
    },
}


@pytest.fixture(scope="module")
def base():
    return load_scenario(YANGCHENG)


@pytest.fixture(scope="module")
def policies():
    return load_policies(YANGCHENG)


def test_each_policy_changes_what_it_says_with_a_source(base, policies):
    before = {figure.path: figure.value for figure in assumptions(base)}
    changes = {}
    for policy in policies:
        after = assumptions(policy.scenario)
        assert {figure.path for figure in after} == set(before)
        changed = [figure for figure in after if before[figure.path] != figure.value]
        assert {figure.source for figure in changed} <= set(get_args(Source))
        changes[policy.name] = {figure.path: figure.value for figure in changed}
    assert changes == {**CHANGES, **{name: {} for name in BASE_ITSELF}}


def test_those_that_are_the_base_itself_say_so(base, policies):
    effect = Policy.of(base).effect
    assert {p.name for p in policies if p.effect == effect} == BASE_ITSELF
    assert {p.name for p in policies if "与基准方案相同" in p.about} == BASE_ITSELF
    assert {p.name for p in policies if "The base itself" in p.about_en} == BASE_ITSELF


def test_every_policy_has_its_names_in_both_languages(policies):
    files = {path.stem for path in (YANGCHENG.parent / "policies").iterdir()}
    assert {p.name for p in policies} == files
    for texts in ({p.title for p in policies}, {p.title_en for p in policies}):
        assert len(texts) == len(files)
        assert not texts & files
    assert all(p.about != p.about_en for p in policies)


def test_policies_are_known_by_name_title_or_path(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("base: x\nname: mine\nabout: Mine.\npatch: {rotation: {share: 0.2}}\n", "utf-8")
    wanted = ["退二进一", str(path), "arts-pe-20", "two-out-one-in"]
    found = load_policies(YANGCHENG, wanted, overrides=["backbone.max_age=48"], years="2021-2026")
    assert [p.name for p in found] == ["two-out-one-in", "mine", "arts-pe-20"]
    mine = found[1]
    assert (mine.title, mine.about_en) == ("mine", "Mine.")
    assert mine.scenario.rotation.share == 0.2  # laid over the scenario, not over the base it names
    assert {p.scenario.backbone.max_age for p in found} == {48}
    assert {str(p.scenario.years) for p in found} == {"2021-2026"}
    assert len(load_policies(YANGCHENG, ["all", "arts-pe-20"])) == len(CHANGES) + len(BASE_ITSELF)


def problems(*names, **how):
    with pytest.raises(InputError) as caught:
        load_policies(YANGCHENG, names, **how)
    return [str(problem) for problem in caught.value.problems]


def test_all_that_is_wrong_is_told_at_once(tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text(
        "base: x\nname: broken\nabout: b\npatch: {rotation: {shear: 1}}\n", encoding="utf-8"
    )
    found = problems("two-out", "arts-pe-20", "退二", str(broken), "none.yaml")
    assert len(found) == 4
    assert "there are arts-pe-10, " in found[0]
    assert found[0].startswith("--policies: two-out: there is no such policy")
    assert found[0].endswith("did you mean 'two-out-one-in'?")
    assert found[1].endswith("did you mean '退二进一'?")
    assert f"{broken}:4: rotation.shear: unknown key 'shear'" in found[2]
    assert found[3] == "none.yaml: there is no such file"


@pytest.mark.parametrize(
    "override",
    [
        "arts_pe.recruits_per_year.later=3",
        "arts_pe.recruits_per_year=3",
        "arts_pe.within_quota=true",
    ],
)
def test_an_override_of_what_a_policy_sets_is_refused(override):
    (found,) = problems("arts-pe-20", "two-out-one-in", overrides=[override])
    assert override in found
    assert "'arts-pe-20'" in found
    assert "sets arts_pe." in found


def test_a_scenario_without_policies_says_so(tmp_path):
    path = tmp_path / "scenario.yaml"
    path.write_bytes(YANGCHENG.read_bytes())
    with pytest.raises(InputError, match="there is no policy in"):
        load_policies(path)
    with pytest.raises(InputError, match="there are none; give a file's path"):
        load_policies(path, ["退二进一"])
