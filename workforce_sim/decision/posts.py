"""Where to send the posts of a policy, and who rotates from where to where: a list for each.

Posts are as many as the policy offers in the simulation, on average. What schools lack is taken
from the same policy, on the same random numbers, with nobody who comes: its distribution over the
replications, not only its mean. So a list is what can be told today, for all years; each year the
rule of the simulation sees that year's own shortage. Rotation is listed in the same way, from the
policy without rotation. The two lists are independent: each takes the other rule as simulated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workforce_sim.assessment import county_of
from workforce_sim.assessment.projection import provenance
from workforce_sim.assessment.uncertainty import probability, wilson
from workforce_sim.county import County
from workforce_sim.county.model import SUBJECTS
from workforce_sim.decision.allocation import (
    ARTS_PE,
    GENERAL,
    MEASURES,
    Sent,
    Task,
    by_shortage,
    optimal,
)
from workforce_sim.decision.moves import moves_of
from workforce_sim.decision.policies import Policy
from workforce_sim.decision.shortage import Standing, remains
from workforce_sim.decision.tasks import (
    nobody_comes,
    nobody_rotates,
    subject_shares,
    task_of,
    years_of,
)
from workforce_sim.decision.trial import Trial, run_trials
from workforce_sim.scenario import Scenario
from workforce_sim.scenario.schema import AREAS, STAGES
from workforce_sim.simulation.ledger import SPECIALISTS, TEACHERS

ALLOCATIONS = {"shortage": by_shortage, "optimal": optimal}
"""The greatest shortage first, as the simulated rule does; and the least shortage at the end."""
RUNS = 3
"""Runs that the lists need."""
NONE, SIMULATED = "none", "simulated"


@dataclass(frozen=True)
class Placement:
    """Lists of posts and of rotation, and what they come to in the judged year.

    ``short_before`` and ``short_after`` are people short in the judged year, on average over the
    replications; for a row of the list of posts, of all measures together, before this row's posts
    and after them, those above it being filled as far as it is to be expected. ``p_short`` is the
    share of replications in which the school is short of anybody without these posts.

    Attributes
    ----------
    policy : Policy
    county : County
    posts : DataFrame
        By allocation, year (of the census for which they come), school and subject.
    schools : DataFrame
        By allocation, school and measure: short before all posts and after them.
    gains : DataFrame
        By allocation and measure: people short and schools short, on average, and the ``worst``
        school's people short. Also without any post (``none``) and as it was ``simulated``, where
        the rule saw each replication's own shortage.
    moves : DataFrame
        By year: from which school to which, for which measure people count, and by how much they
        lower the people short in the judged year, those above being moved.
    move_gains : DataFrame
        The same as gains: without rotation, as simulated, and with this list.
    rotation : DataFrame
        By year and stage: people who rotate in the simulation, and those on the list.
    provenance : dict
    """

    policy: Policy
    county: County
    posts: pd.DataFrame
    schools: pd.DataFrame
    gains: pd.DataFrame
    moves: pd.DataFrame
    move_gains: pd.DataFrame
    rotation: pd.DataFrame
    provenance: dict[str, Any]

    @property
    def scenario(self) -> Scenario:
        """The policy's scenario."""
        return self.policy.scenario

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name."""
        names = ("posts", "schools", "gains", "moves", "move_gains", "rotation")
        return {name: getattr(self, name) for name in names}


def posts(
    scenario: Scenario | Policy,
    *,
    allocations: Sequence[str] = tuple(ALLOCATIONS),
    replications: int = 1000,
    seed: int = 2021,
    workers: int | None = None,
    county: County | None = None,
    progress: Callable[[int], None] | None = None,
) -> Placement:
    """List where to send the posts of a policy, and its rotation.

    Parameters
    ----------
    scenario : Scenario or Policy
    allocations : sequence of str
        Of ``ALLOCATIONS``.
    replications, seed, workers, county
        As of ``simulate``.
    progress : callable, optional
        Is told how many replications are done, of the policy itself, of one in which nobody comes
        and one in which nobody rotates together: ``RUNS`` times as many.

    Returns
    -------
    Placement

    Raises
    ------
    InputError
        If the scenario does not fit itself or its county.
    KeyboardInterrupt
        On Ctrl-C; of a long run what was done so far is used, and not ``complete``.
    """
    policy = scenario if isinstance(scenario, Policy) else Policy.of(scenario)
    county = county or county_of(policy.scenario)
    trial, nobody_came, nobody_rotated = run_trials(
        [policy.scenario, nobody_comes(policy.scenario), nobody_rotates(policy.scenario)],
        county,
        replications=replications,
        seed=seed,
        workers=workers,
        progress=progress,
    )
    task = task_of(trial, nobody_came)
    lists = {name: ALLOCATIONS[name](task) for name in allocations}
    moves, move_gains, rotation = moves_of(trial, nobody_rotated)
    return Placement(
        policy=policy,
        county=county,
        posts=_posts(trial, nobody_came, task, lists),
        schools=_schools(trial, task, lists),
        gains=_gains(trial, task, lists),
        moves=moves,
        move_gains=move_gains,
        rotation=rotation,
        provenance=provenance(
            policy.scenario,
            county,
            seed=seed,
            replications=trial.replications,
            requested=replications,
        ),
    )


def _posts(trial: Trial, without: Trial, task: Task, lists: Mapping[str, Sent]) -> pd.DataFrame:
    """Return the lists: year by year, what closes the most first."""
    years, risk = years_of(trial), probability(task.standing.short[-1].any(axis=-1), 0, "p_short")
    rows = []
    for name, sent in lists.items():
        subjects = _subjects(trial, without, task, sent)
        for s in np.flatnonzero(sent.any(axis=(0, 1))).tolist():
            short = task.left(-1, s, sent[:, :, s].sum(axis=0))[0].sum(axis=0)
            so_far = [0, 0]
            for nth, subject in np.argwhere(subjects[:, s]):
                before, number = short[*so_far], int(subjects[nth, s, subject])
                so_far[ARTS_PE if subject > 0 else GENERAL] += number
                rows.append(
                    {
                        "allocation": name,
                        "year": years[nth],
                        **_school(trial, s),
                        "subject": SUBJECTS[subject],
                        "posts": number,
                        "short_before": before,
                        "short_after": short[*so_far],
                        "closes": before - short[*so_far],
                        **{column: float(p[s]) for column, p in risk.items()},
                    }
                )
    front = ["allocation", "year", "school", "stage", "area", "subject", "posts"]
    table = pd.DataFrame(rows, columns=[*front, "short_before", "short_after", "closes", *risk])
    return table.sort_values(
        ["allocation", "year", "closes"],
        ascending=[True, True, False],
        key=lambda column: column.map(list(lists).index) if column.name == "allocation" else column,
        kind="stable",
        ignore_index=True,
    )


def _school(trial: Trial, s: int) -> dict[str, str]:
    schools = trial.judged.schools
    return {
        "school": schools.names[s],
        "stage": STAGES[schools.stage[s]],
        "area": AREAS[schools.area[s]],
    }


def _subjects(trial: Trial, without: Trial, task: Task, sent: Sent) -> NDArray[np.int64]:
    """Share the posts among the subjects: (Y, S, 4), the first for all but PE, music and art.

    Of each year's arts and PE posts the subjects have their shares; a school has the subject of
    which it has the least for that share.
    """
    first = SPECIALISTS if trial.scenario.counting.arts_pe == "specialists" else TEACHERS
    chance = task.chance[ARTS_PE, :, MEASURES.index("L3"), None]
    found = np.zeros((task.years, len(task.stage), len(SUBJECTS)), int)
    found[..., 0] = sent[:, GENERAL]
    for year, shares in enumerate(subject_shares(trial)):
        have = without.ledger.census[year, :, :, first : first + 3].mean(axis=0)
        have = have + found[:year, :, 1:].sum(axis=0) * chance
        posts = sent[year, ARTS_PE]
        free = np.diff(np.rint(np.cumsum(shares) * posts.sum() - 1e-9), prepend=0)
        for s in np.repeat(np.arange(len(posts)), posts):
            cover = have[s] / np.maximum(shares, 1e-9)
            subject = int(np.where(free > 0, cover, np.inf).argmin())
            found[year, s, 1 + subject] += 1
            have[s, subject] += chance[s, 0]
            free[subject] -= 1
    return found


def _schools(trial: Trial, task: Task, lists: Mapping[str, Sent]) -> pd.DataFrame:
    """Return each school and measure, without the posts and with them."""
    short = task.standing.short[-1]
    before = probability(short > 0, 0, "p_short")
    rows = []
    for name, sent in lists.items():
        for s in np.flatnonzero(short.any(axis=(0, 2)) | sent.any(axis=(0, 1))).tolist():
            posts = sent[:, :, s].sum(axis=0)
            people, risk = (table[:, *posts] for table in task.left(-1, s, posts))
            after = wilson(risk, len(short), "p_short_after")
            rows += [
                {
                    "allocation": name,
                    **_school(trial, s),
                    "measure": measure,
                    "posts": int(posts.sum()),
                    "short_before": short[:, s, m].mean(),
                    "short_after": people[m],
                    **{column: float(p[s, m]) for column, p in before.items()},
                    **{column: float(p[m]) for column, p in after.items()},
                }
                for m, measure in enumerate(MEASURES)
            ]
    return pd.DataFrame(rows)


def _gains(trial: Trial, task: Task, lists: Mapping[str, Sent]) -> pd.DataFrame:
    """Return what is left of the shortage without posts, as simulated, and with each list."""
    simulated = Standing.of(trial, task.years, MEASURES)
    parts = [task.standing.remains(NONE, MEASURES), simulated.remains(SIMULATED, MEASURES)]
    for name, sent in lists.items():
        posts = sent.sum(axis=0)
        left = [
            [table[:, *posts[:, s]] for table in task.left(-1, s, posts[:, s])]
            for s in range(len(task.stage))
        ]
        people, risk = np.stack(left, axis=1)
        parts.append(remains(name, MEASURES, people, risk))
    return pd.concat(parts, ignore_index=True)
