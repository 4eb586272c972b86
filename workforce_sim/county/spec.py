"""What ``county.yaml`` says: published counts, stated ratios, and either tables or priors.

The priors fill in what is not published, for a synthetic baseline; a county with a roster and a
school table needs none. Every figure has a label that says where it comes from: a section's
``source``, or ``sources`` for single figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Self, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    NonNegativeFloat,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    model_validator,
)

from workforce_sim.law import CATEGORIES, load_standard, old_age_months, parse_month
from workforce_sim.scenario.forms import FileName, Section, Source
from workforce_sim.scenario.schema import AREAS, ARTS_PE, STAGES

Fraction = Annotated[float, Field(ge=0, le=1)]
Month = Annotated[int, BeforeValidator(lambda text: parse_month(str(text)))]
"""A month, written YYYY-MM."""

ByAge = Annotated[dict[NonNegativeInt, NonNegativeFloat], Field(min_length=1)]
"""Values at some ages; in between they go in a straight line, beyond they stay."""

OddsByAge = Annotated[dict[NonNegativeInt, PositiveFloat], Field(min_length=1)]

LABELS: tuple[str, ...] = (*get_args(Source), "bureau")
"""Labels of sources; ``bureau``: what a county's own workbook says."""

Place = tuple[str | int, ...]


class Part(BaseModel):
    """A part of a section; its figures have the section's source."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Sourced(Section):
    """A section in which every figure has a source, and the source begins with a known label."""

    @model_validator(mode="after")
    def _figures_have_a_source(self) -> Self:
        labels = [("source", self.source), *(("sources", label) for label in self.sources.values())]
        for key, label in labels:
            if label is not None and re.split(r"\W", label, maxsplit=1)[0] not in LABELS:
                raise ValueError(f"{key}: {label!r} does not begin with one of {', '.join(LABELS)}")
        if self.source is None:
            without = [name for name in type(self).model_fields if self._needs_source(name)]
            if without:
                raise ValueError(f"no source is given for {', '.join(without)}")
        return self

    def _needs_source(self, name: str) -> bool:
        if name in ("source", "sources") or name in self.sources:
            return False
        value = getattr(self, name)
        return name in self.model_fields_set and not isinstance(value, Section | None)


# --- published -----------------------------------------------------------------------------------


class StageCounts(Part):
    """The counts of one stage."""

    schools: NonNegativeInt
    pupils: NonNegativeInt
    staff: NonNegativeInt = Field(description="教职工.")
    degree: NonNegativeInt = Field(description="Staff with 本科 and above.")
    backbone: NonNegativeInt = Field(
        description="Backbone teachers (骨干教师), county level and up."
    )


class SubjectCounts(Part):
    """Teachers of a subject, and those of them who are trained in it; both stages together."""

    teachers: NonNegativeInt
    specialists: NonNegativeInt


class SubjectsCounts(Part):
    """PE, music and art."""

    pe: SubjectCounts
    music: SubjectCounts
    art: SubjectCounts


class SpecialSchools(Part):
    """Special-education schools (特殊教育学校): on the books, not simulated."""

    schools: NonNegativeInt
    pupils: NonNegativeInt
    staff: NonNegativeInt


NO_SPECIAL_SCHOOLS = SpecialSchools(schools=0, pupils=0, staff=0)


class FacilityAverages(Part):
    """Facilities for each pupil of a stage, or for 100 pupils, as the county writes them."""

    rooms_m2: NonNegativeFloat | NonNegativeInt | None = None
    sports_m2: NonNegativeFloat | NonNegativeInt | None = None
    equipment_yuan: NonNegativeFloat | NonNegativeInt | None = None
    multimedia_rooms_per_100: NonNegativeFloat | NonNegativeInt | None = None

    def __iter__(self) -> Iterator[float | None]:  # type: ignore[override]
        """Yield the averages in the order of ``FACILITIES``."""
        return (getattr(self, name) for name in FACILITY_AVERAGES)


FACILITY_AVERAGES = tuple(FacilityAverages.model_fields)
"""The names of the averages, in the order of ``FACILITIES``."""


class StageFacilities(Part):
    """The averages of each stage."""

    primary: FacilityAverages = FacilityAverages()
    junior: FacilityAverages = FacilityAverages()

    def __getitem__(self, stage: str) -> FacilityAverages:
        """Return the averages of a stage."""
        averages: FacilityAverages = getattr(self, stage)
        return averages


class Published(Sourced):
    """The counts that the county publishes; the baseline reproduces each of them."""

    primary: StageCounts
    junior: StageCounts
    arts_pe: SubjectsCounts
    special: SpecialSchools = NO_SPECIAL_SCHOOLS
    facilities: StageFacilities | None = Field(
        default=None, description="Averages of rooms, sports grounds, equipment (L4 to L7)."
    )

    def stage(self, stage: str) -> StageCounts:
        """Return the counts of a stage."""
        counts: StageCounts = getattr(self, stage)
        return counts

    def subject(self, subject: str) -> SubjectCounts:
        """Return the counts of PE, music or art."""
        counts: SubjectCounts = getattr(self.arts_pe, subject)
        return counts


class StatedStage(Part):
    """Ratios that the county states of a stage, as it writes them."""

    degree_percent: float | int | None = None
    degree_per_100_pupils: float | int | None = None
    backbone_per_100_pupils: float | int | None = None


class Stated(Sourced):
    """Totals and ratios that the county states; they are compared with the counts, never used."""

    staff: NonNegativeInt | None = None
    primary: StatedStage = StatedStage()
    junior: StatedStage = StatedStage()
    specialists_per_100_pupils: float | int | None = Field(
        default=None, description="Of PE and the arts, both stages together."
    )


NOTHING_STATED = Stated()


class Goals(Sourced):
    """Where the county means its schools to be (学校布局): least shares of schools and pupils."""

    primary_in_towns_share: Fraction | None = Field(
        default=None, description="Of the primary stage, in towns or the county seat."
    )
    junior_in_county_seat_share: Fraction | None = Field(
        default=None, description="Of the junior stage, in the county seat."
    )


NO_GOALS = Goals()


# --- priors --------------------------------------------------------------------------------------


class StageValues(Part):
    """A value for each stage."""

    primary: NonNegativeFloat
    junior: NonNegativeFloat

    def __getitem__(self, stage: str) -> float:
        """Return the value of a stage."""
        value: float = getattr(self, stage)
        return value


class StageFractions(StageValues):
    """A share for each stage."""

    primary: Fraction
    junior: Fraction


class AreaValues(Part):
    """A value for each area type."""

    county_seat: NonNegativeFloat
    town: NonNegativeFloat
    village: NonNegativeFloat

    def __iter__(self) -> Iterator[float]:  # type: ignore[override]
        """Yield the values in the order of ``AREAS``."""
        return (getattr(self, area) for area in AREAS)


class StageAreas(Part):
    """Shares of a stage's schools by area type."""

    primary: AreaValues
    junior: AreaValues


class Names(Part):
    """What schools without a published name are called; a number follows, the largest first."""

    primary: str = Field(min_length=1)
    junior: str = Field(min_length=1)


class SchoolPriors(Sourced):
    """Schools: their sizes and places."""

    names: Names
    area_km2: PositiveFloat
    townships: PositiveInt = Field(description="Towns and townships, the county seat among them.")
    size_sigma: StageValues = Field(description="Sd of the logarithm of pupils a school.")
    smallest_pupils: PositiveInt = Field(description="No school is smaller, if the pupils suffice.")
    areas: StageAreas = Field(description="Shares of schools; the larger ones are nearer the seat.")
    area_sigma: NonNegativeFloat = Field(
        description="How loosely area follows size: sd of a noise on the logarithm of the pupils."
    )


class StaffingPriors(Sourced):
    """Staff of each school: in proportion to pupils ** ``pupils_exponent``."""

    pupils_exponent: NonNegativeFloat = Field(
        le=2, description="Below 1: small schools have more staff for each pupil."
    )
    sigma: NonNegativeFloat = Field(description="Sd of a noise on its logarithm.")
    smallest_staff: PositiveInt = Field(description="No school has fewer, if the staff suffice.")


class FacilityPrior(Part):
    """One item of facilities: in proportion to pupils ** ``pupils_exponent``."""

    pupils_exponent: NonNegativeFloat = Field(
        le=2, description="Below 1: small schools have more for each pupil."
    )
    sigma: NonNegativeFloat = Field(description="Sd of a noise on its logarithm.")


class FacilityPriors(Sourced):
    """Facilities of each school, whose averages are those published."""

    rooms_m2: FacilityPrior
    sports_m2: FacilityPrior
    equipment_yuan: FacilityPrior
    multimedia_rooms: FacilityPrior

    def __getitem__(self, item: str) -> FacilityPrior:
        """Return the prior of one of ``FACILITIES``."""
        prior: FacilityPrior = getattr(self, item)
        return prior


class AgeBand(Part):
    """Shares of the staff in a band of ages."""

    ages: tuple[Annotated[int, Field(ge=18)], PositiveInt] = Field(
        description="From this age, below that age, in years."
    )
    primary: Fraction
    junior: Fraction

    def __getitem__(self, stage: str) -> float:
        """Return the share of a stage."""
        share: float = getattr(self, stage)
        return share


class AgePriors(Sourced):
    """Ages, before calibration."""

    bands: Annotated[tuple[AgeBand, ...], Field(min_length=1)]


class Calibration(Sourced):
    """Shares of staff are moved from young to old until so many retire in a year."""

    retirements: NonNegativeInt = Field(
        description="Statutory retirements in the year, senior women at 60."
    )
    year: int = Field(ge=1950, le=2150)
    from_below_age: PositiveInt = Field(description="Taken from those below this age ...")
    to_age: PositiveInt = Field(description="... and given to those from this age on.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_below_age > self.to_age:
            raise ValueError("from_below_age is above to_age")
        return self


class WomenPriors(Sourced):
    """Women."""

    share: StageFractions
    odds_by_age: OddsByAge = Field(description="Women for each man, against other ages.")
    stay_share: Annotated[float, Field(gt=0, le=1)] = Field(
        description="Factor on these odds past the age at which all but senior women retire."
    )


class SeniorPriors(Sourced):
    """Senior titles (副高 and above)."""

    share: StageFractions
    weight_by_age: ByAge


class WorkerPriors(Sourced):
    """Worker posts (工勤); women in them retire at 50."""

    share: StageFractions


class DegreePriors(Sourced):
    """Degrees: who has them, and what the others have."""

    weight_by_age: ByAge = Field(description="How likely 本科 and above, against other ages.")
    weight_by_area: AreaValues
    master_share: StageFractions = Field(description="Among those with 本科 and above.")
    below_associate_share: StageFractions = Field(description="Among the others.")


class ServicePriors(Sourced):
    """Entry to service, and to the present school."""

    earliest_age: ByAge = Field(description="Youngest age at entry, by the age of today.")
    spread_years: NonNegativeFloat = Field(description="Entry at most so much later.")
    mean_years_at_school: PositiveFloat = Field(description="Mean of an exponential distribution.")


class BackbonePriors(Sourced):
    """Backbone teachers: who they are, and when they were selected."""

    min_service_years: NonNegativeInt
    max_age: PositiveInt = Field(description="Oldest age at the award.")
    years_back: PositiveInt = Field(description="Awards are spread over so many past years.")
    month: Annotated[int, Field(ge=1, le=12)] = Field(description="Month of the year of the award.")
    weight_by_age: ByAge
    weight_by_area: AreaValues


class ArtsPEPriors(Sourced):
    """Teachers of PE, music and art, and the specialists among them."""

    sigma: NonNegativeFloat = Field(
        description="Schools have them by pupils, with this sd of a noise on the logarithm."
    )
    specialist_weight_by_age: ByAge
    specialist_weight_by_area: AreaValues


class SyntheticBaseline(Sourced):
    """The priors of a synthetic baseline; they stand where nothing is published."""

    seed: NonNegativeInt = Field(description="Of the baseline; a run has its own.")
    schools: SchoolPriors
    staffing: StaffingPriors
    facilities: FacilityPriors | None = None
    ages: AgePriors
    calibration: Calibration | None = None
    women: WomenPriors
    senior_titles: SeniorPriors
    worker_posts: WorkerPriors
    degrees: DegreePriors
    service: ServicePriors
    backbone: BackbonePriors
    arts_pe: ArtsPEPriors


class Tables(Part):
    """The files of an imported county, beside this one."""

    roster: FileName
    schools: FileName
    synthetic: tuple[str, ...] = Field(
        default=(), description="What in them is not real: keys of the words in section synthetic."
    )


class CountySpec(Section):
    """What every ``county.yaml`` says; the baseline comes from priors or from tables."""

    name: str = Field(min_length=1)
    name_en: str = Field(min_length=1)
    census: Month = Field(
        description="The baseline is as at the end of this month; a run begins in the next year."
    )
    stated: Stated = NOTHING_STATED
    goals: Goals = NO_GOALS


class SyntheticSpec(CountySpec):
    """A ``county.yaml`` with ``synthetic:``: published counts, and priors for the rest."""

    published: Published
    synthetic: SyntheticBaseline


class TabledSpec(CountySpec):
    """A ``county.yaml`` with ``tables:``: an imported roster and school table."""

    published: Published | None = None
    special: SpecialSchools = NO_SPECIAL_SCHOOLS
    tables: Tables


# --- does it fit together? -----------------------------------------------------------------------


def inconsistencies(spec: SyntheticSpec) -> Iterator[tuple[Place, str]]:
    """Yield each place in which the figures contradict each other, and how."""
    for stage in STAGES:
        yield from _of_stage(spec, stage)
    if spec.published.facilities is not None and spec.synthetic.facilities is None:
        yield ("published", "facilities"), "section synthetic has no priors of facilities"
    yield from _of_subjects(spec.published)
    yield from _of_areas(spec.synthetic.schools.areas)
    yield from _of_ages(spec)
    if not any(spec.published.stage(stage).schools for stage in STAGES):
        yield ("published",), "neither stage has a school"


def _of_stage(spec: SyntheticSpec, stage: str) -> Iterator[tuple[Place, str]]:
    counts = spec.published.stage(stage)
    here: Place = ("published", stage)
    limit = load_standard().school_size.one_stage
    if counts.schools == 0 and (counts.pupils or counts.staff):
        yield (*here, "schools"), f"no schools for {counts.pupils} pupils and {counts.staff} staff"
        return
    if counts.pupils < counts.schools:
        yield (
            (*here, "pupils"),
            f"{counts.pupils} pupils in {counts.schools} schools: some school would have none",
        )
    if counts.pupils > limit * counts.schools:
        yield (
            (*here, "pupils"),
            f"{counts.pupils} pupils do not fit into {counts.schools} schools of at most {limit}",
        )
    if counts.pupils and not counts.staff:
        yield (*here, "staff"), f"no staff for {counts.pupils} pupils"
    elif counts.staff < counts.schools:
        yield (
            (*here, "staff"),
            f"{counts.staff} staff in {counts.schools} schools: some school would have nobody",
        )
    for part in ("degree", "backbone"):
        if getattr(counts, part) > counts.staff:
            yield (*here, part), f"{getattr(counts, part)} of {counts.staff} staff"


def _of_subjects(published: Published) -> Iterator[tuple[Place, str]]:
    teachers = 0
    for subject in ARTS_PE:
        counts = published.subject(subject)
        teachers += counts.teachers
        if counts.specialists > counts.teachers:
            yield (
                ("published", "arts_pe", subject, "specialists"),
                f"{counts.specialists} specialists among {counts.teachers} teachers",
            )
    staff = sum(published.stage(stage).staff for stage in STAGES)
    if teachers > staff:
        yield (
            ("published", "arts_pe"),
            f"{teachers} teachers of PE, music and art among {staff} staff",
        )


def _of_areas(areas: StageAreas) -> Iterator[tuple[Place, str]]:
    for stage in STAGES:
        total = sum(getattr(areas, stage))
        if abs(total - 1) > 1e-6:
            yield (
                ("synthetic", "schools", "areas", stage),
                f"the shares sum to {total:g}, not to 1",
            )


def _of_ages(spec: SyntheticSpec) -> Iterator[tuple[Place, str]]:
    here: Place = ("synthetic", "ages", "bands")
    bands = spec.synthetic.ages.bands
    oldest = int(old_age_months(CATEGORIES.index("male"))) // 12
    for i, band in enumerate(bands):
        first, below = band.ages
        if first >= below:
            yield (*here, i, "ages"), "ages are written [from, below], the first smaller"
        if i and first != bands[i - 1].ages[1]:
            yield (
                (*here, i, "ages"),
                f"begins at {first}; the band before ends at {bands[i - 1].ages[1]}",
            )
    if bands[-1].ages[1] > oldest:
        yield (
            (*here, len(bands) - 1, "ages"),
            f"nobody of {oldest} or older is on the roster: the law retires them",
        )
    for stage in STAGES:
        total = sum(band[stage] for band in bands)
        if abs(total - 1) > 1e-6:
            yield here, f"the shares of {stage} sum to {total:g}, not to 1"
