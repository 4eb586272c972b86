"""Which uncertain assumption drives the risk: Sobol indices, a tornado, and where the answer turns.

Every numeric assumption that is a distribution is decided by one uniform number a replication; here
these numbers are given (`Levels`) instead of drawn. Chance itself (who leaves, who comes) is one
more factor, so that what no better data could remove stands beside what it could.

Sobol indices: Saltelli et al. (2010), with scrambled Sobol sequences; ``first`` is the share of the
variance that would go if the assumption were known, ``total`` what would be left if all others
were. The variance of a goal is that of "it holds" (0 or 1), so its indices are those of the risk.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import qmc, sobol_indices

from workforce_sim import ensemble
from workforce_sim.assessment import county_of
from workforce_sim.assessment.projection import provenance
from workforce_sim.assessment.uncertainty import Z95, probability
from workforce_sim.county import County
from workforce_sim.decision.outcome import Condition, Goal, parse_goal
from workforce_sim.decision.study import CHANCE
from workforce_sim.decision.trial import Trial, run_trial
from workforce_sim.scenario import InputError, Scenario
from workforce_sim.scenario.assumptions import quantities
from workforce_sim.scenario.errors import Problem
from workforce_sim.scenario.quantity import Distribution
from workforce_sim.scenario.validation import nearest

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
    base : dict
        ``p`` of the event with its error, all assumptions as uncertain as they are.
    indices : DataFrame
        ``outcome`` (``P(event)``, or a ratio), ``assumption`` (or ``chance``), ``first`` and
        ``total`` with their 95% bootstrap intervals; NaN where the outcome does not vary. The total
        index of ``chance`` is what would be left of the variance if every assumption were known.
        That of an assumption counts also that it decides, together with chance, in which
        replications the event holds: only ``tornado`` says whether it holds more often.
    tornado : DataFrame
        ``assumption``, ``level`` (quantile), ``value``, and ``p`` of the event with its error.
    turns : DataFrame
        Where the answer changes: ``assumption``, its quantiles ``q05``, ``q50`` and ``q95``, the
        probability there (``p_q05`` ...), the ``swing`` between the ends, whether it is ``clear``
        (more than chance makes), and ``at``: the value at which P crosses the goal, NaN where it
        does not within these ends, or not clearly.
    provenance : dict
    """

    scenario: Scenario
    county: County
    goal: Goal
    base: dict[str, float]
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


def pace(scenario: Scenario, county: County) -> float:
    """Return the seconds that a replication takes here in one process.

    Measured on a block, after another one which may have to compile.
    """
    for _ in range(2):
        start = perf_counter()
        run_trial(scenario, county, replications=ensemble.BLOCK, seed=0, workers=1)
    return (perf_counter() - start) / ensemble.BLOCK


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
    base: dict[str, float] = {}
    indices: list[dict[str, Any]] = []
    try:
        base, indices = _indices(run, factors, asked, points, seed)
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
        base=base,
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
) -> tuple[dict[str, float], list[dict[str, Any]]]:
    """Return P(event), and first and total Sobol indices of the event and of every ratio."""
    paths = list(factors)
    sample = qmc.Sobol(2 * len(paths), rng=np.random.default_rng(seed)).random(points)
    a, b = (dict(zip(paths, half.T, strict=True)) for half in np.hsplit(sample, 2))
    other = (seed + 1) % 2**64
    values = {
        "A": _outcomes(run(a, points, seed), goal),
        "B": _outcomes(run(b, points, other), goal),
    }
    mixed = [_outcomes(run({**a, path: b[path]}, points, seed), goal) for path in paths]
    mixed.append(_outcomes(run(a, points, other), goal))  # only chance is that of B
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
    held = np.concatenate([f_a[0], f_b[0]]) > 0  # the event stands first
    base = {name: float(value) for name, value in probability(held, 0).items()}
    return base, rows


def _sobol(
    f_a: NDArray[np.float64],
    f_b: NDArray[np.float64],
    f_ab: NDArray[np.float64],
    points: int,
    seed: int,
) -> dict[str, NDArray[np.float64]]:
    """Return the indices (outcomes, factors) and their bootstrap intervals.

    The intervals are of percentiles: scipy's own bootstrap takes no seed.
    """

    def indices(rows: NDArray[np.intp]) -> NDArray[np.float64]:
        with np.errstate(invalid="ignore", divide="ignore"):  # a resample may not vary
            found = sobol_indices(
                func={"f_A": f_a[:, rows], "f_B": f_b[:, rows], "f_AB": f_ab[..., rows]}, n=points
            )
        shape = (len(f_a), len(f_ab))
        return np.stack([found.first_order.reshape(shape), found.total_order.reshape(shape)])

    rng = np.random.default_rng(seed)
    again = [indices(rng.integers(points, size=points)) for _ in range(RESAMPLES)]
    low, high = np.nanquantile(again, [0.025, 0.975], axis=0)
    parts = {"": indices(np.arange(points)), "_low": low, "_high": high}
    return {
        kind + end: part[nth]
        for nth, kind in enumerate(("first", "total"))
        for end, part in parts.items()
    }


def _outcomes(trial: Trial, goal: Goal) -> dict[str, NDArray[np.float64]]:
    """Return the goal's event as 0 and 1, and the ratios in its year: float64 (R,) each."""
    judged, year = trial.judged, goal.event.year
    nth = year - trial.scenario.years.first
    found = {f"P({goal.event})": goal.event.holds(judged).astype(float)}
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
        swing = abs(p[-1] - p[0])
        clear = swing > Z95 * np.hypot(table["p_se"].iloc[0], table["p_se"].iloc[-1])
        above = p >= goal.least
        crossings = [
            value[n] + (goal.least - p[n]) / (p[n + 1] - p[n]) * (value[n + 1] - value[n])
            for n in range(len(p) - 1)
            if above[n] != above[n + 1] and clear
        ]
        middle = value[len(value) // 2]
        rows.append(
            {
                "assumption": path,
                "q05": value[0],
                "q50": middle,
                "q95": value[-1],
                "p_q05": p[0],
                "p_q50": p[len(p) // 2],
                "p_q95": p[-1],
                "swing": swing,
                "clear": clear,
                "at": min(crossings, key=lambda x: abs(x - middle), default=np.nan),
            }
        )
    columns = ["assumption", "q05", "q50", "q95", "p_q05", "p_q50", "p_q95"]
    found = pd.DataFrame(rows, columns=[*columns, "swing", "clear", "at"])
    return found.sort_values("swing", ascending=False, kind="stable", ignore_index=True)
