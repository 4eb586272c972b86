"""The numbers that a study's chart shows, as a table below it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd

from workforce_sim.report.charts.style import of
from workforce_sim.report.decisions import compare_charts, sensitivity_charts
from workforce_sim.report.decisions.figures import as_text

if TYPE_CHECKING:
    from workforce_sim.report.page.table import Table
    from workforce_sim.words import Words


def of_chart(study: Any, name: str, words: Words, school: str | None = None) -> Table:
    """Return the numbers of a chart as text.

    Parameters
    ----------
    study : Comparison, Seek, Explanation or Sensitivity
        What was found.
    name : str
        The chart's, as ``charts`` of the study's report yields it.
    words : Words
        The language.
    school : str, optional
        The school whose charts were asked for too.
    """
    kind, _, rest = name.partition("-")
    rows: pd.DataFrame = _ROWS[kind](study, rest, school)
    return as_text(rows.reset_index(drop=True), words)


def _differences(study: Any, group: str, _school: str | None) -> pd.DataFrame:
    return compare_charts.rows_of(study, compare_charts.groups(study)[group])


def _tried(study: Any, _rest: str, _school: str | None) -> pd.DataFrame:
    tried: pd.DataFrame = study.tried
    return tried.sort_values([lever.path for lever in study.levers])


def _parts(study: Any, rest: str, school: str | None) -> pd.DataFrame:
    indicator, stage = rest.split("-")
    if stage == "school":
        return of(study.school_parts, school=school, indicator=indicator)
    return of(study.parts, stage=stage, indicator=indicator)


_ROWS: dict[str, Callable[[Any, str, str | None], Any]] = {
    "ranking": lambda study, _rest, _school: study.ranking,
    "differences": _differences,
    "probability": _tried,
    "frontier": _tried,
    "explain": _parts,
    "tornado": lambda study, _rest, _school: study.turns,
    "indices": lambda study, _rest, _school: sensitivity_charts.risk(study),
    "ratios": lambda study, _rest, _school: sensitivity_charts.of_ratios(study),
}
