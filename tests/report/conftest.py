"""A real projection of a county whose schools have awkward names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from workforce_sim.assessment import Projection, county_of, simulate
from workforce_sim.scenario import load_scenario

SCENARIO = Path("configs/yangcheng/scenario.yaml")
AWKWARD = ("垚镇小学", "喆犇小学", "=HYPERLINK(1)小学", "−1号小学", "<script>alert(1)</script>")


def make_projection(replications: int = 100) -> Projection:
    """Simulate Yangcheng, its largest primary schools renamed."""
    scenario = load_scenario(SCENARIO)
    county = county_of(scenario)
    names = (*AWKWARD, *county.schools.names[len(AWKWARD) :])
    renamed = replace(county, schools=replace(county.schools, names=names))
    return simulate(scenario, county=renamed, replications=replications, workers=1)


@pytest.fixture(scope="session")
def projection() -> Projection:
    return make_projection()
