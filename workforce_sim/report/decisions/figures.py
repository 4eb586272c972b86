"""How the figures of a study's tables are written: the form of a column follows from its name.

In the workbook they stay numbers; on the page they are text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from itertools import takewhile
from typing import Any

import pandas as pd
from rich.table import Table as Printed
from rich.text import Text

from workforce_sim.report.numbers import NONE, chance, tenths
from workforce_sim.report.page.table import Table
from workforce_sim.report.tables import in_words
from workforce_sim.report.workbook.look import (
    COEFFICIENT,
    COUNT,
    ERROR,
    FIGURE,
    PEOPLE,
    RATIO,
    SHARE,
    TEXT,
    YEAR,
    Form,
)
from workforce_sim.words import Words

SHARES = ("below", "bias", "error_share", "expected", "inside", "level", "mape", "p", "schools")
"""Columns of shares and probabilities, besides those that begin with ``p_`` or ``inside_``."""
MIXED = ("assumption", "outcome")
"""Where one of these is a column, those of figures hold figures of different kinds."""
DECIMALS = {COUNT: 0, PEOPLE: 1, RATIO: 2, COEFFICIENT: 3}
ENDLESS = "∞"
"""Stands where no number would be enough."""
_WIDE = "[\u2e80-\u9fff\uff00-\uffef]"
_BROKEN = re.compile(rf"(?<={_WIDE})\n(?={_WIDE})")


def forms(frame: pd.DataFrame) -> dict[str, Form]:
    """Return the form of each column; what stands there in two languages counts as one."""
    mixed = any(name in frame for name in MIXED)
    names = [name for name in frame.columns if not name.endswith("_en")]
    return {name: _form(name, frame[name], mixed) for name in names}


def _form(name: str, column: pd.Series[Any], mixed: bool) -> Form:
    if pd.api.types.is_bool_dtype(column) or not pd.api.types.is_numeric_dtype(column):
        return TEXT
    if name == "year":
        return YEAR
    if name in SHARES or name.startswith(("p_", "inside_")):
        return ERROR if name.endswith("_se") else SHARE
    size = column.abs()
    size = size[size < math.inf]
    if (size % 1 == 0).all():
        return COUNT
    if mixed:
        return FIGURE
    return PEOPLE if size.max() >= 100 else RATIO if size.max() >= 1 else COEFFICIENT


def as_text(frame: pd.DataFrame, words: Words) -> Table:
    """Return a table as text; a probability and its Monte Carlo error stand in one cell."""
    chances = [name for name in frame.columns if f"{name}_se" in frame]
    errors = {f"{name}_{end}" for name in chances for end in ("se", "low", "high")}
    kept = frame[[name for name in frame.columns if name not in errors]]
    form, shown = forms(kept), in_words(kept, words)
    rows = frame.to_dict("records")
    columns = [
        [_chance(row, name) for row in rows]
        if name in chances
        else [_written(value, name, form[name]) for value in shown[heading]]
        for name, heading in zip(form, shown, strict=True)
    ]
    keys = list(takewhile(lambda name: not pd.api.types.is_float_dtype(kept[name]), form))
    texts = max((nth for nth, name in enumerate(keys, 1) if form[name] is TEXT), default=0)
    heads = [str(head) for head in shown]
    return Table(heads, [list(row) for row in zip(*columns, strict=True)], texts)


def _chance(row: Mapping[Any, Any], name: str) -> str:
    """Write a probability with its error; without one it is known, as at the baseline."""
    return f"{row[name]:.0%}" if row[f"{name}_se"] == 0 else chance(row, name)


def _written(value: Any, name: str, form: Form) -> str:
    if isinstance(value, str):
        return value
    if value != value:
        return NONE
    if math.isinf(value):
        return ENDLESS
    if form is YEAR:
        return str(value)
    if form is SHARE:
        text = tenths(value)
        if name.startswith("p_"):  # what is nearly sure is not written as sure
            text = {"0.0%": "<0.1%", "100.0%": ">99.9%"}.get(text, text)
    elif form in DECIMALS:
        text = f"{value:,.{DECIMALS[form]}f}"
    else:
        text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return text.replace("-", "−")


def of_terminal(table: Printed) -> Table:
    """Return a table of the terminal without its marks; a row in bold is marked.

    Lines remain only in the cells of numbers: texts are broken to a terminal's width.
    """
    texts = sum(column.justify != "right" for column in table.columns)
    cells = [
        [plain(str(cell)) if nth < texts else unmarked(str(cell)) for cell in column.cells]
        for nth, column in enumerate(table.columns)
    ]
    return Table(
        [plain(str(column.header)) for column in table.columns],
        [list(row) for row in zip(*cells, strict=True)],
        texts,
        marked=frozenset(n for n, row in enumerate(table.rows) if row.style == "bold"),
    )


def plain(text: str) -> str:
    """Return a text of the terminal without its marks, on one line."""
    return _BROKEN.sub("", unmarked(text)).replace("\n", " ")


def unmarked(text: str) -> str:
    """Return a text of the terminal without its marks."""
    return Text.from_markup(text).plain
