"""Kills and full disks at random moments: every run resumes to the same bytes.

Four times in the normal suite; INTERRUPTIONS says how often (``make test-deep``: 50).
"""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.ensemble.test_ensemble import COUNTY, SCENARIO
from tests.faults import interrupted
from workforce_sim import ensemble
from workforce_sim.assessment import simulate
from workforce_sim.ensemble.identity import digest
from workforce_sim.ensemble.packing import unpack
from workforce_sim.report.tables import write_tables
from workforce_sim.scenario import load_scenario
from workforce_sim.words import Words

ROUNDS = int(os.environ.get("INTERRUPTIONS", "4"))
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)
ROOT = Path(__file__).parents[2]
YANGCHENG = ROOT / "configs" / "yangcheng" / "scenario.yaml"


@pytest.fixture(scope="module")
def undisturbed():
    asked = {"replications": interrupted.REPLICATIONS, "seed": interrupted.SEED}
    return interrupted.digest(ensemble.run(SCENARIO, COUNTY, **asked))


@contextmanager
def started(folder, *options):
    process = subprocess.Popen(
        [sys.executable, interrupted.__file__, folder, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@contextmanager
def small_disk(folder, kilobytes):
    """Mount a disk of so many kilobytes, and give what makes it large."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", folder]
    if os.name != "posix" or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("a small disk can be mounted by root only")
    try:
        yield lambda: subprocess.run(["mount", "-o", "remount,size=64m", folder], check=True)
    finally:
        subprocess.run(["umount", folder], check=True)


def assert_whole(folder):
    """Check that every file with the name of a block is one."""
    run = digest(ensemble.identity_of(SCENARIO, COUNTY, interrupted.SEED))
    files = sorted(folder.glob("block-*.arrow"))
    for file in files:
        _, first, last = file.stem.split("-")
        unpack(file.read_bytes(), run, range(int(first), int(last) + 1))
    return len(files)


def main_killed(folder, chance):
    """Kill the process, twice at most."""
    for _ in range(chance.randint(1, 2)):
        with started(folder) as process:
            assert process.stdout.readline().strip() == "running"
            time.sleep(chance.uniform(0, 0.3))
            process.kill()
        assert_whole(folder)


def worker_killed(folder, chance):
    """Kill one of two workers; the run ends by itself."""
    if find_spec("distributed") is None:
        pytest.skip("the extra 'cluster' is not installed")
    with started(folder, "local") as process:
        worker = chance.choice(process.stdout.readline().split())
        assert process.stdout.readline().strip() == "running"
        time.sleep(chance.uniform(0, 0.3))
        os.kill(int(worker), KILL)
        out, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    assert_whole(folder)
    return out.strip()


def disk_full(folder, chance):
    """Let the disk be full at some block."""
    with started(folder) as process:
        out, _ = process.communicate(timeout=120)
    assert process.returncode == 3
    assert "No space left on device" in out
    assert assert_whole(folder) > 0
    assert not list(folder.glob("*.unfinished"))


@pytest.mark.parametrize("nth", range(ROUNDS))
def test_every_run_resumes_to_the_same_bytes(nth, tmp_path, undisturbed):
    chance = random.Random(nth)
    fault = (main_killed, disk_full, worker_killed)[nth % 3]
    if fault is disk_full:
        with small_disk(tmp_path, chance.randint(150, 400)) as enlarge:
            fault(tmp_path, chance)
            enlarge()
            kept, ledger = interrupted.run(tmp_path)
            assert kept.used > 0
    else:
        assert fault(tmp_path, chance) in (None, undisturbed)
        kept, ledger = interrupted.run(tmp_path)
    assert kept.damaged == []
    assert interrupted.digest(ledger) == undisturbed


def command(*arguments):
    process = subprocess.Popen(
        [sys.executable, "-m", "workforce_sim.cli", "run", YANGCHENG, *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "200"},
    )
    return process


def finished(*arguments):
    process = command(*arguments)
    out, err = process.communicate(timeout=300)
    assert "Traceback" not in out + err
    return process.returncode, out, err


def test_the_command_killed_and_resumed_writes_the_same_tables(tmp_path):
    asked = ("--seed", 5)
    out, blocks = tmp_path / "out", tmp_path / "out.blocks"
    process = command(*asked, "--replications", 100_000, "--out", out)
    deadline = time.monotonic() + 120
    while not list(blocks.glob("block-*.arrow")):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)
    process.kill()
    process.communicate()
    assert not out.exists()
    code, said, _ = finished(*asked, "--replications", 600, "--out", out, "--resume")
    assert code == 0
    assert f"次取自{blocks}" in said
    undisturbed = simulate(load_scenario(YANGCHENG), replications=600, seed=5)
    write_tables(undisturbed, tmp_path / "tables", Words("zh"))
    tables = sorted((tmp_path / "tables").iterdir())
    assert len(tables) > 2 * 15
    for table in tables:
        assert (out / "tables" / table.name).read_bytes() == table.read_bytes(), table.name
    code, said, err = finished(*asked, "--seed", 6, "--out", out, "--resume")
    assert (code, said) == (2, "")
    assert "seed: 5 there, 6 here" in err


def test_the_command_on_a_full_and_on_a_read_only_disk(tmp_path):
    with small_disk(tmp_path, 3000):
        out = tmp_path / "out"
        one = ("--workers", 1, "--out", out, "--lang", "en")  # the blocks come in their order
        code, said, _ = finished("--replications", 1500, *one)
        assert code == 3
        assert "No space left on device" in said
        assert "--resume" in said
        assert list((tmp_path / "out.blocks").glob("block-*.arrow"))
        # The blocks have room enough, but not the documents.
        code, said, err = finished("--replications", 250, *one, "--resume")
        assert code == 3
        assert "No space left on device" in err
        assert "--resume" in err
        assert not out.exists()
        subprocess.run(["mount", "-o", "remount,ro", tmp_path], check=True)
        code, said, err = finished("--replications", 250, *one)
        assert (code, said) == (2, "")
        assert "Read-only" in err
