"""The sweep itself: counties and their policies over one pool of workers."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from workforce_sim.assessment.projection import provenance
from workforce_sim.decision.measures import COUNTY as P_COUNTY
from workforce_sim.decision.measures import SCHOOLS as SHARE_OF_SCHOOLS
from workforce_sim.decision.measures import margin
from workforce_sim.decision.outcome import BOTH
from workforce_sim.decision.paired import difference
from workforce_sim.decision.policies import ALL, Policy
from workforce_sim.decision.sweep.counties import Entry, Prepared, county_seed, entries, prepare
from workforce_sim.decision.sweep.dataset import Dataset, Failures
from workforce_sim.decision.sweep.outcomes import COUNTY, SCHOOLS, Found, simulate
from workforce_sim.decision.sweep.workers import Task, Workers
from workforce_sim.scenario import InputError
from workforce_sim.scenario.errors import Problem

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Sweep:
    """What became of a sweep.

    Attributes
    ----------
    folder : Path
        Of the dataset.
    counties : tuple of str
        All that were asked for.
    swept, kept : tuple of str
        Those that were swept now, and those that were done before.
    failures : dict of str to sequence of Problem
        Those that could not be, and why.
    complete : bool
        False after Ctrl-C.
    """

    folder: Path
    counties: tuple[str, ...]
    swept: tuple[str, ...]
    kept: tuple[str, ...]
    failures: Failures
    complete: bool


@dataclass
class _Open:
    """A county that is under way."""

    entry: Entry
    prepared: Prepared | None = None
    found: dict[str, Found] = field(default_factory=dict)
    """By the policies' effect."""


def sweep(
    source: str | Path,
    folder: str | Path,
    *,
    policies: Sequence[str] = (ALL,),
    replications: int = 1000,
    seed: int = 2021,
    years: str | None = None,
    workers: int | None = None,
    resume: bool = False,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Sweep:
    """Simulate many counties under many policies, and write one dataset.

    Parameters
    ----------
    source : path
        A folder of counties, or a table of them: see ``counties.entries``.
    folder : path
        Of the dataset: see ``dataset``. A county is written when all its policies are done.
    policies : sequence of str
        Names, files, or ``all``. The county's own scenario is always there, as ``base``.
    replications : int
        For each county and policy.
    seed : int
        0 to 2**64 - 1. Each county has its own, made of this one and of its name; its policies
        share that, so that they are compared on common random numbers.
    years : str, optional
        In place of the scenarios'.
    workers : int, optional
        Processes; by default as many as there are processors.
    resume : bool
        Go on where a sweep into ``folder`` ended. Counties that are there, from the same files,
        are kept; those whose files have changed since are swept again.
    executor : Executor, optional
        Does the work in place of processes here, with so many ``workers``, such as that of a Dask
        client; the counties' files are read where it runs.
    progress : callable, optional
        Is told how many replications are done, and of how many, as far as is known.

    Returns
    -------
    Sweep

    Raises
    ------
    InputError
        If there is nothing to sweep, or the folder cannot be written. What is wrong with a county
        does not stop the others: see ``Sweep.failures``.
    """
    if replications < 1:
        raise ValueError(f"replications must be at least 1, not {replications}")
    if not 0 <= seed < 2**64:
        raise ValueError(f"seed must be from 0 to 2**64 - 1, not {seed}")
    listed = entries(source, policies)
    asked = {
        "seed": seed,
        "replications": replications,
        "years": years,
        "version": version("workforce-sim"),
    }
    dataset = Dataset(Path(folder), asked, [entry.county for entry in listed], resume)
    running = _Running(dataset, replications, seed, years, progress)
    running.whole = sum(1 + len(entry.policies) for entry in listed)
    try:
        with Workers(workers or os.cpu_count() or 1, executor) as pool:
            running.run(listed, pool)
        complete = True
    except KeyboardInterrupt:
        complete = False
    running.dataset.write_failures(running.failures)
    return Sweep(
        folder=Path(folder),
        counties=tuple(entry.county for entry in listed),
        swept=tuple(sorted(running.swept)),
        kept=tuple(sorted(running.kept)),
        failures=dict(sorted(running.failures.items())),
        complete=complete,
    )


class _Running:
    """A sweep that is under way: few counties are open at a time, whatever their number."""

    def __init__(
        self,
        dataset: Dataset,
        replications: int,
        seed: int,
        years: str | None,
        progress: Progress | None,
    ) -> None:
        self.dataset, self.replications, self.seed = dataset, replications, seed
        self.years, self.progress = years, progress
        self.swept: list[str] = []
        self.kept: list[str] = []
        self.failures: Failures = {}
        self.done = self.whole = 0  # simulations of one policy in one county

    def run(self, listed: Sequence[Entry], pool: Workers) -> None:
        waiting = deque(listed)
        while waiting or pool.busy:
            while waiting and pool.hungry:
                entry = waiting.popleft()
                pool.add(Task(_Open(entry), prepare, (entry, self.years)))
            county, result = pool.next()
            if county.entry.county in self.failures:
                continue
            if isinstance(result, BaseException):
                self._failed(county, result)
                pool.drop(county)
            elif isinstance(result, Prepared):
                self._prepared(county, result, pool)
            else:
                effect, found = result
                county.found[effect] = found
                self._tell(1)
                assert county.prepared is not None
                if len(county.found) == len(county.prepared.distinct):
                    self._finish(county, county.prepared)

    def _prepared(self, county: _Open, prepared: Prepared, pool: Workers) -> None:
        name = county.entry.county
        todo = 0 if self.dataset.has(name, prepared.digest) else len(prepared.distinct)
        self.whole += todo - 1 - len(county.entry.policies)
        if not todo:
            self.kept.append(name)
            self._tell(0)
            return
        county.prepared = prepared
        seed = county_seed(self.seed, name)
        for policy in reversed(prepared.distinct.values()):
            arguments = policy, prepared.county, self.replications, seed
            pool.add(Task(county, _simulate, arguments), first=True)

    def _failed(self, county: _Open, error: BaseException) -> None:
        if isinstance(error, InputError):
            problems = error.problems
        else:
            message = f"could not be simulated: {type(error).__name__}: {error}"
            problems = (Problem(str(county.entry.scenario), None, "", message),)
        self.failures[county.entry.county] = problems
        left = 1 + len(county.entry.policies)
        if county.prepared is not None:
            left = len(county.prepared.distinct) - len(county.found)
        self.whole -= left
        self._tell(0)

    def _finish(self, county: _Open, prepared: Prepared) -> None:
        name = county.entry.county
        seed = county_seed(self.seed, name)
        rows = _table(name, prepared, county.found, self.replications, seed)
        base = prepared.policies[0].scenario
        origin = provenance(
            base,
            prepared.county,
            seed=seed,
            replications=self.replications,
            requested=self.replications,
        )
        origin |= {
            "digest": prepared.digest,
            "sweep_seed": self.seed,
            "policies": {policy.name: policy.scenario.digest for policy in prepared.policies},
        }
        self.dataset.write(name, rows, origin)
        self.swept.append(name)
        county.found.clear()

    def _tell(self, done: int) -> None:
        self.done += done
        if self.progress is not None:
            self.progress(self.replications * self.done, self.replications * self.whole)


def _simulate(policy: Policy, *arguments: Any) -> tuple[str, Found]:
    return policy.effect, simulate(policy, *arguments)


def _table(
    county: str, prepared: Prepared, found: dict[str, Found], replications: int, seed: int
) -> pd.DataFrame:
    """Return a county's rows, as the dataset has them."""
    base, parts = prepared.policies[0], []
    for policy in prepared.policies:
        here, first = found[policy.effect], prepared.distinct[policy.effect]
        rows = here.rows.assign(
            county=county,
            name=prepared.county.name,
            name_en=prepared.county.name_en,
            policy=policy.name,
            title=policy.title,
            title_en=policy.title_en,
            same_as=None if first is policy else first.name,
            world=prepared.is_world(policy),
            judged=here.rows["year"] == policy.scenario.judged_year,
            **dict.fromkeys(("gain", "gain_low", "gain_high"), np.nan),
            gain_result=None,
            replications=replications,
            seed=np.uint64(seed),
            synthetic=bool(prepared.county.synthetic),
        )
        if policy is not base:
            _put_gains(rows, here, found[base.effect], policy.effect == base.effect)
        parts.append(rows)
    return pd.concat(parts, ignore_index=True)


def _put_gains(rows: pd.DataFrame, here: Found, base: Found, identical: bool) -> None:
    """Put what the policy adds to the base in the judged year, replication by replication."""
    for key, outcome, values, others in (
        (COUNTY, P_COUNTY, here.county, base.county),
        (SCHOOLS, SHARE_OF_SCHOOLS, here.schools, base.schools),
    ):
        gain = difference(values, others, margin(outcome), identical=identical)
        at = rows["judged"] & (rows["outcome"] == key[0]) & (rows["stage"] == BOTH)
        at &= rows["indicator"].isna()
        columns = ["gain", "gain_low", "gain_high", "gain_result"]
        rows.loc[at, columns] = [gain.difference, gain.low, gain.high, gain.result]
