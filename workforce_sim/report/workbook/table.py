"""A table of a sheet: columns of a frame, each with its heading and form, written in one way."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pandas as pd

from workforce_sim.report.tables import in_words
from workforce_sim.report.workbook.book import LINE_HEIGHT, TOP, Book
from workforce_sim.report.workbook.look import (
    FIGURE,
    HEADING,
    LINE,
    WIDEST,
    Form,
    classes,
    lines,
    width,
)
from workforce_sim.words import Words

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

PAGE = 280
"""Width of a printed page, in digits, at the smallest size that is read."""
ARROW = 3
"""Room for the arrow of the filter, in digits."""


@dataclass(frozen=True)
class Column:
    """A column of a table: its name in the frame, its heading, and the heading of its group."""

    name: str
    heading: str
    values: list[Any]
    form: Form
    group: str = ""

    @cached_property
    def room(self) -> float:
        """Width in digits."""
        if self.form.width:  # a Chinese heading is broken anywhere, an English one between words
            longest = max(map(width, re.findall(r"[!-~]+", self.heading)), default=0)
            return max(self.form.width, longest, width(self.heading) / 3) + ARROW / 2
        return min(max(map(width, [*self.values, self.heading])), WIDEST) + ARROW


@dataclass(frozen=True)
class Place:
    """Where a table stands: its first and last row of values and its first column."""

    sheet: str
    first: int
    last: int
    left: int
    columns: list[Column]

    def of(self, group: str, name: str) -> list[Any]:
        """Return the cells of a column, as a chart refers to them."""
        column = self.left + self._nth(group, name)
        return [self.sheet, self.first, column, self.last, column]

    def heading(self, group: str, name: str) -> str:
        """Return the heading of a column."""
        return self.columns[self._nth(group, name)].heading

    def _nth(self, group: str, name: str) -> int:
        return [(c.group, c.name) for c in self.columns].index((group, name))


def columns(frame: pd.DataFrame, words: Words, group: str = "", **forms: Form) -> list[Column]:
    """Return the columns of a frame that are named, in words, each in its form."""
    english = [f"{name}_en" for name in forms if f"{name}_en" in frame]
    shown = in_words(frame[[*forms, *english]], words)
    return [
        Column(name, str(heading), shown[heading].tolist(), form, group)
        for (name, form), heading in zip(forms.items(), shown, strict=True)
    ]


def beside(
    frame: pd.DataFrame, keys: list[str], over: str, rows: pd.DataFrame | None = None
) -> Iterator[tuple[Any, pd.DataFrame]]:
    """Yield each value of a column and its rows, in the order of ``rows``: all have one row a key.

    ``rows`` holds the keys; by default those of the frame, in the order in which they occur.
    """
    order = (frame if rows is None else rows)[keys].drop_duplicates()
    for value, part in frame.groupby(over, sort=False):
        yield value, order.merge(part, on=keys, how="left")


def sheet_of(
    book: Book, name: str, parts: Iterable[Column], frozen: int = 0, filtered: bool = True
) -> Place:
    """Add a sheet with one table, whose headings and first columns stay in sight."""
    sheet = book.sheet(name)
    place = write(book, sheet, list(parts), TOP)
    sheet.freeze_panes(place.first, frozen)
    sheet.repeat_rows(TOP, place.first - 1)
    across = math.ceil(sum(column.room for column in place.columns) / PAGE)
    if across > 1:  # rather than too small to read
        sheet.fit_to_pages(across, 0)
        sheet.repeat_columns(0, max(0, frozen - 1))
    if filtered:
        end = place.left + len(place.columns) - 1
        sheet.autofilter(place.first - 1, place.left, max(place.last, place.first), end)
    return place


def write(book: Book, sheet: Worksheet, parts: list[Column], top: int, left: int = 0) -> Place:
    """Write a table: a row of group headings, a row of headings, the values."""
    first = top + 2
    rows = len(parts[0].values)
    _group_headings(book, sheet, parts, top, left)
    for nth, column in enumerate(parts, left):
        sheet.set_column(nth, nth, column.room)
        sheet.write_string(first - 1, nth, column.heading, book.format(**_heading(column.group)))
        _cells(book, sheet, column, first, nth)
        if column.form.classes and rows:
            _colours(book, sheet, column.form, (first, nth, first + rows - 1, nth))
    tallest = max(lines(column.heading, column.room - ARROW / 2) for column in parts)
    sheet.set_row(first - 1, LINE_HEIGHT * tallest + 4)
    texts = [column for column in parts if not column.form.width]
    for nth in range(rows):
        tallest = max((lines(str(c.values[nth]), c.room - ARROW) for c in texts), default=1)
        if tallest > 1:
            sheet.set_row(first + nth, LINE_HEIGHT * tallest)
    return Place(sheet.get_name(), first, first + rows - 1, left, parts)


def _group_headings(book: Book, sheet: Worksheet, parts: list[Column], top: int, left: int) -> None:
    look = book.format(**_heading("group"))
    tallest = 1
    for group, found in groupby(enumerate(parts, left), key=lambda part: part[1].group):
        members = list(found)
        places = [nth for nth, _ in members]
        tallest = max(tallest, lines(group, sum(column.room for _, column in members)))
        if group and len(places) > 1:
            sheet.merge_range(top, places[0], top, places[-1], "", look)
        if group.isdecimal():  # a year
            sheet.write_number(top, places[0], int(group), look)
        elif group:
            sheet.write_string(top, places[0], group, look)
    sheet.set_row(top, LINE_HEIGHT * tallest)


def _heading(group: str) -> dict[str, Any]:
    return {
        "bold": True,
        "text_wrap": True,
        "align": "center",
        "bg_color": HEADING,
        "border": 1 if group else 0,
        "border_color": "#ffffff",
    }


def _cells(book: Book, sheet: Worksheet, column: Column, first: int, nth: int) -> None:
    """Write the values: numbers as numbers, texts as texts whatever they look like, else blanks."""
    form = column.form
    look = {"num_format": form.number, "font_color": form.colour, "bottom": 1, "border_color": LINE}
    number = book.format(**look, align=form.align, indent=int(form.align == "left"))
    whole = book.format(**{**look, "num_format": "#,##0"}, align="right")
    ratio = book.format(**{**look, "num_format": "#,##0.0##"}, align="right")
    small = book.format(**{**look, "num_format": "0.0####"}, align="right")
    text = book.format(**look, text_wrap=True, align="left", indent=1)
    for row, value in enumerate(column.values, first):
        if pd.isna(value) or value == "":
            sheet.write_blank(row, nth, None, number)
        elif isinstance(value, str):
            sheet.write_string(row, nth, value, text)
        elif form is FIGURE:
            broken = small if abs(value) < 0.1 else ratio
            sheet.write_number(row, nth, value, whole if float(value).is_integer() else broken)
        else:
            sheet.write_number(row, nth, value, number)


def _colours(book: Book, sheet: Worksheet, form: Form, cells: tuple[int, int, int, int]) -> None:
    blank = {"type": "blanks", "stop_if_true": True, "format": book.format(bg_color="#eeeeee")}
    sheet.conditional_format(*cells, blank)
    for least, colour, letters in classes(form):
        look = book.format(bg_color=colour, font_color=letters)
        rule = {"type": "cell", "criteria": ">=", "value": least, "stop_if_true": True}
        sheet.conditional_format(*cells, {**rule, "format": look})
