"""The pupils of each stage by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from workforce_sim.report.charts.bands import bands
from workforce_sim.report.charts.style import finished, panels
from workforce_sim.report.narrative.phrases import county_name
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.assessment.projection import Projection


def pupils(projection: Projection, words: Words) -> alt.TopLevelMixin:
    """Chart median, 50% and 90% interval of the pupils by year, a panel for each stage."""
    frame = projection.pupils[projection.pupils["stage"] != "both"]
    frame = frame.assign(panel=[words(f"stage.{stage}") for stage in frame["stage"]])
    layers = bands(
        projection,
        words,
        unit=words("chart.people"),
        number=",.0f",
        scale=alt.Scale(domain=[0, 1.05 * float(frame["q95"].max())]),
    )
    plot = alt.layer(*layers, data=frame.drop(columns=["mean", "sd"]).reset_index(drop=True))
    plot = plot.properties(width=max(300, 44 * frame["year"].nunique()), height=260)
    return finished(
        plot.facet(column=panels(frame["panel"])),
        projection,
        words,
        words("chart.pupils", county=county_name(projection, words)),
        words("chart.pupils_note"),
    )
