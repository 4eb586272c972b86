"""Posts by the staffing norm against the staff, by school and subject (编制标准).

A school's posts are its pupils / 19 (primary) or / 13.5 (junior), and at least so many for each
grade that it teaches: for small schools the norm counts classes, too (生师比和班师比相结合).
It counts all staff; so do the posts. They are not rounded: surplus and shortage are those of
each replication, and of a school that is over in one subject and short in another both are seen.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workforce_sim.assessment.judgement import TOLERANCE
from workforce_sim.assessment.uncertainty import Columns, probability
from workforce_sim.county.model import SUBJECTS, Schools
from workforce_sim.law import load_standard
from workforce_sim.scenario.schema import AREAS, STAGES, Scenario
from workforce_sim.simulation.ledger import STAFF, TEACHERS

ALL = "all"
POSTS = (ALL, *SUBJECTS)
"""The rows of a school: all posts, then those of each subject."""
GRADES_OF = {"primary": 6, "junior": 3}
QUANTILES = {"q05": 0.05, "q50": 0.50, "q95": 0.95}


def norm_posts(
    scenario: Scenario, schools: Schools, pupils: NDArray[np.integer]
) -> NDArray[np.float64]:
    """Return the posts that the norm grants schools for their pupils.

    Parameters
    ----------
    scenario : Scenario
    schools : Schools
        Grades taught are those with pupils at the baseline; a new school teaches all of its stage.
    pupils : int (..., S)

    Returns
    -------
    float64 (..., S)
        0 without pupils.
    """
    stages = [STAGES[code] for code in schools.stage]
    per_teacher = np.array([load_standard().pupils_per_teacher[stage] for stage in stages])
    taught = (schools.pupils > 0).sum(axis=1)
    grades = np.where(taught > 0, taught, [GRADES_OF[stage] for stage in stages])
    least = scenario.duties.least_posts_per_grade
    floor = grades * np.array([least.get(stage, 0.0) for stage in stages])
    return np.where(pupils > 0, np.maximum(pupils / per_teacher, floor), 0.0)


def staffing(
    scenario: Scenario,
    schools: Schools,
    census: NDArray[np.int16],
    pupils: NDArray[np.int32],
    years: Sequence[int],
) -> pd.DataFrame:
    """Return posts by the norm against the staff of schools that have pupils or staff.

    Parameters
    ----------
    scenario : Scenario
    schools : Schools
    census : int16 (Y, R, S, len(COUNTS))
    pupils : int32 (Y, R, S)
    years : sequence of int (Y,)

    Returns
    -------
    DataFrame
        ``norm`` (mean); ``mean``, ``q05``, ``q50``, ``q95`` of the staff; ``surplus`` and
        ``shortage``, each the mean of what is over and of what is missing, so that they can be
        summed over schools; ``p_short`` with its error. One row a subject, and one for ``all``.
    """
    shares = scenario.duties.subject_shares
    share = {ALL: 1.0} | {subject: getattr(shares, subject) for subject in SUBJECTS}
    # Replications last, all others in front: every sum and sort below runs along the memory.
    posts = np.ascontiguousarray(norm_posts(scenario, schools, pupils).swapaxes(1, 2))
    counts = np.moveaxis(census, 1, -1)
    parts = [_of_subject(share[name] * posts, _who(counts, name)) for name in POSTS]
    shape = (len(years), len(schools.names), len(POSTS))
    year, school, subject = (axis.ravel() for axis in np.indices(shape))
    table = pd.DataFrame(
        {
            "year": np.asarray(years)[year],
            "school": np.array(schools.names, dtype=object)[school],
            "stage": np.array(STAGES, dtype=object)[schools.stage[school]],
            "area": np.array(AREAS, dtype=object)[schools.area[school]],
            "subject": np.array(POSTS, dtype=object)[subject],
            **{name: np.stack([p[name] for p in parts], axis=-1).ravel() for name in parts[0]},
        }
    )
    there = (pupils > 0).any(axis=1) | (census[..., STAFF] > 0).any(axis=1)
    return table[np.repeat(there.ravel(), len(POSTS))].reset_index(drop=True)


def _who(counts: NDArray[np.int16], subject: str) -> NDArray[np.int16]:
    """Return who is on posts of a subject, or on all: (Y, S, R) of counts (Y, S, counts, R)."""
    if subject == ALL:
        return np.ascontiguousarray(counts[:, :, STAFF])
    if subject != SUBJECTS[0]:
        return np.ascontiguousarray(counts[:, :, TEACHERS - 1 + SUBJECTS.index(subject)])
    taught = counts[:, :, TEACHERS : TEACHERS + len(SUBJECTS) - 1].sum(axis=2, dtype=np.int16)
    return np.asarray(counts[:, :, STAFF] - taught, np.int16)


def _of_subject(posts: NDArray[np.float64], have: NDArray[np.int16]) -> Columns:
    """Summarise posts and people (Y, S, R) over the replications."""
    over = have - posts
    mean, missing = over.mean(axis=-1), np.maximum(-over, 0.0).mean(axis=-1)
    return {
        "norm": posts.mean(axis=-1),
        "mean": have.mean(axis=-1),
        **_quantiles(have),
        "surplus": mean + missing,
        "shortage": missing,
        **probability(over < -TOLERANCE, -1, "p_short"),
    }


def _quantiles(have: NDArray[np.int16]) -> Columns:
    """Return quantiles along the last axis; small whole numbers are sorted by their digits."""
    ordered = np.sort(have, axis=-1, kind="stable")
    columns: Columns = {}
    for name, level in QUANTILES.items():
        below, part = divmod(level * (have.shape[-1] - 1), 1)
        low = ordered[..., int(below)]
        high = ordered[..., min(int(below) + 1, have.shape[-1] - 1)]
        columns[name] = low + (high - low) * part
    return columns
