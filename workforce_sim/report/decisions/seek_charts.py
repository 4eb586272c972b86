"""The chart of a search: the probability by the lever, or the frontier of two levers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from workforce_sim.report.assumptions import assumption_name
from workforce_sim.report.charts.style import (
    BLUE,
    DARK_BLUE,
    GREY,
    INK,
    ORANGE,
    VERMILLION,
    finished,
    note,
    rule,
    unit_axis,
)
from workforce_sim.report.decisions.factors import value_text
from workforce_sim.report.decisions.naming import event_name
from workforce_sim.report.decisions.seek_words import cost_text, least, of_answer, origin, unpriced
from workforce_sim.report.narrative.phrases import county_name, said
from workforce_sim.report.numbers import chance
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.decision.seek import Seek

    Row = pd.Series[Any]

WIDTH, HEIGHT = 560, 320
BESIDE = 4
"""Values shown on either side of the answer, the nearest."""
LABELLED = 12
"""Combinations of a frontier that bear their cost, at most."""
LOOKS = {
    "frontier": (DARK_BLUE, "circle"),
    "meets": (BLUE, "circle"),
    "missing": (ORANGE, "square"),
    "fresh": (GREY, "diamond"),
}
"""Colour and shape of each kind of point."""


def charts(study: Seek, words: Words) -> Iterator[tuple[str, alt.TopLevelMixin]]:
    """Yield the name of the file and the chart; there is none of three levers or more."""
    if len(study.levers) == 1:
        yield "probability", curve(study, words)
    elif len(study.levers) == 2:
        yield "frontier", frontier(study, words)


def curve(study: Seek, words: Words) -> alt.TopLevelMixin:
    """Chart P against the lever: Wilson intervals, the goal, and the answer marked."""
    path, found = study.levers[0].path, of_answer(study)
    marked = study.best if found is None else found
    shown, left_out = _near(study, float(marked[path]))
    frame = pd.concat(
        [shown.assign(kind=_kinds(shown, words)), study.fresh.assign(kind=_legend("fresh", words))]
    )
    frame["exactly"] = [chance(row) for _, row in frame.iterrows()]
    kept = [path, "p", "p_low", "p_high", "kind", "replications", "exactly"]
    frame = frame[kept].rename(columns={path: "value"}).reset_index(drop=True)
    name = assumption_name(path, words)
    share = value_text(path, 0.5, words).endswith("%")
    lowest = min(float(frame["p_low"].min()), study.goal.least)
    domain = [max(0.0, 1 - 1.1 * (1 - lowest) - 0.005), 1.0]
    axis = unit_axis(words("column.p"), format=".0%" if lowest < 0.9 else ".1%", tickCount=6)
    scale = alt.Scale(domain=domain, nice=False, zero=False)
    base = alt.Chart(frame).encode(
        x=alt.X(
            "value:Q",
            title=name,
            scale=alt.Scale(zero=False, nice=False, padding=16),
            axis=alt.Axis(
                format="%" if share else ",.4~f", grid=False, tickMinStep=0 if share else 1
            ),
        ),
        y=alt.Y("p:Q", axis=axis, scale=scale),
    )
    looks = _looks(frame, words)
    is_fresh = f"datum.kind == {_legend('fresh', words)!r}"
    tooltip = [
        alt.Tooltip("value:Q", title=name),
        alt.Tooltip("exactly:N", title=words("column.p")),
        alt.Tooltip("replications:Q", title=words("column.replications"), format=","),
    ]
    layers = [
        rule(VERMILLION, (7, 4), y=alt.datum(study.goal.least)),
        note(
            words("seek.chart_goal", least=least(study.goal.least)),
            VERMILLION,
            x=alt.value(WIDTH + 6),
            y=alt.datum(study.goal.least),
        ),
        base.transform_filter(f"!({is_fresh})").mark_line(color=BLUE, strokeWidth=1.5),
        base.mark_rule(strokeWidth=2).encode(
            y=alt.Y("p_low:Q", axis=axis, scale=scale), y2="p_high:Q", color=looks["color"]
        ),
        base.transform_filter(f"!({is_fresh})")
        .mark_point(filled=True, size=64, opacity=1)
        .encode(tooltip=tooltip, **looks),
        base.transform_filter(is_fresh)
        .mark_point(size=150, strokeWidth=1.5, opacity=1)
        .encode(tooltip=tooltip, **looks),
        _ring(float(marked[path]), float(marked["p"])),
    ]
    ringed = words(
        "seek.chart_best" if found is None else "seek.chart_answer",
        value=value_text(path, marked[path], words),
        p=said(marked, words),
    )
    more = words("seek.chart_more", n=left_out) if left_out else ""
    return finished(
        alt.layer(*layers).properties(width=WIDTH, height=HEIGHT),
        study,
        words,
        words("seek.chart_curve", county=county_name(study, words), name=name),
        words(
            "seek.chart_curve_note",
            event=event_name(study.goal.event, words),
            ringed=ringed,
        ),
        origin(study, words) + more,
    )


def frontier(study: Seek, words: Words) -> alt.TopLevelMixin:
    """Chart the plane of two levers: what was tried, the frontier with its costs, the cheapest."""
    across, up = (lever.path for lever in study.levers)
    names = [assumption_name(path, words) for path in (across, up)]
    frame = study.tried.assign(kind=_kinds(study.tried, words))
    edge = set(zip(study.frontier[across], study.frontier[up], strict=True))
    is_edge = [point in edge for point in zip(frame[across], frame[up], strict=True)]
    frame.loc[is_edge, "kind"] = _legend("frontier", words)
    priced, row = len(unpriced(study)) < len(study.levers), of_answer(study)
    frame["text"] = [cost_text(cost) for cost in frame["cost"]]
    frame["exactly"] = [chance(point) for _, point in frame.iterrows()]
    frame = frame.rename(columns={across: "across", up: "up"})
    frame = frame[["across", "up", "kind", "text", "exactly"]].reset_index(drop=True)
    scale = alt.Scale(zero=False, nice=False, padding=16)
    axes = [
        {"format": "%"} if value_text(path, 0.5, words).endswith("%") else {"tickMinStep": 1}
        for path in (across, up)
    ]
    base = alt.Chart(frame).encode(
        x=alt.X("across:Q", title=names[0], axis=alt.Axis(grid=False, **axes[0]), scale=scale),
        y=alt.Y("up:Q", axis=unit_axis(names[1], **axes[1]), scale=scale),
        tooltip=[
            alt.Tooltip("across:Q", title=names[0]),
            alt.Tooltip("up:Q", title=names[1]),
            alt.Tooltip("exactly:N", title=words("column.p")),
            *([alt.Tooltip("text:N", title=words("column.cost"))] if priced else []),
        ],
    )
    on_edge = base.transform_filter(f"datum.kind == {_legend('frontier', words)!r}")
    layers = [
        on_edge.mark_line(interpolate="step-after", color=BLUE, strokeWidth=1.5),
        base.mark_point(filled=True, size=60, opacity=1).encode(**_looks(frame, words)),
    ]
    if priced and row is not None:
        layers.append(_ring(float(row[across]), float(row[up])))
    if priced and 0 < len(edge) <= LABELLED:
        text = on_edge.mark_text(align="left", dx=11, dy=-9, fontSize=12, color=INK)
        layers.append(text.encode(text="text:N"))
    told = {"event": event_name(study.goal.event, words), "least": least(study.goal.least)}
    if priced:
        told["currency"] = study.scenario.costs.currency
    return finished(
        alt.layer(*layers).properties(width=WIDTH, height=HEIGHT),
        study,
        words,
        words("seek.chart_frontier", county=county_name(study, words)),
        words(f"seek.chart_{'frontier_note' if priced else 'frontier_uncosted'}", **told),
        origin(study, words),
    )


def _near(study: Seek, centre: float) -> tuple[pd.DataFrame, int]:
    """Return the values tried near one, and that of today; and how many are left out."""
    path, now = study.levers[0].path, study.levers[0].now
    values = study.tried[path]
    below, above = (values[values < centre].tail(BESIDE), values[values > centre].head(BESIDE))
    near = values.isin([*below, centre, *above]) | (values == now)
    return study.tried[near], int((~near).sum())


def _legend(kind: str, words: Words) -> str:
    return words(f"seek.legend_{kind}")


def _kinds(rows: pd.DataFrame, words: Words) -> list[str]:
    return [_legend("meets" if meets else "missing", words) for meets in rows["meets"]]


def _looks(frame: pd.DataFrame, words: Words) -> dict[str, Any]:
    """Return the encodings of colour and shape, of the kinds that are there."""
    there = set(frame["kind"])
    looks = {_legend(k, words): look for k, look in LOOKS.items() if _legend(k, words) in there}
    legend = alt.Legend(title=None, orient="top", offset=30, symbolOpacity=1)
    colours, shapes = (
        alt.Scale(domain=list(looks), range=[look[nth] for look in looks.values()])
        for nth in (0, 1)
    )
    return {
        "color": alt.Color("kind:N", scale=colours, legend=legend),
        "shape": alt.Shape("kind:N", scale=shapes, legend=legend),
    }


def _ring(x: float, y: float) -> alt.Chart:
    """Return a ring around a point."""
    ring = alt.Chart(alt.InlineData(values=[{}])).mark_point(
        size=300, strokeWidth=2, color=INK, opacity=1
    )
    placed: alt.Chart = ring.encode(x=alt.datum(x), y=alt.datum(y))
    return placed
