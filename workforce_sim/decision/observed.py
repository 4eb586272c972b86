"""What was observed since the forecast: which quantities, and how a table of them is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from workforce_sim.assessment.judgement import OF_STAFF
from workforce_sim.county import County
from workforce_sim.county.strict_csv import AMOUNT, Kind, read_table
from workforce_sim.decision.outcome import BOTH
from workforce_sim.scenario import InputError, Scenario
from workforce_sim.scenario.errors import Problem
from workforce_sim.scenario.schema import STAGES
from workforce_sim.scenario.validation import nearest
from workforce_sim.words import Words

COUNTS = ("staff", "pupils", "qualified", "backbone", "arts_pe")
"""Counts at the census of 1 September: ``qualified`` as L1 counts them, ``arts_pe`` as L3."""
FLOWS = (
    "retirement",
    "resign",
    "transfer_out",
    "death",
    "posts_general",
    "posts_arts_pe",
    "hired_general",
    "hired_arts_pe",
    "awarded",
    "renewed",
    "lapsed",
    "qualified_in_service",
    "retrained",
)
"""Flows of a calendar year."""
QUANTITIES = (*COUNTS, *FLOWS, *OF_STAFF)
"""What can be observed; the indicators are ratios per 100 pupils."""
COLUMNS = ("year", "stage", "quantity", "observed", "note")
OTHER_WORDS = {
    **{"备注": "note", "全县": BOTH, "合计": BOTH, "county": BOTH},
    **{"学生": "pupils", "在校学生": "pupils", "教职工": "staff", "教师": "staff", "在岗": "staff"},
    **{"体育艺术教师": "arts_pe", "音体美教师": "arts_pe", "高于规定学历教师": "qualified"},
}
"""Words of tables for what has another name in reports; 人数 or 数 may follow."""


def read_observed(path: str | Path, scenario: Scenario, county: County) -> pd.DataFrame:
    """Read observed counts: a CSV with the columns ``year, stage, quantity, observed``.

    Headings and words may be Chinese (年份, 学段, 项目, 实际值): those of the reports, or
    `OTHER_WORDS`. A column ``note`` (备注) may stand there.

    Parameters
    ----------
    path : path
        ``stage`` is primary, junior or both (小学, 初中, 全县); ``quantity`` one of `QUANTITIES`.
    scenario, county
        Whose years and stages it must keep to.

    Returns
    -------
    DataFrame
        ``year``, ``stage``, ``quantity``, ``observed``, in the words of the program.

    Raises
    ------
    InputError
        With every row that is wrong.
    """
    stages = {STAGES[code] for code in county.schools.stage}
    words = Words("zh")
    meanings = {
        **OTHER_WORDS,
        **{words(f"column.{column}"): column for column in COLUMNS},
        **{words(f"stage.{stage}"): stage for stage in (*STAGES, BOTH)},
        **{words(f"quantity.{quantity}"): quantity for quantity in QUANTITIES},
    }

    def meant(text: str) -> str:
        short = text.removesuffix("数").removesuffix("人")
        return meanings.get(text, meanings.get(short, text))

    def stage(text: str) -> str:
        if (word := meant(text)) not in (*stages, BOTH):
            there = ", ".join([*sorted(stages, reverse=True), BOTH])
            raise ValueError(f"one of {there} (小学, 初中, 全县)")
        return word

    def year(text: str) -> int:
        number = text.removesuffix("年")
        if not number.isdecimal() or int(number) not in scenario.years.range:
            raise ValueError(f"a simulated year, {scenario.years}")
        return int(number)

    def quantity(text: str) -> str:
        if (word := meant(text)) not in QUANTITIES:
            known = [words(f"quantity.{name}") for name in QUANTITIES]
            hint = nearest(text, [*QUANTITIES, *known]) or f": {', '.join([*QUANTITIES, *known])}"
            raise ValueError(f"a quantity{hint}")
        return word

    kinds = {
        "year": Kind(year, str),
        "stage": Kind(stage, str),
        "quantity": Kind(quantity, str),
        "observed": AMOUNT,
    }
    headings = {word: column for word, column in meanings.items() if column in COLUMNS}
    table = read_table(Path(path), kinds, {"note": Kind(str, str)}, also=headings)
    if not table.lines and not table.problems:
        message = "there is no row below the header: nothing was observed"
        raise InputError([Problem(str(path), None, "", message)])
    keys = list(zip(*(table.columns[name] for name in ("year", "stage", "quantity")), strict=True))
    first: dict[Any, int] = {}
    for row, key in enumerate(keys):
        if None not in key and key in first:
            message = f"{' '.join(map(str, key))} stands in line {table.lines[first[key]]} already"
            table.wrong("quantity", [row], message)
        first.setdefault(key, row)
    if table.problems:
        raise InputError(table.problems)
    return pd.DataFrame({name: table.columns[name] for name in kinds})
