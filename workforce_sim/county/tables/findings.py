"""What was found in the tables: where, what, what was expected, and how serious it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workforce_sim.county.tables.grid import letters
from workforce_sim.words import Words, catalogue

ERROR, WARNING, INFO = "error", "warning", "info"
SEVERITIES = (ERROR, WARNING, INFO)

SEVERITY: dict[str, str] = {
    # files and sheets
    "file_missing": ERROR,
    "file_folder": ERROR,
    "file_unreadable": ERROR,
    "file_empty": ERROR,
    "file_damaged": ERROR,
    "file_far_cell": ERROR,
    "file_too_large": ERROR,
    "file_password": ERROR,
    "file_web_page": ERROR,
    "file_quotes": ERROR,
    "file_no_table": ERROR,
    "roster_none": ERROR,
    "roster_empty": ERROR,
    "schools_none": ERROR,
    "schools_not_given": WARNING,
    "census_not_given": WARNING,
    "sheet_unused": INFO,
    "sheet_hidden": INFO,
    # columns
    "column_missing": ERROR,
    "column_lacking": ERROR,
    "column_filled": WARNING,
    "cells_filled": WARNING,
    "column_twice": ERROR,
    "column_differs": WARNING,
    "column_second": INFO,
    "column_unknown": INFO,
    "column_headless": INFO,
    # rows
    "row_total": INFO,
    "row_note": INFO,
    "row_header": INFO,
    "row_example": INFO,
    "row_blank": INFO,
    # cells of any table
    "blank": ERROR,
    "unreadable": ERROR,
    "date_unreadable": ERROR,
    "date_two_digits": ERROR,
    "date_year_only": ERROR,
    "date_serial": ERROR,
    "date_ambiguous": ERROR,
    "number_unreadable": ERROR,
    "amount_negative": ERROR,
    # identity numbers
    "id_as_number": ERROR,
    "id_length": ERROR,
    "id_characters": ERROR,
    "id_check_digit": ERROR,
    "id_birth": ERROR,
    "id_old": WARNING,
    "id_differs_birth": ERROR,
    "id_differs_sex": ERROR,
    "id_birth_taken": INFO,
    "id_sex_taken": INFO,
    # people
    "left_retired": INFO,
    "left_resigned": INFO,
    "left_moved": INFO,
    "left_died": INFO,
    "left_off_duty": INFO,
    "left_school_outside": INFO,
    "left_school_special": INFO,
    "left_stage_outside": INFO,
    "staffing": INFO,
    "person_twice": WARNING,
    "age_young": WARNING,
    "age_old": WARNING,
    "age_retired": WARNING,
    "service_before_birth": ERROR,
    "service_young": WARNING,
    "arrival_before_service": WARNING,
    "award_before_service": WARNING,
    "in_future": ERROR,
    "award_without_level": WARNING,
    "award_missing": ERROR,
    "backbone_below_county": WARNING,
    "title_blank": WARNING,
    "title_young": WARNING,
    "subject_blank": WARNING,
    "subject_unknown": INFO,
    "subject_arts": WARNING,
    "subject_several": WARNING,
    "specialist_blank": WARNING,
    "specialist_other": WARNING,
    "school_unknown": ERROR,
    "school_misspelt": ERROR,
    "school_nearly": WARNING,
    "school_closed_staff": ERROR,
    "stage_needed": ERROR,
    "stage_differs": WARNING,
    # schools
    "school_twice": ERROR,
    "school_outside": INFO,
    "school_special": INFO,
    "school_closed": INFO,
    "school_no_pupils": ERROR,
    "school_no_staff": WARNING,
    "schools_empty": ERROR,
    "pupils_spread": WARNING,
    "pupils_differ": WARNING,
    "pupils_wrong_grade": ERROR,
    "enrolment_unknown": ERROR,
    "staff_differs": WARNING,
    "amount_blank": WARNING,
    "amount_large": WARNING,
    "equipment_small": WARNING,
    "special_schools_differ": WARNING,
    "special_pupils_differ": WARNING,
    "special_staff_differ": WARNING,
    # county and policy
    "entry_unknown": ERROR,
    "entry_twice": ERROR,
    "entry_unreadable": ERROR,
    "published_incomplete": WARNING,
    "published_differs": WARNING,
}
"""Every kind of finding and how serious it is; its words are ``finding.<code>``."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found.

    Attributes
    ----------
    code : str
        A key of ``SEVERITY``.
    file, sheet : str
        The file's name and the sheet's; empty where there is none.
    row : int or None
        As the spreadsheet shows it, counted from 1.
    column : str
        Its letters; empty if it concerns no column.
    header : str
        The column's header.
    value : str
        What stands there; empty if it is blank or must not be shown.
    details : tuple of (str, object)
        What the words fill in.
    """

    code: str
    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    header: str = ""
    value: str = ""
    details: tuple[tuple[str, object], ...] = ()

    @property
    def severity(self) -> str:
        """error, warning or info."""
        return SEVERITY[self.code]

    @property
    def cell(self) -> str:
        """The place in the sheet: ``C5``, ``5`` or ``C``."""
        return f"{self.column}{'' if self.row is None else self.row}"

    @property
    def rank(self) -> tuple[object, ...]:
        """The order in which findings are shown: the serious first, then by place."""
        serious = SEVERITIES.index(self.severity)
        return serious, self.file, self.sheet, self.row or 0, len(self.column), self.column

    def said(self, words: Words) -> str:
        """Say what is wrong."""
        return words(f"finding.{self.code}", **self._details(words))

    def expected(self, words: Words) -> str:
        """Say what was expected; empty if there is nothing to mend."""
        if self.code not in catalogue()["expected"]:
            return ""
        return words(f"expected.{self.code}", **self._details(words))

    def _details(self, words: Words) -> dict[str, object]:
        """Return what the words fill in: ``figure_en`` stands for ``figure`` in English."""
        details = dict(self.details)
        return {name: details.get(f"{name}_{words.language}", details[name]) for name in details}


class Found:
    """Collects findings."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    @property
    def sound(self) -> bool:
        """Whether there is no error."""
        return not any(finding.severity == ERROR for finding in self.findings)

    def add(
        self,
        code: str,
        file: str = "",
        sheet: str = "",
        row: int | None = None,
        column: int | None = None,
        header: str = "",
        value: str = "",
        details: Mapping[str, object] | None = None,
    ) -> None:
        """Add a finding; ``row`` counts from 1 and ``column`` from 0."""
        place = "" if column is None else letters(column)
        self.findings.append(
            Finding(code, file, sheet, row, place, header, value, tuple((details or {}).items()))
        )


def counted(findings: Iterable[Finding]) -> Counter[str]:
    """Count the findings by severity."""
    return Counter(finding.severity for finding in findings)
