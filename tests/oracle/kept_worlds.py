"""The engine against the oracle in worlds that are invented once, for thousands of mutants.

Named so that pytest does not collect it: `make mutation` does. Inventing a world, and the oracle,
take most of the time; mutmut's processes inherit both from their parent.
"""

from functools import cache

import pytest
from hypothesis import given, settings

from tests.laws.strategies import seeds, worlds
from tests.oracle import model
from tests.oracle.strategies import wild_worlds
from tests.oracle.test_oracle import YANGCHENG, blocks, differences
from workforce_sim.county import load_county
from workforce_sim.scenario import load_scenario
from workforce_sim.simulation.block import simulate_block

PARTS = 20


@pytest.fixture(scope="module")
def kept():
    return invented()


@cache
def invented():
    """Return worlds, seeds, replications, and what the oracle made of them."""
    found = []

    def keep(world, seed, replications):
        found.append((*world, seed, replications, model.simulate(*world, seed, replications)))

    for strategy, examples in ((worlds(), 100), (wild_worlds(), 300)):
        settings(max_examples=examples)(given(strategy, seeds, blocks)(keep))()
    rules = load_scenario(YANGCHENG)
    keep((rules, load_county(rules.county_path)), 20210101, range(41, 43))
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_engine_equals_oracle_in_every_kept_world(kept, part):
    for rules, place, seed, replications, oracle in kept[part::PARTS]:
        assert not differences(simulate_block(rules, place, seed, replications), oracle)
