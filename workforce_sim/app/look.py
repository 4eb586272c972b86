"""How things look: texts, tiles, tables, charts, downloads, problems - each in one way, everywhere.

Nothing of the data is ever markup: a school called ``<img src=x>`` or ``**x**`` shows just that.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import resources
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from workforce_sim.report.page import figure
from workforce_sim.report.page.table import Table
from workforce_sim.report.pictures import FONT, draw
from workforce_sim.report.tables import harmless
from workforce_sim.scenario import InputError
from workforce_sim.words import Words

if TYPE_CHECKING:
    import altair as alt

    from workforce_sim.decision.study import Study
    from workforce_sim.report.decisions.told import Told

FONTS = f"'{FONT}', 'Noto Sans CJK SC', 'Microsoft YaHei', 'PingFang SC', sans-serif"
"""No font is fetched: that of the charts if it is there, or what the machine has for Chinese."""
LONG = 40
"""A table of more rows is shown in a frame of its own, with search and sorting."""
_MARKUP = re.compile(r"([!-/:-@\[-`{-~])")
_LINK = re.compile(r"(?i)(?<=http)(?=s?://)|(?<=www)(?=\.)|(?<=\w)(?=@)")

GOOD, OPEN, BAD, PLAIN = "good", "open", "bad", "plain"
"""Moods of a tile. Each has its colour (Okabe and Ito) and its sign: no one needs the colour."""
_SIGNS = {GOOD: "✓", OPEN: "◐", BAD: "✗", PLAIN: ""}


def style() -> None:
    """Put in the style sheet; once a page, by the frame around it."""
    st.html(f"<style>{_style()}</style>")


@cache
def _style() -> str:
    return (resources.files(__package__) / "page.css").read_text(encoding="utf-8")


def escaped(text: str) -> str:
    """Return a text that markdown shows as it is: for labels and for ``st.markdown``."""
    # An address would become a link, escaped or not: a joiner without width parts it.
    return _MARKUP.sub(r"\\\1", _LINK.sub("\u2060", text)).replace("\n", "  \n")


def capital(text: str) -> str:
    """Return a text with a capital first letter, as it stands by itself."""
    return text[:1].upper() + text[1:]


def say(*paragraphs: str) -> None:
    """Show sentences as paragraphs of text."""
    for paragraph in paragraphs:
        st.markdown(escaped(paragraph))


def notes(texts: Iterable[str]) -> None:
    """Show small print."""
    st.html("".join(f'<p class="ws-note">{escape(capital(text))}</p>' for text in texts))


def warn(text: str) -> None:
    """Show a warning."""
    st.warning(escaped(text), icon=":material/warning:")


def problems(error: InputError, words: Words) -> None:
    """Show all that is wrong with an input, each as one line of text."""
    with st.container(border=True):
        say(words("app.problems", n=len(error.problems)))
        st.text("\n".join(str(problem) for problem in error.problems[:200]))


@dataclass(frozen=True)
class Tile:
    """A figure with its name: ``mood`` is one of GOOD, OPEN, BAD, PLAIN; ``big`` fills the row."""

    name: str
    value: str
    note: str = ""
    mood: str = PLAIN
    big: bool = False


SURE, EVEN = 0.95, 0.5
"""From the first on a probability is good; below the second it is bad."""


def mood(p: float) -> str:
    """Return the mood of a probability that something good comes about."""
    return PLAIN if p != p else GOOD if p >= SURE else BAD if p < EVEN else OPEN


def tiles(shown: Sequence[Tile]) -> None:
    """Show tiles side by side, as many as there is room for."""
    html = "".join(
        f'<div class="ws-tile ws-{tile.mood}{" ws-big" if tile.big else ""}">'
        f"<span>{escape(capital(tile.name))}</span>"
        f'<b><i aria-hidden="true">{_SIGNS[tile.mood]}</i>{escape(tile.value)}</b>'
        f"<span>{escape(tile.note)}</span></div>"
        for tile in shown
    )
    st.html(f'<div class="ws-tiles">{html}</div>')


@dataclass(frozen=True)
class Cell:
    """A cell of a matrix: its text and its mood."""

    text: str
    mood: str = PLAIN


def heading(text: str) -> None:
    """Show a heading within a page."""
    st.markdown(f"**{escaped(text)}**")


def matrix(heads: Sequence[str], names: Sequence[str], cells: Sequence[Sequence[Cell]]) -> None:
    """Show cells with their moods: a name a row, a heading a column."""
    rows = "".join(
        f'<tr><th class="ws-text" scope="row">{escape(name)}</th>'
        + "".join(
            f'<td class="ws-{cell.mood}"><i aria-hidden="true">{_SIGNS[cell.mood]}</i>'
            f"{escape(cell.text)}</td>"
            for cell in row
        )
        + "</tr>"
        for name, row in zip(names, cells, strict=True)
    )
    columns = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    st.html(
        '<div class="ws-scroll"><table class="ws-table ws-matrix"><thead><tr><td></td>'
        f"{columns}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def table(shown: Table) -> None:
    """Show a table: a short one whole, a long one in a frame with search and sorting."""
    if len(shown.rows) > LONG:
        frame = pd.DataFrame(shown.rows, columns=_distinct(shown.heads))
        st.dataframe(frame, hide_index=True, width="stretch", height=420)
        return

    def row(cells: Sequence[str], tag: str, marked: bool = False) -> str:
        texts = [' class="ws-text"' if nth < shown.texts else "" for nth in range(len(cells))]
        inner = "".join(
            f"<{tag}{text}>{escape(cell).replace(chr(10), '<br>')}</{tag}>"
            for text, cell in zip(texts, cells, strict=True)
        )
        return f'<tr class="{"ws-marked" if marked else ""}">{inner}</tr>'

    body = "".join(row(cells, "td", nth in shown.marked) for nth, cells in enumerate(shown.rows))
    head = row(shown.heads, "th")
    st.html(
        f'<div class="ws-scroll"><table class="ws-table"><thead>{head}</thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def several(column: str, codes: Sequence[str], words: Words, key: str) -> list[str]:
    """Let some of a column's values be chosen; none stands for all."""
    chosen = st.pills(
        capital(words(f"column.{column}")),
        codes,
        selection_mode="multi",
        format_func=lambda code: words(f"{column}.{code}"),
        key=key,
    )
    return list(chosen or codes)


def csv_of(shown: Table, origin: str) -> bytes:
    """Return a table as CSV that Excel opens with Chinese intact, and runs nothing of.

    Its last line, after a blank one, is where it comes from, and what of that is synthetic.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(shown.heads)
    writer.writerows([[harmless(cell) for cell in row] for row in shown.rows])
    writer.writerows([[], [harmless(origin)]])
    return stream.getvalue().encode("utf-8-sig")


def chart(
    name: str,
    drawn: alt.TopLevelMixin,
    words: Words,
    numbers: Table | None = None,
    *,
    open_table: bool = False,
) -> None:
    """Show a chart with its heading and caption, its numbers as a table, and its downloads.

    Parameters
    ----------
    name : str
        Names the files to download and keeps widgets apart: once a page.
    drawn : altair chart
        As the functions of ``report/charts`` and ``report/decisions/*_charts.py`` return it.
    words : Words
    numbers : Table, optional
        What it shows, in numbers: ``report.page.chart_tables.of_chart``, or any other table.
    open_table : bool
        Whether the table is open at first.
    """
    spec = drawn.to_dict(validate=False)
    told = figure(spec)
    heading(told["title"])
    bare = {key: value for key, value in spec.items() if key not in ("title", "padding")}
    bare["config"] = {**bare["config"], "font": FONTS}
    bare["autosize"] = "pad"  # else the plot shrinks until its notes are cut off
    st.vega_lite_chart(spec=bare, theme=None, width="content", alt=told["title"], key=f"c-{name}")
    notes([told["caption"], told["origin"]])
    with st.expander(words("app.numbers"), icon=":material/table:", expanded=open_table):
        if numbers is not None:
            table(numbers)
        with st.container(horizontal=True):
            if numbers is not None:
                download(
                    words("app.csv"),
                    lambda: csv_of(numbers, told["origin"]),
                    f"{name}.csv",
                    key=f"csv-{name}",
                )
            for ending in ("png", "svg"):
                download(
                    words(f"app.{ending}"),
                    lambda ending=ending: _picture(spec, ending),  # type: ignore[misc]
                    f"{name}.{ending}",
                    key=f"{ending}-{name}",
                )


def download(
    label: str, data: bytes | Callable[[], bytes], file: str, *, key: str | None = None
) -> None:
    """Show a button that downloads a file; a function is called only when it is pressed."""
    st.download_button(
        label, data, file, on_click="ignore", icon=":material/download:", key=key or f"d-{file}"
    )


def told(shown: Told) -> None:
    """Show what is told of a study: the answer, its tables, the notes, the origin."""
    from workforce_sim.report.decisions.figures import of_terminal, plain

    with st.container(border=True):
        heading(shown.asked)
        say(*shown.points)
    for printed in shown.tables:
        heading(plain(str(printed.title)))
        table(of_terminal(printed))
        if printed.caption:
            notes([plain(str(printed.caption))])
    notes([*shown.notes, shown.origin])


def study(found: Study, report: Any, words: Words, *school: str | None) -> None:
    """Show a study: what is told of it, then its charts, each with its numbers.

    Parameters
    ----------
    found : Study
        What was found.
    report : module
        Its room in ``report/decisions``.
    words : Words
        The language.
    *school : str or None
        The school that it is told of too, where the report can.
    """
    from workforce_sim.report.decisions.chart_numbers import of_chart

    words = words.about(found)
    told(report.told(found, words, *school))
    for name, drawn in report.charts(found, words, *school):
        chart(name, drawn, words, of_chart(found, name, words, *school))


def _picture(spec: Mapping[str, Any], ending: str) -> bytes:
    ((_, svg, png),) = draw({"chart": dict(spec)})
    return png if ending == "png" else svg.encode()


def _distinct(heads: Sequence[str]) -> list[str]:
    """Return headings of which no two are alike, as a frame needs them."""
    seen: dict[str, int] = {}
    found = []
    for head in heads:
        seen[head] = seen.get(head, 0) + 1
        found.append(head + " " * (seen[head] - 1))
    return found
