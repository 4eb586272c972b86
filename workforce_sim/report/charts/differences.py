"""The coefficients of difference between schools, by year, against their limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from workforce_sim.report.charts.bands import bands
from workforce_sim.report.charts.style import VERMILLION, finished, grid
from workforce_sim.report.narrative.phrases import county_name
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.assessment.projection import Projection


def differences(projection: Projection, words: Words) -> alt.TopLevelMixin:
    """Chart median and intervals by year, a panel for each indicator and stage, with the limit."""
    frame = projection.differences
    highest = float(frame[["q95", "limit"]].max().max())
    layers = bands(
        projection,
        words,
        unit="",
        number=".2f",
        scale=alt.Scale(domain=[0, 1.05 * highest]),
    )
    limit = alt.Chart().mark_rule(color=VERMILLION, strokeDash=[7, 4], strokeWidth=1.5)
    chart = grid(frame, [*layers, limit.encode(y="min(limit):Q")], words)
    limits = frame.drop_duplicates("stage").set_index("stage")["limit"]
    listed = [f"{words(f'stage.{stage}')} {limit:g}" for stage, limit in limits.items()]
    subtitle = words("chart.differences_note", limits=words("mark.list").join(listed))
    title = words("chart.differences", county=county_name(projection, words))
    return finished(chart, projection, words, title, subtitle)
