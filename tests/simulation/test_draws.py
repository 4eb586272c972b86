"""Keyed uniform numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest

from workforce_sim.simulation import verbs
from workforce_sim.simulation.draws import (
    BASELINE_LIMIT,
    Draws,
    decision_code,
    hired_person,
    philox,
)

WORD = 2**32 - 1


def words(counter, key):
    """Run the generator as plain Python."""
    plain = getattr(philox, "py_func", philox)
    with np.errstate(over="ignore"):
        return [int(w) for w in plain(*(np.uint64(word) for word in (*counter, *key)))]


@pytest.mark.parametrize(
    ("counter", "key", "expected"),
    [
        ((0, 0, 0, 0), (0, 0), "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ((WORD,) * 4, (WORD,) * 2, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            "d16cfe09 94fdcceb 5001e420 24126ea1",
        ),
    ],
)
def test_known_answers_of_random123(counter, key, expected):
    assert words(counter, key) == [int(word, 16) for word in expected.split()]


def test_the_compiled_draw_is_the_published_generator():
    """Key: the seed; counter: person, occasion, decision, replication; the first 53 bits."""
    seed, replication, year, person = 2**40 + 17, 3, 2021, 5
    counter = (person, year, decision_code("exit.month"), replication)
    first, second, _, _ = words(counter, (seed & WORD, seed >> 32))
    expected = ((first >> 5) * 2**26 + (second >> 6)) / 2**53
    draws = Draws(seed, range(replication, replication + 1))
    found = draws.uniforms("exit.month", year, np.array([person], np.uint32))
    assert found.tolist() == [[expected]]


@given(st.integers(0, 2**64 - 1), st.integers(0, 900), st.integers(1, 9))
def test_a_draw_depends_on_nothing_around_it(seed, first, size):
    people = np.array([4, 8, BASELINE_LIMIT + 1], np.uint32)
    block = Draws(seed, range(first, first + size)).uniforms("a", 2021, people)
    for row in range(size):
        alone = Draws(seed, range(first + row, first + row + 1))
        assert alone.uniforms("a", 2021, people[1:2])[0, 0] == block[row, 1]


def test_people_listed_draw_what_is_theirs():
    """By their numbers, wherever they stand; past a row's end nobody draws."""
    draws = Draws(11, range(5, 7))
    person = np.array([4, 8, BASELINE_LIMIT + 1], np.uint32)
    everybody = draws.uniforms("a", 2021, person)
    listed = np.array([[2, 0, -1], [1, -1, -1]], np.int32)
    key = draws.seed, draws.replications, decision_code("a"), 2021
    found = verbs.draw(listed, person, *key)
    assert found.tolist() == [[everybody[0, 2], everybody[0, 0], 0], [everybody[1, 1], 0, 0]]


def test_draws_of_different_keys_differ():
    """Every part of the key matters; no two of 40,000 draws are equal, and they are uniform."""
    people = np.arange(100, dtype=np.uint32)
    seen = np.concatenate(
        [
            Draws(seed, range(10)).uniforms(decision, occasion, people).ravel()
            for seed in (0, 1, 2**32, 2**63)
            for decision in ("a", "b")
            for occasion in (0, 2021, 2022, 2023, 2024)
        ]
    )
    assert len(np.unique(seen)) == len(seen) == 40_000
    assert kstest(seen, "uniform").pvalue > 1e-6
    table = seen.reshape(40, 1000)
    correlation = np.corrcoef(table) - np.eye(40)
    assert np.abs(correlation).max() < 0.2  # 6 standard errors


def test_the_hired_are_known_by_channel_year_and_post():
    numbers = np.concatenate(
        [
            hired_person(channel, year, np.arange(50))
            for channel in range(8)
            for year in range(2021, 2061)
        ]
    )
    assert len(np.unique(numbers)) == len(numbers)
    assert numbers.min() >= BASELINE_LIMIT
