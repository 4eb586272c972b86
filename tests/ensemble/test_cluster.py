"""A real Dask scheduler with workers on loopback: a worker killed, failures, refusals."""

import json
import os
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import pytest

from tests.ensemble.test_checkpoint import opened, same
from tests.ensemble.test_ensemble import COUNTY, SCENARIO
from workforce_sim import ensemble
from workforce_sim.ensemble import identity as identities
from workforce_sim.scenario import InputError

distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
from workforce_sim.ensemble.cluster import connect  # noqa: E402

ROOT = Path(__file__).parents[2]
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": ROOT}


@contextmanager
def started(module, *options, **environment):
    """Run a module of Dask as ``dask scheduler`` and ``dask worker`` do, until the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.{module}", *options],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        **QUIET,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def scheduler(folder):
    """Give the address of a scheduler on loopback, and itself."""
    file = folder / "scheduler.json"
    options = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show"]
    with started("dask_scheduler", *options, "--scheduler-file", file) as process:
        deadline = time.monotonic() + 60
        while not (file.exists() and file.read_text(encoding="utf-8").endswith("}")):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield json.loads(file.read_text(encoding="utf-8"))["address"], process


def worker(address, **environment):
    options = ["--no-nanny", "--nthreads", "1", "--host", "127.0.0.1", "--no-dashboard"]
    return started("dask_worker", address, *options, **environment)


def wait_for(address, workers):
    with distributed.Client(address, set_as_default=False) as client:
        client.wait_for_workers(workers, timeout=60)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A scheduler with three workers, started by hand."""
    with ExitStack() as stack:
        address, _ = stack.enter_context(scheduler(tmp_path_factory.mktemp("dask")))
        workers = [stack.enter_context(worker(address)) for _ in range(3)]
        wait_for(address, 3)
        yield address, workers


def test_a_block_that_fails_on_a_worker_is_told(place):
    """Levels for 200 replications only: the blocks after them fail where they are simulated."""
    levels = {"enrolment.level": np.full(200, 0.5)}
    asked = {"replications": 350, "seed": 5, "levels": levels}
    with connect(place[0]) as cluster, pytest.raises(ensemble.BlockError) as failed:
        ensemble.run(SCENARIO, COUNTY, cluster=cluster, **asked)
    assert [f.block for f in failed.value.failures] == [range(200, 300), range(300, 350)]
    assert "IndexError" in failed.value.log
    levels = {"enrolment.level": np.full(350, 0.5)}
    here = ensemble.run(SCENARIO, COUNTY, replications=200, seed=5, levels=levels)
    assert same(failed.value.ledger, here)


def test_workers_of_another_version_are_refused(place, monkeypatch):
    ours = {**identities.engine(), "workforce-sim": "9.9", "law": "of 2099"}
    monkeypatch.setattr("workforce_sim.ensemble.cluster.engine", lambda: ours)
    with pytest.raises(InputError) as refused, connect(place[0]):
        pass
    told = [str(problem) for problem in refused.value.problems]
    assert len(told) == 2 * 3
    assert sum("9.9 here" in line for line in told) == sum("of 2099 here" in line for line in told)


def test_a_worker_is_killed_midway_and_another_one_joins(place, tmp_path):
    """Three workers, one killed and one that comes late: same bytes as one process."""
    address, workers = place
    late = ExitStack()

    def kill(done):
        if workers[0].poll() is None and done >= 200:
            workers[0].kill()
            late.enter_context(worker(address))

    kept = opened(tmp_path)
    asked = {"replications": 6000, "seed": 5}
    with late, connect(address) as cluster:
        there = ensemble.run(
            SCENARIO, COUNTY, cluster=cluster, checkpoint=kept, progress=kill, **asked
        )
    assert workers[0].poll() is not None
    assert same(there, ensemble.run(SCENARIO, COUNTY, workers=1, **asked))
    resumed = ensemble.run(SCENARIO, COUNTY, checkpoint=(kept := opened(tmp_path)), **asked)
    assert kept.used == 6000
    assert same(resumed, there)


def test_a_scheduler_that_goes_away(tmp_path):
    """The run ends with a reason; what had come is kept."""
    with scheduler(tmp_path) as (address, process), worker(address):
        wait_for(address, 1)
        kept = opened(tmp_path / "blocks")
        with connect(address) as cluster, pytest.raises(ensemble.ClusterError):
            ensemble.run(
                SCENARIO,
                COUNTY,
                replications=100_000,
                seed=5,
                cluster=cluster,
                checkpoint=kept,
                progress=lambda done: process.kill() if done == 300 else None,
            )
    kept = opened(tmp_path / "blocks")
    assert kept.found >= 3
    resumed = ensemble.run(SCENARIO, COUNTY, replications=300, seed=5, checkpoint=kept)
    assert same(resumed, ensemble.run(SCENARIO, COUNTY, replications=300, seed=5))


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense", "http://127.0.0.1:9"])
def test_an_address_that_does_not_answer(address, monkeypatch):
    monkeypatch.setattr("workforce_sim.ensemble.cluster.PATIENCE", 1)
    with pytest.raises(InputError, match="no Dask scheduler"), connect(address):
        pass


def test_a_port_that_answers_nothing(monkeypatch):
    monkeypatch.setattr("workforce_sim.ensemble.cluster.PATIENCE", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(InputError, match="no Dask scheduler"), connect(address):
            pass


def test_a_scheduler_without_workers(tmp_path, monkeypatch):
    monkeypatch.setattr("workforce_sim.ensemble.cluster.PATIENCE", 2)
    with (
        scheduler(tmp_path) as (address, _),
        pytest.raises(InputError, match="no workers yet"),
        connect(address),
    ):
        pass


def test_a_cluster_on_this_machine():
    with connect("local", 2) as cluster:
        there = ensemble.run(SCENARIO, COUNTY, replications=350, seed=5, cluster=cluster)
    assert same(there, ensemble.run(SCENARIO, COUNTY, replications=350, seed=5))
    with pytest.raises(InputError, match="--workers"), connect("tcp://127.0.0.1:9", 2):
        pass
