"""What the whole process keeps, for all sessions: what two people ask is computed once.

Everything is known by what it was made of: files by their time and size, scenarios by their digest.
So nothing in here can be out of date, and it is bounded.
"""

from __future__ import annotations

import dataclasses
import threading
from collections import OrderedDict
from collections.abc import Hashable
from functools import lru_cache
from pathlib import Path
from typing import Any

from workforce_sim import ensemble
from workforce_sim.app.background import Progress
from workforce_sim.assessment import Projection, county_of, judge
from workforce_sim.county import County, check_scenario
from workforce_sim.decision.policies import Policy
from workforce_sim.decision.saving import SavedPolicy, saved_policies
from workforce_sim.scenario import InputError, Problem, Scenario, load_scenario
from workforce_sim.scenario.assumptions import assumptions
from workforce_sim.simulation.ledger import Ledger

Stamp = tuple[tuple[str, int, int], ...]
KEPT = 64
"""Projections kept, of all sessions together: about 1.3 MB each."""


def stamp(folder: Path) -> Stamp:
    """Return names, times and sizes of the files in a county's folder: it changes as they do."""
    files = (path for part in (folder, folder / "policies") for path in part.glob("*"))
    found = []
    for path in sorted(files):
        try:
            stat = path.stat()
        except OSError:  # a file that is just being replaced
            continue
        if path.is_file() and path.suffix != ".part":
            found.append((str(path), stat.st_mtime_ns, stat.st_size))
    return tuple(found)


@lru_cache(maxsize=16)
def policies(path: Path, _stamp: Stamp) -> tuple[list[SavedPolicy], list[Problem]]:
    """Return the policies saved beside a scenario, and what is wrong with the others."""
    return saved_policies(path)


@lru_cache(maxsize=256)
def scenario(path: Path, _stamp: Stamp, patch: Path | None, changes: tuple[str, ...]) -> Scenario:
    """Return a scenario with a policy and changes laid over it; InputError if it is not sound."""
    return load_scenario(path, patch=patch, overrides=changes)


@lru_cache(maxsize=8)
def county(path: Path, stamp: Stamp) -> County:
    """Return the county of a scenario's file; InputError with all that is wrong."""
    return county_of(scenario(path, stamp, None, ()))


def fitting(found: Scenario, county: County) -> Scenario:
    """Return a scenario that fits its county; InputError otherwise."""
    if problems := list(check_scenario(found, county)):
        raise InputError(problems)
    return found


def policy(saved: SavedPolicy, path: Path, stamp: Stamp) -> Policy:
    """Return a saved policy with its scenario; InputError if it is not sound."""
    return Policy(
        saved.variant.name,
        saved.title("zh"),
        saved.title("en"),
        saved.about("zh"),
        saved.about("en"),
        scenario(path, stamp, saved.path, ()),
    )


class _Kept:
    """The last so many things, by key."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, threading.Lock()
        self._things: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, key: Hashable) -> Any:
        with self._lock:
            if key in self._things:
                self._things.move_to_end(key)
            return self._things.get(key)

    def put(self, key: Hashable, thing: Any) -> None:
        with self._lock:
            self._things[key] = thing
            self._things.move_to_end(key)
            while len(self._things) > self._most:
                self._things.popitem(last=False)


_PROJECTIONS = _Kept(KEPT)


def identity(scenario: Scenario, county: County) -> tuple[str, str, int]:
    """Return what a projection depends on: scenario, county, and the labels of the sources."""
    sources = hash(tuple(assumption.source for assumption in assumptions(scenario)))
    return scenario.digest, county.digest, sources


def known(scenario: Scenario, county: County, replications: int, seed: int) -> Projection | None:
    """Return a projection if it has been made."""
    found: Projection | None = _PROJECTIONS.get((identity(scenario, county), replications, seed))
    return found


def project(
    scenario: Scenario,
    county: County,
    replications: int,
    seed: int,
    progress: Progress | None = None,
) -> Projection:
    """Simulate and judge, or return what is known; here, in this thread.

    When it is stopped, what is done so far is judged, and not kept. The ledger is left out: no
    document asks for it, and it is 60 times as large as the rest.
    """
    if found := known(scenario, county, replications, seed):
        return found
    try:
        ledger = ensemble.run(
            scenario,
            county,
            replications=replications,
            seed=seed,
            workers=1,
            progress=progress,
        )
    except ensemble.Interrupted as stopped:
        if stopped.ledger is None:
            raise
        ledger = stopped.ledger
    made = judge(scenario, county, ledger, seed=seed, requested=replications)
    made = dataclasses.replace(made, ledger=Ledger.blank(0, 0, 0))
    if made.provenance["complete"]:
        _PROJECTIONS.put((identity(scenario, county), replications, seed), made)
    return made
