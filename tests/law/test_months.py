"""Months as whole numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workforce_sim.law import format_month, month, parse_month


@given(st.integers(1, 9999), st.integers(1, 12))
def test_a_month_survives_being_written_and_read(year: int, m: int) -> None:
    assert parse_month(format_month(month(year, m))) == month(year, m)


def test_the_first_month_and_the_last() -> None:
    assert format_month(month(1, 1)) == "0001-01"
    assert format_month(month(9999, 12)) == "9999-12"


def test_neighbours_differ_by_one() -> None:
    assert parse_month("1966-01") - parse_month("1965-12") == 1


@pytest.mark.parametrize(
    "text", ["1965-13", "1965-00", "0000-01", "1965-1", "196501", "1965-01-01", "", "１９６５-01"]
)
def test_what_is_no_month_is_named(text: str) -> None:
    with pytest.raises(ValueError, match=f"{text!r} is not a month: write YYYY-MM"):
        parse_month(text)


@pytest.mark.parametrize(
    ("year", "m", "message"),
    [(0, 1, "year 0 is not"), (10_000, 1, "year 10000 is not"), (2000, 13, "month 13 is not")],
)
def test_month_names_what_is_out_of_range(year: int, m: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        month(year, m)


@pytest.mark.parametrize("number", [-1, 11, 120_000])
def test_a_number_that_is_no_month_is_named(number: int) -> None:
    with pytest.raises(ValueError, match=f"{number} is not the number of a month"):
        format_month(number)
