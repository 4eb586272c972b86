"""Two duties of the staff: 360 hours of training in five years, and certificates for all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workforce_sim.assessment.uncertainty import probability, spread
from workforce_sim.scenario.schema import STAGES
from workforce_sim.simulation.ledger import FLOW, Ledger

HOURS, WINDOW = 360, 5
"""教师5年360学时培训完成率达到100% (教督〔2017〕6号 政府保障程度第9项)."""
CERTIFIED = 1.0
"""专任教师持有教师资格证上岗率达到100% (the same, 第12项)."""
TRAINING, CERTIFICATE = "training_hours", "certificate"
TOLERANCE = 1e-9


def training_given(
    staff: NDArray[np.integer],
    capacity: dict[int, float],
    done_before: NDArray[np.float64],
    years: Sequence[int],
) -> NDArray[np.float64]:
    """Return the hours that each of the staff is trained: the baseline's five years, then each.

    A year's hours are what is missing to 360 in the window that ends with it, as far as the
    capacity, shared evenly, allows. A leaver takes the hours along and a recruit is behind only by
    years of no service, so one figure stands for all.

    Parameters
    ----------
    staff : int (Y, R)
        At each census.
    capacity : mapping of year to float
        Hours for all together, from that year on; before the first, 72 for each.
    done_before : float64 (R,)
        Share of 72 hours that was done in each year before.
    years : sequence of int (Y,)

    Returns
    -------
    float64 (5 + Y, R)
    """
    yearly = HOURS / WINDOW
    given = [*np.tile(yearly * done_before, (WINDOW, 1))]
    for year, people in zip(years, staff, strict=True):
        latest = max((known for known in capacity if known <= year), default=None)
        most = yearly if latest is None else capacity[latest] / np.maximum(people, 1)
        missing = HOURS - np.sum(given[-(WINDOW - 1) :], axis=0)
        given.append(np.minimum(missing, most))
    return np.array(given)


def in_window(given: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the hours in the window that ends with the baseline and with each year: (1 + Y, R)."""
    return np.lib.stride_tricks.sliding_window_view(given, WINDOW, axis=0).sum(axis=-1)


def hired(ledger: Ledger, stage_of: NDArray[np.int8], flow: str) -> NDArray[np.int64]:
    """Count those hired since the start, up to each census: (Y, R, stages)."""
    by_school = ledger.flows[..., FLOW[flow]]
    ever = np.stack(
        [by_school[..., stage_of == s].sum(axis=-1, dtype=np.int64) for s in range(len(STAGES))],
        axis=-1,
    )
    before, after = ever[:, 0], ever[:, 1]
    return np.cumsum(before + after, axis=0) - after


def certified(
    staff: NDArray[np.integer],
    recruits: NDArray[np.integer],
    of_roster: NDArray[np.float64],
    of_recruits: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the share of staff with a certificate, NaN without staff.

    Recruits who have left again are counted as recruits still: the roster's share is that of the
    others.

    Parameters
    ----------
    staff, recruits : int (Y, R, ...)
    of_roster, of_recruits : float64 (R,)
        Shares with a certificate.
    """
    new = np.minimum(recruits, staff)
    shape = (-1,) + (1,) * (staff.ndim - 2)
    old_share, new_share = of_roster.reshape(shape), of_recruits.reshape(shape)
    with np.errstate(invalid="ignore", divide="ignore"):
        # From the roster's share: equal shares leave it exactly as it is.
        return old_share + (new_share - old_share) * (new / np.where(staff > 0, staff, np.nan))


def duties(
    staff: NDArray[np.integer],
    recruits: NDArray[np.integer],
    hours: NDArray[np.float64],
    of_roster: NDArray[np.float64],
    of_recruits: NDArray[np.float64],
    years: Sequence[int],
) -> pd.DataFrame:
    """Judge both duties, by year and stage, and of both stages.

    Parameters
    ----------
    staff, recruits : int (Y, R, stages)
        At each census; recruits since the start.
    hours : float64 (Y, R)
        Of each teacher in the five years, alike in both stages.
    of_roster, of_recruits : float64 (R,)
        Shares with a certificate.
    years : sequence of int (Y,)

    Returns
    -------
    DataFrame
        ``duty``; ``mean`` and quantiles, in hours a teacher or as a share of the staff; ``p_met``;
        ``target``.
    """
    present = [s for s in range(len(STAGES)) if staff[..., s].any()]
    groups: dict[str, list[int]] = {STAGES[s]: [s] for s in present}
    if len(present) > 1:
        groups["both"] = present
    parts = []
    for stage, columns in groups.items():
        here, new = staff[..., columns].sum(-1), recruits[..., columns].sum(-1)
        shares = certified(here, new, of_roster, of_recruits)
        for duty, values, target in (
            (TRAINING, hours, float(HOURS)),
            (CERTIFICATE, shares, CERTIFIED),
        ):
            met = probability(values >= target - TOLERANCE, 1, "p_met", ~np.isnan(values))
            front = {"year": list(years), "stage": stage, "duty": duty}
            parts.append(pd.DataFrame(front | spread(values, 1) | met | {"target": target}))
    return pd.concat(parts).sort_values("year", kind="stable", ignore_index=True)
