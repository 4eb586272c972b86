"""How things look on a terminal: tables, boxes, lines broken as Chinese is set."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich import box
from rich.cells import cell_len
from rich.console import Group
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

_WORD = r"(?:[^\W一-鿿]|[.%±≥≤—–+−/-])+"  # Latin letters and numbers stay together
_PARTS = re.compile(rf"\s+|[“（(〔]*(?:{_WORD}|\S)[，。：；、）”〕,:;)]*")


def show(what: RenderableType, console: Console) -> None:
    """Print; letters that the console's encoding lacks become question marks."""
    if isinstance(console.file, io.TextIOWrapper):
        console.file.reconfigure(errors="replace")
    console.print(what, highlight=False)


def answer(title: str, points: Iterable[str], width: int) -> Panel:
    """Return a box with a question on it and the points of its answer within."""
    text = "\n".join(wrapped(point, width - 4) for point in points)
    return Panel(escape(text), title=escape(title), title_align="left")


def notes(title: str, texts: Iterable[str], width: int) -> Group:
    """Return a heading and, indented below it, notes."""
    lines = [Padding(escape(wrapped(text, width - 2)), (0, 0, 0, 2)) for text in texts]
    return Group(Text(title, style="bold"), *lines)


def new_table(title: str, texts: Iterable[str], numbers: Iterable[str]) -> Table:
    """Return an empty table with columns of texts and, to their right, of numbers."""
    table = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
    )
    for heading in texts:
        table.add_column(heading, overflow="fold")
    for heading in numbers:
        table.add_column(heading, justify="right", overflow="fold")
    return table


def wrapped(text: str, width: int) -> str:
    """Break a text into lines as Chinese is set: never within a number, nor before a comma."""
    lines = [""]
    for part in _PARTS.findall(text):
        if lines[-1] and cell_len(lines[-1] + part) > width:
            lines.append("")
        if lines[-1] or not part.isspace():
            lines[-1] += part
    return "\n".join(line.rstrip() for line in lines)
