"""Chance switched off: a county small enough to compute by hand, for five years.

Three schools, thirteen men. Staff norm 19 pupils a primary teacher, 13.5 a junior teacher.

Pupils. 东小 16 and 西小 32 a grade, and 48 entrants each year, which they share 1 : 2: both stay as
they are, 96 and 192. The 48 who leave primary school enter 中学, where a grade had 40:
128, 136, 144, 144, 144.

Retirements (men 60; born 1965-01: 60 and one month).
    东小  born 1961-03 -> 2021-03      born 1962-05 -> 2022-05
    西小  born 1961-11 -> 2021-11      born 1963-06 -> 2023-06      born 1965-01 -> 2025-02
    中学  born 1964-04 -> 2024-04

退三增一, counted from one 20 August to the next, the remainder carried on:
    2021: 1 leaver            1 = 0 posts, 1 carried
    2022: 2 (2021-11 counts)  3 = 1 post,  0 carried
    2023: 1                   1 = 0 posts, 1 carried
    2024: 1                   2 = 0 posts, 2 carried
    2025: 1                   3 = 1 post,  0 carried
The post goes where staff / norm is least.
    2022: 东小 2/5.05 = .40, 西小 5/10.11 = .49, 中学 3/9.48 = .32 -> 中学
    2025: 东小 2/5.05 = .40, 西小 3/10.11 = .30, 中学 4/10.67 = .38 -> 西小

One recruit for PE, music or art in 2023, where specialists / (0.9 a 100 pupils) is least:
    东小 1 (retrained in 2021), 西小 1, 中学 0 -> 中学.

Staff at the census    东小  西小  中学
    2021                 3     6     3      the one who retires in November is still there
    2022                 2     5     4      a post filled
    2023                 2     4     5      a specialist came
    2024                 2     4     4
    2025                 2     4     4      西小: one retired, one came

Degrees. One at 东小 has 专科 and completes 本科 in July 2021, aged 31; one at 中学, 35, does not.

Backbone: 1, 1, 1, 2, 2 places; terms of two years without renewal; to the school with the least
backbone / (1 a 100 pupils), of equal ones to that with more pupils.
    2021: all 0 -> 西小 (192 pupils)
    2022: 东小 0, 西小 .52, 中学 0 -> 中学 (128 pupils)
    2023: 西小 lapses; 东小 0, 西小 0, 中学 .74 -> 西小
    2024: 中学 lapses; 东小 0, 西小 .52, 中学 0 -> 中学, then 东小
    2025: 西小 lapses; -> 西小; 东小 1.04, 西小 .52, 中学 .69 -> 西小 again
"""

import numpy as np
import pytest

from tests.counties import School, Teacher, county, scenario
from workforce_sim.assessment import simulate
from workforce_sim.simulation.ledger import FLOW

YEARS = [2021, 2022, 2023, 2024, 2025]
PUPILS = [[96, 192, 128], [96, 192, 136], [96, 192, 144], [96, 192, 144], [96, 192, 144]]
STAFF = [[3, 6, 3], [2, 5, 4], [2, 4, 5], [2, 4, 4], [2, 4, 4]]
QUALIFIED = [[3, 6, 2], [2, 5, 3], [2, 4, 4], [2, 4, 3], [2, 4, 3]]
BACKBONE = [[0, 1, 0], [0, 1, 1], [0, 1, 1], [1, 1, 1], [1, 2, 1]]
SPECIALISTS = [[1, 1, 0], [1, 1, 0], [1, 1, 1], [1, 1, 1], [1, 1, 1]]


@pytest.fixture  # for each test, since mutmut runs only those tests that call a function
def projection():
    schools = [
        School("东小", "primary", (16,) * 6),
        School("西小", "primary", (32,) * 6),
        School("中学", "junior", (40,) * 3),
    ]
    teachers = [
        Teacher("东小", "1961-03"),
        Teacher("东小", "1962-05"),
        Teacher("东小", "1985-02", subject="music"),
        Teacher("东小", "1990-06", degree=1),
        Teacher("西小", "1961-11"),
        Teacher("西小", "1963-06"),
        Teacher("西小", "1965-01"),
        Teacher("西小", "1980-07", subject="pe", specialist=True),
        Teacher("西小", "1988-09"),
        Teacher("西小", "1992-12"),
        Teacher("中学", "1964-04"),
        Teacher("中学", "1986-01", degree=0),
        Teacher("中学", "1991-10"),
    ]
    rules = scenario(
        replacement={"leavers": 3, "joins": 1},
        arts_pe={
            "recruits_per_year": {2023: 1, "later": 0},
            "retraining_per_year": 1,
            "retraining_success_share": 1.0,
        },
        backbone={
            "places": {2021: 1, 2022: 1, 2023: 1, "later": 2},
            "term_years": 2,
            "renewed_share": 0.0,
        },
        degrees={"young": {"ages": [0, 32], "share_per_year": 1.0}},
        enrolment={"entrants": {"table": dict.fromkeys(YEARS, 48)}},
    )
    return simulate(rules, county=county(schools, teachers), replications=3, seed=7)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (slice(0, 1), STAFF),
        (slice(1, 2), QUALIFIED),
        (slice(2, 3), BACKBONE),
        (slice(6, 9), SPECIALISTS),
    ],
    ids=["staff", "qualified", "backbone", "specialists"],
)
def test_counts_at_each_census(projection, columns, expected):
    found = projection.ledger.census[..., columns].sum(axis=-1)
    for replication in range(3):
        assert found[:, replication].tolist() == expected


def test_pupils(projection):
    assert (projection.ledger.pupils == np.array(PUPILS)[:, None]).all()


def test_posts_and_hires(projection):
    flows = projection.ledger.flows.sum(axis=(1, 3))
    for kind, expected in (("general", [0, 1, 0, 0, 1]), ("arts_pe", [0, 0, 1, 0, 0])):
        for flow in ("posts", "hired"):
            assert flows[:, 0, FLOW[f"{flow}_{kind}"]].tolist() == expected
    assert flows[:, 0, FLOW["retirement"]].tolist() == [2, 1, 1, 1, 1]


def test_ratios(projection):
    """Ratios a 100 pupils of the stages, from the tables above."""
    table = projection.ratios.set_index(["year", "stage", "indicator"])
    for nth, year in enumerate(YEARS):
        for stage, rows in (("primary", [0, 1]), ("junior", [2])):
            pupils = sum(PUPILS[nth][row] for row in rows)
            for indicator, items in (("L1", QUALIFIED), ("L2", BACKBONE), ("L3", SPECIALISTS)):
                expected = 100 * sum(items[nth][row] for row in rows) / pupils
                row = table.loc[(year, stage, indicator)]
                assert row["mean"] == pytest.approx(expected, rel=1e-12)
                assert row["sd"] == 0
                assert row["p_meets"] == float(expected >= row["threshold"])


def test_schools_and_verdict(projection):
    """2025: 西小 has L1 4/192 = 2.08 of 4.2 and L3 1/192 = .52 of .9: it has failed."""
    schools = projection.schools.set_index(["year", "school", "indicator"])
    assert schools.loc[(2025, "西小", "L1"), "mean"] == pytest.approx(400 / 192)
    assert schools.loc[(2025, "西小", "L3"), "p_meets"] == 0
    verdicts = projection.school_verdicts.set_index(["year", "school"])
    assert verdicts.loc[(2025, "西小"), "p_failed"] == 1
    county_verdicts = projection.verdicts.set_index(["year", "scope", "verdict"])["p"]
    assert county_verdicts[(2025, "county", "failed")] == 1
    assert county_verdicts[(2025, "county", "not_ruled_out")] == 0
