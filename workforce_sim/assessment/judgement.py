"""Counts against the standard: ratios, schools, coefficients of difference.

A school has ``all_met`` (it meets every indicator that is looked at), is ``open`` (it has not
failed: it meets them all, or misses one by at most 15%), or has ``failed``. Where all seven are
looked at, an open school passes. Where the county does not know its facilities, only L1 to L3 are,
and nothing is ever called a pass: an open school that misses one then needs all the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from workforce_sim.assessment.difference import coefficient_of_difference
from workforce_sim.assessment.shared_teachers import with_shared
from workforce_sim.county.model import Schools
from workforce_sim.county.sections import shared_by_sections
from workforce_sim.law import load_standard
from workforce_sim.scenario.schema import STAGES, Scenario
from workforce_sim.simulation.ledger import items

OF_STAFF = ("L1", "L2", "L3")
OF_FACILITIES = ("L4", "L5", "L6", "L7")
INDICATORS = (*OF_STAFF, *OF_FACILITIES)
"""The standard's seven; those of facilities need a county that knows them."""
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Judgement:
    """What censuses come to: Y years, R replications, S schools, I indicators.

    Attributes
    ----------
    scenario : Scenario
    schools : Schools
    items : float64 (Y, R, S, I)
        Teachers that count for each indicator, m2, yuan, multimedia classrooms.
    pupils : int32 (Y, R, S)
    indicators : tuple of str (I,)
        Those looked at: L1 to L3, and of L4 to L7 those whose items the county knows.
    """

    scenario: Scenario
    schools: Schools
    items: NDArray[np.float64]
    pupils: NDArray[np.int32]
    indicators: tuple[str, ...] = OF_STAFF

    @classmethod
    def of(
        cls,
        scenario: Scenario,
        schools: Schools,
        census: NDArray[np.integer],
        pupils: NDArray[np.int32],
        facilities: NDArray[np.float64] | None = None,
    ) -> Judgement:
        """Judge censuses (Y, R, S, len(COUNTS)) by what the scenario counts.

        ``facilities`` (Y, R, S, 4) are looked at as far as the county knows them.
        """
        indicators = looked_at(schools)
        # In memory indicator by indicator: every table looks at one at a time.
        counted = np.moveaxis(np.empty((len(indicators), *pupils.shape)), 0, -1)
        counted[..., : len(OF_STAFF)] = items(census, scenario.counting.arts_pe)
        rule = scenario.counting
        if rule.small_schools_share_arts_pe:
            arts = counted[..., OF_STAFF.index("L3")]
            arts[:] = with_shared(arts.copy(), pupils, schools, rule.smallest_school_pupils)
        known = schools.known
        if facilities is not None and known.any():
            shared = shared_by_sections(facilities[..., known], pupils, schools)
            counted[..., len(OF_STAFF) :] = shared
        return cls(scenario, schools, counted, pupils, indicators)

    @property
    def whole(self) -> bool:
        """Whether all seven indicators are looked at."""
        return len(self.indicators) == len(INDICATORS)

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
        """Thresholds of the schools' indicators, per 100 pupils or a pupil: (S, I)."""
        standard = load_standard()
        rows = [[standard.threshold(i, stage) for i in self.indicators] for stage in STAGES]
        return np.array(rows)[self.schools.stage]

    @cached_property
    def per_pupils(self) -> NDArray[np.int64]:
        """For how many pupils the ratios are: 100 or 1. (I,)."""
        standard = load_standard()
        return np.array([standard.indicator(i).per_pupils for i in self.indicators])

    @cached_property
    def judged(self) -> NDArray[np.bool_]:
        """Which schools are judged: those with enough pupils. (Y, R, S)."""
        smallest = max(self.scenario.counting.smallest_school_pupils, 1)
        return self.pupils >= smallest

    # Of schools one indicator at a time: of many replications all of them would fill the memory.

    def ratio(self, indicator: str) -> NDArray[np.float64]:
        """Return the schools' ratios, NaN without pupils: (Y, R, S)."""
        code = self.indicators.index(indicator)
        pupils = np.where(self.pupils > 0, self.pupils, np.nan)
        return self.per_pupils[code] * self.items[..., code] / pupils

    def ratio_of(
        self, items: NDArray[np.float64], pupils: NDArray[np.integer]
    ) -> NDArray[np.float64]:
        """Return items (..., I) per 100 pupils or a pupil (...); NaN without pupils."""
        pupils = np.where(pupils > 0, pupils, np.nan)
        return self.per_pupils * items / pupils[..., None]

    def cover(self, indicator: str) -> NDArray[np.float64]:
        """Return ratio divided by threshold of judged schools, NaN of others: (Y, R, S)."""
        threshold = self.threshold[:, self.indicators.index(indicator)]
        return np.where(self.judged, self.ratio(indicator) / threshold, np.nan)

    def short(self, indicator: str) -> NDArray[np.float64]:
        """Return what judged schools lack to meet a threshold, NaN of others: (Y, R, S).

        People and classrooms are whole; m2 and yuan are not.
        """
        code = self.indicators.index(indicator)
        needed = self.threshold[:, code] * self.pupils / self.per_pupils[code]
        missing = (needed - self.items[..., code] - TOLERANCE).clip(min=0)
        if indicator in (*OF_STAFF, "L7"):
            missing = np.ceil(missing)
        return np.where(self.judged, missing, np.nan)

    @cached_property
    def school_verdicts(self) -> dict[str, NDArray[np.bool_]]:
        """``all_met``, ``open`` and ``failed`` of judged schools: (Y, R, S) each."""
        rule, indicators = load_standard().school_rule, len(load_standard().indicators)
        missed = np.zeros(self.pupils.shape, np.int8)
        near = np.full(self.pupils.shape, True)
        for indicator in self.indicators:
            cover = self.cover(indicator)
            missed += cover < 1 - TOLERANCE
            near &= ~(cover < rule.near_share - TOLERANCE)
        is_open = (missed == 0) | ((missed <= indicators - rule.required) & near)
        return {
            "all_met": self.judged & (missed == 0),
            "open": self.judged & is_open,
            "failed": self.judged & ~is_open,
        }

    def stage_items(self, stage: str) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return items (Y, R, I) and pupils (Y, R) of a stage, or of ``both``."""
        rows = self.of_stage(stage)
        return self.items[:, :, rows].sum(axis=2), self.pupils[:, :, rows].sum(axis=2)

    def stage_ratio(self, stage: str) -> NDArray[np.float64]:
        """Return the ratios of a stage, or of ``both``: (Y, R, I)."""
        if stage not in self._stage_ratios:
            self._stage_ratios[stage] = self.ratio_of(*self.stage_items(stage))
        return self._stage_ratios[stage]

    @cached_property
    def _stage_ratios(self) -> dict[str, NDArray[np.float64]]:
        return {}

    @cached_property
    def difference(self) -> NDArray[np.float64]:
        """Coefficients of difference of judged schools: (stages, Y, R, I)."""
        found = np.empty((len(STAGES), *self.pupils.shape[:2], len(self.indicators)))
        for stage in range(len(STAGES)):
            rows = self.of_stage(STAGES[stage])
            pupils, judged = self.pupils[:, :, rows], self.judged[:, :, rows]
            for code in range(len(self.indicators)):
                items = self.items[..., code][:, :, rows]
                found[stage, ..., code] = coefficient_of_difference(items, pupils, judged)
        return found

    @cached_property
    def difference_within(self) -> NDArray[np.bool_]:
        """Whether the coefficients are within the limit of the stage: (stages, Y, R, I).

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
        """Which school and indicator, the first of several, has the lowest cover: (Y, R).

        It is an index into (S, I).
        """
        lowest = np.full(self.pupils.shape[:2], np.inf)
        found = np.zeros(self.pupils.shape[:2], np.intp)
        for code, indicator in enumerate(self.indicators):
            cover = self.cover(indicator)
            cover[np.isnan(cover)] = np.inf
            school = cover.argmin(axis=-1)
            least = np.take_along_axis(cover, school[..., None], axis=-1)[..., 0]
            cell = school * len(self.indicators) + code
            first = (least < lowest) | ((least == lowest) & (cell < found))
            lowest, found = np.where(first, least, lowest), np.where(first, cell, found)
        return found


def looked_at(schools: Schools) -> tuple[str, ...]:
    """Return the indicators that can be judged: L1 to L3, and those whose items are known."""
    known = zip(OF_FACILITIES, schools.known, strict=True)
    return (*OF_STAFF, *(indicator for indicator, is_known in known if is_known))
