"""The schools of a synthetic baseline: sizes, places, facilities, staff, from stated priors.

Every total is exact. Draws are keyed by the baseline's seed and by purpose.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.special import ndtri

from workforce_sim.county import model
from workforce_sim.county.model import INDICATOR_OF, Schools
from workforce_sim.county.sampling import Floats, Ints, uniforms, whole_shares
from workforce_sim.county.spec import SyntheticBaseline, SyntheticSpec
from workforce_sim.law import load_standard
from workforce_sim.scenario.schema import AREAS, FACILITIES, STAGES

IN_A_UNIT = dict(zip(FACILITIES, (10, 10, 1, 1), strict=True))
"""Facilities come in such parts: tenths of a m2, yuan, rooms."""
SEAT, TOWN = AREAS.index("county_seat"), AREAS.index("town")


def build_schools(spec: SyntheticSpec) -> Schools:
    """Return the schools, stage by stage, the largest first."""
    names, parts = [], []
    for code, stage in enumerate(STAGES):
        n = spec.published.stage(stage).schools
        prefix, width = getattr(spec.synthetic.schools.names, stage), len(str(n))
        names += [f"{prefix}{i + 1:0{width}d}" for i in range(n)]
        sizes = school_sizes(spec, stage)
        area = school_areas(spec.synthetic, stage, sizes)
        x, y = school_places(spec.synthetic, stage, area)
        parts.append((np.full(n, code), area, x, y, by_grade(stage, sizes)))
    stages, areas, xs, ys, pupils = (np.concatenate(column) for column in zip(*parts, strict=True))
    schools = Schools(tuple(names), stages, areas, xs, ys, pupils)
    return replace(schools, facilities=school_facilities(spec, schools))


def school_sizes(spec: SyntheticSpec, stage: str) -> Ints:
    """Return the pupils of each school: log-normal quantiles, scaled to the stage's pupils."""
    counts, prior = spec.published.stage(stage), spec.synthetic.schools
    n = counts.schools
    if n == 0:
        return np.zeros(0, dtype=np.int64)
    quantiles = np.exp(prior.size_sigma[stage] * ndtri((n - np.arange(n) - 0.5) / n))
    least = min(prior.smallest_pupils, counts.pupils // n)
    most = load_standard().school_size.one_stage
    return whole_shares(quantiles, counts.pupils, np.full(n, least), np.full(n, most))


def by_grade(stage: str, sizes: Ints) -> Ints:
    """Return pupils by grade (S, 9), as even as whole numbers allow: in a school and in the county.

    The pupils left over go to one grade after the other, and the next school begins where this one
    ended.
    """
    first, grades = (0, model.PRIMARY_GRADES) if stage == "primary" else (model.PRIMARY_GRADES, 3)
    ends = np.cumsum(sizes)[:, None]
    grade = np.arange(grades)

    def up_to(pupil: Ints) -> Ints:
        return (pupil + grades - 1 - grade) // grades

    pupils = np.zeros((len(sizes), model.GRADES), dtype=np.int64)
    pupils[:, first : first + grades] = up_to(ends) - up_to(ends - sizes[:, None])
    return pupils


def school_areas(priors: SyntheticBaseline, stage: str, sizes: Ints) -> Ints:
    """Return the area type of each school: the larger, the nearer to the county seat, loosely."""
    n = len(sizes)
    shares = np.array([*getattr(priors.schools.areas, stage)])
    schools = whole_shares(shares + 1e-9, n, np.zeros(3, np.int64), np.full(3, n))
    noise = priors.schools.area_sigma * ndtri(uniforms(priors.seed, f"{stage} area", n))
    areas = np.empty(n, dtype=np.int64)
    areas[np.argsort(-(np.log(sizes) + noise), kind="stable")] = np.repeat(np.arange(3), schools)
    return areas


def school_places(priors: SyntheticBaseline, stage: str, areas: Ints) -> tuple[Floats, Floats]:
    """Return km east and north of the county seat.

    Townships lie on a spiral of equal areas around the seat (Vogel's). Every township has a town
    school before one has two; village schools lie around any of them.
    """
    radius = np.sqrt(priors.schools.area_km2 / np.pi)
    around = np.arange(priors.schools.townships)
    from_seat = 0.8 * radius * np.sqrt(around / max(len(around) - 1, 1))
    angle = around * np.pi * (3 - np.sqrt(5))
    outlying = max(len(around) - 1, 1)

    n = len(areas)
    u = uniforms(priors.seed, f"{stage} township", n)
    in_turn = np.cumsum(areas == TOWN) - 1
    township = np.select(
        [areas == SEAT, areas == TOWN], [0, in_turn % outlying + 1], 1 + u * outlying
    )
    township = np.minimum(township.astype(np.int64), len(around) - 1)
    # From the township's centre, in km: at the seat up to 2, in a town up to 1, a village 2 to 5.
    nearest, farthest = np.array([0.2, 0.1, 2.0])[areas], np.array([2.0, 1.0, 5.0])[areas]
    off = nearest + (farthest - nearest) * uniforms(priors.seed, f"{stage} distance", n)
    direction = 2 * np.pi * uniforms(priors.seed, f"{stage} direction", n)
    x = from_seat[township] * np.cos(angle[township]) + off * np.cos(direction)
    y = from_seat[township] * np.sin(angle[township]) + off * np.sin(direction)
    return np.round(x, 1), np.round(y, 1)


def build_staff(spec: SyntheticSpec, schools: Schools) -> Ints:
    """Return the staff of each school (S,): less than proportional to its pupils, with a noise."""
    prior, staff = spec.synthetic.staffing, np.zeros(len(schools), dtype=np.int64)
    for code, stage in enumerate(STAGES):
        here = schools.stage == code
        total, n = spec.published.stage(stage).staff, int(here.sum())
        if n == 0:
            continue
        noise = ndtri(uniforms(spec.synthetic.seed, f"{stage} staff", n))
        weight = schools.size[here] ** prior.pupils_exponent * np.exp(prior.sigma * noise)
        least = min(prior.smallest_staff, total // n)
        staff[here] = whole_shares(weight, total, np.full(n, least), np.full(n, total))
    return staff


def school_facilities(spec: SyntheticSpec, schools: Schools) -> Floats:
    """Return the facilities of each school (S, 4), NaN where none are published of its stage.

    Less than proportional to its pupils, with a noise; their sum is the published average times the
    pupils, to the tenth of a m2, to the yuan, to the room.
    """
    facilities = np.full((len(schools), len(FACILITIES)), np.nan)
    published, priors = spec.published.facilities, spec.synthetic.facilities
    if published is None or priors is None:
        return facilities
    for code, stage in enumerate(STAGES):
        here = schools.stage == code
        pupils, n = schools.size[here], int(here.sum())
        for column, (item, average) in enumerate(zip(FACILITIES, published[stage], strict=True)):
            if average is None or n == 0:
                continue
            per_pupils = load_standard().indicator(INDICATOR_OF[item]).per_pupils
            total = round(average * int(pupils.sum()) * IN_A_UNIT[item] / per_pupils)
            noise = ndtri(uniforms(spec.synthetic.seed, f"{stage} {item}", n))
            prior = priors[item]
            weight = pupils**prior.pupils_exponent * np.exp(prior.sigma * noise)
            least = min(1, total // n)
            shares = whole_shares(weight, total, np.full(n, least), np.full(n, total))
            facilities[here, column] = shares / IN_A_UNIT[item]
    return facilities
