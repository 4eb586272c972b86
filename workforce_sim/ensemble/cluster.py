"""Blocks on the workers of a Dask cluster: several processes of this machine, or many machines.

Scenario and county go to a worker once, when it joins; a task is the numbers of a block's
replications, and its result comes back packed. A lost worker's blocks are run again by Dask.

Needs the extra ``cluster``: import this module only when a cluster is asked for.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import CancelledError, Executor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from functools import partial

from distributed import Client, LocalCluster, Security, Worker, WorkerPlugin
from distributed.comm.core import connect as connect_to

from workforce_sim.county.model import County
from workforce_sim.ensemble.blocks import submitted
from workforce_sim.ensemble.checkpoint import Checkpoint
from workforce_sim.ensemble.errors import ClusterError, Failure
from workforce_sim.ensemble.identity import differences, digest, engine, identity_of
from workforce_sim.ensemble.packing import pack, unpack
from workforce_sim.scenario.errors import InputError, Problem
from workforce_sim.scenario.schema import Scenario
from workforce_sim.simulation.block import Levels, simulate_block
from workforce_sim.simulation.ledger import Ledger

LOCAL = "local"
"""The address of a cluster of processes on this machine."""
LEAVE_CTRL_C = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
"""What processes started here run first: the terminal sends them Ctrl-C, too."""
PATIENCE = 6
"""Seconds to wait for a scheduler, and for its first worker."""


@contextmanager
def connect(address: str, workers: int | None = None) -> Iterator[Cluster]:
    """Give a cluster whose workers are all of this version.

    Parameters
    ----------
    address : str
        ``tcp://host:port`` of a scheduler, or ``local`` to start processes on this machine, which
        nothing outside it can reach.
    workers : int, optional
        Processes of a ``local`` cluster; by default one a core.

    Raises
    ------
    InputError
        If there is no answer, or no worker, within `PATIENCE`; or if a worker lacks the package, or
        has another version of it, of its law, or of the libraries it computes with.
    """
    if address != LOCAL and workers is not None:
        raise _refused(address, "its workers are there already: leave out --workers")
    with ExitStack() as stack:
        stack.enter_context(_silence())
        if address == LOCAL:
            cluster = stack.enter_context(
                LocalCluster(
                    n_workers=workers,
                    threads_per_worker=1,
                    host="127.0.0.1",
                    dashboard_address="127.0.0.1:0",
                    preload=LEAVE_CTRL_C,
                )
            )
            address = cluster.scheduler_address
        try:
            with ThreadPoolExecutor(1) as thread:  # a notebook has a loop of its own in this one
                thread.submit(asyncio.run, _answers(address)).result()
            client = stack.enter_context(Client(address, timeout=PATIENCE, set_as_default=False))
        except Exception as error:  # whatever answers there instead may cause any
            reason = f"no Dask scheduler answers there: {str(error) or type(error).__name__}"
            raise _refused(address, reason) from error
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            raise _refused(address, "the scheduler has no workers yet: start some first") from None
        _check_workers(client, address)
        yield Cluster(client)


GONE = "the scheduler is gone, or has cancelled the run"


class Cluster:
    """Workers that are of this version; made by `connect`."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def simulated(
        self,
        scenario: Scenario,
        county: County,
        seed: int,
        blocks: list[range],
        levels: Levels | None = None,
        checkpoint: Checkpoint | None = None,
    ) -> Generator[tuple[range, Ledger | Failure]]:
        """Yield blocks, or their failures, as the workers finish them.

        Raises
        ------
        ClusterError
            If the scheduler is gone, or cancels the run.
        """
        run = digest(identity_of(scenario, county, seed))
        work = _Work(partial(_packed, scenario, county, seed, levels, run))
        client = self._client
        client.register_plugin(work)
        try:
            executor = client.get_executor(pure=False)
            for block, content in submitted(executor, partial(_asked, work.name), blocks):
                if isinstance(content, Failure):
                    yield block, content
                    continue
                if checkpoint is not None:
                    checkpoint.store(block, content)
                yield block, unpack(content, run, block)
        except CancelledError:
            raise ClusterError(GONE) from None
        finally:
            with suppress(Exception):  # the cluster may be gone
                executor.shutdown(wait=False)
                client.unregister_worker_plugin(work.name)

    @property
    def workers(self) -> int:
        """How many tasks it can do at a time."""
        return sum(self._client.nthreads().values())

    @contextmanager
    def executor(self) -> Iterator[Executor]:
        """Give an executor whose tasks the workers do.

        Raises
        ------
        ClusterError
            If the scheduler is gone, or cancels the tasks.
        """
        executor = self._client.get_executor(pure=False)
        try:
            yield executor
        except CancelledError:
            raise ClusterError(GONE) from None
        finally:
            with suppress(Exception):  # the cluster may be gone
                executor.shutdown(wait=False)


_WORK: dict[str, Callable[[range], bytes]] = {}
"""On a worker: what to do with a block, for each run that is going on."""


class _Work(WorkerPlugin):
    """Gives what a run's blocks have in common to each worker, also to those that join later."""

    def __init__(self, packed: Callable[[range], bytes]) -> None:
        self.name = f"workforce-sim-{uuid.uuid4().hex}"
        self.packed, self.engine = packed, engine()

    def setup(self, worker: Worker) -> None:
        """Take the run, unless this worker would simulate something else."""
        if other := differences(engine(), self.engine):
            raise RuntimeError(f"another version on this worker: {'; '.join(other)}")
        _WORK[self.name] = self.packed

    def teardown(self, worker: Worker) -> None:
        """Forget the run."""
        _WORK.pop(self.name, None)


def _asked(name: str, block: range) -> bytes:
    return _WORK[name](block)


def _packed(
    scenario: Scenario,
    county: County,
    seed: int,
    levels: Levels | None,
    run: str,
    block: range,
) -> bytes:
    return pack(simulate_block(scenario, county, seed, block, levels), run, block)


async def _answers(address: str) -> None:
    """Raise unless a Dask scheduler answers: the client would wait for one that is silent."""
    tls = Security().get_connection_args("client")
    async with asyncio.timeout(PATIENCE):
        comm = await connect_to(address, timeout=PATIENCE, **tls)
    comm.abort()


def _check_workers(client: Client, address: str) -> None:
    """Refuse workers that would simulate something else."""

    def there() -> dict[str, str] | str:  # inside, so that a worker without the package can run it
        try:
            from workforce_sim.ensemble.identity import engine as theirs

            return theirs()
        except Exception as error:
            return f"workforce_sim cannot be used there: {error}"

    ours = engine()
    problems = []
    for worker, found in sorted(client.run(there).items()):
        told = [found] if isinstance(found, str) else differences(found, ours)
        problems += [
            Problem("--cluster", None, f"{address}, worker {worker}", what) for what in told
        ]
    if problems:
        raise InputError(problems)


@contextmanager
def _silence() -> Iterator[None]:
    """Keep Dask's own lines off the terminal: what matters of them is told by exceptions."""
    names = "distributed", "distributed.client", "tornado.application"
    loggers = [logging.getLogger(name) for name in names]
    levels = [logger.level for logger in loggers]
    try:
        for logger in loggers:
            logger.setLevel(logging.CRITICAL + 1)
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _refused(address: str, message: str) -> InputError:
    return InputError([Problem("--cluster", None, address, message)])
