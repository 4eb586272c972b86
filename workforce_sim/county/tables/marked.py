"""A copy of the tables in which every finding is marked: coloured, with a comment that says why.

Sheets, rows and columns are where they are in the original, so that an officer finds the cell.
Names, identity numbers and unknown columns are not in it; every text is written as text, so that
none runs as a formula.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from workforce_sim.county.tables.check import Check
from workforce_sim.county.tables.findings import ERROR, INFO, SEVERITIES, WARNING, Finding
from workforce_sim.county.tables.grid import Cell, Sheet, letters
from workforce_sim.scenario.errors import InputError, Problem
from workforce_sim.words import Words

COLOURS = {ERROR: "#FFC7CE", WARNING: "#FFEB9C", INFO: "#DDEBF7"}
COMMENTS = 2000
"""Comments on a sheet; a workbook with very many of them is slow to open."""
LISTED = 100_000
"""Findings in the list."""
LIST = (
    *(("severity", 8), ("file", 24), ("sheet", 14), ("cell", 10), ("header", 18)),
    *(("value", 22), ("said", 48), ("expected", 48)),
)
_CREATED = dt.datetime(2000, 1, 1)
_FIRST_YEAR = 1900
"""Excel knows no earlier date."""
_DATE = "yyyy-mm-dd"
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_LONGEST_NAME = 31


def write_marked(check: Check, path: Path, words: Words) -> None:
    """Write the marked copy; the same check gives the same bytes.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.open("ab").close()  # whether it can be written, before all is laid out
        with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
            book.set_properties({"created": _CREATED})
            _Copy(book, check, words).write()
    except (OSError, FileCreateError):
        message = "cannot be written; is it open in another program?"
        raise InputError([Problem(str(path), None, "", message)]) from None


Styles = tuple[Format, Format]


class _Copy:
    def __init__(self, book: xlsxwriter.Workbook, check: Check, words: Words) -> None:
        self.book, self.check, self.words = book, check, words
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self.plain = self._styles({})
        self.colours = {level: self._styles({"bg_color": c}) for level, c in COLOURS.items()}
        self.names = {words("marked.sheet").lower(), words("marked.counts").lower()}

    def _styles(self, look: dict[str, str]) -> Styles:
        """Return the format of a cell, and that of a date."""
        return self.book.add_format(look), self.book.add_format({**look, "num_format": _DATE})

    def write(self) -> None:
        """Write the list, the counts, and each table."""
        self._list()
        if not self.check.counts.empty:
            self._counts()
        for sheet in self.check.sheets:
            self._sheet(sheet)

    def _add(self, name: str) -> Worksheet:
        """Add a sheet that prints on A4, as wide as the page."""
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet

    def _list(self) -> None:
        sheet = self._add(self.words("marked.sheet"))  # row by row, from the top
        capped = Counter((f.file, f.sheet) for f in self.check.findings if f.row)
        sheet.write_string(0, 0, self.words("marked.about"))
        if max(capped.values(), default=0) > COMMENTS or len(self.check.findings) > LISTED:
            text = self.words("marked.capped", comments=COMMENTS, listed=LISTED)
            sheet.write_string(1, 0, text)
        for column, (name, width) in enumerate(LIST):
            sheet.set_column(column, column, width)
            sheet.write_string(2, column, self.words(f"check.{name}"), self.head)
        sheet.freeze_panes(3, 0)
        for row, finding in enumerate(self.check.findings[:LISTED], 3):
            place = (finding.file, finding.sheet, finding.cell, finding.header, finding.value)
            said = (finding.said(self.words), finding.expected(self.words))
            level = self.words(f"severity.{finding.severity}")
            for column, text in enumerate((level, *place, *said)):
                colour = self.colours[finding.severity][0] if column == 0 else self.wrap
                sheet.write_string(row, column, text, colour)

    def _counts(self) -> None:
        sheet = self._add(self.words("marked.counts"))
        counts = self.check.counts
        for column, name in enumerate(counts.columns):
            sheet.write_string(0, column, self.words(f"check.{name}"), self.head)
        sheet.set_column(0, 0, 28)
        sheet.freeze_panes(1, 1)
        for row, values in enumerate(counts.itertuples(index=False), 1):
            for column, (name, value) in enumerate(zip(counts.columns, values, strict=True)):
                if name == "stage" and isinstance(value, str):
                    sheet.write_string(row, column, self.words(f"stage.{value}"))
                elif isinstance(value, str):
                    sheet.write_string(row, column, value)
                elif not pd.isna(value):
                    sheet.write_number(row, column, int(value))

    def _sheet(self, cells: Sheet) -> None:
        sheet = self._add(self._name(cells))
        width = max((len(row) for row in cells.rows), default=0)
        sheet.set_column(0, max(width - 1, 0), 14)
        sheet.freeze_panes(cells.header + 1, 0)
        found, comments = self._by_row(cells), 0
        for number, row in enumerate(cells.rows):
            here = found.get(number, {})
            for column, value in enumerate(row):
                if column not in here:
                    if value is not None:
                        _write(sheet, number, column, value, self.plain)
                    continue
                severity = min((f.severity for f in here[column]), key=SEVERITIES.index)
                _write(sheet, number, column, value, self.colours[severity])
                if comments < COMMENTS:
                    comments += 1
                    sheet.write_comment(number, column, self._comment(here[column]), _SIZE)

    def _by_row(self, cells: Sheet) -> dict[int, dict[int, list[Finding]]]:
        """Return the findings on a sheet by the row and column (from 0) where they are marked.

        Those of a whole column are marked at its header, those of a row at its first cell.
        """
        places: dict[int, dict[int, list[Finding]]] = {}
        columns = {"": 0, **{letters(i): i for i in range(max(map(len, cells.rows), default=0))}}
        for finding in self.check.findings:
            if (finding.file, finding.sheet) == (cells.file, cells.name):
                row = cells.header if finding.row is None else finding.row - 1
                places.setdefault(row, {}).setdefault(columns[finding.column], []).append(finding)
        return places

    def _comment(self, findings: Sequence[Finding]) -> str:
        lines = []
        for finding in findings:
            text = f"{self.words(f'severity.{finding.severity}')}: {finding.said(self.words)}"
            expected = finding.expected(self.words)
            lines.append(f"{text}\n→ {expected}" if expected else text)
        return "\n".join(lines)

    def _name(self, cells: Sheet) -> str:
        """Return a name that Excel takes, the sheet's own if possible."""
        own = _FORBIDDEN.sub("_", cells.name or Path(cells.file).stem).strip("'")
        own = own[:_LONGEST_NAME] or "1"
        name, number = own, 1
        while name.lower() in self.names:
            number += 1
            name = f"{own[: _LONGEST_NAME - 5]} ({number})"
        self.names.add(name.lower())
        return name


_SIZE = {"x_scale": 2, "y_scale": 1}


def _write(sheet: Worksheet, row: int, column: int, value: Cell, styles: Styles) -> None:
    style, date = styles
    if isinstance(value, str):
        sheet.write_string(row, column, value, style)
    elif value is None:
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, style)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, style)
    elif isinstance(value, dt.date) and value.year >= _FIRST_YEAR:
        sheet.write_datetime(row, column, value, date)
    else:
        sheet.write_string(row, column, str(value), style)
