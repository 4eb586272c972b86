"""Tables of parts: rows for each pair of a group of schools and an indicator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workforce_sim.assessment.judgement import OF_STAFF, TOLERANCE
from workforce_sim.assessment.uncertainty import probability, spread
from workforce_sim.decision.parts import Course, Split
from workforce_sim.law import load_standard
from workforce_sim.scenario.schema import STAGES

BOTH = "both"
NONE = "none"
"""Stands where no part is the largest."""
CHANGE = "change"
"""The row of a table that holds the whole change, to which the parts add up."""

Ratios = NDArray[np.float64]


@dataclass(frozen=True)
class Cells:
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
    def of(cls, cells: Sequence[tuple[dict[str, str], int, int]]) -> Cells:
        """Take cells: what stands in the first columns, group, indicator."""
        standard = load_standard()
        front = pd.DataFrame(
            [{**names, "indicator": OF_STAFF[code]} for names, _, code in cells],
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
        after = spread(now[:, *self.at], 0)
        return self.front.assign(
            before=spread(before[:, *self.at], 0)["mean"],
            **{name: after[name] for name in ("mean", "q05", "q95")},
            change=mean.sum(axis=-1),
            part=[
                found.names[part] if of_each.any() else NONE
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
