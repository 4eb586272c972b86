"""The schools on the policy page: ranked, on a map, and one at a time."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from workforce_sim.app import look
from workforce_sim.report import charts
from workforce_sim.report.charts.school_map import has_places, placed
from workforce_sim.report.charts.style import of
from workforce_sim.report.decisions.figures import as_text
from workforce_sim.report.page.chart_tables import of_chart
from workforce_sim.report.page.table import Table, plain
from workforce_sim.scenario.schema import AREAS
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.assessment import Projection


def pair(projection: Projection, words: Words, key: str) -> tuple[str, str]:
    """Let the reader choose an indicator and a stage of the county, and return them."""
    ratios = projection.ratios[projection.ratios["stage"] != "both"]
    stages = list(dict.fromkeys(ratios["stage"]))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        indicator = st.selectbox(
            look.capital(words("column.indicator")),
            projection.indicators,
            _lowest(projection),
            format_func=lambda code: words(f"indicator.{code}"),
            key=f"policy.{key}.indicator",
        )
        stage = st.segmented_control(
            look.capital(words("column.stage")),
            stages,
            default=stages[0],
            required=True,
            format_func=lambda code: words(f"stage.{code}"),
            key=f"policy.{key}.stage",
        )
    return indicator, stage or stages[0]


def _lowest(projection: Projection) -> int:
    """Return the place of the indicator that the county is least likely to meet."""
    ratios = of(projection.ratios, year=projection.scenario.judged_year)
    lowest = ratios.sort_values("p_meets", kind="stable")["indicator"].iloc[0]
    return projection.indicators.index(lowest)


def ranked(projection: Projection, words: Words) -> None:
    """Draw the schools of a stage, ranked by an indicator, with search and filter."""
    indicator, stage = pair(projection, words, "ranked")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        search = st.text_input(words("app_policy.search"), key="policy.ranked.search", max_chars=80)
        areas = look.several("area", AREAS, words, "policy.ranked.areas")
        doubtful = st.toggle(words("app_policy.doubtful"), key="policy.ranked.doubtful")
    frame = projection.schools
    kept = frame["school"].str.contains(search.strip(), case=False, regex=False)
    kept &= frame["area"].isin(areas)
    if doubtful:
        kept &= (frame["p_meets"] < look.SURE) & (frame["judged"] > 0)
    found = dataclasses.replace(projection, schools=frame[kept])
    year = projection.scenario.judged_year
    if of(found.schools, indicator=indicator, stage=stage, year=year).empty:
        look.say(words("app_policy.none_found"))
        return
    name = f"schools-{indicator}-{stage}"
    chart = charts.schools(found, indicator, stage, words)
    look.chart(name, chart, words, of_chart(name, found, words))


def mapped(projection: Projection, words: Words) -> None:
    """Draw the map of the schools, where the county knows where they lie."""
    if not has_places(projection):
        look.say(words("app_policy.no_places"))
        return
    frame = placed(projection).sort_values(["p_open", "school"])
    numbers = plain(
        frame, ["school", "stage", "area", "p_open", "p_failed"], words, texts=3, schools=True
    )
    look.chart("map", charts.school_map(projection, words), words, numbers)


def one(projection: Projection, words: Words) -> None:
    """Draw the page of one school: its verdict, its ratios, its people by subject."""
    year = projection.scenario.judged_year
    worst = of(projection.school_verdicts, year=year)
    worst = worst.sort_values(["p_failed", "school"], ascending=[False, True])
    rows = list(worst[["school", "stage"]].itertuples(index=False, name=None))
    chosen = st.selectbox(
        words("app_policy.choose_school"),
        rows,
        format_func=lambda row: f"{row[0]} · {words(f'stage.{row[1]}')}",
        key="policy.one.school",
    )
    school, stage = chosen

    def own(frame: pd.DataFrame, **more: object) -> pd.DataFrame:
        return of(frame, school=school, stage=stage, **more)

    look.heading(words("app_policy.school_verdict", school=school))
    look.table(_verdicts(own(projection.school_verdicts), words))
    look.heading(words("app_policy.school_ratios", year=year))
    ratios = own(projection.schools, year=year)
    look.table(plain(ratios, ["indicator", "q05", "q50", "q95", "threshold", "p_meets"], words))
    look.chart(
        "school-staff",
        charts.school_staff(projection, school, stage, words),
        words,
        as_text(own(projection.staffing).drop(columns=["school", "stage", "area"]), words),
    )
    needs = own(projection.needs, year=year)
    if not needs.empty:
        look.heading(words("app_policy.school_needs", year=year))
        look.table(plain(needs, ["indicator", "mean", "q05", "q95", "p_short"], words))


def _verdicts(frame: pd.DataFrame, words: Words) -> Table:
    return plain(frame, ["year", "p_all_met", "p_open", "p_failed"], words)
