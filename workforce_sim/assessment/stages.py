"""Counts of schools summed by stage."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workforce_sim.ensemble import let_go
from workforce_sim.scenario.schema import STAGES

BOTH = "both"


def scopes(stage_of: NDArray[np.integer]) -> dict[str, list[int]]:
    """Return the stages that have schools, with their codes; and ``both``, if there are two.

    ``stage_of`` (S,) are the stages of the schools.
    """
    codes = [code for code in range(len(STAGES)) if code in stage_of]
    found: dict[str, list[int]] = {STAGES[code]: [code] for code in codes}
    return found | {BOTH: codes} if len(codes) > 1 else found


def by_stage(
    counts: NDArray[np.integer], stage_of: NDArray[np.integer], axis: int = 2
) -> NDArray[np.int32]:
    """Sum counts of schools by stage.

    Parameters
    ----------
    counts : int (Y, ...)
    stage_of : int8 (S,)
        Stages of the schools.
    axis : int
        Axis of the schools in ``counts``; in the sums it is that of the stages.
    """
    shape = (*counts.shape[:axis], len(STAGES), *counts.shape[axis + 1 :])
    sums = np.zeros(shape, np.int32)
    # A year and a school at a time: those of many replications lie in a file.
    for found, year in zip(sums, counts, strict=True):
        stages, schools = np.moveaxis(found, axis - 1, 0), np.moveaxis(year, axis - 1, 0)
        for school, stage in zip(schools, stage_of, strict=True):
            stages[stage] += school
        let_go(counts)
    return sums
