"""Rules 1 and 2 at work: on the last day of each month those leave whose time has come."""

from __future__ import annotations

from workforce_sim.simulation.calendar import Process, Wait, last_day
from workforce_sim.simulation.world import World


def departures(world: World, wait: Wait) -> Process:
    """Let the retired and the other leavers go, month by month."""
    for year in world.years:
        for month in range(1, 13):
            yield wait(last_day(year, month))
            world.pool.depart(
                world.month, world.ledger.leavers[world.month - world.pool.first_month]
            )
