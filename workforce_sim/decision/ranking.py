"""The ranking of policies, and how sure it is.

How sure is told by a bootstrap (Hall and Miller, Using the bootstrap to quantify the authority of
an empirical ranking, Annals of Statistics 37 (2009) 3929-3959): replications are drawn again with
replacement, the same ones for every policy, and the policies are ranked anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 4000
_TOGETHER = 4_000_000  # numbers drawn, or pairs of policies compared, at a time
_TIE = 1e-9


@dataclass(frozen=True)
class Ranking:
    """K policies, ranked.

    Attributes
    ----------
    rank : int (K,)
        1 for the best; equals share the rank.
    low, high : int (K,)
        Ranks within which nine of ten resamples have it.
    p_best : float64 (K,)
        Share of resamples in which no other policy is better.
    p_better : float64 (K, K)
        Share of resamples in which the row's policy is better than the column's.
    """

    rank: NDArray[np.int64]
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    p_best: NDArray[np.float64]
    p_better: NDArray[np.float64]


def ranking(criteria: Sequence[NDArray[np.float64]], seed: int) -> Ranking:
    """Rank policies by the means of criteria, the first that differs deciding; more is better.

    Parameters
    ----------
    criteria : sequence of float64 (K, R)
        Values by policy and replication.
    seed : int
        Of the resampling; 0 to 2**64 - 1.
    """
    policies, replications = criteria[0].shape
    everything = np.ones((1, replications))
    rank = _ranks(_better(everything, criteria))[0]
    generator = np.random.Generator(np.random.Philox(seed))
    step = max(_TOGETHER // max(replications, policies**2), 1)
    ranks, wins = [], np.zeros((policies, policies), np.int64)
    for first in range(0, RESAMPLES, step):
        size = min(step, RESAMPLES - first)
        drawn = generator.integers(replications, size=(size, replications))
        drawn += replications * np.arange(size)[:, None]
        times = np.bincount(drawn.ravel(), minlength=size * replications)
        better = _better(times.reshape(size, replications).astype(float), criteria)
        ranks.append(_ranks(better))
        wins += better.sum(axis=0)
    all_ranks = np.concatenate(ranks)
    low, high = np.quantile(all_ranks, [0.05, 0.95], axis=0, method="closest_observation")
    p_best = (all_ranks == 1).mean(axis=0)
    return Ranking(rank, low.astype(np.int64), high.astype(np.int64), p_best, wins / RESAMPLES)


def _better(
    times: NDArray[np.float64], criteria: Sequence[NDArray[np.float64]]
) -> NDArray[np.bool_]:
    """Say who is better than whom where replications count so many ``times``: (B, K, K)."""
    policies = len(criteria[0])
    better = np.zeros((len(times), policies, policies), bool)
    equal = ~better
    for values in criteria:
        mean = times @ values.T / times.shape[1]
        ahead = mean[:, :, None] - mean[:, None, :]
        better |= equal & (ahead > _TIE)
        equal &= np.abs(ahead) <= _TIE
    return better


def _ranks(better: NDArray[np.bool_]) -> NDArray[np.int64]:
    return 1 + better.sum(axis=1)
