"""The coefficient of difference between schools (差异系数), 教督〔2017〕6号.

With x the items and P the pupils of the schools of a stage: X = x / P, mean = sum x / sum P,
S = sqrt(sum (P / sum P) (X - mean)^2), coefficient = S / mean. It is weighted by pupils; leaving
the weights out is a known mistake.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def coefficient_of_difference(
    items: ArrayLike, pupils: ArrayLike, where: ArrayLike = True
) -> NDArray[np.float64]:
    """Return the coefficient of difference between schools.

    Parameters
    ----------
    items, pupils : arrays of shape (..., schools)
        What schools have, and their pupils.
    where : array of bool, optional
        Schools that are judged; those without pupils never are.

    Returns
    -------
    array of shape (...)
        NaN where there are no pupils or no items.

    Examples
    --------
    >>> x = coefficient_of_difference([279, 137, 935, 160, 402], [45, 37, 89, 76, 55])
    >>> round(float(x), 3)
    0.515
    """
    pupils = np.asarray(pupils)
    counts = np.asarray(where, bool) & (pupils > 0)
    pupils = np.where(counts, pupils, 0.0)
    items = np.where(counts, np.asarray(items), 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        total = pupils.sum(axis=-1, keepdims=True)
        mean = items.sum(axis=-1, keepdims=True) / total
        each = np.where(counts, items / pupils, 0.0)
        variance = (pupils / total * (each - mean) ** 2).sum(axis=-1)
        result: NDArray[np.float64] = np.sqrt(variance) / mean[..., 0]
    return np.where(np.isfinite(result), result, np.nan)
