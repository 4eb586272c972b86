"""Ledgers that are too large for the memory lie in a file, and read the same."""

import gc
import mmap
from dataclasses import fields

import numpy as np
import pytest

from tests.ensemble.test_ensemble import COUNTY, SCENARIO, arrays
from workforce_sim import ensemble
from workforce_sim.assessment import judge
from workforce_sim.ensemble import blocks as running
from workforce_sim.ensemble import gathering
from workforce_sim.ensemble.gathering import Gathered, let_go
from workforce_sim.simulation.block import simulate_block

BLOCKS = [range(0, 100), range(100, 200), range(200, 250)]


def run():
    return ensemble.run(SCENARIO, COUNTY, replications=250, seed=5, workers=2)


@pytest.fixture
def in_files(monkeypatch):
    monkeypatch.setattr(gathering, "IN_MEMORY", 0)


def test_the_same_bytes_and_tables_from_a_file(monkeypatch):
    in_memory = run()
    monkeypatch.setattr(gathering, "IN_MEMORY", 0)
    in_a_file = run()
    told = judge(SCENARIO, COUNTY, in_a_file, seed=5, requested=250).tables
    for name, values in arrays(in_memory).items():
        mapped = arrays(in_a_file)[name]
        assert isinstance(mapped.base, mmap.mmap)
        assert (mapped.dtype, mapped.shape) == (values.dtype, values.shape)
        assert mapped.tobytes() == values.tobytes(), name
    for name, table in judge(SCENARIO, COUNTY, in_memory, seed=5, requested=250).tables.items():
        assert table.equals(told[name]), name


def test_it_is_read_again_after_it_was_let_go(in_files):
    ledger = run()
    before = ledger.census.copy()
    let_go(ledger.census)
    assert (ledger.census == before).all()


@pytest.mark.parametrize("most", [0, 2**28])
def test_some_of_the_blocks(most, monkeypatch):
    """Whatever is finished is put together in order; the first block is missing."""
    monkeypatch.setattr(gathering, "IN_MEMORY", most)
    ledgers = {block: simulate_block(SCENARIO, COUNTY, 5, block) for block in BLOCKS}
    gathered = Gathered(range(250))
    assert gathered.ledger is None
    for block in (BLOCKS[2], BLOCKS[1]):
        gathered.add(block, ledgers[block])
    assert gathered.numbers.tolist() == [*range(100, 250)]
    assert gathered.done == 150
    for field in fields(gathered.ledger):
        parts = [getattr(ledgers[block], field.name) for block in BLOCKS[1:]]
        axis = type(gathered.ledger).axis(field.name)
        found = getattr(gathered.ledger, field.name)
        assert np.array_equal(found, np.concatenate(parts, axis), equal_nan=found.dtype.kind == "f")


def test_no_room_is_said_before_anything_is_lost(in_files, monkeypatch, tmp_path):
    """A disk that has no room for all is said after the first block, which is kept."""

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(gathering.os, "posix_fallocate", full, raising=False)
    kept = ensemble.Checkpoint(tmp_path / "blocks", ensemble.identity_of(SCENARIO, COUNTY, 5))
    with pytest.raises(ensemble.StorageError, match=r"cannot be written: No space left"):
        ensemble.run(SCENARIO, COUNTY, replications=250, seed=5, workers=1, checkpoint=kept)
    assert len(list((tmp_path / "blocks").glob("*.arrow"))) == 1


def test_no_file_is_left_open_by_a_run_that_ends_early(in_files, monkeypatch):
    """A file that is forgotten open would be a warning, and so an error here."""
    whole, started = running.simulate_block, []

    def stopped(*arguments):
        started.append(arguments)
        if len(started) > 1:
            raise KeyboardInterrupt
        return whole(*arguments)

    monkeypatch.setattr(running, "simulate_block", stopped)
    with pytest.raises(ensemble.Interrupted) as stop:
        ensemble.run(SCENARIO, COUNTY, replications=250, seed=5, workers=1)
    assert stop.value.ledger.census.shape[1] == 100
    del stop
    gc.collect()
