"""Simulate whether a county's schools will have the teachers that the standard asks for.

>>> import workforce_sim as ws                                          # doctest: +SKIP
>>> scenario = ws.load_scenario("configs/yangcheng/scenario.yaml")      # doctest: +SKIP
>>> projection = ws.simulate(scenario, replications=1000, seed=2021)    # doctest: +SKIP
>>> projection.ratios                                                   # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workforce_sim.assessment import (
        Projection as Projection,
    )
    from workforce_sim.assessment import (
        coefficient_of_difference as coefficient_of_difference,
    )
    from workforce_sim.assessment import (
        simulate as simulate,
    )
    from workforce_sim.county import County as County
    from workforce_sim.county import load_county as load_county
    from workforce_sim.county.province import write_province as write_province
    from workforce_sim.county.tables.check import check_roster as check_roster
    from workforce_sim.decision.backtest import backtest as backtest
    from workforce_sim.decision.compare import compare as compare
    from workforce_sim.decision.explain import explain as explain
    from workforce_sim.decision.observed import read_observed as read_observed
    from workforce_sim.decision.policies import load_policies as load_policies
    from workforce_sim.decision.posts import posts as posts
    from workforce_sim.decision.seek import seek as seek
    from workforce_sim.decision.sensitivity import sensitivity as sensitivity
    from workforce_sim.decision.sweep import read_sweep as read_sweep
    from workforce_sim.decision.sweep import sweep as sweep
    from workforce_sim.law import retirement_month as retirement_month
    from workforce_sim.report import write_outputs as write_outputs
    from workforce_sim.scenario import InputError as InputError
    from workforce_sim.scenario import Scenario as Scenario
    from workforce_sim.scenario import load_scenario as load_scenario

_ROOMS = {
    "Projection": "assessment",
    "coefficient_of_difference": "assessment",
    "simulate": "assessment",
    "backtest": "decision.backtest",
    "compare": "decision.compare",
    "explain": "decision.explain",
    "load_policies": "decision.policies",
    "posts": "decision.posts",
    "read_observed": "decision.observed",
    "seek": "decision.seek",
    "read_sweep": "decision.sweep",
    "sensitivity": "decision.sensitivity",
    "sweep": "decision.sweep",
    "County": "county",
    "load_county": "county",
    "check_roster": "county.tables.check",
    "write_province": "county.province",
    "retirement_month": "law",
    "write_outputs": "report",
    "InputError": "scenario",
    "Scenario": "scenario",
    "load_scenario": "scenario",
}
__all__ = list(_ROOMS)


def __getattr__(name: str) -> Any:
    # Rooms open when they are entered: importing the package alone costs no pandas and no numba.
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)
