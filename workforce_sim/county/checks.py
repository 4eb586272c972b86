"""Checks of a scenario against its county."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from workforce_sim.county.model import County
from workforce_sim.scenario.errors import Problem
from workforce_sim.scenario.lines import join
from workforce_sim.scenario.schema import STAGES, Scenario
from workforce_sim.scenario.validation import nearest


def check_scenario(scenario: Scenario, county: County) -> list[Problem]:
    """Return everything in which the scenario and the county do not fit.

    What the scenario says of itself alone is checked in the scenario's room.

    Parameters
    ----------
    scenario : Scenario
    county : County

    Returns
    -------
    list of Problem
        Each at the line of the scenario's file that it concerns.
    """
    return [
        *_of_years(scenario, county),
        *_of_county(scenario, county),
        *_of_network(scenario, county),
        *_of_investments(scenario, county),
    ]


def _of_years(scenario: Scenario, county: County) -> Iterator[Problem]:
    first, baseline = scenario.years.first, county.census // 12
    if first != baseline + 1:
        message = (
            f"begins in {first}; the county's baseline is of {baseline}, so begin in {baseline + 1}"
        )
        yield scenario.problem("years", message)


def _of_county(scenario: Scenario, county: County) -> Iterator[Problem]:
    schools = county.schools
    if len(schools) == 0:
        yield scenario.problem("county", f"{county.name} has no school")
    for name, pupils in zip(schools.names, schools.size, strict=True):
        if pupils == 0:
            yield scenario.problem("county", f"{name} has no pupils")
    for stage in STAGES:
        counts = county.stage_counts(stage)
        if counts["pupils"] and not counts["staff"]:
            yield scenario.problem(
                "county", f"{counts['pupils']} {stage} pupils and no {stage} staff"
            )


def _of_network(scenario: Scenario, county: County) -> Iterator[Problem]:
    """Find schools that do not exist, or are of another stage; and a last school that closes."""
    stages = [STAGES[code] for code in county.schools.stage]
    existing: dict[str, str] = dict(zip(county.schools.names, stages, strict=True))
    new = {event.open.name: event.open.stage for event in scenario.network if event.open}
    stage_of = {**new, **existing}
    still_open = set(existing)

    def named(path: str, name: str, taking_from: Iterable[str] = ()) -> Iterator[Problem]:
        """Check a name; the school's stage is that of those whose pupils it takes or gives."""
        if name not in stage_of:
            yield scenario.problem(path, f"there is no school {name!r}{nearest(name, stage_of)}")
        for other in taking_from:
            if {name, other} <= set(stage_of) and stage_of[name] != stage_of[other]:
                message = f"{name} is a {stage_of[name]} school, {other} a {stage_of[other]} school"
                yield scenario.problem(path, message)

    for position, event in sorted(enumerate(scenario.network), key=lambda item: item[1].date):
        here = join("network", position)
        if event.open is not None:
            name = event.open.name
            if name in existing:
                message = f"the county has a school {name!r} already"
                yield scenario.problem(join(here, "open.name"), message)
            for giving in event.open.pupils_from:
                yield from named(join(here, "open.pupils_from", giving), giving, [name])
            still_open.add(name)
        for nth, name in enumerate(event.close):
            yield from named(join(here, "close", nth), name)
        for nth, name in enumerate(() if event.into == "nearest" else event.into):
            yield from named(join(here, "into", nth), name, event.close)
        still_open -= set(event.close)
        closing = {stage_of[name] for name in event.close if name in stage_of}
        for stage in sorted(closing - {stage_of[name] for name in still_open}):
            message = f"no {stage} school is left to take the pupils of {', '.join(event.close)}"
            yield scenario.problem(join(here, "close"), message)


def _of_investments(scenario: Scenario, county: County) -> Iterator[Problem]:
    """Find investments in schools that do not exist, or are not of the stage that is named."""
    stage_of = {
        name: STAGES[code]
        for name, code in zip(county.schools.names, county.schools.stage, strict=True)
    } | {event.open.name: event.open.stage for event in scenario.network if event.open is not None}
    for position, row in enumerate(scenario.facilities.investments):
        for nth, name in enumerate(() if isinstance(row.to, str) else row.to):
            path = join("facilities.investments", position, "to", nth)
            if name not in stage_of:
                message = f"there is no school {name!r}{nearest(name, stage_of)}"
                yield scenario.problem(path, message)
            elif row.stage not in (None, stage_of[name]):
                message = f"{name} is a {stage_of[name]} school, not a {row.stage} school"
                yield scenario.problem(path, message)
