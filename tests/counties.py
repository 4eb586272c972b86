"""Small counties for tests, built by hand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workforce_sim.county.model import County, Roster, Schools
from workforce_sim.law.months import parse_month
from workforce_sim.scenario.schema import AREAS, ARTS_PE, STAGES, Scenario


@dataclass(frozen=True)
class School:
    """One row of a school table."""

    name: str
    stage: str
    grades: tuple[int, ...]
    area: str = "town"
    at: tuple[float, float] = (0.0, 0.0)
    facilities: tuple[float, float, float, float] | None = None  # of L4 to L7
    site: str | None = None  # the first section of the same nine-year school


@dataclass(frozen=True)
class Teacher:
    """One row of a roster; months are written YYYY-MM."""

    school: str
    birth: str
    sex: str = "male"
    subject: str = "other"
    specialist: bool = False
    degree: int = 2
    senior: bool = False
    worker: bool = False
    service: str | None = None
    arrival: str | None = None
    award: str | None = None


def county(schools: list[School], teachers: list[Teacher]) -> County:
    """Build a county of tables."""
    names = tuple(s.name for s in schools)
    pupils = np.zeros((len(schools), 9), np.int32)
    for row, school in enumerate(schools):
        first = 0 if school.stage == "primary" else 6
        pupils[row, first : first + len(school.grades)] = school.grades
    birth = [parse_month(t.birth) for t in teachers]
    service = [
        parse_month(t.service) if t.service else b + 22 * 12
        for t, b in zip(teachers, birth, strict=True)
    ]
    arrival = [
        max(parse_month(t.arrival or "2012-09"), s) for t, s in zip(teachers, service, strict=True)
    ]
    return County(
        name="测试县",
        name_en="Test County",
        census=parse_month("2020-12"),
        schools=Schools(
            names=names,
            stage=np.array([STAGES.index(s.stage) for s in schools], np.int8),
            area=np.array([AREAS.index(s.area) for s in schools], np.int8),
            x_km=np.array([s.at[0] for s in schools]),
            y_km=np.array([s.at[1] for s in schools]),
            pupils=pupils,
            facilities=np.array([s.facilities or (np.nan,) * 4 for s in schools]).reshape(-1, 4),
            site=np.array([names.index(s.site or s.name) for s in schools]),
        ),
        roster=Roster(
            sex=np.array([int(t.sex == "female") for t in teachers], np.int8),
            birth=np.array(birth, np.int32),
            school=np.array([names.index(t.school) for t in teachers], np.int16),
            subject=np.array([("other", *ARTS_PE).index(t.subject) for t in teachers], np.int8),
            specialist=np.array([t.specialist for t in teachers], bool),
            degree=np.array([t.degree for t in teachers], np.int8),
            senior_title=np.array([t.senior for t in teachers], bool),
            worker_post=np.array([t.worker for t in teachers], bool),
            service=np.array(service, np.int32),
            arrival=np.array(arrival, np.int32),
            award=np.array([parse_month(t.award) if t.award else -1 for t in teachers], np.int32),
        ),
    )


def scenario(**sections: object) -> Scenario:
    """Return a scenario in which chance is off and no rule acts, but for the sections given."""
    off: dict[str, object] = {
        "name": "test",
        "county": "none",
        "years": "2021-2025",
        "judged_year": 2025,
        "counting": {
            "degree_primary": "bachelor",
            "arts_pe": "specialists",
            "smallest_school_pupils": 0,
        },
        "retirement": {"senior_women_at_55_share": 0.0, "early_share": 0.0, "late_share": 0.0},
        "replacement": {"joins": 0},
        "filling": {
            kind: {"county_seat": 1.0, "town": 1.0, "village": 1.0}
            for kind in ("general", "arts_pe")
        },
        "recruits": {"bachelor_share": 1.0, "subjects": {"other": 1.0}},
        "rotation": {"share": 0.0},
    }
    for name, value in sections.items():
        kept = off.get(name)
        off[name] = (
            {**kept, **value} if isinstance(kept, dict) and isinstance(value, dict) else value
        )
    return Scenario.model_validate(off)
