"""Where to send posts: by the greatest shortage, or so that the least of it remains.

A post is filled with some probability, and who comes counts for each measure with some probability;
so the people whom posts bring to a school are binomial, and what is left of its shortage, whose
distribution the replications give, is an expectation that needs no further simulation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp
from scipy.sparse import coo_array
from scipy.stats import binom

from workforce_sim.decision.shortage import NORM, Standing
from workforce_sim.simulation import placing

GENERAL, ARTS_PE = 0, 1
KINDS = ("general", "arts_pe")
MEASURES = (NORM, "L1", "L3")
"""What posts help with: nobody is a backbone teacher (L2) when he is hired."""
ANY_STAGE = -1
IDLE = 0.005
"""A post that closes less than this of a person's shortage closes none."""
WHOLE = 0.01
"""Worth of a school that is no longer short, in people: of equals, the plan with more of them."""

Table = NDArray[np.float64]
Sent = NDArray[np.int64]
"""Posts by year, kind and school: (Y, 2, S)."""


@dataclass(frozen=True)
class Quota:
    """Posts of one kind for one stage, or for any.

    Attributes
    ----------
    kind : int
        ``GENERAL`` or ``ARTS_PE``.
    stage : int
        A stage's code, or ``ANY_STAGE``.
    posts : int (Y,)
        Posts a year.
    """

    kind: int
    stage: int
    posts: NDArray[np.int64]


@dataclass(frozen=True)
class Task:
    """Posts to be sent to S schools in Y years, the last of them the judged one.

    Attributes
    ----------
    standing : Standing
        What schools have and need without any post, by ``MEASURES``.
    chance : float64 (2, S, M)
        Chance that a post of each kind brings somebody who counts for each measure.
    quotas : tuple of Quota
        Of each kind either one for any stage, or one a stage.
    stage : int8 (S,)
    by_pupils : bool
        Whether the simulated rule sends general posts by pupils, and not by shortage of staff.
    """

    standing: Standing
    chance: NDArray[np.float64]
    quotas: tuple[Quota, ...]
    stage: NDArray[np.int8]
    by_pupils: bool = False

    @property
    def years(self) -> int:
        """Number of years."""
        return len(self.standing.have)

    @property
    def nothing(self) -> Sent:
        """No posts."""
        return np.zeros((self.years, len(KINDS), len(self.stage)), int)

    def takes(self, quota: Quota) -> NDArray[np.bool_]:
        """Return which schools can have posts of a quota: (Y, S), open then and at the end."""
        is_open = self.standing.is_open
        stays: NDArray[np.bool_] = is_open & is_open[-1]
        return stays & ((quota.stage == ANY_STAGE) | (self.stage == quota.stage))

    def left(self, year: int, school: int, most: Sequence[int]) -> tuple[Table, Table]:
        """Return what is left of a school's shortage with up to ``most`` posts of each kind.

        Returns
        -------
        float64 (M, general + 1, arts + 1), twice
            People short, on average over the replications; and the probability of being short.
        """
        short, posts = self.standing.short[year, :, school], [np.arange(n + 1) for n in most]
        come = np.add.outer(*posts)
        people = np.empty((short.shape[1], *come.shape))
        risk = np.empty_like(people)
        for m in range(short.shape[1]):
            missing, times = np.unique(short[:, m], return_counts=True)
            still = missing[:, None] - np.arange(come[-1, -1] + 1)  # by how many come in all
            general, arts = (
                np.asarray(binom.pmf(posts[k], posts[k][:, None], self.chance[k, school, m]))
                for k in (GENERAL, ARTS_PE)
            )
            for table, then in ((people, still.clip(min=0)), (risk, still > 0)):
                table[m] = general @ (times / len(short) @ then)[come] @ arts.T
        return people, risk


def by_shortage(task: Task) -> Sent:
    """Send posts as the simulated rule does: each to the school with the least have / need.

    Arts and PE posts go by L3, general posts by the staffing norm (or by pupils), year by year, on
    the mean over the replications; what earlier posts bring counts as far as it is to be expected.
    """
    sent = task.nothing
    for year in range(task.years):
        for quota in sorted(
            task.quotas, key=lambda quota: -quota.kind
        ):  # the programme comes first
            _send(task, sent, year, quota, int(quota.posts[year]))
    return sent


def _send(task: Task, sent: Sent, year: int, quota: Quota, posts: int) -> None:
    """Add posts to ``sent``, by the greatest shortage."""
    measure = MEASURES.index("L3" if quota.kind == ARTS_PE else NORM)
    have, need = (
        table[year, :, :, measure].mean(axis=0)
        for table in (task.standing.have, task.standing.need)
    )
    have += (sent[: year + 1].sum(axis=0) * task.chance[:, :, measure]).sum(axis=0)
    if task.by_pupils and quota.kind == GENERAL:
        have[:] = 0.5
    np.add.at(sent[year, quota.kind], place(posts, have, need * task.takes(quota)[year]), 1)


def place(posts: int, have: Table, need: Table) -> NDArray[np.intp]:
    """Send posts, one after another, to the school with the least have / need, as the engine does.

    Returns
    -------
    int (posts,)
        Schools; fewer where no school needs anybody.
    """
    row = (1, posts)
    schools = placing.place(
        np.zeros(row, np.int8),
        np.full(row, -1, np.int16),
        np.zeros(row, np.int8),
        have[None, None].astype(float),
        need[None, None].astype(float),
        np.full((1, len(have)), np.iinfo(np.int32).max, np.int32),
        np.zeros(len(have), np.int8),
        np.ones(len(have), np.bool_),
    )[0]
    return schools[schools >= 0].astype(np.intp)


def optimal(task: Task) -> Sent:
    """Send posts so that the fewest people are short at the last census, by `best_mix`.

    The posts of each school go where they help the most in the years before; posts that help
    nowhere go by the greatest shortage.
    """
    most = [sum(int(q.posts.sum()) for q in task.quotas if q.kind == kind) for kind in (0, 1)]
    worth = np.empty((len(task.stage), most[GENERAL] + 1, most[ARTS_PE] + 1))
    for school in range(len(worth)):
        people, risk = task.left(task.years - 1, school, most)
        worth[school] = (people + WHOLE * risk).sum(axis=0)
    mix = best_mix(task, worth)
    sent = task.nothing
    for quota in task.quotas:
        sent[:, quota.kind] += over_years(task, quota, mix[quota.kind])
    idle = [
        quota.posts - (sent[:, quota.kind] * task.takes(quota)).sum(axis=1) for quota in task.quotas
    ]
    for year in range(task.years):
        for quota, posts in zip(task.quotas, idle, strict=True):
            _send(task, sent, year, quota, int(posts[year]))
    return sent


def over_years(task: Task, quota: Quota, mix: NDArray[np.int64]) -> NDArray[np.int64]:
    """Spread the posts of each school (S,) over the years: (Y, S).

    An assignment of posts to seats: the nth post of a school is worth, in each year from its own
    on, the shortage that it closes there.
    """
    takes = task.takes(quota)
    schools = np.flatnonzero(takes.any(axis=0) & (mix > 0))
    seats = np.repeat(schools, mix[schools])
    closed = np.zeros((task.years, len(seats)))
    for year in range(task.years):
        for school in schools.tolist():
            most = [int(mix[school]) if kind == quota.kind else 0 for kind in range(len(KINDS))]
            left = task.left(year, school, most)[0].sum(axis=0).ravel()
            closed[year, seats == school] = -np.diff(left)
    worth = closed[::-1].cumsum(axis=0)[::-1]  # from the year of the post to the last
    worth[~takes[:, seats]] = -1e6
    of_post = np.repeat(np.arange(task.years), quota.posts)
    post, seat = linear_sum_assignment(worth[of_post], maximize=True)
    sent = np.zeros(takes.shape, int)
    np.add.at(sent, (of_post[post], seats[seat]), 1)
    return sent


def best_mix(task: Task, worth: Table) -> NDArray[np.int64]:
    """Return the posts of each school, of all years, of which the sum of ``worth`` is least.

    A mixed-integer linear program: a school takes one of its mixes of general and arts posts, and
    the posts of each year and quota suffice for all mixes.

    Parameters
    ----------
    task : Task
    worth : float64 (S, general + 1, arts + 1)
        What is left with each mix, which posts never add to.

    Returns
    -------
    int64 (2, S)
    """
    school, *mix = _useful(worth)
    options, schools = len(school), worth.shape[0]
    links = [
        (year, q, s)
        for q, quota in enumerate(task.quotas)
        for year, s in np.argwhere(task.takes(quota))
    ]
    year, q, s = (np.array([link[n] for link in links], int) for n in range(3))
    kind = np.array([quota.kind for quota in task.quotas], int)
    sent = options + np.arange(len(links))
    # Rows: a mix for each school; its posts are those sent to it; posts sent are within the quotas.
    of_kind = schools * (1 + np.arange(len(KINDS)))
    rows = np.concatenate(
        [
            school,
            *(of_kind[k] + school for k in (0, 1)),
            of_kind[kind[q]] + s,
            3 * schools + q * task.years + year,
        ]
    )
    columns = np.concatenate([np.arange(options)] * 3 + [sent] * 2)
    values = np.concatenate([np.ones(options), *(-1.0 * m for m in mix), np.ones(2 * len(links))])
    quotas = np.concatenate([quota.posts for quota in task.quotas])
    matrix = coo_array((values, (rows, columns)), (3 * schools + len(quotas), options + len(links)))
    found = milp(
        np.concatenate([worth[school, mix[0], mix[1]], np.zeros(len(links))]),
        constraints=LinearConstraint(
            matrix.tocsr(),
            np.repeat([1.0, 0.0], [schools, 2 * schools + len(quotas)]),
            np.concatenate([np.ones(schools), np.zeros(2 * schools), quotas]),
        ),
        integrality=np.repeat([1, 0], [options, len(links)]),
        bounds=Bounds(0, np.repeat([1, np.inf], [options, len(links)])),
        options={"mip_rel_gap": 0},
    )
    assert found.x is not None, found.message  # no posts at all are a solution
    taken = np.flatnonzero(found.x[:options] > 0.5)
    best = np.zeros((len(KINDS), schools), int)
    best[:, school[taken]] = mix[0][taken], mix[1][taken]
    return best


def _useful(worth: Table) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Return school, general and arts posts of the mixes whose last post of each kind is of use."""
    useful = np.ones(worth.shape, bool)
    useful[:, 1:] &= worth[:, :-1] - worth[:, 1:] >= IDLE
    useful[:, :, 1:] &= worth[:, :, :-1] - worth[:, :, 1:] >= IDLE
    school, general, arts = np.nonzero(useful)
    return school, general, arts
