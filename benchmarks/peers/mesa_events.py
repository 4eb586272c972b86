"""Mesa 3 with its scheduler of events, which its documentation calls experimental.

Nobody steps: each teacher's leaving is an event, and so is each rule's day.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import mesa
from mesa.experimental.devs import DEVSimulator

from benchmarks.peers.people import AUGUST, JUNE, Rules
from benchmarks.peers.simpy_events import FIRST, MIDDLE, SEPTEMBER, TWENTIETH, TWENTY_FIFTH
from benchmarks.peers.workload import Workload


class Teacher(mesa.Agent):
    def __init__(self, model: County, start: int, **person: Any) -> None:
        super().__init__(model)
        self.__dict__.update(person)
        self.last = model.rules.last_month(self, start)
        if self.last < model.workload.end:
            model.at(self.last + 1, 0.0, self.leave)

    def leave(self) -> None:
        self.model.rules.gone(self, self.last)
        self.remove()


class County(mesa.Model):
    """One replication."""

    def __init__(self, workload: Workload, simulator: DEVSimulator, seed: int) -> None:
        super().__init__(seed=seed)
        self.workload, self.simulator = workload, simulator
        simulator.setup(self)
        self.rules = Rules(workload, self.random)
        for person in self.rules.roster():
            Teacher(self, workload.first_month, **person)
        for year in range(workload.years):
            january = workload.first_month + 12 * year
            june, august = january + JUNE, january + AUGUST
            self.at(june, MIDDLE, self.rules.backbone, self.agents, june)
            self.at(august, TWENTIETH, self.hire, august)
            self.at(august, TWENTY_FIFTH, self.rules.rotation, self.agents, august)
            self.at(january + SEPTEMBER, FIRST, self.rules.census, self.agents)

    def at(self, month: int, day: float, what: Callable[..., None], *arguments: Any) -> None:
        time = month - self.workload.first_month + day
        self.simulator.schedule_event_absolute(what, time, function_args=[*arguments])

    def hire(self, month: int) -> None:
        for person in list(self.rules.hiring(self.agents, month)):
            Teacher(self, month + 1, **person)


def prepare(path: Path) -> Workload:
    return Workload.load(path)


def simulate(workload: Workload, seed: int, replications: int) -> list[list[list[float]]]:
    rows = []
    for nth in range(replications):
        simulator = DEVSimulator()
        county = County(workload, simulator, 10_000 * seed + nth)
        simulator.run_until(12 * workload.years + FIRST)
        rows.append(county.rules.rows)
        county.remove_all_agents()  # Mesa keeps each model for as long as the process lives
    return rows
