"""The roster (花名册): who is on the staff, and what each has; nobody's name or number is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pandas as pd

from workforce_sim.county.tables.cells import Reading
from workforce_sim.county.tables.columns import FILLABLE, ROSTER
from workforce_sim.county.tables.people import People
from workforce_sim.county.tables.schools import SchoolTable

STANDS_FOR = {"title": {"title_post"}, "backbone": {"award"}, "award": {"award"}}
"""Columns that serve where another is missing."""


@dataclass(frozen=True, eq=False)
class Staff:
    """The staff of all rosters.

    Attributes
    ----------
    people : DataFrame
        See `Check.people`.
    schools : list of str
        The school of each as written (tidied), for a roster without a school table.
    left_out : Counter
        People who are not among the staff, by reason.
    lacking, filled : tuple of str
        Columns that no roster has; those to be filled, because of them or of blank cells.
    """

    people: pd.DataFrame
    schools: list[str | None]
    left_out: Counter[str]
    lacking: tuple[str, ...]
    filled: tuple[str, ...]


def read_rosters(
    readings: Sequence[Reading], schools: SchoolTable | None, census: int, fill: Collection[str]
) -> Staff:
    """Read the rosters; everything that is wrong is told."""
    columns = {key for reading in readings for key in reading.table.columns}
    lacking = tuple(key for key in FILLABLE if columns.isdisjoint({key, *STANDS_FOR.get(key, ())}))
    if "backbone" in lacking:
        lacking = tuple(key for key in lacking if key != "award")  # it comes with the other
    for key in lacking:
        code = "column_filled" if key in fill else "column_lacking"
        readings[0].tell_table(code, key, column=key, name=ROSTER.by_key[key].header)
    parts = [People(reading, schools, census, fill, lacking) for reading in readings]
    _tell_twice(parts)
    used = {key for part in parts for key in part.filled} | {*lacking} & {*fill}
    return Staff(
        people=pd.concat([part.people() for part in parts], ignore_index=True),
        schools=[name for part in parts for name in part.school_names[part.kept]],
        left_out=sum((part.left_out for part in parts), Counter[str]()),
        lacking=lacking,
        filled=tuple(key for key in FILLABLE if key in used),
    )


def _tell_twice(parts: Sequence[People]) -> None:
    """Tell of people who are there twice, with the row of the first time."""
    first: dict[object, tuple[int, int]] = {}
    for number, part in enumerate(parts):
        for i, key in enumerate(part.keys()):
            row = int(part.reading.body.rows[i]) + 1
            if key is None or first.setdefault(key, (number, row)) == (number, row):
                continue
            there, earlier = first[key]
            sheet = parts[there].reading.table.sheet.name
            place_of_first = str(earlier) if there == number else f"{sheet}!{earlier}"
            part.reading.tell_row(i, "person_twice", first=place_of_first)
