"""Rule 7. Rotation between schools (交流轮岗)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workforce_sim.county.model import FEMALE, MALE
from workforce_sim.scenario.schema import STAGES
from workforce_sim.simulation import verbs
from workforce_sim.simulation.calendar import Process, Wait
from workforce_sim.simulation.pool import GONE, NEVER, NO_MONTH
from workforce_sim.simulation.world import People, World


def rotation(world: World, wait: Wait) -> Process:
    """Each year: those whose stay has ended return, then a share of the eligible moves."""
    for year in world.years:
        yield wait(world.date("rotation", year))
        come_back(world)
        rotate(world)


def come_back(world: World) -> None:
    """Let those return whose stay has ended, if their school still exists."""
    if world.scenario.rotation.stay_years is None:
        return
    people = world.pool.people
    due = world.pool.on_staff & (people.back <= world.month)
    returning = verbs.members(due)
    home = world.of(people.home, returning)
    home = np.where(world.is_open[home], home, -1).astype(np.int16)
    world.pool.move(returning, home, world.month, "returned")
    people.back[due] = NEVER
    people.home[due] = GONE


def eligible(world: World) -> People:
    """List who may rotate: long enough at the school, not too old, not close to legal retirement.

    Where a stage has a single open school nobody can move, and nobody is eligible.
    """
    rule, people = world.scenario.rotation, world.pool.people
    men = world.younger(rule.max_age.male + 1) & (people.sex == MALE)
    women = world.younger(rule.max_age.female + 1) & (people.sex == FEMALE)
    may = (
        world.pool.on_staff
        & (men | women)
        & (people.arrival <= world.month - 12 * rule.min_years_at_school)
        & (people.legal >= world.month + 12 * rule.min_years_to_retirement)
    )
    stage = world.schools.stage
    several = np.bincount(stage[world.is_open], minlength=len(STAGES)) > 1
    return verbs.members(may if several.all() else may & several[stage][people.school])


def rotate(world: World) -> None:
    """Move at least the legal share of the eligible, at least the legal share of them backbone."""
    people, may = world.pool.people, eligible(world)
    backbone = verbs.keep(may, world.of(people.award, may) != NO_MONTH)
    candidates, of_backbone = verbs.number(may >= 0), verbs.number(backbone >= 0)
    moves = _at_least(world.numbers["rotation.share"], candidates)
    of_them = np.minimum(_at_least(world.numbers["rotation.backbone_share"], moves), of_backbone)
    first = world.choose("rotation.chosen", backbone, of_them)
    others = verbs.without(may, first, world.pool.size)
    second = world.choose("rotation.chosen", others, moves - of_them)

    page = world.ledger.rotation[world.year - world.years.start]
    page[:, 0] = candidates
    for chosen in (first, second):
        goes = move(world, chosen) >= 0
        page[:, 1] += verbs.number(goes)
        page[:, 2] += verbs.number(goes & (world.of(people.award, chosen) != NO_MONTH))


def move(world: World, chosen: People) -> NDArray[np.int16]:
    """Send the people listed to other schools of their stage; return where to, -1 for nowhere."""
    rule, people = world.scenario.rotation, world.pool.people
    origin = world.school_of(chosen)
    target = (at_random if rule.destinations == "random" else by_need)(world, chosen, origin)
    if rule.stay_years is not None:
        replication, nth = np.nonzero(target >= 0)
        who = replication, chosen[replication, nth]
        # Whoever moves on during a stay keeps the home.
        home = people.home[who]
        people.home[who] = np.where(home == GONE, origin[replication, nth], home)
        people.back[who] = world.month + 12 * rule.stay_years
    world.pool.move(chosen, target, world.month, "rotated")
    return target


def by_need(world: World, chosen: People, origin: NDArray[np.int16]) -> NDArray[np.int16]:
    """Return the neediest schools, without those who leave now.

    Specialists go where PE, music and art are short, the others where staff is.
    """
    people = world.pool.people
    arts = world.of(people.subject, chosen) > 0
    if world.scenario.counting.arts_pe == "specialists":
        arts &= world.of(people.specialist, chosen)
    stage = world.schools.stage[origin]
    have = np.stack(
        [
            world.staff() - world.count(origin),
            world.arts_pe() - world.count(np.where(arts, origin, np.int16(GONE))),
        ],
        axis=1,
    )
    need = np.stack([world.staff_needed(), world.needed("L3")], axis=1)
    wanted = np.where(chosen >= 0, stage, -2).astype(np.int8)
    return world.place(wanted, have, need, origin=origin, measure=arts.astype(np.int8))


def at_random(world: World, chosen: People, origin: NDArray[np.int16]) -> NDArray[np.int16]:
    """Return any other open school of the stage, each equally likely."""
    u = world.uniforms("rotation.destination", chosen)
    target = np.full(chosen.shape, -1, np.int16)
    for code in range(len(STAGES)):
        schools = np.flatnonzero((world.schools.stage == code) & world.is_open)
        here = (chosen >= 0) & (world.schools.stage[origin] == code)
        if len(schools) < 2:
            continue
        nth = (u * (len(schools) - 1)).astype(np.int64)
        nth += nth >= np.searchsorted(schools, origin)
        target[here] = schools[nth][here]
    return target


def _at_least(share: NDArray[np.float64], number: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.ceil(share * number - 1e-9).astype(np.int64)
