"""The first sheet: the question, the answer, every probability that decides, what is not known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from workforce_sim.report.charts.heat_map import VERDICTS, verdict_title
from workforce_sim.report.charts.schools import GROUPS
from workforce_sim.report.charts.style import INK, of
from workforce_sim.report.narrative import answer, limits, question
from workforce_sim.report.narrative.phrases import baseline_year
from workforce_sim.report.workbook.book import TOP, Book
from workforce_sim.report.workbook.look import (
    ERROR,
    GOOD,
    NOTE,
    TEXT,
    WARNING,
    classes,
)
from workforce_sim.report.workbook.table import Column, beside, write

KEYS = ["group", "item"]


def summary(book: Book, others: list[str]) -> None:
    """Add the sheet; it leads to the ``others``."""
    words, projection = book.words, book.projection
    sheet = book.sheet("summary")
    table = list(_chances(book))
    width, room = len(table), sum(column.room for column in table)

    def say(row: int, text: str, **look: object) -> int:
        return book.paragraph(sheet, row, text, width, room, **look)

    row = say(TOP, question(projection, words))
    row = say(row, answer(projection, words), bold=True, font_size=14)
    row = say(row + 1, words("workbook.chances"), bold=True, font_size=12)
    place = write(book, sheet, table, row)
    row = place.last + 2
    sheet.write_string(row, 0, words("workbook.classes"), book.format(font_color=NOTE))
    for name, (_, colour, letters) in zip(GROUPS, classes(GOOD), strict=False):
        look = book.format(bg_color=colour, font_color=letters, indent=1)
        sheet.write_string(row, 1, words(f"chart.class_{name}"), look)
        row += 1
    row = say(row + 1, words("workbook.limits"), bold=True, font_size=12)
    alarming = not projection.provenance["complete"]  # then the first limit says so
    for text in limits(projection, words):
        row = say(row, text, font_color=WARNING if alarming else INK)
        alarming = False
    row = say(row + 1, words("workbook.contents"), bold=True, font_size=12)
    for name in others:
        link = f"internal:'{book.name(name)}'!A1"
        sheet.write_url(row, 0, link, string=book.name(name))
        sheet.write_string(row, 1, words(f"about.{name}"), book.format())
        row += 1
    sheet.activate()


def _chances(book: Book) -> Iterator[Column]:
    """Yield the columns of the table: what, and for each year its probability and the error."""
    words, projection = book.words, book.projection
    ratios = projection.ratios[projection.ratios["stage"] != "both"]
    met = [
        f"{words(f'stage.{stage}')} {words(f'indicator.{indicator}')}"
        for stage, indicator in zip(ratios["stage"], ratios["indicator"], strict=True)
    ]
    parts = [
        pd.DataFrame(
            {
                "group": words("chart.heat_ratios"),
                "item": met,
                "year": ratios["year"],
                "p": ratios["p_meets"],
                "p_se": ratios["p_meets_se"],
            }
        )
    ]
    for verdict, scopes in {**VERDICTS, "all_met": ("county",)}.items():
        rows = of(projection.verdicts, verdict=verdict)
        rows = rows[rows["scope"].isin(scopes)]
        title = verdict_title(verdict, projection, words)
        items = [words(f"scope.{scope}") for scope in rows["scope"]]
        parts.append(rows.assign(group=title, item=items)[[*KEYS, "year", "p", "p_se"]])
    frame = pd.concat(parts, ignore_index=True)
    groups = frame[KEYS].drop_duplicates()
    repeated = groups["group"].where(~groups["group"].duplicated(), "")
    yield Column("group", words("workbook.what"), repeated.tolist(), TEXT)
    yield Column("item", words("column.scope"), groups["item"].tolist(), TEXT)
    known = replace(GOOD, number=words("workbook.known"))
    for year, part in beside(frame, KEYS, "year"):
        if year == baseline_year(projection):
            heading = words("chart.baseline")
            yield Column("p", heading, part["p"].tolist(), known, str(year))
        else:
            yield Column("p", words("column.p"), part["p"].tolist(), GOOD, str(year))
            yield Column("p_se", words("workbook.error"), part["p_se"].tolist(), ERROR, str(year))
