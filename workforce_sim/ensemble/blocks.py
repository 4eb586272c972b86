"""Run many blocks and put them together.

A block is a fixed number of replications. Which process simulates it, and when, changes nothing:
every draw is keyed by the number of its replication.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool

from workforce_sim.county.model import County
from workforce_sim.scenario.schema import Scenario
from workforce_sim.simulation.block import Levels, simulate_block
from workforce_sim.simulation.ledger import Ledger

BLOCK = 100
"""Replications in a block."""
BLOCKS_WORTH_A_PROCESS = 20
"""A process takes about as long to start as these blocks take to simulate."""
RESTARTS = 3
"""How often killed worker processes are replaced before the run gives up."""

Progress = Callable[[int], None]


class Interrupted(KeyboardInterrupt):
    """The run was stopped by Ctrl-C.

    Attributes
    ----------
    ledger : Ledger or None
        The finished blocks, put together; None if there is none.
    kept : int
        Replications in them.
    """

    def __init__(self, finished: dict[range, Ledger]) -> None:
        super().__init__()
        self.ledger = _joined(finished) if finished else None
        self.kept = sum(len(block) for block in finished)


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
) -> Ledger:
    """Simulate ``replications`` of a scenario.

    Parameters
    ----------
    scenario, county
        What to simulate.
    replications : int
        At least 1.
    seed : int
        0 to 2**64 - 1. The same seed gives the same bytes, with any number of workers.
    workers : int, optional
        Processes; by default as many as are worth starting on this machine.
    progress : callable, optional
        Is told after each block how many replications are done.
    levels : mapping, optional
        Uniform numbers that decide these assumptions: see ``simulate_block``.
    first : int
        Number of the first replication, a multiple of the block: what goes on where an earlier run
        of so many replications ended.

    Returns
    -------
    Ledger
        All replications, in order.

    Raises
    ------
    Interrupted
        On Ctrl-C; it holds the blocks that were finished.
    """
    blocks = [
        range(start, min(start + BLOCK, first + replications))
        for start in range(first, first + replications, BLOCK)
    ]
    if workers is None:
        workers = min(os.cpu_count() or 1, len(blocks) // BLOCKS_WORTH_A_PROCESS)
    finished: dict[range, Ledger] = {}
    done = 0
    try:
        for block, ledger in _simulated(scenario, county, seed, blocks, workers, levels):
            finished[block] = ledger
            done += len(block)
            if progress is not None:
                progress(done)
    except KeyboardInterrupt:
        raise Interrupted(finished) from None
    return _joined(finished)


def _simulated(
    scenario: Scenario,
    county: County,
    seed: int,
    blocks: list[range],
    workers: int,
    levels: Levels | None,
) -> Iterator[tuple[range, Ledger]]:
    """Yield the blocks as they are finished."""
    if workers <= 1 or len(blocks) == 1:
        for block in blocks:
            yield block, simulate_block(scenario, county, seed, block, levels)
        return
    # One block here first: it compiles the verbs where that was not done yet, once for all workers.
    waiting = blocks[1:]
    yield blocks[0], simulate_block(scenario, county, seed, blocks[0], levels)
    for restart in range(RESTARTS + 1):
        pool = ProcessPoolExecutor(
            workers, multiprocessing.get_context("spawn"), initializer=_leave_ctrl_c_to_the_parent
        )
        try:
            for block, ledger in submitted(pool, scenario, county, seed, waiting, levels):
                waiting = [other for other in waiting if other != block]
                yield block, ledger
            return
        except BrokenProcessPool:  # a worker was killed: what it had not finished is done again
            if restart == RESTARTS:
                raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def submitted(
    executor: Executor,
    scenario: Scenario,
    county: County,
    seed: int,
    blocks: list[range],
    levels: Levels | None = None,
) -> Iterator[tuple[range, Ledger]]:
    """Submit blocks to any executor and yield them as they are finished."""
    futures = {
        executor.submit(simulate_block, scenario, county, seed, block, levels): block
        for block in blocks
    }
    for future in as_completed(futures):
        yield futures[future], future.result()


def _leave_ctrl_c_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _joined(finished: dict[range, Ledger]) -> Ledger:
    return Ledger.joined([finished[block] for block in sorted(finished, key=lambda b: b.start)])
