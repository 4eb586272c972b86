"""The engine against the oracle: every number of every year, replication and school."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.counties import School, Teacher, county, scenario
from tests.laws.strategies import seeds, worlds
from tests.oracle import model
from tests.oracle.strategies import wild_worlds
from workforce_sim.county import load_county
from workforce_sim.scenario import load_scenario
from workforce_sim.simulation.block import simulate_block
from workforce_sim.simulation.draws import Draws
from workforce_sim.simulation.ledger import COUNTS, FLOW, FLOWS, Ledger

YANGCHENG = Path(__file__).parents[2] / "configs" / "yangcheng" / "scenario.yaml"
AXES = {
    "flows": "year half replication school flow",
    "changes": "year replication school cause item",
    "leavers": "month replication stage cause",
    "census": "year replication school count",
    "pupils": "year replication school",
    "facilities": "year replication school item",
    "ages": "year replication stage sex band",
    "rotation": "year replication figure",
    "closing": "replication school",
}
LAST = {
    "flows": FLOWS,
    "changes": ("L1", "L2", "L3"),
    "census": COUNTS,
    "rotation": ("eligible", "moved", "backbone"),
}
ROTATION = {"share": 1.0, "backbone_share": 0.0, "min_years_at_school": 0}
EXAMPLES = settings.default.max_examples
WILD = max(min(200, 8 * EXAMPLES), 2 * EXAMPLES)
blocks = st.builds(range, st.integers(0, 2), st.integers(3, 4))  # one to four replications


def differences(engine: Ledger, oracle: Ledger) -> list[str]:
    """Return in words each number in which two ledgers differ."""
    found = []
    for name in (field.name for field in fields(engine)):
        ours, theirs = getattr(engine, name), getattr(oracle, name)
        assert ours.shape == theirs.shape, name
        same = ours == theirs
        if name == "facilities":  # sums of m2 and yuan, added in another order
            same = np.isclose(ours, theirs, rtol=1e-9, atol=1e-6, equal_nan=True)
        for place in map(tuple, np.argwhere(~same)):
            words = [f"{axis} {at}" for axis, at in zip(AXES[name].split(), place, strict=True)]
            if name in LAST:
                words[-1] = LAST[name][place[-1]]
            numbers = f"engine {ours[place]}, oracle {theirs[place]}"
            found.append(f"{name}, {', '.join(words)}: {numbers}")
    return found


def compare(rules, place, seed, replications):
    """Run both; fail with every difference, or return the ledger on which they agree."""
    engine = simulate_block(rules, place, seed, replications)
    found = differences(engine, model.simulate(rules, place, seed, replications))
    if found:
        pytest.fail("\n".join([f"{len(found)} differences", *found[:40]]), pytrace=False)
    return engine


@given(world=worlds(), seed=seeds, replications=blocks)
def test_engine_equals_oracle(world, seed, replications):
    compare(*world, seed, replications)


@settings(max_examples=WILD)
@given(world=wild_worlds(), seed=seeds, replications=blocks)
def test_engine_equals_oracle_in_wild_worlds(world, seed, replications):
    """Any date, up to thirty years, every share a distribution, schools that open and close."""
    compare(*world, seed, replications)


def test_engine_equals_oracle_for_the_shipped_scenario():
    rules = load_scenario(YANGCHENG)
    ledger = compare(rules, load_county(rules.county_path), 20210101, range(41, 43))
    assert (ledger.census[:, :, :, 0].sum(axis=2) > 2000).all()


@given(seed=seeds, replication=st.integers(0, 2**32 - 1), person=st.integers(0, 2**32 - 1))
def test_draws_equal_a_plain_philox(seed, replication, person):
    draws = Draws(seed, range(replication, replication + 1))
    [[u]] = draws.uniforms("exit.month", 2021, np.array([person], np.uint32))
    empty = county([School("甲", "primary", (1,) * 6)], [Teacher("甲", "1990-01")])
    oracle = model.Oracle(scenario(), empty, seed, replication)
    assert u == oracle.u("exit.month", 2021, person)


def test_plain_philox_gives_the_known_answers_of_random123():
    every = 2**32 - 1
    answers = {
        ((0,) * 4, (0,) * 2): "6627e8d5 e169c58d bc57ac4c 9b00dbd8",
        ((every,) * 4, (every,) * 2): "408f276d 41c83b0e a20bc7c6 6d5451fd",
    }
    for (counter, key), words in answers.items():
        assert model.philox(counter, key) == tuple(int(word, 16) for word in words.split())


# --- What the oracle found: each was once a difference; see docs/verification.md -----------------


def test_found_1_who_finds_no_other_school_has_not_moved():
    """The only other school has no pupils, and so needs nobody: nobody moves."""
    rules = scenario(
        years="2021-2021",
        judged_year=2021,
        rotation=ROTATION,
        network=[
            {"date": "2021-08-01", "open": {"name": "新校", "stage": "primary", "area": "town"}}
        ],
    )
    place = county([School("甲", "primary", (10,) * 6)], [Teacher("甲", "1990-01")])
    ledger = compare(rules, place, 1, range(2))
    assert ledger.rotation[0].tolist() == [[1, 0, 0]] * 2
    assert ledger.flows[..., FLOW["rotated_in"]].sum() == 0


def test_found_2_who_moves_on_during_a_stay_returns_home():
    """Aged 49 in 2021 he moves from 甲 to 乙, in 2022 on to 丙, then is too old; in 2025: to 甲."""
    schools = [
        School("甲", "primary", (10,) * 6),
        School("乙", "primary", (20,) * 6),
        School("丙", "primary", (20,) * 6),
    ]
    rules = scenario(rotation={**ROTATION, "stay_years": 3})
    ledger = compare(rules, county(schools, [Teacher("甲", "1972-01")]), 1, range(1))
    assert ledger.census[:, 0, :, 0].tolist() == [[0, 1, 0], *[[0, 0, 1]] * 3, [1, 0, 0]]


def test_found_3_a_replication_does_not_depend_on_the_others_of_its_block():
    """Where the one pupil of grade 5 leaves, grade 6 is empty, whatever happens elsewhere."""
    schools = [School("甲", "primary", (0, 0, 0, 0, 1, 0)), School("乙", "junior", (5, 5, 5))]
    rules = scenario(
        enrolment={"survival": {5: {"dist": "uniform", "low": 0.0, "high": 1.0}}},
    )
    place = county(schools, [Teacher("甲", "1990-01"), Teacher("乙", "1990-01")])
    together = compare(rules, place, 1, range(8))
    for nth in range(8):
        alone = compare(rules, place, 1, range(nth, nth + 1))
        assert alone.pupils[:, 0].tolist() == together.pupils[:, nth].tolist()


def test_found_4_half_a_pupil_is_rounded_to_even():
    """29 entrants for two equal schools: 14.5 and 14.5, so 14 and 15."""
    schools = [School(name, "primary", (1, 1, 1, 1, 1, 2)) for name in "甲乙"]
    rules = scenario(
        years="2021-2021", judged_year=2021, enrolment={"entrants": {"table": {2021: 29}}}
    )
    ledger = compare(rules, county(schools, [Teacher("甲", "1990-01")]), 1, range(1))
    assert ledger.pupils[0, 0].tolist() == [14 + 5, 15 + 5]


@pytest.mark.parametrize(
    ("kind", "section", "small", "times"),
    [
        ("general", {"replacement": {"stated_posts": {2021: 1}}}, 5, 5),
        ("arts_pe", {"arts_pe": {"recruits_per_year": 1}}, 1, 3),
    ],
)
def test_found_5_of_schools_in_equal_shortage_the_larger_comes_first(kind, section, small, times):
    """Alike but for a factor: a quotient of floats may say that the smaller is the needier."""
    schools = [
        School("小", "primary", (small,) * 6),
        School("大", "primary", (small * times,) * 6),
    ]
    teachers = [
        Teacher(name, "1990-01", subject="pe", specialist=True) for name in ["小"] + ["大"] * times
    ]
    rules = scenario(years="2021-2021", judged_year=2021, **section)
    ledger = compare(rules, county(schools, teachers), 1, range(1))
    assert ledger.flows[0, 0, 0, :, FLOW[f"posts_{kind}"]].tolist() == [0, 1]


def test_found_6_half_a_stated_post_is_rounded_to_even():
    """11 posts by staff of 15 and 7: 7.5 and 3.5, so 8 and 3."""
    schools = [School("甲", "primary", (10,) * 6), School("乙", "junior", (10,) * 3)]
    teachers = [Teacher(name, "1990-01") for name in ["甲"] * 15 + ["乙"] * 7]
    rules = scenario(
        years="2021-2021",
        judged_year=2021,
        replacement={"pool": "stage", "stated_posts": {2021: 11}},
    )
    ledger = compare(rules, county(schools, teachers), 1, range(1))
    assert ledger.flows[0, 0, 0, :, FLOW["posts_general"]].tolist() == [8, 3]
