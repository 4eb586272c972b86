"""Check the bureau's tables, and make a county of them: everything that is wrong, at once."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from workforce_sim.county.model import County, Roster, Schools
from workforce_sim.county.spec import Published, SpecialSchools
from workforce_sim.county.tables import filling
from workforce_sim.county.tables.cells import Reading
from workforce_sim.county.tables.columns import (
    COUNTY_ENTRIES,
    FILLABLE,
    GRADE_KEYS,
    POLICY_ENTRIES,
)
from workforce_sim.county.tables.comparing import (
    counts_by_school,
    special_of,
    tell_published,
    tell_staff,
)
from workforce_sim.county.tables.entries import (
    goals,
    published_counts,
    read_entries,
    special_schools,
    stated_figures,
)
from workforce_sim.county.tables.findings import ERROR, Finding, Found
from workforce_sim.county.tables.grid import Sheet
from workforce_sim.county.tables.privacy import Privacy
from workforce_sim.county.tables.roster import Staff, read_rosters
from workforce_sim.county.tables.rows import Body, body_of
from workforce_sim.county.tables.schools import SchoolTable, read_schools
from workforce_sim.county.tables.sources import tables_of, tell_columns
from workforce_sim.law import month
from workforce_sim.scenario.schema import AREAS, FACILITIES, STAGES

FIELDS = (
    *("sex", "birth", "school", "subject", "specialist", "degree"),
    *("senior_title", "worker_post", "service", "arrival", "award"),
)


@dataclass(frozen=True)
class Check:
    """What was found in the tables.

    Attributes
    ----------
    findings : tuple of Finding
        Errors first, then warnings, then what else should be known; each in the order of the rows.
    county : County or None
        None if there are errors, or no school table, or no census month.
    people : DataFrame
        The staff that are kept, a row each, numbered from 0: the fields of `Roster` that the tables
        give, as whole numbers (``school`` is a row of ``schools``); no name and no identity number.
    schools : DataFrame
        A row for each row of ``county.schools``: name, stage, area (words of STAGES and AREAS),
        x_km, y_km, grade_1 .. grade_9, classes, the facilities, NaN where not given, and site.
    counts : DataFrame
        By school: staff on the roster and in the school table, pupils, teachers by subject.
    left_out : dict of str to int
        Rows that were not read as staff, by reason.
    lacking : tuple of str
        Columns of the roster that are missing altogether and may be filled (`columns.FILLABLE`).
    filled : tuple of str
        Columns that were filled from priors, as asked.
    policy : dict of str to object
        What the policy sheet says, by the dotted paths of a scenario; a mapping where by year.
    sheets : tuple of Sheet
        The cells, without names, identity numbers and unknown columns: for the marked copy.
    """

    findings: tuple[Finding, ...] = field(repr=False)
    county: County | None
    people: pd.DataFrame = field(repr=False)
    schools: pd.DataFrame = field(repr=False)
    counts: pd.DataFrame = field(repr=False)
    left_out: dict[str, int]
    lacking: tuple[str, ...]
    filled: tuple[str, ...]
    policy: dict[str, object]
    sheets: tuple[Sheet, ...] = field(repr=False)

    @property
    def errors(self) -> int:
        """How many errors there are."""
        return sum(finding.severity == ERROR for finding in self.findings)


def check_tables(
    roster: str | Path,
    schools: str | Path | None = None,
    *,
    fill: Collection[str] = (),
    name: str | None = None,
    census: int | None = None,
) -> Check:
    """Read and check a roster (花名册) and a school table.

    Parameters
    ----------
    roster : path
        A workbook (.xlsx, .xlsm, .xls) or text table (.csv, .tsv, .txt); its other sheets are read
        too.
    schools : path, optional
        Where the school table is another file.
    fill : collection of str
        Columns (`columns.FILLABLE`) to fill from stated priors where the roster lacks them, or has
        blank cells in them.
    name : str, optional
        The county's name; it goes before that of the tables. By default the file's.
    census : int, optional
        Month as at which the roster stands (`law.month`); it goes before that of the tables.

    Returns
    -------
    Check
        A file that cannot be read is a finding like any other.

    Raises
    ------
    ValueError
        If a column to fill is none of those that may be filled.
    """
    if unknown := set(fill) - set(FILLABLE):
        raise ValueError(f"cannot fill {', '.join(sorted(unknown))}; {', '.join(FILLABLE)} can be")
    found = Found()
    files = [Path(path) for path in (roster, schools) if path is not None]
    bodies = [body_of(table, found) for table in tables_of(files, found)]
    privacy = _privacy(bodies)
    readings = [Reading(body, found, privacy) for body in bodies]
    for reading in readings:
        tell_columns(reading)

    def of(layout: str) -> list[Reading]:
        return [reading for reading in readings if reading.table.layout.name == layout]

    said = read_entries(of("county"), COUNTY_ENTRIES)
    policy = read_entries(of("policy"), POLICY_ENTRIES)
    if census is not None:
        said["census"] = census
    if name is not None:
        said["name"] = name
    as_at = said.get("census")
    school_table = read_schools(of("schools"), of("enrolment")) if of("schools") else None
    staff = None
    if of("roster"):
        now = as_at if isinstance(as_at, int) else _this_month()
        staff = read_rosters(of("roster"), school_table, now, fill)
    _tell_what_is_missing(found, files, staff, school_table, as_at)
    if staff and school_table:
        tell_staff(school_table, staff)
    published = published_counts(said, COUNTY_ENTRIES, found)
    special = special_of(special_schools(said), school_table, staff, found)
    for reading in readings:
        reading.redact()
    people = staff.people if staff else pd.DataFrame()
    county = None
    if found.sound and staff and school_table and isinstance(as_at, int):
        rows = _schools(school_table.frame)
        if staff.filled:
            people = filling.fill(people, staff.filled, rows, as_at)
        said.setdefault("name", files[0].stem)
        county = _county(said, rows, people, staff.filled, published, special)
        tell_published(county, found)
    return Check(
        findings=tuple(sorted(found.findings, key=lambda finding: finding.rank)),
        county=county,
        people=people,
        schools=school_table.frame if school_table else pd.DataFrame(),
        counts=counts_by_school(staff, school_table),
        left_out=_left_out(staff, bodies),
        lacking=staff.lacking if staff else (),
        filled=staff.filled if staff else (),
        policy=policy,
        sheets=tuple(reading.table.sheet for reading in readings),
    )


check_roster = check_tables
"""The public name."""


def _privacy(bodies: Sequence[Body]) -> Privacy:
    """Know the names of people and of schools, wherever in the sheets they stand."""
    names: list[object] = []
    schools: list[str] = []
    for body in bodies:
        columns, layout = body.table.columns, body.table.layout.name
        if layout == "roster" and "name" in columns:
            names += [row[columns["name"]] for row in body.table.sheet.rows[body.table.first :]]
        elif layout in ("schools", "enrolment"):
            schools += [str(name) for name in body.column("school") if name is not None]
    return Privacy(names, schools)


def _this_month() -> int:
    today = dt.date.today()
    return month(today.year, today.month)


def _tell_what_is_missing(
    found: Found,
    files: Sequence[Path],
    staff: Staff | None,
    schools: SchoolTable | None,
    census: object,
) -> None:
    if staff is not None and staff.people.empty:
        found.add("roster_empty", files[0].name)
    if schools is None:
        if len(files) == 1:
            found.add("schools_not_given", files[0].name)
    elif schools.frame.empty:
        found.add("schools_empty", files[-1].name)
    if census is None and staff is not None:
        found.add("census_not_given", files[0].name)


def _left_out(staff: Staff | None, bodies: Sequence[Body]) -> dict[str, int]:
    left_out = Counter(staff.left_out) if staff else Counter[str]()
    for body in bodies:
        if body.table.layout.name == "roster":
            left_out.update(body.left_out)
    return dict(left_out)


def _schools(frame: pd.DataFrame) -> Schools:
    return Schools(
        names=tuple(frame["name"]),
        stage=np.array([STAGES.index(stage) for stage in frame["stage"]], dtype=np.int8),
        area=np.array([AREAS.index(area) for area in frame["area"]], dtype=np.int8),
        x_km=frame["x_km"].to_numpy(np.float64),
        y_km=frame["y_km"].to_numpy(np.float64),
        pupils=frame[list(GRADE_KEYS)].to_numpy(np.int32),
        facilities=frame[list(FACILITIES)].to_numpy(np.float64),
        classes=frame["classes"].to_numpy(np.float64),
        site=frame["site"].to_numpy(np.int16),
    )


def _county(
    said: dict[str, object],
    schools: Schools,
    people: pd.DataFrame,
    filled: Sequence[str],
    published: Published | None,
    special: SpecialSchools,
) -> County:
    name, census, marks = said["name"], said["census"], said.get("synthetic", ())
    assert isinstance(census, int) and isinstance(marks, tuple)
    return County(
        name=str(name),
        name_en=str(said.get("name_en", name)),
        census=census,
        schools=schools,
        roster=Roster(**{column: people[column].to_numpy(np.int64) for column in FIELDS}),
        published=published,
        stated=stated_figures(said),
        special=special,
        goals=goals(said),
        synthetic=tuple(dict.fromkeys((*marks, *(f"filled_{column}" for column in filled)))),
    )
