"""The summary on the terminal: the answer first, then the verdict table, then what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.console import Group
from rich.markup import escape

from workforce_sim.law.standard import load_standard
from workforce_sim.report.console import answer, new_table, notes, show
from workforce_sim.report.narrative import limits, origin, points, schools_at_risk
from workforce_sim.report.narrative.phrases import baseline_year, county_name, when_judged
from workforce_sim.report.numbers import chance, number, tenths
from workforce_sim.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console, RenderableType
    from rich.panel import Panel
    from rich.table import Table

    from workforce_sim.assessment.projection import Projection
    from workforce_sim.county import Figure

WORST = 10
"""Number of schools listed."""
NEAREST = 4
"""Number of coefficients of difference listed."""


def print_summary(projection: Projection, console: Console, words: Words) -> None:
    """Print the whole summary."""
    parts: list[RenderableType] = [_answer(projection, words, console.width)]
    for table in (
        _ratios(projection, words),
        _differences(projection, words),
        _worst(projection, words),
        _rotation(projection, words),
    ):
        parts += [table, ""]
    told = [*limits(projection, words), origin(projection, words)]
    parts.append(notes(words("term.notes"), told, console.width))
    show(Group(*parts), console)


def print_reconciliation(figures: Iterable[Figure], console: Console, words: Words) -> None:
    """Print the county's stated figures beside the recomputed ones, differences in bold."""
    chinese = words.language == "zh"
    table = new_table(words("term.reconciliation"), [words("column.figure")], [])
    for name in ("stated", "recomputed", "agrees"):
        table.add_column(words(f"column.{name}"), justify="right")
    table.add_column(words("column.note"), overflow="fold")
    for figure in figures:
        table.add_row(
            escape(figure.figure if chinese else figure.figure_en),
            f"{figure.stated:g}",
            _counted(figure.recomputed),
            words("value.yes" if figure.agrees else "value.no"),
            escape(figure.note if chinese else figure.note_en),
            style=None if figure.agrees else "bold",
        )
    show(table, console)


def _counted(value: float) -> str:
    """Write a count in full, and a ratio with one figure more than a plan states: 11.74."""
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.4g}"


def _answer(projection: Projection, words: Words, width: int) -> Panel:
    year, county = projection.scenario.judged_year, county_name(projection, words)
    question = words("term.question", county=county, year=year)
    return answer(question, points(projection, words), width)


def _ratios(projection: Projection, words: Words) -> Table:
    """Return a row for each stage and indicator: the baseline, and the judged year."""
    year, before = projection.scenario.judged_year, baseline_year(projection)
    keys = ["stage", "indicator"]
    base = projection.ratios[projection.ratios["year"] == before].set_index(keys)["mean"]
    table = new_table(
        words("term.ratios", year=year),
        [words("column.stage"), words("column.indicator")],
        [str(before), str(year), "5%–95%", words("column.threshold"), words("column.p_meets")],
    )
    for stage, rows in when_judged(projection.ratios, projection).groupby("stage", sort=False):
        for place, (_, row) in enumerate(rows.iterrows()):
            table.add_row(
                "" if place else words(f"stage.{stage}"),
                words(f"short.{row['indicator']}"),
                number(base[stage, row["indicator"]]),
                number(row["mean"]),
                _interval(row),
                f"{row['threshold']:g}",
                chance(row, "p_meets"),
                end_section=place == len(rows) - 1,
            )
    return table


def _differences(projection: Projection, words: Words) -> Table:
    """Return the coefficients of difference that come closest to their limit when judged."""
    rows = when_judged(projection.differences, projection)
    nearest = rows.assign(reached=rows["mean"] / rows["limit"]).nlargest(NEAREST, "reached")
    year = projection.scenario.judged_year
    table = new_table(
        words("term.differences", year=year, n=len(nearest), of=len(rows)),
        [words("column.stage"), words("column.indicator")],
        [words("column.mean"), "5%–95%", words("column.limit"), words("column.p_within")],
    )
    for _, row in nearest.iterrows():
        table.add_row(
            words(f"stage.{row['stage']}"),
            words(f"short.{row['indicator']}"),
            number(row["mean"]),
            _interval(row),
            f"{row['limit']:g}",
            chance(row, "p_within"),
        )
    return table


def _worst(projection: Projection, words: Words) -> Table:
    """Return the schools most likely to have failed, each with its weakest indicator."""
    worst = schools_at_risk(projection, WORST)
    table = new_table(
        words("term.worst", year=projection.scenario.judged_year, n=len(worst)),
        [words("column.school"), words("column.stage"), words("column.area")],
        [words("column.p_failed"), words("term.weakest"), words("term.median_of")],
    )
    for _, row in worst.iterrows():
        table.add_row(
            escape(row["school"]),
            words(f"stage.{row['stage']}"),
            words(f"area.{row['area']}"),
            chance(row, "p_failed"),
            words(f"short.{row['indicator']}"),
            f"{number(row['q50'])} / {row['threshold']:g}",
        )
    return table


def _rotation(projection: Projection, words: Words) -> Table:
    law = load_standard().rotation
    table = new_table(
        words(
            "term.rotation",
            share=f"{law.share:.0%}",
            backbone_share=f"{law.backbone_share:.0%}",
        ),
        [words("column.year")],
        [
            words("column.eligible"),
            words("column.moved"),
            words("column.share"),
            words("term.met"),
            words("column.backbone_share"),
            words("term.met"),
        ],
    )
    for _, row in projection.rotation.iterrows():
        table.add_row(
            f"{row['year']:.0f}",
            f"{row['eligible']:.0f}",
            f"{row['moved']:.0f}",
            tenths(row["share"]),
            chance(row, "p_share_met"),
            tenths(row["backbone_share"]),
            chance(row, "p_backbone_share_met"),
        )
    return table


def _interval(row: pd.Series[Any]) -> str:
    return f"{number(row['q05'])}–{number(row['q95'])}"
