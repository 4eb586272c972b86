"""Why the ratios of the judged year are what they are; the arithmetic is in ``parts``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workforce_sim.assessment import county_of
from workforce_sim.assessment.judgement import INDICATORS, TOLERANCE
from workforce_sim.assessment.projection import provenance
from workforce_sim.assessment.uncertainty import probability, spread
from workforce_sim.county import County
from workforce_sim.decision.parts import Course, Split, split, split_between
from workforce_sim.decision.policies import Policy
from workforce_sim.decision.trial import Trial, run_trial
from workforce_sim.law import load_standard
from workforce_sim.scenario import InputError, Scenario
from workforce_sim.scenario.schema import AREAS, STAGES

BOTH = "both"
CHANGE = "change"
"""The row of a table that holds the whole change, to which the parts add up."""

Ratios = NDArray[np.float64]


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
    years : DataFrame
        The same from each census to the next.
    schools : DataFrame
        By school and indicator: the ratio ``before`` (at the baseline, or of the other policy) and
        in the judged year, and the ``largest`` part: the one with the largest mean, up or down
        (empty: nothing changed, or there is no ratio before); ``p_largest`` is the share of
        replications in which it is the largest.
    school_parts : DataFrame
        The parts by school.
    provenance : dict
    """

    policy: Policy
    against: Policy | None
    county: County
    levels: pd.DataFrame
    parts: pd.DataFrame
    years: pd.DataFrame
    schools: pd.DataFrame
    school_parts: pd.DataFrame
    provenance: dict[str, Any]

    @property
    def scenario(self) -> Scenario:
        """The scenario that is explained."""
        return self.policy.scenario

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name."""
        names = ("levels", "parts", "years", "schools", "school_parts")
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
    ensemble.Interrupted
        On Ctrl-C.
    """
    policies = [
        each if isinstance(each, Policy) else Policy.of(each)
        for each in (scenario, against)
        if each is not None
    ]
    _check_alike(policies)
    counties = [county or county_of(policy.scenario) for policy in policies]
    trials = []
    for nth, policy in enumerate(policies):

        def done(finished: int, before: int = nth * replications) -> None:
            if progress is not None:
                progress(before + finished)

        trials.append(
            run_trial(
                policy.scenario,
                counties[0],
                replications=replications,
                seed=seed,
                workers=workers,
                progress=done,
            )
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
        years=pd.concat(
            [
                stages.parts(_split(of_stages, nth, nth + 1), year=year)
                for nth, year in enumerate(years)
            ],
            ignore_index=True,
        ),
        schools=schools.largest(_split(of_schools, 0, judged), *_ends(of_schools, judged)),
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


@dataclass(frozen=True)
class _Cells:
    """What is explained: C pairs of a group of schools and an indicator.

    Attributes
    ----------
    front : DataFrame
        The first columns of the tables: C rows.
    at : tuple of arrays (C,)
        The group and the indicator of each.
    """

    front: pd.DataFrame
    at: tuple[NDArray[np.intp], NDArray[np.intp]]

    @classmethod
    def of(cls, cells: Sequence[tuple[dict[str, str], int, int]]) -> _Cells:
        """Take cells: what stands in the first columns, group, indicator."""
        standard = load_standard()
        front = pd.DataFrame(
            [{**names, "indicator": INDICATORS[code]} for names, _, code in cells],
        )
        front["threshold"] = [
            standard.threshold(i, STAGES[0] if stage == BOTH else stage)
            for stage, i in zip(front["stage"], front["indicator"], strict=True)
        ]
        groups, codes = (np.array([cell[n] for cell in cells], np.intp) for n in (1, 2))
        return cls(front, (groups, codes))

    def parts(self, found: Split, **first: int) -> pd.DataFrame:
        """Return a row a part, and one for the whole change."""
        points, people = (values[:, *self.at] for values in (found.points, found.people))
        people = np.concatenate([people, np.nansum(people, axis=-1, keepdims=True)], axis=-1)
        points = np.concatenate([points, points.sum(axis=-1, keepdims=True)], axis=-1)
        names = [*found.names, CHANGE]
        table = self.front.drop(columns="threshold").loc[self.front.index.repeat(len(names))]
        return table.assign(
            **first,
            part=names * len(self.front),
            people=people.mean(axis=0).ravel(),
            **_summary(points),
        ).reset_index(drop=True)

    def levels(self, course: Course, nth: int, **first: str | int) -> pd.DataFrame:
        """Return the ratios at one census."""
        ratio = course.ratio(nth)[:, *self.at]
        meets = ratio >= self.front["threshold"].to_numpy() - TOLERANCE
        chance = probability(meets, 0, "p_meets", ~np.isnan(ratio))
        if nth == 0:  # a count, not a sample
            chance |= {
                "p_meets_se": chance["p_meets"] * 0,
                "p_meets_low": chance["p_meets"],
                "p_meets_high": chance["p_meets"],
            }
        columns = {
            "items": course.items[nth][:, *self.at].mean(axis=0),
            "pupils": course.pupils[nth][:, self.at[0]].mean(axis=0),
            **_summary(ratio),
            **chance,
        }
        return pd.DataFrame({**first, **self.front, **columns})

    def largest(self, found: Split, before: Ratios, now: Ratios) -> pd.DataFrame:
        """Return the part with the largest mean of each, up or down."""
        points = found.points[:, *self.at]
        mean = spread(points, 0)["mean"]
        size = np.abs(np.nan_to_num(mean))
        has = np.asarray(~np.isnan(points).any(axis=-1))
        largest = size.argmax(axis=-1)
        is_it = np.abs(np.nan_to_num(points)).argmax(axis=-1) == largest
        return self.front.assign(
            before=spread(before[:, *self.at], 0)["mean"],
            mean=spread(now[:, *self.at], 0)["mean"],
            change=mean.sum(axis=-1),
            largest=[
                found.names[part] if of_each.any() else ""
                for part, of_each in zip(largest, size, strict=True)
            ],
            points=np.take_along_axis(mean, largest[:, None], 1)[:, 0],
            **probability(is_it, 0, "p_largest", has),
        )


def _summary(values: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Summarise over the replications, with the Monte Carlo error of the mean; flat columns."""
    found = {name: column.ravel() for name, column in spread(values, 0).items()}
    count = (~np.isnan(values)).sum(axis=0).ravel()
    error = found["sd"] / np.sqrt(np.maximum(count, 1))
    return {"mean": found.pop("mean"), "se": error, **found}


def _stages(trials: Sequence[Trial]) -> tuple[_Cells, list[Course]]:
    """Return the stages, both together where they share a threshold, and their courses."""
    stages, standard = trials[0].judged.stages, load_standard()
    groups = [*stages, BOTH] if len(stages) > 1 else list(stages)
    shares = {i for i in INDICATORS if len({standard.threshold(i, s) for s in stages}) == 1}
    cells = _Cells.of(
        [
            ({"stage": stage}, nth, code)
            for nth, stage in enumerate(groups)
            for code, indicator in enumerate(INDICATORS)
            if stage != BOTH or indicator in shares
        ]
    )
    courses = [
        Course.of(each).grouped([each.judged.of_stage(stage) for stage in groups])
        for each in trials
    ]
    return cells, courses


def _schools(trials: Sequence[Trial]) -> tuple[_Cells, list[Course]]:
    """Return the schools that have pupils in the judged year, in all trials, and their courses."""
    scenario, schools = trials[0].scenario, trials[0].judged.schools
    judged = scenario.judged_year - scenario.years.first
    names = [
        name
        for s, name in enumerate(schools.names)
        if trials[0].ledger.pupils[judged, :, s].any()
        and all(name in each.judged.schools.names for each in trials)
    ]
    rows = [schools.names.index(name) for name in names]
    cells = _Cells.of(
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
            for code in range(len(INDICATORS))
        ]
    )
    courses = [
        Course.of(each).grouped([np.array([each.judged.schools.names.index(n)]) for n in names])
        for each in trials
    ]
    return cells, courses
