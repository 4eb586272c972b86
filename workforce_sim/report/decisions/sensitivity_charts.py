"""The charts of a sensitivity study: indices, the tornado, and what each ratio depends on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from workforce_sim.decision.study import CHANCE
from workforce_sim.report.charts.style import (
    BLUE,
    DARK_BLUE,
    GREY,
    INK,
    LIGHT_BLUE,
    ORANGE,
    VERMILLION,
    finished,
    note,
    of,
    rule,
)
from workforce_sim.report.decisions.factors import factor_names, value_text
from workforce_sim.report.decisions.naming import event_name, outcome_name
from workforce_sim.report.decisions.seek_words import least
from workforce_sim.report.narrative.phrases import county_name
from workforce_sim.report.numbers import NONE, chance, tenths
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.decision.sensitivity import Sensitivity

SHOWN = 12
"""Assumptions shown, the largest."""
WIDTH, BAR, ROW, CELL = 460, 11, 24, 78
"""Pixels: width of a plot, height of a bar and of a row, width of a cell."""
PALE = 0.5
"""Opacity of what is no more than chance."""


def charts(study: Sensitivity, words: Words) -> Iterator[tuple[str, alt.TopLevelMixin]]:
    """Yield the name of the file and the chart, of all that the study has found."""
    if swings(study):
        yield "tornado", tornado(study, words)
    if risk(study) is not None:
        yield "indices", indices(study, words)
    yield "ratios", ratios(study, words)


def risk(study: Sensitivity) -> pd.DataFrame | None:
    """Return the indices of the goal's event; None if it does not vary."""
    rows = of(study.indices, outcome=f"P({study.goal.event})")
    return None if rows["total"].isna().any() else rows


def swings(study: Sensitivity) -> bool:
    """Say whether any assumption moves the probability at all."""
    return bool((study.turns["swing"] > 0).any())


def p_at(study: Sensitivity, path: str, level: float) -> str:
    """Write the probability with an assumption held at a level, without its error."""
    row = of(study.tornado, assumption=path, level=level).iloc[0]
    return chance(row).partition(" ±")[0].replace(" ", "")


def shown(rows: pd.DataFrame) -> pd.DataFrame:
    """Return chance, and the assumptions with the largest total indices."""
    chance, others = of(rows, assumption=CHANCE), rows[rows["assumption"] != CHANCE]
    largest = others.sort_values("total", ascending=False, kind="stable").head(SHOWN)
    return pd.concat([chance, largest], ignore_index=True)


def indices(study: Sensitivity, words: Words) -> alt.TopLevelMixin:
    """Chart first and total indices of the event with their intervals; chance in its own colour."""
    every = risk(study)
    assert every is not None
    rows = shown(every)
    names = factor_names(rows["assumption"], words, study.scenario)
    frame = pd.concat(
        [
            pd.DataFrame(
                {
                    "name": rows["assumption"].map(names),
                    "kind": [
                        words(f"sensitivity.legend_{'chance_' if path == CHANCE else ''}{kind}")
                        for path in rows["assumption"]
                    ],
                    "which": kind,
                    "index": rows[kind],
                    "low": rows[f"{kind}_low"],
                    "high": rows[f"{kind}_high"],
                }
            )
            for kind in ("total", "first")
        ],
        ignore_index=True,
    )
    looks = {
        "total": LIGHT_BLUE,
        "first": DARK_BLUE,
        "chance_total": "#f6d58f",
        "chance_first": ORANGE,
    }
    colours = alt.Scale(
        domain=[words(f"sensitivity.legend_{kind}") for kind in looks], range=list(looks.values())
    )
    axis = alt.Axis(title=words("sensitivity.axis"), format="%", tickCount=6)
    base = alt.Chart(frame).encode(
        y=alt.Y("name:N", sort=list(names.values()), title=None, axis=_names_axis()),
        yOffset=alt.YOffset("which:N", sort=["total", "first"]),
    )
    tooltip = [
        alt.Tooltip("name:N", title=words("column.assumption")),
        *(
            alt.Tooltip(f"{end}:Q", title=words(f"column.{end}"), format=".3f")
            for end in ("low", "high")
        ),
    ]
    chart = alt.layer(
        base.mark_bar().encode(
            x=alt.X("index:Q", axis=axis),
            color=alt.Color(
                "kind:N", scale=colours, legend=alt.Legend(title=None, orient="top", columns=4)
            ),
            tooltip=tooltip,
        ),
        base.mark_rule(color=INK).encode(x="low:Q", x2="high:Q"),
        rule(GREY, x=alt.datum(0)),
    ).properties(width=WIDTH, height=alt.Step(BAR))
    note_text = words(
        "sensitivity.chart_indices_note",
        event=event_name(study.goal.event, words),
        shown=len(rows) - 1,
        rest=len(every) - len(rows),
    )
    title = words("sensitivity.chart_indices", county=county_name(study, words))
    return finished(chart, study, words, title, note_text)


def tornado(study: Sensitivity, words: Words) -> alt.TopLevelMixin:
    """Chart P with each assumption at its 5% and 95% quantile, the largest swing above."""
    rows = study.turns.head(SHOWN)
    names = factor_names(rows["assumption"], words, study.scenario)
    frame = pd.DataFrame(
        {
            "name": rows["assumption"].map(names),
            "low": rows["p_q05"],
            "high": rows["p_q95"],
            "left": rows[["p_q05", "p_q95"]].min(axis=1),
            "right": rows[["p_q05", "p_q95"]].max(axis=1),
            "opacity": [1.0 if clear else PALE for clear in rows["clear"]],
        }
    )
    texts = {
        end: [value_text(p, v, words) for p, v in zip(rows["assumption"], rows[end], strict=True)]
        for end in ("q05", "q95")
    }
    rises = (rows["p_q05"] <= rows["p_q95"]).to_numpy()
    frame["text_left"] = [a if up else b for a, b, up in zip(*texts.values(), rises, strict=True)]
    frame["text_right"] = [b if up else a for a, b, up in zip(*texts.values(), rises, strict=True)]
    p, goal = study.base["p"], study.goal.least
    ends = [frame["left"].min(), frame["right"].max(), p]
    low, high = min(ends), max(ends)
    room = max(0.18 * (high - low), 0.02)
    domain = [max(0.0, low - room), min(1.0, high + room)]
    scale = alt.Scale(domain=domain, nice=False, zero=False)
    axis = alt.Axis(title=words("sensitivity.p"), format=".0%" if high - low > 0.05 else ".1%")
    looks = {"low": (ORANGE, "square"), "high": (DARK_BLUE, "circle")}
    kinds = {end: words(f"sensitivity.legend_{end}") for end in looks}
    legend = alt.Legend(title=None, orient="top", symbolOpacity=1, offset=22)
    colour, shape = (
        alt.Scale(domain=list(kinds.values()), range=[look[nth] for look in looks.values()])
        for nth in (0, 1)
    )
    base = alt.Chart(frame).encode(
        y=alt.Y("name:N", sort=list(names.values()), title=None, axis=_names_axis()),
        opacity=alt.Opacity("opacity:Q", scale=None, legend=None),
    )
    layers = [
        base.mark_bar(color=BLUE, height=12).encode(
            x=alt.X("left:Q", axis=axis, scale=scale), x2="right:Q"
        ),
        *(
            base.transform_calculate(kind=repr(kinds[end]))
            .mark_point(filled=True, size=70)
            .encode(
                x=alt.X(f"{end}:Q", axis=axis, scale=scale),
                color=alt.Color("kind:N", scale=colour, legend=legend),
                shape=alt.Shape("kind:N", scale=shape, legend=legend),
            )
            for end in looks
        ),
        base.mark_text(align="right", dx=-9, fontSize=12, color=INK).encode(
            x=alt.X("left:Q", axis=axis, scale=scale), text="text_left:N"
        ),
        base.mark_text(align="left", dx=9, fontSize=12, color=INK).encode(
            x=alt.X("right:Q", axis=axis, scale=scale), text="text_right:N"
        ),
        rule(GREY, x=alt.datum(p)),
        note(
            words("sensitivity.base", p=tenths(p)),
            GREY,
            align="center",
            x=alt.datum(p),
            y=alt.value(-10),
        ),
    ]
    if domain[0] <= goal <= domain[1]:
        layers.append(rule(VERMILLION, (7, 4), x=alt.datum(goal)))
    note_text = words(
        "sensitivity.chart_tornado_note",
        event=event_name(study.goal.event, words),
        least=least(goal),
        shown=len(rows),
        rest=len(study.turns) - len(rows),
    )
    title = words("sensitivity.chart_tornado", county=county_name(study, words))
    chart = alt.layer(*layers).properties(width=WIDTH, height=alt.Step(ROW))
    return finished(chart, study, words, title, note_text)


def of_ratios(study: Sensitivity) -> pd.DataFrame:
    """Return the indices of the ratios that vary at all."""
    frame = study.indices[~study.indices["outcome"].str.startswith("P(")]
    certain = frame.groupby("outcome")["total"].transform(lambda total: total.isna().all())
    return frame[~certain]


def ratios(study: Sensitivity, words: Words) -> alt.TopLevelMixin:
    """Chart the total indices of every ratio: a column a ratio, a row an assumption."""
    frame = of_ratios(study)
    wide = frame.pivot(index="assumption", columns="outcome", values="total")
    others = wide.drop(index=CHANCE).max(axis=1).sort_values(ascending=False, kind="stable")
    rows = [CHANCE, *others.index[:SHOWN]]
    names = factor_names(rows, words, study.scenario)
    frame = frame[frame["assumption"].isin(rows)]
    frame = pd.DataFrame(
        {
            "name": frame["assumption"].map(names),
            "ratio": [ratio_name(outcome, words) for outcome in frame["outcome"]],
            "share": frame["total"].clip(0, 1),
            "text": [NONE if x != x else f"{100 * max(x, 0):.0f}" for x in frame["total"]],
        }
    )
    base = alt.Chart(frame).encode(
        x=alt.X(
            "ratio:N",
            sort=list(dict.fromkeys(frame["ratio"])),
            title=None,
            axis=alt.Axis(
                orient="top",
                labelAngle=0,
                # A line a word: stage, code, name.
                labelExpr="split(datum.label, ' ')",
                labelLineHeight=14,
                labelPadding=8 + 2 * 14,
                domain=False,
                ticks=False,
            ),
        ),
        y=alt.Y("name:N", sort=list(names.values()), title=None, axis=_names_axis()),
    )
    scale = alt.Scale(
        domain=[0, 1], range=["#ffffff", LIGHT_BLUE, BLUE, DARK_BLUE], interpolate="rgb"
    )
    chart = alt.layer(
        base.mark_rect(stroke="white").encode(color=alt.Color("share:Q", scale=scale, legend=None)),
        base.mark_text(fontSize=12).encode(
            text="text:N",
            color=alt.condition(alt.datum.share > 0.7, alt.value("white"), alt.value(INK)),
        ),
    ).properties(width=alt.Step(CELL), height=alt.Step(ROW))
    note_text = words(
        "sensitivity.chart_ratios_note", shown=len(rows) - 1, rest=len(wide) - len(rows)
    )
    county, year = county_name(study, words), study.goal.event.year
    title = words("sensitivity.chart_ratios", county=county, year=year)
    return finished(chart, study, words, title, note_text)


def ratio_name(outcome: str, words: Words) -> str:
    """Return the name of a ratio without its year, which the title gives."""
    return outcome_name(outcome.partition(", ")[0], words)


def _names_axis() -> alt.Axis:
    return alt.Axis(labelLimit=0, labelPadding=8, domain=False, ticks=False)
