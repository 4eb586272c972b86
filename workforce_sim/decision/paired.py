"""Differences between two runs on common random numbers: paired, replication by replication.

The same teachers meet the same fate in both runs, so that most of the chance cancels in the
difference of a replication. Intervals are 95%:

- of means: Student's t on the differences (Law, Simulation Modeling and Analysis, 5th ed., 10.2.1);
- of probabilities: Agresti and Min, Simple improved confidence intervals for comparing matched
  proportions, Statistics in Medicine 24 (2005) 729-740: half a replication is added to each of the
  four cells (held in both, only here, only there, in none). Unlike the plain interval it is not
  empty where no replication differs.

Each interval is by itself: of many, one in twenty misses.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from workforce_sim.assessment.uncertainty import Z95

Finding = Literal["same", "higher", "lower", "negligible", "open"]
"""``same``: equal in every replication; ``negligible``: surely smaller than matters; ``open``: more
replications are needed to tell."""


@dataclass(frozen=True)
class Difference:
    """A paired difference.

    Attributes
    ----------
    difference : float
        Mean of the differences; NaN where no replication has both values.
    low, high : float
        Its 95% interval.
    variance_ratio : float
        How many times as many replications independent seeds would need for the same interval:
        (Var a + Var b) / Var (a - b). NaN where no replication differs, infinite where all differ
        by the same.
    finding : str
        See `Finding`.
    replications_needed : float
        Replications that settle it, at these variances: that keep 0 out of the interval, or the
        interval within what does not matter, whichever are fewer; 0 where it is the ``same``, NaN
        where it cannot be said.
    independent_needed : float
        The same with independent seeds.
    """

    difference: float
    low: float
    high: float
    variance_ratio: float
    finding: Finding
    replications_needed: float
    independent_needed: float

    @property
    def enough(self) -> bool:
        """Whether the replications settle it."""
        return self.finding != "open"


def difference(
    here: NDArray[np.floating] | NDArray[np.bool_],
    there: NDArray[np.floating] | NDArray[np.bool_],
    margin: float,
    *,
    identical: bool = False,
) -> Difference:
    """Return the mean of ``here`` minus that of ``there``, paired.

    Parameters
    ----------
    here, there : float64 or bool (R,)
        Values by replication, on common random numbers; bool: whether something holds.
        Replications in which either has no value (NaN) are left out.
    margin : float
        The largest difference that does not matter.
    identical : bool
        Both are the same scenario: the difference is 0 by construction, not by sampling.
    """
    is_event = here.dtype == np.bool_
    a, b = here.astype(float), there.astype(float)
    has = ~(np.isnan(a) | np.isnan(b))
    a, b = a[has], b[has]
    n = len(a)
    each = a - b
    if n == 0:  # equal, if neither ever has a value
        nan = math.nan
        nowhere = bool(np.isnan([*here, *there]).all())
        return Difference(nan, nan, nan, nan, "same" if nowhere else "open", nan, nan)
    mean = float(each.mean())
    if identical:
        centre, half = 0.0, 0.0
    elif is_event:
        centre, half = _agresti_min(int((each > 0).sum()), int((each < 0).sum()), n)
    else:
        spread = float(each.std(ddof=1)) if n > 1 else math.inf
        centre, half = mean, float(stdtrit(max(n - 1, 1), 0.975)) * spread / math.sqrt(n)
    low, high = min(centre - half, mean), max(centre + half, mean)
    ratio = _variance_ratio(a, b, each)
    if not each.any() and (identical or not is_event):
        return Difference(mean, low, high, ratio, "same", 0.0, 0.0)
    needed = _needed(centre, half, margin, n)
    return Difference(mean, low, high, ratio, _finding(low, high, margin), needed, needed * ratio)


def _agresti_min(only_here: int, only_there: int, n: int) -> tuple[float, float]:
    """Return the centre and the half width of the interval."""
    gained, lost, total = only_here + 0.5, only_there + 0.5, n + 2.0
    centre = (gained - lost) / total
    return centre, Z95 * math.sqrt(gained + lost - (gained - lost) ** 2 / total) / total


def _variance_ratio(
    a: NDArray[np.float64], b: NDArray[np.float64], each: NDArray[np.float64]
) -> float:
    if len(each) < 2 or not each.any():
        return math.nan
    alone, paired = float(a.var(ddof=1) + b.var(ddof=1)), float(each.var(ddof=1))
    if paired == 0:  # all differ by the same
        return math.inf if alone > 0 else 1.0
    return alone / paired


def _finding(low: float, high: float, margin: float) -> Finding:
    if -margin <= low and high <= margin:
        return "negligible"
    if low > 0:
        return "higher"
    return "lower" if high < 0 else "open"


def _needed(centre: float, half: float, margin: float, n: int) -> float:
    """Return the replications that settle a difference: the half width goes as their root."""
    distance = abs(centre)
    room = max(distance, margin - distance)  # to 0, or to what matters, whichever is wider
    if not math.isfinite(half) or room == 0:
        return math.nan
    return float(max(math.ceil(n * (half / room) ** 2), 2))
