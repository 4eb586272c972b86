"""Which uncertain assumption drives the risk: Sobol indices, a tornado, and where the answer turns.

Every numeric assumption that is a distribution is decided by one uniform number a replication; here
these numbers are given (`Levels`) instead of drawn. Chance itself (who leaves, who comes) is one
more factor, so that what no better data could remove stands beside what it could.

Sobol indices: Saltelli et al. (2010), with scrambled Sobol sequences; ``first`` is the share of the
variance that would go if the assumption were known, ``total`` what would be left if all others
were. The variance of a goal is that of "it holds" (0 or 1), so its indices are those of the risk.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import DegenerateDataWarning, qmc, sobol_indices

from workforce_sim import ensemble
from workforce_sim.assessment import county_of
from workforce_sim.assessment.projection import provenance
from workforce_sim.assessment.uncertainty import Z95, probability
from workforce_sim.county import County
from workforce_sim.decision.outcome import Condition, Goal, parse_goal
from workforce_sim.decision.trial import Trial, run_trial
from workforce_sim.scenario import InputError, Scenario
from workforce_sim.scenario.assumptions import quantities
from workforce_sim.scenario.errors import Problem
from workforce_sim.scenario.quantity import Distribution
from workforce_sim.scenario.validation import nearest

CHANCE = "chance"
"""The factor that is no assumption: everything that happens by chance."""
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles at which each assumption is held, all others as uncertain as they are."""
RESAMPLES = 200
"""Bootstrap resamples for the intervals of the indices."""
Progress = Callable[[int, int], None]
"""Is told how many replications are done, of how many."""


@dataclass(frozen=True)
class Sensitivity:
    """What drives the risk.

    Attributes
    ----------
    scenario, county
        What was simulated.
    goal : Goal
    indices : DataFrame
        ``outcome`` (the goal's event, or a ratio), ``assumption`` (or ``chance``), ``first`` and
        ``total`` with their 95% bootstrap intervals; NaN where the outcome does not vary.
    tornado : DataFrame
        ``assumption``, ``level`` (quantile), ``value``, and ``p`` of the event with its error.
    turns : DataFrame
        Where the answer changes: ``assumption``, its ``low``, ``median`` and ``high`` (5%, 50% and
        95%), the probability there, and ``at``: the value at which P crosses the goal, NaN where
        it does not within these ends.
    provenance : dict
    """

    scenario: Scenario
    county: County
    goal: Goal
    indices: pd.DataFrame
    tornado: pd.DataFrame
    turns: pd.DataFrame
    provenance: dict[str, Any]

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name."""
        return {"indices": self.indices, "tornado": self.tornado, "turns": self.turns}


def budget(assumptions: int, points: int, replications: int) -> int:
    """Return the replications that a study takes: said before it begins.

    Parameters
    ----------
    assumptions : int
        Number of uncertain assumptions.
    points : int
        Points of the Sobol sequence.
    replications : int
        For each level of each assumption.
    """
    return points * (assumptions + 1 + 2) + replications * len(LEVELS) * assumptions


def uncertain(scenario: Scenario, names: Sequence[str] = ()) -> dict[str, Distribution]:
    """Return the assumptions that are distributions, or those named: paths or their beginnings.

    Raises
    ------
    InputError
        If a name is none of them.
    """
    every = quantities(scenario)
    found = {path: q for path, q in every.items() if isinstance(q, Distribution)}
    if not found:
        message = "no assumption of this scenario is a distribution: there is nothing to vary"
        raise InputError([Problem(scenario.name, None, "", message)])
    if not names:
        return found
    problems, kept = [], {}
    for name in names:
        chosen = {path: q for path, q in found.items() if f"{path}.".startswith(f"{name}.")}
        if name in every and not chosen:
            message = f"is the number {every[name]}, not a distribution"
            problems.append(Problem("--assumptions", None, name, message))
        elif not chosen:
            hint = nearest(name, found) or f"; there are {', '.join(found)}"
            message = f"is no uncertain assumption{hint}"
            problems.append(Problem("--assumptions", None, name, message))
        kept.update(chosen)
    if problems:
        raise InputError(problems)
    return kept


def sensitivity(
    scenario: Scenario,
    goal: str | None = None,
    *,
    assumptions: Sequence[str] = (),
    points: int = 1024,
    replications: int = 500,
    seed: int = 2021,
    workers: int | None = None,
    county: County | None = None,
    progress: Progress | None = None,
) -> Sensitivity:
    """Find which uncertain assumption drives the risk.

    Parameters
    ----------
    scenario : Scenario
    goal : str, optional
        Such as ``P(L3 primary, 2025) >= 0.95``; by default that the county is more likely than not
        to be not ruled out in the judged year.
    assumptions : sequence of str
        Those to vary (paths or their beginnings, such as ``exits``); by default all that are
        distributions. The others stay as uncertain as they are, a part of chance.
    points : int
        Points of the Sobol sequence, a power of 2.
    replications : int
        For each level of each assumption in the tornado.
    seed, workers, county
        As of ``simulate``.
    progress : callable, optional
        Is told how many replications are done, of how many (`budget`).

    Returns
    -------
    Sensitivity

    Raises
    ------
    InputError
        If the goal or an assumption is none.
    ValueError
        If ``points`` is no power of 2.
    """
    if points < 2 or points & (points - 1):
        raise ValueError(f"points must be a power of 2, not {points}")
    factors = uncertain(scenario, assumptions)
    county = county or county_of(scenario)
    asked = parse_goal(goal or "P(county) >= 0.5", scenario.judged_year)
    whole, done = budget(len(factors), points, replications), 0

    def run(levels: dict[str, NDArray[np.float64]], number: int, run_seed: int) -> Trial:
        nonlocal done
        trial = run_trial(
            scenario, county, replications=number, seed=run_seed, workers=workers, levels=levels
        )
        asked.event.check(trial.judged)
        done += number
        if progress is not None:
            progress(done, whole)
        return trial

    tornado, complete = [], True
    indices: list[dict[str, Any]] = []
    try:
        indices = list(_indices(run, factors, asked, points, seed))
        for path in factors:
            tornado += _levels(run, path, factors[path], asked, replications, seed)
    except (KeyboardInterrupt, ensemble.Interrupted):
        if not indices:
            raise
        complete = False
    table = pd.DataFrame(tornado, columns=["assumption", "level", "value", *probability_columns()])
    return Sensitivity(
        scenario=scenario,
        county=county,
        goal=asked,
        indices=pd.DataFrame(indices),
        tornado=table,
        turns=_turns(table, asked),
        provenance=provenance(scenario, county, seed=seed, replications=done, requested=whole)
        | {"goal": str(asked), "points": points, "levels": list(LEVELS), "complete": complete},
    )


def probability_columns() -> list[str]:
    """Return the columns of a probability with its error."""
    return list(probability(np.zeros(1, bool), 0))


def _indices(
    run: Callable[[dict[str, NDArray[np.float64]], int, int], Trial],
    factors: dict[str, Distribution],
    goal: Goal,
    points: int,
    seed: int,
) -> list[dict[str, Any]]:
    """Return first and total Sobol indices of the goal's event and of every ratio."""
    paths = list(factors)
    sample = qmc.Sobol(2 * len(paths), rng=np.random.default_rng(seed)).random(points)
    a, b = (dict(zip(paths, half.T, strict=True)) for half in np.hsplit(sample, 2))
    values = {
        "A": _outcomes(run(a, points, seed), goal),
        "B": _outcomes(run(b, points, seed + 1), goal),
    }
    mixed = [_outcomes(run({**a, path: b[path]}, points, seed), goal) for path in paths]
    mixed.append(_outcomes(run(a, points, seed + 1), goal))  # only chance is that of B
    names = list(values["A"])
    f_a, f_b = (np.array([values[half][name] for name in names]) for half in "AB")
    f_ab = np.array([[each[name] for name in names] for each in mixed])
    varies = np.concatenate([f_a, f_b], axis=1).std(axis=1) > 0
    rows = []
    found = (
        _sobol(f_a[varies], f_b[varies], f_ab[:, varies], points, seed) if varies.any() else None
    )
    for nth, name in enumerate(names):
        for factor, assumption in enumerate([*paths, CHANCE]):
            row: dict[str, Any] = {"outcome": name, "assumption": assumption}
            for kind in ("first", "total"):
                for end in ("", "_low", "_high"):
                    place = int(varies[:nth].sum())
                    known = found is not None and varies[nth]
                    row[kind + end] = (
                        found[kind + end][place][factor] if known and found else np.nan
                    )
            rows.append(row)
    return rows


def _sobol(
    f_a: NDArray[np.float64],
    f_b: NDArray[np.float64],
    f_ab: NDArray[np.float64],
    points: int,
    seed: int,
) -> dict[str, NDArray[np.float64]]:
    """Return the indices (outcomes, factors) and their bootstrap intervals, by scipy."""
    result = sobol_indices(func={"f_A": f_a, "f_B": f_b, "f_AB": f_ab}, n=points)
    with warnings.catch_warnings(), np.errstate(invalid="ignore", divide="ignore"):
        # A factor that changes nothing has an index of exactly 0, and no interval.
        warnings.simplefilter("ignore", DegenerateDataWarning)
        again = result.bootstrap(confidence_level=0.95, n_resamples=RESAMPLES)
    found = {}
    for kind, name in (("first", "first_order"), ("total", "total_order")):
        shape = (len(f_a), len(f_ab))
        interval = getattr(again, name).confidence_interval
        found[kind] = np.reshape(getattr(result, name), shape)
        for end, bound in (("low", interval.low), ("high", interval.high)):
            bound = np.reshape(bound, shape)
            found[f"{kind}_{end}"] = np.where(np.isnan(bound), found[kind], bound)
    return found


def _outcomes(trial: Trial, goal: Goal) -> dict[str, NDArray[np.float64]]:
    """Return the goal's event as 0 and 1, and the ratios in its year: float64 (R,) each."""
    judged, year = trial.judged, goal.event.year
    nth = year - trial.scenario.years.first
    found = {str(goal.event): goal.event.holds(judged).astype(float)}
    for stage in judged.stages:
        for indicator in judged.indicators:
            condition = Condition("ratio", indicator, stage)
            value = condition.value(judged, nth)
            if value is not None and not np.isnan(value).any():
                found[f"{condition}, {year}"] = value
    return found


def _levels(
    run: Callable[[dict[str, NDArray[np.float64]], int, int], Trial],
    path: str,
    quantity: Distribution,
    goal: Goal,
    replications: int,
    seed: int,
) -> list[dict[str, Any]]:
    """Hold one assumption at each level, on the same random numbers for all else."""
    rows = []
    for level in LEVELS:
        trial = run({path: np.full(replications, level)}, replications, seed)
        p = probability(goal.event.holds(trial.judged), 0)
        value = float(quantity.quantile(np.array([level]))[0])
        rows.append({"assumption": path, "level": level, "value": value, **p})
    return rows


def _turns(tornado: pd.DataFrame, goal: Goal) -> pd.DataFrame:
    """Find the value of each assumption at which the probability crosses the goal.

    Between two levels it is taken to run straight; of several crossings the one nearest to the
    median is told. A crossing counts only where the two ends differ by more than chance.
    """
    rows = []
    for path, table in tornado.groupby("assumption", sort=False):
        value, p = table["value"].to_numpy(), table["p"].to_numpy()
        error = Z95 * np.hypot(table["p_se"].iloc[0], table["p_se"].iloc[-1])
        above = p >= goal.least
        crossings = [
            value[n] + (goal.least - p[n]) / (p[n + 1] - p[n]) * (value[n + 1] - value[n])
            for n in range(len(p) - 1)
            if above[n] != above[n + 1] and abs(p[-1] - p[0]) > error
        ]
        middle = value[len(value) // 2]
        rows.append(
            {
                "assumption": path,
                "low": value[0],
                "median": middle,
                "high": value[-1],
                "p_at_low": p[0],
                "p_at_median": p[len(p) // 2],
                "p_at_high": p[-1],
                "swing": abs(p[-1] - p[0]),
                "at": min(crossings, key=lambda x: abs(x - middle), default=np.nan),
            }
        )
    columns = ["assumption", "low", "median", "high", "p_at_low", "p_at_median", "p_at_high"]
    found = pd.DataFrame(rows, columns=[*columns, "swing", "at"])
    return found.sort_values("swing", ascending=False, kind="stable", ignore_index=True)
