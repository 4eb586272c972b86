"""One run of a scenario, kept as what decisions need of it: its ledger and its judgement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from workforce_sim import ensemble
from workforce_sim.assessment.judgement import Judgement
from workforce_sim.county import County
from workforce_sim.scenario import Scenario
from workforce_sim.simulation.block import Levels, with_new_schools
from workforce_sim.simulation.ledger import Ledger


@dataclass(frozen=True)
class Trial:
    """A run: R replications of a scenario.

    Attributes
    ----------
    scenario : Scenario
    county : County
    ledger : Ledger
    judged : Judgement
    """

    scenario: Scenario
    county: County
    ledger: Ledger
    judged: Judgement

    @property
    def replications(self) -> int:
        """Replications in the run."""
        return self.ledger.census.shape[1]


def run_trial(
    scenario: Scenario,
    county: County,
    *,
    replications: int,
    seed: int,
    workers: int | None = None,
    levels: Levels | None = None,
    first: int = 0,
    progress: Callable[[int], None] | None = None,
) -> Trial:
    """Simulate a scenario and judge its censuses.

    Two trials with the same seed are on common random numbers: replication by replication, the
    same teachers meet the same fate.
    """
    ledger = ensemble.run(
        scenario,
        county,
        replications=replications,
        seed=seed,
        workers=workers,
        progress=progress,
        levels=levels,
        first=first,
    )
    schools = with_new_schools(county.schools, scenario)
    judged = Judgement.of(scenario, schools, ledger.census, ledger.pupils, ledger.facilities)
    return Trial(scenario, county, ledger, judged)
