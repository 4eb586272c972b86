"""Reallocation rounds (岗位聘任、县管校聘): posts are reset by school, staff move to vacancies.

The posts of a stage are as many as its staff. They go to the open schools in proportion to the
norm's need; where a school has more staff than posts, some are released and go to the vacancies of
the others.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workforce_sim.county.model import FEMALE, MALE, Schools
from workforce_sim.scenario.schema import STAGES
from workforce_sim.simulation import placing, verbs
from workforce_sim.simulation.calendar import Process, Wait
from workforce_sim.simulation.ledger import STAFF
from workforce_sim.simulation.world import World


def reallocation(world: World, wait: Wait) -> Process:
    """On the days of the rounds: reset the posts, release the surplus, fill the vacancies."""
    for day in sorted(world.scenario.reallocation.rounds):
        yield wait(day)
        reallocate(world)


def reallocate(world: World) -> None:
    """Hold one round."""
    rule, people = world.scenario.reallocation, world.pool.people
    surplus = world.pool.counts[:, :, STAFF] - posts(world)
    men = world.younger(rule.max_age.male + 1) & (people.sex == MALE)
    women = world.younger(rule.max_age.female + 1) & (people.sex == FEMALE)
    may = world.pool.on_staff & (men | women)
    if rule.arts_pe == "keep":
        may &= ~counts_in_l3(world)
    chosen = world.choose(
        "reallocation.released", verbs.members(may), released(world, np.maximum(surplus, 0))
    )
    origin = world.school_of(chosen)
    vacancies = np.maximum(-surplus, 0).astype(np.int32)
    if rule.preference == "near":
        target = placing.place_near(origin, vacancies, nearest(world.schools, world.is_open))
    else:
        wanted = np.where(chosen >= 0, world.schools.stage[origin], -2).astype(np.int8)
        have = world.staff() - world.count(origin)
        target = world.place(wanted, have, world.staff_needed(), origin=origin, cap=vacancies)
    world.pool.move(chosen, target, world.month, "reallocated")


def counts_in_l3(world: World) -> NDArray[np.bool_]:
    """Say who counts as a PE, music or art teacher: (R, slots)."""
    if world.scenario.counting.arts_pe == "specialists":
        return world.pool.people.specialist
    return np.asarray(world.pool.people.subject > 0)


def posts(world: World) -> NDArray[np.int32]:
    """Return the posts of each school, for each stage as many as it has staff: (R, S)."""
    staff, need = world.pool.counts[:, :, STAFF], world.staff_needed()
    found = np.zeros(staff.shape, np.int32)
    for code in range(len(STAGES)):
        here = np.flatnonzero((world.schools.stage == code) & world.is_open)
        if len(here):
            total = staff[:, here].sum(axis=1).astype(float)
            found[:, here] = verbs.share_out(need[:, here], total)
    return found


def released(world: World, surplus: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return how many each school releases: its surplus, or its part of what may move: (R, S)."""
    most = world.numbers["reallocation.most_share"]
    found = surplus.astype(np.int64)
    for code in range(len(STAGES)):
        here = np.flatnonzero(world.schools.stage == code)
        staff = world.pool.counts[:, here, STAFF].sum(axis=1)
        limit = np.floor(most * staff + 1e-9)
        too_many = found[:, here].sum(axis=1) > limit
        part = verbs.share_out(found[:, here].astype(float), limit)
        found[:, here] = np.where(too_many[:, None], part, found[:, here])
    return found


def nearest(schools: Schools, is_open: NDArray[np.bool_]) -> NDArray[np.int16]:
    """Return for each school the other open schools of its stage, the nearest first: (S, n)."""
    order = np.full((len(schools.names), len(schools.names)), -1, np.int16)
    for s in range(len(schools.names)):
        others = np.flatnonzero((schools.stage == schools.stage[s]) & is_open)
        others = others[others != s]
        x, y = schools.x_km[others] - schools.x_km[s], schools.y_km[others] - schools.y_km[s]
        others = others[np.argsort(x * x + y * y, kind="stable")]
        order[s, : len(others)] = others
    return order
