"""The school table and the pupils: which schools there are, and which sections they have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

import numpy as np
import numpy.typing as npt
import pandas as pd

from workforce_sim.county.model import GRADES, PRIMARY_GRADES
from workforce_sim.county.spec import SpecialSchools
from workforce_sim.county.tables.cells import Ints, Reading
from workforce_sim.county.tables.columns import AMOUNTS, GRADE_KEYS
from workforce_sim.county.tables.facilities import amounts_of, tell_facilities
from workforce_sim.county.tables.text import as_text, plain
from workforce_sim.county.tables.values import (
    BLANK,
    KINDS,
    WITH_SENIOR_HIGH,
    read_amount,
    read_area,
    read_count,
    read_kind,
    read_number,
)
from workforce_sim.scenario.schema import AREAS, STAGES

SECTIONS = {"primary": "（小学部）", "junior": "（初中部）"}
"""Added to the name of a school with both: its sections are judged each on its own."""
GRADES_OF = {"primary": slice(0, PRIMARY_GRADES), "junior": slice(PRIMARY_GRADES, GRADES)}
COLUMNS = ("name", "stage", "area", "x_km", "y_km", *GRADE_KEYS, *AMOUNTS, "site")
_DISTRICT = re.compile(r"(.{1,8}?[省市县区镇乡])+")


@dataclass
class Row:
    """A row of the school table; what cannot be read is None."""

    reading: Reading
    position: int
    name: str
    kind: str
    senior_high: bool
    area: str | None
    place: tuple[float, float]
    totals: tuple[int, int]
    grades: Ints
    staff: int
    amounts: tuple[float, ...]

    def tell(self, code: str, key: str = "school", **details: object) -> None:
        """Add a finding at this row."""
        here = np.arange(len(self.reading)) == self.position
        self.reading.tell(here, code, key, **details)


@dataclass
class Unit:
    """A school, of one row or, where its sections are listed apart, of two.

    Attributes
    ----------
    name : str
    rows : list of Row
    sections : dict of str to int
        The row of `SchoolTable.frame` of each stage that it teaches.
    state : str
        open, outside (compulsory education), special, closed (no pupils), or bad (told already).
    """

    name: str
    rows: list[Row]
    sections: dict[str, int] = field(default_factory=dict)
    state: str = "open"

    @property
    def kinds(self) -> set[str]:
        """The kinds of its rows."""
        return {row.kind for row in self.rows}

    @property
    def needs_stage(self) -> bool:
        """Whether its teachers must say which stage they teach."""
        return len(self.sections) > 1 or any(row.senior_high for row in self.rows)

    @property
    def staff(self) -> int | None:
        """Its staff as the table states, if it does."""
        stated = [row.staff for row in self.rows if row.staff != BLANK]
        return sum(stated) if stated else None


@dataclass
class SchoolTable:
    """All schools.

    Attributes
    ----------
    units : list of Unit
    frame : DataFrame
        A row for each section of compulsory education: ``COLUMNS``.
    special : SpecialSchools
        Special-education schools and their pupils; the staff as the table states them.
    """

    units: list[Unit]
    frame: pd.DataFrame
    special: SpecialSchools

    def __post_init__(self) -> None:
        self._index = {plain(unit.name): i for i, unit in enumerate(self.units)}

    def find(self, name: str) -> tuple[int, bool]:
        """Return a school's position or -1, and whether its name lacks or adds a district."""
        text = plain(name)
        if text in self._index:
            return self._index[text], False
        nearly = [i for known, i in self._index.items() if _differ_by_district(known, text)]
        return (nearly[0], True) if len(nearly) == 1 else (-1, False)

    def nearest(self, name: str) -> str:
        """Return the name that is most like one that is not there, or nothing."""
        near = get_close_matches(plain(name), self._index, n=1, cutoff=0.6)
        return self.units[self._index[near[0]]].name if near else ""


def _differ_by_district(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return long.endswith(short) and bool(_DISTRICT.fullmatch(long.removesuffix(short)))


def read_schools(tables: Sequence[Reading], enrolment: Sequence[Reading]) -> SchoolTable:
    """Read the school table and the pupils by grade; everything that is wrong is told."""
    units = _units(row for reading in tables for row in _rows(reading))
    pupils = _Enrolment(enrolment, {plain(unit.name) for unit in units})
    sections = [section for unit in units for section in _open(unit, pupils)]
    for i, (unit, section) in enumerate(sections):
        unit.sections[str(section["stage"])] = i
    for unit in units:
        first = min(unit.sections.values(), default=BLANK)
        for (stage, i), amounts in zip(unit.sections.items(), amounts_of(unit), strict=True):
            sections[i][1].update(amounts, site=first)
            if len(unit.sections) > 1:
                sections[i][1]["name"] = unit.name + SECTIONS[stage]
    frame = pd.DataFrame([section for _, section in sections], columns=list(COLUMNS))
    tell_facilities(units, frame[list(GRADE_KEYS)].sum(axis=1).tolist())
    special = [row for unit in units if unit.state == "special" for row in unit.rows]
    return SchoolTable(
        units,
        frame,
        SpecialSchools(
            schools=len(special),
            pupils=sum(max(n, 0) for row in special for n in (*row.totals, *row.grades)),
            staff=sum(max(row.staff, 0) for row in special),
        ),
    )


# --- the rows of the school table -----------------------------------------------------------------


def _rows(reading: Reading) -> Iterator[Row]:
    everywhere = np.ones(len(reading), dtype=bool)
    names = reading.names()
    reading.tell_blank(pd.isna(names), "school")
    kinds = reading.read("kind", read_kind)
    reading.tell_bad(kinds, "kind", everywhere, needed=True)
    outside = np.isin(kinds.codes, [KINDS.index("outside"), KINDS.index("special")])
    areas = reading.read("area", read_area)
    reading.tell_bad(areas, "area", ~outside, needed=True)
    columns: dict[str, npt.NDArray[np.generic]] = {}
    for key in ("primary_pupils", "junior_pupils", "staff", *GRADE_KEYS):
        cells = reading.read(key, read_count)
        reading.tell_bad(cells, key, everywhere)
        columns[key] = cells.codes
    for key in ("x_km", "y_km", *AMOUNTS):
        read = read_amount if key in AMOUNTS else read_number
        cells = reading.read(key, read, np.nan)
        reading.tell_bad(cells, key, everywhere)
        columns[key] = np.where(cells.bad, 0, cells.values)  # an error: it is not blank
    reading.read("code", lambda value: 0)
    raw = reading.body.column("kind")
    for i in np.flatnonzero(kinds.good & ~pd.isna(names)):
        yield Row(
            reading=reading,
            position=int(i),
            name=names[i],
            kind=KINDS[kinds.codes[i]],
            senior_high=plain(as_text(raw[i])).startswith(WITH_SENIOR_HIGH),
            area=AREAS[areas.codes[i]] if areas.good[i] else None,
            place=(  # to the metre, as schools.csv keeps it
                round(float(np.nan_to_num(columns["x_km"][i])), 3),
                round(float(np.nan_to_num(columns["y_km"][i])), 3),
            ),
            totals=(int(columns["primary_pupils"][i]), int(columns["junior_pupils"][i])),
            grades=np.array([columns[key][i] for key in GRADE_KEYS], dtype=np.int64),
            staff=int(columns["staff"][i]),
            amounts=tuple(round(float(columns[key][i]), 2) for key in AMOUNTS),
        )


def _units(rows: Iterable[Row]) -> list[Unit]:
    """Join the two rows of a school whose sections are listed apart; others are there twice."""
    units: dict[str, Unit] = {}
    for row in rows:
        unit = units.get(plain(row.name))
        if unit is None:
            unit = units[plain(row.name)] = Unit(row.name, [row])
            if row.kind in ("outside", "special"):
                unit.state = row.kind
                row.tell(f"school_{row.kind}", "kind")
        elif len(unit.rows) == 1 and {*unit.kinds, row.kind} == set(STAGES):
            unit.rows.append(row)
        else:
            row.tell("school_twice")
    return list(units.values())


def _open(unit: Unit, pupils: _Enrolment) -> Iterator[tuple[Unit, dict[str, object]]]:
    """Yield the sections of a school that have pupils."""
    if unit.state != "open":
        return
    found = False
    for row in unit.rows:
        stages = STAGES if row.kind == "both" else (row.kind,)
        by_grade = pupils.of(unit, row)
        if row.area is None or any(by_grade[GRADES_OF[stage]][0] == BLANK for stage in stages):
            unit.state = "bad"
            continue
        for stage in stages:
            grades = np.zeros(GRADES, dtype=np.int64)
            grades[GRADES_OF[stage]] = by_grade[GRADES_OF[stage]]
            if grades.any():
                found = True
                yield (
                    unit,
                    {
                        "name": unit.name,
                        "stage": stage,
                        "area": row.area,
                        "x_km": row.place[0],
                        "y_km": row.place[1],
                        **dict(zip(GRADE_KEYS, grades.tolist(), strict=True)),
                    },
                )
    if not found and unit.state == "open":
        unit.state = "closed"
        unit.rows[0].tell("school_closed")


# --- pupils ---------------------------------------------------------------------------------------


class _Enrolment:
    """Pupils by grade, from the enrolment sheet, else from the school table."""

    def __init__(self, readings: Sequence[Reading], schools: set[str]) -> None:
        self.by_school: dict[str, Ints] = {}
        for reading in readings:
            names = reading.names()
            reading.tell_blank(pd.isna(names), "school")
            columns = []
            for key in GRADE_KEYS:
                cells = reading.read(key, read_count)
                reading.tell_bad(cells, key, np.ones(len(reading), dtype=bool))
                columns.append(cells.codes)
            grades = np.stack(columns, axis=1)
            keys = [plain(name or "") for name in names]
            reading.tell(
                np.array([bool(k) and k not in schools for k in keys]),
                "enrolment_unknown",
                "school",
            )
            for i, school in enumerate(keys):
                known = self.by_school.setdefault(school, np.full(GRADES, BLANK, dtype=np.int64))
                if school and ((known != BLANK) & (grades[i] != BLANK)).any():
                    reading.tell(np.arange(len(reading)) == i, "school_twice", "school")
                self.by_school[school] = np.where(grades[i] != BLANK, grades[i], known)

    def of(self, unit: Unit, row: Row) -> Ints:
        """Return a row's pupils by grade; a stage that nothing is said of begins with BLANK."""
        listed = self.by_school.get(plain(unit.name), np.full(GRADES, BLANK, dtype=np.int64))
        grades = np.where(listed != BLANK, listed, row.grades)
        stages = STAGES if row.kind == "both" else (row.kind,)
        for stage, total in zip(STAGES, row.totals, strict=True):
            here = GRADES_OF[stage]
            said = grades[here] != BLANK
            if stage not in stages:
                if len(unit.rows) == 1 and (grades[here] > 0).any():
                    row.tell("pupils_wrong_grade", "kind", pupils=int(grades[here].clip(0).sum()))
            elif said.any():
                grades[here] = grades[here].clip(0)
                if total not in (BLANK, grades[here].sum()):
                    row.tell("pupils_differ", f"{stage}_pupils", by_grade=int(grades[here].sum()))
            elif total != BLANK:
                n = len(said)
                grades[here] = (total + np.arange(n)[::-1]) // n
                if total:
                    row.tell("pupils_spread", f"{stage}_pupils")
            elif row.kind == "both" and self._has_other(grades, row, stage):
                grades[here] = 0
            else:
                row.tell("school_no_pupils", f"{stage}_pupils")
        return grades

    @staticmethod
    def _has_other(grades: Ints, row: Row, stage: str) -> bool:
        """Say whether the other stage of a school of both has pupils, so that a blank is none."""
        other = STAGES[1 - STAGES.index(stage)]
        return bool((grades[GRADES_OF[other]] > 0).any() or row.totals[STAGES.index(other)] > 0)
