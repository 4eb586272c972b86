"""Checks of a scenario as a whole. What needs the county is checked with the county."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import combinations

from workforce_sim.scenario.assumptions import numbers
from workforce_sim.scenario.errors import Problem
from workforce_sim.scenario.forms import ByYear
from workforce_sim.scenario.lines import join
from workforce_sim.scenario.schema import STAGES, Scenario
from workforce_sim.scenario.validation import nearest


def check(scenario: Scenario) -> list[Problem]:
    """Return everything that is wrong with the scenario as a whole."""
    return [problem for find in CHECKS for problem in find(scenario)]


def judged_year(scenario: Scenario) -> Iterator[Problem]:
    """Find a judged year that is not simulated."""
    if scenario.judged_year not in scenario.years.range:
        message = f"{scenario.judged_year} is not one of the simulated years {scenario.years}"
        yield scenario.problem("judged_year", message)


def numbers_by_year(scenario: Scenario) -> Iterator[Problem]:
    """Find simulated years without a number; numbers for other years do no harm."""
    by_year: dict[str, ByYear | None] = {
        "arts_pe.recruits_per_year": scenario.arts_pe.recruits_per_year,
        "arts_pe.retraining_per_year": scenario.arts_pe.retraining_per_year,
        "backbone.places": scenario.backbone.places,
        "duties.training_places_per_year": scenario.duties.training_places_per_year,
    }
    for path, given in by_year.items():
        if given is not None and (missing := given.missing(scenario.years.range)):
            message = f"has no number for {_listed(missing)}; add it, or `later: N`"
            yield scenario.problem(path, message)


def births(scenario: Scenario) -> Iterator[Problem]:
    """Find missing births: the entrants of a year were born six and seven years before."""
    entrants = scenario.enrolment.entrants
    if entrants.births is None:
        return
    needed = {year - age for year in scenario.years for age in (6, 7)}
    if entrants.births_later == "held" and entrants.births:
        needed = {year for year in needed if year <= max(entrants.births)}
    if missing := sorted(needed - set(entrants.births)):
        years = f"for the entrants of {scenario.years}"
        hint = "add it" if entrants.births_later == "held" else "add it, or `births_later: held`"
        message = f"has no number for {_listed(missing)}, which is needed {years}; {hint}"
        yield scenario.problem("enrolment.entrants.births", message)


def entrants_table(scenario: Scenario) -> Iterator[Problem]:
    """Find simulated years that a table of entrants leaves out."""
    table = scenario.enrolment.entrants.table
    if table is None:
        return
    if missing := [year for year in scenario.years if year not in table]:
        message = f"has no number for {_listed(missing)}; add it"
        yield scenario.problem("enrolment.entrants.table", message)


def leavers_before_start(scenario: Scenario) -> Iterator[Problem]:
    """Find missing leavers of the calendar year before the first, where they count."""
    rule, first = scenario.replacement, scenario.years.first
    if rule.window != "calendar_year_before" or first in rule.stated_posts:
        return
    if missing := [stage for stage in STAGES if stage not in rule.leavers_year_before_start]:
        message = (
            f"has no number for {' and '.join(missing)}; `window: calendar_year_before` needs the "
            f"leavers of {first - 1}, unless stated_posts gives the posts of {first}"
        )
        yield scenario.problem("replacement.leavers_year_before_start", message)


def degree_bands(scenario: Scenario) -> Iterator[Problem]:
    """Find age bands of in-service degrees that overlap."""
    for (one, a), (other, b) in combinations(scenario.degrees.items(), 2):
        if a.ages[0] < b.ages[1] and b.ages[0] < a.ages[1]:
            message = f"the ages {_band(b.ages)} overlap those of {one!r}, {_band(a.ages)}"
            yield scenario.problem(join("degrees", other, "ages"), message)


def network_dates(scenario: Scenario) -> Iterator[Problem]:
    """Find openings and closures outside of the simulated years."""
    for position, event in enumerate(scenario.network):
        if event.date.year not in scenario.years.range:
            message = f"{event.date} is outside of the simulated years {scenario.years}"
            yield scenario.problem(join("network", position, "date"), message)


def network_schools(scenario: Scenario) -> Iterator[Problem]:
    """Find schools that close, give or take while they are not open, or open a second time."""
    opens = {event.open.name: event.date for event in scenario.network if event.open is not None}
    opened: set[str] = set()
    closed: dict[str, dt.date] = {}

    def find(path: str, name: str, closing: Iterable[str] = ()) -> Iterator[Problem]:
        if name in closed:
            yield scenario.problem(path, f"{name} has been closed since {closed[name]}")
        elif name in opens and name not in opened:
            yield scenario.problem(path, f"{name} opens only on {opens[name]}")
        elif name in closing:
            yield scenario.problem(path, f"{name} closes by the same event")

    for position, event in sorted(enumerate(scenario.network), key=lambda item: item[1].date):
        here = join("network", position)
        for nth, name in enumerate(event.close):
            yield from find(join(here, "close", nth), name)
        for nth, name in enumerate(() if event.into == "nearest" else event.into):
            yield from find(join(here, "into", nth), name, event.close)
        closed |= dict.fromkeys(event.close, event.date)
        if event.open is not None:
            for name in event.open.pupils_from:
                yield from find(join(here, "open.pupils_from", name), name)
            name = event.open.name
            if name in opened or name in closed:
                yield scenario.problem(join(here, "open.name"), f"{name} opens a second time")
            opened.add(name)


def reallocation_rounds(scenario: Scenario) -> Iterator[Problem]:
    """Find rounds of reallocation outside of the simulated years."""
    for position, day in enumerate(scenario.reallocation.rounds):
        if day.year not in scenario.years.range:
            message = f"{day} is outside of the simulated years {scenario.years}"
            yield scenario.problem(join("reallocation.rounds", position), message)


def investments(scenario: Scenario) -> Iterator[Problem]:
    """Find investments outside of the simulated years, or at a school that is closed then."""
    closed = {name: event.date for event in scenario.network for name in event.close}
    opens = {event.open.name: event.date for event in scenario.network if event.open is not None}
    for position, row in enumerate(scenario.facilities.investments):
        here = join("facilities.investments", position)
        if row.date.year not in scenario.years.range:
            message = f"{row.date} is outside of the simulated years {scenario.years}"
            yield scenario.problem(join(here, "date"), message)
        for nth, name in enumerate(() if isinstance(row.to, str) else row.to):
            if name in closed and closed[name] <= row.date:
                message = f"{name} has been closed since {closed[name]}"
                yield scenario.problem(join(here, "to", nth), message)
            elif name in opens and opens[name] > row.date:
                yield scenario.problem(join(here, "to", nth), f"{name} opens only on {opens[name]}")


def costs(scenario: Scenario) -> Iterator[Problem]:
    """Find costs of what is no number of the scenario."""
    known = numbers(scenario)
    for path in scenario.costs.per_unit:
        if path not in known:
            message = f"is no number of this scenario{nearest(path, known)}"
            yield scenario.problem(join("costs.per_unit", path), message)


CHECKS = (
    judged_year,
    numbers_by_year,
    births,
    entrants_table,
    leavers_before_start,
    degree_bands,
    network_dates,
    network_schools,
    reallocation_rounds,
    investments,
    costs,
)


def _listed(years: Iterable[int]) -> str:
    """Write years with runs joined: ``2014, 2021-2024``."""
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][1] + 1:
            runs[-1][1] = year
        else:
            runs.append([year, year])
    return ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in runs)


def _band(ages: tuple[int, int]) -> str:
    return f"[{ages[0]}, {ages[1]}]"
