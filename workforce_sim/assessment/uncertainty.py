"""Summaries over replications; every probability with its Monte Carlo error."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

QUANTILES = {"q05": 0.05, "q25": 0.25, "q50": 0.50, "q75": 0.75, "q95": 0.95}
Z95 = 1.959963984540054
"""Standard normal quantile of a two-sided 95% interval."""

AT_ONCE = 2**18
"""Values that are summarised at a time."""

Columns = dict[str, NDArray[np.float64]]


def spread(values: NDArray[np.floating] | NDArray[np.integer], axis: int) -> Columns:
    """Return mean, sd and quantiles over the replications.

    Replications without a value (NaN: no pupils, nobody eligible) are left out; where none has a
    value the summary is NaN.
    """
    values = np.moveaxis(np.asarray(values), axis, 0)
    if values.ndim == 1:
        return _spread(values)
    # Some columns at a time: what is worked out of them takes several times their memory.
    some = max(AT_ONCE * values.shape[-1] // max(values.size, 1), 1)
    parts = [_spread(values[..., n : n + some]) for n in range(0, max(values.shape[-1], 1), some)]
    return {name: np.concatenate([p[name] for p in parts], axis=-1) for name in parts[0]}


def _spread(values: NDArray[np.floating] | NDArray[np.integer]) -> Columns:
    values = values.astype(np.float64)
    has = ~np.isnan(values)
    count = has.sum(axis=0)
    # From the lowest value: replications that all agree have a spread of exactly 0.
    low = np.where(has, values, np.inf).min(axis=0)
    with np.errstate(invalid="ignore"):
        above = np.where(has, values - low, 0)
        mean = low + above.sum(axis=0) / count
        squares = np.where(has, (values - mean) ** 2, 0).sum(axis=0)
    sd = np.sqrt(squares / np.maximum(count - 1, 1))
    return {
        "mean": mean,
        "sd": np.where(count > 0, sd, np.nan),
        **_quantiles(values, count),
    }


def _quantiles(values: NDArray[np.floating], count: NDArray[np.integer]) -> Columns:
    """Return the quantiles along the first axis, of which ``count`` are no NaN.

    As ``np.nanquantile``, which calls itself for every column: ten times as slow here.
    """
    ordered = np.sort(np.moveaxis(values, 0, -1), axis=-1)  # NaN come last
    last = np.maximum(count - 1, 0)[..., None]
    place = np.array(list(QUANTILES.values())) * last
    below = np.floor(place).astype(np.int64)
    low, high = (
        np.take_along_axis(ordered, at, axis=-1) for at in (below, np.minimum(below + 1, last))
    )
    part = place - below
    with np.errstate(invalid="ignore"):
        near_low, near_high = low + (high - low) * part, high - (high - low) * (1 - part)
    found = np.where(part < 0.5, near_low, near_high)
    return {name: found[..., nth] for nth, name in enumerate(QUANTILES)}


def probability(
    holds: NDArray[np.bool_], axis: int, prefix: str = "p", among: NDArray[np.bool_] | None = None
) -> Columns:
    """Return the share of replications in which something holds, with its Monte Carlo error.

    Parameters
    ----------
    holds : array of bool
    axis : int
        Axis of the replications.
    prefix : str
        Name of the probability's column; the others add ``_se``, ``_low`` and ``_high``.
    among : array of bool, optional
        Only these replications are asked; NaN where there is none.

    Returns
    -------
    dict of columns
        ``_low`` and ``_high`` are Wilson's 95% interval (Wilson 1927), ``_se`` its half width
        divided by 1.96: unlike the plain formula it is not 0 where all replications agree.
    """
    if among is None:
        among = np.ones_like(holds)
    n = among.sum(axis=axis)
    with np.errstate(invalid="ignore", divide="ignore"):
        p = (holds & among).sum(axis=axis) / n
    return wilson(p, n, prefix)


def wilson(p: NDArray[np.float64], n: NDArray[np.float64] | float, prefix: str = "p") -> Columns:
    """Return a probability found in ``n`` replications with its error, named as `probability` does.

    Where ``p`` is a mean of probabilities, and not a share of events, its error is smaller.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = (p + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
        half = Z95 / (1 + Z95**2 / n) * np.sqrt(p * (1 - p) / n + Z95**2 / (4 * n**2))
    return {
        prefix: p,
        f"{prefix}_se": half / Z95,
        f"{prefix}_low": np.clip(centre - half, 0, p),
        f"{prefix}_high": np.clip(centre + half, p, 1),
    }
