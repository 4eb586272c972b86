"""What was asked: the county, the years, and the policies in words."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from workforce_sim.report.narrative.phrases import counted, county_name, enumerated, people, span
from workforce_sim.scenario.quantity import support
from workforce_sim.scenario.schema import FACILITIES
from workforce_sim.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workforce_sim.assessment.projection import Projection
    from workforce_sim.scenario.forms import ByYear
    from workforce_sim.scenario.quantity import Distribution
    from workforce_sim.scenario.schema import Scenario


def question(projection: Projection, words: Words) -> str:
    """Return what was asked: whether the county will pass in its year, under which policies."""
    scenario = projection.scenario
    return words(
        "question.asked",
        county=county_name(projection, words),
        years=span(scenario.years.first, scenario.years.last, words),
        year=scenario.judged_year,
        policies=words("mark.list").join(_policies(scenario, words)),
    )


def _policies(scenario: Scenario, words: Words) -> Iterator[str]:
    yield _hiring(scenario, words)
    programme = scenario.arts_pe
    recruits = by_year(programme.recruits_per_year, scenario, words)
    if recruits is None:
        yield words("question.no_recruits")
    else:
        within = "question.within_quota" if programme.within_quota else "question.on_top"
        yield words("question.recruits", people=recruits, quota=words(within))
    if retrained := by_year(programme.retraining_per_year, scenario, words):
        yield words("question.retraining", people=retrained)
    if places := by_year(scenario.backbone.places, scenario, words):
        years = scenario.backbone.term_years
        term = words("question.term", n=years) if years else words("question.for_life")
        yield words("question.backbone", people=places, term=term)
    else:
        yield words("question.no_backbone")
    yield words(
        "question.rotation",
        share=share(scenario.rotation.share, words),
        backbone=share(scenario.rotation.backbone_share, words),
    )
    if rounds := sum(day.year in scenario.years.range for day in scenario.reallocation.rounds):
        yield words("question.reallocation", n=rounds)
    if invested := _invested(scenario, words):
        yield words("question.investments", what=enumerated(invested, words))
    closed = sum(len(event.close) for event in scenario.network)
    opened = sum(event.open is not None for event in scenario.network)
    if closed or opened:
        yield words("question.network", closed=closed, opened=opened)


def _invested(scenario: Scenario, words: Words) -> list[str]:
    """Return what is invested up to the judged year, added up by item."""
    found = []
    for item in FACILITIES:
        amount = sum(
            row.amount
            for row in scenario.facilities.investments
            if row.item == item and row.date.year <= scenario.judged_year
        )
        if item == "equipment_yuan":
            amount /= 10_000
        if amount > 0:
            found.append(words(f"invested.{item}", n=people(amount)))
    return found


def _hiring(scenario: Scenario, words: Words) -> str:
    replacement = scenario.replacement
    causes = enumerated([words(f"option.{cause}") for cause in replacement.counted], words)
    notes = [words("question.counted", causes=causes)]
    if stated := [
        words("question.stated_year", year=year, n=replacement.stated_posts[year])
        for year in scenario.years.range
        if year in replacement.stated_posts
    ]:
        notes.append(words("question.stated", posts=words("mark.enum").join(stated)))
    if replacement.arts_pe_posts:
        notes.append(words("question.reserved", n=replacement.arts_pe_posts))
    elif replacement.arts_pe_share != 0:
        notes.append(
            words("question.reserved_share", share=share(replacement.arts_pe_share, words))
        )
    rule = rule_name(replacement.leavers, replacement.joins, words)
    return words("question.hiring", rule=rule, notes=words("mark.list").join(notes))


def rule_name(leavers: int, joins: int, words: Words) -> str:
    """Return the name of a replacement rule: 退三增一, one post for every three who retire."""
    if joins == 0:
        return words("question.rule_none")
    if leavers == joins:
        return words("question.rule_each")
    written = [counted(n, words) for n in (leavers, joins)]
    name = "question.rule" if joins == 1 else "question.rule_several"
    return words(name, leavers=written[0], joins=written[1])


def by_year(numbers: ByYear, scenario: Scenario, words: Words) -> str | None:
    """Write numbers of people by year, equal years in one; None if they are all 0."""
    years = list(scenario.years.range)
    runs = [(n, list(run)) for n, run in groupby(years, key=numbers.at)]
    if all(n == 0 for n, _ in runs):
        return None
    if len(runs) == 1 and len(years) > 1:
        return words("question.each_year", n=runs[0][0])
    return words("mark.enum").join(
        words("question.in_year", year=run[0], n=n)
        if len(run) == 1
        else words("question.in_years", years=span(run[0], run[-1], words), n=n)
        for n, run in runs
    )


def share(quantity: float | Distribution, words: Words) -> str:
    """Write a share in percent; of a distribution, its least and its largest value."""
    low, high = (f"{100 * end:.3g}%" for end in support(quantity))
    return low if low == high else words("phrase.range", low=low, high=high)
