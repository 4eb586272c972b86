"""The schools where they lie, each by how likely it is not to fail: a plain map, without tiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np
import pandas as pd

from workforce_sim.report.charts.schools import GROUPS, group
from workforce_sim.report.charts.style import finished, of, unit_axis
from workforce_sim.report.narrative.phrases import county_name
from workforce_sim.report.numbers import chance
from workforce_sim.scenario.schema import STAGES
from workforce_sim.simulation.block import with_new_schools
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.assessment.projection import Projection

PANEL = 380
"""Width and height of the map of a stage, in pixels."""


def has_places(projection: Projection) -> bool:
    """Say whether the school table has coordinates: without, all schools lie at the origin."""
    schools = projection.county.schools
    return bool(np.any(schools.x_km != 0) or np.any(schools.y_km != 0))


def placed(projection: Projection) -> pd.DataFrame:
    """Return the verdict on each school in the judged year, and where it lies.

    Returns
    -------
    DataFrame
        As ``Projection.school_verdicts``, with ``x_km`` and ``y_km``.
    """
    schools = with_new_schools(projection.county.schools, projection.scenario)
    places = pd.DataFrame(
        {
            "school": schools.names,
            "stage": [STAGES[code] for code in schools.stage],
            "x_km": schools.x_km,
            "y_km": schools.y_km,
        }
    )
    judged = of(projection.school_verdicts, year=projection.scenario.judged_year)
    return judged.merge(places, on=["school", "stage"], how="left")


def school_map(projection: Projection, words: Words) -> alt.TopLevelMixin:
    """Map the schools of each stage in the judged year, by P(not failed)."""
    frame = placed(projection)
    groups = [group(p, share) for p, share in zip(frame["p_open"], frame["judged"], strict=True)]
    frame = frame.assign(
        panel=[words(f"stage.{stage}") for stage in frame["stage"]],
        where=[words(f"area.{area}") for area in frame["area"]],
        legend=[words(f"chart.class_{name}") for name in groups],
        exactly=[chance(row, "p_open") for _, row in frame.iterrows()],
    )[["school", "panel", "x_km", "y_km", "where", "legend", "exactly"]]
    labels = [words(f"chart.class_{name}") for name in GROUPS]
    title = words("chart.map_class")
    legend = alt.Legend(title=title, orient="top", columns=3, symbolSize=90)
    looks = [
        (alt.Color, [style.colour for style in GROUPS.values()]),
        (alt.Shape, [style.shape for style in GROUPS.values()]),
    ]
    colour, shape = (
        kind("legend:N", scale=alt.Scale(domain=labels, range=values), legend=legend)
        for kind, values in looks
    )
    ends = [frame[axis].to_numpy() for axis in ("x_km", "y_km")]
    middles = [(end.min() + end.max()) / 2 for end in ends]
    reach = 0.54 * max(float(np.ptp(end)) for end in ends) + 0.5  # a kilometre is one each way
    scales = [alt.Scale(domain=[mid - reach, mid + reach], nice=False) for mid in middles]
    fine: dict[str, Any] = {"grid": False, "tickCount": 5}
    x = alt.X("x_km:Q", axis=alt.Axis(title=words("chart.map_x_km"), **fine), scale=scales[0])
    y = alt.Y("y_km:Q", axis=unit_axis(words("chart.map_y_km"), **fine), scale=scales[1])
    plot = (
        alt.Chart(frame)
        .mark_point(filled=True, size=95, opacity=0.9, stroke="white", strokeWidth=0.8)
        .encode(
            x=x,
            y=y,
            color=colour,
            shape=shape,
            tooltip=[
                alt.Tooltip("school:N", title=words("column.school")),
                alt.Tooltip("where:N", title=words("column.area")),
                alt.Tooltip("exactly:N", title=title),
            ],
        )
        .properties(width=PANEL, height=PANEL)
    )
    order = list(dict.fromkeys(frame["panel"]))
    chart: alt.FacetChart = plot.facet(
        facet=alt.Facet("panel:N", title=None, sort=order), columns=2
    )
    return finished(
        chart,
        projection,
        words,
        words(
            "chart.map",
            county=county_name(projection, words),
            year=projection.scenario.judged_year,
        ),
        words("chart.map_note"),
    )
