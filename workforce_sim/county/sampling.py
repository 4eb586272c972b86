"""Draws without a state, choices with exact totals, whole numbers with an exact sum.

These serve the synthetic baseline alone; what happens in a run is drawn in
`workforce_sim.simulation.draws`.
"""

from __future__ import annotations

from zlib import crc32

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def uniforms(seed: int, purpose: str, n: int) -> Floats:
    """Return uniform numbers between 0 and 1, both excluded: a pure function of its arguments.

    The i-th is the i-th output of Philox 4x64-10 with the key (seed, CRC-32 of the purpose). So a
    further purpose, or a further person, changes nobody else's number.

    Parameters
    ----------
    seed : int
        0 to 2**64 - 1.
    purpose : str
        What the numbers are for; a purpose is used once.
    n : int
        How many.

    Returns
    -------
    float64 (n,)
        The first k of n numbers are those that one gets by asking for k.
    """
    key = np.array([seed, crc32(purpose.encode())], dtype=np.uint64)
    words = np.random.Philox(key=key).random_raw(n) >> np.uint64(11)
    return np.asarray((words + 0.5) * 2.0**-53, dtype=np.float64)


def choose(u: Floats, weight: Floats, group: Ints, quota: Ints) -> npt.NDArray[np.bool_]:
    """Choose so many of each group, by weight and without replacement.

    Everybody has the key ``u ** (1 / weight)`` and the largest keys of a group are chosen
    (Efraimidis and Spirakis 2006, "Weighted random sampling with a reservoir").

    Parameters
    ----------
    u : float64 (n,)
        Uniform numbers, between 0 and 1.
    weight : float64 (n,)
        0: never chosen. Infinite: chosen before all others.
    group : int (n,)
        The group of each, from 0.
    quota : int (groups,)
        How many of each group to choose; of a group with fewer of positive weight, all those.

    Returns
    -------
    bool (n,)
    """
    with np.errstate(divide="ignore"):
        key = np.log(u) / weight
    order = np.lexsort((-key, group))
    start = np.searchsorted(group[order], np.arange(len(quota)))
    rank = np.empty(len(u), dtype=np.int64)
    rank[order] = np.arange(len(u)) - start[group[order]]
    return (rank < quota[group]) & (weight > 0)


def whole_shares(weight: Floats, total: int, least: Ints, most: Ints) -> Ints:
    """Share a whole number by weight, within limits, and exactly.

    Shares are in proportion to ``weight`` where the limits allow; they are rounded down, and the
    largest fractions get what is left (largest remainder). More weight never gets less, limits
    being equal.

    Parameters
    ----------
    weight : float64 (n,)
        Positive.
    total : int
        From ``least.sum()`` to ``most.sum()``.
    least, most : int (n,)
        Limits of each share.

    Returns
    -------
    int64 (n,)
        Sums to ``total``.

    Raises
    ------
    ValueError
        If the limits do not allow the total.
    """
    if not least.sum() <= total <= most.sum():
        raise ValueError(f"{total} is not from {least.sum()} to {most.sum()}")
    if total == 0:
        return np.zeros(len(weight), dtype=np.int64)
    # The scale at which the limited shares sum to the total: bisection, in logarithms.
    low, high = np.log(1e-9 / weight.max()), np.log(2.0 * max(most.max(), 1) / weight.min())
    for _ in range(100):
        middle = (low + high) / 2
        if np.clip(weight * np.exp(middle), least, most).sum() < total:
            low = middle
        else:
            high = middle
    exact = np.clip(weight * np.exp(high), least, most)
    shares = np.asarray(np.floor(exact + 1e-9), dtype=np.int64)
    over = np.where(shares < most, exact - shares, -1.0)
    largest = np.argsort(-over, kind="stable")[: total - int(shares.sum())]
    shares[largest] += 1
    return shares
