"""The verdict beside the controls: does the county pass, which indicators do, what fails first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workforce_sim.app import look
from workforce_sim.report.charts.heat_map import VERDICTS
from workforce_sim.report.charts.style import of, provenance_line
from workforce_sim.report.narrative.phrases import when_judged
from workforce_sim.report.numbers import chance
from workforce_sim.report.page import tables
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.assessment import Projection


PASSED = "not_ruled_out"
"""The verdict that decides; the others are what it is made of."""


def verdict(projection: Projection, words: Words, *, sketch: bool) -> None:
    """Draw the verdict of the judged year; of a ``sketch`` it is said that it is one."""
    year, words = projection.scenario.judged_year, words.about(projection)
    look.tiles(_whole(projection, words, sketch))
    look.heading(words("app_policy.indicators", year=year))
    look.matrix(*_indicators(projection, words))
    look.heading(words("app_policy.first", year=year))
    look.table(tables.at_risk(projection, words, 6))


def _whole(projection: Projection, words: Words, sketch: bool) -> list[look.Tile]:
    """Return the tiles of the verdict on the county, the largest, and of what it is made of."""
    rows = when_judged(projection.verdicts, projection)
    rows = of(rows, scope="county")

    def tile(verdict: str, note: str = "", big: bool = False) -> look.Tile:
        row, name = of(rows, verdict=verdict).iloc[0], words(f"verdict.{verdict}")
        if big:
            year = projection.scenario.judged_year
            name = words("app_policy.verdict", year=year, verdict=name)
        return look.Tile(name, chance(row), note, look.mood(row["p"]), big)

    done = words("app_policy.sketch" if sketch else "app_policy.full")
    done += provenance_line(projection, words)
    parts = [tile(verdict) for verdict in VERDICTS if verdict != PASSED]
    return [tile(PASSED, done, big=True), *parts]


def _indicators(
    projection: Projection, words: Words
) -> tuple[list[str], list[str], list[list[look.Cell]]]:
    """Return P(meets) of the county's ratios: an indicator a row, a stage a column."""
    rows = when_judged(projection.ratios, projection)
    stages = [stage for stage in dict.fromkeys(rows["stage"]) if stage != "both"]
    heads = [words(f"stage.{stage}") for stage in stages]
    names = [words(f"indicator.{indicator}") for indicator in projection.indicators]
    cells: list[list[look.Cell]] = [[] for _ in names]
    for line, indicator in zip(cells, projection.indicators, strict=True):
        for stage in stages:
            row = of(rows, stage=stage, indicator=indicator).iloc[0]
            line.append(look.Cell(chance(row, "p_meets"), look.mood(row["p_meets"])))
    return heads, names, cells
