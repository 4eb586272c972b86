"""Rule 10. The school network: closures, openings, mergers (撤并、新建)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workforce_sim.county.model import Schools
from workforce_sim.scenario.schema import NetworkEvent, NewSchool
from workforce_sim.simulation import verbs
from workforce_sim.simulation.calendar import Process, Wait
from workforce_sim.simulation.policies.facilities import brought_by, left_to
from workforce_sim.simulation.world import World


def network(world: World, wait: Wait) -> Process:
    """Open and close schools on their dates; pupils and staff move with them."""
    for event in sorted(world.scenario.network, key=lambda event: event.date):
        yield wait(event.date)
        if event.open is not None:
            open_school(world, event.open)
        for closing, targets in destinations(world.schools, world.is_open, event):
            close_school(world, closing, targets)


def destinations(
    schools: Schools, is_open: NDArray[np.bool_], event: NetworkEvent
) -> list[tuple[int, list[int]]]:
    """Return each school that the event closes, and those that take its pupils and staff.

    ``nearest`` is the nearest open school of the stage that does not close by the same event.
    """
    closing = [schools.names.index(name) for name in event.close]
    if event.into != "nearest":
        return [(s, [schools.names.index(name) for name in event.into]) for s in closing]
    found = []
    for s in closing:
        stays = is_open & (schools.stage == schools.stage[s])
        stays[closing] = False
        distance = np.hypot(schools.x_km - schools.x_km[s], schools.y_km - schools.y_km[s])
        found.append((s, [int(np.argmin(np.where(stays, distance, np.inf)))]))
    return found


def open_school(world: World, new: NewSchool) -> None:
    """Open a school; it takes a share of the pupils and staff of the schools named."""
    opened = world.schools.names.index(new.name)
    world.is_open[opened] = True
    world.facilities[:, opened] += brought_by(new)
    for name, share in new.pupils_from.items():
        donor = world.schools.names.index(name)
        pupils = np.rint(world.pupils[:, :, donor] * share).astype(np.int32)
        world.pupils[:, :, donor] -= pupils
        world.pupils[:, :, opened] += pupils
        there = verbs.members(world.pool.people.school == donor)
        quota = np.rint(verbs.number(there >= 0) * share).astype(np.int64)
        chosen = world.choose(f"network.{new.name}", there, quota)
        target = np.full(chosen.shape, opened, np.int16)
        world.pool.move(chosen, target, world.month, "network")


def close_school(world: World, closing: int, targets: list[int]) -> None:
    """Close a school; its pupils and staff go to the targets in equal parts."""
    takes = np.sort(targets)
    leaving = world.pupils[:, :, closing].astype(float)
    equally = np.ones((*leaving.shape, len(takes)))
    world.pupils[:, :, closing] = 0
    world.pupils[:, :, takes] += verbs.share_out(equally, leaving)
    staff = verbs.members(world.pool.people.school == closing)
    u = world.uniforms(f"network.{world.schools.names[closing]}", staff)
    target = np.array(targets, np.int16)[(u * len(targets)).astype(np.int64)]
    world.pool.move(staff, target, world.month, "network")
    world.is_open[closing] = False
    left_to(world, closing, targets)
