"""The fan: the county's ratio of one indicator and stage, its intervals and the threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from workforce_sim.report.charts.style import (
    BLUE,
    DARK_BLUE,
    GREY,
    LIGHT_BLUE,
    VERMILLION,
    baseline_year,
    county_name,
    finished,
    indicator_name,
    note,
    of,
    rule,
    unit_axis,
    within,
    year_axis,
)
from workforce_sim.report.numbers import chance, number
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.assessment.projection import Projection


def fan(projection: Projection, indicator: str, stage: str, words: Words) -> alt.TopLevelMixin:
    """Chart median, 50% and 90% interval by year; the subtitle gives P(meets) when judged."""
    frame = of(projection.ratios, indicator=indicator, stage=stage)
    judged = of(frame, year=projection.scenario.judged_year).iloc[0]
    threshold = float(judged["threshold"])
    names = {name: words(f"chart.{name}") for name in ("band_90", "band_50", "median")}
    intervals = pd.concat(
        [
            frame.assign(low=frame["q05"], high=frame["q95"], band=names["band_90"]),
            frame.assign(low=frame["q25"], high=frame["q75"], band=names["band_50"]),
        ]
    )[["year", "low", "high", "band"]]
    median = frame[["year", "q50"]].assign(band=names["median"])
    colour = alt.Color(
        "band:N",
        scale=alt.Scale(domain=list(names.values()), range=[LIGHT_BLUE, BLUE, DARK_BLUE]),
        legend=alt.Legend(title=None, orient="top", symbolType="square", offset=32),
    )
    x = alt.X("year:O", title=None, axis=year_axis(projection, words), scale=alt.Scale(padding=0.3))
    y = alt.Y(
        "low:Q",
        axis=unit_axis(words("chart.per_100")),
        scale=alt.Scale(domain=_domain(frame, threshold)),
    )
    width = max(560, 34 * len(frame))
    line = alt.Chart(median).encode(x=x, y="q50:Q", color=colour)
    known = median[median["year"] == baseline_year(projection)]  # no spread: hollow
    chart = alt.layer(
        alt.Chart(intervals).mark_area().encode(x=x, y=y, y2="high:Q", color=colour),
        rule(GREY, (2, 3), x=alt.XDatum(projection.scenario.judged_year, type="ordinal")),
        rule(VERMILLION, (7, 4), y=alt.datum(threshold)),
        line.mark_line(strokeWidth=2.5),
        line.mark_point(filled=True, size=60, opacity=1),
        alt.Chart(known)
        .mark_point(filled=True, size=24, opacity=1, color="white")
        .encode(x=x, y="q50:Q"),
        note(
            words("chart.threshold", value=f"{threshold:g}"),
            VERMILLION,
            x=alt.value(width + 6),
            y=alt.datum(threshold),
        ),
    ).properties(width=width, height=320)
    title = words(
        "chart.fan",
        county=county_name(projection, words),
        stage=within(words(f"stage.{stage}")),
        indicator=indicator_name(indicator, words),
    )
    subtitle = words(
        "chart.fan_numbers",
        year=judged["year"],
        median=number(judged["q50"]),
        low=number(judged["q05"]),
        high=number(judged["q95"]),
        threshold=f"{threshold:g}",
        chance=chance(judged.to_dict(), "p_meets"),
    )
    return finished(chart, projection, words, title, subtitle)


def _domain(frame: pd.DataFrame, threshold: float) -> list[float]:
    """Return a range that shows the intervals and the threshold with some room, not below zero."""
    low = min(float(frame["q05"].min()), threshold)
    high = max(float(frame["q95"].max()), threshold)
    room = 0.06 * (high - low) + 1e-3 * high
    return [max(0.0, low - room), high + room]
