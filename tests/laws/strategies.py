"""Hypothesis strategies that invent small counties and scenarios, every option within reach."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests.counties import School, Teacher, county, scenario
from workforce_sim.county.model import County
from workforce_sim.scenario.schema import AREAS, ARTS_PE, FACILITIES, Scenario

shares = st.sampled_from([0.0, 0.05, 0.3, 0.5, 1.0])
small = st.integers(0, 6)
amounts = st.sampled_from([0.0, 100.0, 2500.5, 300_000.0])
rooms = st.integers(0, 9).map(float)
ITEMS = st.sampled_from(FACILITIES)


def by_year(numbers: st.SearchStrategy[int]) -> st.SearchStrategy[Any]:
    """Return a number for all years, or a table."""
    return numbers | st.builds(lambda a, b: {2021: a, "later": b}, numbers, numbers)


@st.composite
def school_tables(draw: st.DrawFn) -> list[School]:
    """Return one to six schools; a stage may be missing."""
    stages = draw(
        st.lists(st.sampled_from(["primary", "junior"]), min_size=1, max_size=6).filter(bool)
    )
    known = draw(st.booleans())
    return [
        School(
            name=f"学校{nth}",
            stage=stage,
            grades=tuple(
                draw(st.lists(st.integers(0, 40), min_size=n, max_size=n))
                if draw(st.booleans())
                else [draw(st.integers(1, 40))] * n
            ),
            area=draw(st.sampled_from(AREAS)),
            at=(float(draw(st.integers(0, 9))), float(draw(st.integers(0, 9)))),
            facilities=draw(st.tuples(amounts, amounts, amounts, rooms)) if known else None,
        )
        for nth, stage in enumerate(stages)
        for n in (6 if stage == "primary" else 3,)
    ]


def month(first: int, last: int) -> st.SearchStrategy[str]:
    """Return a month of the years from ``first`` to ``last``, YYYY-MM."""
    return st.builds(lambda year, m: f"{year}-{m:02}", st.integers(first, last), st.integers(1, 12))


@st.composite
def rosters(draw: st.DrawFn, schools: list[School]) -> list[Teacher]:
    """Return up to forty teachers, some of them about to retire."""
    return draw(
        st.lists(
            st.builds(
                Teacher,
                school=st.sampled_from([s.name for s in schools]),
                birth=month(1971, 1998) | month(1961, 1998),
                sex=st.sampled_from(["male", "female"]),
                subject=st.sampled_from(["other", "other", *ARTS_PE]),
                specialist=st.booleans(),
                degree=st.integers(0, 3),
                senior=st.booleans(),
                worker=st.booleans(),
                arrival=month(2005, 2020),
                award=st.none() | month(2014, 2020),
            ).map(_consistent),
            min_size=1,
            max_size=40,
        )
    )


def _consistent(teacher: Teacher) -> Teacher:
    """Only those who teach PE, music or art are specialists."""
    if teacher.subject == "other" and teacher.specialist:
        return Teacher(**{**vars(teacher), "specialist": False})
    return teacher


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Scenario, County]:
    """Return a scenario and its county."""
    schools = draw(school_tables())
    teachers = draw(rosters(schools))
    last = draw(st.integers(2021, 2026))
    sections: dict[str, Any] = {
        "years": f"2021-{last}",
        "judged_year": last,
        "counting": {
            "degree_primary": draw(st.sampled_from(["associate", "bachelor"])),
            "degree_junior": draw(st.sampled_from(["associate", "bachelor"])),
            "arts_pe": draw(st.sampled_from(["specialists", "teachers"])),
            "smallest_school_pupils": draw(st.sampled_from([0, 50])),
        },
        "retirement": {
            "reform_2025": draw(st.booleans()),
            "senior_women_at_55_share": draw(shares),
            "early_share": draw(st.sampled_from([0.0, 0.4])),
            "late_share": draw(st.sampled_from([0.0, 0.5])),
        },
        "exits": draw(
            st.dictionaries(
                st.sampled_from(["a", "b", "c"]),
                st.fixed_dictionaries(
                    {
                        "cause": st.sampled_from(["resign", "transfer_out", "death"]),
                        "ages": st.sampled_from([[0, 30], [30, 45], [0, 100]]),
                        "share_per_year": st.sampled_from([0.0, 0.02, 0.3])
                        | st.just({"dist": "uniform", "low": 0.0, "high": 0.2}),
                    }
                ),
                max_size=3,
            )
        ),
        "replacement": {
            "leavers": draw(st.integers(1, 3)),
            "joins": draw(st.integers(0, 2)),
            "counted": draw(st.sampled_from([["retirement"], ["retirement", "resign", "death"]])),
            "window": draw(st.sampled_from(["since_last_hiring", "calendar_year_before"])),
            "leavers_year_before_start": {"primary": draw(small), "junior": draw(small)},
            "pool": draw(st.sampled_from(["county", "stage"])),
            "remainder": draw(st.sampled_from(["carried", "dropped"])),
            "unfilled": draw(st.sampled_from(["lapse", "carried"])),
            "stated_posts": draw(st.sampled_from([{}, {2021: 3}, {2022: 0}])),
            "stages": draw(st.sampled_from(["shortage", {"primary": 0.6, "junior": 0.4}])),
            "schools": draw(st.sampled_from(["shortage", "pupils"])),
            **draw(
                st.sampled_from(
                    [{}, {"arts_pe_share": 0.5}, {"arts_pe_share": 1.0}, {"arts_pe_posts": 2}]
                )
            ),
        },
        "arts_pe": {
            "recruits_per_year": draw(by_year(small)),
            "within_quota": draw(st.booleans()),
            "retraining_per_year": draw(by_year(small)),
            "retraining_success_share": draw(shares),
        },
        "filling": {
            kind: {area: draw(shares) for area in AREAS} for kind in ("general", "arts_pe")
        },
        "recruits": {
            "subjects": {"other": 0.5, "pe": 0.5},
            "bachelor_share": draw(shares),
            "specialist_share": draw(shares),
        },
        "backbone": {
            "places": draw(by_year(small)),
            "min_service_years": draw(st.sampled_from([0, 5])),
            "max_age": draw(st.sampled_from([30, 50])),
            "spread": draw(st.sampled_from(["need", "pupils", "merit"])),
            "term_years": draw(st.sampled_from([None, 1, 3])),
            "renewed_share": draw(shares),
        },
        "rotation": {
            "share": draw(shares),
            "backbone_share": draw(shares),
            "min_years_at_school": draw(st.sampled_from([0, 6])),
            "min_years_to_retirement": draw(st.sampled_from([0, 3])),
            "stay_years": draw(st.sampled_from([None, 1, 3])),
            "destinations": draw(st.sampled_from(["need", "random"])),
        },
        "degrees": draw(st.sampled_from([{}, {"young": {"ages": [0, 45], "share_per_year": 0.3}}])),
        "enrolment": {
            "entrants": draw(
                st.sampled_from(
                    [
                        {},
                        {"table": {year: 30 for year in range(2021, 2027)}},
                        {"births": {year: 100.0 - year % 7 for year in range(2013, 2022)}},
                    ]
                )
            ),
            "level": draw(
                st.sampled_from([1.0, 0.5, {"dist": "uniform", "low": 0.8, "high": 1.2}])
            ),
            "trend_per_year": draw(st.sampled_from([0.0, -0.1])),
            "survival": draw(st.sampled_from([{}, {3: 0.9, 6: 0.8}])),
            "drift_to_county_seat_per_year": draw(st.sampled_from([0.0, 0.1, 1.0])),
        },
        "network": _network(draw, schools, last),
        "reallocation": {
            "rounds": draw(
                st.sampled_from([[], [f"{last}-08-15"], ["2021-08-15", f"{last}-09-02"]])
            ),
            "most_share": draw(st.sampled_from([0.0, 0.1, 1.0])),
            "preference": draw(st.sampled_from(["need", "near"])),
        },
        "facilities": {
            "wear_per_year": draw(st.dictionaries(ITEMS, st.sampled_from([0.0, 0.1, 1.0]))),
            "kept_on_closing": draw(st.dictionaries(ITEMS, st.sampled_from([0.0, 0.5, 1.0]))),
            "investments": draw(investments(2021, last, schools[:1])),
        },
    }
    if sections["replacement"]["pool"] == "stage":
        sections["replacement"]["stages"] = "shortage"
    return scenario(**sections), county(schools, teachers)


def _network(draw: st.DrawFn, schools: list[School], last: int) -> list[dict[str, Any]]:
    """Return no event, an opening, and a closure where the stage has another school."""
    events: list[dict[str, Any]] = []
    first = schools[0]
    if draw(st.booleans()):
        events.append(
            {
                "date": f"{draw(st.integers(2021, last))}-08-01",
                "open": {
                    "name": "新校",
                    "stage": first.stage,
                    "area": draw(st.sampled_from(AREAS)),
                    "pupils_from": draw(
                        st.sampled_from([{}, {first.name: 0.5}, {first.name: 1.0}])
                    ),
                },
            }
        )
    others = [s.name for s in schools[1:] if s.stage == first.stage]
    if len(others) > 1 and draw(st.booleans()):
        into: Any = draw(st.sampled_from(["nearest", [first.name], [first.name, others[0]]]))
        events.append({"date": f"{last}-08-01", "close": [others[-1]], "into": into})
    return events


@st.composite
def investments(
    draw: st.DrawFn, first: int, last: int, named: list[School]
) -> list[dict[str, Any]]:
    """Return up to three investments in any order; ``named`` schools stay open."""
    days = st.dates(dt.date(first, 1, 1), dt.date(last, 12, 31)) | st.just(dt.date(last, 8, 1))
    to: list[Any] = [
        "need",
        "pupils",
        *([sorted({school.name for school in named})] if named else []),
    ]
    return [
        {
            "date": draw(days),
            "item": draw(ITEMS),
            "amount": float(draw(st.integers(1, 400))),
            "to": draw(st.sampled_from(to)),
            "stage": draw(st.sampled_from([None, None, named[0].stage if named else None])),
        }
        for _ in range(draw(st.integers(0, 3)))
    ]


seeds = st.integers(0, 2**64 - 1)
replications = st.integers(1, 4)


def people_at_censuses(world: Any) -> list[dict[str, np.ndarray]]:
    """Return a list that fills with copies of the people at each census as ``world`` runs."""
    kept: list[dict[str, np.ndarray]] = []

    def snapshot(wait: Any) -> Any:
        for year in world.years:
            yield wait(world.date("census", year))
            kept.append({name: a.copy() for name, a in world.pool.people._asdict().items()})

    world.calendar.start(99, snapshot)
    return kept
