"""The waterfall: from the staff of today, over all who join and leave, to the staff at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from workforce_sim.report.charts.style import BLUE, INK, VERMILLION, finished, of, panels
from workforce_sim.report.narrative.phrases import county_name
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.assessment.projection import Projection

JOIN = ("hired_general", "hired_arts_pe")
LEAVE = ("retired", "resign", "transfer_out", "death")
COLOURS = {"level": INK, "joins": BLUE, "leaves": VERMILLION}


def steps(projection: Projection, stage: str) -> pd.DataFrame:
    """Return the waterfall of a stage, or of ``both``, in means over the replications.

    Returns
    -------
    DataFrame
        Rows from 1 January of the first year to 31 December of the last: ``opening``, the flows of
        all years together, ``closing``. Columns ``step``; ``people``, negative for those who leave;
        ``before`` and ``after``, the staff before the step and after it.
    """
    staff = float(of(projection.staff, stage=stage)["mean"].iloc[0])
    total = of(projection.flows, stage=stage).groupby("flow")["mean"].sum()
    rows = [("opening", staff, staff, staff)]
    for flow in (*JOIN, *LEAVE):
        people = float(total[flow]) * (1 if flow in JOIN else -1)
        rows.append((flow, people, staff, staff + people))
        staff += people
    rows.append(("closing", staff, staff, staff))
    return pd.DataFrame(rows, columns=["step", "people", "before", "after"])


def waterfall(projection: Projection, words: Words) -> alt.TopLevelMixin:
    """Chart the waterfall of each stage: levels are marks, for the axis does not begin at 0."""
    first, last = (int(end) for end in projection.flows["year"].agg(["min", "max"]))
    names = {
        "opening": words("chart.opening", year=first),
        **{flow: words(f"flow.{flow}") for flow in (*JOIN, *LEAVE)},
        "closing": words("chart.closing", year=last),
    }
    frame = pd.concat(
        steps(projection, stage).assign(panel=words(f"stage.{stage}"))
        for stage in dict.fromkeys(projection.staff["stage"])
        if stage != "both"
    )
    kinds = dict.fromkeys(JOIN, "joins") | dict.fromkeys(LEAVE, "leaves")
    frame = frame.assign(
        name=frame["step"].map(names),
        below=frame["step"].map(dict(zip(names, list(names.values())[1:], strict=False))),
        kind=[words(f"chart.{kinds.get(step, 'level')}") for step in frame["step"]],
        right=frame[["before", "after"]].max(axis=1),
        text=[
            f"{n:+,.0f}".replace("-", "−") if step in kinds else f"{n:,.0f}"
            for step, n in zip(frame["step"], frame["people"], strict=True)
        ],
    )
    axis = alt.Axis(labelLimit=0, grid=False, domain=False, ticks=False)
    x = alt.X(
        "before:Q",
        title=words("chart.people"),
        axis=alt.Axis(tickCount=5),
        scale=alt.Scale(zero=False, nice=False, padding=36),
    )
    colours = {words(f"chart.{kind}"): colour for kind, colour in COLOURS.items()}
    base = alt.Chart().encode(
        x=x,
        y=alt.Y("name:N", title=None, sort=list(names.values()), axis=axis),
        color=alt.Color(
            "kind:N",
            scale=alt.Scale(domain=list(colours), range=list(colours.values())),
            legend=alt.Legend(title=None, orient="top", offset=20, symbolType="square"),
        ),
        tooltip=[
            alt.Tooltip("name:N", title=" "),
            alt.Tooltip("text:N", title=words("chart.people")),
        ],
    )
    level = f"datum.kind == {words('chart.level')!r}"
    chart = alt.layer(
        base.transform_filter("isValid(datum.below)")
        .mark_rule(opacity=1)
        .encode(x="after:Q", y2="below:N", color=alt.value("#999999")),
        base.transform_filter(f"!({level})")
        .mark_bar(height=alt.RelativeBandSize(0.7))
        .encode(x2="after:Q"),
        base.transform_filter(level).mark_tick(
            thickness=4, height=alt.RelativeBandSize(0.8), opacity=1
        ),
        base.mark_text(align="left", dx=6, fontSize=12).encode(
            x="right:Q", text="text:N", color=alt.value(INK)
        ),
        data=frame.drop(columns="step").reset_index(drop=True),
    ).properties(width=300, height=alt.Step(30))
    facets = chart.facet(column=panels(frame["panel"]))
    plots: alt.FacetChart = facets.resolve_scale(x="independent")
    return finished(
        plots,
        projection,
        words,
        words("chart.waterfall", county=county_name(projection, words), first=first, last=last),
        words("chart.waterfall_note"),
    )
