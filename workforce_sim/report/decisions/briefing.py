"""The Word briefing of a study, two A4 pages: the answer, the main table, charts, notes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len

from workforce_sim.report.briefing import footer
from workforce_sim.report.decisions.figures import of_terminal, plain
from workforce_sim.report.decisions.told import Told, notes_of, title
from workforce_sim.report.page.table import Table
from workforce_sim.report.pictures import size_of
from workforce_sim.report.word import CELL_SIZE, LINE_HEIGHT, Word, embolden
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.decision.study import Study

CHARTS = 3
"""So many charts are shown, the first."""
PAGE, HEADING, GAP = 26.0, 0.9, 0.3
"""Heights in cm: of a page's text (less some for safety), of a heading, room after a thing."""
TITLE = 18
"""Size of the letters of the title, in points."""
ROW = CELL_SIZE * LINE_HEIGHT * 0.0353
"""Height of a line of a table, in cm."""
HIGHEST, LOWEST = 12.0, 4.5
"""Heights of a chart, in cm."""
LEAST = 6.0
"""Height that the table may take whatever the answer's length, in cm."""
NARROWEST = 1.3
"""Width of a column, in cm."""
STRETCHED = 1.2
"""How much wider than need be columns become where there is room."""


def write_briefing(
    study: Study,
    told: Told,
    specs: Mapping[str, dict[str, Any]],
    pictures: Mapping[str, bytes],
    path: Path,
    words: Words,
) -> None:
    """Write the briefing; the same study gives the same bytes.

    Parameters
    ----------
    study : Study
    told : Told
        What is told of it.
    specs : mapping
        Its charts by name, as Vega-Lite.
    pictures : mapping
        Their PNGs.
    path : Path
        The file to write.
    words : Words
        The words of its language.
    """
    word = Word(title(study, words), words.language)
    word.title(title(study, words))
    word.heading(told.asked)
    size = 10 if words.language == "zh" else 9.5  # English takes more room
    word.bullets(told.points, size=size)
    room = PAGE - GAP - word.height_cm([title(study, words)], TITLE)
    room -= HEADING + _bullets_cm(word, told.points, size)
    for table in told.tables[:1]:
        word.heading(plain(str(table.title)))
        room -= HEADING + _table(word, of_terminal(table), max(room - HEADING, LEAST), words)
    told_last, shown = notes_of(study, told, words), list(pictures)[:CHARTS]
    ending = HEADING + _bullets_cm(word, told_last, 9)
    if len(shown) == 1 and room - ending >= LOWEST:
        room -= ending  # then one page holds it all
    if shown and room >= LOWEST:
        _picture(word, shown.pop(0), specs, pictures, room)
    rest = PAGE - HEADING - ending + min(room, 0)
    shown = shown[: int(max(rest, 0) // LOWEST)]
    if shown:
        word.heading(words("page.charts"), new_page=room >= 0)
    whole = sum(_height(pictures[name]) for name in shown)
    for name in shown:
        _picture(word, name, specs, pictures, rest * _height(pictures[name]) / whole)
    word.heading(words("page.notes"))
    word.bullets(told_last)
    page = words("briefing.page", page="{page}", pages="{pages}")
    word.footer(footer(told.origin, study, words), page)
    path.write_bytes(word.packed())


def _bullets_cm(word: Word, texts: Sequence[str], size: float) -> float:
    return word.height_cm(texts, size) + 0.1 * len(texts)


def _height(png: bytes) -> float:
    """Return how high a picture is to its width."""
    width, height = size_of(png)
    return height / width


def _picture(
    word: Word,
    name: str,
    specs: Mapping[str, dict[str, Any]],
    pictures: Mapping[str, bytes],
    room: float,
) -> None:
    heading = specs[name]["title"]
    described = " ".join([heading["text"], *heading["subtitle"]])
    highest = min(room - GAP, HIGHEST)
    word.picture(pictures[name], described, widest_cm=word.width_cm, highest_cm=highest)


def _table(word: Word, table: Table, room: float, words: Words) -> float:
    """Add the rows that there is room for; return how high they are."""
    widths = _widths(table, word.width_cm)
    height, rows = _lines(table.heads, widths) * ROW, 0
    while rows < len(table.rows):
        more = _lines(table.rows[rows], widths) * ROW
        if height + more + ROW > room:
            break
        height, rows = height + more, rows + 1
    cells = word.table(table.heads, table.rows[:rows], widths, range(table.texts))
    for row in table.marked.intersection(range(rows)):
        for cell in cells[row]:
            embolden(cell)
    left = len(table.rows) - rows
    # What follows must not touch the table.
    word.paragraph(words("documents.more_rows", n=left) if left else "", size=8 if left else 3)
    return height + GAP + (ROW if left else 0)


def _widths(table: Table, whole: float) -> list[float]:
    """Return the widths of columns in cm: the widest give way until all fit."""
    wanted = []
    for nth, head in enumerate(table.heads):
        longest = max((cell_len(row[nth]) for row in table.rows), default=0)
        # A Chinese heading is broken anywhere, an English one between words.
        word = max(map(cell_len, head.split()), default=0) if head.isascii() else 0
        wanted.append(max(_cm(longest), _cm(word), _cm(cell_len(head)) / 3, NARROWEST))
    widest = max(wanted)
    while sum(min(width, widest) for width in wanted) > whole:
        widest -= 0.1
    fitting = [min(width, widest) for width in wanted]
    return [width * min(STRETCHED, whole / sum(fitting)) for width in fitting]


def _lines(cells: Sequence[str], widths: Sequence[float]) -> int:
    """Return on how many lines the cells of a row stand."""
    return max(math.ceil(_cm(cell_len(c)) / w) for c, w in zip(cells, widths, strict=True))


def _cm(letters: int) -> float:
    """Return how wide a text is in a cell: a digit is so wide in Arial, and there are margins."""
    return letters * CELL_SIZE * 0.0196 + 0.42 if letters else 0.1
