"""A real projection of a county whose schools have awkward names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from workforce_sim.assessment import Projection, county_of, simulate
from workforce_sim.decision.backtest import Backtest, backtest
from workforce_sim.decision.compare import compare
from workforce_sim.decision.comparison import Comparison
from workforce_sim.decision.explain import Explanation, explain
from workforce_sim.decision.observed import read_observed
from workforce_sim.decision.policies import load_policies
from workforce_sim.decision.posts import Placement, posts
from workforce_sim.decision.seek import Seek, seek
from workforce_sim.decision.sensitivity import Sensitivity, sensitivity
from workforce_sim.decision.study import Study
from workforce_sim.scenario import load_scenario

SCENARIO = Path("configs/yangcheng/scenario.yaml")
AWKWARD = ("垚镇小学", "喆犇小学", "=HYPERLINK(1)小学", "−1号小学", "<script>alert(1)</script>")


def make_projection(replications: int = 100, *, facilities: bool = True) -> Projection:
    """Simulate Yangcheng, its largest primary schools renamed; its facilities known or not."""
    scenario = load_scenario(SCENARIO)
    county = county_of(scenario)
    names = (*AWKWARD, *county.schools.names[len(AWKWARD) :])
    schools = replace(county.schools, names=names)
    if not facilities:
        schools = replace(schools, facilities=np.full_like(schools.facilities, np.nan))
    renamed = replace(county, schools=schools)
    return simulate(scenario, county=renamed, replications=replications, workers=1)


@pytest.fixture(scope="session")
def projection() -> Projection:
    """All seven indicators are looked at."""
    return make_projection()


@pytest.fixture(scope="session")
def partial() -> Projection:
    """Nobody knows the facilities: L1 to L3 are looked at."""
    return make_projection(facilities=False)


@pytest.fixture(scope="session")
def comparison() -> Comparison:
    names = ["arts-pe-40", "three-out-one-in", "only-out"]
    policies = load_policies(SCENARIO, names)
    return compare(load_scenario(SCENARIO), policies, replications=100, workers=1)


@pytest.fixture(scope="session")
def explanation() -> Explanation:
    scenario = load_scenario(SCENARIO)
    policy = load_policies(SCENARIO, ["arts-pe-40"])[0]
    return explain(policy, against=scenario, replications=100, workers=1)


@pytest.fixture(scope="session")
def placement() -> Placement:
    return posts(load_scenario(SCENARIO), replications=100, workers=1)


@pytest.fixture(scope="session")
def sought() -> Seek:
    goal = "P(L3 primary, 2025) >= 0.9"
    return seek(SCENARIO, "arts_pe.recruits_per_year=0..20", goal, replications=50, workers=1)


@pytest.fixture(scope="session")
def sought_several() -> Seek:
    levers = ["arts_pe.recruits_per_year=0..6/2", "arts_pe.retraining_per_year=0..12/4"]
    return seek(SCENARIO, levers, "P(L3, 2025) >= 0.8", replications=50, workers=1)


@pytest.fixture(scope="session")
def driven() -> Sensitivity:
    names = ["enrolment.level", "degrees", "exits.death", "recruits"]
    scenario = load_scenario(SCENARIO)
    return sensitivity(scenario, assumptions=names, points=64, replications=60, workers=1)


@pytest.fixture(scope="session")
def backtested() -> Backtest:
    scenario = load_scenario(SCENARIO)
    county = county_of(scenario)
    observed = read_observed(SCENARIO.parent / "observed-example.csv", scenario, county)
    return backtest(scenario, observed, county=county, replications=200, workers=1)


@pytest.fixture(scope="session")
def studies(
    comparison: Comparison,
    explanation: Explanation,
    placement: Placement,
    sought: Seek,
    sought_several: Seek,
    driven: Sensitivity,
    backtested: Backtest,
) -> list[Study]:
    """One of every study that is written to a folder."""
    return [comparison, explanation, placement, sought, sought_several, driven, backtested]
