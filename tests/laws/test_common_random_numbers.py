"""The same teacher meets the same fate under every policy that does not concern them."""

import numpy as np
import pytest

from tests.counties import School, Teacher, county, scenario
from workforce_sim.simulation.block import set_up, simulate_block

SCHOOLS = [
    School("甲", "primary", (30,) * 6),
    School("乙", "primary", (12,) * 6, area="village"),
    School("丙", "junior", (40,) * 3),
]
TEACHERS = [
    Teacher(
        "甲乙丙"[n % 3],
        f"{1961 + n % 35}-{1 + n % 12:02}",
        sex="male" if n % 2 else "female",
        subject="pe" if n % 7 == 0 else "other",
        degree=1 + n % 2,
        senior=n % 5 == 0,
    )
    for n in range(60)
]
COUNTY = county(SCHOOLS, TEACHERS)
BASE = {
    "years": "2021-2025",
    "exits": {"all": {"cause": "resign", "share_per_year": 0.05}},
    "replacement": {"joins": 1},
    "arts_pe": {"recruits_per_year": 2, "retraining_per_year": 1},
    "filling": {
        kind: {"county_seat": 0.8, "town": 0.8, "village": 0.8} for kind in ("general", "arts_pe")
    },
    "backbone": {"places": 3, "term_years": 3, "renewed_share": 0.5},
    "rotation": {"share": 0.2},
    "degrees": {"young": {"ages": [0, 45], "share_per_year": 0.2}},
    "retirement": {"early_share": 0.3, "late_share": 0.1, "senior_women_at_55_share": 0.5},
}


def ledger(changes=None, case=COUNTY, replications=range(20)):
    return simulate_block(scenario(**{**BASE, **(changes or {})}), case, 2021, replications)


def same_until(one, other, years):
    """Whether two ledgers are equal to the byte in their first ``years`` years."""
    return (
        one.census[:years].tobytes() == other.census[:years].tobytes()
        and one.flows[:years].tobytes() == other.flows[:years].tobytes()
        and one.pupils[:years].tobytes() == other.pupils[:years].tobytes()
    )


@pytest.mark.parametrize(
    "change",
    [
        {
            "arts_pe": {
                "recruits_per_year": {2021: 2, 2022: 2, "later": 9},
                "retraining_per_year": 1,
            }
        },
        {"backbone": {**BASE["backbone"], "places": {2021: 3, 2022: 3, "later": 8}}},
        {"replacement": {"joins": 1, "stated_posts": {2023: 9}}},
        {"network": [{"date": "2023-08-01", "close": ["乙"], "into": ["甲"]}]},
        {
            "network": [
                {
                    "date": "2023-03-01",
                    "open": {
                        "name": "丁",
                        "stage": "primary",
                        "area": "town",
                        "pupils_from": {"甲": 0.5},
                    },
                }
            ]
        },
    ],
    ids=["recruits", "places", "posts", "closure", "opening"],
)
def test_variants_are_equal_before_the_first_date_on_which_they_differ(change):
    base, variant = ledger(), ledger(change)
    schools = base.census.shape[2]
    assert base.census[:2].tobytes() == variant.census[:2, :, :schools].tobytes()
    assert base.flows[:2].tobytes() == variant.flows[:2, :, :, :schools].tobytes()
    assert not np.array_equal(base.census[2:], variant.census[2:, :, :schools])


def test_an_added_person_changes_nobody_elses_exit():
    added = county(SCHOOLS, [*TEACHERS, Teacher("甲", "1975-05")])
    before, after = (
        set_up(scenario(**BASE), case, 2021, range(20)).pool.people for case in (COUNTY, added)
    )
    for name in ("leave", "cause", "legal"):
        assert np.array_equal(
            getattr(before, name)[:, : len(TEACHERS)], getattr(after, name)[:, : len(TEACHERS)]
        )


def test_a_rule_that_does_nothing_changes_nothing():
    idle = {"exits": {**BASE["exits"], "idle": {"cause": "death", "share_per_year": 0.0}}}
    assert same_until(ledger(), ledger(idle), 5)
    unused = {"degrees": {**BASE["degrees"], "old": {"ages": [90, 99], "share_per_year": 0.5}}}
    assert same_until(ledger(), ledger(unused), 5)


def test_a_number_turned_into_a_distribution_moves_no_other_stream():
    """Uncertain enrolment changes the pupils; who leaves, and when, stays the same."""
    uncertain = {"enrolment": {"level": {"dist": "uniform", "low": 0.8, "high": 1.2}}}
    certain, sampled = ledger(), ledger(uncertain)
    assert not np.array_equal(certain.pupils, sampled.pupils)
    by_cause = certain.leavers[:9], sampled.leavers[:9]  # until the first hiring that pupils steer
    assert by_cause[0].tobytes() == by_cause[1].tobytes()
    narrow = {
        "arts_pe": {
            **BASE["arts_pe"],
            "retraining_success_share": {
                "dist": "uniform",
                "low": 0.7999999999,
                "high": 0.8000000001,
            },
        }
    }
    assert same_until(ledger(), ledger(narrow), 5)


def test_more_recruits_keep_the_recruits_there_were():
    """The first two posts of a year bring the same people, whatever follows them."""

    def hired(posts):
        changed = {"arts_pe": {**BASE["arts_pe"], "recruits_per_year": posts}}
        world = set_up(scenario(**{**BASE, **changed}), COUNTY, 2021, range(5))
        from workforce_sim.simulation.block import start_rules

        start_rules(world)
        world.calendar.run()
        people = world.pool.people
        return [
            {
                int(p): (int(b), int(leave), int(subject))
                for p, b, leave, subject in zip(
                    people.person,
                    people.birth[r],
                    people.leave[r],
                    people.subject[r],
                    strict=True,
                )
                if p >= 2**31
            }
            for r in range(5)
        ]

    for few, many in zip(hired(2), hired(5), strict=True):
        shared = few.keys() & many.keys()
        assert {p: few[p][0] for p in shared} == {p: many[p][0] for p in shared}
        assert len(many) > len(few)
