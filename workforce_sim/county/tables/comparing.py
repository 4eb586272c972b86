"""The roster beside what the school table and the county state: counts that should be the same."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workforce_sim.county.model import NO_MONTH, SUBJECTS, County
from workforce_sim.county.reconciliation import reconcile
from workforce_sim.county.spec import NO_SPECIAL_SCHOOLS, SpecialSchools
from workforce_sim.county.tables.columns import GRADE_KEYS
from workforce_sim.county.tables.findings import Found
from workforce_sim.county.tables.roster import Staff
from workforce_sim.county.tables.schools import SchoolTable

LEFT_SPECIAL = "school_special"


def counts_by_school(staff: Staff | None, schools: SchoolTable | None) -> pd.DataFrame:
    """Count the staff of each school, all and by subject, beside pupils and the stated staff.

    Returns
    -------
    DataFrame
        school, stage, pupils, staff_stated (NA if the table does not say), staff, backbone,
        specialists, and a column for each of ``SUBJECTS``. Stage and pupils are NA without a school
        table.
    """
    if schools is not None:
        frame = schools.frame
        stated = pd.Series(pd.NA, index=frame.index, dtype="Int64")
        for unit in schools.units:
            if len(unit.sections) == 1 and unit.staff is not None:
                stated[next(iter(unit.sections.values()))] = unit.staff
        counts = pd.DataFrame(
            {
                "school": frame["name"],
                "stage": frame["stage"],
                "pupils": frame[list(GRADE_KEYS)].sum(axis=1).astype("Int64"),
                "staff_stated": stated,
            }
        )
        school = staff.people["school"].to_numpy(np.int64) if staff else np.zeros(0, np.int64)
    else:
        school, names = pd.factorize(np.array(staff.schools if staff else [], dtype=object))
        counts = pd.DataFrame({"school": names})
        counts["stage"] = None
        counts["pupils"] = counts["staff_stated"] = pd.array([pd.NA] * len(names), dtype="Int64")
    placed = school >= 0
    people = staff.people if staff else pd.DataFrame({"subject": [], "specialist": []})

    def count(where: object) -> np.ndarray:
        return np.bincount(school[placed & np.asarray(where, dtype=bool)], minlength=len(counts))

    def is_one(name: str, value: object) -> np.ndarray:
        return np.asarray((people[name] == value).fillna(False), dtype=bool)

    counts["staff"] = count(placed)
    if staff is not None:
        counts["backbone"] = count(~np.asarray((people["award"] == NO_MONTH).fillna(True), bool))
        counts["specialists"] = count(is_one("specialist", 1))
        for code, subject in enumerate(SUBJECTS):
            counts[subject] = count(is_one("subject", code))
    return counts


def tell_staff(schools: SchoolTable, staff: Staff) -> None:
    """Tell of schools whose staff is not as many as the school table says, or nobody."""
    number = np.bincount(
        staff.people["school"][staff.people["school"] >= 0].to_numpy(np.int64),
        minlength=len(schools.frame),
    )
    for unit in schools.units:
        if unit.state != "open":
            continue
        counted = int(sum(number[row] for row in unit.sections.values()))
        if not counted:
            unit.rows[0].tell("school_no_staff")
        elif unit.staff is not None and unit.staff != counted:
            unit.rows[0].tell("staff_differs", "staff", counted=counted)


def tell_published(county: County, found: Found) -> None:
    """Tell of every stated figure that the tables do not add up to."""
    for figure in reconcile(county):
        if not figure.agrees and not np.isnan(figure.recomputed):
            whole = float(figure.recomputed).is_integer()
            details = {
                "figure": figure.figure,
                "figure_en": figure.figure_en,
                "stated": f"{figure.stated:g}",
                "counted": f"{figure.recomputed:.0f}" if whole else f"{figure.recomputed:.4g}",
            }
            found.add("published_differs", details=details)


def special_of(
    stated: SpecialSchools | None, schools: SchoolTable | None, staff: Staff | None, found: Found
) -> SpecialSchools:
    """Return the special-education schools: of the school table, else of the county sheet."""
    table = schools.special if schools else NO_SPECIAL_SCHOOLS
    if not table.schools:
        return stated or NO_SPECIAL_SCHOOLS
    on_roster = staff.left_out.get(LEFT_SPECIAL, 0) if staff else 0
    table = table.model_copy(update={"staff": on_roster or table.staff})
    if stated is not None and stated != table:
        for part in ("schools", "pupils", "staff"):
            if (said := getattr(stated, part)) != (counted := getattr(table, part)):
                found.add(f"special_{part}_differ", details={"stated": said, "counted": counted})
    return table
