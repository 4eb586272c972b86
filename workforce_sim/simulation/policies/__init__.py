"""One file a rule; ``RULES`` is the calendar's table of order."""

from __future__ import annotations

from collections.abc import Callable

from workforce_sim.simulation.calendar import Process, Wait
from workforce_sim.simulation.policies.arts_pe import retraining
from workforce_sim.simulation.policies.backbone import backbone
from workforce_sim.simulation.policies.census import census, new_year
from workforce_sim.simulation.policies.degrees import degrees
from workforce_sim.simulation.policies.departures import departures
from workforce_sim.simulation.policies.enrolment import enrolment
from workforce_sim.simulation.policies.facilities import investments, wear
from workforce_sim.simulation.policies.hiring import hiring
from workforce_sim.simulation.policies.network import network
from workforce_sim.simulation.policies.reallocation import reallocation
from workforce_sim.simulation.policies.rotation import rotation
from workforce_sim.simulation.world import World

Rule = Callable[[World, Wait], Process]

RULES: tuple[Rule, ...] = (
    new_year,
    departures,
    backbone,
    degrees,
    retraining,
    wear,
    network,
    investments,
    reallocation,
    hiring,
    rotation,
    enrolment,
    census,
)
"""The rules in the order in which they act when their dates fall on one day."""
