"""L4 to L7: rooms, sports grounds, equipment and multimedia classrooms (资源配置第4—7项).

A ledger of dated rows: a year's wear is taken off, investments are given out, a closing school
leaves a part to those that take its pupils, a new one brings what was built with it. A nine-year
school's facilities stand at its first row; its two sections share them in the judgement.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workforce_sim.county.model import INDICATOR_OF
from workforce_sim.law import load_standard
from workforce_sim.scenario.schema import FACILITIES, STAGES, Facility, Investment, NewSchool
from workforce_sim.simulation import verbs
from workforce_sim.simulation.calendar import Process, Wait
from workforce_sim.simulation.world import World

WHOLE = "multimedia_rooms"
"""The item that comes in whole numbers: rooms."""


def wear(world: World, wait: Wait) -> Process:
    """Each year: a share of every item wears out."""
    shares = world.scenario.facilities.wear_per_year
    for year in world.years if shares else ():
        yield wait(world.date("wear", year))
        for item in shares:
            share = world.numbers[f"facilities.wear_per_year.{item}"]
            world.facilities[:, :, FACILITIES.index(item)] *= 1 - share[:, None]


def investments(world: World, wait: Wait) -> Process:
    """On their dates: give out what was bought or built."""
    for row in sorted(world.scenario.facilities.investments, key=lambda row: row.date):
        yield wait(row.date)
        column = FACILITIES.index(row.item)
        given = np.where(np.isnan(world.facilities[:, :, column]), 0.0, allotted(world, row))
        world.facilities[:, :, column] += given


def allotted(world: World, row: Investment) -> NDArray[np.float64]:
    """Share an investment among the schools: (R, S)."""
    pupils = site_sum(world, world.pupils_by_school().astype(float))
    names, stage = world.schools.names, world.schools.stage
    may = world.is_open & (world.schools.site == np.arange(len(names)))
    if row.stage is not None:
        may &= stage == STAGES.index(row.stage)
    if not isinstance(row.to, str):
        may &= np.isin(np.arange(len(names)), world.schools.site[[*map(names.index, row.to)]])
    amount = np.full(world.replications, row.amount)
    if row.to == "need":
        need = site_sum(world, facilities_needed(world, row.item)) * may
        have = np.nan_to_num(world.facilities[:, :, FACILITIES.index(row.item)])
        weight = filled_up(have, need, amount)
    else:
        weight = pupils * may
    total = weight.sum(axis=1, keepdims=True)
    weight = np.where(total > 0, weight, may * 1.0)
    part = amount[:, None] * weight / np.maximum(weight.sum(axis=1, keepdims=True), 1e-300)
    if row.item != WHOLE:
        return part
    # Whole by running sums, halves rounded down: within a billionth, so that no rounding decides.
    upto = np.ceil(np.cumsum(part, axis=1) - 0.5 - verbs.EQUAL)
    return np.diff(upto, axis=1, prepend=0.0)


def filled_up(
    have: NDArray[np.float64], need: NDArray[np.float64], amount: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Raise the schools with the least have / need to one common level, as far as it goes.

    Parameters
    ----------
    have, need : float64 (R, S)
        Schools that need nothing get nothing.
    amount : float64 (R,)

    Returns
    -------
    float64 (R, S)
        Sums to ``amount``, unless nobody needs anything.
    """
    level = np.where(need > 0, have / np.where(need > 0, need, 1.0), np.inf)
    order = np.argsort(level, axis=1, kind="stable")
    level = np.take_along_axis(level, order, axis=1)
    has, needs = (np.cumsum(np.take_along_axis(x, order, axis=1), axis=1) for x in (have, need))
    reached = (amount[:, None] + has) / np.maximum(needs, 1e-300)  # if the first so many share it
    next_level = np.concatenate([level[:, 1:], np.full((len(level), 1), np.inf)], axis=1)
    shares = np.argmax(reached <= next_level, axis=1)
    height = np.take_along_axis(reached, shares[:, None], axis=1)
    return np.where(need > 0, np.maximum(height * need - have, 0.0), 0.0)


def facilities_needed(world: World, item: Facility) -> NDArray[np.float64]:
    """Return what each school needs of an item to meet its threshold: (R, S)."""
    indicator = load_standard().indicator(INDICATOR_OF[item])
    threshold = np.array([indicator.threshold[stage] for stage in STAGES])[world.schools.stage]
    return world.pupils_by_school() * threshold / indicator.per_pupils


def site_sum(world: World, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Put what the sections of a nine-year school have together at its first row: (R, S)."""
    site = world.schools.site
    summed = values.copy()
    for row in np.flatnonzero(site != np.arange(len(site))):
        summed[:, row] = 0
        summed[:, site[row]] += values[:, row]
    return summed


def left_to(world: World, closing: int, takes: list[int]) -> None:
    """Let a closed school's facilities go, in equal parts, to the schools that take its pupils.

    A nine-year school of which one section stays open keeps them.
    """
    site = world.schools.site
    if (world.is_open & (site == site[closing])).any():
        return
    kept = world.scenario.facilities.kept_on_closing
    share = np.array([kept.get(item, 0.0) for item in FACILITIES])
    gone = world.facilities[:, site[closing]] * share
    for school in takes:
        world.facilities[:, site[school]] += gone / len(takes)
    world.facilities[:, site[closing]] *= 0


def brought_by(new: NewSchool) -> NDArray[np.float64]:
    """Return the facilities built with a new school: (4,)."""
    return np.array([new.facilities.get(item, 0.0) for item in FACILITIES])
