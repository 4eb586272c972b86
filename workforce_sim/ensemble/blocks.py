"""Run many blocks and put them together.

A block is a fixed number of replications. Which thread or machine simulates it, and when, changes
nothing: every draw is keyed by the number of its replication.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from concurrent.futures import CancelledError, Executor, ThreadPoolExecutor, as_completed
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from workforce_sim.county.model import County
from workforce_sim.ensemble.checkpoint import Checkpoint
from workforce_sim.ensemble.errors import BlockError, Failure, Interrupted, StorageError
from workforce_sim.ensemble.gathering import Gathered
from workforce_sim.ensemble.packing import pack
from workforce_sim.scenario.schema import Scenario
from workforce_sim.simulation.block import Levels, simulate_block
from workforce_sim.simulation.ledger import Ledger

if TYPE_CHECKING:
    from workforce_sim.ensemble.cluster import Cluster

BLOCK = 250
"""Replications in a block."""

Progress = Callable[[int], None]
T = TypeVar("T")


def run(
    scenario: Scenario,
    county: County,
    *,
    replications: int,
    seed: int,
    workers: int | None = None,
    progress: Progress | None = None,
    levels: Levels | None = None,
    first: int = 0,
    checkpoint: Checkpoint | None = None,
    cluster: Cluster | None = None,
) -> Ledger:
    """Simulate ``replications`` of a scenario.

    Parameters
    ----------
    scenario, county
        What to simulate.
    replications : int
        At least 1.
    seed : int
        0 to 2**64 - 1. The same seed gives the same bytes, wherever its blocks are simulated.
    workers : int, optional
        Threads; by default as many as the machine has cores.
    progress : callable, optional
        Is told after each block how many replications are done.
    levels : mapping, optional
        Uniform numbers that decide these assumptions: see ``simulate_block``.
    first : int
        Number of the first replication, a multiple of the block: what goes on where an earlier run
        of so many replications ended.
    checkpoint : Checkpoint, optional
        Takes each block as soon as it is finished, and gives those that it has. It is of a run
        without ``levels``.
    cluster : Cluster, optional
        Simulates the blocks, in place of threads.

    Returns
    -------
    Ledger
        All replications, in order.

    Raises
    ------
    Interrupted
        On Ctrl-C; it holds the blocks that were finished.
    BlockError
        If blocks failed; it holds all others.
    StorageError
        If a block could not be written to the checkpoint, or the disk has no room for a ledger that
        is too large for the memory.
    ClusterError
        If the cluster does not answer any more.
    """
    if checkpoint is not None and levels is not None:
        raise ValueError("a checkpoint is of a run without levels")
    whole = range(first, first + replications)
    blocks = [range(s, min(s + BLOCK, whole.stop)) for s in whole[::BLOCK]]
    gathered, failures, waiting = Gathered(whole), list[Failure](), list[range]()

    def take(block: range, ledger: Ledger) -> None:
        gathered.add(block, ledger)
        if progress is not None:
            progress(gathered.done)

    try:
        for block in blocks:
            kept = None if checkpoint is None else checkpoint.load(block)
            if kept is None:
                waiting.append(block)
            else:
                take(block, kept)
        if cluster is not None:
            results = cluster.simulated(scenario, county, seed, waiting, levels, checkpoint)
        else:

            def simulated(block: range) -> Ledger:
                ledger = simulate_block(scenario, county, seed, block, levels)
                if checkpoint is not None:
                    checkpoint.store(block, pack(ledger, checkpoint.run, block))
                return ledger

            results = on_threads(simulated, waiting, workers)
        with closing(results):
            for block, result in results:
                if isinstance(result, Failure):
                    failures.append(result)
                else:
                    take(block, result)
    except KeyboardInterrupt:
        raise Interrupted(gathered) from None
    if failures:
        raise BlockError(gathered, sorted(failures, key=lambda f: f.block.start), seed)
    assert gathered.ledger is not None
    return gathered.ledger


def on_threads(
    simulated: Callable[[range], Ledger], blocks: list[range], workers: int | None
) -> Generator[tuple[range, Ledger | Failure]]:
    """Yield blocks, or their failures, as they are finished by threads of this process.

    Threads share the county, start at once, and no result is copied between them; the verbs run
    side by side, as they release Python's lock.
    """
    workers = min(workers or os.cpu_count() or 1, len(blocks))
    if workers <= 1:
        for block in blocks:
            yield block, _outcome(block, partial(simulated, block))
        return
    pool = ThreadPoolExecutor(workers)
    try:
        yield from submitted(pool, simulated, blocks)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def submitted(
    executor: Executor, task: Callable[[range], T], blocks: list[range]
) -> Generator[tuple[range, T | Failure]]:
    """Submit blocks to any executor, and yield results or failures as they come."""
    futures = {executor.submit(task, block): block for block in blocks}
    for future in as_completed(list(futures)):
        block = futures.pop(future)  # or else all results would be held until the end
        yield block, _outcome(block, future.result)


def _outcome(block: range, result: Callable[[], T]) -> T | Failure:
    """Return a result or, if the simulation failed, what there is to say of it."""
    try:
        return result()
    except (StorageError, CancelledError):
        raise
    except Exception as error:
        return Failure.of(block, error)
