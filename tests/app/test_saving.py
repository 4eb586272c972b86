from __future__ import annotations

import threading

import pytest

from workforce_sim.decision.policies import load_policies
from workforce_sim.decision.saving import (
    ChangedError,
    free_name,
    save_policy,
    saved_policies,
)
from workforce_sim.scenario import InputError, load_scenario

NAMED = {"title": "甲", "title_en": "A", "about": "说明"}


def test_what_is_saved_is_what_set_would_do(scenario):
    changes = {
        "arts_pe.recruits_per_year.later": "23",
        "backbone.term_years": "null",
        "retirement.early_share": "{dist: uniform, low: 0.2, high: 0.3}",
        "rotation.max_age.male": "48",
        "replacement.stated_posts.2021": "30",
    }
    saved = save_policy(scenario, "mine", changes=changes, **NAMED)
    (policy,) = load_policies(scenario, ["甲"])
    asked = load_scenario(scenario, overrides=[f"{k}={v}" for k, v in changes.items()])
    assert policy.effect == type(policy).of(asked).effect
    assert saved.key == policy.name == "mine" and policy.about_en == "说明"


def test_changes_are_laid_over_the_policy_that_is_open(scenario):
    opened = next(p for p in saved_policies(scenario)[0] if p.key == "only-out")
    save_policy(scenario, "mine", changes={"rotation.share": "0.2"}, opened=opened, **NAMED)
    (policy,) = load_policies(scenario, ["mine"])
    assert policy.scenario.replacement.joins == 0
    assert policy.scenario.rotation.share == 0.2


def test_nobody_overwrites_what_somebody_else_changed(scenario):
    first = save_policy(scenario, "mine", changes={}, **NAMED)
    second = save_policy(
        scenario,
        "mine",
        changes={"rotation.share": "0.2"},
        opened=first,
        replaces=first.digest,
        **NAMED,
    )
    kept = second.path.read_bytes()
    for replaces in (first.digest, None):  # the one opened it before, the other thought it new
        with pytest.raises(ChangedError):
            save_policy(scenario, "mine", changes={}, opened=first, replaces=replaces, **NAMED)
    assert second.path.read_bytes() == kept
    second.path.unlink()
    with pytest.raises(ChangedError):
        save_policy(scenario, "mine", changes={}, opened=second, replaces=second.digest, **NAMED)


def test_of_many_at_once_one_wins_and_no_file_is_half(scenario):
    first = save_policy(scenario, "mine", changes={}, **NAMED)
    won = []

    def save(n):
        try:
            save_policy(
                scenario,
                "mine",
                changes={"arts_pe.recruits_per_year.later": str(n)},
                opened=first,
                replaces=first.digest,
                **NAMED,
            )
            won.append(n)
        except ChangedError:
            pass

    threads = [threading.Thread(target=save, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (policy,) = load_policies(scenario, ["mine"])
    assert [policy.scenario.arts_pe.recruits_per_year.later] == won
    assert not [*first.path.parent.glob(".*")]


def test_a_title_stands_for_one_policy(scenario):
    with pytest.raises(InputError, match="only-out"):
        save_policy(scenario, "mine", changes={}, **{**NAMED, "title": "只退不进"})


def test_names_that_no_file_can_have_are_refused_and_one_that_it_can_is_found(scenario):
    assert free_name(scenario, "../../Etc: two") == "etc-two"
    assert free_name(scenario, "只退不进") == "policy"
    assert free_name(scenario, "Only out") == "only-out-2"
    with pytest.raises(InputError):
        save_policy(scenario, "../outside", changes={}, **NAMED)
    assert not (scenario.parent / "outside.yaml").exists()


def test_a_broken_file_is_told_and_stands_in_nobodys_way(scenario):
    (scenario.parent / "policies" / "broken.yaml").write_text("a: [", encoding="utf-8")
    found, problems = saved_policies(scenario)
    assert "only-out" in [policy.key for policy in found]
    assert "broken.yaml" in problems[0].file
