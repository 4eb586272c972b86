"""The tables of an imported county: ``roster.csv`` and ``schools.csv``.

They hold codes, months and numbers as this program means them, and no name and no ID number of a
person: whatever an officer's own workbook looks like, it has been understood before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from workforce_sim.county.model import (
    DEGREES,
    GRADES,
    NO_MONTH,
    PRIMARY_GRADES,
    SEXES,
    SUBJECTS,
    County,
    Roster,
    Schools,
)
from workforce_sim.county.strict_csv import (
    AMOUNT,
    COUNT,
    MONTH,
    NAME,
    PLACE,
    YES_NO,
    Kind,
    Table,
    one_of,
    or_blank,
    read_table,
    write_table,
)
from workforce_sim.county.tables.columns import FACILITIES as FACILITY_COLUMNS
from workforce_sim.county.tables.columns import GRADE_KEYS
from workforce_sim.law import format_month
from workforce_sim.scenario.errors import InputError, Problem
from workforce_sim.scenario.schema import AREAS, STAGES
from workforce_sim.scenario.validation import nearest

ROSTER: dict[str, Kind] = {
    "person": COUNT,
    "school": NAME,
    "stage": one_of(STAGES),
    "sex": one_of(SEXES),
    "birth": MONTH,
    "subject": one_of(SUBJECTS),
    "specialist": YES_NO,
    "degree": one_of(DEGREES),
    "senior_title": YES_NO,
    "worker_post": YES_NO,
    "service": MONTH,
    "arrival": MONTH,
    "award": or_blank(MONTH, NO_MONTH),
}
"""The columns of ``roster.csv``: one row a person; no award is blank."""

SCHOOLS: dict[str, Kind] = {
    "name": NAME,
    "stage": one_of(STAGES),
    "area": one_of(AREAS),
    "x_km": PLACE,
    "y_km": PLACE,
    **dict.fromkeys(GRADE_KEYS, COUNT),
}
"""The columns of ``schools.csv``: one row a school, two for a nine-year school."""

FACILITIES: dict[str, Kind] = dict.fromkeys(FACILITY_COLUMNS, or_blank(AMOUNT, None))
"""Further columns of ``schools.csv``, which it may lack; kept for the indicators L4 to L7."""

Facilities = dict[str, list[float | None]]
"""The columns of `FACILITIES` that are given: a value a school, None where it is not known."""

MOST_SCHOOLS = int(np.iinfo(np.int16).max)


def write_tables(county: County, facilities: Mapping[str, Sequence[Any]], folder: Path) -> None:
    """Write a county's ``roster.csv`` and ``schools.csv`` into ``folder``.

    Parameters
    ----------
    county : County
    facilities : mapping of str to sequence (S,)
        Columns of `FACILITIES`, as far as they are known.
    folder : Path
        An existing folder.
    """
    schools, roster = county.schools, county.roster
    names = np.array(schools.names, dtype=object)
    write_table(
        folder / "roster.csv",
        ROSTER,
        {
            **dict(roster.columns()),
            "person": range(1, len(roster) + 1),
            "school": names[roster.school],
            "stage": county.staff_stage,
        },
    )
    unknown = [None] * len(schools)
    write_table(
        folder / "schools.csv",
        {**SCHOOLS, **FACILITIES},
        {
            **dict(schools.columns()),
            "name": names,
            **dict(zip(GRADE_KEYS, schools.pupils.T, strict=True)),
            **{name: facilities.get(name, unknown) for name in FACILITIES},
        },
    )


def read_tables(roster: Path, schools: Path, census: int) -> tuple[Schools, Roster]:
    """Read the tables of a county.

    Parameters
    ----------
    roster, schools : Path
    census : int
        Month of the baseline; nothing of the roster is later.

    Returns
    -------
    Schools, Roster

    Raises
    ------
    InputError
        With everything that is wrong with both files, each with its line and column.
    """
    tables: list[Table] = []
    problems: list[Problem] = []
    for path, required, optional in ((schools, SCHOOLS, FACILITIES), (roster, ROSTER, {})):
        try:
            table = read_table(path, required, optional)
        except InputError as error:
            problems += error.problems
        else:
            tables.append(table)
    if len(tables) == 2:
        of_schools, of_roster = tables
        _check_schools(of_schools)
        _check_roster(of_roster, of_schools, census)
    if problems := [*problems, *(problem for table in tables for problem in table.problems)]:
        raise InputError(sorted(problems, key=lambda p: (p.file, p.line or 0)))
    return _schools(of_schools.columns), _roster(of_roster.columns, of_schools.columns["name"])


def read_facilities(schools: Path) -> Facilities:
    """Return the facilities that a ``schools.csv`` gives; InputError as `read_tables`."""
    table = read_table(schools, SCHOOLS, FACILITIES)
    if table.problems:
        raise InputError(table.problems)
    return {name: table.columns[name] for name in FACILITIES if name in table.columns}


def _schools(columns: Mapping[str, list[Any]]) -> Schools:
    own: dict[str, Any] = {name: columns[name] for name in ("stage", "area", "x_km", "y_km")}
    pupils = np.array([columns[name] for name in GRADE_KEYS]).T.reshape(-1, GRADES)
    return Schools(tuple(columns["name"]), pupils=pupils, **own)


def _roster(columns: Mapping[str, list[Any]], names: list[str]) -> Roster:
    row = {name: n for n, name in enumerate(names)}
    own: dict[str, Any] = {field.name: columns[field.name] for field in fields(Roster)}
    return Roster(**{**own, "school": [row[name] for name in columns["school"]]})


def _check_schools(table: Table) -> None:
    columns = table.columns
    if len(table.lines) > MOST_SCHOOLS:
        table.wrong("name", [MOST_SCHOOLS], f"at most {MOST_SCHOOLS} schools can be simulated")
    _check_distinct(table, "name")
    for grade, name in enumerate(GRADE_KEYS):
        other = STAGES.index("junior" if grade < PRIMARY_GRADES else "primary")
        pairs = zip(columns["stage"], columns[name], strict=True)
        rows = [row for row, (stage, pupils) in enumerate(pairs) if stage == other and pupils]
        table.wrong(name, rows, f"a {STAGES[other]} school has no pupils in this grade")


def _check_roster(table: Table, schools: Table, census: int) -> None:
    columns = table.columns
    stage_of = dict(zip(schools.columns["name"], schools.columns["stage"], strict=True))
    _check_distinct(table, "person")
    rows_at: dict[str, list[int]] = {}
    for row, name in enumerate(columns["school"]):
        rows_at.setdefault(name, []).append(row)
    rows_at.pop(None, None)  # type: ignore[call-overload]
    for name, rows in rows_at.items():
        if name not in stage_of:
            hint = nearest(name, filter(None, stage_of))
            table.wrong("school", rows, f"there is no school {name!r} in {schools.file}{hint}")
        elif (stage := stage_of[name]) is not None:
            others = [row for row in rows if columns["stage"][row] not in (None, stage)]
            table.wrong("stage", others, f"{name} is a {STAGES[stage]} school")
    pairs = zip(columns["specialist"], columns["subject"], strict=True)
    rows = [row for row, (trained, subject) in enumerate(pairs) if trained and subject == 0]
    taught = ", ".join(SUBJECTS[1:])
    table.wrong("specialist", rows, f"a specialist teaches one of {taught}")
    for name in ("birth", "service", "arrival", "award"):
        rows = [row for row, month in enumerate(columns[name]) if month and month > census]
        table.wrong(name, rows, f"is after the census of the county, {format_month(census)}")
    pairs = zip(columns["birth"], columns["service"], strict=True)
    rows = [row for row, (birth, entry) in enumerate(pairs) if birth and entry and entry <= birth]
    table.wrong("service", rows, "is not after the month of birth")


def _check_distinct(table: Table, name: str) -> None:
    first: dict[Any, int] = {}
    again: dict[Any, list[int]] = {}
    for row, value in enumerate(table.columns[name]):
        if value is None:
            continue
        if value in first:
            again.setdefault(value, []).append(row)
        else:
            first[value] = row
    for value, rows in again.items():
        table.wrong(name, rows, f"{value!r} is already in line {table.lines[first[value]]}")
