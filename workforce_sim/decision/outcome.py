"""What a decision is judged by: conditions such as ``L3 primary``, and goals on their probability.

A condition names one thing that the judgement can say of a year:

============================  ===========================================  =====================
written                       holds if                                     its value
============================  ===========================================  =====================
``L3 primary``                the stage's ratio meets the threshold        the ratio
``L3``                        it does so in every stage                    (none)
``L2 both``                   the ratio of both stages together meets it   the ratio
``CV L1 junior``              the coefficient of difference is within      the coefficient
``CV``                        all coefficients are within their limits     (none)
``schools L3 primary``        every judged school meets the threshold      share of schools
``schools junior``            no judged school of the stage has failed     share of schools
``school NAME L1``            the school meets the threshold               the ratio
``school NAME``               the school has not failed                    (none)
``county``                    the county is not ruled out                  (none)
============================  ===========================================  =====================

An event is one or several of them, joined by ``and``, and a year: ``L3 and CV L3, 2025``. A goal is
``P(event) >= 0.95``. Stages may be written 小学 and 初中, the county 全县.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workforce_sim.assessment.judgement import INDICATORS, TOLERANCE, Judgement
from workforce_sim.law import load_standard
from workforce_sim.scenario import InputError
from workforce_sim.scenario.errors import Problem
from workforce_sim.scenario.schema import STAGES
from workforce_sim.scenario.validation import nearest

BOTH = "both"
CHINESE = {"小学": "primary", "初中": "junior", "全县": "county", "学校": "schools"}
EXAMPLES = (
    "L3 primary; CV L1 junior; schools L3 primary; schools; school NAME L1; county; joined by and"
)
GOAL = re.compile(
    r"\s*P\s*[(（](?P<event>.*)[)）]\s*(?:>=|≥|=>)\s*(?P<least>[\d.]+)\s*(?P<percent>%?)\s*"
)


@dataclass(frozen=True)
class Condition:
    """One thing that the judgement can say of a year.

    Attributes
    ----------
    of : {"ratio", "difference", "schools", "school", "county"}
    indicator : str or None
        One of ``INDICATORS``.
    stage : str or None
        A stage; for ratios also ``both``. None: every stage.
    school : str or None
        Its name.
    """

    of: str
    indicator: str | None = None
    stage: str | None = None
    school: str | None = None

    def __str__(self) -> str:
        """Return it as it is written, which is also its name in tables."""
        kind = {"ratio": None, "difference": "CV"}.get(self.of, self.of)
        return " ".join(part for part in (kind, self.school, self.indicator, self.stage) if part)

    def holds(self, judged: Judgement, nth: int | slice) -> NDArray[np.bool_]:
        """Say in which replications it holds in the nth year: bool (R,), or (Y, R) of a slice."""
        if self.of == "county":
            return np.asarray(judged.verdicts("county")["not_ruled_out"][nth])
        if self.of in ("schools", "school"):
            return np.asarray(self._not_missed(judged, nth).all(axis=-1))
        codes = [judged.indicators.index(self.indicator)] if self.indicator else slice(None)
        stages = [self.stage] if self.stage else judged.stages
        parts = []
        for stage in stages:
            if self.of == "difference":
                within = judged.difference_within[STAGES.index(stage), nth]
                parts.append(within[..., codes].all(axis=-1))
            else:
                ratio = judged.stage_ratio(stage)[nth][..., codes]
                parts.append((ratio >= self._threshold(stage) - TOLERANCE).all(axis=-1))
        return np.asarray(np.all(parts, axis=0))

    def value(self, judged: Judgement, nth: int | slice) -> NDArray[np.float64] | None:
        """Return its value in the nth year, if it has one: float64 (R,), or (Y, R) of a slice."""
        if self.of == "schools":
            return self._not_missed(judged, nth).mean(axis=-1)
        if self.indicator is None:
            return None
        code = judged.indicators.index(self.indicator)
        if self.of == "school":
            school = judged.schools.names.index(self.school or "")
            return judged.ratio(self.indicator)[nth][..., school]
        if self.stage is None:
            return None
        if self.of == "difference":
            return judged.difference[STAGES.index(self.stage), nth][..., code]
        return judged.stage_ratio(self.stage)[nth][..., code]

    def _not_missed(self, judged: Judgement, nth: int | slice) -> NDArray[np.bool_]:
        """Return which schools do not stand in the way: bool (R, schools), or (Y, R, schools)."""
        rows = judged.of_stage(self.stage or BOTH)
        if self.of == "school":
            rows = np.array([judged.schools.names.index(self.school or "")])
        if self.indicator is None:
            return ~judged.school_verdicts["failed"][nth][..., rows]
        cover = judged.cover(self.indicator)[nth][..., rows]
        return ~(cover < 1 - TOLERANCE)  # a school that is not judged does not

    def _threshold(self, stage: str) -> float:
        assert self.indicator is not None
        stage = STAGES[0] if stage == BOTH else stage  # allowed only where both share it
        return load_standard().threshold(self.indicator, stage)

    def problems(self, judged: Judgement) -> Iterator[str]:
        """Yield what it names that this county does not have."""
        standard = load_standard()
        if self.indicator is not None and self.indicator not in judged.indicators:
            yield f"{self.indicator} is not looked at: the county does not know its facilities"
        if self.stage not in (None, BOTH, *judged.stages):
            yield f"the county has no {self.stage} schools"
        if self.stage == BOTH and self.indicator is not None:
            shared = len({standard.threshold(self.indicator, stage) for stage in STAGES}) == 1
            if not shared:
                yield f"{self.indicator} has another threshold in each stage: name one"
        if self.of == "school" and self.school not in judged.schools.names:
            hint = nearest(self.school or "", judged.schools.names)
            yield f"there is no school {self.school!r}{hint}"


@dataclass(frozen=True)
class Event:
    """Conditions that hold together in a year."""

    conditions: tuple[Condition, ...]
    year: int

    def __str__(self) -> str:
        return f"{' and '.join(map(str, self.conditions))}, {self.year}"

    def holds(self, judged: Judgement) -> NDArray[np.bool_]:
        """Say in which replications it holds: bool (R,)."""
        nth = self.year - judged.scenario.years.first
        held = [condition.holds(judged, nth) for condition in self.conditions]
        return np.asarray(np.all(held, axis=0))

    def check(self, judged: Judgement, option: str = "--goal") -> None:
        """Check that the county and the run have what it names.

        Raises
        ------
        InputError
            With everything that they have not.
        """
        years = judged.scenario.years
        words = [text for condition in self.conditions for text in condition.problems(judged)]
        if self.year not in years.range:
            words.append(f"{self.year} is not simulated; the years are {years}")
        if words:
            raise InputError([Problem(option, None, str(self), text) for text in words])


@dataclass(frozen=True)
class Goal:
    """A probability that an event is to have at least."""

    event: Event
    least: float

    def __str__(self) -> str:
        return f"P({self.event}) >= {self.least:g}"


def parse_goal(text: str, default_year: int, option: str = "--goal") -> Goal:
    """Read ``P(event) >= probability``; percent is understood.

    Raises
    ------
    InputError
        If it is none.
    """
    found = GOAL.fullmatch(text)
    if not found:
        message = 'expected a goal such as "P(L3 primary, 2025) >= 0.95"'
        raise InputError([Problem(option, None, text, message)])
    event = parse_event(found["event"], default_year, option)
    try:
        least = float(found["least"]) / (100 if found["percent"] else 1)
    except ValueError:
        least = -1.0
    if not 0 < least < 1:
        number = found["least"] + found["percent"]
        message = f"{number} is no probability between 0 and 1 (or 0% and 100%)"
        raise InputError([Problem(option, None, text, message)])
    return Goal(event, least)


def parse_event(text: str, default_year: int, option: str = "--event") -> Event:
    """Read conditions joined by ``and``, and a year (by default the one given).

    Raises
    ------
    InputError
        With every condition that cannot be read.
    """
    words = text.replace("且", " and ")
    year = default_year
    if found := re.fullmatch(r"(.*?)[\s,，]+(\d{4})年?\s*", words):
        words, year = found[1], int(found[2])
    conditions, problems = [], []
    for part in re.split(r"\s+and\s+", words.strip()):
        try:
            conditions.append(parse_condition(part))
        except ValueError as error:
            problems.append(Problem(option, None, text, str(error)))
    if problems:
        raise InputError(problems)
    return Event(tuple(conditions), year)


def parse_condition(text: str) -> Condition:
    """Read one condition; ValueError says what was expected."""
    words = [CHINESE.get(word, word) for word in text.replace("，", " ").replace(",", " ").split()]
    expected = f"{text.strip()!r} is no condition; they are written: {EXAMPLES}"
    if not words:
        raise ValueError(expected)
    of = {"cv": "difference"}.get(words[0].lower(), words[0].lower())
    if of == "county" and len(words) == 1:
        return Condition("county")
    if of == "school":
        indicator = words.pop().upper() if words[-1].upper() in INDICATORS else None
        if len(words) < 2:
            raise ValueError(expected)
        return Condition("school", indicator, school=" ".join(words[1:]))
    if of in ("difference", "schools"):
        words = words[1:]
    else:
        of = "ratio"
    indicators = [word.upper() for word in words if word.upper() in INDICATORS]
    stages = [word for word in words if word.lower() in (*STAGES, BOTH)]
    indicator = indicators[0] if indicators else None
    stage = stages[0].lower() if stages else None
    both_only_of_ratios = stage == BOTH and of != "ratio"
    if (
        len(words) != len(indicators) + len(stages)
        or len(indicators) > 1
        or len(stages) > 1
        or (of == "ratio" and indicator is None)
        or both_only_of_ratios
    ):
        raise ValueError(expected)
    return Condition(of, indicator, stage)
