"""The charts of a comparison: the ranking, and the differences from the base with intervals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from workforce_sim.decision.measures import COUNTY, PEOPLE
from workforce_sim.report.charts.style import (
    DARK_BLUE,
    GREY,
    INK,
    ORANGE,
    VERMILLION,
    finished,
    note,
    of,
    rule,
)
from workforce_sim.report.decisions.naming import outcome_name
from workforce_sim.report.narrative.phrases import county_name
from workforce_sim.report.numbers import chance, percent
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.decision.comparison import Comparison

WIDTH, ROW, PANEL = 380, 22, 190
"""Width of the ranking's plot, height of a policy, width of a panel, in pixels."""
ACROSS = 3
"""Panels side by side."""
SHARES = ("P(", "schools")
GROUPS = {"verdict": 1, "ratios": 1, "schools": 1, "cv": -1, "people": 0}
"""The charts of differences: whether more is better (1), less (-1), or neither."""


def charts(study: Comparison, words: Words) -> Iterator[tuple[str, alt.TopLevelMixin]]:
    """Yield the name of the file (without its ending) and the chart, for every chart."""
    yield "ranking", ranking(study, words)
    for group, outcomes in groups(study).items():
        yield f"differences-{group}", differences(study, group, outcomes, words)


def groups(study: Comparison) -> dict[str, list[str]]:
    """Return which outcomes each chart of differences shows.

    Ratios that no policy changes are left out, if some policy changes one: teachers' policies buy
    no equipment.
    """
    changed = set(study.differences["outcome"][study.differences["result"] != "same"])
    names = map(str, study.samples[study.compared[0].name].columns)
    ratios = [name for name in names if name.startswith("L")]
    stages = list(dict.fromkeys(name.split()[1] for name in ratios))
    pairs = [name for stage in stages for name in ratios if name.endswith(stage)]
    pairs = [name for name in pairs if name in changed] or pairs
    return {
        "verdict": [COUNTY, *(f"P(schools {stage})" for stage in stages)],
        "ratios": pairs,
        "schools": [f"schools {pair}" for pair in pairs],
        "cv": [f"CV {pair}" for pair in pairs],
        "people": list(PEOPLE),
    }


def ranking(study: Comparison, words: Words) -> alt.TopLevelMixin:
    """Chart P(county not ruled out) by policy, best first; to the right P(best) and posts."""
    same = same_as_base(study)
    frame = study.ranking[~study.ranking["policy"].isin(same["policy"])]
    frame = frame.assign(
        name=titles(frame, words),
        exactly=[chance(row) for _, row in frame.iterrows()],
        best=[percent(p) for p in frame["p_best"]],
        number=[f"{posts:.0f}" for posts in frame["posts"]],
    )
    base = of(frame, policy=study.compared[0].name).iloc[0]
    axis = alt.Axis(title=None, format=".0%", tickCount=5)
    plot = alt.Chart(frame[["name", "p", "p_low", "p_high", "exactly", "best", "number"]]).encode(
        y=alt.Y("name:N", sort=list(frame["name"]), title=None, axis=_name_axis()),
        tooltip=[
            alt.Tooltip("name:N", title=words("column.title")),
            alt.Tooltip("exactly:N", title=words("compare.p")),
            alt.Tooltip("best:N", title=words("column.p_best")),
            alt.Tooltip("number:N", title=words("named.posts")),
        ],
    )
    above = alt.value(-10)
    columns = (
        (WIDTH + 14, "exactly", "compare.p_short"),
        (WIDTH + 130, "best", "column.p_best"),
        (WIDTH + 220, "number", "named.posts"),
    )
    chart = alt.layer(
        rule(GREY, (7, 4), x=alt.datum(float(base["p"]))),
        plot.mark_rule(strokeWidth=2, color=DARK_BLUE).encode(
            x=alt.X("p_low:Q", scale=alt.Scale(domain=[0, 1]), axis=axis), x2="p_high:Q"
        ),
        plot.mark_point(filled=True, size=70, opacity=1, color=DARK_BLUE).encode(x="p:Q"),
        note(
            words("base.title"),
            GREY,
            align="center",
            x=alt.datum(float(base["p"])),
            y=above,
        ),
        *(
            plot.mark_text(align="left", fontSize=12, color=INK).encode(
                x=alt.value(place), text=f"{field}:N"
            )
            for place, field, _ in columns
        ),
        *(note(words(key), GREY, x=alt.value(place), y=above) for place, _, key in columns),
    ).properties(width=WIDTH, height=alt.Step(ROW))
    title = words("compare.chart_ranking", **_where(study, words))
    note_text = words("compare.chart_ranking_note", same=_left_out(same, words))
    return finished(chart, study, words, title, note_text)


def differences(
    study: Comparison, group: str, outcomes: Sequence[str], words: Words
) -> alt.TopLevelMixin:
    """Chart differences from the base: a panel an outcome, a row a policy, the best above."""
    same, shown = same_as_base(study), _others(study)
    frame = rows_of(study, outcomes)
    share = frame["outcome"].str.startswith(SHARES)
    times = share.map({True: 100.0, False: 1.0})
    frame = frame.assign(
        name=titles(frame, words),
        kind=[_kind(result, GROUPS[group]) for result in frame["result"]],
        **{end: frame[end] * times for end in ("difference", "low", "high")},
    )
    frame["kind"] = [words(f"compare.{kind}") for kind in frame["kind"]]
    panels = [
        _panel(
            of(frame, outcome=outcome),
            outcome,
            titles(shown, words),
            group,
            words,
            first=not nth % ACROSS,
        )
        for nth, outcome in enumerate(outcomes)
    ]
    rows = [alt.hconcat(*panels[n : n + ACROSS], spacing=18) for n in range(0, len(panels), ACROSS)]
    return finished(
        alt.vconcat(*rows, spacing=24),
        study,
        words,
        words(f"compare.chart_{group}", **_where(study, words)),
        words("compare.chart_differences_note", same=_left_out(same, words)),
    )


def _panel(
    frame: pd.DataFrame, outcome: str, order: list[str], group: str, words: Words, *, first: bool
) -> alt.LayerChart | alt.FacetChart:
    kinds = _kinds(GROUPS[group])
    names = [words(f"compare.{kind}") for kind in kinds]
    colours, shapes = (list(look) for look in zip(*kinds.values(), strict=True))
    legend = alt.Legend(title=None, orient="top", offset=10, symbolOpacity=1)
    is_share = outcome.startswith(SHARES)
    if group == "ratios":
        x_title = words(f"unit.{outcome.split()[0]}")
    else:
        unit = "points_axis" if is_share else "no_unit" if group == "cv" else "people_axis"
        x_title = words(f"compare.{unit}")
    # What does not matter must not be blown up to the panel's width.
    margin = float(frame["margin"].iloc[0]) * (100 if is_share else 1)
    left, right = min(frame["low"].min(), -margin), max(frame["high"].max(), margin)
    room = 0.06 * (right - left)
    domain = [float(left - room), float(right + room)]
    base = alt.Chart(
        frame[["name", "difference", "low", "high", "kind"]].reset_index(drop=True)
    ).encode(
        y=alt.Y("name:N", sort=order, title=None, axis=_name_axis() if first else None),
        color=alt.Color(
            "kind:N",
            scale=alt.Scale(domain=names, range=colours),
            legend=legend,
        ),
        tooltip=[
            alt.Tooltip("name:N", title=words("column.title")),
            *(
                alt.Tooltip(f"{end}:Q", title=words(f"column.{end}"), format=".3f")
                for end in ("difference", "low", "high")
            ),
        ],
    )
    axis = alt.Axis(title=x_title, tickCount=4, format=",.3~f")
    chart = alt.layer(
        rule(GREY, x=alt.datum(0)),
        base.mark_rule(strokeWidth=2).encode(
            x=alt.X("low:Q", scale=alt.Scale(domain=domain, nice=False), axis=axis), x2="high:Q"
        ),
        base.mark_point(filled=True, size=48, opacity=1).encode(
            x="difference:Q",
            shape=alt.Shape("kind:N", scale=alt.Scale(domain=names, range=shapes), legend=legend),
        ),
    )
    title = alt.Title(
        outcome_name(outcome, words),
        fontSize=13,
        color=INK,
        offset=6,
        anchor="start",
        frame="group",
    )
    return chart.properties(width=PANEL, height=alt.Step(ROW), title=title)


def _kind(result: str, sign: int) -> str:
    """Return how a result is coloured."""
    if result in ("higher", "lower"):
        up = result == "higher"
        if sign == 0:
            return "more_people" if up else "fewer_people"
        return "better" if up == (sign > 0) else "worse"
    return "unsettled" if result == "open" else "alike"


def _kinds(sign: int) -> dict[str, tuple[str, str]]:
    """Return the colour and the shape of each kind; a triangle points where the difference is."""
    up, down = ("better", "worse") if sign else ("more_people", "fewer_people")
    right, left = ("triangle-right", "triangle-left")[:: sign or 1]
    return {
        up: (DARK_BLUE if sign else INK, right),
        down: (VERMILLION if sign else INK, left),
        "alike": ("#999999", "circle"),
        "unsettled": (ORANGE, "diamond"),
    }


def _name_axis() -> alt.Axis:
    return alt.Axis(labelLimit=0, labelOverlap=False, labelPadding=10, domain=False, ticks=False)


def _where(study: Comparison, words: Words) -> dict[str, object]:
    return {"county": county_name(study, words), "year": study.scenario.judged_year}


def same_as_base(study: Comparison) -> pd.DataFrame:
    """Return the policies that are the base itself."""
    return of(study.policies, same_as=study.compared[0].name)


def rows_of(study: Comparison, outcomes: Sequence[str]) -> pd.DataFrame:
    """Return the differences in these outcomes of the policies that are not the base itself."""
    frame = study.differences
    shown = frame["policy"].isin(_others(study)["policy"])
    return frame[shown & frame["outcome"].isin(list(outcomes))]


def _others(study: Comparison) -> pd.DataFrame:
    """Return the ranking without the base and what is the same."""
    base = study.compared[0].name
    return study.ranking[~study.ranking["policy"].isin([base, *same_as_base(study)["policy"]])]


def _left_out(same: pd.DataFrame, words: Words) -> str:
    return words("compare.chart_same", n=len(same)) if len(same) else ""


def titles(frame: pd.DataFrame, words: Words) -> list[str]:
    """Return the titles of policies in the language of the words."""
    return list(frame["title" if words.language == "zh" else "title_en"])
