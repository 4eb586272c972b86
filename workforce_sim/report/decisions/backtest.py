"""A backtest on the terminal: how good the forecast was, what fell outside, what to revise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.markup import escape
from rich.table import Table

from workforce_sim.report.charts.style import provenance_line
from workforce_sim.report.console import new_table, wrapped
from workforce_sim.report.decisions.backtest_charts import charts, quantity_name
from workforce_sim.report.decisions.factors import factor_names, value_text
from workforce_sim.report.decisions.told import Told, print_told
from workforce_sim.report.numbers import tenths
from workforce_sim.scenario.assumptions import quantities
from workforce_sim.words import Words

if TYPE_CHECKING:
    from rich.console import Console

    from workforce_sim.decision.backtest import Backtest

    Row = pd.Series[Any]

__all__ = ["charts", "print_backtest", "told"]

SHOWN = 15
"""Observations listed, those furthest off."""
NAMED = 3
"""Quantities of which the answer says what to revise."""
NAME = 24
"""Width of names in tables."""


def print_backtest(study: Backtest, console: Console, words: Words) -> None:
    """Print the answer, what fell outside, what to revise, and notes."""
    print_told(told(study, words), console, words)


def told(study: Backtest, words: Words) -> Told:
    """Return what is told of the study."""
    all_inside = study.points["inside_90"].all()
    return Told(
        words("backtest.asked"),
        list(points(study, words)),
        [] if all_inside else [_outside(study, words), _revise(study, words)],
        list(_notes(study, words)),
        provenance_line(study, words),
    )


def points(study: Backtest, words: Words) -> Iterator[str]:
    """Yield the answer, point by point."""
    origin = study.provenance
    if not origin["complete"]:
        done, requested = origin["replications"], origin["replications_requested"]
        yield words("backtest.unfinished", done=done, requested=requested)
    for _, row in study.coverage.iterrows():
        yield words(
            "backtest.inside",
            n=f"{row['n']:.0f}",
            inside=f"{row['inside'] * row['n']:.0f}",
            level=f"{row['level']:.0%}",
            share=f"{row['inside']:.0%}",
            low=f"{row['inside_low']:.0%}",
            high=f"{row['inside_high']:.0%}",
            expected=f"{row['expected']:.0%}",
            finding=words(f"backtest.{finding(row)}"),
        )
    if study.errors.empty:
        yield words("backtest.no_errors")
    else:
        told = [
            words("backtest.error", horizon=f"{row['horizon']:.0f}", mape=tenths(row["mape"]))
            for _, row in study.errors.iterrows()
        ]
        yield words("backtest.errors", which=words("mark.clause").join(told))
    if study.revise.empty:
        yield words("backtest.none_outside")
    best = study.revise.drop_duplicates(["quantity", "stage"])
    furthest = best["off"].abs().sort_values(ascending=False, kind="stable").index[:NAMED]
    for _, row in best.loc[furthest].iterrows():
        yield _advice(study, row, words)


def finding(row: Row) -> str:
    """Say whether the share inside is compatible with a perfect forecast, or which way not."""
    if row["inside_high"] < row["expected"]:
        return "too_narrow"
    return "too_wide" if row["inside_low"] > row["expected"] else "compatible"


def _advice(study: Backtest, row: Row, words: Words) -> str:
    told = {
        "quantity": quantity_name(row["stage"], row["quantity"], words),
        "way": words(f"backtest.{'higher' if row['off'] > 0 else 'lower'}"),
    }
    path = row["assumption"]
    if not path:
        return words("backtest.revise_none", **told)
    return words(
        "backtest.revise",
        **told,
        name=_names(study, words)[path],
        direction=words(f"direction.{row['direction']}"),
        median=value_text(path, row["median"], words),
        fits=value_text(path, row["fits"], words),
        beyond=words("backtest.beyond") if row["beyond"] else "",
    )


def _outside(study: Backtest, words: Words) -> Table:
    rows = study.points[~study.points["inside_90"]]
    distance = (rows["observed"] - rows["mean"]).abs() / rows["sd"].clip(lower=1e-9)
    listed = rows.loc[distance.sort_values(ascending=False, kind="stable").index[:SHOWN]]
    table = new_table(
        words("backtest.outside_table", n=len(rows), shown=len(listed)),
        [words("column.year"), words("column.quantity")],
        [
            words("column.observed"),
            words("column.q50"),
            words("backtest.interval"),
            words("column.error_share"),
        ],
    )
    for _, row in listed.iterrows():
        low, middle, high = (_number(row[name]) for name in ("q05", "q50", "q95"))
        table.add_row(
            str(row["year"]),
            quantity_name(row["stage"], row["quantity"], words),
            _number(row["observed"]),
            middle,
            words("backtest.range", low=low, high=high),
            tenths(row["error_share"]).replace("-", "−"),
        )
    return table


def _revise(study: Backtest, words: Words) -> Table:
    """Return the assumptions to revise of each quantity, those that move it most first."""
    names = _names(study, words)
    table = new_table(
        words("backtest.revise_table"),
        [words("column.quantity"), words("column.assumption"), words("column.direction")],
        [words("backtest.now"), words("backtest.fits"), words("backtest.too_far")],
    )
    before = None
    for _, row in study.revise.iterrows():
        path, of_what = row["assumption"], (row["stage"], row["quantity"])
        first = "" if of_what == before else wrapped(quantity_name(*of_what, words), NAME)
        before = of_what
        table.add_row(
            first,
            escape(wrapped(names[path], NAME)),
            *(
                [
                    words(f"direction.{row['direction']}"),
                    value_text(path, row["median"], words),
                    value_text(path, row["fits"], words),
                    words("value.yes" if row["beyond"] else "value.no"),
                ]
                if path
                else []
            ),
        )
    return table


def _notes(study: Backtest, words: Words) -> Iterator[str]:
    yield words("backtest.note_independent")
    if len(study.revise):
        yield words("backtest.note_revise")


def _names(study: Backtest, words: Words) -> dict[str, str]:
    return factor_names([*quantities(study.scenario), ""], words, study.scenario)


def _number(value: float) -> str:
    """Write a count in full, and a ratio with three figures."""
    return f"{value:,.0f}" if float(value).is_integer() or value >= 100 else f"{value:.3g}"
