"""Rule 4. PE, music and art (体育、音乐、美术): the programme's posts, and retraining (培训)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workforce_sim.simulation import verbs
from workforce_sim.simulation.calendar import Process, Wait
from workforce_sim.simulation.world import World


def programme_posts(world: World) -> NDArray[np.int64]:
    """Return this year's posts of the programme: (R,)."""
    return np.full(world.replications, world.scenario.arts_pe.recruits_per_year.at(world.year))


def retraining(world: World, wait: Wait) -> Process:
    """Each year retrain non-specialists who teach these subjects; most become specialists."""
    rule = world.scenario.arts_pe
    for year in world.years:
        yield wait(world.date("degrees", year))
        people = world.pool.people
        untrained = world.pool.on_staff & (people.subject > 0) & ~people.specialist
        places = np.full(world.replications, rule.retraining_per_year.at(year))
        chosen = world.choose("retraining.chosen", verbs.members(untrained), places)
        u = world.uniforms("retraining.success", chosen)
        share = world.numbers["arts_pe.retraining_success_share"]
        world.pool.retrain(chosen, u < share[:, None])
