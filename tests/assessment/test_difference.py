"""The weighted coefficient of difference."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workforce_sim.assessment.difference import coefficient_of_difference

ITEMS, PUPILS = [279, 137, 935, 160, 402], [45, 37, 89, 76, 55]
tables = st.lists(st.tuples(st.integers(0, 500), st.integers(1, 2000)), min_size=1, max_size=20)


def test_the_worked_example():
    """0.515 weighted by pupils; without weights it would be 0.489, a known mistake."""
    assert float(coefficient_of_difference(ITEMS, PUPILS)) == pytest.approx(0.515, abs=5e-4)
    each = np.array(ITEMS) / PUPILS
    assert each.std() / each.mean() == pytest.approx(0.489, abs=5e-4)


@given(tables)
def test_by_its_formula(table):
    items, pupils = zip(*table, strict=True)
    found = coefficient_of_difference(items, pupils)
    if sum(items) == 0:
        assert np.isnan(found)
        return
    mean = sum(items) / sum(pupils)
    variance = sum(p / sum(pupils) * (x / p - mean) ** 2 for x, p in table)
    assert found == pytest.approx(variance**0.5 / mean, rel=1e-9, abs=1e-12)
    # All items at the smallest school is the worst that can be.
    worst = (sum(pupils) / min(pupils) - 1) ** 0.5
    assert 0 <= found <= worst * (1 + 1e-9)


@given(tables, st.integers(2, 9))
def test_a_common_factor_changes_nothing(table, factor):
    items, pupils = zip(*table, strict=True)
    several = coefficient_of_difference([factor * x for x in items], pupils)
    assert several == pytest.approx(float(coefficient_of_difference(items, pupils)), nan_ok=True)


def test_schools_that_are_not_judged_do_not_count():
    found = coefficient_of_difference([*ITEMS, 7, 7], [*PUPILS, 12, 0], [True] * 5 + [False, True])
    assert found == pytest.approx(float(coefficient_of_difference(ITEMS, PUPILS)))


def test_nobody_to_compare():
    assert np.isnan(coefficient_of_difference([0, 0], [10, 10]))
    assert np.isnan(coefficient_of_difference([], []))
    assert coefficient_of_difference([3], [10]) == 0
