"""Pupils by grade: from the enrolment sheet, else from the school table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from workforce_sim.county.model import GRADES, PRIMARY_GRADES
from workforce_sim.county.tables.cells import Ints, Reading
from workforce_sim.county.tables.columns import GRADE_KEYS
from workforce_sim.county.tables.text import plain
from workforce_sim.county.tables.units import Row, Unit
from workforce_sim.county.tables.values import BLANK, read_count
from workforce_sim.scenario.schema import STAGES

GRADES_OF = {"primary": slice(0, PRIMARY_GRADES), "junior": slice(PRIMARY_GRADES, GRADES)}


class Enrolment:
    """Pupils by grade, from the enrolment sheet, else from the school table."""

    def __init__(self, readings: Sequence[Reading], schools: set[str]) -> None:
        self.by_school: dict[str, Ints] = {}
        for reading in readings:
            names = reading.names()
            reading.tell_blank(pd.isna(names), "school")
            columns = []
            for key in GRADE_KEYS:
                cells = reading.read(key, read_count)
                reading.tell_bad(cells, key, np.ones(len(reading), dtype=bool))
                columns.append(cells.codes)
            grades = np.stack(columns, axis=1)
            keys = [plain(name or "") for name in names]
            reading.tell(
                np.array([bool(k) and k not in schools for k in keys]),
                "enrolment_unknown",
                "school",
            )
            for i, school in enumerate(keys):
                known = self.by_school.setdefault(school, np.full(GRADES, BLANK, dtype=np.int64))
                if school and ((known != BLANK) & (grades[i] != BLANK)).any():
                    reading.tell_row(i, "school_twice", "school")
                self.by_school[school] = np.where(grades[i] != BLANK, grades[i], known)

    def of(self, unit: Unit, row: Row) -> Ints:
        """Return a row's pupils by grade; a stage that nothing is said of begins with BLANK."""
        listed = self.by_school.get(plain(unit.name), np.full(GRADES, BLANK, dtype=np.int64))
        grades = np.where(listed != BLANK, listed, row.grades)
        stages = STAGES if row.kind == "both" else (row.kind,)
        for stage, total in zip(STAGES, row.totals, strict=True):
            here = GRADES_OF[stage]
            said = grades[here] != BLANK
            if stage not in stages:
                if len(unit.rows) == 1 and (grades[here] > 0).any():
                    row.tell("pupils_wrong_grade", "kind", pupils=int(grades[here].clip(0).sum()))
            elif said.any():
                grades[here] = grades[here].clip(0)
                if total not in (BLANK, grades[here].sum()):
                    row.tell("pupils_differ", f"{stage}_pupils", by_grade=int(grades[here].sum()))
            elif total != BLANK:
                n = len(said)
                grades[here] = (total + np.arange(n)[::-1]) // n
                if total:
                    row.tell("pupils_spread", f"{stage}_pupils")
            elif row.kind == "both" and self._has_other(grades, row, stage):
                grades[here] = 0
            else:
                row.tell("school_no_pupils", f"{stage}_pupils")
        return grades

    @staticmethod
    def _has_other(grades: Ints, row: Row, stage: str) -> bool:
        """Say whether the other stage of a school of both has pupils, so that a blank is none."""
        other = STAGES[1 - STAGES.index(stage)]
        return bool((grades[GRADES_OF[other]] > 0).any() or row.totals[STAGES.index(other)] > 0)
