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
    rows = np.full(len(reading), BLANK, dtype=np.int64)
    if schools is None:
        return rows
    codes, distinct = pd.factorize(names, use_na_sentinel=True)
    for number, name in enumerate(distinct):
        here = codes == number
        position, nearly = schools.find(name)
        if position < 0:
            near = schools.nearest(name)
            code = "school_misspelt" if near else "school_unknown"
            reading.tell(here & kept, code, "school", near=near)
            continue
        unit = schools.units[position]
        if unit.state in ("outside", "special"):
            leave(here, f"school_{unit.state}")
            continue
        if nearly:
            reading.tell(here & kept, "school_nearly", "school", taken=unit.name)
        if unit.state == "closed":
            reading.tell(here & kept, "school_closed_staff", "school")
        for stage_name, row in unit.sections.items():
            is_of = stage.good & (stage.codes == ALL_STAGES.index(stage_name))
            rows[here & (is_of if len(unit.sections) > 1 else True)] = row
        if unit.needs_stage:
            reading.tell(here & kept & stage.blank, "stage_needed", "stage")
        elif unit.sections:
            (only,) = unit.sections
            differs = stage.good & (stage.codes != ALL_STAGES.index(only))
            reading.tell(here & kept & differs, "stage_differs", "stage", school=unit.name)
    return rows
