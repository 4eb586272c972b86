"""The two sections of a nine-year school (九年一贯制学校), and what they share."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from workforce_sim.county.model import Schools
from workforce_sim.scenario.schema import STAGES

JUNIOR_WEIGHT = 1.1
"""A junior pupil of a nine-year school counts so many primary pupils where its two sections share
rooms, grounds and equipment (教督〔2017〕6号: 小学与初中按1:1.1分摊)."""


def shared_by_sections(
    facilities: npt.NDArray[np.float64], pupils: npt.NDArray[np.integer], schools: Schools
) -> npt.NDArray[np.float64]:
    """Share the facilities of nine-year schools between their sections, by weighted pupils.

    Parameters
    ----------
    facilities : float64 (..., S, items)
        Wherever in its two rows a school's stand, they are its whole.
    pupils : int (..., S)
        Without a pupil, the first row keeps them.
    schools : Schools

    Returns
    -------
    float64 (..., S, items)
        Of other schools what they have; nothing is gained or lost.
    """
    rows = schools.sections
    if len(rows) == 0:
        return facilities
    is_junior = schools.stage[rows] == STAGES.index("junior")
    weight = pupils[..., rows] * np.where(is_junior, JUNIOR_WEIGHT, 1.0)
    total = weight.sum(axis=-1, keepdims=True)
    part = np.where(total > 0, weight / np.where(total > 0, total, 1.0), [1.0, 0.0])
    shared = facilities.copy()
    whole = facilities[..., rows, :].sum(axis=-2, keepdims=True)
    shared[..., rows, :] = whole * part[..., None]
    return shared


def whole_of(parts: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Add up what the rows of a school say of it (rows, items): (items,).

    What one of them does not say (NaN) stands in the other; NaN where none says anything.
    """
    return np.where(np.isnan(parts).all(axis=0), np.nan, np.nansum(parts, axis=0))
