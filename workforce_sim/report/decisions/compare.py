"""A comparison of policies on the terminal: the answer, the ranking, what changes and what not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from rich.markup import escape
from rich.table import Table

from workforce_sim.decision.measures import COUNTY, PEOPLE
from workforce_sim.report.charts.style import of, provenance_line
from workforce_sim.report.console import new_table, wrapped
from workforce_sim.report.decisions.compare_charts import charts, same_as_base, titles
from workforce_sim.report.decisions.naming import outcome_name
from workforce_sim.report.decisions.told import WIDE, Told, print_told
from workforce_sim.report.narrative.grounds import scope
from workforce_sim.report.narrative.phrases import county_name, said
from workforce_sim.report.numbers import NONE, chance, percent
from workforce_sim.words import Words

if TYPE_CHECKING:
    from rich.console import Console

    from workforce_sim.decision.comparison import Comparison

    Row = pd.Series[Any]

__all__ = ["charts", "print_compare", "told"]

SHOWN = 3
"""Changes listed of each policy, the largest."""
MOST = 1_000_000
"""More replications than these are written as "more than"."""
TITLES = 36
"""Width left to the titles beside a text."""


def print_compare(study: Comparison, console: Console, words: Words) -> None:
    """Print the answer, the ranking, the differences and main changes, and notes."""
    print_told(told(study, words, console.width), console, words)


def told(study: Comparison, words: Words, width: int = WIDE) -> Told:
    """Return what is told of the study; texts in tables are broken to fit the width."""
    year = study.scenario.judged_year
    return Told(
        words("compare.asked", county=county_name(study, words), year=year),
        list(points(study, words)),
        [
            _ranking(study, words),
            _differences(study, words),
            _changes(study, words, width - TITLES),
        ],
        [words("compare.note_ranking"), words("compare.note_intervals"), scope(study, words)],
        provenance_line(study, words),
    )


def points(study: Comparison, words: Words) -> Iterator[str]:
    """Yield the answer, point by point."""
    base = of(study.ranking, policy=study.compared[0].name).iloc[0]
    best = study.ranking[study.ranking["rank"] == 1]
    if base["rank"] == 1:
        yield words("compare.best_base", p=said(base, words), sure=percent(base["p_best"]))
    else:
        first = best.iloc[0]
        yield words(
            "compare.best",
            title=words("mark.enum").join(titles(best, words)),
            p=said(first, words),
            difference=_in_points(_against_base(study, first["policy"]), words),
            sure=percent(first["p_best"]),
        )
    yield from _groups(study, said(base, words), words)
    yield from _precision(study, words)
    if missing := study.provenance["policies_missing"]:
        yield words("compare.missing", names=words("mark.enum").join(missing))


def _groups(study: Comparison, base: str, words: Words) -> Iterator[str]:
    """Say which policies are better than the base, which worse, and which cannot be told apart."""
    found: dict[str, list[str]] = {}
    for row, title in _shown(study, words):
        against = _against_base(study, row["policy"])
        if against["result"] == "open":
            n = _count(against["replications_needed"])
            title = words("compare.more", title=title, n=n)
        found.setdefault(against["result"], []).append(title)
    for result in ("higher", "lower", "negligible", "open"):
        if result in found:
            listed = words("mark.enum").join(found[result])
            yield words(f"compare.group_{result}", titles=listed, p=base)
    if len(same := same_as_base(study)):
        yield words("compare.same", titles=words("mark.enum").join(titles(same, words)))


def _precision(study: Comparison, words: Words) -> Iterator[str]:
    real = study.differences[study.differences["result"] != "same"]
    if real.empty:
        return
    n, settled = study.provenance["replications"], int(real["enough"].sum())
    if settled == len(real):
        yield words("compare.enough_all", n=n, of=len(real))
    else:
        yield words("compare.enough", n=n, of=len(real), settled=settled)
    ratios = of(real, outcome=COUNTY)["variance_ratio"]
    ratios = ratios[np.isfinite(ratios)]
    if len(ratios):
        middle, low, high = (f"{x:.1f}" for x in (ratios.median(), ratios.min(), ratios.max()))
        yield words("compare.paired", ratio=middle, low=low, high=high)


def _ranking(study: Comparison, words: Words) -> Table:
    table = new_table(
        words("compare.ranking", year=study.scenario.judged_year),
        [words("column.rank"), words("column.title")],
        [
            words("compare.p"),
            words("column.p_best"),
            *(words(f"named.{name}") for name in PEOPLE),
        ],
    )
    for row, title in _shown(study, words, base=True):
        table.add_row(
            _rank(row),
            escape(title),
            chance(row),
            percent(row["p_best"]),
            *(f"{row[name]:.0f}" for name in PEOPLE),
            style="bold" if row["policy"] == study.compared[0].name else None,
        )
    return table


def _differences(study: Comparison, words: Words) -> Table:
    """Return the differences of the main outcome, and how many replications settle them."""
    table = new_table(
        words("compare.against"),
        [words("column.title")],
        [
            words("column.difference"),
            words("compare.interval"),
            words("column.result"),
            words("column.replications_needed"),
            words("compare.independent"),
        ],
    )
    for row, title in _shown(study, words):
        found = _against_base(study, row["policy"])
        middle, low, high = (_signed(100 * found[part]) for part in ("difference", "low", "high"))
        table.add_row(
            escape(title),
            middle,
            words("compare.range", low=low, high=high),
            words(f"result.{found['result']}"),
            _count(found["replications_needed"]),
            _count(found["independent_needed"]),
        )
    return table


def _changes(study: Comparison, words: Words, width: int) -> Table:
    """Return the largest changes of each policy, in texts of that width."""
    table = new_table(
        words("compare.changed", year=study.scenario.judged_year, n=SHOWN),
        [words("column.title"), words("column.difference")],
        [],
    )
    for policy, title in _shown(study, words):
        rows = of(study.differences, policy=policy["policy"])
        told = rows["result"].isin(["higher", "lower"]) & ~rows["outcome"].isin(PEOPLE)
        rows = rows[told & ~rows["outcome"].str.startswith("P(")]
        size = (rows["difference"].abs() / rows["margin"]).sort_values(ascending=False)
        largest = [
            f"{outcome_name(row['outcome'], words)} {_amount(row, words)}"
            for _, row in rows.loc[size.index[:SHOWN]].iterrows()
        ]
        listed = words("mark.list").join(largest) or words("compare.nothing")
        table.add_row(escape(title), escape(wrapped(listed, width)))
    return table


def _shown(study: Comparison, words: Words, *, base: bool = False) -> Iterator[tuple[Row, str]]:
    """Yield the ranking and the titles, without policies that are the base itself."""
    left_out = [*same_as_base(study)["policy"], *([] if base else [study.compared[0].name])]
    rows = study.ranking[~study.ranking["policy"].isin(left_out)]
    for (_, row), title in zip(rows.iterrows(), titles(rows, words), strict=True):
        yield row, title


def _against_base(study: Comparison, policy: str) -> Row:
    return of(study.differences, policy=policy, outcome=COUNTY).iloc[0]


def _in_points(row: Row, words: Words) -> str:
    sign = words("compare.plus" if row["difference"] >= 0 else "compare.minus")
    size = f"{100 * abs(row['difference']):.1f}"
    low, high = (_signed(100 * row[end]) for end in ("low", "high"))
    return words("compare.points", sign=sign, points=size, low=low, high=high)


def _amount(row: Row, words: Words) -> str:
    """Write a difference of a number: ``+17.8 points`` of a share, else ``−0.031``."""
    value = row["difference"]
    if row["outcome"].startswith("schools"):
        return words("compare.in_points", n=_signed(100 * value))
    return _signed(value, 3 if abs(value) < 1 else 2)


def _signed(value: float, decimals: int = 1) -> str:
    return NONE if value != value else f"{value:+.{decimals}f}".replace("-", "−")


def _rank(row: Row) -> str:
    low, high = row["rank_low"], row["rank_high"]
    return f"{row['rank']}" if low == high else f"{row['rank']} ({low}–{high})"


def _count(number: float) -> str:
    if not np.isfinite(number) or number == 0:
        return NONE
    return f"> {MOST:,}" if number > MOST else f"{number:,.0f}"
