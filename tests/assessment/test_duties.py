"""The training ledger and certificates, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tests.counties import School, Teacher, county, scenario
from workforce_sim.assessment import simulate
from workforce_sim.assessment.duties import certified, duties, hired, in_window, training_given
from workforce_sim.simulation.ledger import FLOW, Ledger

ONE = np.ones(1)


def given(
    capacity: dict[int, float], before: float, staff: int = 10, years: int = 4
) -> list[float]:
    people = np.full((years, 1), staff)
    return training_given(people, capacity, before * ONE, range(2021, 2021 + years))[:, 0].tolist()


def test_enough_is_72_hours_a_year():
    hours = given({}, before=1)
    assert hours == pytest.approx([72] * 9)
    assert in_window(np.array(hours)[:, None])[:, 0] == pytest.approx([360] * 5)


def test_arrears_are_made_up_as_far_as_the_capacity_goes():
    """Half was done, 36 a year: 216 are missing in 2021. 100 hours each, and from 2023 on 50."""
    hours = given({2021: 1000, 2023: 500}, before=0.5)
    assert hours == pytest.approx([36] * 5 + [100, 100, 50, 50])
    assert in_window(np.array(hours)[:, None])[:, 0] == pytest.approx([180, 244, 308, 322, 336])


def test_no_more_is_given_than_is_missing():
    """360 - 4 x 36 = 216 in the first year; then the window holds 360 with 36 a year."""
    assert given({2021: 1e6}, before=0.5)[5:] == pytest.approx([216, 36, 36, 36])


def test_before_the_first_stated_year_72_hours_are_given():
    assert given({2023: 0}, before=1)[5:] == pytest.approx([72, 72, 0, 0])


def test_recruits_are_counted_from_their_hiring():
    """Hired after a census, they are there at the next one."""
    ledger = Ledger.blank(2, 1, 3)
    flow = FLOW["hired_general"]
    ledger.flows[0, 0, 0, :, flow] = [1, 2, 4]
    ledger.flows[0, 1, 0, :, flow] = [8, 0, 0]
    ledger.flows[1, 0, 0, :, flow] = [0, 16, 0]
    stage = np.array([0, 0, 1], np.int8)
    assert hired(ledger, stage, "hired_general").tolist() == [[[3, 4]], [[27, 4]]]


def test_certificates_are_a_mean_of_roster_and_recruits():
    """Of 8 two are recruits: (6 x 0.9 + 2 x 1) / 8. More recruits than staff: all are recruits."""
    staff, recruits = np.array([[8], [2], [0]]), np.array([[2], [5], [0]])
    found = certified(staff, recruits, 0.9 * ONE, ONE)[:, 0]
    assert found[:2] == pytest.approx([(6 * 0.9 + 2) / 8, 1])
    assert np.isnan(found[2])


def test_targets_by_stage():
    """The roster lacks certificates; in one of two replications training is short."""
    staff = np.array([[[10, 5], [10, 5]]])
    recruits = np.array([[[10, 1], [10, 0]]])
    hours = np.array([[360.0, 300.0]])
    table = duties(staff, recruits, hours, np.full(2, 0.8), np.ones(2), [2021])
    of = table.set_index(["stage", "duty"])
    assert of.index.get_level_values("stage").drop_duplicates().tolist() == [
        "primary",
        "junior",
        "both",
    ]
    assert of.loc[("junior", "training_hours"), ["mean", "p_met", "target"]].tolist() == [
        330,
        0.5,
        360,
    ]
    assert of.loc[("primary", "certificate"), "p_met"] == 1
    assert of.loc[("junior", "certificate"), "mean"] == pytest.approx(0.8 + 0.2 * 0.1)
    assert of.loc[("both", "certificate"), "mean"] == pytest.approx((10 + 0.8 * 5 + 0.1) / 15)
    assert of.loc[("both", "certificate"), "p_met"] == 0


def test_a_run_has_its_duties():
    """Two teachers, 100 hours a year for both: 50 each, in place of 72 before."""
    made = simulate(
        scenario(
            years="2021-2022", judged_year=2022, duties={"training_capacity_hours": {2021: 100}}
        ),
        county=county([School("甲", "primary", (20,) * 6)], [Teacher("甲", "1990-01")] * 2),
        replications=2,
    )
    hours = made.duties[made.duties["duty"] == "training_hours"]
    assert hours["stage"].unique().tolist() == ["primary"]
    assert hours["year"].tolist() == [2020, 2021, 2022]
    assert hours["mean"].tolist() == pytest.approx([360, 338, 316])
    assert hours["p_met"].tolist() == [1, 0, 0]
