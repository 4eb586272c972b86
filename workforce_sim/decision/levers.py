"""A lever: one number of a scenario that a bureau can set, and the values it may take."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

from workforce_sim.scenario import InputError, Scenario
from workforce_sim.scenario.assumptions import numbers
from workforce_sim.scenario.errors import Problem
from workforce_sim.scenario.forms import ByYear
from workforce_sim.scenario.quantity import Distribution
from workforce_sim.scenario.validation import nearest

MOST = 100
"""Largest value tried of a whole number, unless bounds are given."""
STEP = 0.01
"""Step of a share, unless one is given."""
FINEST = 10_000
"""Values that a lever may have at most."""
_NUMBER = r"\d+(?:\.\d+)?"
_WRITTEN = re.compile(
    rf"(?P<path>[^=]+?)\s*(?:=\s*(?P<low>{_NUMBER})\s*\.\.\s*(?P<high>{_NUMBER})"
    rf"(?:\s*/\s*(?P<step>{_NUMBER}))?\s*)?"
)


@dataclass(frozen=True)
class Lever:
    """A number to be set, from ``low`` to ``high`` in steps.

    Attributes
    ----------
    path : str
        Its dotted path in the scenario.
    values : tuple of int or float
        What is tried, in rising order.
    keys : tuple of str
        The paths that are set: those of all years for a number by year that names each year, of
        the later years only where it names the first ones and the later ones.
    now : float or None
        Its value in the scenario; None if it is a distribution, or has several values.
    """

    path: str
    values: tuple[float, ...]
    keys: tuple[str, ...]
    now: float | None

    def overrides(self, value: float) -> list[str]:
        """Return the changes of the scenario that set it, as of ``--set``."""
        return [f"{key}={value:g}" for key in self.keys]


def parse_lever(text: str, scenario: Scenario, option: str = "--lever") -> Lever:
    """Read ``path``, ``path=LOW..HIGH`` or ``path=LOW..HIGH/STEP``.

    Raises
    ------
    InputError
        If there is no such number, or the bounds are no bounds.
    """

    def wrong(message: str) -> InputError:
        return InputError([Problem(option, None, text, message)])

    found = _WRITTEN.fullmatch(text.strip())
    if not found:
        raise wrong("expected a path and bounds, such as arts_pe.recruits_per_year=0..60")
    path = found["path"].strip()
    known = numbers(scenario)
    if path not in known:
        hint = nearest(path, known) or f"; there are {', '.join(known)}"
        raise wrong(f"the scenario has no number of this name{hint}")
    now = known[path]
    whole = isinstance(now, ByYear | int)
    low, high, step = (
        float(found[name]) if found[name] else None for name in ("low", "high", "step")
    )
    if low is None or high is None:
        low, high = (0.0, float(MOST)) if whole else (0.0, 1.0)
        if path in ("replacement.leavers", "replacement.joins"):
            low, high = 1.0 if path.endswith("leavers") else 0.0, 10.0
    step = step or (1.0 if whole else STEP)
    if whole and not all(number.is_integer() for number in (low, high, step)):
        raise wrong("it is a whole number, and so are its bounds and its step")
    if low >= high:
        raise wrong(f"the lower bound {low:g} is not below the upper bound {high:g}")
    count = math.floor((high - low) / step + 1e-9) + 1
    if not 1 < count <= FINEST:
        raise wrong(
            f"these bounds and this step give {count:,} values; 2 to {FINEST:,} can be tried"
        )
    values = tuple(round(low + nth * step, 10) for nth in range(count))
    return Lever(path, values, _keys(path, now, scenario), _number(now))


def _keys(path: str, now: Any, scenario: Scenario) -> tuple[str, ...]:
    if isinstance(now, ByYear) and now.years:
        if now.later is not None:
            return (f"{path}.later",)
        return tuple(f"{path}.{year}" for year in scenario.years.range)
    return (path,)


def _number(now: Any) -> float | None:
    if isinstance(now, ByYear):
        several = {*now.years.values()} if now.later is None else {now.later}
        return float(several.pop()) if len(several) == 1 else None
    return None if isinstance(now, Distribution) else float(now)
