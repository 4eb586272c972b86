"""Finished blocks on disk: going on, refusing, and noticing damage."""

import importlib
import json

import pytest

from tests.ensemble.test_ensemble import COUNTY, SCENARIO, arrays
from workforce_sim import ensemble
from workforce_sim.ensemble import blocks as running
from workforce_sim.ensemble import checkpoint as disk
from workforce_sim.scenario import InputError

identities = importlib.import_module("workforce_sim.ensemble.identity")


@pytest.fixture
def simulated(monkeypatch):
    """Return the first replication of each block that is simulated from here on."""
    original, blocks = running.simulate_block, []

    def simulate_block(scenario, county, seed, block, levels):
        blocks.append(block.start)
        return original(scenario, county, seed, block, levels)

    monkeypatch.setattr(running, "simulate_block", simulate_block)
    return blocks


def opened(folder, *, resume=True, scenario=SCENARIO, county=COUNTY, seed=5):
    return ensemble.Checkpoint(folder, ensemble.identity_of(scenario, county, seed), resume=resume)


def run(replications, kept=None, workers=2, **more):
    return ensemble.run(
        SCENARIO,
        COUNTY,
        replications=replications,
        seed=5,
        checkpoint=kept,
        workers=workers,
        **more,
    )


def same(ledger, other):
    return all(v.tobytes() == arrays(other)[n].tobytes() for n, v in arrays(ledger).items())


def test_going_on_after_ctrl_c_and_with_more_replications(tmp_path, simulated):
    def stop(done):
        if done == 200:
            raise KeyboardInterrupt

    with pytest.raises(ensemble.Interrupted):
        run(350, opened(tmp_path), workers=1, progress=stop)
    simulated.clear()
    told = []
    resumed = run(350, kept := opened(tmp_path), progress=told.append)
    assert (sorted(simulated), kept.used, told[:2]) == ([200, 300], 200, [100, 200])
    simulated.clear()
    longer = run(420, kept := opened(tmp_path))
    assert (sorted(simulated), kept.used) == ([300, 400], 300)  # the last one had been half a block
    assert same(resumed, run(350))
    assert same(longer, run(420))


@pytest.mark.parametrize("end", ["cut", "empty", "altered", "digest", "another block's"])
def test_a_damaged_block_is_noticed_and_simulated_again(tmp_path, simulated, end):
    run(350, opened(tmp_path))
    first, second, *_ = sorted(tmp_path.glob("block-*"))
    content = second.read_bytes()
    half = len(content) // 2
    second.write_bytes(
        {
            "cut": content[:half],
            "empty": b"",
            "altered": content[:half] + bytes([content[half] ^ 1]) + content[half + 1 :],
            "digest": content[:-1] + bytes([content[-1] ^ 1]),  # the rest can be read well
            "another block's": first.read_bytes(),
        }[end]
    )
    simulated.clear()
    again = run(350, kept := opened(tmp_path))
    assert (simulated, kept.damaged, kept.used) == ([100], [second.name], 250)
    assert second.read_bytes() == content
    assert same(again, run(350))


def test_a_block_is_there_as_a_whole_or_not_at_all(tmp_path, monkeypatch):
    """The writing is cut off at each of its steps; what is left is never read."""
    for step in ("write", "fsync", "replace"):
        folder = tmp_path / step
        kept = opened(folder)

        def fail(*_):
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch:
            if step == "fsync":
                patch.setattr(disk.os, "fsync", fail)
            elif step == "replace":
                patch.setattr(disk.Path, "replace", fail)
            else:
                patch.setattr(disk, "write_whole", fail)
            with pytest.raises(ensemble.StorageError, match="No space left on device"):
                run(200, kept)
        assert [path.name for path in folder.iterdir()] == [disk.MANIFEST]
    (folder / "block-000000000-000000099.arrow.7.unfinished").write_bytes(b"half a block")
    kept = opened(folder)
    assert same(run(200, kept), run(200))
    assert kept.used == 0
    assert not list(folder.glob("*.unfinished"))


@pytest.mark.parametrize(
    ("other", "named"),
    [
        ({"seed": 6}, ["seed: 5 there, 6 here"]),
        ({"scenario": SCENARIO.model_copy(update={"name": "b"}), "seed": 7}, ["scenario", "seed"]),
        ({"county": COUNTY.__class__(**{**vars(COUNTY), "census": 24250})}, ["county"]),
    ],
)
def test_another_run_is_refused_with_each_difference(tmp_path, simulated, other, named):
    run(100, opened(tmp_path))
    with pytest.raises(InputError) as refused:
        opened(tmp_path, **other)
    what, *differences = (problem.message for problem in refused.value.problems)
    assert "another run" in what
    assert len(differences) == len(named)
    for difference, start in zip(differences, named, strict=True):
        assert difference.startswith(start)
    assert opened(tmp_path).found == 1  # it is as it was


def test_another_version_is_refused(tmp_path, monkeypatch):
    run(100, opened(tmp_path))
    newer = {**identities.engine(), "workforce-sim": "9.9", "source": "f" * 64}
    monkeypatch.setattr(identities, "engine", lambda: newer)
    with pytest.raises(InputError, match=r"9\.9 here") as refused:
        opened(tmp_path)
    assert len(refused.value.problems) == 3


def test_the_source_of_every_room_that_simulates_counts(tmp_path, monkeypatch):
    before = identities._source()
    for room in identities.ROOMS:
        (tmp_path / room).mkdir()
        (tmp_path / room / "rule.py").write_bytes(b"a = 1\r\n")
    monkeypatch.setattr(identities, "PACKAGE", tmp_path)
    windows = identities._source()
    (tmp_path / "law" / "rule.py").write_bytes(b"a = 1\n")
    unix = identities._source()
    (tmp_path / "law" / "rule.py").write_bytes(b"a = 2\n")
    assert windows == unix
    assert len({before, unix, identities._source()}) == 3


def test_without_resume_all_is_simulated_afresh_and_nothing_is_lost(tmp_path, simulated):
    run(300, opened(tmp_path))
    simulated.clear()
    run(100, kept := opened(tmp_path, resume=False))
    assert (simulated, kept.used, kept.found, kept.removed) == ([0], 0, 3, 0)
    assert opened(tmp_path).found == 3
    kept = opened(tmp_path, resume=False, seed=6)
    assert (kept.removed, kept.found) == (3, 0)


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "block-letters.arrow").write_text("mine", encoding="utf-8")
    for resume in (True, False):
        with pytest.raises(InputError, match="is no checkpoint"):
            opened(tmp_path, resume=resume)
    manifest = tmp_path / disk.MANIFEST
    manifest.write_text(json.dumps({"program": "other", "run": {}}), encoding="utf-8")
    with pytest.raises(InputError, match="is no checkpoint"):
        opened(tmp_path, resume=False)
    assert (tmp_path / "block-letters.arrow").read_text(encoding="utf-8") == "mine"
