"""The whole examination of a county of five schools, worked out by hand.

丙 is a nine-year school: its sections share rooms, grounds and equipment by pupils, a junior one
weighing 1.1, so 180 : 165 of 345. 戊 is a teaching point, too small to be judged. Pupils stay.
"""

from __future__ import annotations

from math import sqrt

import pytest

from tests.counties import School, Teacher, county, scenario
from workforce_sim.assessment import simulate

SCHOOLS = [
    School("甲", "primary", (100,) * 6, facilities=(3000, 4800, 1_500_000, 14)),
    School("乙", "primary", (50,) * 6, facilities=(1200, 2000, 900_000, 7)),
    School("丙小学部", "primary", (30,) * 6, facilities=(2070, 3450, 690_000, 8)),
    School("丙初中部", "junior", (50,) * 3, facilities=(0, 0, 0, 0), site="丙小学部"),
    School("丁", "junior", (134,) * 3, facilities=(2400, 4200, 1_100_000, 10)),
    School("戊", "primary", (4,) * 6, facilities=(0, 0, 0, 0)),
]
# (L1, L2, L3) teachers: a backbone teacher and a specialist have a degree that counts, too.
STAFF = {"甲": (30, 6, 5), "乙": (15, 3, 3), "丙小学部": (8, 2, 2), "丙初中部": (8, 2, 2)}
STAFF |= {"丁": (22, 5, 3), "戊": (1, 0, 0)}
COUNTY = county(
    SCHOOLS,
    [
        Teacher(
            name,
            "1985-01",
            subject="pe" if nth < l3 else "other",
            specialist=nth < l3,
            award="2020-06" if nth < l2 else None,
        )
        for name, (l1, l2, l3) in STAFF.items()
        for nth in range(l1)
    ],
)
RATIOS = {  # by hand; L1-L3 and L7 per 100 pupils, L4-L6 a pupil
    "甲": (30 / 6, 6 / 6, 5 / 6, 5.0, 8.0, 2500.0, 14 / 6),
    "乙": (15 / 3, 3 / 3, 3 / 3, 4.0, 20 / 3, 3000.0, 7 / 3),
    "丙小学部": (8 / 1.8, 2 / 1.8, 2 / 1.8, 6.0, 10.0, 2000.0, 800 / 345),
    "丙初中部": (8 / 1.5, 2 / 1.5, 2 / 1.5, 6.6, 11.0, 2200.0, 880 / 345),
    "丁": (22 / 4.02, 5 / 4.02, 3 / 4.02, 2400 / 402, 4200 / 402, 1_100_000 / 402, 10 / 4.02),
}
MISSED = {  # 85% of the thresholds: L3 0.765, L4 3.825, L5 6.375, junior L6 2125
    "甲": {"L3"},  # 0.833: near enough, and six are met
    "乙": {"L4", "L5"},  # both near enough, but two
    "丙小学部": set(),
    "丙初中部": {"L6"},  # 2200: near enough
    "丁": {"L3"},  # 0.746: not near enough
}
PASS = {"甲", "丙小学部", "丙初中部"}


@pytest.fixture(scope="module")
def projection():
    """In 2021 乙 gets 150 m2 of rooms, and two PE teachers are hired."""
    rules = scenario(
        years="2021-2021",
        judged_year=2021,
        counting={"smallest_school_pupils": 50},
        arts_pe={"recruits_per_year": 2, "subjects": {"pe": 1.0, "music": 0.0, "art": 0.0}},
        recruits={"bachelor_share": 1.0, "specialist_share": 1.0},
        facilities={
            "investments": [
                {"date": "2021-08-10", "item": "rooms_m2", "amount": 150.0, "to": ["乙"]}
            ]
        },
    )
    return simulate(rules, county=COUNTY, replications=3, workers=1)


def test_every_ratio(projection):
    assert projection.whole and projection.indicators == ("L1", "L2", "L3", "L4", "L5", "L6", "L7")
    found = projection.schools.query("year == 2020").set_index(["school", "indicator"])
    for school, ratios in RATIOS.items():
        for nth, ratio in enumerate(ratios):
            row = found.loc[(school, f"L{nth + 1}")]
            assert row["mean"] == pytest.approx(ratio, rel=1e-12)
            assert (row["p_meets"] == 0) == (f"L{nth + 1}" in MISSED[school])


def test_what_is_lacking(projection):
    needs = projection.needs.query("year == 2020").set_index(["school", "indicator"])["mean"]
    assert needs["甲", "L3"] == 1  # 5.4 are needed
    assert needs["乙", "L4"] == pytest.approx(150) and needs["乙", "L5"] == pytest.approx(250)
    assert needs["丙初中部", "L6"] == pytest.approx(150 * 2500 - 330_000)
    assert needs["丁", "L3"] == 1  # 3.618 are needed
    assert needs["丁", "L7"] == 0 and (needs > 0).sum() == 5


def test_six_of_seven_and_the_rest_near(projection):
    rows = projection.school_verdicts.set_index(["year", "school"])
    for school in RATIOS:
        assert (rows.loc[(2020, school), "p_open"] == 1) == (school in PASS)
        assert (rows.loc[(2020, school), "p_all_met"] == 1) == (not MISSED[school])
    assert rows.loc[(2020, "戊"), "judged"] == 0
    verdicts = projection.verdicts.set_index(["year", "scope", "verdict"])["p"]
    assert verdicts[2020, "county", "open"] == 0
    assert verdicts[2020, "county", "difference_within"] == 1


def test_the_coefficients_of_difference(projection):
    """Of each stage's judged schools, weighted by pupils: 600, 300, 180 and 150, 402."""
    found = projection.differences.query("year == 2020").set_index(["stage", "indicator"])["mean"]
    pupils = {"甲": 600, "乙": 300, "丙小学部": 180, "丙初中部": 150, "丁": 402}
    stages = {"primary": ("甲", "乙", "丙小学部"), "junior": ("丙初中部", "丁")}
    for stage, schools in stages.items():
        total = sum(pupils[s] for s in schools)
        for nth in range(7):
            mean = sum(pupils[s] * RATIOS[s][nth] for s in schools) / total
            square = sum(pupils[s] * (RATIOS[s][nth] - mean) ** 2 for s in schools) / total
            assert found[stage, f"L{nth + 1}"] == pytest.approx(sqrt(square) / mean)


def test_a_year_later_the_county_passes(projection):
    """乙 has 4.5 m2 of rooms and misses L5 alone; of the two PE teachers 戊 and 丁 got one each."""
    now = projection.schools.query("year == 2021").set_index(["school", "indicator"])["mean"]
    assert now["乙", "L4"] == pytest.approx(4.5) and now["丁", "L3"] == pytest.approx(4 / 4.02)
    verdicts = projection.verdicts.set_index(["year", "scope", "verdict"])["p"]
    assert verdicts[2021, "county", "not_ruled_out"] == 1
    assert verdicts[2021, "county", "all_met"] == 0
