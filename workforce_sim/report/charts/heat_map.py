"""The heat map: every probability that decides, by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from workforce_sim.report.charts.style import BLUE, DARK_BLUE, GREY, INK, finished, of, year_axis
from workforce_sim.report.narrative.grounds import scope
from workforce_sim.report.narrative.phrases import baseline_year, county_name
from workforce_sim.report.numbers import NONE, chance, percent
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.assessment.projection import Projection


STAGED = ("primary", "junior")
VERDICTS = {"difference_within": STAGED, "open": STAGED, "not_ruled_out": ("county",)}
"""The verdicts that decide, and on what: the last is that both others hold."""


def heat_map(projection: Projection, words: Words) -> alt.TopLevelMixin:
    """Chart P by year: county ratios, coefficients of difference, schools, and both of these."""
    words = words.about(projection)
    groups = [(words("chart.heat_ratios"), _ratios(projection, words))]
    groups += [
        (verdict_title(verdict, projection, words), _verdict(projection, words, verdict, scopes))
        for verdict, scopes in VERDICTS.items()
    ]
    panels = [
        _panel(cells, title, projection, words, last=nth == len(VERDICTS))
        for nth, (title, cells) in enumerate(groups)
    ]
    title = words("chart.heat", county=county_name(projection, words))
    chart = alt.vconcat(*panels, spacing=14)
    return finished(chart, projection, words, title, scope(projection, words))


def verdict_title(verdict: str, projection: Projection, words: Words) -> str:
    """Return the words for a verdict as a heading."""
    name = words(f"verdict.{verdict}")
    if verdict == "not_ruled_out":
        return words("chart.heat_county", verdict=name)
    return name[0].upper() + name[1:]


def _ratios(projection: Projection, words: Words) -> pd.DataFrame:
    frame = projection.ratios[projection.ratios["stage"] != "both"]
    rows = [
        f"{words(f'stage.{stage}')} {words(f'indicator.{indicator}')}"
        for stage, indicator in zip(frame["stage"], frame["indicator"], strict=True)
    ]
    exactly = [chance(row, "p_meets") for _, row in frame.iterrows()]
    frame = frame.assign(row=rows, p=frame["p_meets"], exactly=exactly)
    return _texts(frame, projection, words, "met")


def _verdict(
    projection: Projection, words: Words, verdict: str, scopes: tuple[str, ...]
) -> pd.DataFrame:
    frame = of(projection.verdicts, verdict=verdict)
    frame = frame[frame["scope"].isin(list(scopes))]
    rows = [words(f"scope.{scope}") for scope in frame["scope"]]
    exactly = [chance(row) for _, row in frame.iterrows()]
    return _texts(frame.assign(row=rows, exactly=exactly), projection, words, "holds")


def _texts(frame: pd.DataFrame, projection: Projection, words: Words, yes: str) -> pd.DataFrame:
    """Add the text of each cell: the baseline is known, so a word and no probability."""
    known = {1.0: words(f"chart.{yes}"), 0.0: words(f"chart.not_{yes}")}
    texts = [
        known.get(p, NONE) if year == baseline_year(projection) else percent(p)
        for year, p in zip(frame["year"], frame["p"], strict=True)
    ]
    known_now = frame["year"] == baseline_year(projection)
    frame = frame.assign(text=texts, exactly=frame["exactly"].mask(known_now, texts))
    return frame[["row", "year", "p", "text", "exactly"]]


def _panel(
    cells: pd.DataFrame, title: str, projection: Projection, words: Words, last: bool
) -> alt.LayerChart | alt.FacetChart:
    axis = year_axis(projection, words, domain=False, ticks=False) if last else None
    x = alt.X("year:O", title=None, axis=axis)
    y = alt.Y(
        "row:N",
        title=None,
        sort=list(dict.fromkeys(cells["row"])),
        axis=alt.Axis(domain=False, ticks=False, labelLimit=0, labelOverlap=False),
    )
    colour = alt.Color(
        "p:Q",
        scale=alt.Scale(domain=[0, 1], range=["#eff3f8", BLUE, DARK_BLUE]),
        legend=None,  # every cell says its number
    )
    tooltip = [
        alt.Tooltip("row:N", title=title),
        alt.Tooltip("year:O", title=words("column.year")),
        alt.Tooltip("exactly:N", title=words("column.p")),
    ]
    base = alt.Chart(cells).encode(x=x, y=y, tooltip=tooltip)
    judged = alt.Chart(alt.InlineData(values=[{"year": projection.scenario.judged_year}]))
    return alt.layer(
        base.mark_rect(stroke="white", strokeWidth=2).encode(color=colour),
        judged.mark_rect(filled=False, stroke=INK, strokeWidth=2).encode(x=x),
        base.mark_text(fontSize=13).encode(
            text="text:N",
            color=alt.condition("datum.p > 0.6", alt.value("white"), alt.value(INK)),
        ),
    ).properties(
        width=alt.Step(72),
        height=alt.Step(28),
        title=alt.Title(title, fontSize=13, color=GREY, offset=6, anchor="start", frame="group"),
    )
