"""Workbooks of a county's tables: the sheets of `columns`, with lists to choose from and checks.

What is typed is guided, not forced: the reader understands more than the lists offer. Every text is
written as text, so that none runs as a formula; the file has the same bytes every time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from workforce_sim.county.tables.columns import (
    AMOUNTS,
    COUNTY,
    ENROLMENT,
    FILLABLE,
    GRADE_KEYS,
    POLICY,
    ROSTER,
    SCHOOLS,
    Column,
    Entry,
    Layout,
)
from workforce_sim.county.tables.excel_checks import check_of_column, check_of_entry
from workforce_sim.scenario.errors import InputError, Problem
from workforce_sim.scenario.schema import FACILITIES
from workforce_sim.words import Words

Row = Mapping[str, object]

NEEDED = ("school", "sex", "birth", "kind", "area", *FILLABLE, *GRADE_KEYS, *FACILITIES)
"""Columns that bear on the results: their headers stand out."""
NEEDED_ENTRIES = ("name", "census")
"""Rows of the county sheet that must be filled in."""
NUMBERS = ("x_km", "y_km", "primary_pupils", "junior_pupils", "staff", *AMOUNTS, *GRADE_KEYS)
GUIDE = (
    *("use", "sheets", "columns", "lists", "months", "privacy", "example", "missing", "policy"),
)
"""The lines of the sheet of notes."""
NOTE_WIDTH = 90
LAST_ROW = 20_000
"""Rows are checked as they are typed down to this one."""

_FONT = {"font_size": 10, "valign": "vcenter"}
_BOX = {"border": 1, "border_color": "#BFBFBF", "text_wrap": True}
_FORMATS: dict[str, dict[str, object]] = {
    "needed": {**_BOX, "bold": True, "font_color": "#FFFFFF", "bg_color": "#1F4E79"},
    "optional": {**_BOX, "bold": True, "font_color": "#1F4E79", "bg_color": "#DCE6F1"},
    "explanation": {**_BOX, "font_color": "#595959", "bg_color": "#F2F2F2", "valign": "top"},
    "example": {**_BOX, "font_color": "#7F6000", "bg_color": "#FFF2CC"},
    "label": {**_BOX, "bg_color": "#F2F2F2"},
    "needed_label": {**_BOX, "bold": True, "bg_color": "#DCE6F1"},
    "value": {**_BOX, "num_format": "@"},
    "number_value": {**_BOX},
    "note": {"font_color": "#595959", "indent": 1},
    "text": {"num_format": "@"},
    "number": {},
    "title": {"bold": True, "font_size": 14, "font_color": "#1F4E79"},
    "line": {"text_wrap": True, "valign": "top"},
}


@dataclass(frozen=True)
class Filled:
    """What stands on a sheet, by the keys of its columns.

    Attributes
    ----------
    rows : iterable of mapping
        A school each, or a person.
    explained : sequence of mapping
        Rows above them that the reader leaves out: an explanation and an example.
    without : tuple of str
        Columns that the sheet does not have.
    """

    rows: Iterable[Row] = ()
    explained: Sequence[Row] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """A row of the county or the policy sheet; None: its value is left blank."""

    entry: Entry
    label: str
    value: object
    note: str


def write_workbook(
    path: Path,
    words: Words,
    tables: Mapping[str, Filled],
    county: Sequence[Line],
    policy: Sequence[Line],
    *,
    guide: bool,
) -> None:
    """Write the sheets of a county.

    Parameters
    ----------
    path : Path
        Its folder is made if it does not exist.
    words : Words
        The language of sheets, headers and messages.
    tables : mapping of str to Filled
        By the names of the layouts: roster, schools, enrolment.
    county, policy : sequence of Line
    guide : bool
        Whether a sheet of notes is added.

    Raises
    ------
    InputError
        If the file exists (it may have been filled in), or cannot be written.
    """
    if path.exists():
        message = "the file exists already and may have been filled in; choose another name"
        raise InputError([Problem(str(path), None, "", message)])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        book = _Book(path, words)
        first = 2 + len(tables[SCHOOLS.name].explained)
        schools = f"'{book.name(SCHOOLS)}'!$B${first}"
        listed = f"=OFFSET({schools},0,0,MAX(1,COUNTA({schools}:$B${LAST_ROW})),1)"
        for layout in (ROSTER, SCHOOLS, ENROLMENT):
            book.table(layout, tables[layout.name], listed)
        book.entries(COUNTY, county)
        book.entries(POLICY, policy)
        if guide:
            book.guide()
        book.file.close()
    except (OSError, FileCreateError) as error:
        message = f"cannot be written; is it open in another program, such as Excel? ({error})"
        raise InputError([Problem(str(path), None, "", message)]) from None


class _Book:
    """A workbook that is being written, sheet by sheet."""

    def __init__(self, path: Path, words: Words) -> None:
        self.words = words
        self.file = xlsxwriter.Workbook(str(path), {"constant_memory": True})
        self.file.set_properties({"created": dt.datetime(2000, 1, 1)})
        self.formats: dict[str, Format] = {
            name: self.file.add_format({**_FONT, **form}) for name, form in _FORMATS.items()
        }

    def name(self, layout: Layout) -> str:
        """Return the name of a layout's sheet."""
        return layout.sheet if self.words.language == "zh" else layout.sheet_en

    def table(self, layout: Layout, filled: Filled, schools: str) -> None:
        """Add a sheet with a row a person, or a row a school."""
        columns = [column for column in layout.columns if column.key not in filled.without]
        sheet = self._sheet(self.name(layout), columns)
        sheet.freeze_panes(1, 2)
        first = 1 + len(filled.explained)
        for n, column in enumerate(columns):
            wide = max(column.width, 12) if filled.explained else column.width
            form = "number" if column.key in NUMBERS else "text"
            sheet.set_column(n, n, wide, self.formats[form])
            check = check_of_column(layout, column, first, n, schools, self.words)
            if check is not None:
                sheet.data_validation(first, n, LAST_ROW - 1, n, check)
        for n, row in enumerate(filled.explained, 1):
            form = "explanation" if n == 1 else "example"
            sheet.set_row(n, 76 if n == 1 else None)
            for position, column in enumerate(columns):
                sheet.write_string(n, position, str(row[column.key]), self.formats[form])
        for n, row in enumerate(filled.rows, first):
            for position, column in enumerate(columns):
                if (value := row.get(column.key)) is not None:
                    self._write(sheet, n, position, value, self.formats["text"])

    def entries(self, layout: Layout, lines: Sequence[Line]) -> None:
        """Add a sheet of labels and values."""
        sheet = self._sheet(self.name(layout), layout.columns)
        sheet.set_column(2, 2, NOTE_WIDTH)
        sheet.freeze_panes(1, 0)
        for n, line in enumerate(lines, 1):
            numeric = line.entry.kind in ("count", "number", "share")
            form = self.formats["number_value" if numeric else "value"]
            needed = line.entry.key in NEEDED_ENTRIES
            of_label = self.formats["needed_label" if needed else "label"]
            sheet.write_string(n, 0, line.label, of_label)
            if line.value is None:
                sheet.write_blank(n, 1, None, form)
            else:
                self._write(sheet, n, 1, line.value, form)
            sheet.write_string(n, 2, line.note, self.formats["note"])
            if (check := check_of_entry(line.entry, n, 1, line.note, self.words)) is not None:
                sheet.data_validation(n, 1, n, 1, check)

    def guide(self) -> None:
        """Add the sheet of notes."""
        sheet = self.file.add_worksheet(self.words("template.notes_sheet"))
        _on_paper(sheet)
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 110)
        sheet.write_string(0, 0, self.words("template.title"), self.formats["title"])
        for n, name in enumerate(GUIDE, 2):
            sheet.set_row(n, 32)
            sheet.write_string(n, 0, self.words(f"template_guide.{name}"), self.formats["line"])

    def _sheet(self, name: str, columns: Sequence[Column]) -> Worksheet:
        sheet = self.file.add_worksheet(name)
        _on_paper(sheet)
        sheet.repeat_rows(0)
        sheet.set_row(0, 32)
        for n, column in enumerate(columns):
            sheet.set_column(n, n, column.width)
            text = column.header if self.words.language == "zh" else column.header_en
            form = "needed" if column.key in NEEDED else "optional"
            sheet.write_string(0, n, text, self.formats[form])
        return sheet

    @staticmethod
    def _write(sheet: Worksheet, row: int, column: int, value: object, form: Format) -> None:
        if isinstance(value, int | float):
            sheet.write_number(row, column, value)
        else:
            sheet.write_string(row, column, str(value), form)


def _on_paper(sheet: Worksheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
