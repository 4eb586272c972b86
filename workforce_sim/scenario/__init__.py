"""What a person writes: typed schema, quantities, loading, variants."""

from workforce_sim.scenario.errors import InputError, Problem
from workforce_sim.scenario.json_schema import scenario_schema
from workforce_sim.scenario.loading import load_scenario
from workforce_sim.scenario.schema import Scenario

__all__ = ["InputError", "Problem", "Scenario", "load_scenario", "scenario_schema"]
