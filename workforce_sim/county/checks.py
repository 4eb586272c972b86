"""Checks of a scenario against its county."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from workforce_sim.county.model import County
from workforce_sim.scenario.errors import Problem
from workforce_sim.scenario.lines import join
from workforce_sim.scenario.schema import STAGES, NetworkEvent, Scenario
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
    new = {event.open.name: event.open.stage for event in scenario.network if event.open}
    stage_of: dict[str, str] = {
        name: STAGES[code]
        for name, code in zip(county.schools.names, county.schools.stage, strict=True)
    }
    existing = set(stage_of)
    still_open = set(stage_of)
    stage_of |= {name: stage for name, stage in new.items() if name not in existing}

    def other_stage(path: str, name: str, stages: Iterable[str], why: str) -> Iterator[Problem]:
        if name not in stage_of:
            yield scenario.problem(path, f"there is no school {name!r}{nearest(name, stage_of)}")
        elif wrong := sorted({*stages} - {stage_of[name]}):
            yield scenario.problem(path, f"{name} is a {stage_of[name]} school; {why} {wrong[0]}")

    for position, event in sorted(enumerate(scenario.network), key=lambda item: item[1].date):
        here = join("network", position)
        if event.open is not None:
            if event.open.name in existing:
                message = f"the county has a school {event.open.name!r} already"
                yield scenario.problem(join(here, "open.name"), message)
            for name in event.open.pupils_from:
                path = join(here, "open.pupils_from", name)
                why = f"{event.open.name}, which takes its pupils, is"
                yield from other_stage(path, name, [event.open.stage], why)
            still_open.add(event.open.name)
        for nth, name in enumerate(event.close):
            yield from other_stage(join(here, "close", nth), name, [], "")
        closing = {stage_of[name] for name in event.close if name in stage_of}
        for nth, name in enumerate(() if event.into == "nearest" else event.into):
            path = join(here, "into", nth)
            yield from other_stage(path, name, closing, "of those that close into it one is")
        still_open -= set(event.close)
        yield from _none_left(scenario, here, event, closing - {stage_of[s] for s in still_open})


def _none_left(
    scenario: Scenario, here: str, event: NetworkEvent, stages: Iterable[str]
) -> Iterator[Problem]:
    for stage in sorted(stages):
        message = (
            f"no {stage} school is left to take the pupils when {', '.join(event.close)} close"
        )
        yield scenario.problem(join(here, "close"), message)
