"""A table as the page shows it: headings and cells, all of them text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from workforce_sim.report.numbers import NONE, chance, number
from workforce_sim.report.tables import heading
from workforce_sim.words import Words

CODED = ("stage", "scope", "area", "flow", "sex", "subject", "duty", "item")
"""Columns whose values are codes of the words."""


@dataclass(frozen=True)
class Table:
    """A table as it is shown.

    Attributes
    ----------
    heads : list of str
    rows : list of list of str
    texts : int
        So many columns on the left are text, the others are numbers.
    schools : bool
        Whether each row begins with the name of a school, by which it can be looked for.
    marked : set of int
        Rows that stand out.
    """

    heads: list[str]
    rows: list[list[str]]
    texts: int = 1
    schools: bool = False
    marked: frozenset[int] = frozenset()


def plain(
    frame: pd.DataFrame,
    columns: list[str],
    words: Words,
    texts: int = 1,
    write: Callable[[float], str] = number,
    schools: bool = False,
) -> Table:
    """Return some columns of a frame; ``write`` writes the numbers that are no probability."""
    heads = [heading(name, words) for name in columns]
    rows = [[_cell(row, name, words, write) for name in columns] for _, row in frame.iterrows()]
    return Table(heads, rows, texts, schools)


def by_year(
    frame: pd.DataFrame,
    names: list[str],
    column: str,
    words: Words,
    write: Callable[[float], str] = number,
) -> Table:
    """Return a row for each combination of ``names`` and a column for each year."""
    years = sorted(frame["year"].unique())
    rows = []
    for _, group in frame.groupby(names, sort=False):
        first = group.iloc[0]
        cells = {row["year"]: _cell(row, column, words, write) for _, row in group.iterrows()}
        rows.append(
            [
                *(_cell(first, name, words, write) for name in names),
                *(cells.get(year, NONE) for year in years),
            ]
        )
    heads = [*(heading(name, words) for name in names), *map(str, years)]
    return Table(heads, rows, texts=len(names))


def _cell(row: pd.Series[Any], column: str, words: Words, write: Callable[[float], str]) -> str:
    value = row[column]
    if column in CODED:
        return words(f"{column}.{value}")
    if column == "indicator":
        return words(f"short.{value}")
    if f"{column}_se" in row:
        # Without an error it is known: the baseline.
        return f"{value:.0%}" if row[f"{column}_se"] == 0 else chance(row, column)
    if column in ("threshold", "limit"):
        return f"{value:g}"
    return str(value) if column in ("year", "school", "verdict") else write(value)
