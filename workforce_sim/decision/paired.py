"""Differences between two runs on common random numbers: paired, replication by replication.

The same teachers meet the same fate in both runs, so that most of the chance cancels in the
difference of a replication. Intervals are 95%:

- of means: Student's t on the differences (Law, Simulation Modeling and Analysis, 5th ed., 10.2.1);
- of probabilities: the score interval of Tango, Equivalence test and confidence interval for the
  difference in proportions for the paired-sample design, Statistics in Medicine 17 (1998) 891-908.
  It holds its 95% where few replications differ, and all of them in one direction, as they do if a
  policy can only help; simpler intervals do not. It is not empty where no replication differs.

Each interval is by itself: of many, one in twenty misses.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import stdtrit

from workforce_sim.assessment.uncertainty import Z95

Result = Literal["same", "higher", "lower", "negligible", "open"]
"""``same``: equal in every replication; ``negligible``: surely smaller than matters; ``open``: more
replications are needed to tell."""
Interval = tuple[float, float]
MOST = 1e12
"""Replications beyond which none is said to be enough."""


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
    result : str
        See `Result`.
    replications_needed : float
        Replications that would settle it if they went on like these: those that keep 0 out of the
        interval, or the interval within what does not matter, whichever are fewer. 0 where it is
        the ``same``, NaN where it cannot be said.
    independent_needed : float
        The same with independent seeds.
    """

    difference: float
    low: float
    high: float
    variance_ratio: float
    result: Result
    replications_needed: float
    independent_needed: float

    @property
    def enough(self) -> bool:
        """Whether the replications settle it."""
        return self.result != "open"


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
    if not has.any():  # equal, if neither ever has a value
        nan = math.nan
        if np.isnan(a).all() and np.isnan(b).all():
            return Difference(nan, nan, nan, nan, "same", 0.0, 0.0)
        return Difference(nan, nan, nan, nan, "open", nan, nan)
    a, b = a[has], b[has]
    each = a - b
    mean = float(each.mean())
    ratio = _variance_ratio(a, b, each)
    if not each.any() and (identical or not is_event):
        return Difference(mean, mean, mean, ratio, "same", 0.0, 0.0)
    if is_event:
        gained, lost = float((each > 0).mean()), float((each < 0).mean())

        def interval(n: float) -> Interval:
            return tango(gained * n, lost * n, n)
    else:
        spread = float(each.std(ddof=1)) if len(each) > 1 else math.inf

        def interval(n: float) -> Interval:
            half = float(stdtrit(max(n - 1, 1), 0.975)) * spread / math.sqrt(n)
            return mean - half, mean + half

    low, high = interval(len(each))
    result = _result((low, high), margin)
    needed = _needed(interval, margin)
    return Difference(mean, low, high, ratio, result, needed, needed * ratio)


def tango(gained: float, lost: float, n: float) -> Interval:
    """Return the score interval of (gained - lost) / n, of n pairs of which so many differ."""

    def score(d: float) -> float:
        # q: the share of those lost that is likeliest if the difference is d
        linear = (2 * n - gained + lost) * d - gained - lost
        root = math.sqrt(max(linear**2 + 8 * n * lost * d * (1 - d), 0.0))
        q = max((root - linear) / (4 * n), 0.0)
        variance = n * max(2 * q + d * (1 - d), 1e-300)
        return (gained - lost - n * d) / math.sqrt(variance)

    middle, edge = (gained - lost) / n, 1 - 1e-12
    low = -1.0 if score(-edge) <= Z95 else brentq(lambda d: score(d) - Z95, -edge, middle)
    high = 1.0 if score(edge) >= -Z95 else brentq(lambda d: score(d) + Z95, middle, edge)
    return float(low), float(high)


def _variance_ratio(
    a: NDArray[np.float64], b: NDArray[np.float64], each: NDArray[np.float64]
) -> float:
    if len(each) < 2 or not each.any():
        return math.nan
    alone, paired = float(a.var(ddof=1) + b.var(ddof=1)), float(each.var(ddof=1))
    if paired == 0:  # all differ by the same
        return math.inf if alone > 0 else 1.0
    return alone / paired


def _result(interval: Interval, margin: float) -> Result:
    low, high = interval
    if -margin <= low and high <= margin:
        return "negligible"
    if low > 0:
        return "higher"
    return "lower" if high < 0 else "open"


def _needed(interval: Callable[[float], Interval], margin: float) -> float:
    """Return the fewest replications whose interval settles a difference."""
    below, enough = 1.0, 2.0
    while _result(interval(enough), margin) == "open":
        below, enough = enough, 2 * enough
        if enough > MOST:
            return math.nan
    while enough - below > 1:
        between = float(round((below + enough) / 2))
        if _result(interval(between), margin) == "open":
            below = between
        else:
            enough = between
    return enough
