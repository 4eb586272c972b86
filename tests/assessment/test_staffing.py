"""Posts by the norm against the staff, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tests.counties import School, county
from workforce_sim.assessment.staffing import posts, staffing
from workforce_sim.scenario.schema import Duties, SubjectShares
from workforce_sim.simulation.ledger import COUNTS

SCHOOLS = county(
    [
        School("甲", "primary", (20,) * 6),
        School("乙", "junior", (90,) * 3, area="village"),
        School("丙", "primary", (10,)),
        School("丁", "primary", ()),
    ],
    [],
).schools
RULE = Duties(
    small_school_extra_posts=2,
    subject_shares=SubjectShares(other=0.7, pe=0.2, music=0.1, art=0.0),
)


def census(*rows: tuple[int, int, int, int]) -> np.ndarray:
    """Return counts of schools, given as (staff, PE, music, art)."""
    counts = np.zeros((len(rows), len(COUNTS)), np.int16)
    for row, values in zip(counts, rows, strict=True):
        row[
            [COUNTS.index(n) for n in ("staff", "pe_teachers", "music_teachers", "art_teachers")]
        ] = values
    return counts


def test_a_small_school_has_more_posts_but_not_an_empty_one():
    """1:19 and 1:13.5; from 100 pupils on there is no addition."""
    pupils = np.array([[190, 270, 99, 0], [100, 1, 1, 38]])
    expected = [[10, 20, 99 / 19 + 2, 0], [100 / 19, 1 / 13.5 + 2, 1 / 19 + 2, 4]]
    assert posts(pupils, SCHOOLS, 2) == pytest.approx(np.array(expected))


def test_surplus_and_shortage_stand_side_by_side():
    """Posts of 甲: 10, thus 7 other, 2 PE, 1 music; it has too many in all and too few for PE."""
    now = np.stack([census((12, 1, 1, 0), (20, 4, 0, 5), (3, 0, 0, 0), (0, 0, 0, 0))] * 2)
    now[1, 0] = census((8, 3, 2, 1))[0]
    pupils = np.array([[190, 270, 38, 0]] * 2)
    table = staffing(now[None], pupils[None], SCHOOLS, RULE, [2021])
    assert table["school"].drop_duplicates().tolist() == ["甲", "乙", "丙"]
    assert table["subject"].tolist()[:5] == ["all", "other", "pe", "music", "art"]
    assert set(table[table["school"] == "乙"]["area"]) == {"village"}
    of = table.set_index(["school", "subject"])
    # Two replications: 12 and 8 in all; 10 and 2 others, 1 and 3 for PE, 1 and 2, 0 and 1.
    first = of.loc["甲"]
    assert first["norm"].tolist() == pytest.approx([10, 7, 2, 1, 0])
    assert first["have"].tolist() == pytest.approx([10, 6, 2, 1.5, 0.5])
    assert first["mean"].tolist() == pytest.approx([0, -1, 0, 0.5, 0.5])
    assert first["q05"].tolist() == pytest.approx([-1.8, -4.6, -0.9, 0.05, 0.05])
    assert first["q95"].tolist() == pytest.approx([1.8, 2.6, 0.9, 0.95, 0.95])
    assert first["p_short"].tolist() == [0.5, 0.5, 0.5, 0, 0]
    assert (first["p_short_low"] <= first["p_short"]).all() and (first["p_short_se"] > 0).all()
    assert of.loc["乙"]["mean"].tolist() == pytest.approx([0, -3, 0, -2, 5])
    assert of.loc["乙"]["p_short"].tolist() == [0, 1, 0, 1, 0]
    assert of.loc[("丙", "all"), "norm"] == 4 and of.loc[("丙", "all"), "p_short"] == 1


def test_a_school_counts_only_where_it_is_there():
    """丙 is closed in one of two replications: there it is not short."""
    now = np.stack(
        [census((9, 0, 0, 0), (9, 0, 0, 0), n, (0, 0, 0, 0)) for n in ((3, 0, 0, 0), (0,) * 4)]
    )
    pupils = np.array([[190, 270, 38, 0], [190, 270, 0, 0]])
    table = staffing(now[None], pupils[None], SCHOOLS, RULE, [2021]).set_index(
        ["school", "subject"]
    )
    assert table.loc[("丙", "all"), "p_short"] == 1
