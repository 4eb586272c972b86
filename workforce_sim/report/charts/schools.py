"""The schools of a stage in the judged year, ranked against the threshold of one indicator."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import altair as alt
import pandas as pd

from workforce_sim.report.charts.style import (
    DARK_BLUE,
    GREY,
    INK,
    ORANGE,
    VERMILLION,
    finished,
    note,
    of,
    per_pupils,
    ratio_format,
    rule,
)
from workforce_sim.report.narrative.phrases import county_name, indicator_name, within
from workforce_sim.report.numbers import NONE, chance, percent
from workforce_sim.report.tables import heading
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.assessment.projection import Projection


class Group(NamedTuple):
    """Schools whose probability is at least ``least``: the colour and shape of their points."""

    least: float
    colour: str
    shape: str


GROUPS = {
    "sure": Group(0.95, DARK_BLUE, "circle"),
    "likely": Group(0.50, "#56a0d3", "diamond"),
    "unlikely": Group(0.05, ORANGE, "triangle-up"),
    "lost": Group(0.0, VERMILLION, "square"),
    "unjudged": Group(float("nan"), "#aaaaaa", "cross"),
}
WIDTH, ROW = 470, 18
"""Width of the plot and height of a school, in pixels."""


def schools(projection: Projection, indicator: str, stage: str, words: Words) -> alt.TopLevelMixin:
    """Chart median and 90% interval of each school; to the right, P(meets) and the area."""
    year = projection.scenario.judged_year
    frame = of(projection.schools, indicator=indicator, stage=stage, year=year)
    threshold = float(frame["threshold"].iloc[0])
    frame = frame.assign(
        group=[
            group(p, judged) for p, judged in zip(frame["p_meets"], frame["judged"], strict=True)
        ]
    )
    frame = frame.assign(
        unjudged=frame["group"] == "unjudged",
        legend=[words(f"chart.class_{group}") for group in frame["group"]],
        where=[words(f"area.{area}") for area in frame["area"]],
        chance=[
            NONE if group == "unjudged" else percent(p)
            for group, p in zip(frame["group"], frame["p_meets"], strict=True)
        ],
        exactly=[chance(row, "p_meets") for _, row in frame.iterrows()],
    ).sort_values(["unjudged", "q50", "school"])
    # A tiny school far to the right must not squeeze all others against the threshold.
    usual = 1.6 * float(frame["q50"].quantile(0.9))
    end = min(float(frame["q95"].max()), max(2.5 * threshold, usual))
    frame["beyond"] = frame["q95"] > end

    labels = {name: words(f"chart.class_{name}") for name in GROUPS}
    legend = alt.Legend(
        title=words("chart.class_title"), orient="top", columns=5, symbolSize=90, offset=26
    )
    colour = alt.Color(
        "legend:N",
        scale=alt.Scale(
            domain=list(labels.values()), range=[group.colour for group in GROUPS.values()]
        ),
        legend=legend,
    )
    shape = alt.Shape(
        "legend:N",
        scale=alt.Scale(
            domain=list(labels.values()), range=[group.shape for group in GROUPS.values()]
        ),
        legend=legend,
    )
    scale = alt.Scale(domain=[0, end], clamp=True, nice=False)
    axis = alt.Axis(title=words(f"unit.{indicator}"), format="~g", labelFlush=False)
    shown = ["school", "q05", "q50", "q95", "legend", "where", "chance", "exactly", "beyond"]
    picked = alt.selection_point(name="picked", fields=["legend"], bind="legend")
    search = alt.param(name="search", value="")  # set by the report's page
    place = alt.expr.indexof(alt.expr.lower(alt.datum.school), alt.expr.lower(search))
    base = alt.Chart(frame[shown].reset_index(drop=True)).encode(
        opacity=alt.when(picked, place >= 0).then(alt.value(1)).otherwise(alt.value(0.12)),
        tooltip=[
            alt.Tooltip("school:N", title=words("column.school")),
            alt.Tooltip("where:N", title=words("column.area")),
            *(
                alt.Tooltip(f"{name}:Q", title=heading(name, words), format=ratio_format(threshold))
                for name in ("q05", "q50", "q95")
            ),
            alt.Tooltip("exactly:N", title=words("column.p_meets")),
        ],
        y=alt.Y(
            "school:N",
            sort=list(frame["school"]),
            title=None,
            axis=alt.Axis(labelLimit=0, labelOverlap=False),
        ),
    )
    above = alt.value(-10)
    columns = ((WIDTH + 14, "chance", "chart.class_title"), (WIDTH + 76, "where", "chart.area"))
    chart = alt.layer(
        rule(VERMILLION, (7, 4), x=alt.datum(threshold)),
        base.mark_rule(strokeWidth=2)
        .encode(x=alt.X("q05:Q", scale=scale, axis=axis), x2="q95:Q", color=colour)
        .properties(name="schools")
        .add_params(picked),  # in the first layer with a legend, else it does not answer
        base.mark_point(filled=True, size=70).encode(
            x=alt.X("q50:Q", scale=scale), color=colour, shape=shape
        ),
        base.transform_filter("datum.beyond")
        .mark_text(text="→", align="left", dx=-1)
        .encode(x=alt.value(WIDTH), color=colour),
        note(
            words("chart.threshold", value=f"{threshold:g}"),
            VERMILLION,
            align="center",
            x=alt.datum(threshold),
            y=above,
        ),
        *(
            base.mark_text(align="left", fontSize=11, color=INK).encode(
                x=alt.value(place), text=f"{field}:N"
            )
            for place, field, _ in columns
        ),
        *(note(words(key), GREY, x=alt.value(place), y=above) for place, _, key in columns),
    ).properties(width=WIDTH, height=alt.Step(ROW))
    chart = chart.add_params(search)
    title = words(
        "chart.schools",
        county=county_name(projection, words),
        stage=within(words(f"stage.{stage}")),
        year=year,
        indicator=indicator_name(indicator, words),
        per=per_pupils(indicator, words),
    )
    return finished(chart, projection, words, title, _subtitle(frame, words))


def group(p: float, judged: float) -> str:
    """Return the group of a school: by a probability, and the share in which it is judged."""
    if judged < 0.5:
        return "unjudged"
    # As it is written beside the point, in whole percent.
    return next(name for name, looks in GROUPS.items() if round(p, 2) >= looks.least)


def _subtitle(frame: pd.DataFrame, words: Words) -> str:
    unlikely = int(frame["group"].isin(["unlikely", "lost"]).sum())
    text = words("chart.schools_note", n=len(frame), unlikely=unlikely)
    return text + words("chart.schools_clipped") if frame["beyond"].any() else text
