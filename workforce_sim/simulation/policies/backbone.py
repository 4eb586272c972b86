"""Rule 6. Backbone teachers (骨干教师): terms end or are renewed, then new ones are selected."""

from __future__ import annotations

import numpy as np

from workforce_sim.simulation import verbs
from workforce_sim.simulation.calendar import Process, Wait
from workforce_sim.simulation.pool import NO_MONTH
from workforce_sim.simulation.world import World, rows


def backbone(world: World, wait: Wait) -> Process:
    """Each year: end terms, renew some of them, select new backbone teachers."""
    for year in world.years:
        yield wait(world.date("backbone", year))
        end_terms(world)
        select(world)


def end_terms(world: World) -> None:
    """Renew a share of the terms that end by now; the others lapse."""
    term = world.scenario.backbone.term_years
    if term is None:
        return
    people = world.pool.people
    began = people.award
    ending = verbs.members(
        world.pool.on_staff & (began != NO_MONTH) & (began <= world.month - 12 * term)
    )
    renewed = world.happen("backbone.renewed", ending, world.numbers["backbone.renewed_share"])
    world.pool.award(renewed, world.month)
    world.pool.lapse(verbs.keep(ending, world.of(people.award, ending) != world.month))


def select(world: World) -> None:
    """Select this year's backbone teachers among those who may become one."""
    rule, people = world.scenario.backbone, world.pool.people
    places = np.full(world.replications, rule.places.at(world.year))
    eligible = verbs.members(
        world.pool.on_staff
        & (people.award == NO_MONTH)
        & (people.service <= world.month - 12 * rule.min_service_years)
        & world.younger(rule.max_age + 1)
    )
    if rule.spread == "merit":
        # Merit is not observed: the draw stands for it, and any of the eligible may have it.
        chosen = world.choose("backbone.selected", eligible, places)
    else:
        have = world.backbone() if rule.spread == "need" else np.full_like(world.backbone(), 0.5)
        candidates = world.count(world.school_of(eligible))
        sent = world.place(rows(places), have, world.needed("L2"), cap=candidates)
        chosen = world.choose("backbone.selected", eligible, world.count(sent))
    world.pool.award(chosen, world.month)
