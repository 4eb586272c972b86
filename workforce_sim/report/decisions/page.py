"""The page of a study: the answer, what stands below it, charts, every table, notes, origin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from workforce_sim.report.decisions.figures import as_text, of_terminal, plain
from workforce_sim.report.decisions.told import Told, kind, notes_of, title
from workforce_sim.report.page import figure, rendered
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.decision.study import Study

SECTIONS = ("answer", "results", "charts", "tables", "notes", "origin")
LONGEST = 300
"""Rows shown of a table; the workbook has them all."""


def study_page(study: Study, told: Told, specs: Mapping[str, dict[str, Any]], words: Words) -> str:
    """Return the report of a study as HTML: see `workforce_sim.report.page`.

    Parameters
    ----------
    study : Study
    told : Told
        What is told of it.
    specs : mapping
        Its charts by name, as Vega-Lite.
    words : Words
        The language.
    """
    results = [
        (plain(str(table.title)), of_terminal(table), plain(str(table.caption or "")))
        for table in told.tables
    ]
    whole = [
        (
            words("page.rows", what=words(f"study_table.{kind(study)}_{name}"), n=len(frame)),
            as_text(frame.head(LONGEST), words),
        )
        for name, frame in study.tables.items()
    ]
    there = {"results": results, "charts": specs}
    return rendered(
        "study.html",
        study,
        specs,
        words,
        sections=[name for name in SECTIONS if there.get(name, True)],
        title=title(study, words),
        origin=told.origin,
        told=told,
        results=results,
        charts={name: figure(spec) for name, spec in specs.items()},
        whole=whole,
        longest=LONGEST,
        notes=notes_of(study, told, words),
    )
