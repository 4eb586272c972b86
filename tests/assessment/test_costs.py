"""Yearly costs, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tests.counties import School, Teacher, county, scenario
from workforce_sim.assessment import simulate
from workforce_sim.assessment.costs import ITEMS, amounts, costs, senior_shares
from workforce_sim.simulation.ledger import AGE_BANDS, COUNTS, FLOW, Ledger

COUNTY = county(
    [School("甲", "primary", (20,) * 6), School("乙", "junior", (20,) * 3)],
    [
        Teacher("甲", "1978-01", senior=True),  # 42, on the roster of 2020-12
        Teacher("甲", "1977-01"),  # 43
        Teacher("甲", "1990-12"),  # 30 in this month
        Teacher("甲", "1970-01", sex="female", senior=True),
        Teacher("乙", "1978-01"),
    ],
)
RULES = scenario(
    years="2021-2022",
    judged_year=2022,
    facilities={
        "investments": [
            {"date": "2021-03-01", "item": "rooms_m2", "amount": 10, "cost": 7},
            {"date": "2022-03-01", "item": "rooms_m2", "amount": 10, "cost": 5},
            {"date": "2022-05-01", "item": "multimedia_rooms", "amount": 1, "cost": 6},
        ]
    },
    costs={
        "pay": {"senior": 10, "other": 8, "recruit": 6},
        "backbone_allowance": 0.5,
        "rotation_allowance": 0.25,
        "retraining": 2,
        "training_per_hour": 0.01,
        "price_year": 2020,
    },
)


def at(year: int, sex: int = 0) -> tuple[int, int, int]:
    """Return stage, sex and band of primary staff from that age on."""
    return 0, sex, AGE_BANDS.index(year)


def test_senior_titles_are_those_of_the_roster_by_age_and_sex():
    shares = senior_shares(COUNTY)
    assert shares[at(30)] == 0
    assert shares[at(40)] == 0.5
    assert shares[1, 0].max() == 0  # of the other stage nobody
    # Nobody is older: as in the youngest band below that has somebody.
    assert shares[0, 0, AGE_BANDS.index(45) :].tolist() == [0.5] * 4
    assert shares[0, 1].tolist() == [0] * 6 + [1] * 3


def test_each_item_is_what_was_done_times_its_price():
    ledger = Ledger.blank(2, 1, 2)
    ledger.ages[0, 0][at(40)] = 4  # half of them senior
    ledger.ages[0, 0][at(25)] = 3
    ledger.ages[1, 0][at(40)] = 2
    ledger.census[0, 0, :, COUNTS.index("backbone")] = [2, 1]
    ledger.rotation[0, 0] = [9, 4, 1]
    ledger.flows[0, 0, 0, 0, FLOW["retrained"]] = 2
    ledger.flows[0, 1, 0, 1, FLOW["retrained"]] = 1
    recruits = {"hired_general": np.array([[2], [5]]), "hired_arts_pe": np.array([[1], [0]])}
    hours = np.array([[72.0], [10.0]])
    found = amounts(RULES, COUNTY, ledger, recruits, hours, np.array([1.5]))[:, :, 0]
    first, second = (dict(zip(ITEMS, found[:, year].tolist(), strict=True)) for year in (0, 1))
    assert first == pytest.approx(
        {
            "pay_senior": 1.5 * 10 * 2,
            "pay_other": 1.5 * 8 * (7 - 2 - 3),
            "pay_recruits_general": 1.5 * 6 * 2,
            "pay_recruits_arts_pe": 1.5 * 6 * 1,
            "backbone_allowance": 0.5 * 3,
            "rotation_allowance": 0.25 * 4,
            "retraining": 2 * 3,
            "training": 0.01 * 72 * 7,
            "investments": 7,
            "total": 30 + 24 + 18 + 9 + 1.5 + 1 + 6 + 5.04 + 7,
        }
    )
    assert second["pay_other"] == 0  # more recruits than there are others
    assert second["investments"] == 11
    table = costs(np.repeat(found[:, :, None], 2, axis=2) * [1, 3], RULES, [2021, 2022])
    assert table["item"].tolist() == [*ITEMS] * 2
    assert table["year"].tolist() == [2021] * 10 + [2022] * 10
    assert table["mean"].tolist()[9] == pytest.approx(2 * 101.54)
    assert table["sd"].tolist()[9] == pytest.approx(2**0.5 * 101.54)
    assert table["mean"].tolist()[18] == 22
    assert set(table["currency"]) == {"万元"} and set(table["price_year"]) == {2020}


def test_a_run_has_its_costs():
    """Nobody leaves or joins: five are paid, two of them as seniors, and trained 72 hours."""
    rules = RULES.model_copy(
        update={"facilities": RULES.facilities.model_copy(update={"investments": ()})}
    )
    made = simulate(rules, county=COUNTY, replications=2)
    of = made.costs.set_index(["year", "item"])["mean"]
    assert of[(2021, "pay_senior")] == pytest.approx(10 * (0.5 * 2 + 1))
    assert of[(2021, "pay_other")] == pytest.approx(8 * 3)
    assert of[(2021, "training")] == pytest.approx(0.01 * 72 * 5)
    assert of[(2021, "total")] == pytest.approx(20 + 24 + 3.6)
