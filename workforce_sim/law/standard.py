"""The standard by which the county is judged (教督〔2017〕6号), and the staffing norm, as data."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Self

from pydantic import NonNegativeInt, PositiveFloat, PositiveInt, model_validator

from workforce_sim.law.data import Cited, LawFile, LawModel, read_law
from workforce_sim.scenario.schema import STAGES


class Pair(LawModel):
    """A value for each stage: ``pair["primary"]``, ``pair["junior"]``."""

    primary: PositiveFloat
    junior: PositiveFloat

    def __getitem__(self, stage: str) -> float:
        """Return the value of a stage; KeyError, with the known ones, if there is none."""
        if stage == "primary":
            return self.primary
        if stage == "junior":
            return self.junior
        raise KeyError(f"stage {stage!r} is not one of {', '.join(STAGES)}")


class ByStage(Pair, Cited):
    """A value for each stage, with its source."""


class Indicator(Cited):
    """One of the seven indicators of resources.

    Attributes
    ----------
    id : str
        ``L1`` to ``L7``, in the order of the standard.
    zh, en, unit_zh, unit_en : str
        Its name and the unit of the items counted.
    per_pupils : int
        100 or 1: the ratio is items / pupils * per_pupils.
    threshold : Pair
        The least ratio that meets it.
    """

    id: str
    zh: str
    en: str
    unit_zh: str
    unit_en: str
    per_pupils: PositiveInt
    threshold: Pair


class SchoolRule(Cited):
    """What each school must reach.

    Attributes
    ----------
    required : int
        Least number of indicators met.
    near_share : float
        Share of its threshold that every other indicator must reach.
    """

    required: PositiveInt
    near_share: PositiveFloat


class RotationRule(Cited):
    """Least yearly shares: movers among the eligible, backbone teachers among the movers."""

    share: PositiveFloat
    backbone_share: PositiveFloat


class SchoolSize(Cited):
    """Most pupils in the compulsory grades, in a school of one stage and in a nine-year school."""

    one_stage: PositiveInt
    nine_year: PositiveInt


class SmallSchools(Cited):
    """Special rules for small schools; defaults that a scenario may change.

    Attributes
    ----------
    judged_from_pupils : int
        Schools and teaching points with fewer pupils are left out of the judgement.
    shared_below_pupils : int
        Judged rural schools with fewer pupils may count shared (走教) arts and PE teachers.
    """

    judged_from_pupils: NonNegativeInt
    shared_below_pupils: NonNegativeInt


class Standard(LawFile):
    """The whole of ``standard.yaml``.

    Attributes
    ----------
    since : date
        The day the standard was issued.
    indicators : tuple of Indicator
        L1 to L7.
    school_rule : SchoolRule
        6 of 7, the remaining one at 85%.
    difference_limit : ByStage
        Most coefficient of difference (差异系数) between the schools of a stage.
    rotation : RotationRule
        10% and 20%.
    class_size : ByStage
        Most pupils a class.
    school_size : SchoolSize
        Most pupils a school.
    small_schools : SmallSchools
        Which small schools are judged, and how.
    pupils_per_teacher : ByStage
        The staffing norm. It counts all staff (教职工), not only teachers.
    """

    since: dt.date
    indicators: tuple[Indicator, ...]
    school_rule: SchoolRule
    difference_limit: ByStage
    rotation: RotationRule
    class_size: ByStage
    school_size: SchoolSize
    small_schools: SmallSchools
    pupils_per_teacher: ByStage

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        ids = [item.id for item in self.indicators]
        if len(set(ids)) != len(ids):
            raise ValueError(f"an indicator occurs twice: {', '.join(ids)}")
        if self.school_rule.required > len(ids):
            raise ValueError(f"{self.school_rule.required} indicators required of {len(ids)}")
        return self

    @property
    def version(self) -> str:
        """The day of the standard, ``YYYY-MM-DD``."""
        return self.since.isoformat()

    def indicator(self, indicator: str) -> Indicator:
        """Return the indicator of that id; KeyError, with the known ones, if there is none."""
        for item in self.indicators:
            if item.id == indicator:
                return item
        known = ", ".join(item.id for item in self.indicators)
        raise KeyError(f"indicator {indicator!r} is not one of {known}")

    def threshold(self, indicator: str, stage: str) -> float:
        """Return the least ratio that meets ``indicator`` (``L1`` to ``L7``) in ``stage``.

        Raises
        ------
        KeyError
            If there is no such indicator or stage.
        """
        return self.indicator(indicator).threshold[stage]


@cache
def load_standard() -> Standard:
    """Return the standard, read once."""
    return read_law("standard.yaml", Standard)
