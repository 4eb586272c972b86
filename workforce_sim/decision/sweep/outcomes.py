"""What a policy comes to in a county, in every year: simulated, judged, and summed up at once.

Block by block only the outcomes of the county are kept, so that memory does not grow with schools,
people and replications together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workforce_sim.assessment.uncertainty import probability, spread
from workforce_sim.county import County
from workforce_sim.decision.measures import conditions
from workforce_sim.decision.outcome import BOTH
from workforce_sim.decision.policies import Policy
from workforce_sim.decision.trial import Trial, run_trial
from workforce_sim.ensemble import BLOCK
from workforce_sim.simulation.ledger import FLOW, STAFF

QUANTILES = ("q05", "q50", "q95")
EVERY_YEAR = slice(None)

Key = tuple[str, str, str | None]
"""An outcome, its stage (or both) and its indicator, if it has one."""
COUNTY: Key = ("county", BOTH, None)
SCHOOLS: Key = ("schools", BOTH, None)


@dataclass(frozen=True)
class Outcome:
    """An outcome of every replication: its value and whether something holds, (Y, R) each."""

    value: NDArray[np.float64] | None
    holds: NDArray[np.bool_] | None


@dataclass(frozen=True)
class Found:
    """What a policy comes to in a county.

    Attributes
    ----------
    rows : DataFrame
        A row a year and outcome: ``year``, ``outcome``, ``stage``, ``indicator``, and its summary.
    county : bool (R,)
        In which replications the county is not ruled out in the judged year.
    schools : float64 (R,)
        The share of schools that have not failed then.
    """

    rows: pd.DataFrame
    county: NDArray[np.bool_]
    schools: NDArray[np.float64]


def simulate(policy: Policy, county: County, replications: int, seed: int) -> Found:
    """Simulate a policy in a county, and sum up."""
    parts: list[dict[Key, Outcome]] = []
    for first in range(0, replications, BLOCK):
        size = min(BLOCK, replications - first)
        trial = run_trial(
            policy.scenario, county, replications=size, seed=seed, workers=1, first=first
        )
        parts.append(dict(_outcomes(trial)))
    found = {
        key: Outcome(
            None if one.value is None else np.concatenate([p[key].value for p in parts], axis=1),
            None if one.holds is None else np.concatenate([p[key].holds for p in parts], axis=1),
        )
        for key, one in parts[0].items()
    }
    years = policy.scenario.years.range
    nth = years.index(policy.scenario.judged_year)
    held, share = found[COUNTY].holds, found[SCHOOLS].value
    assert held is not None and share is not None
    return Found(_rows(found, years), held[nth], share[nth])


def _outcomes(trial: Trial) -> Iterator[tuple[Key, Outcome]]:
    judged, ledger = trial.judged, trial.ledger
    for condition in conditions(judged):
        key = condition.of, condition.stage or BOTH, condition.indicator
        value = condition.value(judged, EVERY_YEAR)
        yield key, Outcome(value, condition.holds(judged, EVERY_YEAR))
    for stage in (*judged.stages, BOTH):
        rows = judged.of_stage(stage)
        for name, counts in (("staff", ledger.census[..., STAFF]), ("pupils", ledger.pupils)):
            yield (name, stage, None), Outcome(counts[..., rows].sum(axis=-1, dtype=float), None)
    # What was offered up to each census: in the years before, and in its own year before it.
    flows = ledger.flows.sum(axis=3, dtype=np.int64)
    so_far = flows.sum(axis=1).cumsum(axis=0) - flows[:, 1]
    for name in ("posts", "hired"):
        codes = [FLOW[f"{name}_{kind}"] for kind in ("general", "arts_pe")]
        yield (name, BOTH, None), Outcome(so_far[..., codes].sum(axis=-1).astype(float), None)


def _rows(found: dict[Key, Outcome], years: range) -> pd.DataFrame:
    """Sum up, all outcomes together; NaN where an outcome has no value, or is no event."""
    shape = next(one.holds for one in found.values() if one.holds is not None).shape
    nothing, never = np.full(shape, np.nan), np.zeros(shape, bool)
    values = np.stack([nothing if o.value is None else o.value for o in found.values()])
    holds = np.stack([never if o.holds is None else o.holds for o in found.values()])
    is_value, is_event = (
        np.array([getattr(o, part) is not None for o in found.values()])
        for part in ("value", "holds")
    )
    # A replication without a value, such as a ratio of no pupils, is not asked.
    among = is_event[:, None, None] & ~(is_value[:, None, None] & np.isnan(values))
    spreads = spread(values, -1)
    has = (~np.isnan(values)).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        summary = {
            "mean": spreads["mean"],
            "mean_se": spreads["sd"] / np.sqrt(has),
            **{name: spreads[name] for name in QUANTILES},
            **probability(holds, -1, among=among),
        }
    outcome, stage, indicator = zip(*found, strict=True)
    n = len(years)
    columns: dict[str, Any] = {
        "year": np.tile(list(years), len(found)),
        "outcome": np.repeat(outcome, n),
        "stage": np.repeat(stage, n),
        "indicator": np.repeat(np.array(indicator, dtype=object), n),
        **{name: column.ravel() for name, column in summary.items()},
    }
    return pd.DataFrame(columns).sort_values("year", kind="stable", ignore_index=True)
