"""What a rule does at its edges."""

import pickle

import numpy as np
import pytest

from tests.counties import School, Teacher, county, scenario
from workforce_sim.scenario import InputError
from workforce_sim.simulation.block import set_up, simulate_block, start_rules
from workforce_sim.simulation.policies.exits import exit_month, hazards
from workforce_sim.simulation.pool import NEVER

SCHOOL = [School("甲", "primary", (50,) * 6)]


def test_a_recruit_who_would_leave_in_the_month_of_retirement_retires():
    """Of 10,000 women hired at 50, who can stay to 56, some fifty draw that very month."""
    rules = scenario(
        years="2021-2030",
        judged_year=2030,
        exits={"all": {"cause": "resign", "share_per_year": 0.2}},
        replacement={"joins": 0, "stated_posts": {2021: 200}},
        recruits={"youngest_age": 50, "oldest_age": 50, "women_share": 1.0},
    )
    world = set_up(rules, county(SCHOOL, [Teacher("甲", "1990-01")]), 1, range(50))
    start_rules(world)
    world.calendar.run()
    people = world.pool.people
    hired = np.s_[:, 1:201]
    retires = people.leave[hired] == people.legal[hired]
    assert 1500 < retires.sum() < 4000
    assert (people.cause[hired][retires] == 0).all()
    assert (people.cause[hired][~retires] == 1).all()


@pytest.mark.parametrize(
    ("grade", "pupils", "rule", "message"),
    [
        (0, 1_000_001, {"level": 10.0}, "10,000,010 pupils in grade 1 of 2021"),
        (1, 1_000_001, {"survival": {2: 10.0}}, "10,000,010 pupils in grade 3 of 2021"),
        (1, 10_000_001, {}, "10,000,001 pupils in grade 3 of 2021"),
    ],
)
def test_more_pupils_than_any_county_has_are_refused(grade, pupils, rule, message):
    rules = scenario(years="2021-2021", judged_year=2021, enrolment=rule)
    school = School("甲", "primary", tuple(pupils * (grade == g) for g in range(6)))
    with pytest.raises(InputError) as refused:
        simulate_block(rules, county([school], [Teacher("甲", "1990-01")]), 1, range(2))
    (problem,) = refused.value.problems
    assert problem.message == f"{message}; no county has ten million"
    # SimPy and pickle make an exception again from its arguments: once each letter was a problem.
    again = pickle.loads(pickle.dumps(refused.value))
    assert again.problems == refused.value.problems
    assert str(again) == str(problem)


@pytest.mark.parametrize(
    ("fill", "message"),
    [
        (1.0, "30,001 teachers at one school (2023)"),
        (0.0, "40,000 posts in one year (2024)"),
    ],
)
def test_more_posts_and_teachers_than_any_county_has_are_refused(fill, message):
    """10,000 posts a year, filled at the one school, or carried on."""
    posts = {"stated_posts": dict.fromkeys(range(2021, 2026), 10_000), "unfilled": "carried"}
    rates = dict.fromkeys(("county_seat", "town", "village"), fill)
    rules = scenario(replacement=posts, filling={"general": rates})
    with pytest.raises(InputError) as refused:
        simulate_block(rules, county(SCHOOL, [Teacher("甲", "1990-01")]), 1, range(1))
    (problem,) = refused.value.problems
    assert problem.where == "replacement"
    assert problem.message == f"{message}; no county has 30,000"


def test_exits_are_drawn_in_the_types_of_the_pool():
    """Within a year of a share of 0.9 nearly all of 100 leave, by the second cause."""
    rules = scenario(exits={"all": {"cause": "transfer_out", "share_per_year": 0.9}})
    world = set_up(rules, county(SCHOOL, [Teacher("甲", "1990-01")]), 1, range(2))
    start = world.pool.first_month
    person, birth = np.arange(100, dtype=np.uint32), np.full(100, start - 480, np.int16)
    stage = np.zeros(100, np.int8)
    month, cause = exit_month(world, hazards(world), person, birth, stage, start)
    assert (month.shape, month.dtype) == ((2, 100), np.int16)
    assert (cause.shape, cause.dtype) == ((2, 100), np.int8)
    assert (month < start + 12).mean() > 0.8
    assert set(cause[month < start + 12]) == {2}


def test_who_leaves_in_the_month_after_the_run_has_not_left():
    """Of 10,000 with one month to go; the old, who leave much more, are not among them."""
    young = {"cause": "resign", "share_per_year": 0.1, "ages": (20, 40)}
    old = young | {"share_per_year": 0.9, "ages": (40, 60)}
    rules = scenario(exits={"young": young, "old": old})
    world = set_up(rules, county(SCHOOL, [Teacher("甲", "1990-01")]), 1, range(1))
    last = world.pool.first_month + len(world.pool.agenda) - 1
    person, birth = np.arange(10_000, dtype=np.uint32), np.full(10_000, last - 360, np.int16)
    stage = np.zeros(10_000, np.int8)
    month, cause = exit_month(world, hazards(world), person, birth, stage, last)
    assert set(month[0]) == {last, NEVER}
    assert (cause == (month == last)).all()
