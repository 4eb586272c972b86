"""A check on the terminal: what was found, grouped, and the counts by school."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from workforce_sim.county.model import SUBJECTS
from workforce_sim.county.tables.check import Check
from workforce_sim.county.tables.columns import ROSTER
from workforce_sim.county.tables.findings import ERROR, INFO, WARNING, Finding, counted
from workforce_sim.scenario.schema import STAGES
from workforce_sim.words import Words

SHOWN = 5
"""Cells shown of each kind of finding; the marked copy has all."""
SCHOOLS_SHOWN = 12
COLOURS = {ERROR: "red", WARNING: "yellow", INFO: "cyan"}


def print_check(check: Check, console: Console, words: Words) -> None:
    """Print the findings, who was left out, the counts, and whether this can be imported."""
    if check.findings:
        console.print(findings(check, words))
    if not check.counts.empty:
        console.print(by_stage(check.counts, words))
        console.print(by_school(check.counts, words, SCHOOLS_SHOWN))
        if len(check.counts) > SCHOOLS_SHOWN:
            shown = {"shown": SCHOOLS_SHOWN, "count": len(check.counts)}
            console.print(words("check.more_schools", **shown), style="dim")
    for line in _lines(check, words):
        console.print(escape(line))
    console.print(counts_told(check, words), style="bold")
    console.print(verdict(check, words), style="bold")


def counts_told(check: Check, words: Words) -> str:
    """Say how many errors, warnings and notes there are."""
    number = counted(check.findings)
    totals = {"errors": number[ERROR], "warnings": number[WARNING], "infos": number[INFO]}
    return words("check.counted", **totals)


def verdict(check: Check, words: Words) -> str:
    """Say whether the tables can be imported, and what is missing if not."""
    if check.errors:
        return words("check.unsound", errors=check.errors)
    if check.county is not None:
        return words("check.sound")
    missing = [
        words(f"check.{word}")
        for code, word in (("schools_not_given", "no_schools"), ("census_not_given", "no_census"))
        if any(finding.code == code for finding in check.findings)
    ]
    return words("check.sound_but", missing=words("mark.list").join(missing))


# --- findings -------------------------------------------------------------------------------------


def findings(check: Check, words: Words) -> Table:
    """Return the findings as a table: those of a kind in a column stand in one row."""
    files = {sheet.file for sheet in check.sheets} | {f.file for f in check.findings if f.file}
    title = words("check.title", files=words("mark.list").join(sorted(files)))
    table = Table(title=escape(title), title_justify="left", box=box.SIMPLE_HEAD, expand=False)
    for name in ("severity", "place", "header", "value", "said", "expected"):
        table.add_column(words(f"check.{name}"), overflow="fold")
    for severity, row in _rows(check, words, several=len(files) > 1):
        table.add_row(*(escape(text) for text in row), style=COLOURS[severity])
    return table


def _rows(check: Check, words: Words, *, several: bool) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield a row for the cells of a column with the same finding; long lists are cut short."""
    kinds: dict[tuple[str, ...], list[Finding]] = {}
    for finding in check.findings:
        kind = (finding.code, finding.file, finding.sheet, finding.column)
        kinds.setdefault(kind, []).append(finding)
    for group in kinds.values():
        severity, level = group[0].severity, words(f"severity.{group[0].severity}")
        said = [(finding.said(words), finding.expected(words)) for finding in group[: SHOWN + 1]]
        if len(set(said)) == 1:
            place = _place(group[0], several, _listed([f.cell for f in group], words))
            values = _listed(list(dict.fromkeys(f.value for f in group if f.value)), words, False)
            yield severity, (level, place, group[0].header, values, *said[0])
            continue
        for finding, texts in zip(group[:SHOWN], said, strict=False):
            place = _place(finding, several, finding.cell)
            yield severity, (level, place, finding.header, finding.value, *texts)
        if len(group) > SHOWN:
            more = words("check.more", count=len(group))
            yield severity, (level, _place(group[0], several, more), group[0].header, "", "", "")


def _place(finding: Finding, several: bool, cells: str) -> str:
    file = finding.file if several or not finding.sheet else ""
    return " ".join(part for part in (file, finding.sheet, cells) if part)


def _listed(texts: list[str], words: Words, count: bool = True) -> str:
    shown = " ".join(texts[:SHOWN])
    if len(texts) <= SHOWN:
        return shown
    return f"{shown} {words('check.more', count=len(texts)) if count else '…'}"


# --- counts ---------------------------------------------------------------------------------------


def by_stage(counts: pd.DataFrame, words: Words) -> Table:
    """Return the counts of a check by stage as a table."""
    table = _table("by_stage", ("stage", "schools", *_numbers(counts)), words)
    for stage in (*STAGES, None):
        rows = counts[counts["stage"].isna() if stage is None else counts["stage"] == stage]
        if not rows.empty:
            name = words("check.unknown_stage" if stage is None else f"stage.{stage}")
            sums = [rows[column].sum(min_count=1) for column in _numbers(counts)]
            table.add_row(name, str(len(rows)), *map(_shown, sums))
    return table


def by_school(counts: pd.DataFrame, words: Words, most: int | None = None) -> Table:
    """List the schools that differ from the school table, then the largest; ``most`` in all."""
    table = _table("counts", ("school", "stage", *_numbers(counts)), words)
    differs = (counts["staff_stated"] != counts["staff"]).fillna(False).to_numpy(bool)
    order = np.lexsort((-counts["staff"].to_numpy(), ~differs))
    for i in order[:most]:
        row = counts.loc[i]
        stage = words(f"stage.{row['stage']}") if isinstance(row["stage"], str) else ""
        cells = [_shown(row[name]) for name in _numbers(counts)]
        table.add_row(
            escape(str(row["school"])), stage, *cells, style="yellow" if differs[i] else ""
        )
    return table


def _shown(number: object) -> str:
    return "" if number is pd.NA else str(number)


def _numbers(counts: pd.DataFrame) -> list[str]:
    wanted = (
        "pupils",
        "staff_stated",
        "staff",
        "backbone",
        "specialists",
        *SUBJECTS[1:],
        SUBJECTS[0],
    )
    return [name for name in wanted if name in counts]


def _table(title: str, columns: tuple[str, ...], words: Words) -> Table:
    table = Table(title=words(f"check.{title}"), title_justify="left", box=box.SIMPLE_HEAD)
    for name in columns:
        left = name in ("school", "stage")
        table.add_column(words(f"check.{name}"), justify="left" if left else "right")
    return table


def left_out(check: Check, words: Words) -> str:
    """Say which rows were not counted as staff; empty if there are none."""
    if not check.left_out:
        return ""
    reasons = [
        words("check.left", reason=words(f"reason.{reason}"), count=count)
        for reason, count in check.left_out.items()
    ]
    return words("check.left_out", reasons=words("mark.list").join(reasons))


def column_name(key: str, words: Words) -> str:
    """Return what a column of the roster is called."""
    column = ROSTER.by_key[key]
    return column.header if words.language == "zh" else column.header_en


def _lines(check: Check, words: Words) -> Iterator[str]:
    if told := left_out(check, words):
        yield told
    if lacking := [key for key in check.lacking if key not in check.filled]:
        names = words("mark.list").join(column_name(key, words) for key in lacking)
        option = " ".join(f"--fill {key}" for key in lacking)
        yield words("check.lacking", columns=names, option=option)
