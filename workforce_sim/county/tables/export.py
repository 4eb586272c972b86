"""A county as a filled template: what an officer corrects and imports again.

People have numbers, no names. Nothing is lost on the way: imported again, it is the same county.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from workforce_sim.county.loading import load_county
from workforce_sim.county.model import DEGREES, FEMALE, NO_MONTH, SUBJECTS, County, Schools
from workforce_sim.county.tables import columns as words_of
from workforce_sim.county.tables.columns import (
    AREA_WORDS,
    COUNTY_ENTRIES,
    GRADE_KEYS,
    POLICY_ENTRIES,
    SEX_WORDS,
    STAGE_WORDS,
    YES_NO,
    Entry,
)
from workforce_sim.county.tables.schools import SECTIONS
from workforce_sim.county.tables.template import label, note
from workforce_sim.county.tables.workbook import Filled, Line, Row, write_workbook
from workforce_sim.law import format_month
from workforce_sim.scenario.errors import InputError, Problem
from workforce_sim.scenario.forms import ByYear
from workforce_sim.scenario.quantity import Distribution
from workforce_sim.scenario.schema import FACILITIES, STAGES, Scenario
from workforce_sim.words import Words

_SUBJECT = dict(zip(SUBJECTS, ("其他", "体育", "音乐", "美术"), strict=True))
_DEGREE = dict(zip(DEGREES, reversed(words_of.DEGREE_WORDS), strict=True))
_SENIOR, _NOT_SENIOR = "高级教师", "副高以下"
_WORKER, _TEACHER = "工勤", "专业技术"
_BACKBONE, _NO_BACKBONE = "县级", "无"
_KIND, _NINE_YEAR = ("小学", "初级中学"), "九年一贯制学校"


def export_scenario(scenario: Scenario, path: Path, language: str = "zh") -> County:
    """Write the county that a scenario names, and its policy; see `export_county`.

    Returns
    -------
    County
    """
    if path.suffix.lower() != ".xlsx":
        raise InputError([Problem(str(path), None, "", "expected a name that ends in .xlsx")])
    county = load_county(scenario.county_path)
    export_county(county, scenario, path, language)
    return county


def export_county(county: County, scenario: Scenario, path: Path, language: str = "zh") -> None:
    """Write a county, and the policy of a scenario, as a filled template.

    Parameters
    ----------
    county : County
    scenario : Scenario
        Its policy fills the policy sheet; what that sheet has no row for is not written.
    path : Path
        The workbook; there is none of this name yet.
    language : "zh" or "en"
        Of sheets and headers; the values are Chinese words in both.

    Raises
    ------
    InputError
        If the file exists, or cannot be written.
    """
    words = Words(language)
    tables = {
        "roster": Filled(_people(county), without=("name", "id_number", "title_post", "staffing")),
        "schools": Filled(_schools(county), without=("code",)),
        "enrolment": Filled(_enrolment(county)),
    }
    write_workbook(
        path,
        words,
        tables,
        [
            Line(entry, label(entry, words), value, note(entry, words))
            for entry in COUNTY_ENTRIES
            if (value := _county_value(county, entry)) is not None
        ],
        list(_policy(scenario, words)),
        guide=False,
    )


def _people(county: County) -> Iterator[Row]:
    roster, schools = county.roster, county.schools
    school_names = names_as_a_whole(schools)
    columns = [values.tolist() for _, values in roster.columns()]
    names = [name for name, _ in roster.columns()]
    for number, values in enumerate(zip(*columns, strict=True), 1):
        person = dict(zip(names, values, strict=True))
        award = person["award"]
        yield {
            "number": number,
            "school": school_names[person["school"]],
            "sex": SEX_WORDS[1 if person["sex"] == FEMALE else 0],
            "birth": format_month(person["birth"]),
            "degree": _DEGREE[DEGREES[person["degree"]]],
            "service": format_month(person["service"]),
            "arrival": format_month(person["arrival"]),
            "subject": _SUBJECT[SUBJECTS[person["subject"]]],
            "specialist": YES_NO[0 if person["specialist"] else 1],
            "title": _SENIOR if person["senior_title"] else _NOT_SENIOR,
            "post": _WORKER if person["worker_post"] else _TEACHER,
            "backbone": _NO_BACKBONE if award == NO_MONTH else _BACKBONE,
            "award": None if award == NO_MONTH else format_month(award),
            "stage": STAGE_WORDS[schools.stage[person["school"]]],
            "duty": "在岗",
        }


def _schools(county: County) -> Iterator[Row]:
    schools, names = county.schools, names_as_a_whole(county.schools)
    staff = np.bincount(county.roster.school, minlength=len(schools))
    for number, rows in enumerate(_lines(schools), 1):
        first, size = rows[0], dict.fromkeys(STAGES, 0)
        for row in rows:
            size[STAGES[schools.stage[row]]] += int(schools.size[row])
        amounts = {"classes": schools.classes[rows].sum()}
        if first == schools.site[first]:  # the facilities are told once
            amounts.update(zip(FACILITIES, schools.facilities[first], strict=True))
        yield {
            "number": number,
            "school": names[first],
            "kind": _KIND[schools.stage[first]] if len(rows) == 1 else _NINE_YEAR,
            "area": AREA_WORDS[schools.area[first]],
            "x_km": float(schools.x_km[first]),
            "y_km": float(schools.y_km[first]),
            "primary_pupils": size["primary"],
            "junior_pupils": size["junior"],
            "staff": int(staff[rows].sum()),
            **{name: float(amount) for name, amount in amounts.items() if not np.isnan(amount)},
        }


def _enrolment(county: County) -> Iterator[Row]:
    schools, names = county.schools, names_as_a_whole(county.schools)
    firsts = np.flatnonzero(schools.site == np.arange(len(schools)))
    for number, first in enumerate(firsts, 1):
        grades = schools.pupils[schools.site == first].sum(axis=0).tolist()
        yield {
            "number": number,
            "school": names[first],
            **dict(zip(GRADE_KEYS, grades, strict=True)),
        }


def _lines(schools: Schools) -> Iterator[list[int]]:
    """Yield the rows of `Schools` that one row of the school table tells of.

    Both of a nine-year school, unless they differ in more than their pupils.
    """
    pair_of = {int(rows[0]): rows for rows in schools.sections}
    apart = {
        first
        for first, (one, other) in pair_of.items()
        if any(
            column[one] != column[other] for column in (schools.area, schools.x_km, schools.y_km)
        )
        or schools.classes[other] > 0
        or np.isnan(schools.classes[one]) != np.isnan(schools.classes[other])
    }
    for row, site in enumerate(schools.site.tolist()):
        if site in pair_of and site not in apart:
            if row == site:
                yield pair_of[site].tolist()
        else:
            yield [row]


def names_as_a_whole(schools: Schools) -> list[str]:
    """Return the name of the whole school of each row (S,): 某某学校 of 某某学校（小学部）.

    A nine-year school whose sections are called otherwise has the name of its first row.
    """
    names = list(schools.names)
    for rows in schools.sections:
        whole = {
            schools.names[row].removesuffix(SECTIONS[STAGES[schools.stage[row]]]) for row in rows
        }
        name = whole.pop() if len(whole) == 1 else ""
        for row in rows:
            names[row] = name if name and name not in schools.names else schools.names[rows[0]]
    return names


def _county_value(county: County, entry: Entry) -> object:
    """Return what the county sheet says of an entry; None: nothing."""
    if entry.key == "census":
        return format_month(county.census)
    if entry.key == "synthetic":
        return "，".join(county.synthetic) or None
    value = _at(county, entry.key)
    if entry.key == "stated.source" and not county.stated.model_fields_set:
        return None
    return str(value) if entry.kind == "number" and value is not None else value


def _policy(scenario: Scenario, words: Words) -> Iterator[Line]:
    for entry in POLICY_ENTRIES:
        value, about = _at(scenario, entry.key), note(entry, words)
        if isinstance(value, Distribution):
            yield Line(entry, label(entry, words), None, words("template_note.not_said"))
        elif isinstance(value, ByYear | Mapping):
            by_year = value if isinstance(value, Mapping) else value.years
            for year, number in by_year.items():
                yield Line(entry, label(entry, words, year), number, about)
            if isinstance(value, ByYear) and value.later is not None:
                yield Line(entry, label(entry, words), value.later, about)
        else:
            written = str(value) if entry.kind == "years" else value
            yield Line(entry, label(entry, words), written, about)


def _at(whole: object, path: str) -> Any:
    """Return what stands at a dotted path; None where something on the way is None."""
    for name in path.split("."):
        if whole is not None:
            whole = getattr(whole, name)
    return whole
