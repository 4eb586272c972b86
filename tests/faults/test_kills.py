"""`kill -9` and a full disk at random moments: each run resumes to the same bytes.

Three of each here; ``WORKFORCE_SIM_KILLS=50`` (`make test-deep`) for more.
"""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

KILLS = int(os.environ.get("WORKFORCE_SIM_KILLS", "3"))
PROGRAM = """
import hashlib, sys
from dataclasses import fields
from pathlib import Path
from tests.ensemble.test_ensemble import COUNTY, SCENARIO
from workforce_sim import ensemble

kept = ensemble.Checkpoint(
    Path(sys.argv[1]), ensemble.identity(SCENARIO, COUNTY, 5), resume=True
)
print("begun", flush=True)
try:
    ledger = ensemble.run(
        SCENARIO, COUNTY, replications=6000, seed=5, workers=2, checkpoint=kept
    )
except ensemble.StorageError as error:
    print(error)
    sys.exit(3)
sha = hashlib.sha256()
for field in fields(ledger):
    sha.update(getattr(ledger, field.name).tobytes())
print(kept.used, len(kept.damaged), sha.hexdigest())
"""


def start(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROGRAM, str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    assert process.stdout.readline() == "begun\n"
    return process


def finished(folder: Path) -> tuple[int, int, str]:
    """Run to the end: replications taken from the disk, damaged files, digest of the ledger."""
    process = start(folder)
    told, _ = process.communicate()
    assert process.returncode == 0, told
    used, damaged, digest = told.split()
    return int(used), int(damaged), digest


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    return finished(tmp_path_factory.mktemp("undisturbed"))[-1]


def test_killed_at_random_moments_it_goes_on_to_the_same_bytes(tmp_path, undisturbed):
    moment, used = random.Random(20), []
    for nth in range(KILLS):
        folder = tmp_path / f"{nth // 3}"  # each folder survives up to three kills
        process = start(folder)
        try:
            process.wait(timeout=moment.uniform(0, 1.2))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
        if nth % 3 == 2 or nth == KILLS - 1:
            taken, damaged, digest = finished(folder)
            assert (damaged, digest) == (0, undisturbed)
            used.append(taken)
    assert any(used)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can mount a small disk"
)
def test_a_full_disk_keeps_what_is_finished_and_it_goes_on(tmp_path, undisturbed):
    size = random.Random(21)
    for nth in range(KILLS):
        folder = tmp_path / f"{nth}"
        folder.mkdir()
        options = f"size={4 * size.randrange(20, 120)}k"
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=False
        )
        if mounted.returncode:
            pytest.skip("a small disk cannot be mounted here")
        try:
            process = start(folder / "blocks")
            told, _ = process.communicate()
            assert process.returncode == 3 and "No space left on device" in told
            assert not list(folder.rglob("*.unfinished"))
            subprocess.run(["mount", "-o", "remount,size=64m", str(folder)], check=True)
            used, damaged, digest = finished(folder / "blocks")
            assert (damaged, digest) == (0, undisturbed)
            assert used > 0
        finally:
            subprocess.run(["umount", "-l", str(folder)], check=True)
