"""SimPy, next events: each teacher is a process that sleeps until the day of leaving.

The clock counts months: whole numbers are the ends of months, fractions the days within.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import simpy

from benchmarks.peers.people import AUGUST, JUNE, Rules
from benchmarks.peers.workload import Workload

Process = Iterator[simpy.Event]
SEPTEMBER = AUGUST + 1
FIRST, MIDDLE, TWENTIETH, TWENTY_FIFTH = 0.01, 0.5, 0.65, 0.8


@dataclass(eq=False, slots=True)
class Teacher:
    sex: int
    birth: int
    school: int
    subject: int
    specialist: bool
    qualified: bool
    award: int
    service: int
    arrival: int
    legal: int


class County:
    """One replication."""

    def __init__(self, workload: Workload, seed: str) -> None:
        self.workload = workload
        self.env = simpy.Environment()
        self.rules = Rules(workload, random.Random(seed))
        self.staff: dict[Teacher, None] = {}  # a set that keeps its order, whatever the hashes
        for person in self.rules.roster():
            self.join(Teacher(**person), workload.first_month)

    def run(self) -> list[list[float]]:
        for rule in (self.backbone, self.hiring, self.rotation, self.census):
            self.env.process(rule())
        self.env.run(until=12 * self.workload.years + FIRST)
        return self.rules.rows

    def join(self, teacher: Teacher, start: int) -> None:
        self.staff[teacher] = None
        self.env.process(self.career(teacher, start))

    def career(self, teacher: Teacher, start: int) -> Process:
        last = self.rules.last_month(teacher, start)
        if last < self.workload.end:
            yield self.env.timeout(last + 1 - self.workload.first_month - self.env.now)
            self.leave(teacher, last)

    def leave(self, teacher: Teacher, month: int) -> None:
        del self.staff[teacher]
        self.rules.gone(teacher, month)

    def each_year(self, month: int, day: float) -> Iterator[tuple[int, simpy.Event]]:
        for year in range(self.workload.years):
            at = 12 * year + month
            yield self.workload.first_month + at, self.env.timeout(at + day - self.env.now)

    def backbone(self) -> Process:
        for month, wait in self.each_year(JUNE, MIDDLE):
            yield wait
            self.rules.backbone(self.staff, month)

    def hiring(self) -> Process:
        for month, wait in self.each_year(AUGUST, TWENTIETH):
            yield wait
            for person in list(self.rules.hiring(self.staff, month)):
                self.join(Teacher(**person), month + 1)

    def rotation(self) -> Process:
        for month, wait in self.each_year(AUGUST, TWENTY_FIFTH):
            yield wait
            self.rules.rotation(self.staff, month)

    def census(self) -> Process:
        for _, wait in self.each_year(SEPTEMBER, FIRST):
            yield wait
            self.rules.census(self.staff)


def prepare(path: Path) -> Workload:
    return Workload.load(path)


def simulate(workload: Workload, seed: int, replications: int) -> list[list[list[float]]]:
    return [County(workload, f"{seed} {nth}").run() for nth in range(replications)]
