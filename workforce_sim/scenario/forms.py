"""The forms in which a scenario is written: sections, numbers by year, years, days, names."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError

from workforce_sim.scenario.quantity import Distribution

People = Annotated[int, Field(ge=0, le=20_000)]
"""A number of people a year; a county with more is no county."""
Source = Literal["law", "plan", "found", "recalled", "computed", "assumed", "design"]
Year = Annotated[int, Field(ge=1950, le=2150)]


def expected(what: str) -> PydanticCustomError:
    """Return an error whose message is what was expected."""
    return PydanticCustomError("expected", what)


def default(value: Any, source: Source, about: str, **limits: Any) -> Any:
    """Declare a field with its default, where the default comes from and what the field means."""
    return Field(default=value, description=about, json_schema_extra={"source": source}, **limits)


def at_most_one(section: BaseModel, *fields: str) -> None:
    """Refuse shares that can sum to more than 1."""
    values = [getattr(section, field) for field in fields]
    largest = sum(v.support()[1] if isinstance(v, Distribution) else v for v in values)
    if largest > 1 + 1e-9:
        raise ValueError(f"{' and '.join(fields)} sum to more than 1")


def sum_to_one(shares: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return shares that are numbers and sum to 1; refuse others."""
    if any(isinstance(share, Distribution) for share in shares.values()):
        raise ValueError("these shares are numbers, not distributions")
    total = sum(shares.values())
    if abs(total - 1) > 1e-6:
        raise ValueError(f"the shares sum to {total:g}, not to 1")
    return shares


class Section(BaseModel):
    """A part of a scenario: frozen, unknown keys are errors, figures can be labelled."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    source: str | None = Field(
        default=None, description="Where the figures written in this section come from."
    )
    sources: dict[str, str] = Field(
        default_factory=dict, description="Where single figures come from: field name to source."
    )

    @field_validator("sources")
    @classmethod
    def _name_fields(cls, sources: dict[str, str]) -> dict[str, str]:
        unknown = sorted(set(sources) - set(cls.model_fields))
        if unknown:
            raise ValueError(f"this section has no field named {', '.join(unknown)}")
        return sources


class ByYear(BaseModel):
    """A whole number a year: one number for all years, or ``{2021: 28, later: 20}``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    years: dict[Year, People] = {}
    later: People | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_written(cls, value: Any) -> Any:
        if isinstance(value, int) and not isinstance(value, bool):
            return {"later": value}
        if isinstance(value, Mapping) and "years" not in value:
            return {
                "years": {year: n for year, n in value.items() if year != "later"},
                "later": value.get("later"),
            }
        if isinstance(value, ByYear | Mapping):
            return value
        raise expected("a whole number, or numbers by year such as {2021: 28, later: 20}")

    def at(self, year: int) -> int:
        """Return the number for ``year``."""
        number = self.years.get(year, self.later)
        if number is None:
            raise KeyError(year)
        return number

    def missing(self, years: range) -> list[int]:
        """Return the years for which no number is given."""
        return [] if self.later is not None else [y for y in years if y not in self.years]

    @classmethod
    def __get_pydantic_json_schema__(cls, _core: Any, _handler: Any) -> JsonSchemaValue:
        number = {"type": "integer", "minimum": 0, "maximum": 20_000}
        by_year = {
            "type": "object",
            "patternProperties": {"^[0-9]{4}$": number},
            "properties": {"later": number},
            "additionalProperties": False,
        }
        return {"anyOf": [number, by_year], "description": (cls.__doc__ or "").replace("``", "`")}


class Years(BaseModel):
    """The years simulated, written ``2021-2025``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first: Year
    last: Year

    @model_validator(mode="before")
    @classmethod
    def _from_written(cls, value: Any) -> Any:
        if isinstance(value, int) and not isinstance(value, bool):
            return {"first": value, "last": value}
        if isinstance(value, str):
            first, _, last = value.partition("-")
            if first.strip().isdecimal() and last.strip().isdecimal():
                return {"first": int(first), "last": int(last)}
        if isinstance(value, Years | Mapping):
            return value
        raise expected("years, first-last, such as 2021-2025")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.first > self.last:
            raise ValueError("the first year is after the last")
        if self.last - self.first >= 60:
            raise ValueError("at most 60 years can be simulated")
        return self

    def __iter__(self) -> Iterator[int]:  # type: ignore[override]
        return iter(self.range)

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"

    @property
    def range(self) -> range:
        """The years as a range."""
        return range(self.first, self.last + 1)

    @classmethod
    def __get_pydantic_json_schema__(cls, _core: Any, _handler: Any) -> JsonSchemaValue:
        return {
            "type": ["string", "integer"],
            "pattern": "^[0-9]{4}-[0-9]{4}$",
            "description": "The years simulated, first-last, such as 2021-2025; or a single year.",
        }


def _day_of_year(text: str) -> str:
    try:
        if not re.fullmatch("[0-9]{2}-[0-9]{2}", text):
            raise ValueError
        dt.date.fromisoformat(f"2021-{text}")  # there is no 02-30, and not every year has a 02-29
    except ValueError:
        raise expected("a day of every year, month-day, such as 06-15") from None
    return text


DayOfYear = Annotated[
    str,
    AfterValidator(_day_of_year),
    WithJsonSchema({"type": "string", "pattern": "^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"}),
]

FILE_NAME = r"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$"


def _file_name(text: str) -> str:
    if not re.fullmatch(FILE_NAME, text):
        raise expected("a name of Latin letters, digits, _ and -, with single dots between them")
    return text


FileName = Annotated[
    str, AfterValidator(_file_name), WithJsonSchema({"type": "string", "pattern": FILE_NAME})
]
