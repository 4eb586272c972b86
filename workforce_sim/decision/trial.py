"""One run of a scenario, kept as what decisions need of it: its ledger and its judgement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from workforce_sim import ensemble
from workforce_sim.assessment.judgement import Judgement
from workforce_sim.county import County
from workforce_sim.scenario import Scenario
from workforce_sim.simulation.block import Levels, with_new_schools
from workforce_sim.simulation.ledger import Ledger

CHUNK = 4000
"""Replications of each scenario that `run_trials` simulates at a time."""


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

    @classmethod
    def of(cls, scenario: Scenario, county: County, ledger: Ledger) -> Trial:
        """Judge the ledger of a run."""
        schools = with_new_schools(county.schools, scenario)
        judged = Judgement.of(scenario, schools, ledger.census, ledger.pupils, ledger.facilities)
        return cls(scenario, county, ledger, judged)

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
    return Trial.of(scenario, county, ledger)


def run_trials(
    scenarios: Sequence[Scenario],
    county: County,
    *,
    replications: int,
    seed: int,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> list[Trial]:
    """Simulate scenarios on common random numbers, chunk by chunk.

    ``progress`` is told how many replications are done, of all of them together. After Ctrl-C the
    trials hold the chunks that are done for every scenario.

    Raises
    ------
    KeyboardInterrupt
        On Ctrl-C before the first chunk is done.
    """
    if replications < 1:
        raise ValueError(f"replications must be at least 1, not {replications}")
    parts: list[list[Ledger]] = []
    done = 0
    try:
        for first in range(0, replications, CHUNK):
            size, chunk = min(CHUNK, replications - first), []
            for scenario in scenarios:

                def told(finished: int, before: int = done) -> None:
                    if progress is not None:
                        progress(before + finished)

                trial = run_trial(
                    scenario,
                    county,
                    replications=size,
                    seed=seed,
                    workers=workers,
                    first=first,
                    progress=told,
                )
                chunk.append(trial.ledger)
                done += size
            parts.append(chunk)
    except KeyboardInterrupt:
        if not parts:
            raise
    return [
        Trial.of(scenario, county, Ledger.joined(list(ledgers)))
        for scenario, ledgers in zip(scenarios, zip(*parts, strict=True), strict=True)
    ]
