"""Which tables the files hold: every sheet is known by its header, or said to be unused."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from workforce_sim.county.tables.cells import Reading
from workforce_sim.county.tables.findings import Found
from workforce_sim.county.tables.grid import UnreadableError, read_sheets
from workforce_sim.county.tables.headers import Table, forms, recognise
from workforce_sim.county.tables.rows import Objects
from workforce_sim.county.tables.text import as_text, plain

OF_SCHOOLS = ("schools", "enrolment")


def tables_of(files: Sequence[Path], found: Found) -> list[Table]:
    """Return the tables of the roster's file and, if there is one, the school table's.

    Rosters are taken from the first file. Schools and pupils are taken from the second if it has
    them, else from the first.
    """
    by_file = [_recognised(path, found) for path in files]
    apart = len(by_file) > 1 and any(t.layout.name in OF_SCHOOLS for t in by_file[1] or ())
    if len(by_file) > 1 and by_file[1] is not None and not apart:
        found.add("schools_none", files[1].name)
    taken = []
    for first, tables in zip((True, False), by_file, strict=False):
        for table in tables or ():
            name = table.layout.name
            if (name == "roster" and not first) or (name in OF_SCHOOLS and first and apart):
                found.add("sheet_unused", table.sheet.file, table.sheet.name)
            else:
                taken.append(table)
    if by_file[0] is not None and all(table.layout.name != "roster" for table in taken):
        found.add("roster_none", files[0].name)
    return taken


def _recognised(path: Path, found: Found) -> list[Table] | None:
    """Return a file's tables; None if it cannot be read, which is told."""
    try:
        sheets = [sheet for sheet in read_sheets(path) if not sheet.blank]
        if not sheets:
            raise UnreadableError("file_empty")
    except UnreadableError as error:
        found.add(error.code, path.name)
        return None
    tables = []
    for sheet in sheets:
        table = None if sheet.hidden else recognise(sheet)
        if table is None:
            found.add("sheet_hidden" if sheet.hidden else "sheet_unused", sheet.file, sheet.name)
        else:
            tables.append(table)
    return tables


def tell_columns(reading: Reading) -> None:
    """Tell of columns that are not used: unknown ones, and those that are there again."""
    table, sheet = reading.table, reading.table.sheet
    for column, header in table.unknown:
        code = "column_unknown" if header else "column_headless"
        found = reading.found
        found.add(code, sheet.file, sheet.name, None, column, reading.privacy.label(header))
    for key, column, header in table.seconds:
        first, again = reading.body.column(key), reading.body.cells(column)
        differing = int(_differ(first, again).sum())
        same_header = set(forms(header)) & set(forms(table.headers[key]))
        code = "column_second"
        if differing:
            code = "column_twice" if same_header else "column_differs"
        details = {"taken": table.headers[key], "rows": differing}
        reading.found.add(code, sheet.file, sheet.name, None, column, header, "", details)


def _differ(first: Objects, again: Objects) -> np.ndarray:
    pairs = zip(first, again, strict=True)
    return np.array([plain(as_text(a)) != plain(as_text(b)) for a, b in pairs], dtype=bool)
