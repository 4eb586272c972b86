"""Blocks over processes: same bytes, Ctrl-C, killed workers."""

import os
import signal

import numpy as np
import pytest

from tests.counties import School, Teacher, county, scenario
from workforce_sim import ensemble
from workforce_sim.ensemble import blocks as running
from workforce_sim.simulation.block import simulate_block

COUNTY = county(
    [School("甲", "primary", (20,) * 6), School("乙", "primary", (9,) * 6)],
    [Teacher("甲", f"19{60 + n}-0{1 + n % 9}") for n in range(20)] + [Teacher("乙", "1990-01")],
)
SCENARIO = scenario(
    exits={"all": {"cause": "resign", "share_per_year": 0.2}},
    replacement={"joins": 1},
    rotation={"share": 0.3},
    enrolment={"level": {"dist": "uniform", "low": 0.5, "high": 1.5}},
)


def arrays(ledger):
    return {name: getattr(ledger, name) for name in type(ledger).__dataclass_fields__}


def test_same_seed_same_bytes_with_one_worker_and_two():
    one, two, other = (
        ensemble.run(SCENARIO, COUNTY, replications=350, seed=seed, workers=workers)
        for seed, workers in ((5, 1), (5, 2), (6, 1))
    )
    for name, values in arrays(one).items():
        assert values.tobytes() == arrays(two)[name].tobytes(), name
    assert one.census.tobytes() != other.census.tobytes()


def test_same_bytes_with_three_workers_and_the_last_block_first(monkeypatch):
    original, order = running.submitted, []

    def backwards(pool, scenario, county, seed, blocks, levels):
        done = dict(original(pool, scenario, county, seed, blocks[::-1], levels))
        for block in sorted(done, key=lambda block: -block.start):
            order.append(block.start)
            yield block, done[block]

    whole = ensemble.run(SCENARIO, COUNTY, replications=350, seed=5, workers=1)
    monkeypatch.setattr(running, "submitted", backwards)
    three = ensemble.run(SCENARIO, COUNTY, replications=350, seed=5, workers=3)
    assert order == [300, 200, 100]
    for name, values in arrays(whole).items():
        assert values.tobytes() == arrays(three)[name].tobytes(), name


def test_the_first_replications_do_not_depend_on_how_many_follow():
    few, many = (
        ensemble.run(SCENARIO, COUNTY, replications=n, seed=5, workers=1) for n in (130, 250)
    )
    assert many.census[:, :130].tobytes() == few.census.tobytes()


def test_progress_counts_replications():
    told = []
    ensemble.run(
        SCENARIO,
        COUNTY,
        replications=230,
        seed=5,
        workers=1,
        progress=lambda done: told.append(done),
    )
    assert told == [100, 200, 230]


def test_ctrl_c_keeps_what_is_finished():
    def stop(done):
        if done == 200:
            raise KeyboardInterrupt

    with pytest.raises(ensemble.Interrupted) as stopped:
        ensemble.run(SCENARIO, COUNTY, replications=500, seed=5, workers=1, progress=stop)
    assert stopped.value.kept == 200
    whole = ensemble.run(SCENARIO, COUNTY, replications=500, seed=5, workers=1)
    assert np.array_equal(stopped.value.ledger.census, whole.census[:, :200])


def die_once(marker, *arguments):
    """Simulate a block, but kill the worker process the first time."""
    try:
        marker.touch(exist_ok=False)
    except FileExistsError:
        return simulate_block(*arguments)
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


def test_a_killed_worker_loses_nothing(tmp_path, monkeypatch):
    """A real process is killed; its blocks are simulated again, and the bytes are the same."""
    marker = tmp_path / "killed"
    original = running.submitted

    def submitted(pool, scenario, county, seed, blocks, levels):
        if marker.exists():
            yield from original(pool, scenario, county, seed, blocks, levels)
            return
        futures = [pool.submit(die_once, marker, scenario, county, seed, b) for b in blocks]
        for block, future in zip(blocks, futures, strict=True):
            yield block, future.result()

    monkeypatch.setattr(running, "submitted", submitted)
    survived = ensemble.run(SCENARIO, COUNTY, replications=350, seed=5, workers=2)
    assert marker.exists()
    whole = ensemble.run(SCENARIO, COUNTY, replications=350, seed=5, workers=1)
    assert survived.census.tobytes() == whole.census.tobytes()
