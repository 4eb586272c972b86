"""The change of a ratio, split into parts that add up to it, in every replication.

With I items (teachers that count) and P pupils, before and after, the change of the ratio is

    100 (I1 / P1 - I0 / P0) = 100 [(I1 - I0) / P0                      items, cause by cause
                                   + I0 (1 / P1 - 1 / P0)              pupils
                                   + (I1 - I0) (1 / P1 - 1 / P0)]      both together

The last part belongs to neither alone: teachers who came or went are counted on pupils who came or
went too. Without pupils, before or after, there is no ratio, and nothing to split.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workforce_sim.decision.trial import Trial
from workforce_sim.simulation.block import set_up
from workforce_sim.simulation.ledger import CAUSES, items

PARTS = (*CAUSES, "pupils", "interaction")
"""The causes by which items change, the pupils, both together."""
START = "start"
"""Between two policies: the difference of the baselines, as each policy counts them."""

Counts = NDArray[np.integer]


@dataclass(frozen=True)
class Course:
    """Items and pupils of G schools, or groups of schools, at the baseline and at Y censuses.

    Attributes
    ----------
    items : int (Y + 1, R, G, 3)
    pupils : int (Y + 1, R, G)
    changes : int (Y, R, G, causes, 3)
        Changes of the items from each of these to the next, by cause.
    """

    items: Counts
    pupils: Counts
    changes: Counts

    @classmethod
    def of(cls, trial: Trial) -> Course:
        """Return the course of every school in a trial."""
        start = set_up(trial.scenario, trial.county, 0, range(1))  # the baseline has no chance
        counted, ledger = trial.scenario.counting.arts_pe, trial.ledger

        def with_baseline(before: Counts, now: Counts) -> Counts:
            return np.concatenate([np.broadcast_to(before, now[:1].shape), now])

        return cls(
            items=with_baseline(items(start.pool.counts, counted), items(ledger.census, counted)),
            pupils=with_baseline(start.pupils_by_school(), ledger.pupils),
            changes=ledger.changes[: len(ledger.census)],
        )

    def grouped(self, groups: Sequence[NDArray[np.intp]]) -> Course:
        """Return the sums over groups, each the rows of its schools."""

        def summed(counts: Counts) -> Counts:
            return np.stack([counts[:, :, rows].sum(axis=2, dtype=int) for rows in groups], axis=2)

        return Course(summed(self.items), summed(self.pupils), summed(self.changes))

    def ratio(self, nth: int) -> NDArray[np.float64]:
        """Return the items per 100 pupils at the nth of them, the baseline being 0: (R, G, 3)."""
        return self.items[nth] * _per_100(self.pupils[nth])[..., None]


@dataclass(frozen=True)
class Split:
    """Parts of the change of ratios in R replications: K parts.

    Attributes
    ----------
    names : tuple of str (K,)
        ``PARTS``, and ``START`` where two policies are set against each other.
    points : float64 (R, G, 3, K)
        The parts, in points of the ratio; NaN where there is no ratio, before or after.
    people : float64 (R, G, 3, K)
        The change of the items by cause; NaN for parts that are none of people.
    """

    names: tuple[str, ...]
    points: NDArray[np.float64]
    people: NDArray[np.float64]


def split(course: Course, start: int, end: int) -> Split:
    """Split the change of the ratios from one census to another, the baseline being 0."""
    before, now = (_per_100(course.pupils[nth])[..., None] for nth in (start, end))
    changed = np.moveaxis(course.changes[start:end].sum(axis=0, dtype=float), -1, -2)
    turned = now - before
    by_cause = changed * (before + 0 * now)[..., None]  # NaN without pupils at the end, too
    pupils = course.items[start] * turned
    together = changed.sum(axis=-1) * turned
    points = np.concatenate([by_cause, np.stack([pupils, together], axis=-1)], axis=-1)
    none = np.full((*changed.shape[:-1], 2), np.nan)
    return Split(PARTS, points, np.concatenate([changed, none], axis=-1))


def split_between(course: Course, other: Course, start: int, end: int) -> Split:
    """Split the difference of two policies' ratios: the parts of the one less those of the other.

    From the baseline on (``start`` 0) they add up to the difference of the ratios; later, to the
    difference of their changes.
    """
    one, two = split(course, start, end), split(other, start, end)
    names: tuple[str, ...] = PARTS
    points, people = one.points - two.points, one.people - two.people
    if start == 0:
        names = (*PARTS, START)
        counted = (course.ratio(0) - other.ratio(0) + 0 * points[..., 0])[..., None]
        points = np.concatenate([points, counted], axis=-1)
        more = (course.items[0] - other.items[0]).astype(float)[..., None]
        people = np.concatenate([people, more], axis=-1)
    return Split(names, points, people)


def _per_100(pupils: Counts) -> NDArray[np.float64]:
    return 100 / np.where(pupils > 0, pupils, np.nan)
