"""The limit: to draw as many uniform numbers as the engine draws, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

SAMPLED = 2
"""Replications in which the draws are counted."""


def prepare(path: Path) -> int:
    """Return how many numbers the engine draws in a replication of the common rules."""
    counted = subprocess.run(
        [sys.executable, "-m", __name__],
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    numbers = int(counted.stdout)
    simulate(numbers, 0, 1)
    return numbers


def simulate(numbers: int, seed: int, replications: int) -> None:
    from workforce_sim.simulation.draws import decision_code, fill_uniforms

    person, out = np.arange(numbers, dtype=np.uint32), np.empty(numbers)
    key, code = np.uint64(seed), decision_code("limit")
    for replication in range(replications):
        fill_uniforms(key, np.uint32(replication), code, 0, person, numbers, out)


def count() -> int:
    """Count the draws of a replication; for this nothing may be compiled."""
    from benchmarks.peers.engine import blocks, common
    from workforce_sim.simulation import draws

    drawn, generate = 0, draws.philox

    def counted(*words):
        nonlocal drawn
        drawn += 1
        return generate(*words)

    draws.philox = counted
    for _ in blocks(common(), 0, SAMPLED):
        pass
    if drawn == 0:
        raise SystemExit("the engine draws its numbers in a way that is not counted here")
    return drawn // SAMPLED


if __name__ == "__main__":
    print(count())
