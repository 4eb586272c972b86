"""Parts of a change add up to it, in every world, replication, school and year."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from tests.counties import School, Teacher, county, scenario
from tests.laws.strategies import replications, seeds, worlds
from workforce_sim.assessment import simulate
from workforce_sim.decision import trial
from workforce_sim.decision.explain import explain
from workforce_sim.decision.parts import PARTS, Course, split, split_between
from workforce_sim.decision.trial import run_trial
from workforce_sim.scenario import InputError
from workforce_sim.scenario.schema import Counting, Replacement
from workforce_sim.simulation.ledger import CAUSES

ROUNDING = 1e-12
"""Parts add up to within this share of the largest of them and of the ratios: 64-bit rounding."""


def adds_up(parts: np.ndarray, *ratios: np.ndarray) -> None:
    """Check that parts add up to the first ratio, less the second, less the third, plus ..."""
    signs = (1, -1, -1, 1)
    change = sum(sign * ratio for sign, ratio in zip(signs, ratios, strict=False))
    known = ~np.isnan(change)
    assert (np.isnan(parts).all(axis=-1) == ~known).all()
    assert (np.isnan(parts).any(axis=-1) == ~known).all()
    scale = np.max([np.abs(parts).max(axis=-1), *map(np.abs, ratios)], axis=0)
    off = np.abs(parts.sum(axis=-1) - change)
    assert (off[known] <= ROUNDING * scale[known]).all()


@given(worlds(), seeds, replications)
def test_parts_add_up_in_every_replication_of_every_world(case, seed, n):
    run = run_trial(*case, replications=n, seed=seed, workers=1)
    each = Course.of(run)
    both = each.grouped([run.judged.of_stage(stage) for stage in (*run.judged.stages, "both")])
    censuses = range(len(each.pupils))
    for course in (each, both):
        for start, end in [(0, censuses[-1]), *pairwise(censuses)]:
            found = split(course, start, end)
            adds_up(found.points, course.ratio(end), course.ratio(start))
            people = found.people[..., : len(CAUSES)].sum(axis=-1)
            assert (people == course.items[end] - course.items[start]).all()  # in whole people


@given(worlds(), seeds)
def test_between_policies_parts_add_up_to_the_difference(case, seed):
    """Also where the other policy counts other teachers at the baseline."""
    one, home = case
    two = one.model_copy(
        update={
            "counting": Counting(arts_pe="teachers", degree_primary="associate"),
            "replacement": Replacement(leavers=1, joins=3),
        }
    )
    a, b = (
        Course.of(run_trial(policy, home, replications=2, seed=seed, workers=1))
        for policy in (one, two)
    )
    last = len(a.pupils) - 1
    found = split_between(a, b, 0, last)
    no_baseline = 0 * a.ratio(0)  # NaN there: no parts
    adds_up(found.points, a.ratio(last) + no_baseline, b.ratio(last))
    if last > 1:
        ends = a.ratio(last), a.ratio(last - 1), b.ratio(last), b.ratio(last - 1)
        adds_up(split_between(a, b, last - 1, last).points, *ends)


def test_a_change_that_can_be_worked_out_by_hand():
    """300 pupils and 3 arts teachers; one retires, two come, a school of 60 pupils closes."""
    home = county(
        [School("甲", "primary", (60,) * 5), School("乙", "primary", (12,) * 5)],
        [
            Teacher("甲", "1961-05", subject="pe", specialist=True),  # retires in May 2021
            Teacher("甲", "1980-05", subject="art", specialist=True),
            Teacher("乙", "1985-05", subject="music", specialist=True),
        ],
    )
    run = run_trial(
        scenario(
            years="2021-2021",
            judged_year=2021,
            arts_pe={"recruits_per_year": 2},
            network=[{"date": "2021-08-01", "close": ["乙"]}],
            enrolment={"entrants": {"table": {2021: 0}}},
        ),
        home,
        replications=1,
        seed=1,
    )
    stage = Course.of(run).grouped([np.array([0, 1])])
    assert stage.pupils[:, 0, 0].tolist() == [360, 360]  # no entrants; the fifth grade moves up
    found = split(stage, 0, 1)
    parts = dict(zip(PARTS, found.points[0, 0, 2], strict=True))
    a_teacher = float(Fraction(100, 360))
    assert parts["retirement"] == pytest.approx(-a_teacher)
    assert parts["hired_arts_pe"] == pytest.approx(2 * a_teacher)
    assert sum(map(abs, parts.values())) == pytest.approx(3 * a_teacher)
    schools = split(Course.of(run), 0, 1).points[0, :, 2]
    assert np.isnan(schools[1]).all()  # closed: it has no ratio any more
    parts = dict(zip(PARTS, schools[0], strict=True))
    assert parts["network"] == pytest.approx(100 / 300)
    assert parts["pupils"] == pytest.approx(100 * 2 * (1 / 360 - 1 / 300))
    assert parts["interaction"] == pytest.approx(100 * 2 * (1 / 360 - 1 / 300))  # -1 + 2 + 1


@pytest.fixture(scope="module")
def small():
    """A county in which a school opens, and pupils are uncertain."""
    home = county(
        [School("甲", "primary", (40,) * 6), School("乙", "junior", (40,) * 3)],
        [
            Teacher(school, f"{year}-03", subject="pe", specialist=True)
            for school in "甲乙"
            for year in range(1962, 1990, 4)
        ],
    )
    policy = scenario(
        years="2021-2023",
        judged_year=2023,
        enrolment={"level": {"dist": "uniform", "low": 0.8, "high": 1.2}},
        network=[
            {
                "date": "2022-08-01",
                "open": {
                    "name": "新校",
                    "stage": "primary",
                    "area": "town",
                    "pupils_from": {"甲": 0.5},
                },
            }
        ],
    )
    return policy, home


def test_tables_say_what_the_projection_says(small):
    policy, home = small
    study = explain(policy, county=home, replications=50, seed=3, workers=1)
    ratios = simulate(policy, county=home, replications=50, seed=3, workers=1).ratios
    columns = ["year", "stage", "indicator", "mean", "q05", "q95", "p_meets", "p_meets_se"]
    keys = ["year", "stage", "indicator"]
    here = study.levels[columns].sort_values(keys).reset_index(drop=True)
    there = ratios[columns].sort_values(keys).reset_index(drop=True)
    pd.testing.assert_frame_equal(here, there, rtol=1e-12)
    ends = study.levels.pivot_table(index=["stage", "indicator"], columns="year", values="mean")
    sums = (
        study.parts[study.parts["part"] != "change"].groupby(["stage", "indicator"])["mean"].sum()
    )
    assert sums.to_numpy() == pytest.approx((ends[2023] - ends[2020]).to_numpy(), abs=1e-12)
    yearly = study.yearly_parts[study.yearly_parts["part"] == "change"].groupby(
        ["stage", "indicator"]
    )["mean"]
    assert yearly.sum().to_numpy() == pytest.approx(sums.to_numpy(), abs=1e-12)


def test_a_new_school_has_no_ratio_before_and_nothing_is_made_up(small):
    policy, home = small
    study = explain(policy, county=home, replications=5, seed=3, workers=1)
    new = study.largest[study.largest["school"] == "新校"]
    assert (new["part"] == "none").all()
    assert new[["before", "change", "points", "p_largest"]].isna().all(axis=None)
    assert new["mean"].notna().all()
    parts = study.school_parts[study.school_parts["school"] == "新校"]
    assert parts["mean"].isna().all()
    assert parts["people"].notna().any()  # people did move there


def test_policies_are_told_apart(small):
    policy, home = small
    more = policy.model_copy(
        update={
            "name": "more",
            "arts_pe": policy.arts_pe.model_copy(
                update={"recruits_per_year": type(policy.arts_pe.recruits_per_year)(later=1)}
            ),
        }
    )
    study = explain(more, against=policy, county=home, replications=20, seed=3, workers=1)
    assert set(study.levels["policy"]) == {"more", "test"}
    largest = study.parts[
        (study.parts["part"] == "hired_arts_pe")
        & (study.parts["indicator"] == "L3")
        & (study.parts["stage"] == "both")
    ]
    assert largest["people"].tolist() == [3.0]
    assert (study.largest["part"].isin(["hired_arts_pe", "none"])).all()
    same = explain(policy, against=policy, county=home, replications=20, seed=3, workers=1)
    assert (same.parts["mean"] == 0).all()


def test_policies_that_do_not_fit_together(small):
    policy, home = small
    other = scenario(years="2021-2024", judged_year=2024)
    with pytest.raises(InputError) as wrong:
        explain(policy, against=other, county=home)
    assert [problem.where for problem in wrong.value.problems] == ["years", "judged_year"]


def test_a_long_run_that_is_stopped_keeps_what_is_whole(small, monkeypatch):
    policy, home = small
    monkeypatch.setattr(trial, "CHUNK", 100)
    asked = []

    def stop(done: int) -> None:
        asked.append(done)
        if done > 250:  # 100 of each are done, and 50 of the first policy's next
            raise KeyboardInterrupt

    stopped = explain(
        policy, against=policy, county=home, replications=300, seed=3, workers=1, progress=stop
    )
    assert asked == [100, 200, 300]
    assert (stopped.provenance["complete"], stopped.provenance["replications"]) == (False, 100)
    whole = explain(policy, against=policy, county=home, replications=100, seed=3, workers=1)
    pd.testing.assert_frame_equal(stopped.levels, whole.levels)
    with pytest.raises(KeyboardInterrupt):
        explain(policy, county=home, replications=100, progress=lambda done: stop(999))
