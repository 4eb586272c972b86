"""The staff: its ages at the beginning and at the end, and who joins and leaves each year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from workforce_sim.report.charts.style import INK, VERMILLION, finished, panels, rule, unit_axis
from workforce_sim.report.narrative.phrases import county_name
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.assessment.projection import Projection

BLUE, LIGHT_BLUE, YELLOW = "#2171b5", "#9ecae1", "#f2b84b"

JOINED = {"hired_general": BLUE, "hired_arts_pe": LIGHT_BLUE}
LEFT = {"retired": VERMILLION}
LEFT_OTHERWISE = ("resign", "transfer_out", "death")


def ages(projection: Projection, words: Words) -> alt.TopLevelMixin:
    """Chart the age pyramid by stage: bars for the last year, outlines for the first."""
    first, last = int(projection.ages["year"].min()), int(projection.ages["year"].max())
    frame = projection.ages[projection.ages["year"].isin([first, last])]
    frame = frame.assign(
        band=[band(*ends) for ends in zip(frame["age_from"], frame["age_below"], strict=True)],
        people=frame["mean"].where(frame["sex"] == "female", -frame["mean"]),
        panel=[words(f"stage.{stage}") for stage in frame["stage"]],
        series=[f"{last} {words(f'sex.{sex}')}" for sex in frame["sex"]],
        who=[words(f"sex.{sex}") for sex in frame["sex"]],
    )
    reach = float(frame["mean"].max()) * 1.05
    base = alt.Chart().encode(
        y=alt.Y(
            "band:N",
            sort=list(frame.sort_values("age_from", ascending=False)["band"].unique()),
            axis=unit_axis(words("chart.age")),
        ),
        x=alt.X(
            "people:Q",
            title=words("chart.people"),
            scale=alt.Scale(domain=[-reach, reach], nice=False),
            axis=alt.Axis(labelExpr="abs(datum.value)", tickCount=7, labelFlush=False),
        ),
    )
    tooltip = [
        alt.Tooltip("year:O", title=words("column.year")),
        alt.Tooltip("who:N", title=words("column.sex")),
        alt.Tooltip("band:N", title=words("chart.age")),
        alt.Tooltip("mean:Q", title=words("chart.people"), format=".1f"),
    ]
    bars = base.transform_filter(f"datum.year == {last}").mark_bar(height=alt.RelativeBandSize(0.8))
    outlines = base.transform_filter(f"datum.year == {first}").mark_bar(
        filled=False, strokeWidth=1.6, height=alt.RelativeBandSize(0.98)
    )
    chart = alt.layer(
        bars.encode(
            tooltip=tooltip,
            color=alt.Color(
                "series:N",
                scale=alt.Scale(
                    domain=[f"{last} {words(f'sex.{sex}')}" for sex in ("male", "female")],
                    range=[BLUE, YELLOW],
                ),
                legend=alt.Legend(title=None, orient="top", offset=20),
            ),
        ),
        outlines.encode(
            tooltip=tooltip,
            stroke=alt.Stroke(
                "year:O",
                scale=alt.Scale(domain=[first], range=[INK]),
                legend=alt.Legend(title=None, orient="top", symbolType="square", offset=20),
            ),
        ),
        data=frame[["year", "panel", "band", "people", "mean", "series", "who"]].reset_index(
            drop=True
        ),
    ).properties(width=300, height=alt.Step(26))
    title = words("chart.ages", county=county_name(projection, words), first=first, last=last)
    return finished(
        chart.facet(column=panels(frame["panel"])),
        projection,
        words,
        title,
        words("chart.ages_note"),
    )


def flows(projection: Projection, words: Words) -> alt.TopLevelMixin:
    """Chart who joins (above the line) and who leaves (below it) each year, by stage."""
    kinds = {flow: (words(f"flow.{flow}"), 1) for flow in JOINED}
    kinds |= {flow: (words(f"flow.{flow}"), -1) for flow in LEFT}
    kinds |= {flow: (words("chart.other_exits"), -1) for flow in LEFT_OTHERWISE}
    colours = {words(f"flow.{flow}"): colour for flow, colour in (JOINED | LEFT).items()}
    colours[words("chart.other_exits")] = YELLOW

    frame = projection.flows[projection.flows["stage"] != "both"]
    frame = frame[frame["flow"].isin(list(kinds))]
    frame = frame.assign(
        kind=[kinds[flow][0] for flow in frame["flow"]],
        people=[kinds[flow][1] * n for flow, n in zip(frame["flow"], frame["mean"], strict=True)],
        panel=[words(f"stage.{stage}") for stage in frame["stage"]],
    )
    parts = frame.groupby(["year", "panel", "kind"], sort=False)["people"].sum().reset_index()
    parts["order"] = parts["kind"].map({kind: nth for nth, kind in enumerate(colours)})
    parts["side"] = (parts["people"] > 0).astype(int)
    totals = parts.groupby(["year", "panel", "side"], sort=False)["people"].sum().reset_index()
    totals["total"] = totals["people"].abs()

    x = alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0, domain=False, ticks=False))
    y = alt.Y(
        "people:Q",
        axis=unit_axis(words("chart.people"), labelExpr="abs(datum.value)"),
        # room for the totals beyond the bars
        scale=alt.Scale(domain=[1.15 * totals["people"].min(), 1.15 * totals["people"].max()]),
    )
    colour = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=list(colours), range=list(colours.values())),
        legend=alt.Legend(title=None, orient="top", columns=4, offset=20),
    )
    text = alt.Chart().encode(x=x, y=y, text=alt.Text("total:Q", format=".0f"))
    text = text.transform_filter("isValid(datum.total)")
    picked = alt.selection_point(name="picked", fields=["kind"], bind="legend")
    bars = alt.Chart(name="flows").add_params(picked).transform_filter("isValid(datum.kind)")
    chart = alt.layer(
        bars.transform_calculate(n="abs(datum.people)")
        .mark_bar(size=30)
        .encode(
            x=x,
            y=y,
            color=colour,
            order="order:Q",
            opacity=alt.when(picked).then(alt.value(1)).otherwise(alt.value(0.2)),
            tooltip=[
                alt.Tooltip("year:O", title=words("column.year")),
                alt.Tooltip("kind:N", title=words("column.flow")),
                alt.Tooltip("n:Q", title=words("chart.people"), format=".1f"),
            ],
        ),
        rule(INK, y=alt.datum(0)),
        text.transform_filter("datum.side").mark_text(dy=-8, fontSize=12, color=INK),
        text.transform_filter("!datum.side").mark_text(dy=9, fontSize=12, color=INK),
        data=pd.concat([parts, totals], ignore_index=True),
    ).properties(width=max(300, 44 * parts["year"].nunique()), height=300)
    title = words("chart.flows", county=county_name(projection, words))
    return finished(
        chart.facet(column=panels(frame["panel"])),
        projection,
        words,
        title,
        words("chart.flows_note"),
    )


def band(low: int, below: int) -> str:
    """Write an age band: from ``low`` to below ``below`` years."""
    if low == 0:
        return f"< {below}"
    return f"{low}–{below - 1}" if below < 100 else f"≥ {low}"
