"""The limit: to read the pool's arrays once a census, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Arrays(NamedTuple):
    words: NDArray[np.uint64]  # of a block
    block: int
    censuses: int


def prepare(path: Path) -> Arrays:
    from benchmarks.peers.engine import BLOCK, common
    from workforce_sim.simulation.block import set_up

    scenario, county = common()
    people = set_up(scenario, county, 0, range(BLOCK)).pool.people
    size = sum(field.nbytes for field in people)
    return Arrays(np.ones(size // 8, np.uint64), BLOCK, len(scenario.years.range))


def simulate(arrays: Arrays, seed: int, replications: int) -> None:
    for _ in range(arrays.censuses * replications // arrays.block):
        arrays.words.sum()
