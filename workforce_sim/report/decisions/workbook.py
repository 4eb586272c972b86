"""The workbook of a study: the answer, its charts as pictures, each table, where it comes from."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from workforce_sim.report.charts.style import INK
from workforce_sim.report.decisions.figures import ENDLESS, forms
from workforce_sim.report.decisions.told import Told, kind, notes_of, title
from workforce_sim.report.pictures import size_of
from workforce_sim.report.workbook.book import TOP, Book
from workforce_sim.report.workbook.grounds import provenance
from workforce_sim.report.workbook.look import TEXT, WARNING
from workforce_sim.report.workbook.table import Column, columns, sheet_of
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.assessment.projection import Projection
    from workforce_sim.decision.study import Study

WIDTHS = (26, 94)
"""Widths of the two columns of the first sheet, in digits."""
FROZEN = 60
"""The first columns stay in sight while they are together no wider, in digits."""
ROW = 22
"""Height of a row, in pixels."""
SCALE = 0.5 * 72 / 96
"""Of a picture: it has two pixels for one, and says 72 an inch where Excel counts 96."""
PAPER = (980, 630)
"""What A4 across holds, in pixels, less some for safety."""


class StudyBook(Book):
    """A workbook of a study."""

    def __init__(self, path: Path, study: Study, told: Told, words: Words) -> None:
        self.study, self.told = study, told
        # A book asks nothing of a projection but what every study has.
        super().__init__(path, cast("Projection", study), words)
        self.origin = told.origin

    @property
    def title(self) -> str:
        """What the scenario and the study are called."""
        return title(self.study, self.words)

    def name(self, sheet: str) -> str:
        """Return the name of a sheet in the language of the book."""
        if sheet in self.study.tables:
            return self.words(f"sheet.{kind(self.study)}_{sheet}")
        return super().name(sheet)

    def about(self, sheet: str) -> str:
        """Return what a sheet holds."""
        if sheet in self.study.tables:
            return self.words(f"study_table.{kind(self.study)}_{sheet}")
        return self.words(f"about.study_{sheet}")


def write_workbook(
    study: Study,
    told: Told,
    specs: Mapping[str, dict[str, Any]],
    pictures: Mapping[str, bytes],
    path: Path,
    words: Words,
) -> None:
    """Write the workbook; the same study gives the same bytes.

    Parameters
    ----------
    study : Study
    told : Told
        What is told of it.
    specs : mapping
        Its charts by name, as Vega-Lite.
    pictures : mapping
        Their PNGs, two pixels for one.
    path : Path
        The file to write.
    words : Words
        The words of its language.
    """
    book = StudyBook(path, study, told, words)
    _summary(book, [*(["charts"] if specs else []), *study.tables, "provenance"])
    if specs:
        _charts(book, specs, pictures)
    for name in study.tables:
        _table(book, name)
    provenance(book)
    book.close()


def _summary(book: StudyBook, others: list[str]) -> None:
    """Add the first sheet: question, answer, notes; it leads to the ``others``."""
    words, told, sheet = book.words, book.told, book.sheet("summary")
    for nth, width in enumerate(WIDTHS):
        sheet.set_column(nth, nth, width)

    def say(row: int, text: str, **look: object) -> int:
        return book.paragraph(sheet, row, text, len(WIDTHS), sum(WIDTHS), **look)

    row = say(TOP + 1, book.title, bold=True, font_size=12)
    row = say(row, told.asked, bold=True, font_size=14)
    complete = book.study.provenance["complete"]
    for point in told.points:
        row = say(row, point, font_color=INK if complete else WARNING, font_size=11)
    row = say(row + 1, words("page.notes"), bold=True, font_size=12)
    for text in notes_of(book.study, told, words):
        row = say(row, text)
    row = say(row + 1, words("workbook.contents"), bold=True, font_size=12)
    for name in others:
        sheet.write_url(row, 0, f"internal:'{book.name(name)}'!A1", string=book.name(name))
        sheet.write_string(row, 1, book.about(name), book.format())
        row += 1
    sheet.fit_to_pages(1, 1)
    sheet.activate()


def _charts(
    book: StudyBook, specs: Mapping[str, dict[str, Any]], pictures: Mapping[str, bytes]
) -> None:
    """Add the sheet of charts, one below the other, and on paper each on a page of its own."""
    sheet, row, breaks, scale = book.sheet("charts"), TOP, [], 1.0
    for name, png in pictures.items():
        width, height = (size / 2 for size in size_of(png))
        heading = specs[name]["title"]
        sheet.insert_image(
            row,
            0,
            f"{name}.png",
            {
                "image_data": io.BytesIO(png),
                "x_scale": SCALE,
                "y_scale": SCALE,
                "description": " ".join([heading["text"], *heading["subtitle"]]),
            },
        )
        row += math.ceil(height / ROW) + 2
        scale = min(scale, PAPER[0] / width, PAPER[1] / (height + ROW * (TOP + 2)))
        breaks.append(row)
    sheet.set_print_scale(max(10, int(100 * scale)))  # if fitted, Excel heeds no page breaks
    sheet.set_h_pagebreaks(breaks[:-1])


def _table(book: StudyBook, name: str) -> None:
    """Add the sheet of a table."""
    frame = book.study.tables[name]
    table = [_finite(column) for column in columns(frame, book.words, "", **forms(frame))]
    frozen, room = 0, 0.0
    for column in table:
        room += column.room
        if column.form is not TEXT or room > FROZEN:
            break
        frozen += 1
    sheet_of(book, name, table, frozen)


def _finite(column: Column) -> Column:
    """Return a column in which a number without end is a text: Excel has none."""
    values = [
        ENDLESS if isinstance(value, float) and math.isinf(value) else value
        for value in column.values
    ]
    return replace(column, values=values)
