"""Rule 8. In-service degrees (学历提升)."""

from __future__ import annotations

from workforce_sim.simulation import verbs
from workforce_sim.simulation.calendar import Process, Wait
from workforce_sim.simulation.world import World


def degrees(world: World, wait: Wait) -> Process:
    """Each year a share of those below the degree that counts completes it, by age band."""
    for year in world.years:
        yield wait(world.date("degrees", year))
        below = verbs.members(world.pool.on_staff & ~world.pool.people.qualified)
        born = world.of(world.pool.people.birth, below)
        for name, band in world.scenario.degrees.items():
            share = world.numbers[f"degrees.{name}.share_per_year"]
            of_age = verbs.keep(below, world.aged(born, *band.ages))
            world.pool.qualify(world.happen("degree.completed", of_age, share))
