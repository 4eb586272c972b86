"""The school table and the pupils: which schools there are, and which sections they have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import numpy.typing as npt
import pandas as pd

from workforce_sim.county.model import GRADES
from workforce_sim.county.spec import SpecialSchools
from workforce_sim.county.tables.cells import Reading
from workforce_sim.county.tables.columns import AMOUNTS, GRADE_KEYS
from workforce_sim.county.tables.facilities import amounts_of, tell_facilities
from workforce_sim.county.tables.pupils import GRADES_OF, Enrolment
from workforce_sim.county.tables.text import as_text, plain
from workforce_sim.county.tables.units import Row, Unit
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
COLUMNS = ("name", "stage", "area", "x_km", "y_km", *GRADE_KEYS, *AMOUNTS, "site")
_DISTRICT = re.compile(r"(.{1,8}?[省市县区镇乡])+")


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

    def find(self, name: str) -> int:
        """Return a school's position, or -1."""
        return self._index.get(plain(name), -1)

    def by_district(self, name: str) -> int:
        """Return the only school whose name lacks or adds a district, or -1."""
        nearly = [i for known, i in self._index.items() if _differ_by_district(known, plain(name))]
        return nearly[0] if len(nearly) == 1 else -1

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
    pupils = Enrolment(enrolment, {plain(unit.name) for unit in units})
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


def _open(unit: Unit, pupils: Enrolment) -> Iterator[tuple[Unit, dict[str, object]]]:
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
