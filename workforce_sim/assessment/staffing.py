"""Posts by the staffing norm against the staff, by school and subject: surplus beside shortage."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workforce_sim.assessment.uncertainty import probability, spread
from workforce_sim.county.model import SUBJECTS, Schools
from workforce_sim.law import load_standard
from workforce_sim.scenario.schema import AREAS, STAGES, Duties
from workforce_sim.simulation.ledger import SPECIALISTS, STAFF, TEACHERS

ALL = "all"
TOLERANCE = 1e-9


def posts(pupils: NDArray[np.integer], schools: Schools, extra_posts: float) -> NDArray[np.float64]:
    """Return the posts of schools by the norm (中央编办发〔2014〕72号): all staff, not rounded.

    Parameters
    ----------
    pupils : int (..., S)
    schools : Schools
    extra_posts : float
        On top for a school that has pupils, but fewer than 100.

    Returns
    -------
    float64 (..., S)
    """
    standard = load_standard()
    per_post = np.array([standard.pupils_per_teacher[stage] for stage in STAGES])[schools.stage]
    small = (pupils > 0) & (pupils < standard.small_schools.shared_below_pupils)
    return pupils / per_post + extra_posts * small


def staffing(
    census: NDArray[np.integer],
    pupils: NDArray[np.integer],
    schools: Schools,
    rule: Duties,
    years: Sequence[int],
) -> pd.DataFrame:
    """Compare posts and staff of the schools that have either.

    Parameters
    ----------
    census : int (Y, R, S, len(COUNTS))
    pupils : int (Y, R, S)
    schools : Schools
    rule : Duties
    years : sequence of int (Y,)

    Returns
    -------
    DataFrame
        By year, school and subject (``all`` and ``SUBJECTS``, who teach it, trained in it or not):
        ``norm`` and ``have``, means in people; ``mean`` and quantiles of the surplus, have less
        norm; ``p_short``: that it is below 0.
    """
    needed = posts(pupils, schools, rule.small_school_extra_posts)
    exists = (needed > 0) | (census[..., STAFF] > 0)
    shown = exists.any(axis=1)
    norm, staff = needed.mean(axis=1), census[..., STAFF]
    arts_pe = [census[..., column] for column in range(TEACHERS, SPECIALISTS)]
    have = dict(zip((ALL, *SUBJECTS), (staff, staff - sum(arts_pe), *arts_pe), strict=True))
    share = {ALL: 1.0} | {subject: getattr(rule.subject_shares, subject) for subject in SUBJECTS}
    tables = []
    for subject, people in have.items():
        surplus = people - share[subject] * needed
        columns = {"norm": share[subject] * norm, "have": people.mean(axis=1)}
        columns |= {k: v for k, v in spread(surplus, 1).items() if k in _SHOWN}
        columns |= probability(surplus < -TOLERANCE, 1, "p_short", exists)
        tables.append(columns)
    year, school = np.nonzero(shown)
    times = len(have)
    front = {
        "year": np.repeat(np.array(years)[year], times),
        "school": np.repeat(np.array(schools.names, dtype=object)[school], times),
        "stage": np.repeat(np.array(STAGES, dtype=object)[schools.stage[school]], times),
        "area": np.repeat(np.array(AREAS, dtype=object)[schools.area[school]], times),
        "subject": list(have) * len(year),
    }
    figures = {
        name: np.stack([table[name][shown] for table in tables], axis=1).ravel()
        for name in tables[0]
    }
    return pd.DataFrame(front | figures)


_SHOWN = ("mean", "q05", "q50", "q95")
