"""The charts: each function returns one Altair chart of a projection, all its words filled in.

Colours are those of Okabe and Ito or one blue from light to dark: they can be told apart by the
colour-blind, and by their lightness or their shape when printed in grey.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

import altair as alt
import pandas as pd

from workforce_sim.law.standard import load_standard
from workforce_sim.report.numbers import chance, number, percent
from workforce_sim.report.pictures import FONT
from workforce_sim.report.words import Words

if TYPE_CHECKING:
    from workforce_sim.assessment.projection import Projection

Chart = alt.LayerChart | alt.FacetChart | alt.VConcatChart

INK, GREY, PALE = "#222222", "#666666", "#e4e4e4"
DARK_BLUE, BLUE, LIGHT_BLUE = "#08306b", "#6baed6", "#c6dbef"
ORANGE, VERMILLION = "#e69f00", "#b03a00"

CLASSES = {  # from this probability on: colour and shape of a school's point
    "sure": (0.95, DARK_BLUE, "circle"),
    "likely": (0.50, "#56a0d3", "diamond"),
    "unlikely": (0.05, ORANGE, "triangle-up"),
    "lost": (0.0, VERMILLION, "square"),
    "unjudged": (float("nan"), "#aaaaaa", "cross"),
}


def charts(projection: Projection, words: Words) -> Iterator[tuple[str, Chart]]:
    """Yield the name of the file (without its ending) and the chart, for every chart."""
    county = projection.ratios[projection.ratios["stage"] != "both"]
    pairs = list(county[["indicator", "stage"]].drop_duplicates().itertuples(index=False))
    yield "heat-map", heat_map(projection, words)
    for indicator, stage in pairs:
        yield f"fan-{indicator}-{stage}", fan(projection, indicator, stage, words)
    for indicator, stage in pairs:
        yield f"schools-{indicator}-{stage}", schools(projection, indicator, stage, words)
    yield "flows", flows(projection, words)
    yield "ages", ages(projection, words)


def fan(projection: Projection, indicator: str, stage: str, words: Words) -> Chart:
    """Chart the county's ratio of one indicator and stage: median, intervals, threshold."""
    frame = _of(projection.ratios, indicator=indicator, stage=stage)
    judged = _of(frame, year=projection.scenario.judged_year).iloc[0]
    threshold = float(judged["threshold"])
    names = {name: words(f"chart.{name}") for name in ("band_90", "band_50", "median")}
    bands = pd.concat(
        [
            frame.assign(low=frame["q05"], high=frame["q95"], band=names["band_90"]),
            frame.assign(low=frame["q25"], high=frame["q75"], band=names["band_50"]),
        ]
    )[["year", "low", "high", "band"]]
    line = frame[["year", "q50"]].assign(band=names["median"])
    colour = alt.Color(
        "band:N",
        scale=alt.Scale(domain=list(names.values()), range=[LIGHT_BLUE, BLUE, DARK_BLUE]),
        legend=alt.Legend(title=None, orient="top", symbolType="square", offset=32),
    )
    years = list(frame["year"])
    x = alt.X(
        "year:O", title=None, axis=_year_axis(projection, words), scale=alt.Scale(padding=0.3)
    )
    y = alt.Y(
        "low:Q",
        axis=_unit_axis(words("chart.per_100")),
        scale=alt.Scale(domain=_domain(frame, threshold)),
    )
    width = max(560, 34 * len(years))
    chart = alt.layer(
        alt.Chart(bands).mark_area().encode(x=x, y=y, y2="high:Q", color=colour),
        _rule(
            x=alt.XDatum(projection.scenario.judged_year, type="ordinal"), colour=GREY, dash=[2, 3]
        ),
        _rule(y=alt.datum(threshold), colour=VERMILLION, dash=[7, 4]),
        alt.Chart(line).mark_line(strokeWidth=2.5).encode(x=x, y="q50:Q", color=colour),
        alt.Chart(line)
        .mark_point(filled=True, size=60, opacity=1)
        .encode(x=x, y="q50:Q", color=colour),
        alt.Chart(line[line["year"] == _baseline(projection)])
        .mark_point(filled=True, size=24, opacity=1, color="white")
        .encode(x=x, y="q50:Q"),
        _note(
            words("chart.threshold", value=f"{threshold:g}"),
            x=alt.value(width + 6),
            y=alt.datum(threshold),
            colour=VERMILLION,
        ),
    )
    subtitle = words(
        "chart.fan_numbers",
        year=judged["year"],
        median=number(judged["q50"]),
        low=number(judged["q05"]),
        high=number(judged["q95"]),
        threshold=f"{threshold:g}",
        chance=chance(judged, "p_meets"),
    )
    title = words(
        "chart.fan",
        county=_county(projection, words),
        stage=_within(words(f"stage.{stage}")),
        indicator=_within(words(f"indicator.{indicator}").partition(" ")[2]),
    )
    return _finished(
        chart.properties(width=width, height=320), projection, words, title, [subtitle]
    )


def heat_map(projection: Projection, words: Words) -> Chart:
    """Chart P(meets) by year: county ratios, coefficients of difference, the schools together."""
    baseline = _baseline(projection)
    rows = [
        (
            words("chart.heat_ratios"),
            f"{words(f'stage.{row.stage}')} {words(f'indicator.{row.indicator}')}",
            row.year,
            row.p_meets,
            ("met", "not_met"),
        )
        for row in projection.ratios[projection.ratios["stage"] != "both"].itertuples()
    ]
    for verdict, group in (
        ("difference_within", "heat_differences"),
        ("open", "heat_schools"),
        ("not_ruled_out", "heat_county"),
    ):
        rows += [
            (
                words(f"chart.{group}"),
                words(f"scope.{row.scope}"),
                row.year,
                row.p,
                ("holds", "fails"),
            )
            for row in _of(projection.verdicts, verdict=verdict).itertuples()
            if verdict == "not_ruled_out" or row.scope != "county"
        ]
    frame = pd.DataFrame(rows, columns=["group", "row", "year", "p", "known"])
    # The baseline is known, not uncertain: a word instead of a probability.
    frame["text"] = [
        words(f"chart.{known[p < 0.5]}") if year == baseline else percent(p)
        for year, p, known in zip(frame["year"], frame["p"], frame["known"], strict=True)
    ]
    x = alt.X("year:O", title=None, axis=_year_axis(projection, words, domain=False, ticks=False))
    panels = []
    groups = list(frame.groupby("group", sort=False))
    for place, (group, cells) in enumerate(groups):
        last = place == len(groups) - 1
        panel_x = x if last else alt.X("year:O", title=None, axis=None)
        y = alt.Y(
            "row:N",
            title=None,
            sort=list(dict.fromkeys(cells["row"])),
            axis=alt.Axis(domain=False, ticks=False, labelLimit=0, labelOverlap=False),
        )
        base = alt.Chart(cells.drop(columns="known")).encode(x=panel_x, y=y)
        judged = alt.Chart(alt.InlineData(values=[{"year": projection.scenario.judged_year}]))
        panels.append(
            alt.layer(
                base.mark_rect(stroke="white", strokeWidth=2).encode(
                    color=alt.Color(
                        "p:Q",
                        scale=alt.Scale(domain=[0, 1], range=["#eff3f8", BLUE, DARK_BLUE]),
                        legend=None,
                    )
                ),
                judged.mark_rect(fill=None, stroke=INK, strokeWidth=2).encode(x=panel_x),
                base.mark_text(fontSize=13).encode(
                    text="text:N",
                    color=alt.condition("datum.p > 0.6", alt.value("white"), alt.value(INK)),
                ),
            ).properties(
                width=alt.Step(72),
                height=alt.Step(28),
                title=alt.Title(
                    group, fontSize=13, color=GREY, offset=6, anchor="start", frame="group"
                ),
            )
        )
    return _finished(
        alt.vconcat(*panels, spacing=14),
        projection,
        words,
        words("chart.heat", county=_county(projection, words)),
        [words("chart.heat_note")],
    )


def schools(projection: Projection, indicator: str, stage: str, words: Words) -> Chart:
    """Chart the schools of a stage in the judged year, ranked by their median ratio."""
    year = projection.scenario.judged_year
    frame = _of(projection.schools, indicator=indicator, stage=stage, year=year)
    threshold = float(frame["threshold"].iloc[0])
    frame = frame.assign(
        group=[
            words(f"chart.class_{_class(p, judged)}")
            for p, judged in zip(frame["p_meets"], frame["judged"], strict=True)
        ],
        unjudged=frame["judged"] < 0.5,
        where=[words(f"area.{area}") for area in frame["area"]],
        chance=[
            percent(p) if judged >= 0.5 else "–"
            for p, judged in zip(frame["p_meets"], frame["judged"], strict=True)
        ],
    ).sort_values(["unjudged", "q50", "school"])
    # A tiny school far to the right must not squeeze all others against the threshold.
    end = min(float(frame["q95"].max()), max(2.5 * threshold, 1.6 * frame["q50"].quantile(0.9)))
    frame["beyond"] = frame["q95"] > end * 1.001
    step, width = 18, 470
    labels = {name: words(f"chart.class_{name}") for name in CLASSES}
    y = alt.Y(
        "school:N",
        sort=list(frame["school"]),
        title=None,
        axis=alt.Axis(labelLimit=0, labelOverlap=False),
    )
    scale = alt.Scale(domain=[0, end], clamp=True, nice=False)
    axis = alt.Axis(title=words("chart.per_100"), format="~g", labelFlush=False)
    data = frame[["school", "q05", "q50", "q95", "group", "where", "chance", "beyond"]].reset_index(
        drop=True
    )
    base = alt.Chart(data).encode(y=y)
    legend = alt.Legend(
        title=words("chart.class_title"), orient="top", columns=5, symbolSize=90, offset=26
    )
    colour = alt.Color(
        "group:N",
        title=words("chart.class_title"),
        scale=alt.Scale(
            domain=list(labels.values()), range=[colour for _, colour, _ in CLASSES.values()]
        ),
        legend=legend,
    )
    shape = alt.Shape(
        "group:N",
        title=words("chart.class_title"),
        scale=alt.Scale(
            domain=list(labels.values()), range=[shape for _, _, shape in CLASSES.values()]
        ),
        legend=legend,
    )
    columns = [
        layer
        for place, field, heading in (
            (width + 14, "chance", "chart.class_title"),
            (width + 76, "where", "chart.area"),
        )
        for layer in (
            base.mark_text(align="left", fontSize=11, color=INK).encode(
                x=alt.value(place), text=f"{field}:N"
            ),
            _note(words(heading), x=alt.value(place), y=alt.value(-10), colour=GREY),
        )
    ]
    chart = alt.layer(
        _rule(x=alt.datum(threshold), colour=VERMILLION, dash=[7, 4]),
        base.mark_rule(strokeWidth=2).encode(
            x=alt.X("q05:Q", scale=scale, axis=axis), x2="q95:Q", color=colour
        ),
        base.mark_point(filled=True, size=70, opacity=1).encode(
            x=alt.X("q50:Q", scale=scale), color=colour, shape=shape
        ),
        base.transform_filter("datum.beyond")
        .mark_text(text="→", align="left", dx=-1)
        .encode(x=alt.value(width), color=colour),
        _note(
            words("chart.threshold", value=f"{threshold:g}"),
            x=alt.datum(threshold),
            y=alt.value(-10),
            colour=VERMILLION,
            align="center",
        ),
        *columns,
    )
    title = words(
        "chart.schools",
        county=_county(projection, words),
        stage=_within(words(f"stage.{stage}")),
        year=year,
        indicator=_within(words(f"indicator.{indicator}").partition(" ")[2]),
    )
    judged = frame[~frame["unjudged"]]
    note = words("chart.schools_note", n=len(frame), unlikely=int((judged["p_meets"] < 0.5).sum()))
    if frame["beyond"].any():
        note += words("chart.schools_clipped")
    return _finished(
        chart.properties(width=width, height=alt.Step(step)), projection, words, title, [note]
    )


def ages(projection: Projection, words: Words) -> Chart:
    """Chart the age pyramid of each stage by sex: bars at the end, outlines at the baseline."""
    first, last = int(projection.ages["year"].min()), int(projection.ages["year"].max())
    frame = projection.ages[projection.ages["year"].isin([first, last])]
    frame = frame.assign(
        band=[
            _age_band(low, below)
            for low, below in zip(frame["age_from"], frame["age_below"], strict=True)
        ],
        people=frame["mean"].where(frame["sex"] == "female", -frame["mean"]),
        panel=[words(f"stage.{stage}") for stage in frame["stage"]],
        series=[
            f"{year} {words(f'sex.{sex}')}"
            for year, sex in zip(frame["year"], frame["sex"], strict=True)
        ],
    )
    bands = list(dict.fromkeys(frame.sort_values("age_from", ascending=False)["band"]))
    reach = float(frame["mean"].max()) * 1.05
    base = alt.Chart().encode(
        y=alt.Y("band:N", sort=bands, axis=_unit_axis(words("chart.age"))),
        x=alt.X(
            "people:Q",
            title=words("chart.people"),
            scale=alt.Scale(domain=[-reach, reach], nice=False),
            axis=alt.Axis(labelExpr="abs(datum.value)", tickCount=7),
        ),
    )
    names = [f"{last} {words('sex.male')}", f"{last} {words('sex.female')}"]
    bars = base.transform_filter(f"datum.year == {last}").mark_bar(height={"band": 0.8})
    outline = base.transform_filter(f"datum.year == {first}").mark_bar(
        fill=None, strokeWidth=1.6, height={"band": 0.98}
    )
    chart = alt.layer(
        bars.encode(
            color=alt.Color(
                "series:N",
                scale=alt.Scale(domain=names, range=["#2171b5", "#f2b84b"]),
                legend=alt.Legend(title=None, orient="top", offset=20),
            )
        ),
        outline.encode(
            stroke=alt.Stroke(
                "year:O",
                scale=alt.Scale(domain=[first], range=[INK]),
                legend=alt.Legend(title=None, orient="top", symbolType="square", offset=20),
            )
        ),
        data=frame[["year", "panel", "band", "people", "series"]].reset_index(drop=True),
    ).properties(width=300, height=alt.Step(26))
    return _finished(
        chart.facet(column=_panels(frame["panel"])),
        projection,
        words,
        words("chart.ages", county=_county(projection, words), first=first, last=last),
        [words("chart.ages_note")],
    )


def flows(projection: Projection, words: Words) -> Chart:
    """Chart who joins (above the line) and who leaves (below) each year, by stage."""
    kinds = {
        "hired_general": (words("flow.hired_general"), 1, "#2171b5"),
        "hired_arts_pe": (words("flow.hired_arts_pe"), 1, "#9ecae1"),
        "retired": (words("flow.retired"), -1, VERMILLION),
        "resign": (words("chart.other_exits"), -1, "#f2b84b"),
        "transfer_out": (words("chart.other_exits"), -1, "#f2b84b"),
        "death": (words("chart.other_exits"), -1, "#f2b84b"),
    }
    colours = {name: colour for name, _, colour in kinds.values()}
    frame = projection.flows[
        projection.flows["flow"].isin(list(kinds)) & (projection.flows["stage"] != "both")
    ]
    frame = frame.assign(
        kind=[kinds[flow][0] for flow in frame["flow"]],
        people=[
            mean * kinds[flow][1] for flow, mean in zip(frame["flow"], frame["mean"], strict=True)
        ],
        panel=[words(f"stage.{stage}") for stage in frame["stage"]],
    )
    frame = frame.groupby(["year", "panel", "kind"], sort=False, as_index=False)["people"].sum()
    frame["rank"] = frame["kind"].map(dict(zip(colours, range(len(colours)), strict=True)))
    totals = (
        frame.assign(side=frame["people"] > 0)
        .groupby(["year", "panel", "side"], sort=False, as_index=False)["people"]
        .sum()
    )
    years = sorted(set(frame["year"]))
    x = alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0, domain=False, ticks=False))
    y = alt.Y(
        "people:Q",
        axis=_unit_axis(words("chart.people"), labelExpr="abs(datum.value)"),
        # room for the totals beyond the bars
        scale=alt.Scale(domain=[1.15 * totals["people"].min(), 1.15 * totals["people"].max()]),
    )
    text = alt.Chart().encode(x=x, y=y, text=alt.Text("size:Q", format=".0f"))
    text = text.transform_calculate(size="abs(datum.people)")
    total = text.transform_filter("isValid(datum.side)")
    data = pd.concat([frame, totals], ignore_index=True)
    chart = alt.layer(
        alt.Chart()
        .transform_filter("isValid(datum.kind)")
        .mark_bar(size=30)
        .encode(
            x=x,
            y=y,
            order="rank:Q",
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(domain=list(colours), range=list(colours.values())),
                legend=alt.Legend(title=None, orient="top", columns=4, offset=20),
            ),
        ),
        _rule(y=alt.datum(0), colour=INK),
        total.transform_filter("datum.people > 0").mark_text(dy=-8, fontSize=12, color=INK),
        total.transform_filter("datum.people < 0").mark_text(dy=9, fontSize=12, color=INK),
        data=data,
    ).properties(width=max(300, 44 * len(years)), height=300)
    return _finished(
        chart.facet(column=_panels(frame["panel"])),
        projection,
        words,
        words("chart.flows", county=_county(projection, words)),
        [words("chart.flows_note")],
    )


def provenance_line(projection: Projection, words: Words) -> str:
    """Return what every chart and summary says of its origin: synthetic, how many, seed, law."""
    origin = projection.provenance
    line = words(
        "chart.provenance",
        n=origin["replications"],
        seed=origin["seed"],
        law=next(iter(load_standard().documents)),
        date=load_standard().version,
    )
    if origin["replications"] < origin["replications_requested"]:
        line = words("chart.incomplete", n=origin["replications_requested"]) + line
    return (words("chart.synthetic") if projection.county.synthetic else "") + line


def _finished(
    chart: Any, projection: Projection, words: Words, title: str, subtitle: list[str]
) -> Any:
    """Add the title, the subtitle with the provenance, and the look that all charts share."""
    heading = alt.Title(
        title, subtitle=[*subtitle, provenance_line(projection, words)], anchor="start", offset=14
    )
    return (
        chart.properties(title=heading, padding=16, background="white")
        .configure(font=FONT)
        .configure_view(stroke=None)
        .configure_title(
            fontSize=18,
            fontWeight="normal",
            color=INK,
            subtitleFontSize=12.5,
            subtitleColor=GREY,
            subtitlePadding=6,
            subtitleLineHeight=18,
            frame="bounds",
        )
        .configure_axis(
            labelFontSize=12,
            labelColor=INK,
            titleFontSize=12,
            titleFontWeight="normal",
            titleColor=GREY,
            gridColor=PALE,
            domainColor="#999999",
            tickColor="#999999",
            labelFontWeight="normal",
        )
        .configure_legend(
            labelFontSize=12,
            labelColor=INK,
            titleFontSize=12,
            titleFontWeight="normal",
            titleColor=GREY,
            symbolStrokeWidth=1.5,
            columnPadding=14,
            labelLimit=300,
        )
        .configure_header(labelFontSize=14, labelFontWeight="normal", labelColor=INK)
    )


def _rule(colour: str, dash: list[int] | None = None, **place: Any) -> alt.Chart:
    return (
        alt.Chart(alt.InlineData(values=[{}]))
        .mark_rule(color=colour, strokeDash=dash or [], strokeWidth=1.5)
        .encode(**place)
    )


def _note(
    text: str, colour: str, align: Literal["left", "center", "right"] = "left", **place: Any
) -> alt.Chart:
    return (
        alt.Chart(alt.InlineData(values=[{}]))
        .mark_text(text=text, color=colour, align=align, fontSize=12)
        .encode(**place)
    )


def _year_axis(projection: Projection, words: Words, **more: Any) -> alt.Axis:
    """Return an axis of years that names the baseline and the judged year."""
    named = {
        _baseline(projection): words("chart.baseline"),
        projection.scenario.judged_year: words("chart.judged_year"),
    }
    label = "datum.label"
    for year, name in named.items():
        label = f"datum.value == {year} ? [datum.label, {name!r}] : {label}"
    return alt.Axis(labelAngle=0, labelExpr=label, labelLineHeight=15, grid=False, **more)


def _unit_axis(unit: str, **more: Any) -> alt.Axis:
    """Return an axis with its unit written level above it: Chinese is not read on its side."""
    level = {
        "titleAngle": 0,
        "titleAnchor": "end",
        "titleAlign": "left",
        "titleBaseline": "bottom",
    }
    return alt.Axis(title=unit, titleX=-34, titleY=-12, **level, **more)


def _domain(frame: pd.DataFrame, threshold: float) -> list[float]:
    """Return a range that shows the intervals and the threshold with some room, not below zero."""
    low = min(float(frame["q05"].min()), threshold)
    high = max(float(frame["q95"].max()), threshold)
    room = 0.06 * (high - low) + 1e-3 * high
    return [max(0.0, low - room), high + room]


def _panels(names: pd.Series[Any]) -> alt.Column:
    return alt.Column("panel:N", title=None, sort=list(dict.fromkeys(names)))


def _class(p: float, judged: float) -> str:
    if judged < 0.5:
        return "unjudged"
    return next(name for name, (least, _, _) in CLASSES.items() if p >= least)


def _age_band(low: int, below: int) -> str:
    if low == 0:
        return f"< {below}"
    return f"{low}–{below - 1}" if below < 100 else f"≥ {low}"


def _within(text: str) -> str:
    """Return a name as it reads within a sentence: "Backbone teachers" but "PE teachers"."""
    return text if text[1].isupper() else text[0].lower() + text[1:]


def _county(projection: Projection, words: Words) -> str:
    county = projection.county
    return str(county.name if words.language == "zh" else county.name_en or county.name)


def _baseline(projection: Projection) -> int:
    return int(projection.county.census) // 12


def _of(frame: pd.DataFrame, **wanted: object) -> pd.DataFrame:
    """Return the rows in which every column named has the value given."""
    for column, value in wanted.items():
        frame = frame[frame[column] == value]
    return frame
