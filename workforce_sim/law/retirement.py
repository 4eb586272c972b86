"""The statutory month of retirement (法定退休), by category and birth month.

Until December 2024 one retires in the month in which the old age is reached. From January 2025
the age rises step by step: with d the months from the first affected birth month to one's own,

    delay = 0 if d < 0, else min(floor(d / step) + 1, cap) months.

The first affected birth month is the one that reaches the old age in the reform's first month, so
the delay is positive exactly for those whom the reform concerns. The figures are in
``retirement.yaml``, each with its source.

The array functions take numpy arrays (or numbers) that broadcast together: ``category`` holds
positions in `CATEGORIES`, ``birth`` month numbers (see `workforce_sim.law.months`). Any integer
dtype will do; they compute in, and return, int32. A retirement month is the last month on the
roster.
"""

from __future__ import annotations

import datetime as dt
import difflib
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Literal, NamedTuple, Self, get_args

import numpy as np
import numpy.typing as npt
from pydantic import BeforeValidator, PositiveInt, model_validator

from workforce_sim.law.data import Cited, LawFile, LawModel, read_law
from workforce_sim.law.months import format_month, month, parse_month

Category = Literal["male", "female60", "female55", "female50"]
CATEGORIES: tuple[Category, ...] = get_args(Category)

IntArray = npt.NDArray[np.int32]


class OldAge(Cited):
    """The age until the reform, which is also the floor of early retirement."""

    since: dt.date
    age_years: PositiveInt


class Delay(Cited):
    """The reform: one month more for every ``step_months`` months of birth, up to a cap."""

    since: dt.date
    first_birth: Annotated[int, BeforeValidator(parse_month)]
    step_months: PositiveInt
    cap_months: PositiveInt


class CategoryRule(LawModel):
    """The rule for one category, with its names."""

    zh: str
    en: str
    old: OldAge
    delay: Delay

    @model_validator(mode="after")
    def _starts_with_the_reform(self) -> Self:
        reaches_old_age = self.delay.first_birth + 12 * self.old.age_years
        if reaches_old_age != month(self.delay.since.year, self.delay.since.month):
            raise ValueError(
                f"born {format_month(self.delay.first_birth)} reaches the old age in "
                f"{format_month(reaches_old_age)}, not in the month of {self.delay.since}"
            )
        return self


class Flexible(Cited):
    """Flexible retirement (弹性退休): by how many months earlier or later."""

    since: dt.date
    earlier_months: PositiveInt
    later_months: PositiveInt


class RetirementLaw(LawFile):
    """The whole of ``retirement.yaml``."""

    categories: dict[Category, CategoryRule]
    flexible: Flexible

    @model_validator(mode="after")
    def _has_every_category(self) -> Self:
        if tuple(self.categories) != CATEGORIES:
            raise ValueError(f"categories must be {', '.join(CATEGORIES)}, in this order")
        return self

    @property
    def version(self) -> str:
        """The last day on which the law changed."""
        return max(rule.delay.since for rule in self.categories.values()).isoformat()


@cache
def load_retirement_law() -> RetirementLaw:
    """Return the law of retirement as data, read once."""
    return read_law("retirement.yaml", RetirementLaw)


class _Tables(NamedTuple):
    """The figures of the rule, one entry a category."""

    old_age: IntArray
    first_birth: IntArray
    step: IntArray
    cap: IntArray


@cache
def _tables() -> _Tables:
    rules = load_retirement_law().categories.values()
    return _Tables(
        old_age=_array([12 * rule.old.age_years for rule in rules]),
        first_birth=_array([rule.delay.first_birth for rule in rules]),
        step=_array([rule.delay.step_months for rule in rules]),
        cap=_array([rule.delay.cap_months for rule in rules]),
    )


def old_age_months(category: npt.ArrayLike) -> IntArray:
    """Return the retirement age before the reform.

    Parameters
    ----------
    category : array of int
        Positions in `CATEGORIES`, any shape.

    Returns
    -------
    int32 array of the same shape
        Age in months: 720, 660 or 600.

    Raises
    ------
    TypeError
        If the positions are not integers.
    ValueError
        If a position is not one of `CATEGORIES`.

    References
    ----------
    国发〔1978〕104号; 组通字〔2015〕14号.
    """
    return _array(_tables().old_age[_codes(category)])


def delay_months(category: npt.ArrayLike, birth: npt.ArrayLike, reform: bool = True) -> IntArray:
    """Return by how many months the reform delays retirement.

    Parameters
    ----------
    category, birth : arrays of int
        Positions in `CATEGORIES` and month numbers, of shapes that broadcast.
    reform : bool
        False: the law before 2025 goes on, and nobody is delayed.

    Returns
    -------
    int32 array of the broadcast shape
        Months, 0 to 36 (60 for women in worker posts).

    Raises
    ------
    TypeError
        If an argument holds other than integers.
    ValueError
        If a category is unknown or the shapes do not broadcast.

    References
    ----------
    全国人民代表大会常务委员会关于实施渐进式延迟法定退休年龄的决定, 2024-09-13.
    """
    codes, births = np.broadcast_arrays(_codes(category), _integers("birth", birth))
    if not reform:
        return np.zeros(births.shape, dtype=np.int32)
    tables = _tables()
    beyond = births - tables.first_birth[codes]
    # Floor division puts every birth before the first at zero or below.
    return _array(np.clip(beyond // tables.step[codes] + 1, 0, tables.cap[codes]))


def legal_retirement_month(
    category: npt.ArrayLike, birth: npt.ArrayLike, reform: bool = True
) -> IntArray:
    """Return the statutory retirement month: birth month + old age + delay.

    Parameters, errors and sources are those of `delay_months`.

    Returns
    -------
    int32 array of the broadcast shape
        Month numbers; the last month on the roster.
    """
    births = _integers("birth", birth)
    return _array(births + old_age_months(category) + delay_months(category, births, reform))


def chosen_retirement_month(
    category: npt.ArrayLike,
    birth: npt.ArrayLike,
    shift_months: npt.ArrayLike,
    reform: bool = True,
) -> IntArray:
    """Return the retirement month of those who use flexible retirement (弹性退休).

    Only those whom the reform delays can choose: up to 36 months earlier but never below the old
    age, or, by agreement with the employer, up to 36 months later. A wish beyond what the law
    allows is cut down to it. A woman of ``female60`` who chooses to retire at 55 is passed as
    ``female55``.

    Parameters
    ----------
    category, birth, reform
        As in `delay_months`.
    shift_months : array of int
        Wished months: negative is earlier, positive later, 0 the statutory month.

    Returns
    -------
    int32 array of the broadcast shape
        Month numbers; the last month on the roster.

    Raises
    ------
    TypeError, ValueError
        As in `delay_months`.

    References
    ----------
    实施弹性退休制度暂行办法, 人社部发〔2024〕94号.
    """
    delay = delay_months(category, birth, reform)
    flexible = load_retirement_law().flexible
    earliest = -np.minimum(delay, flexible.earlier_months)
    latest = np.where(delay > 0, flexible.later_months, 0)
    shift = np.clip(_integers("shift_months", shift_months), earliest, latest)
    return _array(legal_retirement_month(category, birth, reform) + shift)


@dataclass(frozen=True)
class Retirement:
    """The statutory retirement of one person.

    Attributes
    ----------
    month : str
        ``YYYY-MM``, the last month on the roster.
    age_years, age_months : int
        The statutory age: so many years and, beyond them, months.
    delay_months : int
        How much of it is due to the reform.
    """

    month: str
    age_years: int
    age_months: int
    delay_months: int


def retirement(
    category: str, birth_month: str | dt.date | int | np.integer, reform: bool = True
) -> Retirement:
    """Return the statutory retirement of one person.

    Parameters
    ----------
    category : str
        One of `CATEGORIES`: ``male``, ``female60`` (senior title), ``female55`` (professional
        post), ``female50`` (worker post).
    birth_month : str, date or int
        ``YYYY-MM``, a date, or a month number.
    reform : bool
        False: the law before 2025 goes on.

    Raises
    ------
    ValueError
        If the category is unknown or the birth month is none, or not from 1900 to 2100.

    References
    ----------
    See ``retirement.yaml``.

    Examples
    --------
    >>> retirement("female55", "1970-05")
    Retirement(month='2025-07', age_years=55, age_months=2, delay_months=2)
    """
    code, birth = _code(category), _birth(birth_month)
    delay = int(delay_months(code, birth, reform))
    age = int(old_age_months(code)) + delay
    return Retirement(format_month(birth + age), *divmod(age, 12), delay)


def retirement_month(
    category: str, birth_month: str | dt.date | int | np.integer, reform: bool = True
) -> str:
    """Return the statutory retirement month of one person as ``YYYY-MM``; see `retirement`.

    Examples
    --------
    >>> retirement_month("male", "1965-01")
    '2025-02'
    """
    return retirement(category, birth_month, reform).month


def _code(category: str) -> int:
    names: tuple[str, ...] = CATEGORIES
    if category in names:
        return names.index(category)
    near = difflib.get_close_matches(str(category), names)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise ValueError(f"{category!r} is not one of {', '.join(names)}{hint}")


def _birth(value: str | dt.date | int | np.integer) -> int:
    if isinstance(value, str):
        number = parse_month(value)
    elif isinstance(value, dt.date):
        number = month(value.year, value.month)
    elif isinstance(value, int | np.integer):
        number = int(value)
    else:
        raise ValueError(f"{value!r} is not a birth month: write YYYY-MM, such as 1965-01")
    if not month(1900, 1) <= number <= month(2100, 12):
        raise ValueError(f"birth month {value!r} is not from 1900-01 to 2100-12")
    return number


def _array(values: npt.ArrayLike) -> IntArray:
    """Return int32, and an array even where numpy made a scalar of it."""
    return np.asarray(values, dtype=np.int32)


def _integers(name: str, values: npt.ArrayLike) -> IntArray:
    array = np.asarray(values)
    if not np.issubdtype(array.dtype, np.integer):
        raise TypeError(f"{name} must be integers, not {array.dtype}")
    return array.astype(np.int32)


def _codes(category: npt.ArrayLike) -> IntArray:
    codes = _integers("category", category)
    wrong = (codes < 0) | (codes >= len(CATEGORIES))
    if wrong.any():
        raise ValueError(
            f"category {codes[wrong].flat[0]} is not from 0 to {len(CATEGORIES) - 1}, "
            f"a position in {', '.join(CATEGORIES)}"
        )
    return codes
