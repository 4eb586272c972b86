"""The answer: one sentence, and one paragraph that an officer can read aloud.

Neither says more than the numbers: a word such as "probably" has its least probability
(`phrases.CLASSES`), where there are too few replications there is no such word, and nothing is
called a pass where only some of the seven indicators are looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from workforce_sim.law import load_standard
from workforce_sim.report.narrative.evidence import (
    lacking,
    schools_at_risk,
    weakest,
    weakest_indicators,
)
from workforce_sim.report.narrative.grounds import unlooked
from workforce_sim.report.narrative.phrases import (
    CLASSES,
    all_stages,
    baseline_year,
    codes,
    counted,
    county_name,
    enumerated,
    joined,
    measure,
    odds,
    people,
    ratio,
    said,
    school_name,
    span,
    teachers,
    when_judged,
)
from workforce_sim.scenario.schema import CAUSES
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.assessment.projection import Projection

NAMED = 3
"""So many schools at risk are named in the paragraph."""
LISTED = 4
"""Where more ratios are safe, they are counted, not named."""
MENTIONED = 0.05
"""An indicator is named among the weakest from this share of the replications on."""
COUNTERS = {
    "L1": ("qualified_left", "degrees"),
    "L2": ("awarded", "lapsed", "backbone_left"),
    "L3": ("hired_arts_pe", "retrained"),
}
"""The flows that move an indicator of teachers most directly: given for the weakest ones."""


def answer(projection: Projection, words: Words) -> str:
    """Return the verdict of the judged year in one sentence, with its Monte Carlo error."""
    named = {"county": county_name(projection, words), "year": projection.scenario.judged_year}
    if not _any_judged(projection):
        return words("answer.unjudged", **named)
    verdict = _county(projection, "not_ruled_out")[projection.scenario.judged_year]
    kind, chance = odds(verdict), said(verdict, words)
    if projection.whole:
        sentence = words(f"answer.whole_{kind}", **named)
        return words("answer.whole_with_chance", sentence=sentence, chance=chance)
    sentence = words(f"answer.{kind}", looked=_looked(projection, words), **named)
    return words("answer.with_chance", sentence=sentence, chance=chance)


def paragraph(projection: Projection, words: Words) -> str:
    """Return the answer in one paragraph of plain language: the `points`, one after the other."""
    return joined(points(projection, words), words)


def points(projection: Projection, words: Words) -> list[str]:
    """Return the answer point by point, each of some sentences.

    The verdict and its first year; the ratios that are safe and those that are not; the schools at
    risk and where it is weakest; who comes and goes; what is not known.
    """
    if not _any_judged(projection):
        parts = [[answer(projection, words)], [], []]
    else:
        verdict = [answer(projection, words), *_course(projection, words)]
        parts = [verdict, list(_schools(projection, words)), list(_weakest(projection, words))]
    parts.insert(1, list(_ratios(projection, words)))
    parts.append(list(_drivers(projection, words)))
    parts.append([unlooked(projection, words)])
    return [joined(part, words) for part in parts if part]


def _looked(projection: Projection, words: Words) -> str:
    """Name the indicators looked at, where they are not all seven."""
    indicators = projection.indicators
    name = "phrase.of_staff" if len(indicators) == len(COUNTERS) else "phrase.of_some"
    return words(name, n=counted(len(indicators), words), which=codes(indicators, words))


def _any_judged(projection: Projection) -> bool:
    return bool((when_judged(projection.school_verdicts, projection)["judged"] > 0).any())


def _county(projection: Projection, verdict: str) -> dict[int, pd.Series[Any]]:
    """Return a verdict on the county by year, in their order, the baseline left out."""
    frame = projection.verdicts
    frame = frame[(frame["scope"] == "county") & (frame["verdict"] == verdict)]
    frame = frame[frame["year"] > baseline_year(projection)].sort_values("year")
    return {int(row["year"]): row for row in _rows(frame)}


def _course(projection: Projection, words: Words) -> Iterator[str]:
    """Say in which year the verdict is first more likely than not, and what it means."""
    year = projection.scenario.judged_year
    course = _county(projection, "not_ruled_out")
    first = next((year for year, row in course.items() if row["p"] >= 0.5), None)
    if len(course) > 1 and first is None:
        best = max(course, key=lambda year: course[year]["p"])
        name = "answer.never"
        if course[best]["p"] == 0:
            name = "answer.whole_never_at_all" if projection.whole else "answer.never_at_all"
        years = span(min(course), max(course), words)
        yield words(name, years=years, year=best, chance=said(course[best], words))
    elif len(course) > 1 and first is not None:
        before = ""
        if first - 1 in course:
            chance = said(course[first - 1], words)
            before = words("answer.before", year=first - 1, chance=chance)
        # Within the Monte Carlo error of one half it is not said to be above it.
        name = "half" if course[first]["p_low"] < 0.5 else "first"
        now = "_now" if first == year else ""
        chance = said(course[first], words)
        yield words(f"answer.{name}{now}", year=first, chance=chance, before=before)
        if first < year and course[year]["p"] < 0.5:
            yield words("answer.fell", year=year)
    rule = load_standard().school_rule
    yield words(
        "answer.whole_meaning" if projection.whole else "answer.meaning",
        n=counted(len(projection.indicators), words),
        required=rule.required,
        near=f"{rule.near_share:.0%}",
        open=said(_county(projection, "open")[year], words),
        within=said(_county(projection, "difference_within")[year], words),
    )


def _ratios(projection: Projection, words: Words) -> Iterator[str]:
    """Say which of the county's ratios are safe, open and lost in the judged year."""
    ratios = when_judged(projection.ratios, projection)
    ratios = ratios[(ratios["stage"] != "both") & ratios["p_meets"].notna()]
    if ratios.empty:
        return
    year = projection.scenario.judged_year
    safe = ratios[ratios["p_meets"] >= CLASSES["sure"]]
    missed = ratios[ratios["p_meets"] < CLASSES["unlikely"]]
    between = ratios.drop([*safe.index, *missed.index])
    if len(safe) == len(ratios):
        least = ratios.sort_values("p_meets", kind="stable").iloc[0]
        name = "answer.all_safe_alike" if least["p_meets"] == 1 else "answer.all_safe"
        chance = said(least, words, "p_meets")
        yield words(name, year=year, n=len(ratios), least=measure(least, words), chance=chance)
        return
    told = [("safe", safe), ("between", between), ("missed", missed)]
    groups = [
        words(f"answer.{name}", which=_with_chances(rows, words))
        for name, rows in (told[1:] if len(safe) > LISTED else told)
        if len(rows)
    ]
    if len(safe) > LISTED:
        lowest = said(safe.sort_values("p_meets", kind="stable").iloc[0], words, "p_meets")
        alike = safe["p_meets"].nunique() == 1
        groups.append(words("answer.rest" if alike else "answer.rest_least", n=len(safe), p=lowest))
    yield words("answer.ratios", year=year, groups=words("mark.list").join(groups))


def _with_chances(ratios: pd.DataFrame, words: Words) -> str:
    """List ratios with their probabilities, or with the one that they all have."""
    names = [measure(row, words) for row in _rows(ratios)]
    chances = [said(row, words, "p_meets") for row in _rows(ratios)]
    if len(names) > 1 and len(set(chances)) == 1:
        return words("answer.with_one_p", what=enumerated(names, words), p=chances[0])
    each = zip(names, chances, strict=True)
    return enumerated([words("answer.with_p", what=name, p=p) for name, p in each], words)


def _schools(projection: Projection, words: Words) -> Iterator[str]:
    """Say which schools are most likely to fail."""
    all_met = _county(projection, "all_met")[projection.scenario.judged_year]
    n = counted(len(projection.indicators), words)
    yield words("answer.all_met", n=n, chance=said(all_met, words))
    at_risk = schools_at_risk(projection, NAMED)
    at_risk = at_risk[at_risk["p_failed"] > 0]
    if at_risk.empty:
        yield words("answer.none_fails")
        return
    named = [
        _with_p(school_name(projection, row, words), row, words, "p_failed")
        for row in _rows(at_risk)
    ]
    yield words("answer.at_risk", schools=enumerated(named, words))


def _weakest(projection: Projection, words: Words) -> Iterator[str]:
    """Say in which indicators, and at which school, it is weakest."""
    indicators = weakest_indicators(projection)
    indicators = indicators[(indicators["p"] >= MENTIONED) | (indicators.index == 0)]
    named = [
        words(
            "answer.indicator",
            teachers=teachers(row["indicator"], words),
            chance=said(row, words),
        )
        for row in _rows(indicators)
    ]
    yield words("answer.indicators", which=words("mark.clause").join(named))
    place = weakest(projection)
    yield words(
        "answer.weakest",
        school=school_name(projection, place, words),
        teachers=teachers(place["indicator"], words),
        chance=said(place, words),
        median=ratio(place["q50"], place["indicator"], words),
        threshold=f"{place['threshold']:g}",
    )
    lacks = {indicator: people(n) for indicator, n in lacking(projection).items() if n >= 0.05}
    if lacks:
        what = [words(f"lack.{indicator}", n=n) for indicator, n in lacks.items()]
        yield words(
            "answer.lack", year=projection.scenario.judged_year, what=enumerated(what, words)
        )


def _drivers(projection: Projection, words: Words) -> Iterator[str]:
    """Say who comes and goes, up to the judged year."""
    year, stage = projection.scenario.judged_year, all_stages(projection)
    flows = projection.flows
    flows = flows[(flows["stage"] == stage) & (flows["year"] <= year)]
    a_year = flows.groupby("flow")["mean"].mean()
    yield words(
        "answer.flows",
        years=span(int(flows["year"].min()), year, words),
        retired=people(a_year["retired"]),
        left=people(a_year[list(CAUSES)].sum()),
        hired=people(a_year[["hired_general", "hired_arts_pe"]].sum()),
    )
    if _any_judged(projection):
        indicators = weakest_indicators(projection)
        often = indicators["indicator"][indicators["p"] >= MENTIONED]
        for indicator in often[often.isin(list(COUNTERS))]:
            counts = {flow: people(a_year[flow]) for flow in COUNTERS[indicator]}
            yield words(f"answer.flows_{indicator}", **counts)
    yield words(
        "answer.totals",
        before=baseline_year(projection),
        year=year,
        staff=_change(projection.staff, stage, projection, words),
        pupils=_change(projection.pupils, stage, projection, words),
    )


def _change(frame: pd.DataFrame, stage: str, projection: Projection, words: Words) -> str:
    """Say from what to what a total goes, from the baseline to the judged year."""
    totals = frame[frame["stage"] == stage].set_index("year")["mean"]
    ends = (baseline_year(projection), projection.scenario.judged_year)
    before, after = (round(totals[year]) for year in ends)
    name = "rises" if after > before else "falls" if after < before else "stays"
    return words(f"answer.{name}", before=before, after=after)


def _with_p(what: str, row: pd.Series[Any], words: Words, name: str) -> str:
    return words("answer.with_p", what=what, p=said(row, words, name))


def _rows(frame: pd.DataFrame) -> list[pd.Series[Any]]:
    return [row for _, row in frame.iterrows()]
