"""One block of replications: set up the world, start the rules, run the calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial

import numpy as np
from numpy.typing import NDArray

from workforce_sim.county.model import County, Schools
from workforce_sim.scenario.assumptions import quantities
from workforce_sim.scenario.quantity import sample
from workforce_sim.scenario.schema import AREAS, STAGES, Scenario
from workforce_sim.simulation.calendar import Calendar
from workforce_sim.simulation.draws import Draws
from workforce_sim.simulation.ledger import STAFF, Ledger
from workforce_sim.simulation.policies import RULES
from workforce_sim.simulation.policies.exits import exit_month, hazards
from workforce_sim.simulation.policies.retirement import retirement_months
from workforce_sim.simulation.pool import BLANK, Pool
from workforce_sim.simulation.world import World

Levels = Mapping[str, NDArray[np.float64]]
"""Given uniform numbers of assumptions, one a replication of the run, in place of drawn ones."""


def simulate_block(
    scenario: Scenario,
    county: County,
    seed: int,
    replications: range,
    levels: Levels | None = None,
) -> Ledger:
    """Simulate some replications of a scenario.

    Parameters
    ----------
    scenario : Scenario
    county : County
    seed : int
        The run's seed; with the replication's number it decides everything.
    replications : range
        Numbers of the replications within the run.
    levels : mapping of path to float64 (R of the run,), optional
        Uniform numbers that decide these assumptions, indexed by the replication's number. All
        others, and every chance event, are drawn as always.

    Returns
    -------
    Ledger
    """
    world = set_up(scenario, county, seed, replications, levels)
    start_rules(world)
    world.calendar.run()
    world.ledger.closing[:] = world.pool.counts[:, :, STAFF]
    return world.ledger


def start_rules(world: World) -> None:
    """Start every rule; on one day they act in the order of the table."""
    for rank, rule in enumerate(RULES):
        world.calendar.start(rank, partial(rule, world))


def set_up(
    scenario: Scenario,
    county: County,
    seed: int,
    replications: range,
    levels: Levels | None = None,
) -> World:
    """Return the world on 1 January of the first year."""
    years = scenario.years
    schools = with_new_schools(county.schools, scenario)
    draws = Draws(seed, replications)
    size = len(replications)
    numbers = assumed(scenario, draws, levels)
    ledger = Ledger.blank(len(years.range), size, len(schools.names))
    months = range(years.first * 12, (years.last + 1) * 12)
    spare = 40 * len(years.range)
    world = World(
        scenario=scenario,
        schools=schools,
        is_open=np.arange(len(schools.names)) < len(county.schools.names),
        calendar=Calendar(dt.date(years.first, 1, 1)),
        draws=draws,
        numbers=numbers,
        pool=Pool.empty(
            size,
            len(county.roster.sex) + spare,
            schools.stage,
            months,
            ledger,
            all_arts=scenario.counting.arts_pe == "teachers",
            stays=scenario.rotation.stay_years is not None,
        ),
        pupils=np.repeat(schools.pupils.T[:, None], size, axis=1),
        facilities=np.repeat(schools.facilities[None], size, axis=0),
        ledger=ledger,
    )
    _enrol_roster(world, county)
    return world


def assumed(
    scenario: Scenario, draws: Draws, levels: Levels | None = None
) -> dict[str, NDArray[np.float64]]:
    """Return the value of each numeric assumption in each replication of the draws: (R,) each."""
    given = {path: level[draws.replications] for path, level in (levels or {}).items()}
    return {
        path: sample(quantity, given.get(path, draws.once(f"assumption {path}")))
        for path, quantity in quantities(scenario).items()
    }


def with_new_schools(schools: Schools, scenario: Scenario) -> Schools:
    """Return the schools of the roster and, after them, those that open during the run."""
    new = [event.open for event in scenario.network if event.open is not None]
    if not new:
        return schools
    nothing = np.where(schools.known, 0.0, np.nan)
    return Schools(
        names=schools.names + tuple(school.name for school in new),
        stage=np.append(schools.stage, [STAGES.index(school.stage) for school in new]).astype(
            np.int8
        ),
        area=np.append(schools.area, [AREAS.index(school.area) for school in new]).astype(np.int8),
        x_km=np.append(schools.x_km, [school.x_km for school in new]),
        y_km=np.append(schools.y_km, [school.y_km for school in new]),
        pupils=np.concatenate([schools.pupils, np.zeros((len(new), 9), np.int32)]),
        # What is known of all others is known of a new one, too: nothing until it opens.
        facilities=np.concatenate([schools.facilities, np.tile(nothing, (len(new), 1))]),
        site=np.append(schools.site, len(schools.names) + np.arange(len(new))),
    )


def _enrol_roster(world: World, county: County) -> None:
    """Let the people of the roster join, each with the month and the cause of leaving."""
    roster = county.roster
    person = np.arange(len(roster.sex), dtype=np.uint32)
    category = roster.retirement_category()
    birth = roster.birth.astype(np.int16)
    legal, retires = retirement_months(world, person, category, birth)
    exits, cause = exit_month(
        world,
        hazards(world),
        person,
        birth,
        county.schools.stage[roster.school],
        world.pool.first_month,
    )
    newcomers = BLANK._replace(
        person=person,
        sex=roster.sex,
        birth=birth,
        school=roster.school,
        subject=roster.subject,
        specialist=roster.specialist,
        qualified=world.qualifies(roster.degree, roster.school),
        award=roster.award.astype(np.int16),
        service=roster.service.astype(np.int16),
        arrival=roster.arrival.astype(np.int16),
        legal=legal,
        leave=np.minimum(retires, exits),
        cause=np.where(retires <= exits, 0, cause),
    )
    world.pool.enrol(newcomers, "hired_general")
    world.ledger.changes[:] = 0  # they were there before: changes are counted from here on
