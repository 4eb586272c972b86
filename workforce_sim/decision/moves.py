"""Rotation that closes shortages: from schools with people to spare to schools that lack them.

One more person at a school closes a shortage in the replications in which one is missing there; one
less opens one where nobody can be spared. So what a move is worth, on average, is the difference of
two probabilities, and the best moves are an assignment of people to wants.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from workforce_sim.assessment.uncertainty import probability
from workforce_sim.decision.shortage import MEASURES, NORM, Standing
from workforce_sim.decision.tasks import years_of
from workforce_sim.decision.trial import Trial
from workforce_sim.scenario.schema import STAGES
from workforce_sim.simulation.ledger import FLOW

ORDER = ("L3", "L2", "L1", NORM)
"""The scarcer people are, the earlier they are sent."""
WORTH = 0.25
"""A move is listed if at least so many fewer people are short by it, on average."""
A_KM = 0.001
"""What a kilometre costs, in people short: of nearly equal moves, the shorter one."""

Counts = NDArray[np.int64]
Place = tuple[int, NDArray[np.float64]]
"""A school, and what one person more or less there closes or opens: ahead, and at the end."""


class Move(NamedTuple):
    """People who move together: year and schools by number, the measure for which they count."""

    year: int
    measure: int
    origin: int
    to: int
    people: int


def moves(
    standing: Standing, stage: NDArray[np.int8], km: NDArray[np.float64], places: Counts
) -> list[Move]:
    """Return whom to move, year by year, within each stage.

    A move is worth the people short that it closes less those that it opens, on average over the
    replications: at the end, and on average over the years from then on, whichever is less.
    Whoever comes counts for the measure and for the norm; whoever leaves is taken to hold the
    degree as well. Where more moves are worth it than there are places, the best are taken.

    Parameters
    ----------
    standing : Standing
        Without rotation, by all measures, until the judged year.
    stage : int8 (S,)
    km : float64 (S, S)
    places : int (Y, stages)
        How many people move a year within each stage.
    """
    balance = np.zeros(standing.have.shape[2:], int)  # who came less who left
    is_open, people = standing.is_open, standing.have.mean(axis=1)
    found = []
    for year in range(len(places)):
        ahead = slice(year, None)
        for code, room in enumerate(places[year]):
            schools = np.flatnonzero((stage == code) & is_open[ahead].all(axis=0)).tolist()
            for measure in (MEASURES.index(name) for name in ORDER):
                margin = standing.margin[ahead] + balance
                comes, leaves = _counts_for(measure)
                most = people[ahead, :, measure].min(axis=0) + balance[:, measure]
                wants = [w for s in schools for w in _wants(margin[:, :, s][..., comes], s)]
                offers = [
                    o for s in schools for o in _offers(margin[:, :, s][..., leaves], s, most[s])
                ]
                for (origin, to), number in _matched(offers, wants, km, room).items():
                    found.append(Move(year, measure, origin, to, number))
                    balance[to, comes] += number
                    balance[origin, leaves] -= number
                    room -= number
    return found


def _counts_for(measure: int) -> tuple[list[int], list[int]]:
    """Return the measures for which somebody counts who comes, and who leaves."""
    comes = {measure, MEASURES.index(NORM)}
    return sorted(comes), sorted(comes | {MEASURES.index("L1")})


def _wants(margin: Counts, school: int) -> Iterator[Place]:
    """Yield the school once for each person it may want, with what the person closes there."""
    nth = 0
    while (closes := _missed(margin + nth)).min() >= WORTH:
        yield school, closes
        nth += 1


def _offers(margin: Counts, school: int, most: float) -> Iterator[Place]:
    """Yield the school once for each person who may leave, with what that opens there."""
    for nth in range(1, int(most) + 1):
        opens = _missed(margin - nth)
        if opens.min() > 1:
            break
        yield school, opens


def _missed(margin: Counts) -> NDArray[np.float64]:
    """Return in how much of the years, and of the last one, somebody is missing: (2,)."""
    by_year = (margin < 0).mean(axis=1).sum(axis=1)
    return np.array([by_year.mean(), by_year[-1]])


def _matched(
    offers: Sequence[Place], wants: Sequence[Place], km: NDArray[np.float64], room: int
) -> Counter[tuple[int, int]]:
    """Assign people to wants for the greatest worth; return (from, to) and how many."""
    if not offers or not wants:
        return Counter()
    origin, to = (np.array([school for school, _ in places]) for places in (offers, wants))
    opens, closes = (np.array([people for _, people in places]) for places in (offers, wants))
    worth = (closes - opens[:, None]).min(axis=-1) - A_KM * km[np.ix_(origin, to)]
    worth = np.where(worth >= WORTH, worth, 0)
    person, want = linear_sum_assignment(worth, maximize=True)
    best = sorted(zip(-worth[person, want], origin[person], to[want], strict=True))[:room]
    return Counter((int(a), int(b)) for value, a, b in best if value < 0)


def moves_of(trial: Trial, without: Trial) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the list of a trial's rotation, what it gains, and how many rotate: see `posts`.

    ``without`` is the same trial without rotation.
    """
    schools, years = trial.judged.schools, years_of(trial)
    standing = Standing.of(without, len(years))
    km = np.hypot(schools.x_km[:, None] - schools.x_km, schools.y_km[:, None] - schools.y_km)
    rotated = trial.ledger.flows[: len(years), ..., FLOW["rotated_in"]].sum(axis=1)
    of_stage = [rotated[:, :, schools.stage == code].sum(axis=2) for code in range(len(STAGES))]
    places = np.rint(np.stack(of_stage, axis=1).mean(axis=2)).astype(int)
    last = Standing(standing.have[-1:].copy(), standing.need[-1:], standing.asked[-1:])
    rows = []
    for move in moves(standing, schools.stage, km, places):
        comes, leaves = _counts_for(move.measure)
        short = last.short
        have = last.have.copy()
        have[:, :, move.to, comes] += move.people
        have[:, :, move.origin, leaves] -= move.people
        last = Standing(have, last.need, last.asked)
        risk = probability(standing.short[-1, :, move.to, move.measure] > 0, 0, "p_short")
        rows.append(
            {
                "year": years[move.year],
                "stage": STAGES[schools.stage[move.to]],
                "measure": MEASURES[move.measure],
                "origin": schools.names[move.origin],
                "to": schools.names[move.to],
                "people": move.people,
                "km": km[move.origin, move.to],
                "closes": (short - last.short).sum(axis=(2, 3)).mean(),
                **{column: float(p) for column, p in risk.items()},
            }
        )
    simulated = Standing.of(trial, len(years))
    gains = [
        each.remains(name, MEASURES)
        for name, each in (("none", standing), ("simulated", simulated), ("listed", last))
    ]
    columns = ["year", "stage", "measure", "origin", "to", "people", "km", "closes"]
    columns += ["p_short", "p_short_se", "p_short_low", "p_short_high"]
    table = pd.DataFrame(rows, columns=columns)
    rotation = pd.DataFrame(
        [
            {
                "year": year,
                "stage": stage,
                "rotated": places[nth, code],
                "listed": table["people"][
                    (table["year"] == year) & (table["stage"] == stage)
                ].sum(),
            }
            for nth, year in enumerate(years)
            for code, stage in enumerate(STAGES)
            if stage in trial.judged.stages
        ]
    )
    return table, pd.concat(gains, ignore_index=True), rotation
