"""A county on the day before the simulation begins: its schools and its staff, as arrays.

Frozen, and the arrays are read-only, so that one county can serve any number of replications.
Codes are positions in the tuples of `workforce_sim.scenario.schema`; months are whole numbers (see
`workforce_sim.law.months`).
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from workforce_sim.county.spec import (
    NO_GOALS,
    NO_SPECIAL_SCHOOLS,
    NOTHING_STATED,
    Goals,
    Published,
    SpecialSchools,
    Stated,
)
from workforce_sim.law import CATEGORIES, legal_retirement_month
from workforce_sim.scenario.schema import AREAS, ARTS_PE, FACILITIES, STAGES

MALE, FEMALE = 0, 1
SEXES = ("male", "female")
OTHER_SUBJECT = 0
SUBJECTS = ("other", *ARTS_PE)
BELOW_ASSOCIATE, ASSOCIATE, BACHELOR, MASTER = range(4)
DEGREES = ("below_associate", "associate", "bachelor", "master")
NO_MONTH = -1
INDICATOR_OF = dict(zip(FACILITIES, ("L4", "L5", "L6", "L7"), strict=True))
"""The indicator of the standard that looks at each item of facilities."""
NOT_GIVEN: Any = None
"""Stands for a column that a table of schools is made without."""
GRADES = 9
PRIMARY_GRADES = 6
"""Columns 0-5 of ``Schools.pupils`` belong to primary schools, the others to junior schools."""

_MALE, _FEMALE60, _FEMALE55, _FEMALE50 = (
    CATEGORIES.index(category) for category in ("male", "female60", "female55", "female50")
)


class _Table(ABC):
    """Columns of equal length; each is copied, given its dtype and made read-only."""

    def _own(self, **dtypes: npt.DTypeLike) -> None:
        rows = len(self)
        for column, dtype in dtypes.items():
            values = np.array(getattr(self, column), dtype=dtype)
            if len(values) != rows:
                raise ValueError(f"{column} has {len(values)} rows, not {rows}")
            values.setflags(write=False)
            object.__setattr__(self, column, values)

    def _within(self, column: str, low: int, high: int) -> None:
        values = getattr(self, column)
        wrong = (values < low) | (values >= high)
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            raise ValueError(
                f"{column} of row {row} is {values[row]}, not from {low} to {high - 1}"
            )

    @abstractmethod
    def __len__(self) -> int: ...

    def columns(self) -> Iterator[tuple[str, npt.NDArray[np.generic]]]:
        """Yield the name and the values of each column that is an array."""
        for field in fields(self):  # type: ignore[arg-type]
            values = getattr(self, field.name)
            if isinstance(values, np.ndarray):
                yield field.name, values


@dataclass(frozen=True, eq=False)
class Schools(_Table):
    """The schools of a county, S of them. A nine-year school is two rows, its two sections.

    Attributes
    ----------
    names : tuple of str (S,)
        Each name once.
    stage, area : int8 (S,)
        Positions in ``STAGES`` and ``AREAS``.
    x_km, y_km : float64 (S,)
        Place, east and north of the county seat.
    pupils : int32 (S, 9)
        Pupils by grade; columns 0-5 are used by primary schools, 6-8 by junior schools.
    facilities : float64 (S, 4)
        The items of L4 to L7, ``FACILITIES``: m2, m2, yuan, rooms; NaN: not known (the default). A
        nine-year school's stand at its first row as a whole, and 0 at the other.
    classes : float64 (S,)
        Classes; NaN: not known (the default). Of a nine-year school that does not tell them apart,
        all stand at its first row, and 0 at the other.
    site : int16 (S,)
        The rows of one nine-year school have the same number, that of the first of them; any other
        school has its own row (the default).
    """

    names: tuple[str, ...]
    stage: npt.NDArray[np.int8]
    area: npt.NDArray[np.int8]
    x_km: npt.NDArray[np.float64]
    y_km: npt.NDArray[np.float64]
    pupils: npt.NDArray[np.int32]
    facilities: npt.NDArray[np.float64] = NOT_GIVEN
    classes: npt.NDArray[np.float64] = NOT_GIVEN
    site: npt.NDArray[np.int16] = NOT_GIVEN

    def __post_init__(self) -> None:
        not_known = np.full((len(self), len(FACILITIES)), np.nan)
        for column, default in (
            ("facilities", not_known),
            ("classes", not_known[:, 0]),
            ("site", np.arange(len(self))),
        ):
            if getattr(self, column) is NOT_GIVEN:
                object.__setattr__(self, column, default)
        self._own(stage=np.int8, area=np.int8, x_km=np.float64, y_km=np.float64, pupils=np.int32)
        self._own(facilities=np.float64, classes=np.float64, site=np.int16)
        if len(set(self.names)) < len(self):
            raise ValueError("a school's name occurs twice")
        self._within("stage", 0, len(STAGES))
        self._within("area", 0, len(AREAS))
        if self.pupils.shape != (len(self), GRADES):
            raise ValueError(f"pupils has shape {self.pupils.shape}, not ({len(self)}, {GRADES})")
        if (self.pupils < 0).any():
            raise ValueError("pupils are negative")
        in_primary_grades = np.arange(GRADES) < PRIMARY_GRADES
        is_primary = self.stage == STAGES.index("primary")
        if self.pupils[in_primary_grades != is_primary[:, None]].any():
            raise ValueError("a school has pupils in grades of the other stage")
        self._check_sites()
        if self.facilities.shape != (len(self), len(FACILITIES)):
            raise ValueError(f"facilities have shape {self.facilities.shape}")
        is_second = (self.site != np.arange(len(self)))[:, None]
        if (self.facilities > 0)[is_second[:, 0]].any():
            raise ValueError("the facilities of a nine-year school stand at its first row")
        self._amounts("facilities", np.where(is_second, 0.0, self.facilities))
        self._amounts("classes", self.classes)

    def _check_sites(self) -> None:
        rows = np.arange(len(self))
        self._within("site", 0, len(self))
        if (self.site > rows).any() or (self.site[self.site] != self.site).any():
            raise ValueError("a site is not the first row of its school")
        if len({*zip(self.site.tolist(), self.stage.tolist(), strict=True)}) < len(self):
            raise ValueError("a nine-year school has two sections of one stage")

    def _amounts(self, column: str, values: npt.NDArray[np.float64]) -> None:
        """Own amounts, 0 or more or NaN, in one way of writing each: no -0.0, no other NaN."""
        if (values < 0).any() or np.isinf(values).any():
            raise ValueError(f"{column} are negative or infinite")
        object.__setattr__(self, column, np.where(np.isnan(values), np.nan, values + 0.0))
        self._own(**{column: np.float64})

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def known(self) -> npt.NDArray[np.bool_]:
        """Which of ``FACILITIES`` are known of every school with pupils: bool (4,)."""
        of_site = self.facilities[self.site[self.size > 0]]
        return np.asarray(~np.isnan(of_site).any(axis=0))

    @cached_property
    def sections(self) -> npt.NDArray[np.int64]:
        """The rows of each nine-year school, the first and the other: int64 (schools, 2)."""
        other = np.flatnonzero(self.site != np.arange(len(self)))
        return np.stack([self.site[other], other], axis=1).astype(np.int64)

    @cached_property
    def size(self) -> npt.NDArray[np.int64]:
        """Pupils of each school: int64 (S,)."""
        return np.asarray(self.pupils.sum(axis=1, dtype=np.int64))


@dataclass(frozen=True, eq=False)
class Roster(_Table):
    """The staff of a county, N of them.

    Attributes
    ----------
    sex : int8 (N,)
        0 male, 1 female.
    birth : int32 (N,)
        Month of birth.
    school : int16 (N,)
        Row of `Schools`.
    subject : int8 (N,)
        What they mainly teach: 0 other, 1 PE, 2 music, 3 art.
    specialist : bool (N,)
        Trained in the PE or arts subject that they teach.
    degree : int8 (N,)
        0 below 专科, 1 专科, 2 本科, 3 master or above.
    senior_title : bool (N,)
        副高 and above.
    worker_post : bool (N,)
        工勤 post.
    service, arrival : int32 (N,)
        Month of entry to service, and to the present school.
    award : int32 (N,)
        Month of the award as a backbone teacher; -1: none.
    """

    sex: npt.NDArray[np.int8]
    birth: npt.NDArray[np.int32]
    school: npt.NDArray[np.int16]
    subject: npt.NDArray[np.int8]
    specialist: npt.NDArray[np.bool_]
    degree: npt.NDArray[np.int8]
    senior_title: npt.NDArray[np.bool_]
    worker_post: npt.NDArray[np.bool_]
    service: npt.NDArray[np.int32]
    arrival: npt.NDArray[np.int32]
    award: npt.NDArray[np.int32]

    def __post_init__(self) -> None:
        self._own(
            sex=np.int8,
            birth=np.int32,
            school=np.int16,
            subject=np.int8,
            specialist=np.bool_,
            degree=np.int8,
            senior_title=np.bool_,
            worker_post=np.bool_,
            service=np.int32,
            arrival=np.int32,
            award=np.int32,
        )
        self._within("sex", 0, len(SEXES))
        self._within("subject", 0, len(SUBJECTS))
        self._within("degree", 0, len(DEGREES))
        if (self.specialist & (self.subject == OTHER_SUBJECT)).any():
            raise ValueError("a specialist teaches none of PE, music and art")

    def __len__(self) -> int:
        return len(self.sex)

    @property
    def is_backbone(self) -> npt.NDArray[np.bool_]:
        """Who is a backbone teacher: bool (N,)."""
        return np.asarray(self.award != NO_MONTH)

    def retirement_category(self) -> npt.NDArray[np.int8]:
        """Return the category of retirement law: int8 (N,), positions in ``law.CATEGORIES``."""
        return retirement_category(self.sex, self.senior_title, self.worker_post)

    def legal_retirement(self, reform: bool = True) -> npt.NDArray[np.int32]:
        """Return the statutory retirement month, the last one on the roster: int32 (N,)."""
        return legal_retirement_month(self.retirement_category(), self.birth, reform)


def retirement_category(
    sex: npt.NDArray[np.integer],
    senior_title: npt.NDArray[np.bool_],
    worker_post: npt.NDArray[np.bool_],
) -> npt.NDArray[np.int8]:
    """Return the category of retirement law, a position in ``law.CATEGORIES``; arrays (N,)."""
    women = np.select([worker_post, senior_title], [_FEMALE50, _FEMALE60], default=_FEMALE55)
    return np.where(sex == FEMALE, women, _MALE).astype(np.int8)


@dataclass(frozen=True, eq=False)
class County:
    """Schools, staff, and what the county has published of itself, if anything.

    Attributes
    ----------
    name, name_en : str
    census : int
        Month of the baseline. The simulation begins on 1 January of the year after.
    schools : Schools
    roster : Roster
    published : Published or None
        The counts that the county states.
    stated : Stated
        The ratios that it states, for the reconciliation.
    special : SpecialSchools
        Special-education schools: on the books, not simulated.
    goals : Goals
        Where the county means its schools to be.
    synthetic : tuple of str
        What is synthetic, as keys of the reports' words; empty for a real roster.
    """

    name: str
    name_en: str
    census: int
    schools: Schools
    roster: Roster
    published: Published | None = None
    stated: Stated = NOTHING_STATED
    special: SpecialSchools = NO_SPECIAL_SCHOOLS
    goals: Goals = NO_GOALS
    synthetic: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.roster._within("school", 0, len(self.schools))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the schools, the roster and the census month, in hex."""
        sha = hashlib.sha256(f"{self.census}\n{self.schools.names}\n".encode())
        for table in (self.schools, self.roster):
            for name, values in table.columns():
                sha.update(name.encode())
                sha.update(values.astype(values.dtype.newbyteorder("<")).tobytes())
        return sha.hexdigest()

    @property
    def size(self) -> int:
        """People on the roster."""
        return len(self.roster)

    @cached_property
    def staff_stage(self) -> npt.NDArray[np.int8]:
        """Stage of each of the staff: int8 (N,), positions in ``STAGES``."""
        return self.schools.stage[self.roster.school]

    def stage_counts(self, stage: str) -> dict[str, int]:
        """Count schools, pupils, staff, degrees (本科 and above) and backbone teachers."""
        code = STAGES.index(stage)
        of_stage = self.schools.stage == code
        staff = self.staff_stage == code
        return {
            "schools": int(of_stage.sum()),
            "pupils": int(self.schools.size[of_stage].sum()),
            "staff": int(staff.sum()),
            "degree": int((staff & (self.roster.degree >= BACHELOR)).sum()),
            "backbone": int((staff & self.roster.is_backbone).sum()),
        }

    def subject_counts(self, subject: str) -> dict[str, int]:
        """Count the teachers of PE, music or art in both stages, and their specialists."""
        teachers = self.roster.subject == SUBJECTS.index(subject)
        return {
            "teachers": int(teachers.sum()),
            "specialists": int((teachers & self.roster.specialist).sum()),
        }

    def retirements(self, year: int, reform: bool = True) -> int:
        """Count those on the roster whose statutory retirement month is in ``year``."""
        return int((self.roster.legal_retirement(reform) // 12 == year).sum())
