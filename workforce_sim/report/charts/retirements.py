"""The retirement wave: today's roster by the month in which the law retires it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import numpy as np
import pandas as pd

from workforce_sim.law import load_retirement_law
from workforce_sim.law.months import format_month
from workforce_sim.report.charts.style import BLUE, DARK_BLUE, INK, baseline_mark, finished
from workforce_sim.report.narrative.phrases import baseline_year, county_name
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.assessment.projection import Projection
    from workforce_sim.county import Roster

BEYOND = 10
"""Years that are shown beyond those that are simulated."""
YEAR = 48
"""Width of a year, in pixels."""


def wave(roster: Roster, first: int, last: int) -> pd.DataFrame:
    """Count who retires in each month of the years ``first`` to ``last`` by law.

    Returns
    -------
    DataFrame
        Rows ``month`` (see `workforce_sim.law.months`), ``year``, ``reform`` and ``people``: of
        those on the roster, whose statutory last month it is with the reform of 2025 or without.
    """
    months = np.arange(12 * first, 12 * (last + 1))
    parts = []
    for reform in (False, True):
        due = roster.legal_retirement(reform) - months[0]
        people = np.bincount(due[(due >= 0) & (due < len(months))], minlength=len(months))
        parts.append(
            pd.DataFrame(
                {"month": months, "year": months // 12, "reform": reform, "people": people}
            )
        )
    return pd.concat(parts, ignore_index=True)


def retirements(projection: Projection, words: Words) -> alt.TopLevelMixin:
    """Chart the wave month by month, without the reform and with it, and the sum of each year."""
    first, last = baseline_year(projection) + 1, int(projection.ratios["year"].max())
    frame = wave(projection.county.roster, first, last + BEYOND)
    frame = frame.assign(
        name=[format_month(month) for month in frame["month"]],
        panel=[words(f"chart.{'with' if r else 'without'}_reform") for r in frame["reform"]],
    )
    highest = max(1, int(frame["people"].max()))
    x = alt.X(
        "start:Q",
        title=None,
        scale=alt.Scale(domain=[first, last + BEYOND + 1], nice=False),
        axis=alt.Axis(
            values=list(range(first, last + BEYOND + 1)),
            format="d",
            labelOffset=YEAR / 2,
            labelFlush=False,
            grid=False,
        ),
    )
    y = alt.Y(
        "people:Q",
        title=None,
        axis=alt.Axis(tickMinStep=1),
        scale=alt.Scale(domain=[0, 1.15 * highest], nice=False),
    )
    base = alt.Chart().encode(x=x, y=y)
    bars = base.transform_calculate(start="datum.month / 12", end="datum.start + 0.07")
    totals = base.transform_calculate(middle="datum.year + 0.5")
    plot = alt.layer(
        bars.mark_bar().encode(
            x2="end:Q",
            y2=alt.datum(0),
            color=alt.condition(f"datum.year <= {last}", alt.value(DARK_BLUE), alt.value(BLUE)),
            tooltip=[
                alt.Tooltip("name:N", title=words("chart.month")),
                alt.Tooltip("people:Q", title=words("chart.people")),
            ],
        ),
        totals.mark_text(fontSize=12, color=INK).encode(
            x="middle:Q", y=alt.value(0), text="sum(people):Q"
        ),
        data=frame.drop(columns="reform"),
    ).properties(width=YEAR * (last + BEYOND + 1 - first), height=130)
    rows = alt.Row(
        "panel:N",
        title=None,
        sort=list(dict.fromkeys(frame["panel"])),
        header=alt.Header(labelOrient="top", labelAnchor="start", labelPadding=8),
    )
    title = words(
        "chart.retirements",
        county=county_name(projection, words),
        first=first,
        last=last + BEYOND,
    )
    law = load_retirement_law()
    reform = law.documents[law.categories["male"].delay.reference.split(" ")[0]]
    synthetic = baseline_mark(projection.county, words)
    origin = words(
        "chart.retirements_origin", law=reform.title if words.language == "zh" else reform.en
    )
    return finished(
        plot.facet(row=rows),
        projection,
        words,
        title,
        words("chart.retirements_note"),
        synthetic + origin,
    )
