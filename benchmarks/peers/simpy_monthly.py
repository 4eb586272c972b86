"""SimPy, a process a teacher that wakes up at the end of every month."""

from __future__ import annotations

from benchmarks.peers import simpy_events
from benchmarks.peers.simpy_events import Process, Teacher, prepare
from benchmarks.peers.workload import Workload

__all__ = ["prepare", "simulate"]


class County(simpy_events.County):
    def career(self, teacher: Teacher, start: int) -> Process:
        month = start
        yield self.env.timeout(start + 1 - self.workload.first_month - self.env.now)
        while not self.rules.leaves(teacher, month):
            month += 1
            yield self.env.timeout(1)
        self.leave(teacher, month)


def simulate(workload: Workload, seed: int, replications: int) -> list[list[list[float]]]:
    return [County(workload, f"{seed} {nth}").run() for nth in range(replications)]
