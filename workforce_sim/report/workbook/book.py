"""The workbook being written: its sheets, their heads, how they print, the formats of cells."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from workforce_sim.report.charts.style import INK, provenance_line
from workforce_sim.report.workbook.look import NOTE, WARNING, lines
from workforce_sim.words import Words

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from workforce_sim.assessment.projection import Projection

TOP = 3
"""Row of the group headings of a sheet's table, counted from 0; its headings follow."""
A4 = 9
LINE_HEIGHT = 17
"""Height of a line of text, in points."""


class Book:
    """A workbook and what it shows.

    Parameters
    ----------
    path : Path
        The file to write; `close` writes it.
    projection : Projection
    words : Words
    """

    def __init__(self, path: Path, projection: Projection, words: Words) -> None:
        self.projection, self.words = projection, words
        self.font = words("workbook.font")
        self.origin = provenance_line(projection, words)
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        self.file = xlsxwriter.Workbook(
            str(path),
            {
                "in_memory": True,
                "strings_to_numbers": False,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "default_format_properties": {"font_name": self.font, "font_size": 10},
                "default_row_height": 22,  # pixels, of this font
            },
        )
        self.file.set_properties(
            {
                "title": self.title,
                "subject": words("workbook.subject"),
                "comments": self.origin,
                "created": dt.datetime(2000, 1, 1),  # the same projection gives the same bytes
            }
        )

    @property
    def title(self) -> str:
        """What the scenario is called."""
        scenario = self.projection.scenario
        title = scenario.title if self.words.language == "zh" else scenario.title_en
        return title or scenario.name

    def name(self, sheet: str) -> str:
        """Return the name of a sheet in the language of the book."""
        return self.words(f"sheet.{sheet}")

    def about(self, sheet: str) -> str:
        """Return what a sheet holds."""
        return self.words(f"about.{sheet}")

    def format(self, **properties: Any) -> Format:
        """Return the format of these properties: the same one each time."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            look = {"font_color": INK, "valign": "vcenter", **properties}
            self._formats[key] = self.file.add_format(look)
        return self._formats[key]

    def sheet(self, name: str) -> Worksheet:
        """Add a sheet: what it is and where it comes from at its head, A4 when printed."""
        sheet = self.file.add_worksheet(self.name(name))
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        title = self.title.replace("&", "&&")[:80]
        sheet.set_footer(f"&L&8{title}&C&8&A&R&8&P / &N")
        sheet.set_row(0, 26)
        sheet.write_string(0, 0, self.name(name), self.format(bold=True, font_size=16))
        sheet.write_string(1, 0, self.about(name), self.format(font_color=NOTE))
        incomplete = not self.projection.provenance["complete"]
        origin = self.format(font_color=WARNING if incomplete else NOTE)
        sheet.write_string(2, 0, self.origin, origin)
        return sheet

    def paragraph(
        self, sheet: Worksheet, row: int, text: str, columns: int, room: float, **look: Any
    ) -> int:
        """Write a text over the first columns, ``room`` digits wide; return the next row."""
        look = {"text_wrap": True, **look}
        points = LINE_HEIGHT * look.get("font_size", 10) / 10
        sheet.merge_range(row, 0, row, columns - 1, "", self.format(**look))
        sheet.write_string(row, 0, text, self.format(**look))
        sheet.set_row(row, points * lines(text, room * 10 / look.get("font_size", 10)))
        return row + 1

    def close(self) -> None:
        """Write the file.

        Raises
        ------
        OSError
            If it cannot be written, such as on a full disk.
        """
        try:
            self.file.close()
        except FileCreateError as error:
            raise error.args[0] from None
