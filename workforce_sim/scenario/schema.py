"""What a person writes: one typed, frozen model a section of the scenario file.

Every field has a unit in its name where it has one, a default, and a label that says where the
default comes from: ``law``, ``plan`` (the county's own plan), ``found`` (read in public material),
``recalled`` (general knowledge, a wide prior), ``assumed`` (ours), ``design`` (a choice of the
model, not a figure). A section's ``source`` or ``sources`` label what the scenario itself states.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeInt,
    PositiveInt,
    PrivateAttr,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError

from workforce_sim.scenario.digest import digest
from workforce_sim.scenario.errors import Problem
from workforce_sim.scenario.lines import Lines
from workforce_sim.scenario.quantity import Distribution, Factor, Rate, Share

Stage = Literal["primary", "junior"]
STAGES: tuple[Stage, ...] = ("primary", "junior")
Area = Literal["county_seat", "town", "village"]
AREAS: tuple[Area, ...] = ("county_seat", "town", "village")
ArtsPE = Literal["pe", "music", "art"]
ARTS_PE: tuple[ArtsPE, ...] = ("pe", "music", "art")
Cause = Literal["resign", "transfer_out", "death"]
CAUSES: tuple[Cause, ...] = ("resign", "transfer_out", "death")
People = Annotated[int, Field(ge=0, le=20_000)]
"""A number of people a year; a county with more is no county."""
Source = Literal["law", "plan", "found", "recalled", "computed", "assumed", "design"]
Year = Annotated[int, Field(ge=1950, le=2150)]


def _expected(what: str) -> PydanticCustomError:
    """Return an error whose message is what was expected."""
    return PydanticCustomError("expected", what)


def _default(value: Any, source: Source, about: str, **limits: Any) -> Any:
    """Declare a field with its default, where the default comes from and what the field means."""
    return Field(default=value, description=about, json_schema_extra={"source": source}, **limits)


def _at_most_one(section: BaseModel, *fields: str) -> None:
    values = [getattr(section, field) for field in fields]
    largest = sum(v.support()[1] if isinstance(v, Distribution) else v for v in values)
    if largest > 1 + 1e-9:
        raise ValueError(f"{' and '.join(fields)} sum to more than 1")


def _sum_to_one(shares: Mapping[str, Any]) -> Mapping[str, Any]:
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
        raise _expected("a whole number, or numbers by year such as {2021: 28, later: 20}")

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
        raise _expected("years, first-last, such as 2021-2025")

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
        raise _expected("a day of every year, month-day, such as 06-15") from None
    return text


DayOfYear = Annotated[
    str,
    AfterValidator(_day_of_year),
    WithJsonSchema({"type": "string", "pattern": "^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"}),
]

FILE_NAME = r"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$"


def _file_name(text: str) -> str:
    if not re.fullmatch(FILE_NAME, text):
        raise _expected("a name of Latin letters, digits, _ and -, with single dots between them")
    return text


FileName = Annotated[
    str, AfterValidator(_file_name), WithJsonSchema({"type": "string", "pattern": FILE_NAME})
]


class Dates(Section):
    """The days of the year, written month-day, on which the county acts."""

    backbone: DayOfYear = _default("06-15", "design", "Backbone terms end; new ones are selected.")
    degrees: DayOfYear = _default("07-15", "design", "In-service degrees and retraining end.")
    hiring: DayOfYear = _default("08-20", "design", "Posts are filled.")
    rotation: DayOfYear = _default("08-25", "design", "Teachers rotate between schools.")
    census: DayOfYear = _default("09-01", "design", "Pupils move up a grade; the census is taken.")

    def on(self, event: str, year: int) -> dt.date:
        """Return the date of ``event`` in ``year``."""
        return dt.date.fromisoformat(f"{year}-{getattr(self, event)}")


class Counting(Section):
    """What counts for the standard: the plan's reading, or the national rule."""

    degree_primary: Literal["associate", "bachelor"] = _default(
        "associate", "law", "Lowest degree counted in L1 in primary schools (专科 or 本科)."
    )
    degree_junior: Literal["associate", "bachelor"] = _default(
        "bachelor", "law", "Lowest degree counted in L1 in junior schools (专科 or 本科)."
    )
    arts_pe: Literal["specialists", "teachers"] = _default(
        "teachers", "law", "L3 counts all who teach PE, music or art, or only those trained in it."
    )
    smallest_school_pupils: NonNegativeInt = _default(
        50, "assumed", "Schools and teaching points with fewer pupils are not judged."
    )


class Retirement(Section):
    """Rule 1: retirement by birth month (退休)."""

    reform_2025: bool = _default(True, "law", "The statutory age rises from January 2025.")
    senior_women_at_55_share: Share = _default(
        0.3, "assumed", "Of women with a senior title, the share that chooses to retire at 55."
    )
    early_share: Share = _default(
        0.2, "assumed", "Under the reform: the share that retires before its statutory month."
    )
    early_months: int = _default(
        36, "law", "Under the reform: at most so many months early.", ge=1, le=36
    )
    late_share: Share = _default(
        0.02, "assumed", "Under the reform: the share that stays on by agreement."
    )
    late_months: int = _default(
        36, "law", "Under the reform: at most so many months late.", ge=1, le=36
    )

    @model_validator(mode="after")
    def _shares_fit(self) -> Self:
        _at_most_one(self, "early_share", "late_share")
        return self


class Hazard(Section):
    """A yearly share of staff, within an age band, that leaves by one cause."""

    cause: Cause = Field(description="How they leave.")
    ages: tuple[NonNegativeInt, PositiveInt] = Field(
        default=(0, 100), description="From this age, below that age, in years."
    )
    stages: tuple[Stage, ...] = Field(default=STAGES, description="Stages it applies to.")
    share_per_year: Share = Field(description="Share of those in the band that leaves in a year.")

    @model_validator(mode="after")
    def _ages_in_order(self) -> Self:
        if self.ages[0] >= self.ages[1]:
            raise ValueError("ages: are written [from, below], the first smaller")
        return self

    @model_validator(mode="after")
    def _some_stay(self) -> Self:
        if self.share_per_year == 1:
            raise ValueError("share_per_year: must be below 1; a hazard has no such share")
        return self


def _all_stages(shares: dict[Stage, Any]) -> dict[Stage, Any]:
    if missing := [stage for stage in STAGES if stage not in shares]:
        raise ValueError(f"no share is given for {' and '.join(missing)}")
    return shares


StageShares = Annotated[
    dict[Stage, Share], AfterValidator(_all_stages), AfterValidator(_sum_to_one)
]


class Replacement(Section):
    """Rule 3: replacement hiring (退三增一): ``joins`` posts for every ``leavers`` who left."""

    leavers: PositiveInt = _default(3, "plan", "So many leavers ...")
    joins: int = _default(1, "plan", "... bring so many posts.", ge=0, le=100)
    counted: tuple[Literal["retirement"] | Cause, ...] = _default(
        ("retirement",), "plan", "Causes of leaving that count."
    )
    window: Literal["since_last_hiring", "calendar_year_before"] = _default(
        "since_last_hiring", "assumed", "When a leaver must have left to count."
    )
    leavers_year_before_start: dict[Stage, People] = _default(
        {}, "assumed", "Counted leavers of the calendar year before the first simulated year."
    )
    pool: Literal["county", "stage"] = _default(
        "county", "assumed", "One sum for the county, or one for each stage."
    )
    remainder: Literal["carried", "dropped"] = _default(
        "carried", "assumed", "Leavers too few for a post are carried to the next year, or dropped."
    )
    unfilled: Literal["lapse", "carried"] = _default(
        "lapse", "assumed", "Posts that nobody filled lapse, or are carried to the next year."
    )
    stated_posts: dict[Year, People] = _default(
        {}, "plan", "Years for which the plan states the posts itself; they use up the leavers."
    )
    stages: Literal["shortage"] | StageShares = _default(
        "shortage",
        "assumed",
        "The county's posts go to the stages by shortage, or by these shares.",
    )
    schools: Literal["shortage", "pupils"] = _default(
        "shortage", "assumed", "Posts go to schools by shortage of staff, or by pupils."
    )
    arts_pe_share: Share = _default(
        0.0, "assumed", "Share of these posts that is reserved for PE, music and art."
    )
    arts_pe_posts: People = _default(
        0, "assumed", "Number of these posts a year that is reserved for PE, music and art."
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.arts_pe_share != 0 and self.arts_pe_posts != 0:
            raise ValueError("arts_pe_share and arts_pe_posts exclude each other")
        if self.pool == "stage" and self.stages != "shortage":
            raise ValueError("stages: with pool: stage each stage keeps its own posts")
        return self


class SubjectShares(Section):
    """Shares of subjects; they sum to 1."""

    other: Share = 0.0
    pe: Share = 0.0
    music: Share = 0.0
    art: Share = 0.0

    @model_validator(mode="after")
    def _whole(self) -> Self:
        _sum_to_one({subject: getattr(self, subject) for subject in ("other", *ARTS_PE)})
        return self


class ArtsPEProgramme(Section):
    """Rule 4: recruits and retraining for PE, music and art (体育、音乐、美术)."""

    recruits_per_year: ByYear = _default(ByYear(later=0), "plan", "Posts a year for specialists.")
    within_quota: bool = _default(
        False, "assumed", "The posts are taken from the replacement quota; else they are on top."
    )
    subjects: SubjectShares = _default(
        SubjectShares(pe=0.4, music=0.3, art=0.3), "assumed", "Subjects of the specialists' posts."
    )
    retraining_per_year: ByYear = _default(
        ByYear(later=0), "plan", "Non-specialists teaching these subjects who are retrained a year."
    )
    retraining_success_share: Share = _default(
        0.8, "assumed", "Share of the retrained who become specialists."
    )

    @model_validator(mode="after")
    def _only_arts_pe(self) -> Self:
        if self.subjects.other != 0:
            raise ValueError("subjects: posts of this programme are for pe, music and art only")
        return self


class FillShares(Section):
    """Share of posts that are filled, by the area of the school."""

    county_seat: Share
    town: Share
    village: Share


class Filling(Section):
    """Rule 5: how many posts are filled."""

    general: FillShares = _default(
        FillShares(county_seat=0.95, town=0.90, village=0.85), "recalled", "General posts."
    )
    arts_pe: FillShares = _default(
        FillShares(county_seat=0.90, town=0.80, village=0.70), "recalled", "PE, music, art posts."
    )


class Recruits(Section):
    """Rule 5: who is recruited."""

    youngest_age: int = _default(22, "assumed", "Age of the youngest recruits.", ge=16, le=50)
    oldest_age: int = _default(30, "assumed", "Age of the oldest recruits.", ge=16, le=50)
    women_share: Share = _default(0.75, "recalled", "Share of women.")
    bachelor_share: Share = _default(0.98, "assumed", "Share with 本科; the others have 专科.")
    subjects: SubjectShares = _default(
        SubjectShares(other=0.87, pe=0.06, music=0.035, art=0.035),
        "assumed",
        "Subjects of those hired on general posts: as among today's staff.",
    )
    specialist_share: Share = _default(
        1.0, "assumed", "Share of recruits for PE, music, art who are trained in the subject."
    )

    @model_validator(mode="after")
    def _ages_in_order(self) -> Self:
        if self.youngest_age > self.oldest_age:
            raise ValueError("youngest_age is above oldest_age")
        return self


class Backbone(Section):
    """Rule 6: backbone teachers (骨干教师)."""

    places: ByYear = _default(ByYear(later=0), "plan", "Teachers selected a year.")
    min_service_years: NonNegativeInt = _default(5, "recalled", "Years of service needed.")
    max_age: PositiveInt = _default(50, "recalled", "Oldest age at which one is selected.")
    spread: Literal["need", "pupils", "merit"] = _default(
        "need", "assumed", "Places go to schools by need, by pupils, or to the county's best."
    )
    term_years: PositiveInt | None = _default(
        5, "recalled", "The award holds for so many years; null: for life."
    )
    renewed_share: Share = _default(0.75, "recalled", "Share of ending terms that are renewed.")


class AgeLimits(Section):
    """Oldest ages, in years."""

    male: PositiveInt = Field(default=50, description="Men.")
    female: PositiveInt = Field(default=45, description="Women.")


class Rotation(Section):
    """Rule 7: rotation between schools (交流轮岗)."""

    share: Share = _default(0.10, "law", "Share of the eligible who move each year, at least.")
    backbone_share: Share = _default(
        0.20, "law", "Share of those who move who are backbone teachers, at least."
    )
    min_years_at_school: NonNegativeInt = _default(6, "found", "Years at one school needed.")
    max_age: AgeLimits = _default(AgeLimits(), "found", "Older teachers do not rotate.")
    min_years_to_retirement: NonNegativeInt = _default(
        3, "assumed", "Those closer to their legal retirement do not rotate."
    )
    stay_years: PositiveInt | None = _default(
        None, "assumed", "They return after so many years; null: they stay."
    )
    destinations: Literal["need", "random"] = _default(
        "need", "assumed", "Where they go: to the schools in need, or anywhere."
    )


class Completion(Section):
    """Yearly share of those without the degree that counts who complete it, in an age band."""

    ages: tuple[NonNegativeInt, PositiveInt] = Field(description="From this age, below that age.")
    share_per_year: Share

    @model_validator(mode="after")
    def _ages_in_order(self) -> Self:
        if self.ages[0] >= self.ages[1]:
            raise ValueError("ages: are written [from, below], the first smaller")
        return self


class Entrants(Section):
    """Pupils entering grade 1: from births six and seven years before, or from a table."""

    births: dict[Year, Annotated[float, Field(gt=0)]] | None = _default(
        None, "found", "Births by calendar year, in any unit: only their course counts."
    )
    births_later: Literal["error", "held"] = _default(
        "error", "assumed", "Births of years not given: an error, or held at the last one given."
    )
    older_share: Share = _default(
        2 / 3, "computed", "Share of entrants born six years before; the others seven."
    )
    table: dict[Year, Annotated[int, Field(ge=0, le=1_000_000)]] | None = _default(
        None, "plan", "Entrants of the county by year; takes the place of births."
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.births is not None and self.table is not None:
            raise ValueError("give births or table, not both")
        return self


class Enrolment(Section):
    """Rule 9: pupils by grade."""

    entrants: Entrants = _default(Entrants(), "assumed", "Grade 1; by default as many as today.")
    level: Factor = _default(1.0, "assumed", "The county's entrants against that forecast.")
    trend_per_year: Rate = _default(0.0, "assumed", "Their yearly drift from that forecast.")
    survival: dict[Annotated[int, Field(ge=1, le=8)], Factor] = _default(
        {}, "plan", "Pupils of the next grade for each pupil of this one; 1 where not given."
    )
    drift_to_county_seat_per_year: Share = _default(
        0.0, "assumed", "Share of pupils elsewhere who change to the county seat in a year."
    )


class NewSchool(Section):
    """A school that opens."""

    name: str = Field(min_length=1, description="Its name, which no other school has.")
    stage: Stage = Field(description="The stage it teaches.")
    area: Area = Field(description="Where it lies.")
    x_km: float = Field(default=0.0, description="Where it lies, km east of the county's origin.")
    y_km: float = Field(default=0.0, description="Where it lies, km north of the county's origin.")
    pupils_from: dict[str, Annotated[float, Field(gt=0, le=1)]] = Field(
        default_factory=dict,
        description="Schools it takes pupils and staff from, and the share it takes.",
    )


class NetworkEvent(Section):
    """Rule 10: a dated change of the school network (撤并、新建)."""

    date: dt.date = Field(description="The day, such as 2021-08-01.")
    open: NewSchool | None = Field(default=None, description="A school that opens.")
    close: tuple[str, ...] = Field(default=(), description="Schools that close.")
    into: Literal["nearest"] | Annotated[tuple[str, ...], Field(min_length=1)] = Field(
        default="nearest", description="Schools that take the pupils and staff, in equal parts."
    )

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        if (self.open is None) == (not self.close):
            raise ValueError("an event either opens a school or closes some")
        if self.open is not None and "into" in self.model_fields_set:
            raise ValueError("into: belongs to schools that close")
        for names in ("close", "into"):
            named = getattr(self, names)
            if named != "nearest" and len(set(named)) < len(named):
                raise ValueError(f"{names}: a school is named twice")
        return self


class Scenario(Section):
    """A county, the years to simulate, and every rule with its figures."""

    name: FileName = Field(description="Names the output folder.")
    about: str = Field(default="", description="What this scenario is, in a sentence.")
    title: str = Field(default="", description="Shown on charts and reports.")
    title_en: str = Field(default="", description="The same in English.")
    county: str = Field(description="The county's file, relative to the scenario's.")
    years: Years = Field(description="The years simulated, such as 2021-2025.")
    judged_year: int = Field(description="The year whose census decides.")
    dates: Dates = Dates()
    counting: Counting = Counting()
    retirement: Retirement = Retirement()
    exits: dict[str, Hazard] = Field(
        default_factory=dict, description="Rule 2: other exits; hazards add up."
    )
    replacement: Replacement = Replacement()
    arts_pe: ArtsPEProgramme = ArtsPEProgramme()
    filling: Filling = Filling()
    recruits: Recruits = Recruits()
    backbone: Backbone = Backbone()
    rotation: Rotation = Rotation()
    degrees: dict[str, Completion] = Field(
        default_factory=dict, description="Rule 8: in-service degrees; one row an age band."
    )
    enrolment: Enrolment = Enrolment()
    network: tuple[NetworkEvent, ...] = Field(
        default=(), description="Rule 10: schools that open and close, in any order."
    )

    _lines: Lines = PrivateAttr(default_factory=Lines)

    def problem(self, path: str, message: str) -> Problem:
        """Return a problem with what stands at a dotted path, with its file and line if known."""
        return self._lines.problem(path, message)

    @property
    def county_path(self) -> Path:
        """The county's file; its name is relative to the file in which it was written."""
        return Path(self._lines.at("county").file).parent / self.county

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of what the scenario says, apart from ``source`` and ``sources``."""
        return digest(self)
