"""Which sheet is which table, and which column is which: told by the header, wherever it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from workforce_sim.county.tables.columns import (
    COUNTY,
    ENROLMENT,
    LAYOUTS,
    POLICY,
    SCHOOLS,
    Column,
    Layout,
)
from workforce_sim.county.tables.grid import Cell, Sheet
from workforce_sim.county.tables.text import as_text, plain, tidy

SEARCHED = 40
"""A header is looked for in so many first rows."""
ENOUGH = {"roster": 3, "schools": 2, "enrolment": 2}
"""So many columns, beside the school and the number, make a table of a kind."""
COMMON = {"number", "school", "note"}

_TAIL = re.compile(r"[(\[【].*$")
_MARKS = str.maketrans("", "", "*#:,.、/_-?")


@dataclass
class Table:
    """A sheet whose header was recognised.

    Attributes
    ----------
    layout : Layout
    sheet : Sheet
    header : tuple of int
        Its one or two rows, counted from 0; the data begin after the last.
    columns : dict of str to int
        The column (from 0) of each key.
    headers : dict of str to str
        What stands above it.
    seconds : list of (key, column, header)
        Columns that are there again, by the same header or by a synonym.
    unknown : list of (column, header)
        Columns that are not of this table; never kept.
    """

    layout: Layout
    sheet: Sheet
    header: tuple[int, ...]
    columns: dict[str, int] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    seconds: list[tuple[str, int, str]] = field(default_factory=list)
    unknown: list[tuple[int, str]] = field(default_factory=list)

    @property
    def first(self) -> int:
        """The first row of data, counted from 0."""
        return self.header[-1] + 1


def recognise(sheet: Sheet) -> Table | None:
    """Return the table that a sheet holds, or None if no header is known."""
    best, score = None, 0
    for layout in LAYOUTS:
        for header, labels in _candidates(sheet):
            names = known(layout)
            forms_known = (_find(names, texts) for texts in labels)
            keys = {names[form][0] for form in forms_known if form}
            enough = (
                {"key", "value"} <= keys
                if layout in (COUNTY, POLICY)
                else len((keys & layout.by_key.keys()) - COMMON) >= ENOUGH[layout.name]
            )
            if enough and len(keys) > score:
                best, score = (layout, header, labels), len(keys)
    return None if best is None else _table(sheet, *best)


def _candidates(sheet: Sheet) -> Iterator[tuple[tuple[int, ...], list[tuple[str, ...]]]]:
    """Yield one row, or two, as a header: for each column the labels it may be known by."""
    rows = [[tidy(as_text(cell)) for cell in row] for row in sheet.rows[:SEARCHED]]
    for i, row in enumerate(rows):
        yield (i,), [(text,) for text in row]
        if i:
            yield (
                (i - 1, i),
                [_both(top, below) for top, below in zip(rows[i - 1], row, strict=True)],
            )


def _both(top: str, below: str) -> tuple[str, ...]:
    """Return what two rows of a header say of a column, the likeliest first."""
    if not below or below == top:
        return (top,)
    return (below, top + below) if top else (below,)


def _find(names: dict[str, tuple[str, int]], labels: tuple[str, ...]) -> str | None:
    """Return the first form of a column's labels that is known."""
    return next((form for text in labels for form in forms(text) if form in names), None)


def forms(header: str) -> Iterator[str]:
    """Yield the forms by which a header may be known: whole, and without remarks in brackets."""
    whole = plain(header)
    yield whole
    yield whole.translate(_MARKS)
    yield _TAIL.sub("", whole).translate(_MARKS)


@cache
def known(layout: Layout) -> dict[str, tuple[str, int]]:
    """Return the key and the rank of every header: 0 for the column's own, then its synonyms."""
    names: dict[str, tuple[str, int]] = {}
    for column in (*layout.columns, *also(layout)):
        for rank, name in enumerate(
            (column.header, column.header_en, column.key, *column.synonyms)
        ):
            names.setdefault(plain(name), (column.key, rank))
    return names


def also(layout: Layout) -> tuple[Column, ...]:
    """Return the columns that a sheet of this kind may have besides: the grades of a school."""
    return ENROLMENT.columns[2:] if layout is SCHOOLS else ()


def _table(
    sheet: Sheet, layout: Layout, header: tuple[int, ...], labels: list[tuple[str, ...]]
) -> Table:
    table = Table(layout, sheet, header)
    names = known(layout)
    found: list[tuple[int, int, str, str]] = []  # rank, column, key, header
    for column, texts in enumerate(labels):
        shown = texts[0]
        form = _find(names, texts)
        if form is not None:
            key, rank = names[form]
            found.append((rank, column, key, shown))
        elif shown or _filled(sheet, table.first, column):
            table.unknown.append((column, shown))
    for _, column, key, shown in sorted(found):
        if key in table.columns:
            table.seconds.append((key, column, shown))
        else:
            table.columns[key], table.headers[key] = column, shown
    return table


def _filled(sheet: Sheet, first: int, column: int) -> bool:
    return any(row[column] is not None for row in sheet.rows[first:])


def label_rows(table: Table) -> list[list[Cell]]:
    """Return the cells of the header's rows."""
    return [table.sheet.rows[i] for i in table.header]
