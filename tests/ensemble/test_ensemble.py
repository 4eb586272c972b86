"""Blocks over threads: same bytes, Ctrl-C, blocks that fail."""

import numpy as np
import pytest

from tests.counties import School, Teacher, county, scenario
from workforce_sim import ensemble
from workforce_sim.assessment import judge, simulate
from workforce_sim.ensemble import blocks as running

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

    def backwards(pool, task, blocks):
        done = dict(original(pool, task, blocks[::-1]))
        for block in sorted(done, key=lambda block: -block.start):
            order.append(block.start)
            yield block, done[block]

    whole = ensemble.run(SCENARIO, COUNTY, replications=350, seed=5, workers=1)
    monkeypatch.setattr(running, "submitted", backwards)
    three = ensemble.run(SCENARIO, COUNTY, replications=350, seed=5, workers=3)
    assert order == [300, 200, 100, 0]
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


@pytest.mark.parametrize("workers", [1, 3])
def test_a_block_that_fails_is_told_and_all_others_are_kept(monkeypatch, workers):
    original = running.simulate_block

    def simulate_block(scenario, county, seed, block, levels):
        if block.start == 100:
            raise ZeroDivisionError("of a rule")
        return original(scenario, county, seed, block, levels)

    monkeypatch.setattr(running, "simulate_block", simulate_block)
    with pytest.raises(ensemble.BlockError) as failed:
        ensemble.run(SCENARIO, COUNTY, replications=350, seed=5, workers=workers)
    (failure,) = failed.value.failures
    assert (failure.block, failed.value.kept) == (range(100, 200), 250)
    for told in ("100 to 199", "seed 5", "ZeroDivisionError: of a rule", "Traceback"):
        assert told in failed.value.log
    monkeypatch.undo()
    whole = ensemble.run(SCENARIO, COUNTY, replications=350, seed=5)
    others = [*range(100), *range(200, 350)]
    assert list(failed.value.numbers) == others
    assert failed.value.ledger.flows.tobytes() == whole.flows[:, :, others].tobytes()
    assert failed.value.ledger.closing.tobytes() == whole.closing[others].tobytes()


def test_what_is_drawn_after_the_run_keeps_to_the_numbers_of_the_replications():
    """Prices are drawn by replication: those of 100 to 199 are not those of 0 to 99."""
    priced = scenario(
        costs={"currency": "CNY", "pay_other": {"dist": "uniform", "low": 1, "high": 2}}
    )
    second = ensemble.run(priced, COUNTY, replications=100, seed=5, first=100)
    told = {"seed": 5, "requested": 200}
    right = judge(priced, COUNTY, second, **told, numbers=np.arange(100, 200)).costs
    wrong = judge(priced, COUNTY, second, **told).costs
    whole = simulate(priced, county=COUNTY, replications=200, seed=5).costs
    first = simulate(priced, county=COUNTY, replications=100, seed=5).costs
    assert np.allclose((right["mean"] + first["mean"]) / 2, whole["mean"])
    assert not np.allclose((wrong["mean"] + first["mean"]) / 2, whole["mean"])
