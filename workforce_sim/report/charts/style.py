"""What all charts share: colours, axes, notes, title and provenance.

Colours follow Okabe and Ito, or are one blue from light to dark: they can be told apart by the
colour-blind, and by their lightness or their shape when printed in grey.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeVar

import altair as alt
import pandas as pd

from workforce_sim.law import load_standard
from workforce_sim.report.narrative.phrases import baseline_year
from workforce_sim.report.pictures import FONT
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.assessment.projection import Projection
    from workforce_sim.county import County
    from workforce_sim.decision.study import Study

INK, GREY, PALE = "#222222", "#666666", "#e4e4e4"
DARK_BLUE, BLUE, LIGHT_BLUE = "#08306b", "#6baed6", "#c6dbef"
ORANGE, VERMILLION = "#e69f00", "#b03a00"

LABELS = {"labelFontSize": 12, "labelColor": INK}
TITLES = {"titleFontSize": 12, "titleFontWeight": "normal", "titleColor": GREY}
LOOK: dict[str, Any] = {
    "font": FONT,
    "view": {"stroke": None},
    "facet": {"spacing": 30},
    "title": {
        "fontSize": 18,
        "fontWeight": "normal",
        "color": INK,
        "subtitleFontSize": 12.5,
        "subtitleColor": GREY,
        "subtitlePadding": 6,
        "subtitleLineHeight": 18,
        "frame": "bounds",
    },
    "axis": {
        **LABELS,
        **TITLES,
        "gridColor": PALE,
        "domainColor": "#999999",
        "tickColor": "#999999",
    },
    "legend": {
        **LABELS,
        **TITLES,
        "labelLimit": 300,
        "symbolStrokeWidth": 1.5,
        "columnPadding": 14,
    },
    "header": {"labelFontSize": 14, "labelColor": INK},
}
"""The configuration of every chart."""

PER_PUPILS = {1: "chart.per_pupil", 100: "chart.per_hundred"}

ChartT = TypeVar("ChartT", bound=alt.TopLevelMixin)


def finished(
    chart: ChartT,
    study: Study,
    words: Words,
    title: str,
    subtitle: str,
    origin: str | None = None,
) -> ChartT:
    """Add the title, the subtitle with the origin (by default the provenance), and the look."""
    origin = origin or provenance_line(study, words)
    heading = alt.Title(title, subtitle=[subtitle, origin], anchor="start", offset=14)
    finished: ChartT = chart.properties(title=heading, padding=16, background="white", config=LOOK)
    return finished


def provenance_line(study: Study, words: Words) -> str:
    """Return what every chart says of its origin: synthetic or not, how many, seed, standard."""
    origin, standard = study.provenance, load_standard()
    line = words(
        "chart.provenance",
        n=origin["replications"],
        seed=origin["seed"],
        law=next(iter(standard.documents)),
        date=standard.version,
    )
    if origin["replications"] < origin["replications_requested"]:
        line = words("chart.incomplete", n=origin["replications_requested"]) + line
    elif not origin["complete"]:
        line = words("chart.unfinished") + line
    return baseline_mark(study.county, words) + line


def baseline_mark(county: County, words: Words) -> str:
    """Return what a chart says first of a baseline that is synthetic, or was filled in part."""
    if "school_table" in county.synthetic:
        return words("chart.synthetic")
    return words("chart.filled") if county.synthetic else ""


def year_axis(projection: Projection, words: Words, **more: Any) -> alt.Axis:
    """Return an axis of years that names the baseline and the judged year."""
    label = "datum.label"
    for year, name in (
        (baseline_year(projection), words("chart.baseline")),
        (projection.scenario.judged_year, words("chart.judged_year")),
    ):
        label = f"datum.value == {year} ? [datum.label, {name!r}] : {label}"
    return alt.Axis(labelAngle=0, labelExpr=label, labelLineHeight=15, grid=False, **more)


def unit_axis(unit: str, **more: Any) -> alt.Axis:
    """Return an axis with its unit written level above it: Chinese is not read on its side."""
    return alt.Axis(
        title=unit,
        titleAngle=0,
        titleAnchor="end",
        titleAlign="left",
        titleBaseline="bottom",
        titleX=-34,
        titleY=-12,
        **more,
    )


def per_pupils(indicator: str, words: Words) -> str:
    """Return to how many pupils an indicator is related: ``per 100 pupils``, ``per pupil``."""
    key = PER_PUPILS[load_standard().indicator(indicator).per_pupils]
    return words(key)


def ratio_format(threshold: float) -> str:
    """Return the format of ratios of this size: yuan are whole, teachers have decimals."""
    return ",.0f" if threshold >= 100 else ".2f"


def rule(colour: str, dash: tuple[float, ...] = (), **place: Any) -> alt.Chart:
    """Return a line at one place, such as ``y=alt.datum(0.9)``."""
    line = alt.Chart(alt.InlineData(values=[{}])).mark_rule(
        color=colour, strokeDash=list(dash), strokeWidth=1.5
    )
    placed: alt.Chart = line.encode(**place)
    return placed


def note(
    text: str, colour: str, align: Literal["left", "center", "right"] = "left", **place: Any
) -> alt.Chart:
    """Return a text at one place."""
    written = alt.Chart(alt.InlineData(values=[{}])).mark_text(
        text=text, color=colour, align=align, fontSize=12
    )
    placed: alt.Chart = written.encode(**place)
    return placed


def panels(names: pd.Series[Any]) -> alt.Column:
    """Return the facets of a chart, in the order in which their names occur."""
    return alt.Column("panel:N", title=None, sort=list(dict.fromkeys(names)))


def grid(frame: pd.DataFrame, layers: list[alt.Chart], words: Words) -> alt.FacetChart:
    """Return a grid of small plots by year: a row for each indicator, a column for each stage."""
    frame = frame[frame["stage"] != "both"]
    frame = frame.assign(
        panel=[words(f"stage.{stage}") for stage in frame["stage"]],
        row=[words(f"short.{indicator}") for indicator in frame["indicator"]],
    )
    plot = alt.layer(*layers, data=frame.drop(columns=["stage", "indicator"]))
    header = alt.Header(labelAngle=0, labelAlign="left", labelOrient="left")
    rows: alt.FacetChart = plot.properties(
        width=max(240, 34 * frame["year"].nunique()), height=96
    ).facet(
        row=alt.Row("row:N", title=None, sort=list(dict.fromkeys(frame["row"])), header=header),
        column=panels(frame["panel"]),
    )
    return rows


def of(frame: pd.DataFrame, **wanted: object) -> pd.DataFrame:
    """Return the rows in which every column named has the value given."""
    for column, value in wanted.items():
        frame = frame[frame[column] == value]
    return frame
