"""The sheets that say what the results rest on: assumptions, reconciliation, provenance."""

from __future__ import annotations

from collections.abc import Iterator

from xlsxwriter.utility import xl_rowcol_to_cell

from workforce_sim.law import load_retirement_law, load_standard
from workforce_sim.report.assumptions import assumptions_in_words
from workforce_sim.report.charts.style import ORANGE
from workforce_sim.report.workbook.book import Book
from workforce_sim.report.workbook.look import FIGURE, TEXT
from workforce_sim.report.workbook.table import Column, columns, sheet_of
from workforce_sim.words import Words

IN_WORDS = ("law", "synthetic", "indicators_simulated", "indicators_not_looked_at", "versions")
"""What is written in more words than a value, after the rest."""


def assumptions(book: Book) -> None:
    """Every figure in effect, with its source."""
    words = book.words
    frame = assumptions_in_words(book.projection.assumptions, words)
    headings = {
        "rule": words("workbook.rule"),
        "assumption": words("column.path"),
        "value": words("column.value"),
        "source": words("column.source"),
        "default": words("column.default"),
        "path": words("workbook.path"),
    }
    table = [
        Column(name, heading, frame[name].tolist(), TEXT) for name, heading in headings.items()
    ]
    sheet_of(book, "assumptions", table, frozen=2)


def reconciliation(book: Book) -> None:
    """Figures that the county states, beside what its tables add up to."""
    table = columns(
        book.projection.reconciliation,
        book.words,
        figure=TEXT,
        stated=FIGURE,
        recomputed=FIGURE,
        agrees=TEXT,
        note=TEXT,
    )
    place = sheet_of(book, "reconciliation", table, frozen=1)
    sheet = book.file.get_worksheet_by_name(place.sheet)
    _, row, column, _, _ = place.of("", "agrees")
    agrees = xl_rowcol_to_cell(row, column, col_abs=True)
    differs = f'={agrees}="{book.words("value.no")}"'
    look = book.format(bg_color=ORANGE)
    end = place.left + len(place.columns) - 1
    cells = (place.first, place.left, max(place.last, place.first), end)
    sheet.conditional_format(*cells, {"type": "formula", "criteria": differs, "format": look})


def provenance(book: Book) -> None:
    """Seed, digests, versions, law."""
    rows = list(_origin(book))
    table = [
        Column("what", book.words("workbook.what"), [what for what, _ in rows], TEXT),
        Column("value", book.words("column.value"), [value for _, value in rows], TEXT),
    ]
    sheet_of(book, "provenance", table, filtered=False)


def _origin(book: Book) -> Iterator[tuple[str, object]]:
    words, origin = book.words, book.projection.provenance
    chinese = words.language == "zh"
    for name, value in origin.items():
        if name not in IN_WORDS:
            yield words(f"provenance.{name}"), _plain(value, words)
    versions = {"retirement": load_retirement_law().version, "standard": load_standard().version}
    yield words("provenance.law"), words("workbook.law", **versions)
    synthetic = words.listed("synthetic", origin["synthetic"]) or words("value.no")
    yield words("provenance.synthetic"), synthetic
    for name in ("simulated", "not_looked_at"):
        chosen = origin[f"indicators_{name}"]
        names = [
            f"{indicator.id} {indicator.zh if chinese else indicator.en}"
            for indicator in load_standard().indicators
            if indicator.id in chosen
        ]
        yield words(f"provenance.{name}"), words("mark.list").join(names)
    for law in (load_standard(), load_retirement_law()):
        for key, document in law.documents.items():
            title = document.title if chinese else document.en
            issued = f"（{document.issued}）" if chinese else f" ({document.issued})"
            yield key, title + (issued if document.issued else "")
    for name, number in origin["versions"].items():
        yield name, number


def _plain(value: object, words: Words) -> object:
    """Return a number that Excel keeps whole, or a text; a seed may have twenty digits."""
    if isinstance(value, dict):
        value = [f"{name}: {held}" for name, held in value.items()]
    if isinstance(value, list):
        return words("mark.list").join(map(str, value)) or words("value.no")
    if isinstance(value, bool):
        return words("value.yes" if value else "value.no")
    return value if isinstance(value, int) and abs(value) < 10**15 else str(value)
