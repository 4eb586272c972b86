"""Rule 9. Pupils by grade: a new school year begins.

Grades move up with a survival ratio; the county's entrants are forecast from births or taken from a
table; a part of the pupils elsewhere changes to the county seat. The county's total of each grade
is rounded once, then shared among the schools in whole pupils by cumulative rounding: no pupil is
lost or invented, and with a ratio of 1 and no drift every school keeps its pupils.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workforce_sim.scenario.errors import InputError
from workforce_sim.scenario.schema import AREAS, Entrants
from workforce_sim.simulation.calendar import Process, Wait
from workforce_sim.simulation.world import World

PRIMARY, JUNIOR = 0, 1
MOST_PUPILS = 10_000_000
GRADES = {PRIMARY: range(0, 6), JUNIOR: range(6, 9)}


def enrolment(world: World, wait: Wait) -> Process:
    """Each year, on the day of the census: move up, and enrol the entrants."""
    grade_1 = world.pupils[0].sum(axis=1, dtype=np.int64)
    grade_7 = world.pupils[6].sum(axis=1, dtype=np.int64)
    for year in world.years:
        yield wait(world.date("census", year))
        world.pupils = next_year(world, grade_1, grade_7)


def next_year(
    world: World, grade_1: NDArray[np.int64], grade_7: NDArray[np.int64]
) -> NDArray[np.int32]:
    """Return the pupils of the new school year: (9, R, S).

    ``grade_1`` and ``grade_7`` (R,) are the entrants of the baseline.
    """
    rule, numbers = world.scenario.enrolment, world.numbers
    stage = world.schools.stage
    old = world.pupils.astype(float)
    new = np.zeros_like(world.pupils)
    drifting = numbers["enrolment.drift_to_county_seat_per_year"]
    level = numbers["enrolment.level"] * (1 + numbers["enrolment.trend_per_year"]) ** (
        world.year - world.years.start
    )
    for code, grades in GRADES.items():
        of_stage = (stage == code) & world.is_open
        if not of_stage.any():
            continue
        for grade in grades:
            if grade == grades.start:
                cohort = old[grades.start : grades.stop].sum(axis=0) * of_stage
                if code == PRIMARY:
                    total = level * entrants(world, rule.entrants, grade_1)
                elif old[5].any():
                    total = _survival(world, 6) * old[5].sum(axis=1)
                else:  # a county without primary schools: as many as today
                    total = level * grade_7
            else:
                cohort = old[grade - 1] * of_stage
                total = _survival(world, grade) * cohort.sum(axis=1)
            if total.max() > MOST_PUPILS:
                raise InputError(
                    [
                        world.scenario.problem(
                            "enrolment",
                            f"{total.max():,.0f} pupils in grade {grade + 1} of {world.year}; "
                            "no county has ten million",
                        )
                    ]
                )
            weight = _drifted(world, cohort, drifting)
            new[grade] = whole_shares(weight, np.rint(total), of_stage)
    return new


def entrants(world: World, rule: Entrants, baseline: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the forecast of the county's entrants to grade 1: (R,).

    From births: as many as at the baseline in the first simulated year, then as births six and
    seven years before go.
    """
    year, first = world.year, world.years.start
    if rule.table is not None:
        return np.full(world.replications, float(rule.table[year]))
    if rule.births is None:
        return baseline.astype(float)
    births, last = rule.births, max(rule.births)
    older = world.numbers["enrolment.entrants.older_share"]

    def born(year: int) -> NDArray[np.float64]:
        six, seven = (births[min(year - age, last)] for age in (6, 7))
        return older * six + (1 - older) * seven

    return baseline * born(year) / born(first)


def whole_shares(
    weight: NDArray[np.float64], total: NDArray[np.float64], where: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Share whole numbers ``total`` (R,) by ``weight`` (R, S); among ``where`` if all are 0."""
    nothing = weight.sum(axis=1) <= 0
    weight = np.where(nothing[:, None], where, weight)
    running = np.cumsum(weight, axis=1)
    bounds = np.rint(running * (total / running[:, -1])[:, None])
    return np.diff(bounds, axis=1, prepend=0).astype(np.int64)


def _survival(world: World, grade: int) -> NDArray[np.float64] | float:
    return world.numbers.get(f"enrolment.survival.{grade}", 1.0)


def _drifted(
    world: World, cohort: NDArray[np.float64], share: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Let ``share`` (R,) of the pupils elsewhere change to the county seat's schools."""
    seat = (world.schools.area == AREAS.index("county_seat")) & world.is_open
    at_seat = (cohort * seat).sum(axis=1)
    elsewhere = (cohort * ~seat).sum(axis=1)
    moving = np.where(at_seat > 0, share, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        growth = np.where(at_seat > 0, moving * elsewhere / at_seat, 0.0)
    return cohort * np.where(seat, 1 + growth[:, None], 1 - moving[:, None])
