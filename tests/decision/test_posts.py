"""Lists of posts and of rotation: a county worked out by hand, brute force, and every world."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.counties import School, Teacher, county, scenario
from tests.laws.strategies import replications, seeds, worlds
from workforce_sim.assessment import simulate
from workforce_sim.decision.allocation import (
    ANY_STAGE,
    ARTS_PE,
    GENERAL,
    IDLE,
    WHOLE,
    Quota,
    Task,
    best_mix,
    over_years,
)
from workforce_sim.decision.moves import moves
from workforce_sim.decision.posts import posts
from workforce_sim.decision.shortage import Standing

L1, L3 = 1, 2  # measures of posts: norm, L1, L3


def task(is_open: list[list[bool]], quotas: list[Quota], short: np.ndarray | None = None) -> Task:
    """Return a task of Y years and S schools; nobody is short but for ``short`` (R, S, M)."""
    asked = np.array(is_open)[:, None, :, None] & np.ones((1, 1, 1, 3), bool)
    short = np.zeros((1, asked.shape[2], 3)) if short is None else short
    asked = np.repeat(asked, len(short), axis=1)
    need = np.where(asked, short, 0.0)
    return Task(
        standing=Standing(np.zeros(need.shape), need, asked),
        chance=np.full((2, asked.shape[2], 3), 0.5),
        quotas=tuple(quotas),
        stage=np.array([0, 1, 0][: asked.shape[2]], np.int8),
    )


@st.composite
def puzzles(draw: st.DrawFn) -> tuple[Task, np.ndarray]:
    """Return two or three schools, two years, some posts, and what each mix leaves."""
    schools = draw(st.integers(2, 3))
    is_open = [draw(st.lists(st.booleans(), min_size=schools, max_size=schools)), [True] * schools]
    number = st.integers(0, 2)
    by_stage = draw(st.booleans())
    quotas = [
        Quota(kind, stage, np.array([draw(number), draw(number) if kind else 0]))
        for kind in (GENERAL, ARTS_PE)
        for stage in ((0, 1) if by_stage and kind == GENERAL else (ANY_STAGE,))
    ]
    most = [sum(int(q.posts.sum()) for q in quotas if q.kind == kind) for kind in (0, 1)]
    drops = st.integers(0, 9)  # in tenths of a person: more than what counts as idle
    worth = np.zeros((schools, most[0] + 1, most[1] + 1))
    for s in range(schools):
        down = draw(st.lists(drops, min_size=most[0], max_size=most[0]))
        across = draw(st.lists(drops, min_size=most[1], max_size=most[1]))
        level = 10 - np.cumsum([0, *down])[:, None] / 10 - np.cumsum([0, *across]) / 10
        worth[s] = level.clip(min=draw(st.integers(7, 9)))  # together they may be too many
    return task(is_open, quotas), worth


def brute_force(case: Task, worth: np.ndarray) -> float:
    """Return the least that is left, of all ways to send the posts."""
    places = [
        (quota.kind, [None, *np.flatnonzero(case.takes(quota)[year])])
        for quota in case.quotas
        for year, number in enumerate(quota.posts)
        for _ in range(number)
    ]
    mixes = set()
    for schools in product(*(where for _, where in places)):
        mix = np.zeros((2, len(worth)), int)
        for (kind, _), school in zip(places, schools, strict=True):
            if school is not None:
                mix[kind, school] += 1
        mixes.add(tuple(mix.ravel()))
    every = np.array(list(mixes)).reshape(-1, 2, len(worth))
    return float(worth[np.arange(len(worth)), every[:, 0], every[:, 1]].sum(axis=1).min())


@given(puzzles())
def test_the_best_mix_is_that_of_brute_force(puzzle):
    case, worth = puzzle
    mix = best_mix(case, worth)
    assert worth[np.arange(len(worth)), mix[0], mix[1]].sum() == pytest.approx(
        brute_force(case, worth)
    )
    for quota in case.quotas:  # and a plan by years exists for it
        sent = over_years(case, quota, mix[quota.kind])
        takes = case.takes(quota)
        assert (sent.sum(axis=1) <= quota.posts).all() and not sent[~takes].any()
        assert (sent.sum(axis=0) == mix[quota.kind] * takes.any(axis=0)).all()


def test_what_is_left_is_an_expectation_over_shortage_and_filling():
    """Short of 2 in half of the replications; a post is filled with one half."""
    short = np.zeros((2, 1, 3))
    short[0, 0, L3] = 2
    case = task([[True]], [], short)
    people, risk = case.left(0, 0, (0, 2))
    assert people[L3, 0] == pytest.approx([1.0, 0.75, 0.5])
    assert risk[L3, 0] == pytest.approx([0.5, 0.5, 0.375])  # both must be filled
    assert people[L1].max() == 0
    people, risk = case.left(0, 0, (1, 2))
    assert people[L3, 1, 2] == pytest.approx(0.5 * (2 / 8 + 3 / 8))
    assert risk[L3, 1, 2] == pytest.approx(0.5 * 4 / 8)


SCHOOLS = [
    School("甲", "primary", (30,) * 6),
    School("乙", "primary", (30,) * 6),
    School("丙", "primary", (5,) * 6),
]


def staff(arts: dict[str, list[str]]) -> list[Teacher]:
    """Return arts and PE teachers by school and birth, and enough others for L1 and the norm."""
    return [
        *(
            Teacher(school, birth, subject="art", specialist=True)
            for school, births in arts.items()
            for birth in births
        ),
        *(Teacher(school.name, f"19{70 + n}-03") for school in SCHOOLS for n in range(14)),
    ]


@pytest.fixture(scope="module")
def foresight():
    """甲 and 乙 need two arts teachers each (0.9 a 100 of 180 pupils); there is one post, in 2021.

    甲 has one, and in 2022 gets that of 丙, which closes. 乙 has two, of whom one retires in 2022.
    So the post goes to 甲 by today's shortage, and to 乙 by that of the judged year.
    """
    policy = scenario(
        years="2021-2022",
        judged_year=2022,
        arts_pe={
            "recruits_per_year": {2021: 1, "later": 0},
            "subjects": {"pe": 1.0, "music": 0, "art": 0},
        },
        network=[{"date": "2022-08-01", "close": ["丙"], "into": ["甲"]}],
    )
    home = county(
        SCHOOLS, staff({"甲": ["1980-01"], "乙": ["1980-01", "1962-03"], "丙": ["1985-01"]})
    )
    return policy, home


def test_a_county_worked_out_by_hand(foresight):
    policy, home = foresight
    study = posts(policy, county=home, replications=3, seed=1, workers=1)
    listed = study.posts.set_index("allocation")
    assert listed.loc["shortage", ["school", "year", "subject", "posts", "closes"]].tolist() == [
        "甲", 2021, "pe", 1, 0.0,
    ]  # fmt: skip
    assert listed.loc["optimal", ["school", "year", "subject", "posts", "closes"]].tolist() == [
        "乙", 2021, "pe", 1, 1.0,
    ]  # fmt: skip
    assert listed.loc["optimal", ["short_before", "short_after", "p_short"]].tolist() == [1, 0, 1]
    gains = study.gains[study.gains["measure"] == "L3"].set_index("allocation")
    assert gains["people_short"].to_dict() == {
        "none": 1, "simulated": 1, "shortage": 1, "optimal": 0,
    }  # fmt: skip
    assert gains["schools_short"].to_dict() == gains["people_short"].to_dict()
    after = study.schools[(study.schools["measure"] == "L3") & (study.schools["school"] == "乙")]
    assert after.set_index("allocation")["p_short_after"].to_dict() == {"shortage": 1, "optimal": 0}


def test_posts_that_help_nowhere_are_sent_all_the_same_and_said_to_close_nothing(foresight):
    policy, home = foresight
    rule = policy.replacement.model_copy(update={"stated_posts": {2021: 2, 2022: 1}})
    study = posts(
        policy.model_copy(update={"replacement": rule}), county=home, replications=2, seed=1
    )
    general = study.posts[study.posts["subject"] == "other"]
    assert general.groupby(["allocation", "year"])["posts"].sum().tolist() == [2, 1, 2, 1]
    assert (general["closes"] == 0).all()


def test_rotation_by_hand():
    """甲 lacks one arts teacher, 乙 has two to spare, 丙 one, but 丙 is nearer."""
    have = np.array([[[20, 20, 5, 1], [20, 20, 5, 4], [20, 20, 5, 3]]])[None].astype(float)
    need = np.array([[[10, 10, 2, 2], [10, 10, 2, 2], [10, 10, 2, 2]]])[None].astype(float)
    standing = Standing(have[0][None], need[0][None], np.ones((1, 1, 3, 4), bool))
    km = np.array([[0, 9, 4], [9, 0, 5], [4, 5, 0]], float)
    stage = np.zeros(3, np.int8)
    assert moves(standing, stage, km, np.array([[5]])) == [(0, 3, 2, 0, 1)]
    assert moves(standing, stage, km, np.array([[0]])) == []
    km[2, 0] = 400  # too far for what it gives: then the other
    assert moves(standing, stage, km, np.array([[5]])) == [(0, 3, 1, 0, 1)]
    need[..., 0] = 20  # the norm spares nobody
    standing = Standing(have[0][None], need[0][None], np.ones((1, 1, 3, 4), bool))
    assert moves(standing, stage, km, np.array([[5]])) == []


def test_rotation_closes_what_it_says():
    home = county(SCHOOLS, staff({"甲": ["1980-01"], "乙": ["1980-01"] * 3, "丙": ["1985-01"]}))
    policy = scenario(
        years="2021-2022", judged_year=2022, rotation={"share": 0.2, "destinations": "random"}
    )
    study = posts(policy, county=home, replications=50, seed=1, workers=1)
    found = study.moves[["year", "measure", "origin", "to", "people"]]
    assert found.to_numpy().tolist() == [[2021, "L3", "乙", "甲", 1]]
    gains = study.move_gains[study.move_gains["measure"] == "L3"].set_index("allocation")
    assert gains.loc["none", "people_short"] == 1
    assert gains.loc["listed", "people_short"] == 0
    assert gains.loc["simulated", "people_short"] > 0.1  # at random it takes luck
    assert study.rotation["listed"].tolist() == [1, 0]


@given(worlds(), seeds, replications)
def test_lists_keep_to_the_posts_and_the_optimal_one_is_no_worse(case, seed, n):
    policy, home = case
    study = posts(policy, county=home, replications=n, seed=seed, workers=1)
    offered = simulate(policy, county=home, replications=n, seed=seed, workers=1).flows
    offered = offered[offered["flow"].isin(["posts_general", "posts_arts_pe"])]
    offered = offered[offered["stage"] != "both"].groupby("year")["mean"].sum().cumsum()
    for name in ("shortage", "optimal"):
        sent = study.posts[study.posts["allocation"] == name].groupby("year")["posts"].sum()
        sent = sent.reindex(offered.index, fill_value=0).cumsum()
        assert (sent <= offered + 2).all()  # rounded: two kinds, or two stages
        closed = study.posts[study.posts["allocation"] == name]["closes"]
        assert (closed >= -1e-9).all()
    left = study.gains.assign(
        worth=study.gains["people_short"] + WHOLE * study.gains["schools_short"]
    )
    left = left.groupby("allocation")["worth"].sum()
    assert left["optimal"] <= left["shortage"] + IDLE * study.posts["posts"].sum() + 1e-9
    assert left["shortage"] <= left["none"] + 1e-9
    assert (study.rotation["listed"] <= study.rotation["rotated"]).all()
    gain = study.move_gains.groupby("allocation")["people_short"].sum()
    assert gain["listed"] <= gain["none"] + 1e-9


def test_as_simulated_is_what_the_projection_says(foresight):
    policy, home = foresight
    study = posts(policy, county=home, replications=5, seed=4, workers=1)
    needs = simulate(policy, county=home, replications=5, seed=4, workers=1).needs
    needs = needs[needs["year"] == policy.judged_year].groupby("indicator")["mean"].sum()
    for gains in (study.gains, study.move_gains):
        simulated = gains[gains["allocation"] == "simulated"].set_index("measure")["people_short"]
        for indicator in simulated.index.intersection(needs.index):
            assert simulated[indicator] == pytest.approx(needs[indicator])
