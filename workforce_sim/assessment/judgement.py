"""Counts against the standard: ratios, schools, coefficients of difference.

Only three of the seven indicators are simulated, so that nothing here is ever called a pass: a
school has ``all_met`` (it meets the three), is ``open`` (it has not failed: it meets the three, or
misses one by at most 15% and then needs all four others), or has ``failed``, whatever the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from workforce_sim.assessment.difference import coefficient_of_difference
from workforce_sim.county.model import Schools
from workforce_sim.law import load_standard
from workforce_sim.scenario.schema import STAGES, Scenario
from workforce_sim.simulation.ledger import items

INDICATORS = ("L1", "L2", "L3")
"""The indicators that are simulated, of the standard's seven."""
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Judgement:
    """What censuses come to: Y years, R replications, S schools, the 3 indicators.

    Attributes
    ----------
    scenario : Scenario
    schools : Schools
    items : float64 (Y, R, S, 3)
        Teachers that count for each indicator.
    pupils : int32 (Y, R, S)
    """

    scenario: Scenario
    schools: Schools
    items: NDArray[np.float64]
    pupils: NDArray[np.int32]

    @classmethod
    def of(
        cls,
        scenario: Scenario,
        schools: Schools,
        census: NDArray[np.integer],
        pupils: NDArray[np.int32],
    ) -> Judgement:
        """Judge censuses (Y, R, S, len(COUNTS)) by what the scenario counts."""
        counted = items(census, scenario.counting.arts_pe)
        return cls(scenario, schools, counted.astype(float), pupils)

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages that have schools."""
        return tuple(stage for code, stage in enumerate(STAGES) if code in self.schools.stage)

    def of_stage(self, stage: str) -> NDArray[np.intp]:
        """Return the rows of the schools of a stage, or of ``both``."""
        if stage == "both":
            return np.arange(len(self.schools.names))
        return np.flatnonzero(self.schools.stage == STAGES.index(stage))

    @cached_property
    def threshold(self) -> NDArray[np.float64]:
        """Thresholds of the schools' indicators, per 100 pupils: (S, 3)."""
        standard = load_standard()
        table = np.array([[standard.threshold(i, stage) for i in INDICATORS] for stage in STAGES])
        return table[self.schools.stage]

    @cached_property
    def judged(self) -> NDArray[np.bool_]:
        """Which schools are judged: those with enough pupils. (Y, R, S)."""
        smallest = max(self.scenario.counting.smallest_school_pupils, 1)
        return self.pupils >= smallest

    @cached_property
    def ratio(self) -> NDArray[np.float64]:
        """Schools' ratios per 100 pupils, NaN without pupils: (Y, R, S, 3)."""
        return self.ratio_of(self.items, self.pupils)

    @staticmethod
    def ratio_of(items: NDArray[np.float64], pupils: NDArray[np.integer]) -> NDArray[np.float64]:
        """Return items (..., 3) per 100 pupils (...); NaN without pupils."""
        pupils = np.where(pupils > 0, pupils, np.nan)
        return 100 * items / pupils[..., None]

    @cached_property
    def cover(self) -> NDArray[np.float64]:
        """Ratio divided by threshold of judged schools, NaN of others: (Y, R, S, 3)."""
        return np.where(self.judged[..., None], self.ratio / self.threshold, np.nan)

    @cached_property
    def short(self) -> NDArray[np.float64]:
        """People that judged schools lack to meet each threshold, NaN of others: (Y, R, S, 3)."""
        needed = self.threshold * self.pupils[..., None] / 100
        missing = np.ceil(needed - self.items - TOLERANCE).clip(min=0)
        return np.where(self.judged[..., None], missing, np.nan)

    @cached_property
    def school_verdicts(self) -> dict[str, NDArray[np.bool_]]:
        """``all_met``, ``open`` and ``failed`` of judged schools: (Y, R, S) each."""
        rule, indicators = load_standard().school_rule, len(load_standard().indicators)
        missed = (self.cover < 1 - TOLERANCE).sum(axis=-1)
        near = np.nanmin(self._cover_or_met, axis=-1) >= rule.near_share - TOLERANCE
        is_open = (missed == 0) | ((missed <= indicators - rule.required) & near)
        return {
            "all_met": self.judged & (missed == 0),
            "open": self.judged & is_open,
            "failed": self.judged & ~is_open,
        }

    @cached_property
    def _cover_or_met(self) -> NDArray[np.float64]:
        return np.where(np.isnan(self.cover), 1.0, self.cover)

    def stage_items(self, stage: str) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return items (Y, R, 3) and pupils (Y, R) of a stage, or of ``both``."""
        rows = self.of_stage(stage)
        return self.items[:, :, rows].sum(axis=2), self.pupils[:, :, rows].sum(axis=2)

    @cached_property
    def difference(self) -> NDArray[np.float64]:
        """Coefficients of difference of judged schools: (stages, Y, R, 3)."""
        found = []
        for stage in STAGES:
            rows = self.of_stage(stage)
            found.append(
                coefficient_of_difference(
                    np.moveaxis(self.items[:, :, rows], -1, 0),
                    self.pupils[:, :, rows],
                    self.judged[:, :, rows],
                )
            )
        return np.moveaxis(np.stack(found), 1, -1)

    @cached_property
    def difference_within(self) -> NDArray[np.bool_]:
        """Whether the coefficients are within the limit of the stage: (stages, Y, R, 3).

        A coefficient that cannot be worked out, for there are no schools to compare, is within.
        """
        limits = load_standard().difference_limit
        limit = np.array([limits[stage] for stage in STAGES])[:, None, None, None]
        return ~(self.difference > limit + TOLERANCE)

    def verdicts(self, scope: str) -> dict[str, NDArray[np.bool_]]:
        """Return the verdicts on a stage or the ``county``: (Y, R) each."""
        stages: tuple[str, ...] = STAGES if scope == "county" else (scope,)
        rows = self.of_stage("both" if scope == "county" else scope)
        failed = np.asarray(self.school_verdicts["failed"][:, :, rows].any(axis=2))
        not_met = self.judged & ~self.school_verdicts["all_met"]
        unmet = np.asarray(not_met[:, :, rows].any(axis=2))
        codes = [STAGES.index(stage) for stage in stages]
        within = np.asarray(self.difference_within[codes].all(axis=(0, -1)))
        return {
            "all_met": ~unmet,
            "open": ~failed,
            "failed": failed,
            "difference_within": within,
            "not_ruled_out": ~failed & within,
        }

    @cached_property
    def binding(self) -> NDArray[np.intp]:
        """Which school and indicator has the lowest cover: (Y, R), an index into (S, 3)."""
        cover = np.where(np.isnan(self.cover), np.inf, self.cover)
        return cover.reshape(*cover.shape[:2], -1).argmin(axis=-1)
