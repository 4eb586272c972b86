"""The census of 1 September, by which the year is judged."""

from __future__ import annotations

import datetime as dt

from workforce_sim.simulation.calendar import Process, Wait
from workforce_sim.simulation.world import World


def census(world: World, wait: Wait) -> Process:
    """Each year: write down the counts of staff and pupils by school, and the ages."""
    for year in world.years:
        yield wait(world.date("census", year))
        nth = year - world.years.start
        world.ledger.census[nth] = world.pool.counts
        world.ledger.pupils[nth] = world.pupils_by_school()
        world.ledger.facilities[nth] = world.facilities
        world.pool.ages(world.month, world.ledger.ages[nth])
        world.page(after_census=True)


def new_year(world: World, wait: Wait) -> Process:
    """On 1 January: open the ledger's page for the year."""
    for year in world.years:
        yield wait(dt.date(year, 1, 1))
        world.page(after_census=False)
