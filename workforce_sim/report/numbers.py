"""How numbers are written for people."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


NONE = "–"
"""Stands where there is no number: nobody is eligible, no school is judged."""


def number(value: float) -> str:
    """Write a ratio with about three figures: 3042, 11.7, 5.80, 0.867."""
    if value != value:
        return NONE
    decimals = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3
    return f"{value:.{decimals}f}"


def percent(share: float) -> str:
    """Write a share in whole percent; what is nearly sure is not written as sure."""
    if share != share:
        return NONE
    text = f"{share:.0%}"
    return {"0%": "<1%", "100%": ">99%"}.get(text, text)


def tenths(share: float) -> str:
    """Write a share in percent with one decimal."""
    return NONE if share != share else f"{share:.1%}"


def chance(row: Mapping[Any, Any] | pd.Series[Any], name: str = "p") -> str:
    """Write the probability ``row[name]`` with its Monte Carlo error: ``97.3% ± 0.5%``.

    Where (nearly) all replications agree, the end of the 95% interval is written instead, as a
    bound, rounded away from certainty: no sample makes sure.
    """
    p = float(row[name])
    if p != p:
        return NONE
    if f"{p:.1%}" == "100.0%":
        return f"≥ {math.floor(1000 * row[f'{name}_low']) / 10:.1f}%"
    if f"{p:.1%}" == "0.0%":
        return f"≤ {math.ceil(1000 * row[f'{name}_high']) / 10:.1f}%"
    return f"{p:.1%} ± {row[f'{name}_se']:.1%}"
