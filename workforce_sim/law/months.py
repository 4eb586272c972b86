"""Months as whole numbers: year * 12 + month - 1, so that a difference is a number of months."""

from __future__ import annotations

import re


def month(year: int, m: int) -> int:
    """Return the number of a month.

    Parameters
    ----------
    year : int
        Calendar year, 1 to 9999.
    m : int
        Month of the year, 1 to 12.

    Returns
    -------
    int
        ``year * 12 + m - 1``.

    Raises
    ------
    ValueError
        If there is no such month.
    """
    if not 1 <= year <= 9999:
        raise ValueError(f"year {year} is not from 1 to 9999")
    if not 1 <= m <= 12:
        raise ValueError(f"month {m} is not from 1 to 12")
    return year * 12 + m - 1


def parse_month(text: str) -> int:
    """Return the number of the month written as ``YYYY-MM``.

    Raises
    ------
    ValueError
        If ``text`` is not a month written so.

    Examples
    --------
    >>> parse_month("1965-01")
    23580
    """
    found = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", text)
    if not found or found[1] == "0000":
        raise ValueError(f"{text!r} is not a month: write YYYY-MM, such as 1965-01")
    return month(int(found[1]), int(found[2]))


def format_month(number: int) -> str:
    """Return a month as ``YYYY-MM``: the inverse of `parse_month`.

    Raises
    ------
    ValueError
        If the month is not in the years 1 to 9999.

    Examples
    --------
    >>> format_month(23580)
    '1965-01'
    """
    year, m = divmod(int(number), 12)
    if not 1 <= year <= 9999:
        raise ValueError(f"{number} is not the number of a month (year * 12 + month - 1)")
    return f"{year:04d}-{m + 1:02d}"
