"""Rule 1. Retirement by birth month (退休)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workforce_sim.law import CATEGORIES, chosen_retirement_month, legal_retirement_month
from workforce_sim.simulation.pool import NEVER
from workforce_sim.simulation.world import World

FEMALE60, FEMALE55 = CATEGORIES.index("female60"), CATEGORIES.index("female55")


def retirement_months(
    world: World,
    person: NDArray[np.uint32],
    category: NDArray[np.int8],
    birth: NDArray[np.integer],
) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """Return the legal month of retirement, and the month in which each person retires.

    Parameters
    ----------
    world : World
    person : uint32 (k,)
    category, birth : arrays (R, k) or (k,)

    Returns
    -------
    legal, chosen : int16 arrays that broadcast to (R, k)
        Of those who cannot retire within the run, the chosen month is not drawn: it is the legal
        one. (Nobody goes more than 36 months before the legal month; a woman with a senior title
        not more than 96, at 55 instead of 63.)
    """
    reform = world.scenario.retirement.reform_2025
    legal = np.minimum(legal_retirement_month(category, birth, reform), NEVER).astype(np.int16)
    end = world.pool.first_month + len(world.pool.agenda)
    near = legal - np.where(category == FEMALE60, 96, 36) < end
    columns = np.flatnonzero(near.any(axis=0) if near.ndim == 2 else near)
    if len(columns) == 0:
        return legal, legal
    chosen = np.broadcast_to(legal, (world.replications, legal.shape[-1])).copy()
    drawn = _chosen(world, person[columns], category[..., columns], birth[..., columns])
    # Whoever is on the roster has not gone before: their choice was the legal month.
    gone_before = drawn < world.pool.first_month
    chosen[:, columns] = np.where(gone_before, chosen[:, columns], drawn)
    return legal, chosen


def _chosen(
    world: World,
    person: NDArray[np.uint32],
    category: NDArray[np.int8],
    birth: NDArray[np.integer],
) -> NDArray[np.int16]:
    """Draw the month in which each person retires: (R, k).

    A woman with a senior title may choose 55. Under the reform some go up to 36 months early, but
    not below the old age, and some stay up to 36 months longer; all months are equally likely.
    """
    rule = world.scenario.retirement
    shape = (world.replications, person.shape[-1])
    shift = _shift(world, person) if rule.reform_2025 else np.zeros(shape, np.int32)
    month = chosen_retirement_month(category, birth, shift, rule.reform_2025)
    senior = np.flatnonzero((np.atleast_2d(category) == FEMALE60).any(axis=0))
    if len(senior) > 0:
        at_55 = np.where(category == FEMALE60, FEMALE55, category)[..., senior]
        early = chosen_retirement_month(
            at_55, birth[..., senior], shift[..., senior], rule.reform_2025
        )
        u = world.draws.uniforms("retirement.senior_women_at_55", 0, person[senior])
        chooses_55 = u < world.numbers["retirement.senior_women_at_55_share"][:, None]
        month[:, senior] = np.where(chooses_55, early, month[:, senior])
    return np.minimum(month, NEVER).astype(np.int16)


def _shift(world: World, person: NDArray[np.uint32]) -> NDArray[np.int32]:
    """Return by how many months each wishes to go later, or (negative) earlier.

    One number decides all: the lowest are those who go early, the highest those who go late, and
    the place within gives the months.
    """
    rule, numbers = world.scenario.retirement, world.numbers
    u = world.draws.uniforms("retirement.flexible", 0, person)
    early = numbers["retirement.early_share"][:, None]
    late = numbers["retirement.late_share"][:, None]
    shift = np.zeros(u.shape, np.int32)
    replication, nth = np.nonzero(u < early)
    share = u[replication, nth] / early[replication, 0]
    shift[replication, nth] = -1 - (share * rule.early_months).astype(np.int32)
    replication, nth = np.nonzero(u >= 1 - late)
    share = (1 - u[replication, nth]) / late[replication, 0]  # in (0, 1]
    shift[replication, nth] = np.ceil(share * rule.late_months).astype(np.int32)
    return shift
