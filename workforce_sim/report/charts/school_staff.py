"""One school: who is too many and who is missing, subject by subject."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import altair as alt
import pandas as pd

from workforce_sim.report.charts.style import DARK_BLUE, GREY, INK, VERMILLION, finished, of
from workforce_sim.report.numbers import number
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.assessment.projection import Projection

COLOURS = {"shortage": VERMILLION, "surplus": DARK_BLUE}


def school_staff(
    projection: Projection, school: str, stage: str, words: Words
) -> alt.TopLevelMixin:
    """Chart shortage (to the left) and surplus of a school in the judged year, by subject."""
    year = projection.scenario.judged_year
    frame = of(projection.staffing, school=school, stage=stage, year=year)
    parts = []
    for kind, sign in (("shortage", -1), ("surplus", 1)):
        parts.append(
            frame.assign(
                kind=words(f"column.{kind}"),
                people=sign * frame[kind],
                text=[number(n) if n >= 0.05 else "" for n in frame[kind]],
                sign=sign,
            )
        )
    data = pd.concat(parts, ignore_index=True)
    data = data.assign(
        name=[words(f"subject.{subject}") for subject in data["subject"]],
        have=[
            f"{number(m)} / {number(n)}" for m, n in zip(data["mean"], data["norm"], strict=True)
        ],
    )[["name", "kind", "people", "text", "have", "sign"]]
    reach = 1.25 * max(1.0, float(data["people"].abs().max()))
    colours = {words(f"column.{kind}"): colour for kind, colour in COLOURS.items()}
    base = alt.Chart().encode(
        y=alt.Y(
            "name:N",
            title=None,
            sort=list(dict.fromkeys(data["name"])),
            axis=alt.Axis(labelLimit=0, domain=False, ticks=False),
        ),
        x=alt.X(
            "people:Q",
            title=words("chart.people"),
            scale=alt.Scale(domain=[-reach, reach], nice=False),
            axis=alt.Axis(tickCount=5, format="~s"),
        ),
    )

    def numbers(sign: int, align: Literal["left", "right"]) -> alt.Chart:
        side = base.transform_filter(f"datum.sign == {sign}")
        written = side.mark_text(align=align, dx=5 * sign, color=INK, fontSize=12)
        placed: alt.Chart = written.encode(text="text:N")
        return placed

    chart = alt.layer(
        base.mark_bar(height=alt.RelativeBandSize(0.6)).encode(
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(domain=list(colours), range=list(colours.values())),
                legend=alt.Legend(title=None, orient="top", symbolType="square"),
            ),
            tooltip=[
                alt.Tooltip("name:N", title=words("column.subject")),
                alt.Tooltip("kind:N", title=" "),
                alt.Tooltip("text:N", title=words("chart.people")),
                alt.Tooltip("have:N", title=words("chart.staff_of_norm")),
            ],
        ),
        numbers(-1, "right"),
        numbers(1, "left"),
        base.transform_filter("datum.sign == 1")
        .mark_text(align="left", color=GREY, fontSize=11)
        .encode(x=alt.value(430), text="have:N"),
        data=data,
    ).properties(width=420, height=alt.Step(30))
    title = words("chart.school_staff", school=school, year=year)
    return finished(chart, projection, words, title, words("chart.school_staff_note"))
