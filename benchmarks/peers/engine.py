"""This engine, block by block, on the common rules, and on all rules of the shipped scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workforce_sim.county import County, load_county
from workforce_sim.ensemble import BLOCK
from workforce_sim.scenario import Scenario, load_scenario
from workforce_sim.scenario.schema import STAGES
from workforce_sim.simulation.block import simulate_block
from workforce_sim.simulation.ledger import BACKBONE, FLOW, QUALIFIED, STAFF, Ledger, arts_pe

HERE = Path(__file__).parent.parent
ALL_RULES = HERE.parent / "configs" / "yangcheng" / "scenario.yaml"
State = tuple[Scenario, County]


def common() -> State:
    return _loaded(load_scenario(HERE / "common.yaml"))


def all_rules() -> State:
    scenario, _ = common()
    years = f"{scenario.years.first}-{scenario.years.last}"
    return _loaded(load_scenario(ALL_RULES, years=years))


def _loaded(scenario: Scenario) -> State:
    return scenario, load_county(scenario.county_path)


def prepare(path: Path) -> State:
    """Load the scenario, and compile what was not compiled before."""
    state = common()
    simulate(state, 0, 2)
    return state


def simulate(state: State, seed: int, replications: int) -> NDArray[np.float64]:
    return np.concatenate(
        [measures(state[1], ledger) for ledger in blocks(state, seed, replications)]
    )


def blocks(state: State, seed: int, replications: int) -> Any:
    for first in range(0, replications, BLOCK):
        yield simulate_block(*state, seed, range(first, min(first + BLOCK, replications)))


def measures(county: County, ledger: Ledger) -> NDArray[np.float64]:
    """Return the MEASURES of a block's ledger: (replications, years, MEASURES)."""
    counts, primary = ledger.census, county.schools.stage == STAGES.index("primary")
    flows = ledger.flows.sum(axis=3, dtype=np.int64)
    between = flows[:, 0].copy()
    between[1:] += flows[:-1, 1]
    specialists = arts_pe(counts, "specialists")
    ratios = [
        (100.0 * count / ledger.pupils).mean(axis=2)
        for count in (counts[..., QUALIFIED], counts[..., BACKBONE], specialists)
    ]
    causes = ("resign", "transfer_out", "death")
    columns = [
        counts[..., STAFF].sum(axis=2),
        counts[:, :, primary, STAFF].sum(axis=2),
        counts[..., BACKBONE].sum(axis=2),
        between[..., FLOW["retirement"]],
        sum(between[..., FLOW[cause]] for cause in causes),
        between[..., FLOW["hired_general"]],
        between[..., FLOW["rotated_in"]],
        *ratios,
    ]
    return np.stack(columns, axis=-1).swapaxes(0, 1).astype(float)
