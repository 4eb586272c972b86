"""Distributions: quantiles lie in the support, rise with u, and are those of the textbook."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from scipy import stats

from workforce_sim.scenario.quantity import (
    Beta,
    Distribution,
    Factor,
    LogNormal,
    Normal,
    Pert,
    Rate,
    Share,
    Triangular,
    Uniform,
    sample,
    support,
)

U = np.concatenate([[0.0, 2.0**-53, 1 - 2.0**-53], (np.arange(2000) + 0.5) / 2000])

centre = st.floats(-10, 10)
width = st.floats(0.01, 10)


@st.composite
def normals(draw: st.DrawFn) -> Normal:
    mean, sd = draw(centre), draw(width)
    # Limits up to three deviations away: further out, quantiles lose their digits.
    low = draw(st.none() | st.floats(mean - 3 * sd, mean + 2 * sd))
    start = mean - 2 * sd if low is None else low + sd / 2
    high = draw(st.none() | st.floats(start, mean + 3 * sd))
    return Normal(dist="normal", mean=mean, sd=sd, low=low, high=high)


@st.composite
def lognormals(draw: st.DrawFn) -> LogNormal:
    median, sigma = draw(st.floats(0.1, 10)), draw(st.floats(0.05, 1))
    low = draw(st.none() | st.floats(median / 2, median))
    high = draw(st.none() | st.floats(median * 1.1, median * 3))
    return LogNormal(dist="lognormal", median=median, sigma=sigma, low=low, high=high)


@st.composite
def uniforms(draw: st.DrawFn) -> Uniform:
    low = draw(centre)
    return Uniform(dist="uniform", low=low, high=low + draw(width))


@st.composite
def with_mode(draw: st.DrawFn, kind: type[Triangular] | type[Pert]) -> Triangular | Pert:
    low, size, at = draw(centre), draw(width), draw(st.floats(0, 1))
    mode = min(low + at * size, low + size)
    return kind(dist=kind.__name__.lower(), low=low, mode=mode, high=low + size)


betas = st.builds(Beta, dist=st.just("beta"), a=st.floats(0.5, 20), b=st.floats(0.5, 20))
distributions = (
    normals() | lognormals() | uniforms() | with_mode(Triangular) | with_mode(Pert) | betas
)


def textbook(d: Distribution) -> Any:
    """Return the same distribution of scipy."""
    match d:
        case Normal():
            low, high = d.support()
            return stats.truncnorm(
                (low - d.mean) / d.sd, (high - d.mean) / d.sd, loc=d.mean, scale=d.sd
            )
        case LogNormal():
            whole = stats.lognorm(d.sigma, scale=d.median)
            low, high = whole.cdf(d.low or 0), 1.0 if d.high is None else whole.cdf(d.high)
            return Cut(whole, low, high)
        case Uniform():
            return stats.uniform(d.low, d.high - d.low)
        case Triangular():
            size = d.high - d.low
            return stats.triang((d.mode - d.low) / size, loc=d.low, scale=size)
        case Pert():  # its mean is (low + 4 mode + high) / 6, and its two shapes sum to 6
            size = d.high - d.low
            a = 6 * ((d.low + 4 * d.mode + d.high) / 6 - d.low) / size
            return stats.beta(a, 6 - a, loc=d.low, scale=size)
        case Beta():
            return stats.beta(d.a, d.b)
    raise AssertionError(d)


class Cut:
    """A distribution of scipy between two of its probabilities."""

    def __init__(self, whole: Any, low: float, high: float) -> None:
        self.whole, self.low, self.high = whole, low, high

    def ppf(self, u: Any) -> Any:
        return self.whole.ppf(self.low + u * (self.high - self.low))


@given(distributions)
def test_quantiles_lie_in_the_support_and_rise(d: Distribution) -> None:
    low, high = d.support()
    values = d.quantile(np.sort(U))
    assert values.shape == U.shape
    assert np.isfinite(values).all()
    assert (values >= low - 1e-9 * max(1, abs(low))).all()
    assert (values <= high + 1e-9 * max(1, abs(high))).all()
    assert (np.diff(values) >= -1e-9).all()


@given(distributions)
def test_quantiles_are_those_of_the_textbook(d: Distribution) -> None:
    u = U[3:]
    np.testing.assert_allclose(d.quantile(u), textbook(d).ppf(u), rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize(
    ("d", "mean"),
    [
        (Normal(dist="normal", mean=3, sd=2), 3.0),
        (Normal(dist="normal", mean=0, sd=1, low=0), np.sqrt(2 / np.pi)),
        (LogNormal(dist="lognormal", median=2, sigma=0.5), 2 * np.exp(0.125)),
        (Uniform(dist="uniform", low=1, high=4), 2.5),
        (Triangular(dist="triangular", low=0, mode=1, high=5), 2.0),
        (Pert(dist="pert", low=0, mode=1, high=5), 1.5),
        (Beta(dist="beta", a=2, b=6), 0.25),
    ],
)
def test_means(d: Distribution, mean: float) -> None:
    u = (np.arange(1_000_000) + 0.5) / 1_000_000
    assert d.quantile(u).mean() == pytest.approx(mean, rel=1e-4)


@given(st.floats(-1e6, 1e6), st.integers(0, 5))
def test_a_number_is_that_number_in_every_replication(number: float, n: int) -> None:
    u = np.linspace(0, 0.9, n)
    assert sample(number, u).tolist() == [number] * n
    assert support(number) == (number, number)


def test_a_sample_is_the_quantile_of_each_uniform() -> None:
    d = Uniform(dist="uniform", low=10, high=20)
    assert sample(d, np.array([0.0, 0.25, 0.5])).tolist() == [10, 12.5, 15]


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (Share, [0, 1, 0.5, {"dist": "beta", "a": 1, "b": 1}], [-0.1, 1.1]),
        (
            Factor,
            [0, 7, {"dist": "lognormal", "median": 1, "sigma": 0.2}],
            [-0.1, 11, {"dist": "lognormal", "median": 1, "sigma": 1}],
        ),
        (Rate, [-1, 1, {"dist": "uniform", "low": -0.5, "high": 0.5}], [-1.1, 2]),
    ],
)
def test_the_support_decides_what_fits(kind: Any, good: list[Any], bad: list[Any]) -> None:
    adapter = TypeAdapter(kind)
    for value in good:
        adapter.validate_python(value)
    for value in [*bad, {"dist": "normal", "mean": 0, "sd": 1}, "0.5", True, float("nan"), None]:
        with pytest.raises(ValidationError):
            adapter.validate_python(value)
