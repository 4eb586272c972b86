"""The statutory month of retirement, against the official table walked month by month."""

import datetime as dt
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workforce_sim.law import (
    CATEGORIES,
    Retirement,
    chosen_retirement_month,
    delay_months,
    format_month,
    legal_retirement_month,
    load_retirement_law,
    month,
    old_age_months,
    parse_month,
    retirement,
    retirement_month,
)

# Rows of the official table, as independent calculators give them:
# category, birth month, age in years and months, last month, months of delay.
PUBLISHED = [
    ("male", "1964-12", 60, 0, "2024-12", 0),
    ("male", "1965-01", 60, 1, "2025-02", 1),
    ("male", "1965-05", 60, 2, "2025-07", 2),
    ("male", "1976-09", 63, 0, "2039-09", 36),
    ("female55", "1969-12", 55, 0, "2024-12", 0),
    ("female55", "1970-05", 55, 2, "2025-07", 2),
    ("female55", "1981-09", 58, 0, "2039-09", 36),
    ("female50", "1975-01", 50, 1, "2025-02", 1),
    ("female50", "1984-11", 55, 0, "2039-11", 60),
]

# The law in words, apart from the engine's data: old age, first year of birth that is affected,
# months of birth that share one more month of delay, and the new age.
IN_WORDS = {
    "male": (60, 1965, 4, 63),
    "female60": (60, 1965, 4, 63),
    "female55": (55, 1970, 4, 58),
    "female50": (50, 1975, 2, 55),
}
BIRTHS = [(year, m) for year in range(1955, 2001) for m in range(1, 13)]

categories = st.integers(0, len(CATEGORIES) - 1)
births = st.integers(month(1940, 1), month(2010, 12))
shifts = st.integers(-200, 200)


def walked(category: str, reform: bool) -> dict[tuple[int, int], tuple[int, int]]:
    """Walk the births; return for each its last year and month, by counting on the calendar."""
    old_years, first_year, group, new_years = IN_WORDS[category]
    delay, met = 0, 0
    table = {}
    for year, m in BIRTHS:
        if reform and year >= first_year and delay < 12 * (new_years - old_years):
            if met % group == 0:
                delay += 1
            met += 1
        last_year, last_month = year + old_years, m
        for _ in range(delay):
            last_month += 1
            if last_month == 13:
                last_year, last_month = last_year + 1, 1
        table[year, m] = (last_year, last_month)
    return table


@pytest.mark.parametrize(("category", "birth", "years", "months", "last", "delay"), PUBLISHED)
def test_the_published_rows(
    category: str, birth: str, years: int, months: int, last: str, delay: int
) -> None:
    assert retirement(category, birth) == Retirement(last, years, months, delay)


@pytest.mark.parametrize("reform", [True, False])
@pytest.mark.parametrize("category", CATEGORIES)
def test_every_birth_month_agrees_with_the_table(category: str, reform: bool) -> None:
    born = np.array([month(*birth) for birth in BIRTHS], dtype=np.int16)
    code = np.int8(CATEGORIES.index(category))
    last = legal_retirement_month(code, born, reform)
    expected = [month(*end) for end in walked(category, reform).values()]
    assert last.tolist() == expected
    assert [retirement_month(category, int(b), reform) for b in born] == [
        f"{year}-{m:02d}" for year, m in walked(category, reform).values()
    ]


@pytest.mark.parametrize("category", CATEGORIES)
def test_the_delay_reaches_its_end_and_stays(category: str) -> None:
    old_years, _, _, new_years = IN_WORDS[category]
    assert retirement(category, "1999-12").delay_months == 12 * (new_years - old_years)


@given(categories, births)
def test_the_delayed_are_those_who_would_retire_under_the_reform(code: int, birth: int) -> None:
    old_law = legal_retirement_month(code, birth, reform=False)
    assert (delay_months(code, birth) > 0) == (old_law >= month(2025, 1))
    assert (legal_retirement_month(code, birth) >= month(2025, 1)) == (old_law >= month(2025, 1))


@given(categories, births, st.booleans())
def test_the_later_born_retires_later(code: int, birth: int, reform: bool) -> None:
    first, second = legal_retirement_month(code, np.array([birth, birth + 1]), reform)
    assert first < second


@given(categories, births, shifts)
def test_flexible_retirement_stays_within_the_law(code: int, birth: int, shift: int) -> None:
    legal = int(legal_retirement_month(code, birth))
    chosen = int(chosen_retirement_month(code, birth, shift))
    assert legal - 36 <= chosen <= legal + 36
    assert chosen >= birth + int(old_age_months(code))
    assert (chosen - legal) * shift >= 0
    assert abs(chosen - legal) <= abs(shift)
    if legal < month(2025, 1):
        assert chosen == legal
    else:
        assert shift < 0 or chosen == legal + min(shift, 36)
    assert chosen_retirement_month(code, birth, shift, reform=False) == legal_retirement_month(
        code, birth, reform=False
    )


@pytest.mark.parametrize(
    ("category", "birth", "shift", "last"),
    [
        ("male", "1964-12", -12, "2024-12"),  # before the reform nobody chooses
        ("male", "1964-12", 12, "2024-12"),
        ("male", "1965-05", -36, "2025-05"),  # two months of delay: no earlier than at 60
        ("male", "1965-05", 36, "2028-07"),
        ("male", "1980-01", -36, "2040-01"),
        ("female50", "1990-01", -60, "2042-01"),  # three years before 55, not at 50
        ("female55", "1970-05", -1, "2025-06"),
        ("female55", "1970-05", 40, "2028-07"),
    ],
)
def test_flexible_retirement_by_hand(category: str, birth: str, shift: int, last: str) -> None:
    code = CATEGORIES.index(category)
    assert format_month(int(chosen_retirement_month(code, parse_month(birth), shift))) == last


@pytest.mark.parametrize("dtype", [np.int16, np.uint16, np.int32, np.int64])
def test_any_integer_dtype_gives_the_same_int32(dtype: type[np.integer]) -> None:
    codes = np.arange(len(CATEGORIES), dtype=np.int8)[:, None]
    born = np.arange(month(1955, 1), month(2001, 1), dtype=dtype)
    last = legal_retirement_month(codes, born)
    chosen = chosen_retirement_month(codes, born, np.int8(-36))
    assert last.dtype == chosen.dtype == np.int32
    assert last.shape == chosen.shape == (len(CATEGORIES), born.size)
    for (row, code), (column, birth) in itertools.product(
        enumerate(codes[:, 0]), enumerate(born[::37])
    ):
        assert last[row, 37 * column] == legal_retirement_month(int(code), int(birth))


@pytest.mark.parametrize("shape", [(0,), (), (2, 3)])
def test_shapes_are_kept(shape: tuple[int, ...]) -> None:
    codes, born = np.zeros(shape, dtype=np.int8), np.full(shape, month(1970, 1), dtype=np.int16)
    for result in (
        old_age_months(codes),
        delay_months(codes, born),
        delay_months(codes, born, reform=False),
        legal_retirement_month(codes, born),
        chosen_retirement_month(codes, born, 12),
    ):
        assert isinstance(result, np.ndarray)
        assert result.shape == shape
        assert result.dtype == np.int32


def test_a_birth_month_can_be_written_in_three_ways() -> None:
    ways = ("1965-01", dt.date(1965, 1, 31), dt.datetime(1965, 1, 1), month(1965, 1))
    assert {retirement_month("male", way) for way in ways} == {"2025-02"}
    assert retirement_month("male", np.int16(month(1965, 1))) == "2025-02"


def test_births_are_from_1900_to_2100() -> None:
    assert retirement_month("male", "1900-01") == "1960-01"
    assert retirement_month("male", "2100-12") == "2163-12"
    for birth in ("1899-12", "2101-01"):
        with pytest.raises(ValueError, match=f"birth month '{birth}' is not from 1900-01 to"):
            retirement_month("male", birth)


@pytest.mark.parametrize(
    ("category", "birth", "message"),
    [
        ("female_55", "1970-01", "'female_55' is not one of .*; did you mean female55"),
        ("x", "1970-01", "'x' is not one of male, female60, female55, female50$"),
        ("male", "1970-13", "'1970-13' is not a month"),
        ("male", 1970, "birth month 1970 is not from 1900-01 to 2100-12"),
        ("male", 197001, "birth month 197001 is not from"),
        ("male", "1870-01", "birth month '1870-01' is not from"),
        ("male", 1970.5, "1970.5 is not a birth month"),
        ("male", None, "None is not a birth month"),
    ],
)
def test_bad_input_is_named(category: str, birth: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        retirement_month(category, birth)


@pytest.mark.parametrize("code", [-1, 4])
def test_an_unknown_code_is_named(code: int) -> None:
    names = "a position in male, female60, female55, female50"
    with pytest.raises(ValueError, match=f"^category {code} is not from 0 to 3, {names}$"):
        legal_retirement_month(np.array([0, code]), month(1970, 1))


def test_what_is_not_an_integer_is_refused() -> None:
    with pytest.raises(TypeError, match="birth must be integers, not float64"):
        legal_retirement_month(0, np.array([23580.0]))
    with pytest.raises(TypeError, match="birth must be integers, not float64"):
        delay_months(0, 23580.0)
    with pytest.raises(TypeError, match="category must be integers, not bool"):
        old_age_months(np.array([True]))
    with pytest.raises(TypeError, match="shift_months must be integers"):
        chosen_retirement_month(0, month(1970, 1), 1.5)


def test_every_value_is_dated_and_cited() -> None:
    law = load_retirement_law()
    cited = [law.flexible, *(part for r in law.categories.values() for part in (r.old, r.delay))]
    assert all(item.reference.split(" ")[0] in law.documents for item in cited)
    assert {rule.delay.since for rule in law.categories.values()} == {dt.date(2025, 1, 1)}
    assert law.flexible.since == dt.date(2025, 1, 1)
