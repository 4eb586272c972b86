"""The school network against the standard and the county's own goals: sizes, classes, places.

What only the county's tables can tell, at the baseline. Nothing here is simulated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workforce_sim.county.model import County, Schools
from workforce_sim.county.reconciliation import STAGE_WORDS, Words
from workforce_sim.law import load_standard
from workforce_sim.scenario.schema import AREAS, STAGES

SEAT, VILLAGE = AREAS.index("county_seat"), AREAS.index("village")
NINE_YEAR_WORDS = Words("九年一贯制学校", "Nine-year schools")


@dataclass(frozen=True)
class Fact:
    """One fact of the school network, beside what the standard or the county asks.

    Attributes
    ----------
    code : str
        school_size, class_size, schools_in_place or pupils_in_place.
    stage : str
        primary, junior, or both for nine-year schools.
    name, name_en : str
        What it is, in Chinese and in English.
    value : float
        Pupils, or percent; not a number where it is not known.
    limit : float
        What is asked.
    at_most : bool
        Whether the value may not be above the limit, or not below it.
    holds : bool or None
        None: not known.
    note, note_en : str
        Which schools are beyond the limit; what else should be known.
    """

    code: str
    stage: str
    name: str
    name_en: str
    value: float
    limit: float
    at_most: bool
    holds: bool | None
    note: str
    note_en: str

    @classmethod
    def of(
        cls,
        code: str,
        stage: str,
        name: Words,
        value: float,
        limit: float,
        at_most: bool,
        note: Words,
    ) -> Fact:
        """Return a fact; whether it holds follows from the value."""
        holds = None if np.isnan(value) else bool(value <= limit if at_most else value >= limit)
        return cls(
            code, stage, name.zh, name.en, float(value), limit, at_most, holds, note.zh, note.en
        )


def network_facts(county: County) -> list[Fact]:
    """Compare sizes of schools and classes, and their places, with what is asked.

    Parameters
    ----------
    county : County

    Returns
    -------
    list of Fact
        School sizes, class sizes; then the county's goals, if it states any.
    """
    schools = county.schools
    return [*_school_sizes(schools), *_class_sizes(schools), *_places(county)]


def _school_sizes(schools: Schools) -> Iterator[Fact]:
    limits = load_standard().school_size
    nine_year = schools.site[schools.sections[:, 1]]
    whole = np.bincount(schools.site, weights=schools.size, minlength=len(schools))
    is_first = schools.site == np.arange(len(schools))
    alone = is_first & ~np.isin(np.arange(len(schools)), nine_year)
    for stage, words, rows, limit in (
        *((s, STAGE_WORDS[s], alone & _of(schools, s), limits.one_stage) for s in STAGES),
        ("both", NINE_YEAR_WORDS, is_first & ~alone, limits.nine_year),
    ):
        if rows.any():
            name = Words(f"{words.zh}：最大规模（人）", f"{words.en}: pupils of the largest school")
            beyond = _named(schools, rows & (whole > limit))
            yield Fact.of("school_size", stage, name, whole[rows].max(), limit, True, beyond)


def _class_sizes(schools: Schools) -> Iterator[Fact]:
    """Yield the largest mean class; the mean says nothing against a single class that is larger."""
    limits, mean = load_standard().class_size, mean_class(schools)
    for stage in STAGES:
        limit, rows = limits[stage], _of(schools, stage) & (schools.size > 0)
        if not rows.any():
            continue
        words, known = STAGE_WORDS[stage], rows & ~np.isnan(mean)
        name = Words(f"{words.zh}：最大平均班额（人）", f"{words.en}: largest mean class size")
        if known.any():
            note, largest = _named(schools, known & (mean > limit)), mean[known].max()
        else:
            note, largest = Words("", ""), np.nan
        if unknown := int((rows & ~known).sum()):
            fewest = int(np.ceil(schools.pupils[rows & ~known] / limit).sum())
            zh = f"{unknown}所学校班级数不详，至少需{fewest}个班才不超过{limit:g}人"
            en = (
                f"classes of {unknown} schools not known; {fewest} or more keep to {limit:g} pupils"
            )
            note = _joined(note, Words(zh, en))
            # Beyond the limit somewhere is beyond; within it at some schools says nothing.
            largest = largest if largest > limit else np.nan
        yield Fact.of("class_size", stage, name, largest, limit, True, note)


def mean_class(schools: Schools) -> npt.NDArray[np.float64]:
    """Return the mean class size of each row of the schools, NaN where not known: (S,).

    A nine-year school that does not tell the classes of its sections apart is taken to fill those
    of both to the same share of their limits.
    """
    limit = np.array([load_standard().class_size[stage] for stage in STAGES])[schools.stage]
    need = schools.size / limit
    classes = schools.classes.copy()
    for one, other in schools.sections:
        if classes[other] == 0 and need[other] > 0:
            classes[other] = classes[one] * need[other] / (need[one] + need[other])
            classes[one] -= classes[other]
    mean = schools.size / np.where(classes > 0, classes, np.nan)
    return np.asarray(np.round(mean, 9), dtype=np.float64)  # a limit that is just met is met


def _places(county: County) -> Iterator[Fact]:
    schools, goals = county.schools, county.goals
    for stage, goal, here, where in (
        (
            "primary",
            goals.primary_in_towns_share,
            schools.area != VILLAGE,
            Words("在乡镇和县城的比例（%）", "in towns or the county seat, %"),
        ),
        (
            "junior",
            goals.junior_in_county_seat_share,
            schools.area == SEAT,
            Words("在县城的比例（%）", "in the county seat, %"),
        ),
    ):
        rows = _of(schools, stage) & (schools.size > 0)
        if goal is None or not rows.any():
            continue
        words = STAGE_WORDS[stage]
        for code, what, weight in (
            ("schools_in_place", Words("学校", "schools"), np.ones(len(schools), dtype=np.int64)),
            ("pupils_in_place", Words("学生", "pupils"), schools.size),
        ):
            part, total = int(weight[rows & here].sum()), int(weight[rows].sum())
            name = Words(f"{words.zh}：{what.zh}{where.zh}", f"{words.en}: {what.en} {where.en}")
            note = Words(f"{part}÷{total}", f"{part} / {total}")
            yield Fact.of(code, stage, name, 100 * part / total, 100 * goal, False, note)


def _of(schools: Schools, stage: str) -> npt.NDArray[np.bool_]:
    return np.asarray(schools.stage == STAGES.index(stage))


def _named(schools: Schools, rows: npt.NDArray[np.bool_]) -> Words:
    """Return which schools are beyond a limit."""
    names = [schools.names[row] for row in np.flatnonzero(rows)]
    zh, en = "、".join(names), ", ".join(names)
    return Words(f"超过：{zh}", f"beyond: {en}") if names else Words("", "")


def _joined(one: Words, other: Words) -> Words:
    return Words(
        "；".join(filter(None, (one.zh, other.zh))), "; ".join(filter(None, (one.en, other.en)))
    )
