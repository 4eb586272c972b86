"""Posts by the norm, computed by hand.

甲 has 380 pupils: 20 posts. 乙, a teaching point of three grades, has 15 pupils: 4.5 posts. 丙 has
270 pupils in the junior grades: 20 posts. 丁 opens during the run, with all six grades.
"""

import numpy as np
import pytest

from tests.counties import School, Teacher, county, scenario
from workforce_sim.assessment import simulate
from workforce_sim.assessment.staffing import QUANTILES, _quantiles, norm_posts, staffing
from workforce_sim.simulation.ledger import COUNTS, STAFF

SCHOOLS = county(
    [
        School("甲", "primary", (60,) * 6),
        School("乙", "primary", (5,) * 3, "village"),
        School("丙", "junior", (90,) * 3),
        School("丁", "primary", ()),
    ],
    [Teacher("甲", "1990-01")],
).schools
RULES = scenario(
    duties={
        "least_posts_per_grade": {"primary": 1.5},
        "subject_shares": {"other": 0.8, "pe": 0.1, "music": 0.06, "art": 0.04},
    }
)


def census(*of_schools):
    """Return counts (1, R, S, counts) of schools (R rows: staff, pe, music, art)."""
    counts = np.zeros((1, len(of_schools[0]), len(of_schools), len(COUNTS)), np.int16)
    for s, rows in enumerate(of_schools):
        counts[0, :, s, [STAFF, 3, 4, 5]] = np.array(rows).T
    return counts


def test_posts_follow_pupils_and_grades_whichever_gives_more():
    pupils = np.array([[380, 15, 270, 0], [19, 1, 27, 114], [190, 171, 0, 190]])
    assert norm_posts(RULES, SCHOOLS, pupils).tolist() == [
        [20, 4.5, 20, 0],  # without pupils no posts
        [9, 4.5, 2, 9],  # junior schools have no least here
        [10, 9, 0, 10],
    ]
    by_default = norm_posts(scenario(), SCHOOLS, np.array([1, 1, 1, 1]))
    assert by_default.tolist() == pytest.approx([9, 4.5, 8.1, 9])


def test_surplus_and_shortage_of_one_school_are_seen_together():
    """甲 has 18, 20, 22 and 24 staff, of whom 1, 2, 2 and 5 teach PE, and 4 art."""
    staff = ([18, 1, 0, 4], [20, 2, 0, 4], [22, 2, 0, 4], [24, 5, 0, 4])
    one = SCHOOLS.names.index("甲")
    table = staffing(
        RULES,
        SCHOOLS,
        census(staff, [[0] * 4] * 4, [[0] * 4] * 4, [[0] * 4] * 4),
        np.array([[[380, 0, 0, 0]] * 4], np.int32),
        [2021],
    )
    assert table.columns.tolist() == [
        *("year", "school", "stage", "area", "subject", "norm", "mean", "q05", "q50", "q95"),
        *("surplus", "shortage", "p_short", "p_short_se", "p_short_low", "p_short_high"),
    ]
    assert table["school"].tolist() == [SCHOOLS.names[one]] * 5
    rows = table.set_index("subject")
    figures = ["norm", "mean", "surplus", "shortage", "p_short"]
    assert rows.index.tolist() == ["all", "other", "pe", "music", "art"]
    assert rows.loc["all", figures].tolist() == [20, 21, 1.5, 0.5, 0.25]
    # 13, 14, 16 and 15 teach something else, of 16
    assert rows.loc["other", figures].tolist() == pytest.approx([16, 14.5, 0, 1.5, 0.75])
    assert rows.loc["pe", figures].tolist() == pytest.approx([2, 2.5, 0.75, 0.25, 0.25])
    assert rows.loc["music", figures].tolist() == pytest.approx([1.2, 0, 0, 1.2, 1])
    assert rows.loc["art", figures].tolist() == pytest.approx([0.8, 4, 3.2, 0, 0])
    assert rows.loc["all", list(QUANTILES)].tolist() == pytest.approx([18.3, 21, 23.7])


def test_rows_are_the_schools_with_pupils_or_staff_year_by_year():
    nobody, few = [[0] * 4] * 2, [[0] * 4, [3, 0, 0, 0]]
    counts = np.concatenate(
        [census(few, nobody, few, nobody), census(few, few, nobody, nobody)], axis=0
    )
    pupils = np.array([[[0, 0, 27, 0]] * 2, [[0, 0, 0, 0], [19, 0, 0, 9]]], np.int32)
    table = staffing(RULES, SCHOOLS, counts, pupils, [2021, 2022])
    found = table[table["subject"] == "all"]
    assert found[["year", "school", "stage", "area"]].to_numpy().tolist() == [
        [2021, "甲", "primary", "town"],
        [2021, "丙", "junior", "town"],
        [2022, "甲", "primary", "town"],
        [2022, "乙", "primary", "village"],
        [2022, "丁", "primary", "town"],
    ]
    assert len(table) == 25
    assert table.index.tolist() == list(range(25))
    assert found["norm"].tolist() == [0, 2, 4.5, 0, 4.5]
    assert found["surplus"].tolist() == [1.5, 0.5, 0, 1.5, 0]
    assert found["shortage"].tolist() == [0, 1, 3, 0, 4.5]


@pytest.mark.parametrize("replications", [1, 2, 7, 40])
def test_quantiles_are_numpy_s(replications):
    have = np.random.default_rng(1).integers(0, 30000, (2, 3, replications)).astype(np.int16)
    for name, found in _quantiles(have).items():
        expected = np.quantile(have.astype(float), QUANTILES[name], axis=-1)
        np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_whoever_is_exactly_enough_is_enough():
    shares = {"other": 0.7, "pe": 0.1, "music": 0.1, "art": 0.1}
    rules = scenario(duties={"subject_shares": shares, "least_posts_per_grade": {}})
    exact = census([[30, 3, 3, 3]], [[0] * 4], [[0] * 4], [[0] * 4])  # 0.1 x 30 is above 3
    table = staffing(rules, SCHOOLS, exact, np.array([[[570, 0, 0, 0]]], np.int32), [2021])
    assert table["p_short"].tolist() == [0] * 5


def test_the_baseline_stands_in_front_and_is_certain():
    of_two = county(
        [School("甲", "primary", (19,) * 6), School("丙", "junior", (9,) * 3)],
        [Teacher("甲", "1990-01", subject="art"), Teacher("丙", "1990-01")],
    )
    made = simulate(scenario(years="2021-2022", judged_year=2022), county=of_two, replications=2)
    table = made.staffing
    assert table["year"].drop_duplicates().tolist() == [2020, 2021, 2022]
    assert table.index.tolist() == list(range(30))
    before = table[table["year"] == 2020]
    assert (before["p_short_se"] == 0).all()
    assert (table.loc[table["year"] > 2020, "p_short_se"] > 0).all()
    art = before[(before["school"] == "甲") & (before["subject"] == "art")].iloc[0]
    assert (art["mean"], art["norm"]) == (1, pytest.approx(0.044 * 9))
