"""The summary on the terminal: the answer first, then the verdict table, then what it rests on."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich import box
from rich.console import Group
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table

from workforce_sim.law.standard import load_standard
from workforce_sim.report.narrative import origin
from workforce_sim.report.numbers import chance, number, tenths
from workforce_sim.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console, RenderableType

    from workforce_sim.assessment.projection import Projection
    from workforce_sim.county import Figure

WORST = 10
"""Number of schools listed."""
SENTENCES = ((0.95, "sure"), (0.6, "likely"), (0.4, "either"), (0.05, "unlikely"), (0.0, "lost"))
"""The answer in words, by the least probability for which it is given."""


def print_summary(projection: Projection, console: Console, words: Words) -> None:
    """Print the whole summary."""
    parts: list[RenderableType] = [_answer(projection, words)]
    for table in (
        _ratios(projection, words),
        _first_years(projection, words),
        _differences(projection, words),
        _worst(projection, words),
        _rotation(projection, words),
    ):
        parts += [table, ""]
    parts.append(f"[bold]{words('term.notes')}[/bold]")
    parts += [Padding(escape(note), (0, 0, 0, 2)) for note in _notes(projection, words)]
    _print(Group(*parts), console)


def print_reconciliation(figures: Iterable[Figure], console: Console, words: Words) -> None:
    """Print the county's stated figures beside the recomputed ones, differences in bold."""
    chinese = words.language == "zh"
    table = _table(words("term.reconciliation"), [words("column.figure")], [])
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
    _print(table, console)


def _counted(value: float) -> str:
    """Write a count in full, and a ratio with one figure more than a plan states: 11.74."""
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.4g}"


def _print(what: RenderableType, console: Console) -> None:
    """Print; letters that the console's encoding lacks become question marks."""
    if isinstance(console.file, io.TextIOWrapper):
        console.file.reconfigure(errors="replace")
    console.print(what, highlight=False)


def _answer(projection: Projection, words: Words) -> Panel:
    year = projection.scenario.judged_year
    county = projection.verdicts[projection.verdicts["scope"] == "county"]
    now = county[county["year"] == year]
    said = {row["verdict"]: chance(row) for _, row in now.iterrows()}
    p = float(now["p"][now["verdict"] == "not_ruled_out"].iloc[0])
    sentence = next(word for least, word in SENTENCES if p >= least)
    binding = projection.binding[projection.binding["year"] == year]
    likely = county[(county["verdict"] == "not_ruled_out") & (county["p"] >= 0.5)]
    years = likely["year"][likely["year"] > _baseline(projection)]
    lines = [
        words("term.answer", sentence=words(f"term.{sentence}"), chance=said["not_ruled_out"]),
        words(
            "term.parts",
            open=said["open"],
            within=said["difference_within"],
            all_met=said["all_met"],
        ),
        *(
            words(
                "term.binding",
                school=weakest["school"],
                stage=words(f"stage.{weakest['stage']}"),
                indicator=words(f"indicator.{weakest['indicator']}"),
                chance=chance(weakest),
            )
            for _, weakest in binding.sort_values("p", ascending=False).head(1).iterrows()
        ),
        words("term.first", year=words("term.never") if years.empty else years.min()),
        words("term.not_passed"),
    ]
    name = projection.county.name if words.language == "zh" else projection.county.name_en
    question = words("term.question", county=name, year=year)
    return Panel(escape("\n".join(lines)), title=escape(question), title_align="left")


def _ratios(projection: Projection, words: Words) -> Table:
    """Return the verdict table: a row for each stage, indicator and year."""
    table = _table(
        words("term.ratios"),
        [words("column.stage"), words("column.indicator"), words("column.year")],
        [words("column.mean"), "5%–95%", words("column.threshold"), words("column.p_meets")],
    )
    for (stage, indicator), rows in projection.ratios.groupby(["stage", "indicator"], sort=False):
        for place, (_, row) in enumerate(rows.sort_values("year").iterrows()):
            if row["year"] == _baseline(projection):
                met = words("chart.met" if row["p_meets"] == 1 else "chart.not_met")
                interval, meets = "", f"{met} ({words('chart.baseline')})"
            else:
                interval, meets = _interval(row), chance(row, "p_meets")
            table.add_row(
                *(["", ""] if place else [words(f"stage.{stage}"), words(f"short.{indicator}")]),
                str(row["year"]),
                number(row["mean"]),
                interval,
                f"{row['threshold']:g}",
                meets,
                end_section=place == len(rows) - 1,
                style="bold" if row["year"] == projection.scenario.judged_year else None,
            )
    return table


def _first_years(projection: Projection, words: Words) -> Table:
    table = _table(
        words("term.first_years"),
        [words("column.stage"), words("column.indicator")],
        [words("term.even"), words("term.safe")],
    )
    first = projection.first_year
    for (stage, indicator), rows in first.groupby(["stage", "indicator"], sort=False):
        reached = rows.dropna(subset="year").sort_values("year")
        by_then = reached["p"].cumsum()
        years = [reached["year"][by_then >= least].min() for least in (0.5, 0.95)]
        table.add_row(
            words(f"stage.{stage}"),
            words(f"short.{indicator}"),
            *(words("term.never") if pd.isna(year) else str(year) for year in years),
        )
    return table


def _differences(projection: Projection, words: Words) -> Table:
    year = projection.scenario.judged_year
    table = _table(
        words("term.differences", year=year),
        [words("column.stage"), words("column.indicator")],
        [words("column.mean"), "5%–95%", words("column.limit"), words("column.p_within")],
    )
    for _, row in projection.differences[projection.differences["year"] == year].iterrows():
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
    """Return the schools most likely to have failed, each with the indicator it fails first."""
    year = projection.scenario.judged_year
    worst = projection.school_verdicts[projection.school_verdicts["year"] == year]
    worst = worst[worst["judged"] > 0]
    worst = worst.sort_values(["p_failed", "school"], ascending=[False, True])[:WORST]
    schools = projection.schools[projection.schools["year"] == year]
    schools = schools.assign(reached=schools["q50"] / schools["threshold"])
    schools = schools.sort_values(["p_meets", "reached"]).groupby(["school", "stage"]).first()
    table = _table(
        words("term.worst", year=year, n=len(worst)),
        [words("column.school"), words("column.stage"), words("column.area")],
        [words("column.p_failed"), words("term.weakest"), words("term.median_of")],
    )
    for _, row in worst.iterrows():
        weakest = schools.loc[(row["school"], row["stage"])]
        table.add_row(
            escape(row["school"]),
            words(f"stage.{row['stage']}"),
            words(f"area.{row['area']}"),
            chance(row, "p_failed"),
            words(f"short.{weakest['indicator']}"),
            f"{number(weakest['q50'])} / {weakest['threshold']:g}",
        )
    return table


def _rotation(projection: Projection, words: Words) -> Table:
    law = load_standard().rotation
    table = _table(
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


def _notes(projection: Projection, words: Words) -> list[str]:
    synthetic = words.listed("synthetic", projection.county.synthetic)
    notes = [
        words("term.synthetic", what=synthetic) if synthetic else words("term.real"),
        words("term.defaults", n=int(projection.assumptions["default"].sum())),
        origin(projection, words),
    ]
    differing = projection.reconciliation[~projection.reconciliation["agrees"]]
    if len(differing):
        figures = [
            words(
                "term.against",
                figure=row["figure" if words.language == "zh" else "figure_en"],
                stated=f"{row['stated']:g}",
                recomputed=number(row["recomputed"]),
            )
            for _, row in differing.iterrows()
        ]
        notes.insert(1, words("term.disagrees", figures=words("mark.list").join(figures)))
    run = projection.provenance
    if not run["complete"]:
        notes.insert(
            0,
            words(
                "term.incomplete",
                requested=run["replications_requested"],
                done=run["replications"],
            ),
        )
    return notes


def _baseline(projection: Projection) -> int:
    return int(projection.ratios["year"].min())


def _interval(row: pd.Series[Any]) -> str:
    return f"{number(row['q05'])}–{number(row['q95'])}"


def _table(title: str, texts: list[str], numbers: list[str]) -> Table:
    table = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
    )
    for heading in texts:
        table.add_column(heading, overflow="fold")
    for heading in numbers:
        table.add_column(heading, justify="right", overflow="fold")
    return table
