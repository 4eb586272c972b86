"""An explanation on the terminal: the reasons in words, the parts, the years, the schools."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.markup import escape
from rich.table import Table

from workforce_sim.decision.cells import BOTH, CHANGE
from workforce_sim.report.charts.style import of, provenance_line
from workforce_sim.report.console import new_table
from workforce_sim.report.decisions.explain_charts import (
    LEAST,
    charts,
    level_names,
    levels,
    policy_title,
    signed,
)
from workforce_sim.report.decisions.told import Told, print_told
from workforce_sim.report.narrative.grounds import scope
from workforce_sim.report.narrative.phrases import county_name, enumerated, people
from workforce_sim.report.numbers import NONE, number
from workforce_sim.scenario import InputError
from workforce_sim.scenario.errors import Problem
from workforce_sim.scenario.validation import nearest
from workforce_sim.words import Words

if TYPE_CHECKING:
    from rich.console import Console

    from workforce_sim.county import County
    from workforce_sim.decision.explain import Explanation
    from workforce_sim.scenario import Scenario

__all__ = ["charts", "check_school", "print_explanation", "told"]

WORST = 10
"""Schools listed."""
NAMED = 2
"""Parts named that raise a ratio, and that lower it."""
MATTERS = 0.01
"""Share of the threshold below which a change is none, and a part is not named."""
BESIDE = 0.1
"""Share of the largest part below which a part is not named beside it."""


def check_school(school: str | None, county: County, scenario: Scenario) -> None:
    """Check that a school is there, before a run.

    Raises
    ------
    InputError
        If it is not.
    """
    opening = [event.open.name for event in scenario.network if event.open is not None]
    names = [*county.schools.names, *opening]
    if school is not None and school not in names:
        message = f"there is no such school{nearest(school, names)}"
        raise InputError([Problem("--school", None, school, message)])


def print_explanation(
    study: Explanation, console: Console, words: Words, school: str | None = None
) -> None:
    """Print the reasons, the parts by stage (and of one school), the years, the schools."""
    print_told(told(study, words, school), console, words)


def told(study: Explanation, words: Words, school: str | None = None) -> Told:
    """Return what is told of the study, and of one school."""
    first, last = int(study.levels["year"].min()), study.scenario.judged_year
    asked = {"county": county_name(study, words), "last": last}
    if study.against is None:
        title = words("explain.asked", first=first, **asked)
    else:
        title = words("explain.asked_between", **asked)
    return Told(
        title,
        list(points(study, words)),
        [
            _parts(study, words),
            *([] if school is None else [_school(study, school, words)]),
            _yearly(study, words),
            _schools(study, words),
        ],
        list(_notes(study, words)),
        provenance_line(study, words),
    )


def points(study: Explanation, words: Words) -> Iterator[str]:
    """Yield a sentence for each stage and indicator; of two policies, first which they are."""
    if study.against is not None:
        titles = (policy_title(policy, words) for policy in (study.policy, study.against))
        yield words("explain.between", **dict(zip(("policy", "against"), titles, strict=True)))
    for stage, indicator in _pairs(study):
        before, now = levels(study, stage, indicator)
        rows = of(study.parts, stage=stage, indicator=indicator)
        change = float(of(rows, part=CHANGE)["mean"].iloc[0])
        threshold = float(now["threshold"])
        told = {
            "what": f"{words(f'stage.{stage}')} {words(f'short.{indicator}')}",
            "before": number(before["mean"]),
            "now": number(now["mean"]),
            "threshold": f"{threshold:g}",
        }
        if change != change:
            yield words("explain.no_ratio", what=told["what"])
            continue
        if abs(change) < MATTERS * threshold:
            yield words("explain.alike", **{k: v for k, v in told.items() if k != "before"})
            continue
        rows = rows[rows["part"] != CHANGE]
        size = rows["mean"].abs()
        rows = rows[size >= max(MATTERS * threshold, BESIDE * size.max())]
        told["reasons"] = words("mark.list").join(_reasons(rows, words))
        if study.against is None:
            yield words("explain.rose" if change > 0 else "explain.fell", **told)
        else:
            key = "explain.higher" if change > 0 else "explain.lower"
            yield words(key, difference=number(abs(change)), **told)


def _reasons(rows: pd.DataFrame, words: Words) -> Iterator[str]:
    for key, found in (
        ("explain.up", rows[rows["mean"] > 0].sort_values("mean", ascending=False)),
        ("explain.down", rows[rows["mean"] < 0].sort_values("mean")),
    ):
        if len(found):
            named = [_part(row, words) for _, row in found.head(NAMED).iterrows()]
            yield words(key, parts=enumerated(named, words))


def _part(row: pd.Series[Any], words: Words) -> str:
    """Write a part: its name, its effect, how many people."""
    told = {"part": words(f"part.{row['part']}"), "points": signed(row["mean"])}
    if row["people"] != row["people"]:
        return words("explain.one_part", **told)
    return words("explain.one_people", people=_people(row["people"]), **told)


def _people(value: float) -> str:
    value = round(value, 1)
    sign = "−" if value < 0 else "+" if value > 0 else ""
    return sign + people(abs(value))


def _cell(row: pd.Series[Any]) -> str:
    """Write a part and its people; nothing where it would be written as 0."""
    if row["mean"] != row["mean"]:
        return NONE
    if abs(row["mean"]) < LEAST:
        return "0" if row["part"] == CHANGE else ""
    has_people = row["people"] == row["people"]
    return signed(row["mean"]) + (f" ({_people(row['people'])})" if has_people else "")


def _parts(study: Explanation, words: Words) -> Table:
    """Return the parts: a column for each stage and indicator, a row for each part that counts."""
    pairs = _pairs(study)
    headings = [f"{words(f'stage.{s}')}\n{words(f'short.{i}')}" for s, i in pairs]
    table = new_table(words("explain.parts"), [""], headings)
    ends = [levels(study, *pair) for pair in pairs]
    start, end = level_names(study, words)
    table.add_row(start, *(number(before["mean"]) for before, _ in ends), style="bold")
    rows = study.parts[study.parts["stage"] != BOTH]
    for part in _counting(rows):
        cells = [_cell(of(rows, stage=s, indicator=i, part=part).iloc[0]) for s, i in pairs]
        table.add_row(words(f"part.{part}"), *cells, end_section=part == CHANGE)
    table.add_row(end, *(number(now["mean"]) for _, now in ends), style="bold")
    table.add_row(words("column.threshold"), *(f"{now['threshold']:g}" for _, now in ends))
    return table


def _school(study: Explanation, school: str, words: Words) -> Table:
    """Return the parts of one school."""
    rows, ends = of(study.school_parts, school=school), of(study.largest, school=school)
    headings = [words(f"short.{indicator}") for indicator in ends["indicator"]]
    title = words("explain.parts_school", school=school)
    table = new_table(escape(title), [""], headings)
    start, end = level_names(study, words)
    table.add_row(start, *(number(value) for value in ends["before"]), style="bold")
    for part in _counting(rows):
        cells = [_cell(row) for _, row in of(rows, part=part).iterrows()]
        table.add_row(words(f"part.{part}"), *cells, end_section=part == CHANGE)
    table.add_row(end, *(number(value) for value in ends["mean"]), style="bold")
    table.add_row(words("column.threshold"), *(f"{value:g}" for value in ends["threshold"]))
    return table


def _yearly(study: Explanation, words: Words) -> Table:
    """Return the change of each year and its largest part."""
    years = list(study.scenario.years)
    table = new_table(
        words("explain.yearly"),
        [words("column.stage"), words("column.indicator")],
        [str(year) for year in years],
    )
    for stage, indicator in _pairs(study):
        cells = []
        for year in years:
            rows = of(study.yearly_parts, stage=stage, indicator=indicator, year=year)
            change = of(rows, part=CHANGE).iloc[0]
            rest = rows[rows["part"] != CHANGE]
            largest = rest.iloc[int(rest["mean"].abs().fillna(0).argmax())]
            cells.append(signed(change["mean"]))
            if abs(largest["mean"]) >= LEAST:
                cells[-1] += f"\n{words(f'part.{largest.part}')} {signed(largest['mean'])}"
        table.add_row(words(f"stage.{stage}"), words(f"short.{indicator}"), *cells)
    return table


def _schools(study: Explanation, words: Words) -> Table:
    """Return the schools that are lowest against the threshold, each with its largest part."""
    cover = (study.largest["mean"] / study.largest["threshold"]).dropna()
    worst = study.largest.loc[cover.sort_values(kind="stable").index[:WORST]]
    start, end = level_names(study, words)
    table = new_table(
        words("explain.schools", year=study.scenario.judged_year, n=len(worst)),
        [words(f"column.{name}") for name in ("school", "stage", "indicator", "part")],
        [start, end, words("column.threshold")],
    )
    for _, row in worst.iterrows():
        table.add_row(
            escape(row["school"]),
            words(f"stage.{row['stage']}"),
            words(f"short.{row['indicator']}"),
            words(f"part.{row['part']}")
            + (f" {signed(row['points'])}" if row["points"] == row["points"] else ""),
            number(row["before"]),
            number(row["mean"]),
            f"{row['threshold']:g}",
        )
    return table


def _notes(study: Explanation, words: Words) -> Iterator[str]:
    yield words("explain.note_parts")
    yield words("explain.note_stage")
    if study.against is not None:
        yield words("explain.note_between")
    is_new = study.largest["change"].isna() & study.largest["mean"].notna()
    new = study.largest.loc[is_new, "school"].unique()
    if len(new):
        yield words("explain.note_new", schools=words("mark.enum").join(new))
    yield scope(study, words)


def _counting(rows: pd.DataFrame) -> list[str]:
    """Return the parts that are not 0 everywhere, in their order; the whole change last."""
    largest = rows["mean"].abs().groupby(rows["part"], sort=False).max()
    return [str(part) for part, size in largest.items() if part == CHANGE or size >= LEAST]


def _pairs(study: Explanation) -> list[tuple[str, str]]:
    rows = study.parts[study.parts["stage"] != BOTH][["stage", "indicator"]].drop_duplicates()
    return list(rows.itertuples(index=False, name=None))
