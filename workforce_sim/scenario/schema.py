"""What a person writes: one typed, frozen model a section of the scenario file.

Every field has a unit in its name where it has one, a default, and a label that says where the
default comes from: ``law``, ``plan`` (the county's own plan), ``found`` (read in public material),
``recalled`` (general knowledge, a wide prior), ``assumed`` (ours), ``design`` (a choice of the
model, not a figure). A section's ``source`` or ``sources`` label what the scenario itself states.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    Field,
    NonNegativeFloat,
    NonNegativeInt,
    PositiveInt,
    PrivateAttr,
    model_validator,
)

from workforce_sim.scenario.digest import digest
from workforce_sim.scenario.errors import Problem
from workforce_sim.scenario.forms import (
    ByYear,
    DayOfYear,
    FileName,
    People,
    Section,
    Year,
    Years,
    at_most_one,
    default,
    sum_to_one,
)
from workforce_sim.scenario.lines import Lines
from workforce_sim.scenario.quantity import Amount, Factor, Rate, Share

Stage = Literal["primary", "junior"]
STAGES: tuple[Stage, ...] = ("primary", "junior")
Area = Literal["county_seat", "town", "village"]
AREAS: tuple[Area, ...] = ("county_seat", "town", "village")
ArtsPE = Literal["pe", "music", "art"]
ARTS_PE: tuple[ArtsPE, ...] = ("pe", "music", "art")
Cause = Literal["resign", "transfer_out", "death"]
CAUSES: tuple[Cause, ...] = ("resign", "transfer_out", "death")
Facility = Literal["rooms_m2", "sports_m2", "equipment_yuan", "multimedia_rooms"]
FACILITIES: tuple[Facility, ...] = (
    "rooms_m2",
    "sports_m2",
    "equipment_yuan",
    "multimedia_rooms",
)
"""The items of L4, L5, L6 and L7."""


class Dates(Section):
    """The days of the year, written month-day, on which the county acts."""

    backbone: DayOfYear = default("06-15", "design", "Backbone terms end; new ones are selected.")
    degrees: DayOfYear = default("07-15", "design", "In-service degrees and retraining end.")
    wear: DayOfYear = default("07-20", "design", "A year's wear of facilities is taken off.")
    hiring: DayOfYear = default("08-20", "design", "Posts are filled.")
    rotation: DayOfYear = default("08-25", "design", "Teachers rotate between schools.")
    census: DayOfYear = default("09-01", "design", "Pupils move up a grade; the census is taken.")

    def on(self, event: str, year: int) -> dt.date:
        """Return the date of ``event`` in ``year``."""
        return dt.date.fromisoformat(f"{year}-{getattr(self, event)}")


class Counting(Section):
    """What counts for the standard: the plan's reading, or the national rule."""

    degree_primary: Literal["associate", "bachelor"] = default(
        "associate", "law", "Lowest degree counted in L1 in primary schools (专科 or 本科)."
    )
    degree_junior: Literal["associate", "bachelor"] = default(
        "bachelor", "law", "Lowest degree counted in L1 in junior schools (专科 or 本科)."
    )
    arts_pe: Literal["specialists", "teachers"] = default(
        "teachers", "law", "L3 counts all who teach PE, music or art, or only those trained in it."
    )
    smallest_school_pupils: NonNegativeInt = default(
        50, "assumed", "Schools and teaching points with fewer pupils are not judged."
    )
    small_schools_share_arts_pe: bool = default(
        False,
        "assumed",
        "Village schools below 100 pupils count spare teachers of the nearest larger school.",
    )


class Retirement(Section):
    """Rule 1: retirement by birth month (退休)."""

    reform_2025: bool = default(True, "law", "The statutory age rises from January 2025.")
    senior_women_at_55_share: Share = default(
        0.3, "assumed", "Of women with a senior title, the share that chooses to retire at 55."
    )
    early_share: Share = default(
        0.2, "assumed", "Under the reform: the share that retires before its statutory month."
    )
    early_months: int = default(
        36, "law", "Under the reform: at most so many months early.", ge=1, le=36
    )
    late_share: Share = default(
        0.02, "assumed", "Under the reform: the share that stays on by agreement."
    )
    late_months: int = default(
        36, "law", "Under the reform: at most so many months late.", ge=1, le=36
    )

    @model_validator(mode="after")
    def _shares_fit(self) -> Self:
        at_most_one(self, "early_share", "late_share")
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


StageShares = Annotated[dict[Stage, Share], AfterValidator(_all_stages), AfterValidator(sum_to_one)]


class Replacement(Section):
    """Rule 3: replacement hiring (退三增一): ``joins`` posts for every ``leavers`` who left."""

    leavers: PositiveInt = default(3, "plan", "So many leavers ...")
    joins: int = default(1, "plan", "... bring so many posts.", ge=0, le=100)
    counted: tuple[Literal["retirement"] | Cause, ...] = default(
        ("retirement",), "plan", "Causes of leaving that count."
    )
    window: Literal["since_last_hiring", "calendar_year_before"] = default(
        "since_last_hiring", "assumed", "When a leaver must have left to count."
    )
    leavers_year_before_start: dict[Stage, People] = default(
        {}, "assumed", "Counted leavers of the calendar year before the first simulated year."
    )
    pool: Literal["county", "stage"] = default(
        "county", "assumed", "One sum for the county, or one for each stage."
    )
    remainder: Literal["carried", "dropped"] = default(
        "carried", "assumed", "Leavers too few for a post are carried to the next year, or dropped."
    )
    unfilled: Literal["lapse", "carried"] = default(
        "lapse", "assumed", "Posts that nobody filled lapse, or are carried to the next year."
    )
    stated_posts: dict[Year, People] = default(
        {}, "plan", "Years for which the plan states the posts itself; they use up the leavers."
    )
    stages: Literal["shortage"] | StageShares = default(
        "shortage",
        "assumed",
        "The county's general posts go to the stages by shortage, or by these shares.",
    )
    schools: Literal["shortage", "pupils"] = default(
        "shortage", "assumed", "Posts go to schools by shortage of staff, or by pupils."
    )
    arts_pe_share: Share = default(
        0.0, "assumed", "Share of these posts that is reserved for PE, music and art."
    )
    arts_pe_posts: People = default(
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
        sum_to_one({subject: getattr(self, subject) for subject in ("other", *ARTS_PE)})
        return self


class ArtsPEProgramme(Section):
    """Rule 4: recruits and retraining for PE, music and art (体育、音乐、美术)."""

    recruits_per_year: ByYear = default(ByYear(later=0), "plan", "Posts a year for specialists.")
    within_quota: bool = default(
        False, "assumed", "The posts are taken from the replacement quota; else they are on top."
    )
    subjects: SubjectShares = default(
        SubjectShares(pe=0.4, music=0.3, art=0.3), "assumed", "Subjects of the specialists' posts."
    )
    retraining_per_year: ByYear = default(
        ByYear(later=0), "plan", "Non-specialists teaching these subjects who are retrained a year."
    )
    retraining_success_share: Share = default(
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

    general: FillShares = default(
        FillShares(county_seat=0.95, town=0.90, village=0.85), "recalled", "General posts."
    )
    arts_pe: FillShares = default(
        FillShares(county_seat=0.90, town=0.80, village=0.70), "recalled", "PE, music, art posts."
    )


class Recruits(Section):
    """Rule 5: who is recruited."""

    youngest_age: int = default(22, "assumed", "Age of the youngest recruits.", ge=16, le=50)
    oldest_age: int = default(30, "assumed", "Age of the oldest recruits.", ge=16, le=50)
    women_share: Share = default(0.75, "recalled", "Share of women.")
    bachelor_share: Share = default(0.98, "assumed", "Share with 本科; the others have 专科.")
    subjects: SubjectShares = default(
        SubjectShares(other=0.87, pe=0.06, music=0.035, art=0.035),
        "assumed",
        "Subjects of those hired on general posts: as among today's staff.",
    )
    specialist_share: Share = default(
        1.0, "assumed", "Share of recruits for PE, music, art who are trained in the subject."
    )

    @model_validator(mode="after")
    def _ages_in_order(self) -> Self:
        if self.youngest_age > self.oldest_age:
            raise ValueError("youngest_age is above oldest_age")
        return self


class Backbone(Section):
    """Rule 6: backbone teachers (骨干教师)."""

    places: ByYear = default(ByYear(later=0), "plan", "Teachers selected a year.")
    min_service_years: NonNegativeInt = default(5, "recalled", "Years of service needed.")
    max_age: PositiveInt = default(50, "recalled", "Oldest age at which one is selected.")
    spread: Literal["need", "pupils", "merit"] = default(
        "need", "assumed", "Places go to schools by need, by pupils, or to the county's best."
    )
    term_years: PositiveInt | None = default(
        5, "recalled", "The award holds for so many years; null: for life."
    )
    renewed_share: Share = default(0.75, "recalled", "Share of ending terms that are renewed.")


class AgeLimits(Section):
    """Oldest ages, in years."""

    male: PositiveInt = Field(default=50, description="Men.")
    female: PositiveInt = Field(default=45, description="Women.")


class Rotation(Section):
    """Rule 7: rotation between schools (交流轮岗)."""

    share: Share = default(0.10, "law", "Share of the eligible who move each year, at least.")
    backbone_share: Share = default(
        0.20, "law", "Share of those who move who are backbone teachers, at least."
    )
    min_years_at_school: NonNegativeInt = default(6, "found", "Years at one school needed.")
    max_age: AgeLimits = default(AgeLimits(), "found", "Older teachers do not rotate.")
    min_years_to_retirement: NonNegativeInt = default(
        3, "assumed", "Those closer to their legal retirement do not rotate."
    )
    stay_years: PositiveInt | None = default(
        None, "assumed", "They return after so many years; null: they stay."
    )
    destinations: Literal["need", "random"] = default(
        "need", "assumed", "Where they go: to the schools in need, or anywhere."
    )


class Reallocation(Section):
    """Rounds (岗位聘任、县管校聘): posts are reset by school, and staff move to vacancies."""

    rounds: tuple[dt.date, ...] = default((), "plan", "The days of the rounds.")
    most_share: Share = default(
        0.05, "assumed", "At most so large a share of a stage's staff moves in one round."
    )
    max_age: AgeLimits = default(
        AgeLimits(male=55, female=50), "assumed", "Older teachers keep their posts."
    )
    arts_pe: Literal["keep", "release"] = default(
        "keep", "assumed", "PE, music and art teachers counted in L3 keep their posts, or not."
    )
    preference: Literal["need", "near"] = default(
        "need", "assumed", "They go where staff is shortest, or to the nearest vacancy."
    )

    @model_validator(mode="after")
    def _days_differ(self) -> Self:
        if len(set(self.rounds)) < len(self.rounds):
            raise ValueError("rounds: a day is named twice")
        return self


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

    births: dict[Year, Annotated[float, Field(gt=0)]] | None = default(
        None, "found", "Births by calendar year, in any unit: only their course counts."
    )
    births_later: Literal["error", "held"] = default(
        "error", "assumed", "Births of years not given: an error, or held at the last one given."
    )
    older_share: Share = default(
        2 / 3, "computed", "Share of entrants born six years before; the others seven."
    )
    table: dict[Year, Annotated[int, Field(ge=0, le=1_000_000)]] | None = default(
        None, "plan", "Entrants of the county by year; takes the place of births."
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.births is not None and self.table is not None:
            raise ValueError("give births or table, not both")
        return self


class Enrolment(Section):
    """Rule 9: pupils by grade."""

    entrants: Entrants = default(Entrants(), "assumed", "Grade 1; by default as many as today.")
    level: Factor = default(1.0, "assumed", "The county's entrants against that forecast.")
    trend_per_year: Rate = default(0.0, "assumed", "Their yearly drift from that forecast.")
    survival: dict[Annotated[int, Field(ge=1, le=8)], Factor] = default(
        {}, "plan", "Pupils of the next grade for each pupil of this one; 1 where not given."
    )
    drift_to_county_seat_per_year: Share = default(
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
    facilities: dict[Facility, NonNegativeFloat] = Field(
        default_factory=dict, description="Rooms, grounds and equipment that are built with it."
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


class Investment(Section):
    """A dated investment in facilities, such as 180 multimedia sets in 2022."""

    date: dt.date = Field(description="The day, such as 2022-08-10.")
    item: Facility = Field(description="What is bought or built.")
    amount: Annotated[float, Field(gt=0)] = Field(description="m2, yuan, or rooms.")
    to: Literal["need", "pupils"] | Annotated[tuple[str, ...], Field(min_length=1)] = default(
        "need",
        "assumed",
        "To schools furthest below the threshold; to all, or to those named, by pupils.",
    )
    stage: Stage | None = default(None, "assumed", "Only for schools of this stage; null: both.")
    cost: NonNegativeFloat = default(0.0, "assumed", "What it costs, in the currency of `costs`.")

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        if self.item == "multimedia_rooms" and self.amount % 1:
            raise ValueError("amount: rooms are whole")
        if not isinstance(self.to, str) and len(set(self.to)) < len(self.to):
            raise ValueError("to: a school is named twice")
        return self


def _by_facility(description: str, **values: float) -> Any:
    return Field(
        default=values,
        description=description,
        json_schema_extra={"source": "assumed"},
    )


class Facilities(Section):
    """L4 to L7: rooms, sports grounds, equipment and multimedia classrooms, dated."""

    wear_per_year: dict[Facility, Share] = _by_facility(
        "Share that wears out in a year and is not replaced by running expenses."
    )
    kept_on_closing: dict[Facility, Annotated[float, Field(ge=0, le=1)]] = _by_facility(
        "Share of a closed school's facilities that goes to the schools which take its pupils.",
        equipment_yuan=1.0,
        multimedia_rooms=1.0,
    )
    investments: tuple[Investment, ...] = Field(default=(), description="In any order.")


class Duties(Section):
    """What staff and schools owe besides the ratios: training, certificates, posts by the norm."""

    training_hours_per_teacher: PositiveInt = default(
        360, "law", "Hours of training that each teacher needs in every window of years."
    )
    training_window_years: PositiveInt = default(5, "law", "Length of that window.")
    training_places_per_year: ByYear | None = default(
        None, "assumed", "Places in courses a year; null: as many as are needed."
    )
    training_hours_per_place: PositiveInt = default(72, "assumed", "Hours of one place.")
    training_before_start_share: Share = default(
        1.0, "assumed", "Share of the hours due before the first year that had been done."
    )
    certified_share: Share = default(
        1.0, "law", "Share of the staff at the baseline with a teaching certificate."
    )
    recruits_certified_share: Share = default(
        1.0, "law", "Share of recruits with a teaching certificate."
    )
    least_posts_per_grade: dict[Stage, NonNegativeFloat] = default(
        {"primary": 1.5, "junior": 2.7},
        "assumed",
        "Posts that a school has at least for each grade it teaches, however few its pupils.",
    )
    subject_shares: SubjectShares = default(
        SubjectShares(other=0.818, pe=0.093, music=0.045, art=0.044),
        "computed",
        "Shares of a school's posts by subject.",
    )


class Costs(Section):
    """What staff and policies cost; what has no price (0) is not counted."""

    currency: str = default("万元", "assumed", "In what the costs are given.")
    price_year: Year | None = default(None, "assumed", "The year whose prices these are.")
    pay_senior: Amount = default(0.0, "assumed", "Pay a year with a senior title (副高 and above).")
    pay_other: Amount = default(0.0, "assumed", "Pay a year of all others.")
    pay_recruit: Amount = default(0.0, "assumed", "Pay of recruits in their first year.")
    backbone_allowance: Amount = default(0.0, "assumed", "A year, for each backbone teacher.")
    rotation_allowance: Amount = default(0.0, "assumed", "For each teacher who rotates.")
    training_hour: Amount = default(0.0, "assumed", "An hour of training, for one teacher.")
    retraining: Amount = default(0.0, "assumed", "Retraining of one teacher for PE, music, art.")
    other: dict[Year, NonNegativeFloat] = default(
        {}, "plan", "Other spending by year, on which no rule acts."
    )
    per_unit: dict[str, NonNegativeFloat] = Field(
        default_factory=dict,
        description="Cost of one more unit of a number of this scenario over all years, by its "
        "dotted path, such as arts_pe.recruits_per_year.",
    )


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
    reallocation: Reallocation = Reallocation()
    degrees: dict[str, Completion] = Field(
        default_factory=dict, description="Rule 8: in-service degrees; one row an age band."
    )
    enrolment: Enrolment = Enrolment()
    network: tuple[NetworkEvent, ...] = Field(
        default=(), description="Rule 10: schools that open and close, in any order."
    )
    facilities: Facilities = Facilities()
    duties: Duties = Duties()
    costs: Costs = Costs()

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
