"""Bands: a middle line by year within its intervals, of which several charts are made."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import altair as alt

from workforce_sim.report.charts.style import BLUE, DARK_BLUE, LIGHT_BLUE, unit_axis, year_axis
from workforce_sim.report.narrative.phrases import baseline_year
from workforce_sim.report.tables import heading
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.assessment.projection import Projection


class Band(NamedTuple):
    """An interval: its name among the words of the charts, the columns of its ends, its colour."""

    name: str
    low: str
    high: str
    colour: str


QUANTILES = (Band("band_90", "q05", "q95", LIGHT_BLUE), Band("band_50", "q25", "q75", BLUE))
"""The intervals of a summary over replications, the widest first."""


def bands(
    projection: Projection,
    words: Words,
    intervals: tuple[Band, ...] = QUANTILES,
    middle: tuple[str, str] = ("q50", "median"),
    *,
    unit: str,
    number: str,
    scale: alt.Scale,
    legend_offset: int = 20,
) -> list[alt.Chart]:
    """Return the layers of a chart by year; whoever puts them together gives the data.

    Parameters
    ----------
    projection, words
        For the years that are named on the axis.
    intervals
        The widest first.
    middle
        The column of the line, and its name among the words of the charts.
    unit, number
        The unit of the values, and their format on the axis and in tooltips.
    scale
        The scale of the values.
    legend_offset
        The room between the legend and the plot, in pixels.
    """
    column, name = middle
    colours = {words(f"chart.{band.name}"): band.colour for band in intervals}
    colours[words(f"chart.{name}")] = DARK_BLUE

    colour = alt.Color(
        "series:N",
        scale=alt.Scale(domain=list(colours), range=list(colours.values())),
        legend=alt.Legend(title=None, orient="top", symbolType="square", offset=legend_offset),
    )

    def series(name: str) -> alt.Chart:
        return base.transform_calculate(series=repr(words(f"chart.{name}"))).encode(color=colour)

    x = alt.X("year:O", title=None, axis=year_axis(projection, words), scale=alt.Scale(padding=0.3))
    axis = unit_axis(unit, format=number)
    base = alt.Chart().encode(x=x, y=alt.Y(f"{column}:Q", axis=axis, scale=scale))
    shown = ["year", column, *(end for band in intervals for end in (band.low, band.high))]
    tooltip = [
        alt.Tooltip(
            f"{name}:Q", title=heading(name, words), format="d" if name == "year" else number
        )
        for name in shown
    ]
    return [
        *(
            series(band.name)
            .mark_area()
            .encode(y=alt.Y(f"{band.low}:Q", axis=axis, scale=scale), y2=f"{band.high}:Q")
            for band in intervals
        ),
        series(name).mark_line(strokeWidth=2.5),
        series(name).mark_point(filled=True, size=60, opacity=1).encode(tooltip=tooltip),
        # The baseline is known, it has no spread: hollow.
        base.transform_filter(f"datum.year == {baseline_year(projection)}").mark_point(
            filled=True, size=24, opacity=1, color="white", tooltip=None
        ),
    ]
