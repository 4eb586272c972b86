"""The probability by year that the county's ratios meet their thresholds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from workforce_sim.report.charts.bands import Band, bands
from workforce_sim.report.charts.style import LIGHT_BLUE, finished, grid
from workforce_sim.report.narrative.phrases import county_name
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.assessment.projection import Projection

WILSON = (Band("band_wilson", "p_meets_low", "p_meets_high", LIGHT_BLUE),)


def chances(projection: Projection, words: Words) -> alt.TopLevelMixin:
    """Chart P(meets) by year, a panel for each indicator and stage, with Wilson's 95% interval."""
    layers = bands(
        projection,
        words,
        WILSON,
        ("p_meets", "class_title"),
        unit="",
        number=".0%",
        scale=alt.Scale(domain=[0, 1]),
    )
    chart = grid(projection.ratios, layers, words)
    title = words("chart.chances", county=county_name(projection, words))
    return finished(chart, projection, words, title, words("chart.chances_note"))
