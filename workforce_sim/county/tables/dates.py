"""The months of a roster, in every way in which they are written."""

from __future__ import annotations

import datetime as dt
import re

from workforce_sim.county.tables.text import as_text, plain
from workforce_sim.county.tables.values import BLANK, NONE_WORDS, Unreadable
from workforce_sim.law.months import month

OLDEST, NEWEST = 1900, 2100

_DATE = re.compile(
    r"(\d{4})(?:年|[-/.、])(\d{1,2})(?:月份?|(?=$|[-/.、t]))(?:[-/.、]?(\d{1,2})[日号]?)?"
    r"(?:t?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
_TWO_DIGITS = re.compile(r"'?\d{2}(年|[-/.、])\d{1,2}(月|[-/.、]|$).*|\d{1,2}[-/]\d{1,2}[-/]\d{2}")


def read_month(value: object) -> int:
    """Return the month of a date (see `law.months`), or BLANK; the day is read and dropped.

    Examples
    --------
    >>> {read_month(v) for v in ("1975年06月", "1975-6", "1975/6/1", 197506, "19750603", 1975.06)}
    {23705}
    """
    if isinstance(value, dt.date):  # a datetime is one
        return _month(value.year, value.month)
    if isinstance(value, bool | dt.time | dt.timedelta):
        raise Unreadable("date_unreadable")
    if isinstance(value, float) and not value.is_integer():
        value = f"{value:.4f}".rstrip("0")
    text = plain(as_text(value))
    if text in NONE_WORDS:
        return BLANK
    if re.fullmatch(r"\d{1,8}(\.\d{1,4})?", text):
        return _month_of_digits(*text.split("."))
    if found := _DATE.fullmatch(text):
        return _month(*(int(part or 1) for part in found.groups()))
    if re.fullmatch(r"\d{4}年", text):
        raise Unreadable("date_year_only")
    raise Unreadable("date_two_digits" if _TWO_DIGITS.fullmatch(text) else "date_unreadable")


def _month_of_digits(whole: str, part: str = "") -> int:
    """Read 197506, 19750603 and 1975.06; 1975.1 is January or, its 0 lost, October."""
    if part:
        if len(whole) != 4 or len(part) > 2:
            raise Unreadable("date_two_digits" if len(whole) == 2 else "date_unreadable")
        if part == "1":
            raise Unreadable("date_ambiguous")
        return _month(int(whole), int(part))
    if len(whole) == 8:
        return _month(int(whole[:4]), int(whole[4:6]), int(whole[6:]))
    if len(whole) == 6 and OLDEST <= int(whole[:4]) <= NEWEST:
        return _month(int(whole[:4]), int(whole[4:]))
    if len(whole) == 4 and OLDEST <= int(whole) <= NEWEST:
        raise Unreadable("date_year_only")
    if len(whole) == 5:  # the number of a day, without the format that makes it a date
        raise Unreadable("date_serial")
    raise Unreadable("date_two_digits" if len(whole) in (4, 6) else "date_unreadable")


def _month(year: int, m: int, day: int = 1) -> int:
    try:
        dt.date(year, m, day)
    except ValueError:
        raise Unreadable("date_unreadable") from None
    if not OLDEST <= year <= NEWEST:
        raise Unreadable("date_unreadable")
    return month(year, m)
