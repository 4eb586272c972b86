"""A numeric assumption: a number, or a distribution that is sampled once per replication.

A distribution is only ever sampled by inverting one uniform number (``quantile``), so that a number
turned into a distribution moves no other random stream.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Annotated, Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)
from scipy import special

Array = NDArray[np.float64]


class Distribution(BaseModel):
    """What all distributions have: a support and a quantile function."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @abstractmethod
    def support(self) -> tuple[float, float]:
        """Return the smallest and the largest value that can be drawn."""

    @abstractmethod
    def quantile(self, u: Array) -> Array:
        """Return the values below which the shares ``u`` (each in [0, 1)) of draws fall."""


class _Truncated(Distribution):
    """A distribution of unbounded support that may be cut at ``low`` and ``high``."""

    low: float | None = None
    high: float | None = None

    @abstractmethod
    def _cdf(self, x: float) -> float:
        """Return the share of draws below ``x``, untruncated."""

    @abstractmethod
    def _inverse(self, u: Array) -> Array:
        """Return the inverse of that."""

    @model_validator(mode="after")
    def _bounds_in_order(self) -> Self:
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError("low must be below high")
        return self

    def support(self) -> tuple[float, float]:
        low, high = self.quantile(np.array([0.0, 1.0]))
        return float(low), float(high)

    def quantile(self, u: Array) -> Array:
        below = 0.0 if self.low is None else self._cdf(self.low)
        above = 1.0 if self.high is None else self._cdf(self.high)
        # At exactly 0 or 1 the inverse is infinite: keep within half a step of the generator.
        inside = np.clip(below + np.asarray(u, float) * (above - below), 2.0**-54, 1 - 2.0**-53)
        return np.clip(self._inverse(inside), self.low, self.high)


class Normal(_Truncated):
    """Normal distribution, optionally truncated at ``low`` and ``high``."""

    dist: Literal["normal"]
    mean: float
    sd: float = Field(gt=0)

    def _cdf(self, x: float) -> float:
        return float(special.ndtr((x - self.mean) / self.sd))

    def _inverse(self, u: Array) -> Array:
        return self.mean + self.sd * special.ndtri(u)


class LogNormal(_Truncated):
    """Log-normal distribution: ``median``, and ``sigma``, the sd of the logarithm."""

    dist: Literal["lognormal"]
    median: float = Field(gt=0)
    sigma: float = Field(gt=0)

    def _cdf(self, x: float) -> float:
        return float(special.ndtr(np.log(x / self.median) / self.sigma)) if x > 0 else 0.0

    def _inverse(self, u: Array) -> Array:
        return self.median * np.exp(self.sigma * special.ndtri(u))


class Uniform(Distribution):
    """Every value between ``low`` and ``high`` is equally likely."""

    dist: Literal["uniform"]
    low: float
    high: float

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.low < self.high:
            raise ValueError("low must be below high")
        return self

    def support(self) -> tuple[float, float]:
        return self.low, self.high

    def quantile(self, u: Array) -> Array:
        return self.low + np.asarray(u, float) * (self.high - self.low)


class _Mode(Distribution):
    """A distribution given by its lowest, most likely and highest value."""

    low: float
    mode: float
    high: float

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not (self.low <= self.mode <= self.high and self.low < self.high):
            raise ValueError("low <= mode <= high is needed, and low below high")
        return self

    def support(self) -> tuple[float, float]:
        return self.low, self.high


class Triangular(_Mode):
    """Triangular distribution."""

    dist: Literal["triangular"]

    def quantile(self, u: Array) -> Array:
        u = np.asarray(u, float)
        width, rise, fall = self.high - self.low, self.mode - self.low, self.high - self.mode
        left = self.low + np.sqrt(u * width * rise)
        right = self.high - np.sqrt((1 - u) * width * fall)
        return np.where(u < rise / width, left, right)


class Pert(_Mode):
    """Beta-PERT distribution: like the triangular, with thinner ends."""

    dist: Literal["pert"]

    def quantile(self, u: Array) -> Array:
        width = self.high - self.low
        a = 1 + 4 * (self.mode - self.low) / width
        b = 1 + 4 * (self.high - self.mode) / width
        return self.low + width * special.betaincinv(a, b, np.asarray(u, float))


class Beta(Distribution):
    """Beta distribution on 0 to 1."""

    dist: Literal["beta"]
    a: float = Field(gt=0)
    b: float = Field(gt=0)

    def support(self) -> tuple[float, float]:
        return 0.0, 1.0

    def quantile(self, u: Array) -> Array:
        return special.betaincinv(self.a, self.b, np.asarray(u, float))


def _kind(value: Any) -> str:
    """Say which form a written quantity has: ``number``, or the name after ``dist:``."""
    if isinstance(value, Distribution):
        return str(value.dist)  # type: ignore[attr-defined]
    if isinstance(value, dict):
        return str(value.get("dist", "missing"))
    return "number"


DISTRIBUTIONS = ("normal", "lognormal", "uniform", "triangular", "pert", "beta")

Quantity = Annotated[
    Annotated[float, Field(allow_inf_nan=False, strict=True), Tag("number")]
    | Annotated[Normal, Tag("normal")]
    | Annotated[LogNormal, Tag("lognormal")]
    | Annotated[Uniform, Tag("uniform")]
    | Annotated[Triangular, Tag("triangular")]
    | Annotated[Pert, Tag("pert")]
    | Annotated[Beta, Tag("beta")],
    Discriminator(
        _kind,
        custom_error_type="quantity",
        custom_error_message="a number, or a distribution with dist: " + ", ".join(DISTRIBUTIONS),
    ),
]


def support(quantity: float | Distribution) -> tuple[float, float]:
    """Return the smallest and the largest value that ``quantity`` can take."""
    if isinstance(quantity, Distribution):
        return quantity.support()
    return quantity, quantity


def _within(low: float, high: float, words: str) -> AfterValidator:
    def check(quantity: float | Distribution) -> float | Distribution:
        smallest, largest = support(quantity)
        if smallest < low or largest > high:
            hint = (
                "; give the distribution low and high"
                if isinstance(quantity, Normal | LogNormal)
                else ""
            )
            raise ValueError(f"{words}{hint}")
        return quantity

    return AfterValidator(check)


Share = Annotated[Quantity, _within(0.0, 1.0, "a share between 0 and 1")]
"""A share of a whole, between 0 and 1."""

Factor = Annotated[Quantity, _within(0.0, 10.0, "a factor between 0 and 10")]
"""A number that multiplies, between 0 and 10."""

Rate = Annotated[Quantity, _within(-1.0, 1.0, "a yearly change between -1 and 1")]
"""A relative change a year, between -1 and 1."""

Amount = Annotated[Quantity, _within(0.0, np.inf, "an amount, 0 or more")]
"""An amount, such as a price: 0 or more."""


def sample(quantity: float | Distribution, u: Array) -> Array:
    """Return one value of ``quantity`` for each uniform number in ``u``."""
    if isinstance(quantity, Distribution):
        return quantity.quantile(u)
    return np.full(np.shape(u), quantity)
