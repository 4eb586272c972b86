"""The citizen's identity number: what it says of birth and sex; it is never kept or shown.

GB 11643-1999: six digits of the region, eight of the date of birth, three in order (odd for men)
and a check digit after ISO 7064, MOD 11-2. The old numbers have 15 digits: the year of birth has
two, and there is no check digit.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

import numpy as np

from workforce_sim.county.model import FEMALE, MALE
from workforce_sim.county.tables.cells import Bools, Reading
from workforce_sim.county.tables.dates import NEWEST, OLDEST
from workforce_sim.county.tables.text import as_text, plain
from workforce_sim.county.tables.values import BLANK, NONE_WORDS, Unreadable
from workforce_sim.law.months import month

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
LENGTH, OLD_LENGTH = 18, 15
_APOSTROPHES = "'\"`‘’“”"


class Identity(NamedTuple):
    """What an identity number says: the month of birth, the sex, and whether it is an old one."""

    birth: int
    sex: int
    old: bool


def check_digit(number: str) -> str:
    """Return the check digit that the first 17 digits ask for: ``0`` to ``9`` or ``X``."""
    total = sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False))
    return CHECK_DIGITS[total % 11]


def written(value: object) -> str:
    """Return a number without spaces, dashes and the apostrophe of a text cell."""
    return re.sub(r"[-_.·]", "", plain(as_text(value)).strip(_APOSTROPHES)).upper()


def read_identity(value: object) -> Identity | None:
    """Read an identity number; None for a blank cell.

    Raises
    ------
    Unreadable
        With a code of its own for each way in which it is wrong; never with the number.
    """
    # A number keeps 15 digits: of 18 the last ones are lost, whatever the cell shows.
    if isinstance(value, int | float) or re.fullmatch(r"\d(\.\d+)?[eE]\+?\d+", as_text(value)):
        raise Unreadable("id_as_number")
    number = written(value)
    if number.lower() in NONE_WORDS:
        return None
    if len(number) not in (LENGTH, OLD_LENGTH):
        raise Unreadable("id_length")
    if not re.fullmatch(r"[0-9]{17}[0-9X]|[0-9]{15}", number):
        raise Unreadable("id_characters")
    if len(number) == OLD_LENGTH:
        return Identity(_birth("19" + number[6:12]), _sex(number[14]), True)
    if check_digit(number) != number[-1]:
        raise Unreadable("id_check_digit")
    return Identity(_birth(number[6:14]), _sex(number[16]), False)


def _birth(digits: str) -> int:
    try:
        date = dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise Unreadable("id_birth") from None
    if not OLDEST <= date.year <= NEWEST:
        raise Unreadable("id_birth")
    return month(date.year, date.month)


def _sex(digit: str) -> int:
    return MALE if int(digit) % 2 else FEMALE


class Identities:
    """What the identity numbers of a roster say; what is wrong with them is told.

    Attributes
    ----------
    month, sex : int64 array (N,)
        Of birth, and the code of the sex; BLANK where no number can be read.
    good, bad : bool array (N,)
        Whether there is a number that can be read, or one that cannot.
    """

    def __init__(self, reading: Reading, kept: Bools) -> None:
        n = len(reading)
        self.month, self.sex = (np.full(n, BLANK, dtype=np.int64) for _ in range(2))
        self.bad, old = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
        codes = np.full(n, "", dtype=object)
        for i, value in enumerate(reading.body.column("id_number")):
            if value is None:
                continue
            try:
                identity = read_identity(value)
            except Unreadable as problem:
                self.bad[i], codes[i] = True, problem.code
            else:
                if identity is not None:
                    self.month[i], self.sex[i], old[i] = identity
        self.good = self.month != BLANK
        for code in sorted({str(code) for code in codes if code}):
            reading.tell(kept & (codes == code), code, "id_number")
        reading.tell(kept & old, "id_old", "id_number")
