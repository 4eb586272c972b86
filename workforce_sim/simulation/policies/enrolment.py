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
from workforce_sim.simulation import verbs
from workforce_sim.simulation.calendar import Process, Wait
from workforce_sim.simulation.world import World

PRIMARY, JUNIOR = 0, 1
MOST_PUPILS = 10_000_000
GRADES = {PRIMARY: range(0, 6), JUNIOR: range(6, 9)}


def enrolment(world: World, wait: Wait) -> Process:
    """Each year, on the day of the census: move up, and enrol the entrants."""
    # The entrants of the baseline; where no primary school of the county sends pupils on, junior
    # schools go on to enrol as many from elsewhere.
    grade_1 = world.pupils[0].sum(axis=1, dtype=np.int64)
    from_elsewhere = None
    if not world.pupils[:6].any():
        from_elsewhere = world.pupils[6].sum(axis=1, dtype=np.int64)
    for year in world.years:
        yield wait(world.date("census", year))
        world.pupils = next_year(world, grade_1, from_elsewhere)


def next_year(
    world: World, grade_1: NDArray[np.int64], from_elsewhere: NDArray[np.int64] | None
) -> NDArray[np.int32]:
    """Return the pupils of the new school year: (9, R, S).

    ``grade_1`` (R,) are the entrants of the baseline, ``from_elsewhere`` (R,) those to junior
    schools if the county has no primary pupils.
    """
    new = np.zeros_like(world.pupils)
    for code, grades in GRADES.items():
        schools = np.flatnonzero((world.schools.stage == code) & world.is_open)
        if len(schools) == 0:
            continue
        old = world.pupils[grades.start : grades.stop].take(schools, axis=2).astype(float)
        going_on = [_survival(world, g) * old[g - 1 - grades.start].sum(axis=1) for g in grades[1:]]
        total = np.stack([_entering(world, code, grade_1, from_elsewhere), *going_on])
        _refuse_beyond(world, grades, total.max(axis=1))
        # Entrants come to the schools as the pupils of all their grades do.
        weight = np.concatenate([old.sum(axis=0, keepdims=True), old[:-1]])
        at_seat = world.schools.area[schools] == AREAS.index("county_seat")
        new[grades.start : grades.stop, :, schools] = verbs.share_out(
            _drifted(world, weight, at_seat), np.rint(total)
        )
    return new


def _entering(
    world: World,
    code: int,
    grade_1: NDArray[np.int64],
    from_elsewhere: NDArray[np.int64] | None,
) -> NDArray[np.float64]:
    """Return the entrants to the first grade of a stage: (R,)."""
    rule, numbers = world.scenario.enrolment, world.numbers
    level = numbers["enrolment.level"] * (1 + numbers["enrolment.trend_per_year"]) ** (
        world.year - world.years.start
    )
    if code == PRIMARY:
        return level * entrants(world, rule.entrants, grade_1)
    if from_elsewhere is not None:
        return level * from_elsewhere
    return _survival(world, 6) * world.pupils[5].sum(axis=1, dtype=float)


def _refuse_beyond(world: World, grades: range, pupils: NDArray[np.float64]) -> None:
    """Refuse a scenario whose pupils outgrow any county, and 32 bits."""
    for grade, most in zip(grades, pupils, strict=True):
        if most > MOST_PUPILS:
            message = (
                f"{most:,.0f} pupils in grade {grade + 1} of {world.year}; "
                "no county has ten million"
            )
            raise InputError([world.scenario.problem("enrolment", message)])


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


def _survival(world: World, grade: int) -> NDArray[np.float64] | float:
    return world.numbers.get(f"enrolment.survival.{grade}", 1.0)


def _drifted(
    world: World, pupils: NDArray[np.float64], at_seat: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Let a share of the pupils (..., R, S) elsewhere change to the county seat's schools."""
    share = world.numbers["enrolment.drift_to_county_seat_per_year"]
    there = pupils[..., at_seat].sum(axis=-1)
    elsewhere = pupils[..., ~at_seat].sum(axis=-1)
    moving = np.where(there > 0, share, 0.0)
    growth = moving * elsewhere / np.maximum(there, 1)
    return pupils * np.where(at_seat, 1 + growth[..., None], 1 - moving[..., None])
