"""Conditions, events and goals: what they are written like, and what they say."""

from __future__ import annotations

import numpy as np
import pytest

from tests.counties import School, Teacher, county, scenario
from workforce_sim.assessment.judgement import Judgement
from workforce_sim.decision.outcome import (
    Condition,
    Event,
    parse_condition,
    parse_event,
    parse_goal,
)
from workforce_sim.scenario import InputError
from workforce_sim.simulation.ledger import BACKBONE, COUNTS, QUALIFIED, SPECIALISTS

SCHOOLS = [
    School("甲", "primary", (100,)),
    School("乙 二", "primary", (100,)),
    School("丙", "junior", (100,)),
]


@pytest.fixture(scope="module")
def judged():
    """Two replications of one year: thresholds a 1,000 pupils are 42 (53), 10 and 9."""
    census = np.zeros((1, 2, 3, len(COUNTS)), np.int16)
    for replication, schools in enumerate(
        [[(42, 10, 9), (50, 12, 8), (53, 10, 9)], [(42, 10, 9), (42, 30, 5), (53, 10, 9)]]
    ):
        for row, numbers in enumerate(schools):
            census[0, replication, row, [QUALIFIED, BACKBONE, SPECIALISTS]] = numbers
    case = county(SCHOOLS, [Teacher("甲", "1980-01")])
    pupils = np.full((1, 2, 3), 1000, np.int32)
    return Judgement.of(scenario(years="2021-2021"), case.schools, census, pupils)


@pytest.mark.parametrize(
    ("text", "holds", "value"),
    [
        ("L1 primary", [True, True], [4.6, 4.2]),
        ("L3 primary", [False, False], [0.85, 0.7]),
        ("L3 小学", [False, False], [0.85, 0.7]),
        ("L3 junior", [True, True], [0.9, 0.9]),
        ("L3", [False, False], None),
        ("L2", [True, True], None),
        ("L2 both", [True, True], [32 / 30, 50 / 30]),
        ("CV L2 primary", [True, True], [1 / 11, 0.5]),
        ("cv l3 primary", [True, True], [0.5 / 8.5, 2 / 7]),
        ("CV", [True, True], None),
        ("schools L3 primary", [False, False], [0.5, 0.5]),
        ("schools L3", [False, False], [2 / 3, 2 / 3]),
        ("schools", [True, False], [1, 2 / 3]),  # 8 of 9 is within 85%, 5 of 9 is not
        ("schools junior", [True, True], [1, 1]),
        ("school 乙 二 L3", [False, False], [0.8, 0.5]),
        ("school 乙 二", [True, False], None),
        ("county", [True, False], None),
        ("全县", [True, False], None),
    ],
)
def test_what_conditions_say(judged, text, holds, value):
    condition = parse_condition(text)
    assert condition.holds(judged, 0).tolist() == holds
    found = condition.value(judged, 0)
    assert (found is None) == (value is None)
    if value is not None:
        assert found.tolist() == pytest.approx(value)


def test_events_hold_together_and_have_a_year(judged):
    event = parse_event("L1 and schools, 2021", 2025)
    assert event == Event((Condition("ratio", "L1"), Condition("schools")), 2021)
    assert event.holds(judged).tolist() == [True, False]
    assert parse_event("L1 且 学校", 2021) == event
    assert parse_event("L1 primary", 2025).year == 2025
    assert parse_event(str(event), 1999) == event


@pytest.mark.parametrize(
    "text", ["P(L3 primary, 2025) >= 0.95", "p(L3 primary，2025年)≥95%".upper()]
)
def test_goals(text):
    goal = parse_goal(text, 2021)
    assert str(goal) == "P(L3 primary, 2025) >= 0.95"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("L3 >= 0.9", "expected a goal such as"),
        ("P(L3) >= 1.2", "1.2 is no probability"),
        ("P(L3) >= 120%", "120% is no probability"),
        ("P(L3) >= 0.9.5", "0.9.5 is no probability"),
        ("P() >= 0.9", "'' is no condition"),
        ("P(L9 primary) >= 0.9", "'L9 primary' is no condition"),
        ("P(L3 senior) >= 0.9", "'L3 senior' is no condition"),
        ("P(CV L2 both) >= 0.9", "no condition"),
        ("P(primary) >= 0.9", "no condition"),
        ("P(school L1) >= 0.9", "no condition"),
    ],
)
def test_goals_that_are_none(text, message):
    with pytest.raises(InputError, match=message):
        parse_goal(text, 2025)


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(InputError) as wrong:
        parse_goal("P(L9 and what, 2025) >= 0.9", 2025)
    assert len(wrong.value.problems) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("L3, 2030", "2030 is not simulated; the years are 2021"),
        ("L1 both, 2021", "another threshold in each stage"),
        ("school 乙 L1, 2021", "there is no school '乙'"),
    ],
)
def test_what_this_county_does_not_have(judged, text, message):
    with pytest.raises(InputError, match=message):
        parse_event(text, 2021).check(judged)
