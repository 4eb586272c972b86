"""Schools and staff of a county, and what it states of itself."""

from workforce_sim.county.checks import check_scenario
from workforce_sim.county.loading import load_county
from workforce_sim.county.model import County, Roster, Schools
from workforce_sim.county.network import Fact, network_facts
from workforce_sim.county.reconciliation import Figure, reconcile
from workforce_sim.county.sections import shared_by_sections

__all__ = [
    "County",
    "Fact",
    "Figure",
    "Roster",
    "Schools",
    "check_scenario",
    "load_county",
    "network_facts",
    "reconcile",
    "shared_by_sections",
]
