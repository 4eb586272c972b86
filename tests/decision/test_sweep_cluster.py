"""Sweeps over a real Dask cluster on loopback: a worker killed, a scheduler that goes away."""

import threading

import pytest

from tests.decision.test_sweep import POLICIES, REPLICATIONS, files, province, swept, whole
from tests.test_cli import command

pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
from tests.ensemble.test_cluster import scheduler, wait_for, worker
from workforce_sim.decision.sweep import sweep
from workforce_sim.ensemble import ClusterError
from workforce_sim.ensemble.cluster import connect

__all__ = ["province", "whole"]  # fixtures


def test_same_bytes_although_a_worker_is_killed(province, whole, tmp_path):
    with scheduler(tmp_path) as (address, _), worker(address) as lost, worker(address):
        wait_for(address, 2)

        def kill(done, _):
            if done >= 2 * REPLICATIONS:
                lost.kill()

        with connect(address) as cluster, cluster.executor() as executor:
            assert cluster.workers == 2
            there = swept(
                province,
                tmp_path / "there",
                executor=executor,
                workers=cluster.workers,
                progress=kill,
            )
        assert lost.poll() is not None
    assert not there.failures
    assert files(there.folder) == files(whole.folder)


def test_a_scheduler_that_goes_away(province, whole, tmp_path):
    """The sweep ends with a reason; the counties that are done are kept, and it can go on."""
    folder = tmp_path / "there"
    asked = {"policies": POLICIES, "replications": REPLICATIONS}
    with scheduler(tmp_path) as (address, process), worker(address):
        wait_for(address, 1)

        def kill(done, _):
            if done == (2 + len(POLICIES)) * REPLICATIONS:  # the first county, and more
                process.kill()

        with (
            connect(address) as cluster,
            pytest.raises(ClusterError),
            cluster.executor() as executor,
        ):
            sweep(province, folder, executor=executor, workers=1, progress=kill, **asked)
    done = swept(province, folder, resume=True)
    assert len(done.kept) == 1
    assert files(folder) == files(whole.folder)


def test_the_command_sweeps_on_a_cluster_of_this_machine(province, tmp_path):
    folder, here = tmp_path / "there", tmp_path / "here"
    asked = ["sweep", province, "--policies", ",".join(POLICIES), "--replications", 3, "--out"]
    done = command(*asked, folder, "--cluster", "local", "--workers", 2)
    assert done.returncode == 0, done.err
    assert command(*asked, here, "--workers", 1).returncode == 0
    assert files(folder) == files(here)


def test_a_cluster_that_does_not_answer(province, tmp_path):
    asked = ["sweep", province, "--out", tmp_path / "there", "--cluster", "tcp://127.0.0.1:9"]
    done = command(*asked)
    assert done.returncode == 2
    assert "no Dask scheduler answers there" in done.err
    assert not (tmp_path / "there").exists()


def test_the_command_says_that_the_cluster_is_gone(province, tmp_path):
    asked = ["--policies", "arts-pe-40", "--replications", 20_000, "--out", tmp_path / "there"]
    with scheduler(tmp_path) as (address, process), worker(address):
        wait_for(address, 1)
        killer = threading.Timer(6, process.kill)
        killer.start()
        done = command("sweep", province, *asked, "--cluster", address, "--lang", "en")
        killer.join()
    assert done.returncode == 3, done.err
    assert "does not answer any more" in done.out
    assert "--resume" in done.out
