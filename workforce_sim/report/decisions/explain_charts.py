"""The charts of an explanation: from the ratio before, over its parts, to the ratio after."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from workforce_sim.decision.cells import BOTH, CHANGE
from workforce_sim.report.charts.style import BLUE, GREY, INK, VERMILLION, finished, note, of, rule
from workforce_sim.report.narrative.phrases import county_name, indicator_name, within
from workforce_sim.report.numbers import NONE
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.decision.explain import Explanation
    from workforce_sim.decision.policies import Policy

COLOURS = {"level": INK, "raises": BLUE, "lowers": VERMILLION}
WIDTH = 400
"""Width of the plot in pixels; to its right stand the numbers."""
LEAST = 0.0005
"""A part that is less is written as 0, and left out of charts."""

Row = pd.Series  # of a table


def charts(
    study: Explanation, words: Words, school: str | None = None
) -> Iterator[tuple[str, alt.TopLevelMixin]]:
    """Yield the name of the file (without its ending) and the chart, for every chart."""
    rows = study.parts[study.parts["stage"] != BOTH]
    for stage, indicator in rows[["stage", "indicator"]].drop_duplicates().to_numpy():
        before, now = levels(study, stage, indicator)
        title = _title(study, stage, indicator, words)
        parts = of(rows, stage=stage, indicator=indicator)
        if parts["mean"].isna().any():
            continue  # no ratio
        yield (
            f"explain-{indicator}-{stage}",
            waterfall(study, parts, before["mean"], now, title, words),
        )
    if school is None:
        return
    for _, row in of(study.largest, school=school).iterrows():
        if row["change"] != row["change"]:
            continue  # no ratio before
        parts = of(study.school_parts, school=school, indicator=row["indicator"])
        title = words(
            "explain.chart_school",
            school=school,
            indicator=indicator_name(row["indicator"], words),
        )
        yield (
            f"explain-{row['indicator']}-school",
            waterfall(study, parts, row["before"], row, title, words),
        )


def levels(study: Explanation, stage: str, indicator: str) -> tuple[Row[Any], Row[Any]]:
    """Return the rows of ``study.levels`` at both ends: before, and in the judged year."""
    rows = of(study.levels, stage=stage, indicator=indicator)
    now = of(rows, policy=study.policy.name, year=study.scenario.judged_year).iloc[0]
    if study.against is None:
        return rows[rows["year"] == rows["year"].min()].iloc[0], now
    # Of a policy set against itself both rows bear its name: the last is the other's.
    return of(rows, policy=study.against.name, year=study.scenario.judged_year).iloc[-1], now


def level_names(study: Explanation, words: Words) -> tuple[str, str]:
    """Return what both ends are called: the years, or the policies."""
    if study.against is not None:
        return policy_title(study.against, words), policy_title(study.policy, words)
    first, last = int(study.levels["year"].min()), study.scenario.judged_year
    return words("explain.in_year", year=first), words("explain.in_year", year=last)


def policy_title(policy: Policy, words: Words) -> str:
    """Return the title of a policy; the scenario itself, which is no policy, is the base."""
    if policy.title == policy.scenario.name:
        return words("base.title")
    return policy.title if words.language == "zh" else policy.title_en


def signed(points: float) -> str:
    """Write a part of a ratio with its sign: ``+0.179``, ``−1.05``, ``0``."""
    if abs(points) < LEAST:
        return "0"
    if points != points:
        return NONE
    return f"{points:+.{3 if abs(points) < 1 else 2}f}".replace("-", "−")


def waterfall(
    study: Explanation, parts: pd.DataFrame, before: float, now: Row[Any], title: str, words: Words
) -> alt.TopLevelMixin:
    """Chart the parts of one ratio; levels are marks, for the axis does not begin at 0.

    Parameters
    ----------
    study : Explanation
    parts : DataFrame
        Rows of the ratio in ``study.parts`` or ``study.school_parts``.
    before : float
        The ratio before.
    now : Series
        The ratio after: ``mean``, ``q05``, ``q95``, ``threshold``.
    title : str
    words : Words
    """
    frame = _steps(study, parts, before, float(now["mean"]), words)
    names, threshold = list(frame["name"]), float(now["threshold"])
    colours = {words(f"explain.kind_{kind}"): colour for kind, colour in COLOURS.items()}
    domain = [frame[["before", "after"]].min(axis=None), frame[["before", "after"]].max(axis=None)]
    ends = [*domain, threshold, now["q05"], now["q95"]]
    room = 0.05 * (max(ends) - min(ends)) or 0.1
    scale = alt.Scale(domain=[min(ends) - room, max(ends) + room], nice=False, zero=False)
    interval = pd.DataFrame([{"name": names[-1], "low": now["q05"], "high": now["q95"]}])
    base = alt.Chart(frame).encode(
        x=alt.X("before:Q", title=words("chart.per_100"), scale=scale),
        y=alt.Y(
            "name:N",
            title=None,
            sort=names,
            axis=alt.Axis(labelLimit=0, grid=False, domain=False, ticks=False),
        ),
        color=alt.Color(
            "kind:N",
            scale=alt.Scale(domain=list(colours), range=list(colours.values())),
            legend=alt.Legend(title=None, orient="top", offset=24, symbolType="square"),
        ),
        tooltip=[
            alt.Tooltip("name:N", title=" "),
            alt.Tooltip("text:N", title=words("chart.per_100")),
            alt.Tooltip("people:N", title=words("column.people")),
        ],
    )
    above = alt.value(-10)
    columns = ((WIDTH + 70, "text", "chart.per_100"), (WIDTH + 140, "people", "column.people"))
    is_level = f"datum.kind == {words('explain.kind_level')!r}"
    layers = [
        rule(VERMILLION, (7, 4), x=alt.datum(threshold)),
        note(
            words("chart.threshold", value=f"{threshold:g}"),
            VERMILLION,
            align="center",
            x=alt.datum(threshold),
            y=above,
        ),
        base.transform_filter("isValid(datum.below)")
        .mark_rule(opacity=1)
        .encode(x="after:Q", y2="below:N", color=alt.value("#999999")),
        base.transform_filter(f"!({is_level})")
        .mark_bar(height=alt.RelativeBandSize(0.7))
        .encode(x2="after:Q"),
        base.transform_filter(is_level).mark_tick(
            thickness=4, height=alt.RelativeBandSize(0.8), opacity=1
        ),
        alt.Chart(interval)
        .mark_rule(color=GREY, strokeWidth=2)
        .encode(x=alt.X("low:Q", scale=scale), x2="high:Q", y=alt.Y("name:N", sort=names)),
        *(
            base.mark_text(align="right", fontSize=12).encode(
                x=alt.value(place), text=f"{field}:N", color=alt.value(INK)
            )
            for place, field, _ in columns
        ),
        *(
            note(words(key), GREY, align="right", x=alt.value(place), y=above)
            for place, _, key in columns
        ),
    ]
    chart = alt.layer(*layers).properties(width=WIDTH, height=alt.Step(28))
    return finished(
        chart,
        study,
        words,
        title,
        words("explain.chart_note", last=study.scenario.judged_year),
    )


def _steps(
    study: Explanation, parts: pd.DataFrame, before: float, now: float, words: Words
) -> pd.DataFrame:
    """Return the steps of the waterfall: both levels and the parts between them."""
    start, end = level_names(study, words)
    rows = [(start, "level", before, before, _level(before), "")]
    at = before
    for _, row in parts[parts["part"] != CHANGE].iterrows():
        mean, number = float(row["mean"]), float(row["people"])
        if abs(mean) >= LEAST:
            people = f"{number:+.1f}".replace("-", "−") if number == number else ""
            kind = "raises" if mean > 0 else "lowers"
            rows.append((words(f"part.{row['part']}"), kind, at, at + mean, signed(mean), people))
        at += mean
    rows.append((end, "level", now, now, _level(now), ""))
    frame = pd.DataFrame(rows, columns=["name", "kind", "before", "after", "text", "people"])
    return frame.assign(
        kind=[words(f"explain.kind_{kind}") for kind in frame["kind"]],
        below=frame["name"].shift(-1),
    )


def _level(value: float) -> str:
    return f"{value:.{3 if value < 1 else 2}f}"


def _title(study: Explanation, stage: str, indicator: str, words: Words) -> str:
    told: dict[str, object] = {
        "county": county_name(study, words),
        "stage": within(words(f"stage.{stage}")),
        "indicator": indicator_name(indicator, words),
        "last": study.scenario.judged_year,
    }
    if study.against is None:
        return words("explain.chart", first=int(study.levels["year"].min()), **told)
    policies = {"policy": study.policy, "against": study.against}
    titles = {name: policy_title(policy, words) for name, policy in policies.items()}
    return words("explain.chart_between", **titles, **told)
