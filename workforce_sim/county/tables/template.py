"""The workbook that an officer fills in: five sheets and a page of notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from workforce_sim.county.tables.columns import (
    COUNTY_ENTRIES,
    ENROLMENT,
    POLICY_ENTRIES,
    ROSTER,
    SCHOOLS,
    Entry,
    Layout,
)
from workforce_sim.county.tables.workbook import Filled, Line, write_workbook
from workforce_sim.words import Words, catalogue

NAMES = {"zh": "县域教师数据填报表.xlsx", "en": "county-tables.xlsx"}
"""The file that `write_template` writes."""

EXAMPLE_YEAR = 2026
"""Stands in the label of a row that is written once a year; an officer writes another."""


def write_template(folder: Path, language: str = "zh") -> Path:
    """Write the workbook to fill in, and return where it is.

    Parameters
    ----------
    folder : Path
        Made if it does not exist.
    language : "zh" or "en"

    Raises
    ------
    InputError
        If the file exists (it may have been filled in), or cannot be written.
    """
    words = Words(language)
    path = folder / NAMES[language]
    tables = {layout.name: Filled(explained=_explained(layout, words)) for layout in TABLES}
    write_workbook(path, words, tables, list(_county(words)), list(_policy(words)), guide=True)
    return path


TABLES = (ROSTER, SCHOOLS, ENROLMENT)


def note(entry: Entry, words: Words) -> str:
    """Return the note beside an entry: its own, or that of its section."""
    section = entry.key.partition(".")[0]
    name = entry.key if entry.key in catalogue()["template_note"] else section
    return words(f"template_note.{name}")


def label(entry: Entry, words: Words, year: int | None = None) -> str:
    """Return the label of an entry, with a year if it has one."""
    own = entry.label if words.language == "zh" else entry.label_en
    return own if year is None else words("template.by_year", label=own, year=year)


def _explained(layout: Layout, words: Words) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the row that explains the columns, and the row that shows an example."""
    keys = [column.key for column in layout.columns if column.key != "number"]
    explanation = {key: words(f"help_{layout.name}.{key}") for key in keys}
    example = {key: words(f"example_{layout.name}.{key}") for key in keys}
    return (
        {**explanation, "number": words("template.explanation")},
        {**example, "number": words("template.example")},
    )


def _county(words: Words) -> Iterator[Line]:
    for entry in COUNTY_ENTRIES:
        if entry.key != "synthetic":  # only an export says so
            yield Line(entry, label(entry, words), None, note(entry, words))


def _policy(words: Words) -> Iterator[Line]:
    for entry in POLICY_ENTRIES:
        year = EXAMPLE_YEAR if entry.key == "replacement.stated_posts" else None
        yield Line(entry, label(entry, words, year), None, note(entry, words))
