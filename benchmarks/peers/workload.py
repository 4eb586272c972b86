"""The common workload as plain arrays, and the engine's counts in the measures of all programs."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MEASURES = (
    "staff",
    "primary staff",
    "backbone",
    "retired",
    "left otherwise",
    "hired",
    "moved",
    "degrees per 100 pupils, mean of the schools",
    "backbone per 100 pupils, mean of the schools",
    "specialists per 100 pupils, mean of the schools",
)
"""What is compared at each census; flows are those since the census before."""
PERSON = (
    *("sex", "birth", "school", "subject", "specialist", "qualified"),
    *("award", "service", "arrival", "legal"),
)
NEVER_AWARDED = -1
OLDEST = 1200
"""Months of age in the tables of hazards."""


@dataclass(frozen=True)
class Workload:
    """The county and the numbers of the common rules: see the package's docstring.

    Attributes
    ----------
    people : dict of PERSON to arrays (N,)
    stage : int8 (S,)
        0 primary, 1 junior; the schools of a stage stand side by side.
    pupils : int64 (years + 1, S)
        Row y is in force up to the census of year y, row y + 1 from then on.
    staff_needed : float64 (years, S)
        On the day of hiring.
    hazard : float64 (OLDEST,)
        Of leaving otherwise than by retirement, a month, by age in months.
    legal : int64 (2, months)
        Legal month of retirement of recruits by sex and by month of birth from ``first_birth`` on.
    """

    first_year: int
    years: int
    people: dict[str, NDArray[Any]]
    stage: NDArray[np.int8]
    pupils: NDArray[np.int64]
    staff_needed: NDArray[np.float64]
    hazard: NDArray[np.float64]
    legal: NDArray[np.int64]
    first_birth: int
    term_months: int
    renewed: float
    places: int
    service_months: int
    backbone_below: int  # months of age, as are all that follow
    leavers_a_post: int
    filled: float
    youngest: int
    recruit_ages: int
    women: float
    subjects: tuple[float, ...]
    bachelors: float
    rotated: float
    rotation_below: tuple[int, int]  # men, women
    at_school: int
    to_retirement: int

    @property
    def first_month(self) -> int:
        return 12 * self.first_year

    @property
    def end(self) -> int:
        return self.first_month + 12 * self.years

    @property
    def schools(self) -> int:
        return len(self.stage)

    @property
    def cumulative(self) -> NDArray[np.float64]:
        """The hazards of all younger months together, by age in months: (OLDEST + 1,)."""
        return np.concatenate([[0.0], np.cumsum(self.hazard)])

    @property
    def risk(self) -> NDArray[np.float64]:
        """The chance to leave within the month, by age in months: (OLDEST,)."""
        return -np.expm1(-self.hazard)

    @classmethod
    def load(cls, path: Path) -> Workload:
        with path.open("rb") as file:
            return pickle.load(file)


def write(path: Path) -> None:
    """Write the workload that benchmarks/common.yaml says to a file."""
    with path.open("wb") as file:
        pickle.dump(of_the_engine(), file)


def of_the_engine() -> Workload:
    from benchmarks.peers.engine import common
    from workforce_sim.law import CATEGORIES, legal_retirement_month, load_standard
    from workforce_sim.scenario.schema import STAGES
    from workforce_sim.simulation.block import set_up, simulate_block
    from workforce_sim.simulation.policies.exits import hazards

    scenario, county = common()
    world = set_up(scenario, county, 0, range(1))
    people = world.pool.people
    roster = slice(0, len(county.roster.sex))
    bands = hazards(world)
    age = np.searchsorted(bands.edges, np.arange(OLDEST), side="right") - 1
    enrolled = simulate_block(scenario, county, 0, range(1)).pupils[:, 0].astype(np.int64)
    pupils = np.concatenate([county.schools.size[None], enrolled])
    a_teacher = np.array([load_standard().pupils_per_teacher[stage] for stage in STAGES])
    rule, numbers = scenario, {path: float(value[0]) for path, value in world.numbers.items()}
    youngest = 12 * rule.recruits.youngest_age
    ages = 12 * (rule.recruits.oldest_age - rule.recruits.youngest_age + 1)
    births = np.arange(12 * scenario.years.first - youngest - ages, 12 * scenario.years.last)
    categories = np.array([[CATEGORIES.index("male")], [CATEGORIES.index("female55")]])
    shares = [numbers[f"recruits.subjects.{s}"] for s in ("other", "pe", "music", "art")]
    return Workload(
        first_year=scenario.years.first,
        years=len(scenario.years.range),
        people={name: getattr(people, name)[0, roster].copy() for name in PERSON},
        stage=county.schools.stage,
        pupils=pupils,
        staff_needed=pupils[:-1] / a_teacher[county.schools.stage],
        hazard=bands.rate[0, 0].sum(axis=1)[age],
        legal=legal_retirement_month(categories, births).astype(np.int64),
        first_birth=int(births[0]),
        term_months=12 * rule.backbone.term_years,
        renewed=numbers["backbone.renewed_share"],
        places=rule.backbone.places.at(scenario.years.first),
        service_months=12 * rule.backbone.min_service_years,
        backbone_below=12 * (rule.backbone.max_age + 1),
        leavers_a_post=rule.replacement.leavers,
        filled=numbers["filling.general.town"],
        youngest=youngest,
        recruit_ages=ages,
        women=numbers["recruits.women_share"],
        subjects=tuple(shares),
        bachelors=numbers["recruits.bachelor_share"],
        rotated=numbers["rotation.share"],
        rotation_below=tuple(
            12 * (limit + 1) for limit in (rule.rotation.max_age.male, rule.rotation.max_age.female)
        ),
        at_school=12 * rule.rotation.min_years_at_school,
        to_retirement=12 * rule.rotation.min_years_to_retirement,
    )
