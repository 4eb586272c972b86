"""The workbook ``projection.xlsx``: the answer first, then every table behind it, and charts.

Each table is a list of columns of a frame, each in a form (`look`), and is written in one way
(`table`); `sheets` and `grounds` say which columns. `summary` and `drawings` make the two sheets
that are more than a table.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from workforce_sim.report.workbook import grounds, sheets
from workforce_sim.report.workbook.book import Book
from workforce_sim.report.workbook.drawings import charts
from workforce_sim.report.workbook.summary import summary
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.assessment.projection import Projection

SHEETS = {
    "charts": charts,
    "years": sheets.years,
    "differences": sheets.differences,
    "schools": sheets.schools,
    "indicators": sheets.indicators,
    "needs": sheets.needs,
    "network": sheets.network,
    "flows": sheets.flows,
    "rotation": sheets.rotation,
    "size": sheets.size,
    "staffing": sheets.staffing,
    "duties": sheets.duties,
    "costs": sheets.costs,
    "assumptions": grounds.assumptions,
    "reconciliation": grounds.reconciliation,
    "provenance": grounds.provenance,
}
"""The sheets after the summary, in their order."""


def write_workbook(projection: Projection, path: Path, words: Words) -> None:
    """Write the workbook of a projection; the same projection gives the same bytes."""
    book = Book(path, projection, words.about(projection))
    summary(book, list(SHEETS))
    for write_sheet in SHEETS.values():
        write_sheet(book)
    book.close()
