"""The tables of an imported county: ``roster.csv`` and ``schools.csv``.

They hold codes, months and numbers as this program means them, and no name and no ID number of a
person: whatever an officer's own workbook looks like, it has been understood before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
from workforce_sim.county.sections import whole_of
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
from workforce_sim.county.tables.columns import GRADE_KEYS
from workforce_sim.law import format_month
from workforce_sim.scenario.errors import InputError, Problem
from workforce_sim.scenario.schema import AREAS, FACILITIES, STAGES
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

OPTIONAL: dict[str, Kind] = {
    "site": or_blank(NAME, None),
    **dict.fromkeys(("classes", *FACILITIES), or_blank(AMOUNT, None)),
}
"""Columns that ``schools.csv`` may lack. The two rows of a nine-year school have one site, the name
of either, and its facilities stand in one of them; what is blank is not known."""

MOST_SCHOOLS = int(np.iinfo(np.int16).max)


def write_tables(county: County, folder: Path) -> None:
    """Write a county's ``roster.csv`` and ``schools.csv`` into ``folder``, which exists."""
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
    nine_year = set(schools.sections[:, 0].tolist())
    stands_here = schools.site == np.arange(len(schools))
    whole = np.where(stands_here[:, None], schools.facilities, np.nan)
    write_table(
        folder / "schools.csv",
        {**SCHOOLS, **OPTIONAL},
        {
            **dict(schools.columns()),
            "name": names,
            **dict(zip(GRADE_KEYS, schools.pupils.T, strict=True)),
            "site": [names[site] if site in nine_year else None for site in schools.site],
            "classes": _blanks(schools.classes),
            **{item: _blanks(amounts) for item, amounts in zip(FACILITIES, whole.T, strict=True)},
        },
    )


def _blanks(amounts: Iterable[float]) -> list[float | None]:
    return [None if np.isnan(amount) else amount for amount in amounts]


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
    for path, required, optional in ((schools, SCHOOLS, OPTIONAL), (roster, ROSTER, {})):
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


def _schools(columns: Mapping[str, list[Any]]) -> Schools:
    own: dict[str, Any] = {name: columns[name] for name in ("stage", "area", "x_km", "y_km")}
    pupils = np.array([columns[name] for name in GRADE_KEYS]).T.reshape(-1, GRADES)
    names = tuple(columns["name"])
    amounts = np.full((len(names), 1 + len(FACILITIES)), np.nan)
    for column, name in enumerate(("classes", *FACILITIES)):
        if name in columns:
            amounts[:, column] = columns[name]
    site = np.arange(len(names), dtype=np.int16)
    for rows in _sites(columns).values():
        site[rows] = rows[0]
        amounts[rows[0], 1:] = whole_of(amounts[rows, 1:])
        amounts[rows[1:], 1:] = 0.0
    return Schools(
        names, pupils=pupils, classes=amounts[:, 0], facilities=amounts[:, 1:], site=site, **own
    )


def _sites(columns: Mapping[str, list[Any]]) -> dict[str, list[int]]:
    """Return the rows of each nine-year school."""
    sites: dict[str, list[int]] = {}
    for row, name in enumerate(columns.get("site", ())):
        if name is not None:
            sites.setdefault(name, []).append(row)
    return sites


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
    for name, rows in _sites(columns).items():
        stages = [columns["stage"][row] for row in rows]
        if None not in stages and sorted(stages) != list(range(len(STAGES))):
            expected = "a nine-year school has two, one of each stage; of other schools it is blank"
            table.wrong("site", rows[:1], f"{len(rows)} rows have the site {name!r}: {expected}")


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
