"""What Excel checks while somebody types: it warns and explains, and forbids nothing."""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from workforce_sim.county.tables.columns import (
    AMOUNTS,
    GRADE_KEYS,
    SCHOOLS,
    Column,
    Entry,
    Layout,
)
from workforce_sim.words import Words

_MONTH = (
    'AND(LEN({0})=7,MID({0},5,1)="-",ISNUMBER(VALUE(LEFT({0},4))),'
    "ISNUMBER(VALUE(RIGHT({0},2))),VALUE(RIGHT({0},2))>=1,VALUE(RIGHT({0},2))<=12)"
)
_KIND = {
    **dict.fromkeys(("birth", "service", "arrival", "award"), "month"),
    **dict.fromkeys(("primary_pupils", "junior_pupils", "staff", *GRADE_KEYS), "count"),
    **dict.fromkeys(AMOUNTS, "number"),
    "x_km": "position",
    "y_km": "position",
    "id_number": "identity",
}


def check_of_column(
    layout: Layout, column: Column, row: int, position: int, schools: str, words: Words
) -> dict[str, Any] | None:
    """Return the check of a column whose first cell is at ``row`` and ``position`` (from 0).

    ``schools`` is the formula of the list of schools; None is returned where nothing is checked.
    """
    title = column.header if words.language == "zh" else column.header_en
    if column.key == "number":
        return None
    help_words = words(f"help_{layout.name}.{column.key}")
    if column.values:
        check: dict[str, Any] = {"validate": "list", "source": list(column.values)}
        return {**check, **_messages(title, help_words, words("template.not_listed"), words)}
    if column.key == "school" and layout is not SCHOOLS:
        check = {"validate": "list", "source": schools}
        return {**check, **_messages(title, help_words, words("template.not_a_school"), words)}
    return _typed(_KIND.get(column.key, ""), row, position, title, help_words, words)


def check_of_entry(
    entry: Entry, row: int, position: int, note: str, words: Words
) -> dict[str, Any] | None:
    """Return the check of an entry's value, which is at ``row`` and ``position`` (from 0)."""
    title = entry.label if words.language == "zh" else entry.label_en
    return _typed(entry.kind, row, position, title, note, words)


def _typed(
    kind: str, row: int, position: int, title: str, text: str, words: Words
) -> dict[str, Any] | None:
    cell = xl_rowcol_to_cell(row, position)
    checks: dict[str, tuple[dict[str, Any], str]] = {
        "month": ({"validate": "custom", "value": f"={_MONTH.format(cell)}"}, "not_a_month"),
        "identity": ({"validate": "custom", "value": f"=LEN({cell})=18"}, "not_an_id"),
        "count": ({"validate": "integer", "criteria": ">=", "value": 0}, "not_a_count"),
        "number": ({"validate": "decimal", "criteria": ">=", "value": 0}, "not_a_number"),
        "position": (
            {"validate": "decimal", "criteria": "between", "minimum": -999, "maximum": 999},
            "not_a_number",
        ),
        "share": (
            {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1},
            "not_a_share",
        ),
    }
    check, wrong = checks.get(kind, ({"validate": "any"}, "doubtful"))
    return {**check, **_messages(title, text, words(f"template.{wrong}"), words)}


def _messages(title: str, text: str, wrong: str, words: Words) -> dict[str, Any]:
    """Return the message shown beside the cell, and the one after a doubtful entry."""
    return {
        "input_title": title[:32],
        "input_message": text[:255],
        "error_title": words("template.doubtful"),
        "error_message": wrong[:255],
        "error_type": "warning",
    }
