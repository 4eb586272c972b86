"""The charts of a backtest: observations on the predictive intervals, and coverage."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from workforce_sim.report.charts.style import BLUE, DARK_BLUE, INK, LIGHT_BLUE, VERMILLION, finished
from workforce_sim.report.narrative.phrases import county_name
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.decision.backtest import Backtest

ACROSS, MOST = 3, 18
"""Panels side by side, and panels at most: first those in which something fell outside."""
WIDTH, STEP, HEIGHT = 190, 44, 110
"""Pixels: width of a panel at least, of a year, height of a panel."""


def charts(study: Backtest, words: Words) -> Iterator[tuple[str, alt.TopLevelMixin]]:
    """Yield the name of the file and the chart, for every chart."""
    yield "observations", observations(study, words)
    yield "coverage", coverage(study, words)


def observations(study: Backtest, words: Words) -> alt.TopLevelMixin:
    """Chart what was observed on the predictive intervals, a panel a quantity and stage."""
    frame = study.points
    groups = dict(list(frame.groupby(["quantity", "stage"], sort=False)))
    order = sorted(groups, key=lambda group: bool(groups[group]["inside_90"].all()))
    panels = [_panel(groups[group], words, first=not n) for n, group in enumerate(order[:MOST])]
    rows = [alt.hconcat(*panels[n : n + ACROSS], spacing=28) for n in range(0, len(panels), ACROSS)]
    left_out = len(order) - len(panels)
    more = words("backtest.chart_points_more", shown=len(panels), rest=left_out) if left_out else ""
    note = words(
        "backtest.chart_points_note", n=len(frame), outside=int((~frame["inside_90"]).sum())
    )
    title = words("backtest.chart_points", county=county_name(study, words))
    return finished(alt.vconcat(*rows, spacing=22), study, words, title, note + more)


def _panel(rows: pd.DataFrame, words: Words, *, first: bool) -> alt.LayerChart | alt.FacetChart:
    kinds = {
        words("backtest.legend_inside"): (DARK_BLUE, "circle"),
        words("backtest.legend_outside"): (VERMILLION, "diamond"),
    }
    inside, outside = kinds
    kept = ["year", "observed", "q05", "q25", "q50", "q75", "q95"]
    frame = rows[kept].assign(kind=[inside if x else outside for x in rows["inside_90"]])
    lowest, highest = frame[["observed", "q05"]].min().min(), frame[["observed", "q95"]].max().max()
    room = 0.08 * (highest - lowest) + 1e-3 * abs(highest) + 1e-9
    scale = alt.Scale(domain=[max(0.0, lowest - room), highest + room], nice=False, zero=False)
    axis = alt.Axis(title=None, tickCount=4, format=",.3~f", minExtent=44)
    legend = alt.Legend(title=None, orient="top", symbolOpacity=1) if first else None
    colours, shapes = ([look[nth] for look in kinds.values()] for nth in (0, 1))
    base = alt.Chart(frame.reset_index(drop=True)).encode(
        x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0))
    )
    layers = [
        base.mark_rule(strokeWidth=2, color=BLUE).encode(
            y=alt.Y("q05:Q", axis=axis, scale=scale), y2="q95:Q"
        ),
        base.mark_rule(strokeWidth=9, color=LIGHT_BLUE).encode(
            y=alt.Y("q25:Q", axis=axis, scale=scale), y2="q75:Q"
        ),
        base.mark_tick(color=BLUE, thickness=2, width=14).encode(
            y=alt.Y("q50:Q", axis=axis, scale=scale)
        ),
        base.mark_point(filled=True, size=56, opacity=1).encode(
            y=alt.Y("observed:Q", axis=axis, scale=scale),
            color=alt.Color(
                "kind:N", scale=alt.Scale(domain=list(kinds), range=colours), legend=legend
            ),
            shape=alt.Shape(
                "kind:N", scale=alt.Scale(domain=list(kinds), range=shapes), legend=legend
            ),
            tooltip=[
                alt.Tooltip("year:O", title=words("column.year")),
                *(
                    alt.Tooltip(f"{name}:Q", title=words(f"column.{name}"), format=",.4~f")
                    for name in ("observed", "q05", "q50", "q95")
                ),
            ],
        ),
    ]
    name = quantity_name(rows["stage"].iloc[0], rows["quantity"].iloc[0], words)
    title = alt.Title(name, fontSize=13, color=INK, offset=6, anchor="start", frame="group")
    width = max(WIDTH, STEP * frame["year"].nunique())
    return alt.layer(*layers).properties(width=width, height=HEIGHT, title=title)


def coverage(study: Backtest, words: Words) -> alt.TopLevelMixin:
    """Chart the share of observations inside each interval, with what the interval claims."""
    frame = study.coverage.assign(
        name=[words("backtest.level", level=f"{level:.0%}") for level in study.coverage["level"]]
    )
    base = alt.Chart(frame).encode(y=alt.Y("name:N", sort=list(frame["name"]), title=None))
    scale = alt.Scale(domain=[0, 1])
    axis = alt.Axis(title=None, format=".0%", tickCount=5)
    kinds = {
        words("backtest.came"): DARK_BLUE,
        words("backtest.claimed"): VERMILLION,
    }
    came, claimed = kinds
    legend = alt.Legend(title=None, orient="top", symbolOpacity=1)
    colours = alt.Scale(domain=list(kinds), range=list(kinds.values()))

    def coloured(chart: alt.Chart, kind: str) -> alt.Chart:
        named: alt.Chart = chart.transform_calculate(kind=repr(kind)).encode(
            color=alt.Color("kind:N", scale=colours, legend=legend)
        )
        return named

    layers = [
        coloured(base.mark_rule(strokeWidth=2), came).encode(
            x=alt.X("inside_low:Q", axis=axis, scale=scale), x2="inside_high:Q"
        ),
        coloured(base.mark_point(filled=True, size=80, opacity=1), came).encode(
            x=alt.X("inside:Q", axis=axis, scale=scale),
            tooltip=[
                alt.Tooltip(f"{name}:Q", title=words(f"column.{name}"), format=".1%")
                for name in ("inside", "inside_low", "inside_high", "expected")
            ],
        ),
        coloured(base.mark_tick(thickness=3, height=26), claimed).encode(
            x=alt.X("expected:Q", axis=axis, scale=scale)
        ),
    ]
    note = words("backtest.chart_coverage_note", n=len(study.points))
    title = words("backtest.chart_coverage", county=county_name(study, words))
    chart = alt.layer(*layers).properties(width=460, height=alt.Step(44))
    return finished(chart, study, words, title, note)


def quantity_name(stage: str, quantity: str, words: Words) -> str:
    """Return the name of a quantity of a stage."""
    what = words(f"quantity.{quantity}")
    return words("backtest.of_stage", stage=words(f"stage.{stage}"), quantity=what)
