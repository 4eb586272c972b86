"""A run and what it says: the tables an analyst works with and every report is made of."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workforce_sim import ensemble
from workforce_sim.assessment import frames
from workforce_sim.assessment.costs import costs
from workforce_sim.assessment.duties import duties
from workforce_sim.assessment.judgement import Judgement, looked_at
from workforce_sim.assessment.staffing import staffing
from workforce_sim.county import County, Figure, check_scenario, load_county, reconcile
from workforce_sim.law import LAW_VERSION, load_standard
from workforce_sim.scenario import InputError, Scenario
from workforce_sim.scenario.assumptions import Assumption, assumptions
from workforce_sim.scenario.checks import check
from workforce_sim.simulation.block import set_up
from workforce_sim.simulation.draws import Draws
from workforce_sim.simulation.ledger import STAFF, Ledger

if TYPE_CHECKING:
    from workforce_sim.ensemble.cluster import Cluster

TABLES = (
    "ratios",
    "schools",
    "school_verdicts",
    "needs",
    "differences",
    "verdicts",
    "first_year",
    "binding",
    "flows",
    "rotation",
    "ages",
    "pupils",
    "staff",
    "staffing",
    "duties",
    "costs",
    "assumptions",
    "reconciliation",
)
"""Names of a projection's tables."""
OF_A_YEAR: tuple[Callable[[Judgement, Sequence[int]], pd.DataFrame], ...] = (
    frames.ratios,
    frames.schools,
    frames.school_verdicts,
    frames.needs,
    frames.differences,
    frames.verdicts,
    frames.binding,
)
"""Tables that know no other year than each row's own."""


@dataclass(frozen=True)
class Projection:
    """What a run says.

    Every probability comes with its Monte Carlo error (``_se``, and Wilson's 95% interval ``_low``,
    ``_high``); quantiles are ``q05`` to ``q95``; the year of the baseline census stands in front,
    without spread.

    Attributes
    ----------
    scenario, county
        What was simulated.
    ledger : Ledger
        The counts of every replication.
    ratios : DataFrame
        Ratios a 100 pupils by year, stage and indicator.
    schools : DataFrame
        The same by school; ``judged`` is the share of replications in which it is judged.
    school_verdicts : DataFrame
        ``all_met``, ``open``, ``failed``: see ``assessment.judgement``.
    needs : DataFrame
        People that each school lacks to meet each threshold; ``p_short``: that it lacks any.
    differences : DataFrame
        Weighted coefficients of difference.
    verdicts : DataFrame
        The same verdicts on stages and county, and ``difference_within``, ``not_ruled_out``.
    first_year : DataFrame
        First year in which a ratio meets; <NA> for never.
    binding : DataFrame
        School and indicator with the lowest ratio against its threshold.
    flows, rotation, ages, pupils, staff : DataFrame
        Flows a calendar year; rotation against its legal shares; staff by age and sex; totals.
    staffing : DataFrame
        Posts by the staffing norm against the staff, by school and subject.
    duties : DataFrame
        Share of the training hours due that were given, and of the staff with certificates.
    costs : DataFrame
        What a year costs, by item, in the scenario's currency; no rows where nothing has a price.
    assumptions : DataFrame
        Every figure in effect, with its source.
    reconciliation : DataFrame
        The county's stated figures against the recomputed ones.
    provenance : dict
        Seed, replications, digests, versions, what is synthetic.
    """

    scenario: Scenario
    county: County
    ledger: Ledger
    ratios: pd.DataFrame
    schools: pd.DataFrame
    school_verdicts: pd.DataFrame
    needs: pd.DataFrame
    differences: pd.DataFrame
    verdicts: pd.DataFrame
    first_year: pd.DataFrame
    binding: pd.DataFrame
    flows: pd.DataFrame
    rotation: pd.DataFrame
    ages: pd.DataFrame
    pupils: pd.DataFrame
    staff: pd.DataFrame
    staffing: pd.DataFrame
    duties: pd.DataFrame
    costs: pd.DataFrame
    assumptions: pd.DataFrame
    reconciliation: pd.DataFrame
    provenance: dict[str, Any]

    @property
    def indicators(self) -> tuple[str, ...]:
        """The indicators looked at, L1 to L3 or L1 to L7."""
        return tuple(self.provenance["indicators_simulated"])

    @property
    def whole(self) -> bool:
        """Whether all seven are looked at: then a county that is not ruled out passes."""
        return not self.provenance["indicators_not_looked_at"]

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name."""
        return {name: getattr(self, name) for name in TABLES}


def simulate(
    scenario: Scenario,
    *,
    replications: int = 1000,
    seed: int = 2021,
    workers: int | None = None,
    county: County | None = None,
    progress: Callable[[int], None] | None = None,
    checkpoint: ensemble.Checkpoint | None = None,
    cluster: Cluster | None = None,
) -> Projection:
    """Simulate a scenario and judge it.

    Parameters
    ----------
    scenario : Scenario
        As returned by ``load_scenario``.
    replications : int
        Number of Monte Carlo replications, at least 1.
    seed : int
        0 to 2**64 - 1. The same seed gives the same bytes.
    workers : int, optional
        Threads; by default as many as the machine has cores.
    county : County, optional
        By default the one that the scenario names.
    progress : callable, optional
        Is told after each block how many replications are done.
    checkpoint : ensemble.Checkpoint, optional
        Keeps the blocks of this run on disk.
    cluster : ensemble.cluster.Cluster, optional
        Simulates the blocks, in place of threads.

    Returns
    -------
    Projection

    Raises
    ------
    InputError
        If the scenario does not fit itself or its county; it holds all problems.
    ensemble.Interrupted, ensemble.BlockError
        On Ctrl-C, and if blocks failed; ``judge`` makes a projection of what they kept.
    ensemble.StorageError, ensemble.ClusterError
        If the disk has no room, for the checkpoint or for a ledger too large for the memory; or if
        the cluster is gone.
    ValueError
        If replications, seed or workers are out of range.
    """
    if replications < 1:
        raise ValueError(f"replications must be at least 1, not {replications}")
    if not 0 <= seed < 2**64:
        raise ValueError(f"seed must be from 0 to 2**64 - 1, not {seed}")
    if workers is not None and workers < 1:
        raise ValueError(f"workers must be at least 1, not {workers}")
    county = county or county_of(scenario)
    ledger = ensemble.run(
        scenario,
        county,
        replications=replications,
        seed=seed,
        workers=workers,
        progress=progress,
        checkpoint=checkpoint,
        cluster=cluster,
    )
    return judge(scenario, county, ledger, seed=seed, requested=replications)


def county_of(scenario: Scenario) -> County:
    """Return the county that a scenario names, both checked against each other.

    Raises
    ------
    InputError
        With all problems of the scenario and of its fit to the county.
    """
    county = load_county(scenario.county_path)
    problems = [*check(scenario), *check_scenario(scenario, county)]
    if problems:
        raise InputError(problems)
    return county


def judge(
    scenario: Scenario,
    county: County,
    ledger: Ledger,
    *,
    seed: int,
    requested: int,
    numbers: NDArray[np.int64] | None = None,
) -> Projection:
    """Judge the ledger of a run.

    ``numbers`` are those of its replications, where they are not the first of the run.
    """
    years = list(scenario.years.range)
    start = set_up(scenario, county, seed, range(1))
    schools = start.schools
    counts, base_pupils = start.pool.counts[None], start.pupils_by_school()[None]
    base = Judgement.of(scenario, schools, counts, base_pupils, start.facilities[None])
    base_ages = np.zeros_like(ledger.ages[:1, :1])
    start.pool.ages(county.census, base_ages[0])
    base_year = [min(county.census // 12, years[0] - 1)]
    draws = Draws(seed, range(ledger.census.shape[1]) if numbers is None else numbers)

    # A year at a time: what is worked out of the counts takes several times their memory.
    parts = {table: [_certain(table(base, base_year))] for table in OF_A_YEAR}
    norms = [_certain(staffing(scenario, schools, counts, base_pupils, base_year))]
    reached = []
    for nth, year in enumerate(years):
        now = slice(nth, nth + 1)
        census, pupils = ledger.census[now], ledger.pupils[now]
        judged = Judgement.of(scenario, schools, census, pupils, ledger.facilities[now])
        for table, found in parts.items():
            found.append(table(judged, [year]))
        norms.append(staffing(scenario, schools, census, pupils, [year]))
        reached.append(frames.reached(judged))
        ensemble.let_go(*vars(ledger).values())

    def totals(now: np.ndarray, before: np.ndarray) -> pd.DataFrame:
        return pd.concat(
            [
                frames.totals(before, schools.stage, base_year),
                frames.totals(now, schools.stage, years),
            ],
            ignore_index=True,
        )

    return Projection(
        scenario=scenario,
        county=county,
        ledger=ledger,
        **{table.__name__: pd.concat(found, ignore_index=True) for table, found in parts.items()},
        first_year=frames.first_year(
            {case: np.concatenate([year[case] for year in reached]) for case in reached[0]}, years
        ),
        flows=frames.flows(ledger, schools.stage, years),
        rotation=frames.rotation(ledger, years),
        ages=pd.concat(
            [frames.ages(base_ages, base_year), frames.ages(ledger.ages, years)], ignore_index=True
        ),
        pupils=totals(ledger.pupils, base_pupils),
        staff=totals(ledger.census[..., STAFF], counts[..., STAFF]),
        staffing=pd.concat(norms, ignore_index=True),
        duties=duties(scenario, ledger, schools.stage, draws),
        costs=costs(scenario, county, ledger, draws),
        assumptions=_rows(Assumption, assumptions(scenario)),
        reconciliation=_rows(Figure, reconcile(county)).astype({"agrees": bool}),
        provenance=provenance(
            scenario,
            county,
            seed=seed,
            replications=ledger.census.shape[1],
            requested=requested,
        ),
    )


def _rows(kind: type, records: Iterable[Any]) -> pd.DataFrame:
    """Return dataclasses as the rows of a table, which has its columns even without a row."""
    columns = [field.name for field in fields(kind)]
    return pd.DataFrame([vars(record) for record in records], columns=columns)


def _certain(table: pd.DataFrame) -> pd.DataFrame:
    """Take the Monte Carlo error off the baseline: it is a count, not a sample."""
    for column in table.columns:
        if column.endswith("_se"):
            p = column.removesuffix("_se")
            table[column] = table[p] * 0
            table[f"{p}_low"] = table[f"{p}_high"] = table[p]
    return table


def provenance(
    scenario: Scenario, county: County, *, seed: int, replications: int, requested: int
) -> dict[str, Any]:
    """Return where a run's numbers come from: digests, seed, replications, versions."""
    simulated = list(looked_at(county.schools))
    return {
        "scenario": scenario.name,
        "scenario_digest": scenario.digest,
        "county": county.name,
        "county_digest": county.digest,
        "years": str(scenario.years),
        "judged_year": scenario.judged_year,
        "seed": seed,
        "replications": replications,
        "replications_requested": requested,
        "complete": replications == requested,
        "block": ensemble.BLOCK,
        "law": LAW_VERSION,
        "indicators_simulated": simulated,
        "indicators_not_looked_at": [
            indicator.id
            for indicator in load_standard().indicators
            if indicator.id not in simulated
        ],
        "synthetic": list(county.synthetic),
        "versions": {
            "workforce-sim": version("workforce-sim"),
            "python": platform.python_version(),
            **{name: version(name) for name in ("numpy", "numba", "simpy", "scipy", "pandas")},
        },
    }
