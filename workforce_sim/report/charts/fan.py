"""The fan: the county's ratio of one indicator and stage, its intervals and the threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from workforce_sim.report.charts.bands import bands
from workforce_sim.report.charts.style import (
    GREY,
    VERMILLION,
    finished,
    note,
    of,
    per_pupils,
    ratio_format,
    rule,
)
from workforce_sim.report.narrative.phrases import county_name, indicator_name, within
from workforce_sim.report.numbers import chance, number
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.assessment.projection import Projection


def fan(projection: Projection, indicator: str, stage: str, words: Words) -> alt.TopLevelMixin:
    """Chart median, 50% and 90% interval by year; the subtitle gives P(meets) when judged."""
    frame = of(projection.ratios, indicator=indicator, stage=stage)
    judged = of(frame, year=projection.scenario.judged_year).iloc[0]
    threshold = float(judged["threshold"])
    layers = bands(
        projection,
        words,
        unit=words(f"unit.{indicator}"),
        number=ratio_format(threshold),
        scale=alt.Scale(domain=_domain(frame, threshold)),
        legend_offset=32,  # the unit stands between the legend and the plot
    )
    width = max(560, 34 * len(frame))
    chart = alt.layer(
        *layers[:2],
        rule(GREY, (2, 3), x=alt.XDatum(projection.scenario.judged_year, type="ordinal")),
        rule(VERMILLION, (7, 4), y=alt.datum(threshold)),
        *layers[2:],
        note(
            words("chart.threshold", value=f"{threshold:g}"),
            VERMILLION,
            x=alt.value(width + 6),
            y=alt.datum(threshold),
        ),
        data=frame[["year", "q05", "q25", "q50", "q75", "q95"]].reset_index(drop=True),
    ).properties(width=width, height=320)
    title = words(
        "chart.fan",
        county=county_name(projection, words),
        stage=within(words(f"stage.{stage}")),
        indicator=indicator_name(indicator, words),
        per=per_pupils(indicator, words),
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
