"""Counties and scenarios wilder than ``tests.laws.strategies``: any date, horizon, band, event."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from tests.counties import School, Teacher, county, scenario
from tests.laws.strategies import ITEMS, amounts, investments, rooms
from workforce_sim.county.checks import check_scenario
from workforce_sim.county.model import County
from workforce_sim.scenario.checks import check
from workforce_sim.scenario.schema import AREAS, ARTS_PE, CAUSES, STAGES, Scenario

FIRST = 2021
EDGES = ("1960-12", "1961-01", "1965-01", "1966-01", "1970-01", "1971-01", "1975-01")
"""Months of birth at which the law changes, or that retire before or in the first month."""
some = st.sampled_from
small = st.integers(0, 8)
limits = st.tuples(st.integers(0, 50), st.integers(51, 100)).map(lambda x: (x[0] / 100, x[1] / 100))
shares: st.SearchStrategy[Any] = (
    some([0.0, 0.1, 0.2, 0.5, 1.0])
    | st.integers(0, 100).map(lambda percent: percent / 100)
    | limits.map(lambda x: {"dist": "uniform", "low": x[0], "high": x[1]})
    | limits.map(lambda x: {"dist": "pert", "low": x[0], "mode": 0.5, "high": x[1]})
    | st.just({"dist": "beta", "a": 2.0, "b": 3.0})
    | limits.map(lambda x: {"dist": "normal", "mean": 0.4, "sd": 0.3, "low": x[0], "high": x[1]})
)
factors = (
    some([1.0, 1.0, 0.9, 1.5, 0.0])
    | limits.map(lambda x: {"dist": "triangular", "low": x[0], "mode": 0.5, "high": 2 * x[1]})
    | st.just({"dist": "lognormal", "median": 1.0, "sigma": 0.2})
)
by_year = small | st.fixed_dictionaries({2021: small, 2023: small, "later": small})
days = st.dates(dt.date(2021, 1, 1), dt.date(2021, 12, 31)) | some(
    [dt.date(2021, 1, 1), dt.date(2021, 1, 31), dt.date(2021, 8, 31), dt.date(2021, 12, 31)]
)
bands = st.tuples(st.integers(0, 70), st.integers(1, 40)).map(lambda x: [x[0], x[0] + x[1]])


def months(first: int, last: int) -> st.SearchStrategy[str]:
    return st.builds("{}-{:02}".format, st.integers(first, last), st.integers(1, 12))


def subjects(*named: str) -> st.SearchStrategy[dict[str, float]]:
    """Return shares that sum to 1."""
    parts = st.tuples(*[st.integers(0, 4) for _ in named]).filter(any)
    return parts.map(lambda n: {s: k / sum(n) for s, k in zip(named, n, strict=True)})


@st.composite
def schools(draw: st.DrawFn) -> list[School]:
    """Return up to eight schools; many are of one size, so that there are ties."""
    stages = draw(st.lists(some(STAGES), min_size=1, max_size=8))
    grade = st.integers(0, 60) | some([0, 10, 20])
    known = draw(st.booleans())
    first: dict[int, int] = {}  # the first section of a nine-year school, by the second
    for nth in range(1, len(stages)):
        if stages[nth] != stages[nth - 1] and nth - 1 not in first and draw(st.booleans()):
            first[nth] = nth - 1
    return [
        School(
            f"学校{nth}",
            stage,
            tuple(draw(st.lists(grade, min_size=n, max_size=n).filter(any) | even)),
            draw(some(AREAS)),
            (float(draw(st.integers(0, 3))), float(draw(st.integers(0, 3)))),
            facilities=None
            if not known
            else (0.0,) * 4
            if nth in first
            else draw(st.tuples(amounts, amounts, amounts, rooms)),
            site=f"学校{first[nth]}" if nth in first else None,
        )
        for nth, stage in enumerate(stages)
        for n in (6 if stage == "primary" else 3,)
        for even in (st.integers(1, 4).map(lambda k, n=n: [10 * k] * n),)
    ]


def teachers(of: list[School]) -> st.SearchStrategy[list[Teacher]]:
    """Return up to sixty people, many of them old, or new to service or school."""
    anybody = st.builds(
        Teacher,
        school=some([s.name for s in of]),
        birth=months(1960, 1999) | months(1961, 1972) | some(EDGES),
        sex=some(["male", "female"]),
        subject=some(["other", *ARTS_PE]),
        specialist=st.booleans(),
        degree=st.integers(0, 3),
        senior=st.booleans(),
        worker=some([False, False, True]),
        service=st.none() | months(2013, 2020),
        arrival=months(2010, 2020),
        award=st.none() | months(2012, 2020),
    )
    consistent = anybody.map(
        lambda t: Teacher(**{**vars(t), "specialist": t.specialist and t.subject != "other"})
    )
    return some([1, 30]).flatmap(lambda n: st.lists(consistent, min_size=n, max_size=60))


@st.composite
def networks(draw: st.DrawFn, of: list[School], last: int) -> list[dict[str, Any]]:
    """Return openings and closures that are possible one after the other, in any order."""
    day = st.dates(dt.date(FIRST, 1, 1), dt.date(last, 12, 31)) | st.just(dt.date(last, 8, 1))
    stage_of, events = {s.name: s.stage for s in of}, []
    dates = sorted(draw(st.lists(day, max_size=4)))
    for nth, date in enumerate(dates):
        if draw(st.booleans()):
            stage = draw(some(STAGES))
            named = [name for name in stage_of if stage_of[name] == stage]
            giving = draw(st.lists(some(named), unique=True)) if named else []
            new = {
                "name": f"新校{nth}",
                "stage": stage,
                "area": draw(some(AREAS)),
                "x_km": float(draw(st.integers(0, 3))),
                "pupils_from": {name: draw(some([0.1, 0.25, 0.5, 1.0])) for name in giving},
                "facilities": draw(st.dictionaries(ITEMS, amounts)),
            }
            events.append({"date": date, "open": new})
            stage_of[f"新校{nth}"] = stage
        else:
            stage = draw(some(STAGES))
            of_one = [name for name in stage_of if stage_of[name] == stage]
            able = some(draw(some([of_one or list(stage_of), list(stage_of)])))
            close = draw(st.lists(able, min_size=1, max_size=3, unique=True))
            left = [name for name in stage_of if name not in close]
            stages = {stage_of[name] for name in close}
            if not stages <= {stage_of[name] for name in left}:
                continue
            targets = [name for name in left if {stage_of[name]} == stages]
            into: Any = "nearest"
            if targets and draw(st.booleans()):
                into = draw(st.lists(some(targets), min_size=1, max_size=3, unique=True))
            events.append({"date": date, "close": close, "into": into})
            stage_of = {name: stage_of[name] for name in left}
    return draw(st.permutations(events)) if len(set(dates)) == len(dates) else events


@st.composite
def wild_worlds(draw: st.DrawFn) -> tuple[Scenario, County]:
    """Return a scenario and its county."""
    of = draw(schools())
    last = draw(st.integers(FIRST, FIRST + 6) | st.integers(FIRST, FIRST + 29))
    hazard = st.fixed_dictionaries(
        {
            "cause": some(CAUSES),
            "ages": bands | st.just([0, 100]),
            "stages": st.lists(some(STAGES), min_size=1, unique=True),
            "share_per_year": some([0.0, 0.02, 0.1, 0.5])
            | limits.map(lambda x: {"dist": "uniform", "low": x[0] / 9, "high": x[1] / 9}),
        }
    )
    fixed = st.fixed_dictionaries
    replacement = draw(
        fixed(
            {
                "leavers": st.integers(1, 4),
                "joins": st.integers(0, 3),
                "counted": st.lists(some(["retirement", *CAUSES]), min_size=1, unique=True),
                "window": some(["since_last_hiring", "calendar_year_before"]),
                "leavers_year_before_start": fixed({"primary": small, "junior": small}),
                "pool": some(["county", "stage"]),
                "remainder": some(["carried", "dropped"]),
                "unfilled": some(["lapse", "carried"]),
                "stated_posts": st.dictionaries(st.integers(FIRST, FIRST + 4), st.integers(0, 15)),
                "stages": st.just("shortage")
                | st.integers(0, 10).map(lambda n: {"primary": n / 10, "junior": 1 - n / 10}),
                "schools": some(["shortage", "pupils"]),
            }
        )
    )
    replacement |= draw(
        st.just({})
        | shares.map(lambda share: {"arts_pe_share": share})
        | small.map(lambda posts: {"arts_pe_posts": posts})
    )
    if replacement["pool"] == "stage":
        replacement["stages"] = "shortage"
    if last > FIRST + 6:  # a staff that doubles every year outgrows any county
        replacement["joins"] = min(replacement["joins"], replacement["leavers"])
    ages = sorted([draw(st.integers(16, 50)), draw(st.integers(16, 50))])
    early = draw(some([0.0, 0.2, 0.6, 1.0]))
    sections = {
        "years": f"{FIRST}-{last}",
        "judged_year": last,
        "dates": {
            name: f"{draw(days):%m-%d}"
            for name in ("backbone", "degrees", "wear", "hiring", "rotation", "census")
        }
        if draw(st.booleans())
        else {},
        "counting": {
            "degree_primary": draw(some(["associate", "bachelor"])),
            "degree_junior": draw(some(["associate", "bachelor"])),
            "arts_pe": draw(some(["specialists", "teachers"])),
        },
        "retirement": {
            "reform_2025": draw(st.booleans()),
            "senior_women_at_55_share": draw(shares),
            "early_share": early,
            "late_share": draw(some([0.0, 1 - early])),
            "early_months": draw(st.integers(1, 36)),
            "late_months": draw(st.integers(1, 36)),
        },
        "exits": draw(st.dictionaries(some(["a", "b", "c", "d"]), hazard, max_size=4)),
        "replacement": replacement,
        "arts_pe": {
            "recruits_per_year": draw(by_year),
            "within_quota": draw(st.booleans()),
            "subjects": draw(subjects(*ARTS_PE)),
            "retraining_per_year": draw(by_year),
            "retraining_success_share": draw(shares),
        },
        "filling": {
            kind: {area: draw(shares) for area in AREAS} for kind in ("general", "arts_pe")
        },
        "recruits": {
            "youngest_age": ages[0],
            "oldest_age": ages[1],
            "women_share": draw(shares),
            "bachelor_share": draw(shares),
            "subjects": draw(subjects("other", *ARTS_PE)),
            "specialist_share": draw(shares),
        },
        "backbone": {
            "places": draw(by_year),
            "min_service_years": draw(st.integers(0, 8)),
            "max_age": draw(st.integers(20, 60)),
            "spread": draw(some(["need", "pupils", "merit"])),
            "term_years": draw(st.none() | st.integers(1, 6)),
            "renewed_share": draw(shares),
        },
        "rotation": {
            "share": draw(shares),
            "backbone_share": draw(shares),
            "min_years_at_school": draw(st.integers(0, 6)),
            "max_age": {"male": draw(st.integers(30, 65)), "female": draw(st.integers(30, 60))},
            "min_years_to_retirement": draw(st.integers(0, 5)),
            "stay_years": draw(st.none() | st.integers(1, 5)),
            "destinations": draw(some(["need", "random"])),
        },
        "degrees": draw(
            some([{}, {"young": [0, 40]}, {"old": [40, 60], "young": [20, 40]}]).flatmap(
                lambda of_age: fixed(
                    {
                        k: fixed({"ages": st.just(a), "share_per_year": shares})
                        for k, a in of_age.items()
                    }
                )
            )
        ),
        "enrolment": {
            "entrants": draw(
                st.just({})
                | st.integers(0, 99).map(lambda n: {"table": dict.fromkeys(range(2021, 2051), n)})
                | fixed(
                    {
                        "births": st.lists(st.integers(50, 150), min_size=3, max_size=12).map(
                            lambda n: {2014 + k: float(b) for k, b in enumerate(n)}
                        ),
                        "births_later": st.just("held"),
                        "older_share": shares,
                    }
                )
            ),
            "level": draw(factors),
            "trend_per_year": draw(some([0.0, -0.1, 0.05, -1.0])),
            "survival": draw(st.dictionaries(st.integers(1, 8), factors, max_size=3)),
            "drift_to_county_seat_per_year": draw(shares),
        },
        "network": draw(networks(of, last)),
    }
    sections["reallocation"] = {
        "rounds": draw(
            st.lists(st.dates(dt.date(FIRST, 1, 1), dt.date(last, 12, 31)), max_size=3, unique=True)
        ),
        "most_share": draw(shares),
        "max_age": {"male": draw(st.integers(30, 60)), "female": draw(st.integers(30, 60))},
        "preference": draw(some(["need", "near"])),
        "arts_pe": draw(some(["keep", "release"])),
    }
    closed = {name for event in sections["network"] for name in event.get("close", ())}
    stay = [school for school in of if school.name not in closed]
    sections["facilities"] = {
        "wear_per_year": draw(st.dictionaries(ITEMS, shares)),
        "kept_on_closing": draw(st.dictionaries(ITEMS, some([0.0, 0.3, 1.0]))),
        "investments": draw(investments(FIRST, last, draw(st.lists(some(stay))) if stay else [])),
    }
    rules, place = scenario(**sections), county(of, draw(teachers(of)))
    found = [*check(rules), *check_scenario(rules, place)]
    assume(not [p for p in found if "staff" not in p.message])
    return rules, place
