"""Training and certificates, computed by hand."""

import numpy as np
import pytest

from tests.counties import School, Teacher, county, scenario
from workforce_sim.assessment import simulate
from workforce_sim.assessment.duties import certified, drawn, duties, hired_by_census, training
from workforce_sim.assessment.stages import by_stage
from workforce_sim.scenario.assumptions import numbers, quantities
from workforce_sim.scenario.checks import check
from workforce_sim.scenario.quantity import sample
from workforce_sim.simulation.draws import Draws
from workforce_sim.simulation.ledger import FLOW, STAFF, Ledger

DRAWS = Draws(5, range(2))
ONE = Draws(5, range(1))
COURSES = {
    "training_hours_per_teacher": 30,
    "training_window_years": 3,
    "training_places_per_year": 2,
    "training_hours_per_place": 15,
    "training_before_start_share": 0.5,
}


def column(*values):
    """Return one replication of years: (Y, 1)."""
    return np.array(values)[:, None]


def test_a_running_ledger_of_hours_a_head():
    """Of 10 hours due a year 5 were given before; 30 teacher-hours a year are offered now.

    Year by year, with those of the two years before: 5 + 5 + 30 / 3; 5 + 10 + 30 / 4; then one
    teacher lacks 12.5 hours and gets them; three get the 10 that fall due; nobody is there; and
    four get 7.5 of the 10 that they lack.
    """
    rules = scenario(years="2021-2026", judged_year=2026, duties=COURSES)
    hours, reached = training(rules, column(3, 4, 1, 3, 0, 4), ONE)
    assert hours[:, 0].tolist() == [10, 7.5, 12.5, 10, 7.5, 7.5]
    assert (30 * reached)[:, 0].tolist() == pytest.approx([20, 22.5, 30, 30, 30, 25])


def test_places_by_year_and_without_limit():
    by_year = COURSES | {"training_places_per_year": {2021: 0, "later": 4}}
    rules = scenario(years="2021-2022", judged_year=2022, duties=by_year)
    assert training(rules, column(3, 3), ONE)[0][:, 0].tolist() == [0, 20]
    # The window is then 5 + 0 + 20. Without a limit all that is lacking is made up at once.
    free = COURSES | {"training_places_per_year": None}
    rules = scenario(years="2021-2022", judged_year=2022, duties=free)
    hours, reached = training(rules, column(3, 3), ONE)
    assert hours[:, 0].tolist() == [20, 5]
    assert reached[:, 0].tolist() == [1, 1]


def test_a_window_of_one_year_has_no_past():
    rules = scenario(
        years="2021-2022", judged_year=2022, duties=COURSES | {"training_window_years": 1}
    )
    hours, reached = training(rules, column(1, 3), ONE)
    assert hours[:, 0].tolist() == [30, 10]
    assert reached[:, 0].tolist() == [1, pytest.approx(1 / 3)]


def test_by_the_law_all_is_done_where_nothing_else_is_said():
    rules = scenario(years="2021-2022", judged_year=2022)
    hours, reached = training(rules, column(3, 3), ONE)
    assert hours.tolist() == [[72], [72]]
    assert reached.tolist() == [[1], [1]]


def test_recruits_bring_their_certificates():
    """Nine of ten have one: of 10 staff, then of 8 and two recruits; at last all are recruits."""
    rules = scenario(duties={"certified_share": 0.9, "recruits_certified_share": 0.8})
    share = certified(rules, column(10, 10, 2, 0), column(0, 2, 1, 0), ONE)[:, 0]
    assert share.tolist() == pytest.approx([0.9, (7.2 + 1.6) / 10, 0.8, np.nan], nan_ok=True)


def test_whoever_is_hired_after_the_census_is_counted_at_the_next_one():
    ledger = Ledger.blank(years=2, replications=1, schools=2)
    ledger.flows[0, 0, 0, 0, FLOW["hired_general"]] = 30000
    ledger.flows[0, 0, 0, 0, FLOW["hired_arts_pe"]] = 30000
    ledger.flows[0, 1, 0, 1, FLOW["hired_general"]] = 2
    ledger.flows[1, 0, 0, 1, FLOW["hired_arts_pe"]] = 4
    ledger.flows[1, 1, 0, 1, FLOW["hired_arts_pe"]] = 8
    flows = by_stage(ledger.flows, np.array([0, 1]), axis=3)
    assert hired_by_census(flows).tolist() == [
        [[60000, 0]],
        [[0, 6]],
    ]


def test_the_table_of_two_stages():
    """Junior recruits lack certificates, and half of the county's places are missing once."""
    ledger = Ledger.blank(years=2, replications=2, schools=3)
    ledger.census[..., STAFF] = [[[1, 2, 1], [1, 2, 1]], [[1, 1, 0], [1, 2, 1]]]
    ledger.flows[1, 0, 1, 1, FLOW["hired_general"]] = 1
    rules = scenario(
        years="2021-2022",
        judged_year=2022,
        duties={
            "training_window_years": 1,
            "training_hours_per_teacher": 60,
            "training_hours_per_place": 60,
            "training_places_per_year": {2021: 4, 2022: 2},
            "recruits_certified_share": 0.5,
        },
    )
    table = duties(rules, ledger, np.array([1, 1, 0], np.int8), DRAWS)
    assert table.columns.tolist() == [
        *("year", "stage", "duty", "target", "mean", "sd", "q05", "q25", "q50", "q75", "q95"),
        *("p_met", "p_met_se", "p_met_low", "p_met_high"),
    ]
    assert table[["year", "stage", "duty", "mean", "p_met"]].to_numpy().tolist() == [
        [2021, "both", "training", 1, 1],
        [2021, "primary", "certificates", 1, 1],
        [2021, "junior", "certificates", 1, 1],
        [2021, "both", "certificates", 1, 1],
        [2022, "both", "training", 0.75, 0.5],  # 2 of 2, and 2 of 4
        [2022, "primary", "certificates", 1, 1],  # nobody in the first replication
        [2022, "junior", "certificates", pytest.approx((1 + 2.5 / 3) / 2), 0.5],
        [2022, "both", "certificates", pytest.approx((1 + 3.5 / 4) / 2), 0.5],
    ]
    assert (table["target"] == 1).all()


def test_the_table_of_one_stage_and_of_a_run():
    of_one = county([School("甲", "primary", (19,) * 6)], [Teacher("甲", "1990-01")])
    made = simulate(scenario(years="2021-2022", judged_year=2022), county=of_one, replications=2)
    assert made.duties[["year", "stage", "duty", "p_met"]].to_numpy().tolist() == [
        [year, "primary", duty, 1] for year in (2021, 2022) for duty in ("training", "certificates")
    ]


def test_what_no_rule_reads_is_no_factor_of_the_simulation():
    """It is drawn from its own streams, and neither a sensitivity study nor seek sets it."""
    half = {"dist": "uniform", "low": 0.0, "high": 0.5}
    rules = scenario(duties={"certified_share": half}, costs={"pay_other": half})
    for known in (quantities(rules), numbers(rules)):
        assert not [path for path in known if path.startswith(("duties", "costs"))]
    level = DRAWS.once("assumption duties.certified_share")
    found = drawn(rules.duties, "duties", DRAWS)
    assert found["certified_share"].tolist() == (0.5 * level).tolist()
    assert found["recruits_certified_share"].tolist() == sample(1.0, level).tolist() == [1, 1]
    assert set(found) == {
        *("training_before_start_share", "certified_share", "recruits_certified_share")
    }


def test_a_year_without_places_is_told():
    (problem,) = check(scenario(duties={"training_places_per_year": {2021: 4, 2024: 4}}))
    assert problem.where == "duties.training_places_per_year"
    assert problem.message == "has no number for 2022-2023, 2025; add it, or `later: N`"
