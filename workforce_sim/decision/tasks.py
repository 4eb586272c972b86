"""The task of allocating a policy's posts: how many they are, what they bring, who lacks what."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from workforce_sim.decision.allocation import (
    ANY_STAGE,
    ARTS_PE,
    GENERAL,
    KINDS,
    MEASURES,
    Quota,
    Task,
)
from workforce_sim.decision.shortage import Standing
from workforce_sim.decision.trial import Trial
from workforce_sim.scenario import Scenario
from workforce_sim.scenario.assumptions import quantities
from workforce_sim.scenario.quantity import sample
from workforce_sim.scenario.schema import AREAS, STAGES, Filling, FillShares
from workforce_sim.scenario.schema import ARTS_PE as SUBJECTS
from workforce_sim.simulation.ledger import FLOW

MIDDLES = (np.arange(1000) + 0.5) / 1000
"""Levels at which a distribution is sampled for its mean."""


def years_of(trial: Trial) -> range:
    """Return the years up to the judged one."""
    scenario = trial.scenario
    return range(scenario.years.first, scenario.judged_year + 1)


def nobody_comes(scenario: Scenario) -> Scenario:
    """Return the scenario in which no post is filled."""
    none = FillShares(county_seat=0.0, town=0.0, village=0.0)
    return scenario.model_copy(update={"filling": Filling(general=none, arts_pe=none)})


def nobody_rotates(scenario: Scenario) -> Scenario:
    """Return the scenario without rotation."""
    rule = scenario.rotation.model_copy(update={"share": 0.0})
    return scenario.model_copy(update={"rotation": rule})


def task_of(trial: Trial, without: Trial) -> Task:
    """Return the task: the posts of a trial, and what schools lack in one in which nobody comes."""
    offered = _offered(trial)
    return Task(
        standing=Standing.of(without, len(years_of(trial)), MEASURES),
        chance=_chances(trial, offered),
        quotas=tuple(_quotas(trial, offered)),
        stage=trial.judged.schools.stage,
        by_pupils=trial.scenario.replacement.schools == "pupils",
    )


def subject_shares(trial: Trial) -> NDArray[np.float64]:
    """Return the shares of PE, music and art among a year's arts and PE posts: (Y, 3)."""
    scenario, offered = trial.scenario, _offered(trial).sum(axis=-1)
    of_programme, of_recruits = (
        np.array([float(getattr(section.subjects, subject)) for subject in SUBJECTS])
        for section in (scenario.arts_pe, scenario.recruits)
    )
    posts = offered[1][:, None] * of_programme + offered[0][:, None] * of_recruits
    return posts / np.maximum(posts.sum(axis=1, keepdims=True), 1e-12)


def _offered(trial: Trial) -> NDArray[np.float64]:
    """Return the posts that the simulated rules offer, on average: (2, Y, stages).

    First those of the general channel, then those for PE, music and art. A post counts in the year
    of the census for which it comes.
    """
    stage, years = trial.judged.schools.stage, len(years_of(trial))
    found = np.empty((len(KINDS), years, len(STAGES)))
    for kind, name in enumerate(KINDS):
        before, after = np.moveaxis(trial.ledger.flows[..., FLOW[f"posts_{name}"]], 1, 0)
        posts = before[:years].mean(axis=1)  # (Y, S)
        posts[1:] += after[: years - 1].mean(axis=1)
        for code in range(len(STAGES)):
            found[kind, :, code] = posts[:, stage == code].sum(axis=1)
    return found


def _quotas(trial: Trial, offered: NDArray[np.float64]) -> Iterator[Quota]:
    """Yield the posts of each kind; within a stage, as simulated, where the rule binds them to one.

    The part of the general posts that is for PE, music and art, by the shares of the recruits'
    subjects, counts as posts of that kind. Years are rounded so that they add up to their sum.
    """
    rule, other = trial.scenario.replacement, _other_share(trial)
    posts = {GENERAL: other * offered[0], ARTS_PE: offered[1] + (1 - other) * offered[0]}
    for kind, mean in posts.items():
        bound = rule.pool == "stage" or (kind == GENERAL and rule.stages != "shortage")
        for stage in range(len(STAGES)) if bound else (ANY_STAGE,):
            here = mean[:, stage] if bound else mean.sum(axis=1)
            yield Quota(kind, stage, np.diff(np.rint(here.cumsum() - 1e-9), prepend=0).astype(int))


def _other_share(trial: Trial) -> float:
    """Return the share of recruits for other subjects than PE, music and art; never uncertain."""
    return float(trial.scenario.recruits.subjects.other)  # type: ignore[arg-type]


def _chances(trial: Trial, offered: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the chance that a post of each kind brings somebody who counts: (2, S, M).

    It is filled, at the mean rate of the school's area; who comes has the degree; and an arts or PE
    teacher is trained, where only specialists count.
    """
    scenario, schools = trial.scenario, trial.judged.schools
    known, counting = quantities(scenario), scenario.counting

    def mean(path: str) -> float:
        return float(sample(known[path], MIDDLES).mean())

    filled = np.array([[mean(f"filling.{k}.{area}") for area in AREAS] for k in KINDS])
    in_quota = (1 - _other_share(trial)) * offered[0].sum()
    weight = in_quota / max(in_quota + offered[1].sum(), 1e-12)
    filled[ARTS_PE] = weight * filled[GENERAL] + (1 - weight) * filled[ARTS_PE]
    degree = np.array(
        [
            mean("recruits.bachelor_share")
            if getattr(counting, f"degree_{stage}") == "bachelor"
            else 1.0
            for stage in STAGES
        ]
    )[schools.stage]
    trained = mean("recruits.specialist_share") if counting.arts_pe == "specialists" else 1.0
    comes = filled[:, schools.area]
    return np.stack([comes, comes * degree, comes * np.array([[0.0], [trained]])], axis=-1)
