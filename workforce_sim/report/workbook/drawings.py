"""The sheet of charts: Excel's own, drawn from a table that stands beside them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from workforce_sim.report.charts.staff import JOINED, LEFT, LEFT_OTHERWISE, YELLOW
from workforce_sim.report.charts.style import (
    BLUE,
    DARK_BLUE,
    GREY,
    INK,
    ORANGE,
    PALE,
    VERMILLION,
    of,
)
from workforce_sim.report.narrative.phrases import codes
from workforce_sim.report.workbook.book import TOP, Book
from workforce_sim.report.workbook.look import COUNT, PEOPLE, RATIO, SHARE, YEAR
from workforce_sim.report.workbook.table import Column, Place, beside, columns, write
from workforce_sim.scenario.schema import STAGES
from workforce_sim.words import Words

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart

    from workforce_sim.assessment.projection import Projection


@dataclass(frozen=True)
class Line:
    """The look of a line: its marker and dash tell it apart in grey, too."""

    colour: str
    width: float
    marker: str = "none"
    dash: str = "solid"


WIDTH, HEIGHT, ROWS = 560, 352, 17
"""Size of a chart in pixels, and the rows from one to the next; two stand side by side."""
BESIDE = 9
"""Columns from one chart to the next."""
DATA = 2 * BESIDE + 1
"""Column at which the table begins from which the charts are drawn."""
QUANTILES = {
    "q95": Line(BLUE, 1, dash="square_dot"),
    "q75": Line(BLUE, 1.5),
    "q50": Line(DARK_BLUE, 3),
    "q25": Line(BLUE, 1.5),
    "q05": Line(BLUE, 1, dash="square_dot"),
    "threshold": Line(VERMILLION, 2, dash="dash"),
}
CHANCES = (
    Line(BLUE, 6, marker="circle"),
    Line(ORANGE, 4, marker="triangle"),
    Line(VERMILLION, 2, marker="square"),
    Line(INK, 1, marker="diamond"),
)
"""Of lines that often lie on each other: the later are narrower."""
STAFFED = 3
"""So many indicators are of staff; those of facilities have a chart of their own."""
VERDICTS = ("difference_within", "open", "not_ruled_out")
TOTALS = {
    "primary": {"q95": Line(BLUE, 1), "q50": Line(DARK_BLUE, 3), "q05": Line(BLUE, 1)},
    "junior": {"q95": Line(ORANGE, 1), "q50": Line(VERMILLION, 3), "q05": Line(ORANGE, 1)},
}


def charts(book: Book) -> None:
    """Add the sheet: fans, probabilities, flows, pupils and staff."""
    sheet = book.sheet("charts")
    table = list(_table(book))
    sheet.write_string(1, DATA, book.words("workbook.chart_data"), book.format(bold=True))
    place = write(book, sheet, table, TOP, DATA)
    drawn = list(_charts(book, place))
    for nth, chart in enumerate(drawn):
        down, across = divmod(nth, 2)
        chart.set_size({"width": WIDTH, "height": HEIGHT})
        sheet.insert_chart(TOP + 1 + ROWS * down, BESIDE * across, chart, {"object_position": 3})
    last = TOP + 1 + ROWS * -(-len(drawn) // 2)
    sheet.print_area(0, 0, last, DATA - 2)
    sheet.set_print_scale(70)  # not fitted to the width: then Excel heeds no page breaks
    sheet.set_h_pagebreaks([TOP + 1 + ROWS * down for down in range(2, len(drawn) // 2 + 1, 2)])


def _table(book: Book) -> Iterator[Column]:
    """Yield the columns that the charts are drawn from; a row is a year."""
    words, projection = book.words, book.projection
    years = projection.ratios[["year"]].drop_duplicates()
    yield from columns(years, words, year=YEAR)
    fan = dict.fromkeys(QUANTILES, RATIO) | {"p_meets": SHARE}
    pairs = projection.ratios[["stage", "indicator"]].drop_duplicates()
    for stage, indicator in pairs.itertuples(index=False):
        frame = years.merge(of(projection.ratios, stage=stage, indicator=indicator), how="left")
        yield from columns(frame, words, _ratio_name(stage, indicator, words), **fan)
    county = projection.verdicts[projection.verdicts["scope"] == "county"]
    for verdict, frame in beside(county, ["year"], "verdict", years):
        yield from columns(frame, words, words(f"verdict.{verdict}"), p=SHARE)
    moves = projection.flows[projection.flows["stage"] == _whole(projection)]
    moves = moves.pivot(index="year", columns="flow", values="mean").reindex(years["year"])
    group = words("chart.flows_note")
    for flow in JOINED:
        yield Column(flow, words(f"flow.{flow}"), moves[flow].tolist(), PEOPLE, group)
    for flow in LEFT:
        yield Column(flow, words(f"flow.{flow}"), (-moves[flow]).tolist(), PEOPLE, group)
    others = -moves[list(LEFT_OTHERWISE)].sum(axis=1, min_count=1)
    yield Column("others", words("chart.other_exits"), others.tolist(), PEOPLE, group)
    for name in ("pupils", "staff"):
        for stage, frame in beside(getattr(projection, name), ["year"], "stage", years):
            if stage in STAGES:
                group = f"{words(f'stage.{stage}')} {words(f'workbook.{name}')}"
                yield from columns(frame, words, group, q05=COUNT, q50=COUNT, q95=COUNT)


def _charts(book: Book, place: Place) -> Iterator[Chart]:
    """Yield the charts in the order in which they are laid out, two in a row."""
    words, projection = book.words, book.projection
    ratios = projection.ratios[projection.ratios["stage"].isin(STAGES)]
    stages = list(dict.fromkeys(ratios["stage"]))
    for indicator in ratios["indicator"].unique():
        for stage in stages:
            group = _ratio_name(stage, indicator, words)
            lines = [_line(place, group, name, look) for name, look in QUANTILES.items()]
            axis = _axis(of(ratios, stage=stage, indicator=indicator))
            unit = words(f"unit.{indicator}")
            yield _chart(book, "line", group, unit, lines, **axis)
    chance = {"min": 0, "max": 1, "num_format": "0%"}
    found = list(ratios["indicator"].unique())
    for some in (found[:STAFFED], found[STAFFED:]):
        for stage in stages if some else ():
            lines = [
                _line(place, _ratio_name(stage, indicator, words), "p_meets", look)
                | {"name": words(f"short.{indicator}")}
                for indicator, look in zip(some, CHANCES, strict=False)
            ]
            title = f"{words(f'stage.{stage}')} {codes(some, words)} {words('column.p_meets')}"
            yield _chart(book, "line", title, "", lines, **chance)
    groups = [words(f"verdict.{verdict}") for verdict in VERDICTS]
    lines = [
        _line(place, group, "p", look) | {"name": group}
        for group, look in zip(groups, CHANCES, strict=False)
    ]
    yield _chart(book, "line", words("workbook.county_chances"), "", lines, **chance)
    parts = {**JOINED, **LEFT, "others": YELLOW}
    bars = [
        _series(place, words("chart.flows_note"), flow) | {"fill": {"color": colour}, "gap": 60}
        for flow, colour in parts.items()
    ]
    people = words("chart.people")
    yield _chart(book, "column", words("workbook.flows"), people, bars, num_format="0;0")
    for total in ("pupils", "staff"):
        lines = [
            _line(place, f"{words(f'stage.{stage}')} {words(f'workbook.{total}')}", name, look)
            | {"name": f"{words(f'stage.{stage}')} {words(f'column.{name}')}"}
            for stage in stages
            for name, look in TOTALS[stage].items()
        ]
        yield _chart(book, "line", words(f"workbook.{total}"), people, lines, min=0)


def _axis(rows: pd.DataFrame) -> dict[str, Any]:
    """Return an axis of round numbers that shows intervals and threshold, not below zero."""
    low = min(float(rows["q05"].min()), float(rows["threshold"].min()))
    high = max(float(rows["q95"].max()), float(rows["threshold"].max()))
    if not high > low:  # there are no pupils
        return {}
    low = max(0.0, low - 0.05 * (high - low))  # a line on the edge would not be seen
    step = 10.0 ** math.floor(math.log10((high - low) / 2))
    step *= 5 if (high - low) / step > 12 else 2 if (high - low) / step > 5 else 1
    decimals = max(0, -math.floor(math.log10(step)))
    return {
        "min": round(math.floor(low / step) * step, 6),
        "max": round(math.ceil(high / step) * step, 6),
        "major_unit": round(step, 6),
        "num_format": f"{0:.{decimals}f}",
    }


def _ratio_name(stage: str, indicator: str, words: Words) -> str:
    return f"{words(f'stage.{stage}')} {words(f'indicator.{indicator}')}"


def _whole(projection: Projection) -> str:
    """Return the stage under which the whole county stands: a county may have one stage."""
    stages = projection.flows["stage"]
    return "both" if "both" in set(stages) else str(stages.iloc[0])


def _series(place: Place, group: str, column: str) -> dict[str, Any]:
    return {
        "name": place.heading(group, column),
        "categories": place.of("", "year"),
        "values": place.of(group, column),
    }


def _line(place: Place, group: str, column: str, look: Line) -> dict[str, Any]:
    return _series(place, group, column) | {
        "line": {"color": look.colour, "width": look.width, "dash_type": look.dash},
        "marker": {
            "type": look.marker,
            "size": 7,
            "fill": {"color": look.colour},
            "border": {"color": look.colour},
        },
    }


def _chart(
    book: Book, kind: str, title: str, unit: str, series: list[dict[str, Any]], **axis: Any
) -> Chart:
    """Return a chart with the look that all share; ``axis`` are properties of the value axis."""
    stacked = {"subtype": "stacked"} if kind == "column" else {}
    chart = book.file.add_chart({"type": kind, **stacked})
    for one in series:
        chart.add_series(one)

    def font(size: float) -> dict[str, Any]:
        return {"name": book.font, "size": size, "bold": False, "color": INK}

    chart.set_title({"name": title, "name_font": font(13), "overlay": False})
    chart.set_legend({"position": "bottom", "font": font(9)})
    chart.set_x_axis({"num_font": font(9), "label_position": "low", "line": {"color": GREY}})
    chart.set_y_axis(
        {
            "name": unit,
            "name_font": font(9),
            "num_font": font(9),
            "line": {"none": True},
            "major_gridlines": {"visible": True, "line": {"color": PALE}},
            **axis,
        }
    )
    chart.set_chartarea({"border": {"color": PALE}})
    chart.show_blanks_as("gap")
    return chart
