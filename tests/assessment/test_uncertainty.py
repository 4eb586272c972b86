"""Summaries over replications."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from workforce_sim.assessment import uncertainty
from workforce_sim.assessment.uncertainty import Z95, probability, spread, wilson


@given(st.integers(0, 200), st.integers(1, 200))
def test_wilson_interval_is_scipys(successes, n):
    successes = min(successes, n)
    found = probability(np.arange(n)[None] < successes, axis=1)
    interval = binomtest(successes, n).proportion_ci(0.95, method="wilson")
    assert found["p"] == pytest.approx(successes / n)
    assert found["p_low"] == pytest.approx(interval.low, abs=1e-12)
    assert found["p_high"] == pytest.approx(interval.high, abs=1e-12)
    assert found["p_se"] == pytest.approx((interval.high - interval.low) / 2 / Z95)
    assert found["p_se"] > 0  # no certainty from a finite number of replications


def test_wilson_names_its_columns():
    found = wilson(np.array(0.5), 100)
    assert list(found) == ["p", "p_se", "p_low", "p_high"]
    assert (found["p_low"], found["p_high"]) == pytest.approx((0.40383, 0.59617), abs=1e-5)


def test_only_those_asked_count():
    found = probability(
        np.array([[True, True, False, False]]), 1, among=np.array([[True, False, False, True]])
    )
    assert found["p"] == 0.5
    nobody = probability(np.array([[True]]), 1, among=np.array([[False]]))
    assert np.isnan(nobody["p"]).all()


def test_spread():
    values = np.array([[1.0, 2.0, 3.0, 4.0], [5.0, 5.0, 5.0, 5.0]])
    found = spread(values, axis=1)
    assert found["mean"].tolist() == [2.5, 5]
    assert found["sd"][0] == pytest.approx(values[0].std(ddof=1))
    assert found["sd"][1] == 0
    assert found["q50"].tolist() == [2.5, 5]


def test_replications_without_a_value_are_left_out():
    found = spread(np.array([[1.0, np.nan, 3.0], [np.nan] * 3]), axis=1)
    assert found["mean"][0] == 2
    assert found["q95"][0] == pytest.approx(2.9)
    assert np.isnan(found["mean"][1])
    assert np.isnan(found["sd"][1])
    assert np.isnan(found["q50"][1])


def test_spread_of_one_value_and_of_two():
    found = spread(np.array([[7.0, np.nan, np.nan], [1.0, np.nan, 3.0]]), axis=1)
    assert found["mean"].tolist() == [7, 2]
    assert found["sd"] == pytest.approx([0, 2**0.5])
    assert found["q05"] == pytest.approx([7, 1.1])
    assert found["q50"].tolist() == [7, 2]


def test_what_never_or_always_holds_has_an_exact_end():
    """No rounding error puts a bound outside of 0 to 1."""
    for n in range(1, 500):
        never, always = (probability(np.full((1, n), h), axis=1) for h in (False, True))
        assert (never["p_low"][0], always["p_high"][0]) == (0, 1), n


@pytest.mark.parametrize("most", [1, 20, 10**6])
def test_some_columns_at_a_time(most, monkeypatch):
    """However many are summarised at once, each column is its own summary."""
    monkeypatch.setattr(uncertainty, "AT_ONCE", most)
    values = np.random.default_rng(1).normal(size=(2, 9, 5))
    values[0, 3, 2] = values[1, :, 4] = np.nan
    found = spread(values, 1)
    for year, column in np.ndindex(2, 5):
        alone = spread(values[year, :, column], 0)
        for name in alone:
            assert found[name][year, column] == pytest.approx(alone[name], nan_ok=True, rel=1e-12)
    assert all(summary.shape == (2, 0) for summary in spread(values[:, :, :0], 1).values())
