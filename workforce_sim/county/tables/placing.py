"""Which section of which school each of a roster belongs to."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from workforce_sim.county.tables.cells import Bools, Ints, Reading
from workforce_sim.county.tables.rows import Objects
from workforce_sim.county.tables.schools import SchoolTable
from workforce_sim.county.tables.values import ALL_STAGES, BLANK, read_stage
from workforce_sim.scenario.schema import STAGES

TRIED = 200
"""So many unknown names are compared with the school table's; more are another column."""


def place(
    reading: Reading,
    names: Objects,
    schools: SchoolTable | None,
    kept: Bools,
    leave: Callable[[Bools, str], None],
) -> Ints:
    """Return each one's row of ``schools.frame``, -1 where there is none; int64 (N,).

    Parameters
    ----------
    reading : Reading
    names : object array (N,)
        The school of each, as written.
    schools : SchoolTable or None
    kept : bool array (N,)
        Who is among the staff so far; `leave` changes it.
    leave : callable
        Leaves people out for a reason: those of schools or stages outside compulsory education.
    """
    stage = reading.read("stage", read_stage)
    leave(stage.good & (stage.codes >= len(STAGES)), "stage_outside")
    reading.tell_bad(stage, "stage", kept)
    reading.tell_blank(kept & pd.isna(names), "school")
    if schools is None:
        return np.full(len(reading), BLANK, dtype=np.int64)
    unit = _units(reading, names, schools, kept)
    # What is true of a school, for each person; the last entry is for no school.
    state = np.array([*(unit.state for unit in schools.units), ""], dtype=object)[unit]
    for outside in ("outside", "special"):
        leave(state == outside, f"school_{outside}")
    reading.tell(kept & (state == "closed"), "school_closed_staff", "school")
    needs_stage = np.array([*(unit.needs_stage for unit in schools.units), False])[unit]
    reading.tell(kept & needs_stage & stage.blank, "stage_needed", "stage")
    sections = np.full((len(schools.units) + 1, len(STAGES)), BLANK, dtype=np.int64)
    for i, school in enumerate(schools.units):
        for name, row in school.sections.items():
            sections[i, ALL_STAGES.index(name)] = row
    mine = sections[unit]
    of_stage = mine[np.arange(len(mine)), np.clip(stage.codes, 0, len(STAGES) - 1)]
    several = (mine != BLANK).all(axis=1)
    told = stage.good & (stage.codes < len(STAGES))
    wrong = kept & told & ~several & (of_stage == BLANK) & (mine.max(axis=1) != BLANK)
    reading.tell(wrong, "stage_differs", "stage")
    return np.where(several, np.where(told, of_stage, BLANK), mine.max(axis=1))


def _units(reading: Reading, names: Objects, schools: SchoolTable, kept: Bools) -> Ints:
    """Return each one's school, -1 where there is none; names that are nearly right are told."""
    codes, distinct = pd.factorize(names, use_na_sentinel=True)
    found = np.full(len(distinct) + 1, BLANK, dtype=np.int64)
    unknown = np.zeros(len(distinct) + 1, dtype=bool)
    tried = 0
    for i, name in enumerate(distinct):
        found[i] = schools.find(name)
        if found[i] != BLANK:
            continue
        unknown[i] = True
        if tried == TRIED:
            continue
        tried += 1
        here = kept & (codes == i)
        if (position := schools.by_district(name)) != BLANK:
            found[i], unknown[i] = position, False
            reading.tell(here, "school_nearly", "school", taken=schools.units[position].name)
        elif near := schools.nearest(name):
            unknown[i] = False
            reading.tell(here, "school_misspelt", "school", near=near)
    reading.tell(kept & unknown[codes], "school_unknown", "school")
    return found[codes]
