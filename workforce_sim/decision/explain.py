"""Why the ratios of the judged year are what they are; the arithmetic is in ``parts``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from workforce_sim.assessment import county_of
from workforce_sim.assessment.judgement import OF_STAFF
from workforce_sim.assessment.projection import provenance
from workforce_sim.county import County
from workforce_sim.decision.cells import BOTH, Cells, Ratios
from workforce_sim.decision.parts import Course, Split, split, split_between
from workforce_sim.decision.policies import Policy
from workforce_sim.decision.trial import Trial, run_trials
from workforce_sim.law import load_standard
from workforce_sim.scenario import InputError, Scenario
from workforce_sim.scenario.schema import AREAS, STAGES


@dataclass(frozen=True)
class Explanation:
    """Why the ratios of the judged year differ from the baseline's, or from another policy's.

    Summaries are over the replications: ``mean`` with its Monte Carlo error ``se``, ``sd``,
    quantiles. The means of the parts add up to the mean change; their quantiles do not. What has no
    ratio before or after, such as a new school, has no parts: NaN.

    Attributes
    ----------
    policy : Policy
        What is explained.
    against : Policy or None
        The policy it is set against: then parts are this one's less the other's.
    county : County
    levels : DataFrame
        By policy, year, stage and indicator: ``items``, ``pupils``, the ratio, P(meets).
    parts : DataFrame
        By stage and indicator, in points of the ratio (people per 100 pupils); ``people``: by how
        many the teachers that count have changed. The part ``change`` is the sum.
    yearly_parts : DataFrame
        The same from each census to the next.
    largest : DataFrame
        By school and indicator: the ratio ``before`` (at the baseline, or of the other policy) and
        in the judged year (``mean``), and the largest ``part`` of the change: the one with the
        largest mean, up or down (``none``: nothing changed, or there is no ratio before), with its
        ``points``; ``p_largest`` is the share of replications in which it is the largest.
    school_parts : DataFrame
        The parts by school.
    provenance : dict
    """

    policy: Policy
    against: Policy | None
    county: County
    levels: pd.DataFrame
    parts: pd.DataFrame
    yearly_parts: pd.DataFrame
    largest: pd.DataFrame
    school_parts: pd.DataFrame
    provenance: dict[str, Any]

    @property
    def scenario(self) -> Scenario:
        """The scenario that is explained."""
        return self.policy.scenario

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name."""
        names = ("levels", "parts", "yearly_parts", "largest", "school_parts")
        return {name: getattr(self, name) for name in names}


def explain(
    scenario: Scenario | Policy,
    *,
    against: Scenario | Policy | None = None,
    replications: int = 1000,
    seed: int = 2021,
    workers: int | None = None,
    county: County | None = None,
    progress: Callable[[int], None] | None = None,
) -> Explanation:
    """Explain the ratios of the judged year.

    Parameters
    ----------
    scenario : Scenario or Policy
    against : Scenario or Policy, optional
        Another policy for the same county, years and judged year, simulated on common random
        numbers. Without it the ratios are set against the baseline's.
    replications, seed, workers, county
        As of ``simulate``.
    progress : callable, optional
        Is told after each block how many replications are done, those of both policies together.

    Returns
    -------
    Explanation

    Raises
    ------
    InputError
        If the two policies do not fit together, or not to the county.
    KeyboardInterrupt
        On Ctrl-C; of a long run what was done so far is explained, and not ``complete``.
    """
    policies = [
        each if isinstance(each, Policy) else Policy.of(each)
        for each in (scenario, against)
        if each is not None
    ]
    _check_alike(policies)
    counties = [county or county_of(policy.scenario) for policy in policies]
    trials = run_trials(
        [policy.scenario for policy in policies],
        counties[0],
        replications=replications,
        seed=seed,
        workers=workers,
        progress=progress,
    )
    return explained(policies, trials, seed=seed, requested=replications)


def explained(
    policies: Sequence[Policy], trials: Sequence[Trial], *, seed: int, requested: int
) -> Explanation:
    """Explain a trial; or of two, on common random numbers, the first against the second."""
    trial, scenario = trials[0], trials[0].scenario
    stages, of_stages = _stages(trials)
    schools, of_schools = _schools(trials)
    years, judged = scenario.years, scenario.judged_year - scenario.years.first + 1
    baseline = min(trial.county.census // 12, years.first - 1)
    origin = provenance(
        scenario, trial.county, seed=seed, replications=trial.replications, requested=requested
    )
    for other in policies[1:]:
        origin |= {"against": other.name, "against_digest": other.scenario.digest}
    return Explanation(
        policy=policies[0],
        against=policies[1] if len(policies) > 1 else None,
        county=trial.county,
        levels=pd.concat(
            [
                stages.levels(course, nth, policy=policy.name, year=year)
                for policy, course in zip(policies, of_stages, strict=True)
                for nth, year in enumerate([baseline, *years])
            ],
            ignore_index=True,
        ),
        parts=stages.parts(_split(of_stages, 0, judged)),
        yearly_parts=pd.concat(
            [
                stages.parts(_split(of_stages, nth, nth + 1), year=year)
                for nth, year in enumerate(years)
            ],
            ignore_index=True,
        ),
        largest=schools.largest(_split(of_schools, 0, judged), *_ends(of_schools, judged)),
        school_parts=schools.parts(_split(of_schools, 0, judged)),
        provenance=origin,
    )


def _check_alike(policies: Sequence[Policy]) -> None:
    """Refuse policies for another county or other years."""
    first = policies[0].scenario
    problems = [
        other.scenario.problem(path, f"is {of(other.scenario)}; {policies[0].name} has {of(first)}")
        for other in policies[1:]
        for path, of in (
            ("county", lambda scenario: scenario.county_path.resolve()),
            ("years", lambda scenario: str(scenario.years)),
            ("judged_year", lambda scenario: scenario.judged_year),
        )
        if of(other.scenario) != of(first)
    ]
    if problems:
        raise InputError(problems)


def _split(courses: Sequence[Course], start: int, end: int) -> Split:
    """Split the change of one policy's ratios, or the difference of two policies'."""
    if len(courses) == 1:
        return split(courses[0], start, end)
    return split_between(courses[0], courses[1], start, end)


def _ends(courses: Sequence[Course], judged: int) -> tuple[Ratios, Ratios]:
    """Return the ratios at both ends of the change: (R, G, 3) each."""
    now = courses[0].ratio(judged)
    return (courses[0].ratio(0) if len(courses) == 1 else courses[1].ratio(judged)), now


def _stages(trials: Sequence[Trial]) -> tuple[Cells, list[Course]]:
    """Return the stages, both together where they share a threshold, and their courses."""
    stages, standard = trials[0].judged.stages, load_standard()
    groups = [*stages, BOTH] if len(stages) > 1 else list(stages)
    shares = {i for i in OF_STAFF if len({standard.threshold(i, s) for s in stages}) == 1}
    cells = Cells.of(
        [
            ({"stage": stage}, nth, code)
            for nth, stage in enumerate(groups)
            for code, indicator in enumerate(OF_STAFF)
            if stage != BOTH or indicator in shares
        ]
    )
    courses = [
        Course.of(each).grouped([each.judged.of_stage(stage) for stage in groups])
        for each in trials
    ]
    return cells, courses


def _schools(trials: Sequence[Trial]) -> tuple[Cells, list[Course]]:
    """Return the schools that all trials have, and their courses."""
    schools = trials[0].judged.schools
    rows = [
        s
        for s, name in enumerate(schools.names)
        if all(name in each.judged.schools.names for each in trials)
    ]
    cells = Cells.of(
        [
            (
                {
                    "school": schools.names[s],
                    "stage": STAGES[schools.stage[s]],
                    "area": AREAS[schools.area[s]],
                },
                nth,
                code,
            )
            for nth, s in enumerate(rows)
            for code in range(len(OF_STAFF))
        ]
    )
    courses = [
        Course.of(each).grouped(
            [np.array([each.judged.schools.names.index(schools.names[s])]) for s in rows]
        )
        for each in trials
    ]
    return cells, courses
