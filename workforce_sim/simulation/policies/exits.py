"""Rule 2. Other exits: resignation (辞职), transfer out (调出), death.

A yearly share p of an age band leaves by a cause: the hazard is -ln(1 - p) a year, and hazards of
several causes add up. The month of exit is drawn once, on entry, by inverting the cumulative
hazard; a second draw says by which cause.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workforce_sim.scenario.schema import CAUSES, STAGES
from workforce_sim.simulation.compiled import compiled
from workforce_sim.simulation.draws import decision_code, fill_uniforms, uniform
from workforce_sim.simulation.pool import NEVER
from workforce_sim.simulation.world import World


@dataclass(frozen=True)
class Hazards:
    """Hazards a month by age band.

    Attributes
    ----------
    edges : int64 (B + 1,)
        Ages in months at which a band begins; the last is where the last band ends.
    rate : float64 (R, stages, B, causes)
        Hazard a month.
    """

    edges: NDArray[np.int64]
    rate: NDArray[np.float64]


def hazards(world: World) -> Hazards:
    """Return the hazards of a block: the scenario's rows, laid on common age bands."""
    rows = world.scenario.exits
    edges = np.unique([age * 12 for row in rows.values() for age in row.ages] or [0, 1200])
    bands = len(edges) - 1
    rate = np.zeros((world.replications, len(STAGES), bands, len(CAUSES)))
    for name, row in rows.items():
        hazard = -np.log1p(-world.numbers[f"exits.{name}.share_per_year"]) / 12
        inside = (edges[:-1] >= row.ages[0] * 12) & (edges[1:] <= row.ages[1] * 12)
        for stage in row.stages:
            rate[:, STAGES.index(stage), inside, CAUSES.index(row.cause)] += hazard[:, None]
    return Hazards(edges, rate)


def exit_month(
    world: World,
    hazard: Hazards,
    person: NDArray[np.uint32],
    birth: NDArray[np.int16],
    stage: NDArray[np.int8],
    start: int,
) -> tuple[NDArray[np.int16], NDArray[np.int8]]:
    """Return month and cause (code of a flow, 1 to 3) of each person's exit: two arrays (R, k).

    The month is NEVER where it lies beyond the run.

    Parameters
    ----------
    world, hazard
        The block, and its ``hazards``.
    person : uint32 (k,)
    birth, stage : arrays (R, k) or (k,)
    start : int
        First month in which one can leave.
    """
    shape = (world.replications, person.shape[-1])
    of_each = (birth, np.int16), (stage, np.int8)
    return _invert(
        person,
        *(np.array(np.broadcast_to(values, shape), dtype, order="C") for values, dtype in of_each),
        hazard.edges,
        hazard.rate,
        hazard.rate.sum(axis=3),
        start,
        world.pool.first_month + len(world.pool.agenda),
        world.draws.seed,
        world.draws.replications,
        decision_code("exit.month"),
        decision_code("exit.cause"),
    )


@compiled
def _invert(  # type: ignore[no-untyped-def]
    person, birth, stage, edges, rate, total, start, end, seed, replications, which_month,
    which_cause,
):  # fmt: skip
    """Walk through the age bands until the cumulative hazard reaches what was drawn."""
    rows, k = birth.shape
    bands, causes = rate.shape[2:]
    month = np.full((rows, k), NEVER, np.int16)
    cause = np.zeros((rows, k), np.int8)
    draws = np.empty(k, np.float64)
    possible = np.empty((rate.shape[1], bands), np.float64)
    band_of = np.searchsorted(edges[1:-1], np.arange(edges[-1] + 1), "right")
    for r in range(rows):
        fill_uniforms(seed, replications[r], which_month, 0, person, k, draws)
        # Most stay beyond the run under the highest hazard that they can come to meet: their month
        # is not worked out. (The billionth is for rounding.)
        for s in range(len(possible)):
            for b in range(bands):
                most = total[r, s, b]
                for later in range(b + 1, bands):
                    if edges[later] - edges[b + 1] < end - start:
                        most = max(most, total[r, s, later])
                possible[s, b] = -np.expm1(-most * (end - start)) + 1e-9
        for j in range(k):
            if draws[j] > possible[stage[r, j], band_of[min(start - birth[r, j], edges[-1])]]:
                continue
            left = -np.log1p(-draws[j])
            age = float(start - birth[r, j])
            for b in range(bands):
                begins = max(age, float(edges[b]))
                stays = edges[b + 1] - begins
                if stays <= 0:
                    continue
                hazard = total[r, stage[r, j], b]
                if hazard * stays <= left:
                    left -= hazard * stays
                    continue
                at = birth[r, j] + int(begins + left / hazard)
                if at >= end:
                    break
                month[r, j] = at
                share = hazard * uniform(seed, replications[r], which_cause, 0, person[j])
                for c in range(causes):
                    share -= rate[r, stage[r, j], b, c]
                    if share < 0 or c == causes - 1:
                        cause[r, j] = 1 + c
                        break
                break
    return month, cause
