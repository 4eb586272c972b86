"""What a rule does at its edges."""

import pickle

import numpy as np
import pytest

from tests.counties import School, Teacher, county, scenario
from workforce_sim.scenario import InputError
from workforce_sim.simulation.block import set_up, simulate_block, start_rules

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
    ("grade", "section", "message"),
    [
        (0, {"enrolment": {"level": 10.0}}, "10,000,010 pupils in grade 1 of 2021"),
        (1, {"enrolment": {"survival": {2: 10.0}}}, "10,000,010 pupils in grade 3 of 2021"),
    ],
)
def test_more_pupils_than_any_county_has_are_refused(grade, section, message):
    rules = scenario(years="2021-2021", judged_year=2021, **section)
    school = School("甲", "primary", tuple(1_000_001 * (grade == g) for g in range(6)))
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
