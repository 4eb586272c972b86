"""The smallest change of a policy that passes: search over one lever, or several.

Every value is tried on common random numbers, so that P(event) is as smooth in the lever as the
world is, and a difference of one recruit is not drowned in noise. Where the probability rises (or
falls) with the lever, bisection finds the value at which the goal is first met; that it does so is
not assumed: the neighbours and every pair of values tried are checked, and where they contradict
it all values are scanned. A value is tried with more and more replications until its probability
is more than three standard errors from the goal, or the most allowed are done; at the edge, on both
sides of the answer, all that are allowed are done, so that the answer does not rest on an early
stop.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from workforce_sim import ensemble
from workforce_sim.assessment import county_of
from workforce_sim.assessment.projection import provenance
from workforce_sim.assessment.uncertainty import probability
from workforce_sim.county import County
from workforce_sim.decision.levers import Lever, parse_lever
from workforce_sim.decision.outcome import Goal, parse_goal
from workforce_sim.decision.trial import run_trial
from workforce_sim.scenario import InputError, Scenario, load_scenario
from workforce_sim.scenario.errors import Problem

MORE = 4
"""An unsettled value gets at most so many times the replications asked for."""
SURE = 3.0
"""Standard errors from the goal at which a value is settled early."""
SCAN = 41
"""Values tried at most where a lever is scanned."""

Progress = Callable[[int, int], None]
"""Is told how many replications are done, and how many are expected."""


@dataclass(frozen=True)
class Seek:
    """What a search found.

    Attributes
    ----------
    scenario, county
        What was searched from.
    goal : Goal
    levers : tuple of Lever
    status : {"found", "already_met", "not_reached", "unfinished"}
        ``already_met``: the scenario as it is meets the goal (an answer is given all the same).
    answer : dict of path to value, or None
        One lever: the smallest value that meets the goal, or the largest where the probability
        falls with it. Several: the cheapest combination.
    method : {"bisection", "scan", "staircase"}
    tried : DataFrame
        One row a combination tried: its values, replications, ``p`` with its error, ``meets`` (p is
        at least the goal), ``settled`` (three standard errors from it), ``cost``.
    fresh : DataFrame
        The answer and, of one lever, the value next to it that does not meet the goal, tried again
        with other random numbers (the seed plus 1).
    frontier : DataFrame
        Several levers: the combinations that meet the goal and of which no lever can be lowered,
        with their cost.
    provenance : dict
    """

    scenario: Scenario
    county: County
    goal: Goal
    levers: tuple[Lever, ...]
    status: str
    answer: dict[str, float] | None
    method: str
    tried: pd.DataFrame
    fresh: pd.DataFrame
    frontier: pd.DataFrame
    provenance: dict[str, Any]

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name."""
        tables = {"tried": self.tried, "fresh": self.fresh, "frontier": self.frontier}
        return {name: table for name, table in tables.items() if len(table)}

    @property
    def bracket(self) -> tuple[float | None, float | None]:
        """One lever: the first value tried that may meet the goal, and the first that surely does.

        By Wilson's 95% intervals, in the order in which the probability rises; None for none.
        """
        path, rows = self.levers[0].path, self.tried
        falls = len(rows) > 1 and rows["p"].iloc[0] > rows["p"].iloc[-1]
        ends = []
        for bound in ("p_high", "p_low"):
            values = rows.loc[rows[bound] >= self.goal.least, path]
            ends.append(None if values.empty else float(values.max() if falls else values.min()))
        return ends[0], ends[1]

    @property
    def best(self) -> pd.Series[Any]:
        """The combination tried with the highest probability, of equals the cheapest."""
        order = self.tried.sort_values(["p", "cost"], ascending=[False, True], kind="stable")
        return order.iloc[0]


@dataclass
class _Search:
    """Values tried so far, each a point: one value a lever."""

    build: Callable[[list[str]], Scenario]
    county: County
    goal: Goal
    levers: tuple[Lever, ...]
    costs: dict[str, float]
    replications: int
    seed: int
    workers: int | None
    progress: Progress | None
    expected: int
    done: int = 0
    found: dict[tuple[float, ...], dict[str, Any]] = field(default_factory=dict)

    def meets(self, *point: float, fully: bool = False) -> bool:
        """Try a point, unless that was done, and say whether it meets the goal."""
        most = MORE * self.replications
        done = self.found[point]["replications"] if point in self.found else 0
        if not done or (fully and done < most):
            self.found[point] = self.tried(point, self.seed, most if fully else self.replications)
        return bool(self.found[point]["meets"])

    def tried(self, point: tuple[float, ...], seed: int, least: int) -> dict[str, Any]:
        """Simulate a point ``least`` times and until it is settled; return its row of the table."""
        changes = [
            text
            for lever, value in zip(self.levers, point, strict=True)
            for text in lever.overrides(value)
        ]
        scenario = self.build(changes)
        held: list[np.ndarray] = []
        done, p, settled = 0, {}, False
        while done < least or (not settled and done < MORE * self.replications):
            trial = run_trial(
                scenario,
                self.county,
                replications=self.replications,
                seed=seed,
                workers=self.workers,
                first=done,
            )
            self.goal.event.check(trial.judged)
            held.append(self.goal.event.holds(trial.judged))
            done += self.replications
            p = {name: float(x) for name, x in probability(np.concatenate(held), 0).items()}
            settled = abs(p["p"] - self.goal.least) > SURE * p["p_se"]
            self.done += self.replications
            if self.progress is not None:
                self.progress(self.done, max(self.expected, self.done))
        return {
            **{lever.path: value for lever, value in zip(self.levers, point, strict=True)},
            "replications": done,
            **p,
            "meets": p["p"] >= self.goal.least,
            "settled": settled,
            "cost": sum(
                self.costs.get(lever.path, 0) * value
                for lever, value in zip(self.levers, point, strict=True)
            ),
        }

    def cheapest(self) -> tuple[float, ...] | None:
        """Return the cheapest point that meets the goal; of equals the one with lower levers."""
        meeting = [point for point, row in self.found.items() if row["meets"]]
        return min(meeting, key=lambda point: (self.found[point]["cost"], point), default=None)

    def contradicted(self) -> bool:
        """Say whether the points of one lever contradict that p rises, and that it falls."""
        rows = [self.found[point] for point in sorted(self.found)]
        pairs = [(a, b) for n, a in enumerate(rows) for b in rows[n + 1 :]]
        rises = any(a["p_high"] < b["p_low"] for a, b in pairs)
        falls = any(a["p_low"] > b["p_high"] for a, b in pairs)
        return rises and falls

    def table(self, rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
        """Return points tried as a table."""
        columns = ["replications", "p", "p_se", "p_low", "p_high", "meets", "settled", "cost"]
        return pd.DataFrame(rows, columns=[*(lever.path for lever in self.levers), *columns])


def seek(
    scenario: str | Path,
    levers: str | Sequence[str],
    goal: str,
    *,
    replications: int = 1000,
    seed: int = 2021,
    workers: int | None = None,
    overrides: Sequence[str] = (),
    years: str | None = None,
    county: County | None = None,
    progress: Progress | None = None,
) -> Seek:
    """Search for the smallest change of a scenario that meets a goal.

    Parameters
    ----------
    scenario : path
        The scenario's file; its levers are set as by ``--set``.
    levers : str or sequence of str
        Such as ``arts_pe.recruits_per_year=0..60``: see `parse_lever`.
    goal : str
        Such as ``P(L3 primary, 2025) >= 0.95``: see `parse_goal`.
    replications : int
        For each value tried; up to four times as many where the answer is close.
    seed : int
        The same for every value.
    workers, overrides, years, county
        As of ``simulate`` and ``load_scenario``.
    progress : callable, optional
        Is told how many replications are done, and how many are expected: a guess, which grows.

    Returns
    -------
    Seek

    Raises
    ------
    InputError
        If the scenario, a lever or the goal is wrong.
    """
    base = load_scenario(scenario, overrides=overrides, years=years)
    county = county or county_of(base)
    texts = [levers] if isinstance(levers, str) else list(levers)
    parsed: list[Lever] = []
    problems: list[Problem] = []
    try:
        asked = parse_goal(goal, base.judged_year)
    except InputError as error:
        problems += error.problems
    for text in texts:
        try:
            parsed.append(parse_lever(text, base))
        except InputError as error:
            problems += error.problems
    if len({lever.path for lever in parsed}) < len(parsed):
        problems.append(Problem("--lever", None, ", ".join(texts), "a lever is named twice"))
    if problems:
        raise InputError(problems)
    several = len(parsed) > 1
    search = _Search(
        build=lambda changes: load_scenario(
            scenario, overrides=[*overrides, *changes], years=years
        ),
        county=county,
        goal=asked,
        levers=tuple(parsed),
        costs={path: float(cost) for path, cost in base.costs.per_unit.items()},
        replications=replications,
        seed=seed,
        workers=workers,
        progress=progress,
        expected=_expected(parsed) * replications,
    )
    frontier: list[tuple[float, ...]] = []
    again: list[dict[str, Any]] = []
    answer: tuple[float, ...] | None
    method, stopped = "bisection", False
    try:
        if several:
            method = "staircase"
            _staircase(search, frontier)
            answer = search.cheapest()
            edge = [] if answer is None else [answer]
        else:
            answer, method = _one(search)
            edge = _edge(search, answer)
        other = (seed + 1) % 2**64
        again = [search.tried(point, other, MORE * replications) for point in edge]
    except (KeyboardInterrupt, ensemble.Interrupted):
        if not search.found:
            raise
        stopped = True
        answer = search.cheapest() if several else _nearest_to_missing(search)
    return Seek(
        scenario=base,
        county=county,
        goal=asked,
        levers=search.levers,
        status="unfinished" if stopped else _status(search, answer),
        answer=None if answer is None else _named(search.levers, answer),
        method=method,
        tried=search.table([search.found[point] for point in sorted(search.found)]),
        fresh=search.table(again),
        frontier=search.table([search.found[point] for point in sorted(frontier)]).sort_values(
            "cost", kind="stable", ignore_index=True
        ),
        provenance=provenance(
            base, county, seed=seed, replications=replications, requested=replications
        )
        | {"goal": str(asked), "levers": texts, "complete": not stopped},
    )


def _one(search: _Search) -> tuple[tuple[float] | None, str]:
    """Search one lever; return the answer and the method that found it."""
    values, now = search.levers[0].values, search.levers[0].now
    if now in values:
        search.meets(now)
    low, high = 0, len(values) - 1
    at_low, at_high = search.meets(values[low]), search.meets(values[high])
    if at_low != at_high:
        while high - low > 1:
            middle = (low + high) // 2
            if search.meets(values[middle]) == at_low:
                low = middle
            else:
                high = middle
        answer = low if at_low else high
        back = 1 if at_low else -1  # towards the values that do not meet it
        while not search.meets(values[answer], fully=True) and 0 < answer < len(values) - 1:
            answer -= back
        while search.meets(values[answer + back], fully=True):
            answer += back
        if 0 <= answer - back < len(values):
            search.meets(values[answer - back])
        if not search.contradicted():
            return (values[answer],), "bisection"
    elif not search.contradicted() and not _turns(search):
        return ((values[low],) if at_low else None), "bisection"
    for nth in np.unique(np.linspace(0, len(values) - 1, min(SCAN, len(values))).astype(int)):
        search.meets(values[nth])
    meeting = [point for point in sorted(search.found) if search.found[point]["meets"]]
    return (meeting[0][:1] if meeting else None), "scan"  # type: ignore[return-value]


def _edge(search: _Search, answer: tuple[float] | None) -> list[tuple[float, ...]]:
    """Return the answer and the value tried next to it that does not meet the goal."""
    if answer is None:
        return []
    missing = [point for point, row in search.found.items() if not row["meets"]]
    nearest = min(missing, key=lambda point: abs(point[0] - answer[0]), default=None)
    return sorted([answer, *([nearest] if nearest else [])])


def _nearest_to_missing(search: _Search) -> tuple[float, ...] | None:
    """Return the best so far of one lever: the value that meets it, next to those that do not."""
    meeting = sorted(point for point, row in search.found.items() if row["meets"])
    missing = [point for point, row in search.found.items() if not row["meets"]]

    def distance(point: tuple[float, ...]) -> float:
        return min((abs(point[0] - other[0]) for other in missing), default=0.0)

    return min(meeting, key=distance, default=None)


def _turns(search: _Search) -> bool:
    """Look inside the bounds, at thirds, for a turn that both ends hide."""
    values = search.levers[0].values
    inside = [values[(len(values) - 1) * nth // 3] for nth in (1, 2)]
    ends = search.meets(values[0])
    return any(search.meets(value) != ends for value in inside) or search.contradicted()


def _staircase(search: _Search, frontier: list[tuple[float, ...]]) -> None:
    """Walk along the lowest values of the last lever that meet the goal, for all of the others.

    The probability is taken to rise with every lever; where a lower value of the others needs no
    more of the last one than a higher value does, the higher one is left out of the frontier.
    """
    *others, last = search.levers
    upper: dict[tuple[float, ...], int] = {}
    for point in product(*(range(len(lever.values)) for lever in others)):
        below = [
            upper[(*point[:axis], nth - 1, *point[axis + 1 :])]
            for axis, nth in enumerate(point)
            if nth > 0
        ]
        top = min(below, default=len(last.values))  # no more of the last one than with less here
        values = tuple(lever.values[nth] for lever, nth in zip(others, point, strict=True))
        high = top
        if top == len(last.values) and search.meets(*values, last.values[-1]):
            high = top - 1
        if high < len(last.values):
            low = -1
            while high - low > 1:
                middle = (low + high) // 2
                if search.meets(*values, last.values[middle]):
                    high = middle
                else:
                    low = middle
        upper[point] = high
        if high < top or (not below and high < len(last.values)):
            frontier.append((*values, last.values[high]))


def _expected(levers: Sequence[Lever]) -> int:
    """Return how often so many replications are run, unless the search has to scan."""
    bisected = int(np.ceil(np.log2(len(levers[-1].values)))) + 2
    rows = int(np.prod([len(lever.values) for lever in levers[:-1]], initial=1))
    edge = 4 * MORE if len(levers) == 1 else MORE  # both sides of it, and again with fresh numbers
    return bisected * rows + edge


def _status(search: _Search, answer: tuple[float, ...] | None) -> str:
    if answer is None:
        return "not_reached"
    now = tuple(lever.now for lever in search.levers if lever.now is not None)
    known = search.found.get(now)
    return "already_met" if known is not None and known["meets"] else "found"


def _named(levers: Sequence[Lever], point: Sequence[float]) -> dict[str, float]:
    return {lever.path: value for lever, value in zip(levers, point, strict=True)}
