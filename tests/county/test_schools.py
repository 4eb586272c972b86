"""Schools hold what can be true: facilities, classes, the sections of nine-year schools."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from tests.counties import School, county
from workforce_sim.county import Schools, shared_by_sections

NAN = float("nan")
SCHOOLS = county(
    [
        School("甲", "primary", (10,) * 6),
        School("乙", "junior", (10,) * 3),
        School("丙（小学部）", "primary", (5,) * 6),
        School("丙（初中部）", "junior", (5,) * 3),
        School("丁", "primary", (0,)),
    ],
    [],
).schools


def facilities(*rooms: float) -> dict[str, Any]:
    """Return the argument of these rooms, and of 1 of everything else at the first four schools."""
    amounts = np.ones((5, 4))
    amounts[:, 0], amounts[3, 1:], amounts[4, 1:] = rooms, 0, NAN
    return {"facilities": amounts, "site": [0, 1, 2, 2, 4]}


def test_by_default_nothing_is_known_and_each_school_stands_alone() -> None:
    assert SCHOOLS.facilities.shape == (5, 4)
    assert np.isnan(SCHOOLS.facilities).all() and np.isnan(SCHOOLS.classes).all()
    assert SCHOOLS.site.tolist() == [0, 1, 2, 3, 4]
    assert not SCHOOLS.known.any()
    assert len(SCHOOLS.sections) == 0
    assert [name for name, _ in SCHOOLS.columns()][-3:] == ["facilities", "classes", "site"]


def test_what_is_known_is_known_of_every_school_with_pupils() -> None:
    assert replace(SCHOOLS, **facilities(1, 2, 3, 0, NAN)).known.all()
    of_nobody = replace(SCHOOLS, **facilities(1, NAN, 3, 0, 5)).known
    assert of_nobody.tolist() == [False, True, True, True]
    of_nine_years = replace(SCHOOLS, **facilities(1, 2, NAN, NAN, 5))
    assert of_nine_years.known.tolist() == [False, True, True, True]
    assert of_nine_years.facilities[3].tolist() == [0, 0, 0, 0]
    assert of_nine_years.sections.tolist() == [[2, 3]]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (facilities(1, -2, 3, 0, 5), "negative"),
        (facilities(1, np.inf, 3, 0, 5), "infinite"),
        (facilities(1, 2, 3, 4, 5), "first row"),
        ({"facilities": np.ones((5, 3))}, "shape"),
        ({"facilities": np.ones((4, 4))}, "has 4 rows, not 5"),
        ({"classes": [1, 2, 3, -4, 5]}, "classes are negative"),
        ({"classes": [1, 2]}, "has 2 rows, not 5"),
        ({"site": [0, 1, 3, 3, 4]}, "not the first row"),
        ({"site": [0, 0, 1, 3, 4]}, "not the first row"),
        ({"site": [0, 1, 2, 3, 0]}, "two sections of one stage"),
        ({"site": [0, 0, 0, 3, 4]}, "two sections of one stage"),
        ({"site": [0, 1, 2, -1, 4]}, "not from 0 to 4"),
    ],
)
def test_what_cannot_be_is_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(SCHOOLS, **wrong)


def test_the_digest_is_of_facilities_classes_and_sites_and_of_no_way_of_writing_them() -> None:
    def digest(**columns: Any) -> str:
        return replace(county([], []), schools=replace(SCHOOLS, **columns)).digest

    known = facilities(1, 0, 3, 0, NAN)
    assert digest(**known) == digest(**facilities(1, -0.0, 3, -0.0, -NAN))
    others = [
        {},
        facilities(1, 0.5, 3, 0, NAN),
        {**known, "site": range(5), "facilities": known["facilities"]},
        {**known, "classes": [1, 2, 3, 0, NAN]},
    ]
    assert len({digest(**known), *(digest(**other) for other in others)}) == 5


def test_sections_share_by_pupils_a_junior_one_counting_more() -> None:
    schools = replace(SCHOOLS, **facilities(1, 2, 630, 0, 5))
    shared = shared_by_sections(schools.facilities, schools.size, schools)
    # 30 primary and 15 junior pupils: 30 to 16.5.
    assert shared[:, 0].tolist() == pytest.approx([1, 2, 630 * 30 / 46.5, 630 * 16.5 / 46.5, 5])
    assert shared[2, 0] / 30 * 1.1 == pytest.approx(shared[3, 0] / 15)
    no_junior = shared_by_sections(schools.facilities, np.array([60, 30, 30, 0, 0]), schools)
    assert no_junior[2:4, 0].tolist() == [630, 0]


@given(
    st_numpy.arrays(np.float64, (2, 3, 5, 4), elements=st.floats(0, 1e6)),
    st_numpy.arrays(np.int64, (2, 3, 5), elements=st.integers(0, 100)),
)
def test_sharing_loses_nothing_and_moves_nothing_between_schools(
    amounts: np.ndarray, pupils: np.ndarray
) -> None:
    schools: Schools = replace(SCHOOLS, site=np.array([0, 1, 2, 2, 4]))
    shared = shared_by_sections(amounts, pupils, schools)
    alone = [0, 1, 4]
    assert np.array_equal(shared[..., alone, :], amounts[..., alone, :])
    assert np.allclose(shared[..., 2:4, :].sum(axis=-2), amounts[..., 2:4, :].sum(axis=-2))
    assert (shared >= 0).all()
