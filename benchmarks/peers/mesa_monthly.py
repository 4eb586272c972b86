"""Mesa 3 as its tutorials teach it: agents that step once a month, through their AgentSet.

The order within a month does not matter, so that ``do`` serves, which is faster than
``shuffle_do``. Whoever leaves is taken out by ``Agent.remove``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import mesa

from benchmarks.peers.people import AUGUST, JUNE, Rules
from benchmarks.peers.workload import Workload

SEPTEMBER = AUGUST + 1


class Teacher(mesa.Agent):
    def __init__(self, model: mesa.Model, **person: Any) -> None:
        super().__init__(model)
        self.__dict__.update(person)

    def step(self) -> None:
        model = self.model
        if model.rules.leaves(self, model.month):
            model.rules.gone(self, model.month)
            self.remove()


class County(mesa.Model):
    """One replication."""

    def __init__(self, workload: Workload, seed: int) -> None:
        super().__init__(seed=seed)
        self.rules = Rules(workload, self.random)
        self.month = workload.first_month
        for person in self.rules.roster():
            Teacher(self, **person)

    def step(self) -> None:
        of_year, newcomers = self.month % 12, []
        if of_year == SEPTEMBER:
            self.rules.census(self.agents)
        elif of_year == JUNE:
            self.rules.backbone(self.agents, self.month)
        elif of_year == AUGUST:
            newcomers = list(self.rules.hiring(self.agents, self.month))
            self.rules.rotation(self.agents, self.month)
        self.agents.do("step")
        for person in newcomers:  # who are exposed from the next month on, and cannot rotate yet
            Teacher(self, **person)
        self.month += 1


def prepare(path: Path) -> Workload:
    return Workload.load(path)


def simulate(workload: Workload, seed: int, replications: int) -> list[list[list[float]]]:
    rows = []
    for nth in range(replications):
        county = County(workload, 10_000 * seed + nth)
        for _ in range(12 * workload.years):
            county.step()
        rows.append(county.rules.rows)
        county.remove_all_agents()  # Mesa keeps each model for as long as the process lives
    return rows
