"""Yearly costs, computed by hand."""

from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from tests.counties import School, Teacher, county, scenario
from workforce_sim.assessment import county_of
from workforce_sim.assessment.costs import ITEMS, costs, senior_shares, yearly_costs
from workforce_sim.scenario import load_scenario
from workforce_sim.simulation.block import set_up
from workforce_sim.simulation.draws import Draws
from workforce_sim.simulation.ledger import AGE_BANDS, BACKBONE, FLOW, STAFF, Ledger

ROOT = Path(__file__).parents[2]
DRAWS = Draws(5, range(2))
# At the end of 2020: of two women of 40 to 44 in the primary school one has a senior title; of the
# junior men the one of 57 has, the one of 34 has not.
COUNTY = county(
    [
        School("甲", "primary", (100,)),
        School("乙", "junior", (100,)),
        School("丙", "primary", (1,)),
    ],
    [
        Teacher("甲", "1978-03", sex="female", senior=True),
        Teacher("丙", "1976-01", sex="female"),
        Teacher("乙", "1963-06", senior=True),
        Teacher("乙", "1986-01"),
    ],
)


def test_seniors_by_stage_sex_and_age():
    share = senior_shares(COUNTY)
    assert share.shape == (2, 2, len(AGE_BANDS))
    assert share[0, 0].tolist() == [0] * 9
    assert share[0, 1].tolist() == [0] * 4 + [0.5] * 5  # older bands are empty: as the younger one
    assert share[1, 0].tolist() == [0] * 7 + [1] * 2
    assert share[1, 1].tolist() == [0] * 9


def test_at_the_baseline_the_seniors_are_those_of_the_roster():
    rules = load_scenario(ROOT / "configs" / "yangcheng" / "scenario.yaml")
    yangcheng = county_of(rules)
    ages = np.zeros((1, 2, 2, len(AGE_BANDS)), np.int16)
    set_up(rules, yangcheng, 1, range(1)).pool.ages(yangcheng.census, ages)
    estimate = (ages[0] * senior_shares(yangcheng)).sum(axis=(1, 2))
    counted = np.bincount(yangcheng.staff_stage[yangcheng.roster.senior_title])
    assert estimate == pytest.approx(counted)


PRICES = {
    "pay_senior": 12.0,
    "pay_other": 8.0,
    "pay_recruit": 6.0,
    "backbone_allowance": 0.3,
    "rotation_allowance": 0.5,
    "training_hour": 0.01,
    "retraining": 2.0,
    "other": {2022: 7.0, 2030: 1000.0},
}
RULES = scenario(
    years="2021-2022",
    judged_year=2022,
    arts_pe={"retraining_per_year": 3},
    duties={"training_hours_per_place": 10, "training_places_per_year": 8},
    facilities={
        "investments": [
            {"date": "2022-03-01", "item": "sports_m2", "amount": 5, "cost": cost}
            for cost in (20.0, 1.5)
        ]
    },
    costs=PRICES,
)


@pytest.fixture
def ledger():
    """Ten women of 40 to 44 in 甲, half of them senior; in 2022 also two recruits at 乙."""
    made = Ledger.blank(years=2, replications=2, schools=3)
    made.census[:, :, 0, STAFF] = 10
    made.ages[:, :, 0, 1, 4] = 10
    made.census[1, :, 1, STAFF] = 2
    made.ages[1, :, 1, 0, 0] = 2
    made.flows[0, 1, :, 1, FLOW["hired_general"]] = 1
    made.flows[1, 0, :, 1, FLOW["hired_arts_pe"]] = 1
    made.census[1, 1, 0, BACKBONE] = 4
    made.rotation[0, 1] = 9, 2, 1
    # PE: four teach it, two of them trained, one of these in this year
    made.census[0, :, 0, 3], made.census[0, :, 0, 6] = 4, 2
    made.flows[0, 0, 0, 0, FLOW["retrained"]] = 1
    made.census[1, :, 0, 3], made.census[1, :, 0, 6] = 9, 1
    return made


def test_each_item_of_each_year_and_replication(ledger):
    found = yearly_costs(RULES, COUNTY, ledger, DRAWS)
    assert {item: spent.tolist() for item, spent in found.items()} == {
        "pay_senior": [[60, 60], [60, 60]],
        "pay_other": [[40, 40], [40, 40]],
        # one hired after the census of 2021, and one before that of 2022
        "pay_recruits": [[0, 0], [12, 12]],
        "backbone": [[0, 0], [0, pytest.approx(1.2)]],
        "rotation": [[0, 1], [0, 0]],
        "training": [[pytest.approx(0.8)] * 2] * 2,  # 80 teacher-hours
        "retraining": [[6, 4], [6, 6]],  # the places; two untrained, of whom one qualified; places
        "investments": [[0, 0], [21.5, 21.5]],
        "other": [[0, 0], [7, 7]],
        "total": [
            [pytest.approx(60 + 40 + 0.8 + 6), pytest.approx(60 + 40 + 1 + 0.8 + 4)],
            [
                pytest.approx(60 + 40 + 12 + 0.8 + 6 + 21.5 + 7),
                pytest.approx(60 + 40 + 12 + 1.2 + 0.8 + 6 + 21.5 + 7),
            ],
        ],
    }
    assert tuple(found) == ITEMS


def test_the_table(ledger):
    table = costs(RULES, COUNTY, ledger, DRAWS)
    assert table.columns.tolist() == [
        *("year", "item", "mean", "sd", "q05", "q25", "q50", "q75", "q95")
    ]
    assert table[["year", "item"]].to_numpy().tolist() == [
        [year, item] for year in (2021, 2022) for item in ITEMS
    ]
    total = table[table["item"] == "total"]
    assert total["mean"].tolist() == pytest.approx([106.3, 147.9])
    assert total["q50"].tolist() == pytest.approx([106.3, 147.9])


def test_what_has_no_price_is_not_counted(ledger):
    nothing = costs(scenario(years="2021-2022", judged_year=2022), COUNTY, ledger, DRAWS)
    assert len(nothing) == 0
    assert nothing.columns.tolist() == costs(RULES, COUNTY, ledger, DRAWS).columns.tolist()
    only = scenario(years="2021-2022", judged_year=2022, costs={"pay_recruit": 6.0})
    found = yearly_costs(only, COUNTY, ledger, DRAWS)
    assert list(found) == ["pay_recruits", "total"]


def test_a_price_that_is_not_sure_is_drawn_once_a_replication(ledger):
    unsure = scenario(
        years="2021-2022",
        judged_year=2022,
        costs={"pay_senior": {"dist": "uniform", "low": 10.0, "high": 14.0}},
    )
    price = 10 + 4 * DRAWS.once("assumption costs.pay_senior")
    found = yearly_costs(unsure, COUNTY, ledger, DRAWS)["pay_senior"]
    np.testing.assert_allclose(found, 5 * np.array([price, price]))
    assert price[0] != price[1]


def test_more_recruits_than_staff_are_no_debt(ledger):
    """All of a census were hired since the one before, and some of them have left again."""
    ledger.flows[1, 0, :, 1, FLOW["hired_general"]] = 40
    found = yearly_costs(RULES, COUNTY, ledger, DRAWS)
    assert found["pay_recruits"][1].tolist() == [42, 42]
    assert found["pay_other"][1].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ({"pay_other": -1.0}, "an amount, 0 or more"),
        ({"pay_other": {"dist": "normal", "mean": 8, "sd": 1}}, "an amount, 0 or more; give"),
        ({"other": {2021: -5.0}}, "greater than or equal to 0"),
    ],
)
def test_prices_are_not_negative(section, message):
    with pytest.raises(ValidationError, match=message):
        scenario(costs=section)


def test_the_plan_s_money_is_all_there():
    """The sums that the plan names by year; those of 2023 it adds up itself, to 1,260."""
    rules = load_scenario(ROOT / "configs" / "yangcheng" / "scenario.yaml")
    spent = dict(rules.costs.other)
    for row in rules.facilities.investments:
        spent[row.date.year] += row.cost
    assert spent == {
        2021: 607 + 280 + 160,
        2022: 630 + 130 + 50 + 280 + 160,
        2023: 1260,
        2024: 800 + 125 + 160,
        2025: 830 + 125 + 160,
    }
