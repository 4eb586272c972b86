"""A real Dask cluster on loopback: same bytes, also if a worker is killed; what it refuses."""

import json
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

pytest.importorskip("distributed", reason="the extra cluster is not installed")

from tests.ensemble.test_ensemble import COUNTY, SCENARIO, arrays
from workforce_sim import ensemble
from workforce_sim.ensemble import cluster as clusters
from workforce_sim.scenario import InputError

WORKERS = 3


def run(**more):
    return ensemble.run(SCENARIO, COUNTY, replications=3000, seed=5, **more)


def content(ledger):
    return {name: values.tobytes() for name, values in arrays(ledger).items()}


@pytest.fixture(scope="module")
def whole():
    return content(run(workers=1))


@pytest.fixture
def by_hand(tmp_path):
    """Start a scheduler and workers as an administrator does; yield its address and the workers."""
    file = tmp_path / "scheduler.json"
    python = [sys.executable, "-m"]
    none = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    here = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)]
    started = [subprocess.Popen([*python, "distributed.cli.dask_scheduler", *here], **none)]
    try:
        deadline = time.monotonic() + 60
        while not file.exists() or not file.read_text(encoding="utf-8"):
            assert time.monotonic() < deadline and started[0].poll() is None
            time.sleep(0.05)
        options = ["--scheduler-file", str(file), "--nthreads", "1", "--no-nanny", "--no-dashboard"]
        command = [*python, "distributed.cli.dask_worker", *options]
        started += [
            subprocess.Popen([*command, "--local-directory", str(tmp_path / str(nth))], **none)
            for nth in range(WORKERS)
        ]
        yield json.loads(file.read_text(encoding="utf-8"))["address"], started[1:]
    finally:
        for process in started:
            process.kill()
            process.wait()


def test_same_bytes_by_hand_with_one_of_three_workers_killed_midway(by_hand, whole):
    address, workers = by_hand
    with clusters.connect(address) as cluster:
        cluster._client.wait_for_workers(WORKERS, timeout=60)

        def kill(done):
            if workers[0].poll() is None:
                os.kill(workers[0].pid, getattr(signal, "SIGKILL", signal.SIGTERM))
                workers[0].wait()

        survived = run(cluster=cluster, progress=kill)
        assert workers[0].returncode and all(worker.poll() is None for worker in workers[1:])
        assert len(cluster._client.scheduler_info(n_workers=-1)["workers"]) == WORKERS - 1
    assert content(survived) == whole


def test_a_local_cluster_has_the_same_bytes_and_keeps_its_blocks(tmp_path, whole):
    kept = ensemble.Checkpoint(tmp_path, ensemble.identity(SCENARIO, COUNTY, 5))
    with clusters.connect("local", workers=2) as cluster:
        assert content(run(cluster=cluster, checkpoint=kept)) == whole
    kept = ensemble.Checkpoint(tmp_path, ensemble.identity(SCENARIO, COUNTY, 5), resume=True)
    assert content(run(checkpoint=kept)) == whole
    assert kept.used == 3000


def test_workers_of_another_version_are_refused(monkeypatch):
    ours = clusters.engine()
    monkeypatch.setattr(clusters, "engine", lambda: {**ours, "workforce-sim": "9.9"})
    with pytest.raises(InputError, match=r"9\.9 here"), clusters.connect("local", workers=1):
        pass


def test_a_scheduler_that_is_silent_or_not_there_is_told_soon():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        for address in (f"tcp://127.0.0.1:{port}", "tcp://127.0.0.1:1", "no address"):
            begun = time.monotonic()
            with pytest.raises(InputError, match="no Dask scheduler"), clusters.connect(address):
                pass
            assert time.monotonic() - begun < 10
