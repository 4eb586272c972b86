"""Shared (走教) PE, music and art teachers of small rural schools (省级办法).

A judged village school below 100 pupils may count teachers of the nearest school of its stage with
100 or more: what that one has beyond its own need, in equal parts for all that share it. They are
then counted there and no longer at home, so nobody counts twice.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workforce_sim.county.model import Schools
from workforce_sim.law import load_standard
from workforce_sim.scenario.schema import AREAS, STAGES


def with_shared(
    teachers: NDArray[np.float64], pupils: NDArray[np.integer], schools: Schools, smallest: int
) -> NDArray[np.float64]:
    """Return PE, music and art teachers as they are counted when small schools share them.

    Parameters
    ----------
    teachers, pupils : (Y, R, S)
    schools : Schools
    smallest : int
        Schools with fewer pupils are not judged, and share nothing.

    Returns
    -------
    float64 (Y, R, S)
        With the same sum.
    """
    below = load_standard().small_schools.shared_below_pupils
    threshold = np.array([load_standard().threshold("L3", stage) for stage in STAGES])
    spare = np.maximum(teachers - threshold[schools.stage] * pupils / 100, 0.0)
    village = schools.area == AREAS.index("village")
    small = village & (pupils >= max(smallest, 1)) & (pupils < below)
    host = np.full(pupils.shape, -1)
    for s in np.flatnonzero(small.any(axis=(0, 1))):
        others = np.flatnonzero(schools.stage == schools.stage[s])
        x, y = schools.x_km[others] - schools.x_km[s], schools.y_km[others] - schools.y_km[s]
        for h in others[np.argsort(x * x + y * y, kind="stable")]:
            free = small[:, :, s] & (host[:, :, s] < 0) & (pupils[:, :, h] >= below)
            host[:, :, s][free] = h
    counted = teachers.copy()
    for h in np.unique(host[host >= 0]):
        sharing = host == h
        number = sharing.sum(axis=-1)
        part = spare[:, :, h] / np.maximum(number, 1)
        counted += sharing * part[:, :, None]
        counted[:, :, h] -= np.where(number > 0, spare[:, :, h], 0.0)
    return counted
