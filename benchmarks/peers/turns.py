"""What happens in the process of a program: it reads the workload once, then it has its turns.

Nothing is imported here that needs much memory: see benchmarks/processes.py.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.processes import Seconds, timed

_states: dict[str, Any] = {}


class Turn(NamedTuple):
    """Some replications: how long they took, and what they found.

    ``sums`` and ``squares`` are those over replications of the MEASURES at each census; None of a
    program that simulates something else.
    """

    replications: int
    seconds: Seconds
    sums: list[list[float]] | None
    squares: list[list[float]] | None

    @classmethod
    def of(cls, replications: int, seconds: Seconds, rows: Any) -> Turn:
        import numpy as np

        if rows is None:
            return cls(replications, seconds, None, None)
        found = np.asarray(rows, float)
        sums, squares = found.sum(axis=0).tolist(), (found**2).sum(axis=0).tolist()
        return cls(replications, seconds, sums, squares)


def write_workload(path: Path) -> str:
    """Write the workload to a file; return how large it is, in words."""
    from benchmarks.peers import workload

    workload.write(path)
    w = workload.Workload.load(path)
    return f"{len(w.people['birth']):,} teachers, {w.schools} schools, {w.years} years"


def prepare(module: str, path: Path) -> Any:
    """Let a program read the workload; return its state if that is a number."""
    state = _states[module] = importlib.import_module(module).prepare(path)
    return state if isinstance(state, int) else None


def turn(module: str, seed: int, replications: int) -> Turn:
    simulate = importlib.import_module(module).simulate
    rows, seconds = timed(simulate, _states[module], seed, replications)
    return Turn.of(replications, seconds, rows)
