"""What was observed since, against what was predicted: coverage, error, and what to revise.

A forecast that says 90% is to hold nine times out of ten. Each observed count is placed among the
replications: inside the 50% and the 90% interval or not, and by how much the median was off.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

from workforce_sim.assessment import county_of
from workforce_sim.assessment.judgement import OF_STAFF
from workforce_sim.assessment.projection import provenance
from workforce_sim.assessment.uncertainty import probability, spread
from workforce_sim.county import County
from workforce_sim.decision.observed import COUNTS
from workforce_sim.decision.trial import Trial, run_trials
from workforce_sim.scenario import Scenario
from workforce_sim.scenario.assumptions import quantities
from workforce_sim.scenario.quantity import Distribution
from workforce_sim.simulation.block import assumed
from workforce_sim.simulation.draws import Draws
from workforce_sim.simulation.ledger import FLOW, STAFF

LEVELS = {50: ("q25", "q75"), 90: ("q05", "q95")}
"""Intervals that are checked, with their ends."""
NAMED = 3
"""Assumptions named for each quantity that was off."""


@dataclass(frozen=True)
class Backtest:
    """A forecast against what came.

    Attributes
    ----------
    scenario, county
        What was simulated.
    points : DataFrame
        Each observation: ``year``, ``horizon`` (years since the baseline), ``stage``, ``quantity``,
        ``observed``, the prediction, ``below`` (share of replications that are), ``inside_50``,
        ``inside_90``, ``error`` (median minus observed) and its percentage.
    coverage : DataFrame
        For each ``level``: observations ``n``, the share ``inside`` with its 95% interval, and what
        is ``expected`` of a perfect forecast: more than the level, for counts are whole numbers and
        the ends of an interval count as inside.
    errors : DataFrame
        By ``horizon``: ``n``, ``mape`` (mean absolute percentage error of the median), ``bias``.
    revise : DataFrame
        For each quantity and stage outside the 90% interval somewhere: the uncertain assumptions
        that move it most (or none: ``""``), in which ``direction`` to revise them, and the value
        that would have fitted best (``fits``; beyond its range: ``beyond``).
    provenance : dict
    """

    scenario: Scenario
    county: County
    points: pd.DataFrame
    coverage: pd.DataFrame
    errors: pd.DataFrame
    revise: pd.DataFrame
    provenance: dict[str, Any]

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name."""
        names = ("points", "coverage", "errors", "revise")
        return {name: getattr(self, name) for name in names}


def backtest(
    scenario: Scenario,
    observed: pd.DataFrame,
    *,
    replications: int = 1000,
    seed: int = 2021,
    workers: int | None = None,
    county: County | None = None,
    progress: Callable[[int], None] | None = None,
) -> Backtest:
    """Set what was observed against what the scenario predicts.

    Parameters
    ----------
    scenario : Scenario
        As it was written before the observations: nothing is fitted.
    observed : DataFrame
        As returned by `observed.read_observed`.
    replications, seed, workers, county, progress
        As of ``simulate``.

    Returns
    -------
    Backtest
        After Ctrl-C that of the replications which are done, and not ``complete``.

    Raises
    ------
    KeyboardInterrupt
        On Ctrl-C before any are done: see `run_trials`.
    """
    county = county or county_of(scenario)
    [trial] = run_trials(
        [scenario], county, replications=replications, seed=seed, workers=workers, progress=progress
    )
    done = trial.replications
    predicted = np.stack(
        [
            predictions(trial, row["quantity"], row["stage"], row["year"])
            for row in observed.to_dict("records")
        ]
    )
    points = _points(observed, predicted, scenario)
    return Backtest(
        scenario=scenario,
        county=county,
        points=points,
        coverage=_coverage(points, predicted),
        errors=_errors(points),
        revise=_revise(points, predicted, assumed(scenario, Draws(seed, range(done))), scenario),
        provenance=provenance(
            scenario, county, seed=seed, replications=done, requested=replications
        ),
    )


def predictions(trial: Trial, quantity: str, stage: str, year: int) -> NDArray[np.float64]:
    """Return a quantity of a stage (or ``both``) and year in every replication: float64 (R,)."""
    judged, ledger = trial.judged, trial.ledger
    nth, rows = year - trial.scenario.years.first, judged.of_stage(stage)
    items, pupils = judged.stage_items(stage)
    if quantity in OF_STAFF:
        return np.asarray(judged.ratio_of(items, pupils)[nth, :, OF_STAFF.index(quantity)])
    if quantity == "pupils":
        return pupils[nth].astype(float)
    if quantity == "staff":
        return ledger.census[nth][:, rows, STAFF].sum(axis=1).astype(float)
    if quantity in COUNTS:
        return items[nth, :, COUNTS.index(quantity) - 2]
    name = "qualified" if quantity == "qualified_in_service" else quantity
    return ledger.flows[nth][:, :, rows, FLOW[name]].sum(axis=(0, 2)).astype(float)


def _points(
    observed: pd.DataFrame, predicted: NDArray[np.float64], scenario: Scenario
) -> pd.DataFrame:
    """Place each observation among its predictions (n, R)."""
    seen = observed["observed"].to_numpy(float)
    table = pd.DataFrame(
        {
            "year": observed["year"],
            "horizon": observed["year"] - scenario.years.first + 1,
            "stage": observed["stage"],
            "quantity": observed["quantity"],
            "observed": seen,
            **spread(predicted, 1),
        }
    )
    below = (predicted < seen[:, None]).mean(axis=1)
    table["below"] = below + (predicted == seen[:, None]).mean(axis=1) / 2
    for level, (low, high) in LEVELS.items():
        table[f"inside_{level}"] = (table[low] <= seen) & (seen <= table[high])
    table["error"] = table["q50"] - seen
    with np.errstate(divide="ignore", invalid="ignore"):
        table["error_share"] = np.where(seen > 0, table["error"] / seen, np.nan)
    return table


def _coverage(points: pd.DataFrame, predicted: NDArray[np.float64]) -> pd.DataFrame:
    rows = []
    for level, ends in LEVELS.items():
        low, high = (points[end].to_numpy()[:, None] for end in ends)
        inside = probability(points[f"inside_{level}"].to_numpy(), 0, "inside")
        rows.append(
            {
                "level": level / 100,
                "n": len(points),
                **{name: float(x) for name, x in inside.items()},
                "expected": float(((low <= predicted) & (predicted <= high)).mean()),
            }
        )
    return pd.DataFrame(rows)


def _errors(points: pd.DataFrame) -> pd.DataFrame:
    """Average the percentage errors by horizon; an observed 0 has none and is left out."""
    known = points[points["error_share"].notna()]
    grouped = known.groupby("horizon")["error_share"]
    return pd.DataFrame(
        {
            "n": grouped.size(),
            "mape": grouped.apply(lambda share: share.abs().mean()),
            "bias": grouped.mean(),
        }
    ).reset_index()


def _revise(
    points: pd.DataFrame,
    predicted: NDArray[np.float64],
    numbers: dict[str, NDArray[np.float64]],
    scenario: Scenario,
) -> pd.DataFrame:
    """Name the uncertain assumptions that move what was off, and in which direction to revise them.

    An assumption moves a quantity if their ranks are correlated over the replications by more than
    chance would (three standard errors). ``fits`` is where a straight line through the replications
    meets what was observed.
    """
    uncertain = {p: q for p, q in quantities(scenario).items() if isinstance(q, Distribution)}
    least = 3 / np.sqrt(predicted.shape[1])
    rows = []
    for (quantity, stage), group in points.groupby(["quantity", "stage"], sort=False):
        if group["inside_90"].all():
            continue
        sd = np.maximum(group["sd"].to_numpy(), 1e-9)[:, None]
        course = ((predicted[group.index] - group["mean"].to_numpy()[:, None]) / sd).mean(axis=0)
        off = float(((group["observed"] - group["mean"]) / sd[:, 0]).mean())
        moved = sorted(
            (
                (abs(r), r, path)
                for path in uncertain
                if abs(r := _rank_correlation(numbers[path], course)) > least
            ),
            reverse=True,
        )
        for _, r, path in moved[:NAMED]:
            value = numbers[path]
            slope = np.polyfit(value, course, 1)
            fits = float((off - slope[1]) / slope[0])
            low, high = uncertain[path].support()
            rows.append(
                {
                    "quantity": quantity,
                    "stage": stage,
                    "off": off,
                    "assumption": path,
                    "correlation": r,
                    "direction": "higher" if off * r > 0 else "lower",
                    "median": float(np.median(value)),
                    "fits": fits,
                    "beyond": not low <= fits <= high,
                }
            )
        if not moved:
            none = {"assumption": "", "direction": "none", "beyond": False}
            rows.append({"quantity": quantity, "stage": stage, "off": off, **none})
    columns = ["quantity", "stage", "off", "assumption", "correlation", "direction"]
    return pd.DataFrame(rows, columns=[*columns, "median", "fits", "beyond"])


def _rank_correlation(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Return Spearman's rank correlation; 0 where one of them does not vary."""
    ranks = [rankdata(x) for x in (a, b)]
    if any(np.ptp(rank) == 0 for rank in ranks):
        return 0.0
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])
