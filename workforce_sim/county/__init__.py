"""Schools and staff of a county, and what it states of itself."""

from workforce_sim.county.checks import check_scenario
from workforce_sim.county.loading import load_county
from workforce_sim.county.model import County, Roster, Schools
from workforce_sim.county.reconciliation import Figure, reconcile

__all__ = ["County", "Figure", "Roster", "Schools", "check_scenario", "load_county", "reconcile"]
