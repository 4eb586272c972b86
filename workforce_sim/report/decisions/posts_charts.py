"""The charts of the lists: posts by school and year, what is still short, rotation on the map."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from workforce_sim.decision.posts import NONE, SIMULATED
from workforce_sim.report.charts.style import (
    BLUE,
    DARK_BLUE,
    GREY,
    INK,
    ORANGE,
    VERMILLION,
    finished,
    of,
)
from workforce_sim.report.narrative.phrases import county_name
from workforce_sim.scenario.schema import STAGES
from workforce_sim.simulation.block import with_new_schools
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.decision.posts import Placement

HELPS = 0.05
"""People: a post, or a list, that closes less is said to close nothing."""
COLOURS = {
    NONE: "#bbbbbb",
    "shortage": ORANGE,
    "optimal": DARK_BLUE,
    "listed": DARK_BLUE,
    SIMULATED: BLUE,
}


def charts(study: Placement, words: Words) -> Iterator[tuple[str, alt.TopLevelMixin]]:
    """Yield the name of the file (without its ending) and the chart, for every chart."""
    for allocation in listed(study):
        if (of(study.posts, allocation=allocation)["closes"] >= HELPS).any():
            yield f"posts-{allocation}", list_of_posts(study, allocation, words)
    if len(lacking(study)):
        yield "gains", gains(study, words)
    if len(study.moves):
        yield "moves", moves(study, words)


def listed(study: Placement) -> list[str]:
    """Return the names of the lists of posts."""
    names = dict.fromkeys(study.gains["allocation"])
    return [name for name in names if name not in (NONE, SIMULATED)]


def lacking(study: Placement) -> pd.DataFrame:
    """Return the gains by the measures by which anybody is short."""
    most = study.gains.groupby("measure")["people_short"].transform("max")
    return study.gains[most >= HELPS]


def list_of_posts(study: Placement, allocation: str, words: Words) -> alt.TopLevelMixin:
    """Chart a list: a row a school, a column a year, in each cell the posts by subject."""
    rows = of(study.posts, allocation=allocation)
    helpful = rows[rows["closes"] >= HELPS]
    helpful = helpful.assign(
        text=[
            f"{words(f'subject_short.{subject}')}{number}"
            for subject, number in zip(helpful["subject"], helpful["posts"], strict=True)
        ]
    )
    cells = helpful.groupby(["school", "year"], sort=False).agg(
        text=("text", " ".join), closes=("closes", "sum"), stage=("stage", "first")
    )
    frame = cells.reset_index()
    total = frame.groupby("school")["closes"].transform("sum")
    frame = frame.assign(
        total=total,
        panel=[words(f"stage.{stage}") for stage in frame["stage"]],
        dark=frame["closes"] > 0.65 * frame["closes"].max(),
    ).sort_values(["total", "school"], ascending=[False, True], kind="stable")
    base = alt.Chart().encode(
        x=alt.X("year:O", title=None, axis=alt.Axis(orient="top", labelAngle=0, domain=False)),
        y=alt.Y(
            "school:N",
            title=None,
            sort=list(dict.fromkeys(frame["school"])),
            axis=alt.Axis(labelLimit=0, domain=False, ticks=False),
        ),
        tooltip=[
            alt.Tooltip("school:N", title=words("column.school")),
            alt.Tooltip("text:N", title=words("column.posts")),
            alt.Tooltip("closes:Q", title=words("column.closes"), format=".2f"),
        ],
    )
    plot = alt.layer(
        base.mark_rect(stroke="white").encode(
            color=alt.Color(
                "closes:Q",
                scale=alt.Scale(range=["#eef4fb", BLUE, DARK_BLUE], domainMin=0),
                legend=alt.Legend(title=words("column.closes"), format=".1f", gradientLength=120),
            )
        ),
        base.mark_text(fontSize=11).encode(
            text="text:N",
            color=alt.condition("datum.dark", alt.value("white"), alt.value(INK)),
        ),
        data=frame.drop(columns=["stage", "total"]).reset_index(drop=True),
    ).properties(width=alt.Step(92), height=alt.Step(20))
    facets: alt.FacetChart = plot.facet(
        column=alt.Column("panel:N", title=None, sort=list(dict.fromkeys(frame["panel"])))
    ).resolve_scale(y="independent", x="independent")
    idle = int(rows["posts"].sum() - helpful["posts"].sum())
    named = {"county": county_name(study, words), "allocation": words(f"allocation.{allocation}")}
    subtitle = words("posts.chart_list_note", year=study.scenario.judged_year, n=idle)
    return finished(facets, study, words, words("posts.chart_list", **named), subtitle)


def gains(study: Placement, words: Words) -> alt.TopLevelMixin:
    """Chart people and schools still short, by allocation and measure."""
    frame = lacking(study).melt(
        ["allocation", "measure"], ["people_short", "schools_short"], "what", "value"
    )
    frame = frame.assign(
        what=[words(f"posts.{what.removesuffix('_short')}") for what in frame["what"]],
        order=frame["allocation"].map({name: n for n, name in enumerate(COLOURS)}),
        name=[words(f"allocation.{name}") for name in frame["allocation"]],
        measure=[words(f"measure.{measure}") for measure in frame["measure"]],
        text=[f"{value:.1f}" for value in frame["value"]],
    ).sort_values("order", kind="stable")
    names = dict.fromkeys(frame["name"])
    base = alt.Chart().encode(
        y=alt.Y("name:N", title=None, sort=list(names), axis=alt.Axis(labelLimit=0)),
        x=alt.X("value:Q", title=None),
    )
    colours = [COLOURS[name] for name in dict.fromkeys(frame["allocation"])]
    plot = alt.layer(
        base.mark_bar(height=alt.RelativeBandSize(0.7)).encode(
            color=alt.Color(
                "name:N", scale=alt.Scale(domain=list(names), range=colours), legend=None
            )
        ),
        base.mark_text(align="left", dx=5, fontSize=12, color=INK).encode(text="text:N"),
        data=frame.drop(columns=["allocation", "order"]).reset_index(drop=True),
    ).properties(width=230, height=alt.Step(24))
    header = alt.Header(labelAngle=0, labelAlign="left", labelOrient="left")
    facets: alt.FacetChart = plot.facet(
        row=alt.Row(
            "measure:N", title=None, sort=list(dict.fromkeys(frame["measure"])), header=header
        ),
        column=alt.Column("what:N", title=None, sort=list(dict.fromkeys(frame["what"]))),
    ).resolve_scale(x="shared")
    title = words(
        "posts.chart_gains", county=county_name(study, words), year=study.scenario.judged_year
    )
    return finished(facets, study, words, title, words("posts.chart_gains_note"))


def moves(study: Placement, words: Words) -> alt.TopLevelMixin:
    """Chart the list of rotation as lines between the schools, a map for each stage."""
    schools = with_new_schools(study.county.schools, study.scenario)
    dots = pd.DataFrame(
        {
            "origin": schools.names,
            "x": schools.x_km,
            "y": schools.y_km,
            "panel": [words(f"stage.{STAGES[code]}") for code in schools.stage],
        }
    )
    at = dots.set_index("origin")[["x", "y"]]
    lines = study.moves.assign(
        panel=[words(f"stage.{stage}") for stage in study.moves["stage"]],
        **{axis: at.loc[study.moves["origin"], axis].to_numpy() for axis in ("x", "y")},
        **{f"{axis}2": at.loc[study.moves["to"], axis].to_numpy() for axis in ("x", "y")},
    )[["panel", "origin", "to", "people", "x", "y", "x2", "y2"]]
    dots = dots[dots["panel"].isin(lines["panel"])]
    scale = alt.Scale(zero=False, nice=True)
    x, y = (alt.X("x:Q", title="km", scale=scale), alt.Y("y:Q", title="km", scale=scale))
    frame = pd.concat([dots.assign(kind="school"), lines.assign(kind="move")], ignore_index=True)
    base = alt.Chart()
    moved = base.transform_filter("datum.kind == 'move'")
    plot = alt.layer(
        base.transform_filter("datum.kind == 'school'")
        .mark_point(filled=True, color="#c4c4c4", size=30, opacity=1)
        .encode(x=x, y=y, tooltip=[alt.Tooltip("origin:N", title=words("column.school"))]),
        moved.mark_rule(strokeWidth=2, color=DARK_BLUE).encode(x=x, y=y, x2="x2:Q", y2="y2:Q"),
        moved.mark_point(filled=True, size=80, opacity=1, color=VERMILLION).encode(
            x=alt.X("x2:Q"), y=alt.Y("y2:Q")
        ),
        moved.mark_text(dy=-9, fontSize=11, color=INK).encode(x="x2:Q", y="y2:Q", text="to:N"),
        moved.mark_text(dy=12, fontSize=11, color=GREY).encode(x=x, y=y, text="origin:N"),
        data=frame,
    ).properties(width=330, height=330)
    facets: alt.FacetChart = plot.facet(
        column=alt.Column("panel:N", title=None, sort=list(dict.fromkeys(lines["panel"])))
    )
    title = words("posts.chart_moves", county=county_name(study, words))
    return finished(facets, study, words, title, words("posts.chart_moves_note"))
