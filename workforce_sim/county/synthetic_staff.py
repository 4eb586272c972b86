"""The staff of a synthetic baseline: who they are, and what they have, from stated priors.

Each step chooses exactly as many as are published, or as a prior's share says, by weight.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from workforce_sim.county import model
from workforce_sim.county.model import Roster, Schools
from workforce_sim.county.sampling import Floats, Ints, choose, uniforms, whole_shares
from workforce_sim.county.spec import (
    AgePriors,
    AreaValues,
    ArtsPEPriors,
    BackbonePriors,
    ByAge,
    Calibration,
    DegreePriors,
    Place,
    SeniorPriors,
    ServicePriors,
    StageValues,
    SyntheticSpec,
    WomenPriors,
    WorkerPriors,
)
from workforce_sim.law import CATEGORIES, legal_retirement_month
from workforce_sim.scenario.schema import ARTS_PE, STAGES

Bools = npt.NDArray[np.bool_]
Draw = Callable[[str], Floats]
"""Uniform numbers for a purpose, one a person."""

AUGUST = 8
"""In this month one enters service and comes to a school: the run hires and rotates in it."""
LAST_RESORT = 1e-6
"""Weight of staff in worker posts where teachers are chosen: only if there is nobody else."""

FEMALE55, FEMALE50 = CATEGORIES.index("female55"), CATEGORIES.index("female50")


class ImpossibleError(Exception):
    """The priors cannot give a number that is asked for; ``place`` is the figure's place."""

    def __init__(self, place: Place, message: str) -> None:
        self.place = place
        super().__init__(message)


@dataclass(frozen=True)
class People:
    """What decides when somebody retires: arrays (N,); ages in years at the end of the census."""

    age: Floats
    sex: Ints
    senior: Bools
    worker: Bools


def build_roster(spec: SyntheticSpec, schools: Schools, staff: Ints) -> Roster:
    """Return the staff, school by school; ``staff`` (S,) says how many each has."""
    school = np.repeat(np.arange(len(schools)), staff)
    stage = schools.stage[school].astype(np.int64)
    area = schools.area[school].astype(np.int64)

    def draw(purpose: str) -> Floats:
        return uniforms(spec.synthetic.seed, purpose, len(school))

    priors, published = spec.synthetic, spec.published
    people = calibrated(spec, stage, draw)
    service = entry_to_service(priors.service, spec.census, people.age, draw)
    arrival = arrival_at_school(priors.service, spec.census, service, draw)
    teachers = [published.subject(name).teachers for name in ARTS_PE]
    subject = subjects(priors.arts_pe, priors.seed, schools, school, people, teachers, draw)
    trained = [0, *(published.subject(name).specialists for name in ARTS_PE)]
    have = np.array([published.stage(name).degree for name in STAGES])
    return Roster(
        sex=people.sex.astype(np.int8),
        birth=birth_month(people.age, spec.census).astype(np.int32),
        school=school.astype(np.int16),
        subject=subject.astype(np.int8),
        specialist=specialists(priors.arts_pe, subject, people, area, np.array(trained), draw),
        degree=degrees(priors.degrees, stage, people, area, have, draw).astype(np.int8),
        senior_title=people.senior,
        worker_post=people.worker,
        service=service.astype(np.int32),
        arrival=arrival.astype(np.int32),
        award=awards(spec, stage, people, area, service, draw).astype(np.int32),
    )


# --- age, sex, title, post -----------------------------------------------------------------------


def calibrated(spec: SyntheticSpec, stage: Ints, draw: Draw) -> People:
    """Return the staff whose retirements in the calibration's year are as many as it says.

    A share of the staff, the same in both stages, is moved from young to old; bisection finds it.
    The number of retirements is whole and can jump past the wanted one: then the nearest is kept,
    and the reconciliation shows it.
    """
    calibration = spec.synthetic.calibration
    people_with = _people_with(spec, stage, draw)
    if calibration is None:
        return people_with(0.0)
    wanted = calibration.retirements

    def missing(moved: float) -> int:
        return wanted - retirements(people_with(moved), calibration.year, spec.census)

    low, high = movable(spec.synthetic.ages, calibration, stage)
    most_missing, least_missing = missing(low), missing(high)
    if most_missing < 0 or least_missing > 0:
        raise ImpossibleError(
            ("synthetic", "calibration", "retirements"),
            f"{wanted} retirements in {calibration.year} are out of reach: the other priors allow "
            f"from {wanted - most_missing} to {wanted - least_missing}",
        )
    tried = {abs(most_missing): low, abs(least_missing): high}
    for _ in range(50):
        if 0 in tried:
            break
        middle = (low + high) / 2
        gap = missing(middle)
        tried[abs(gap)] = middle
        low, high = (middle, high) if gap > 0 else (low, middle)
    return people_with(tried[min(tried)])


def _people_with(spec: SyntheticSpec, stage: Ints, draw: Draw) -> Callable[[float], People]:
    """Return the function from the share moved to the staff; its draws are made once.

    Sex comes first, by a prior's share; ages then follow the bands and, within them, the odds of a
    woman at each age. A woman past the age at which the others retire has a senior title.
    """
    priors, census = spec.synthetic, spec.census
    number = np.bincount(stage, minlength=len(STAGES))
    women = quota(priors.women.share, number)
    woman = choose(draw("sex"), np.ones(len(stage)), stage, women)
    sex = np.where(woman, model.FEMALE, model.MALE)
    position = evenly(draw("age"), draw("age within"), 2 * stage + sex)
    for_title, for_post = draw("senior title"), draw("worker post")

    def people_with(moved: float) -> People:
        age = np.empty(len(stage))
        for code in np.unique(stage):
            distribution = age_distribution(priors.ages, priors.calibration, STAGES[code], moved)
            share = women_by_age(priors.women, distribution, women[code] / number[code], census)
            for of_sex, part in ((woman, share), (~woman, 1 - share)):
                here = of_sex & (stage == code)
                age[here] = distribution.part(part).quantile(position[here])
        senior = senior_titles(priors.senior_titles, census, age, woman, stage, for_title)
        worker = worker_posts(priors.worker_posts, census, age, woman, senior, stage, for_post)
        return People(age, sex, senior, worker)

    return people_with


def senior_titles(
    prior: SeniorPriors, census: int, age: Floats, woman: Bools, stage: Ints, u: Floats
) -> Bools:
    """Return who has a senior title: among them the women whom only that still keeps in service."""
    must = woman & (legal_retirement_month(FEMALE55, birth_month(age, census)) <= census)
    weight = np.where(must, np.inf, at_age(prior.weight_by_age, age))
    seniors = quota(prior.share, np.bincount(stage, minlength=len(STAGES)))
    return choose(u, weight, stage, seniors) | must


def worker_posts(
    prior: WorkerPriors,
    census: int,
    age: Floats,
    woman: Bools,
    senior: Bools,
    stage: Ints,
    u: Floats,
) -> Bools:
    """Return who is in a worker post: nobody with a senior title, no woman past the age of 50."""
    gone = legal_retirement_month(FEMALE50, birth_month(age, census)) <= census
    may = ~senior & ~(woman & gone)
    workers = quota(prior.share, np.bincount(stage, minlength=len(STAGES)))
    return choose(u, may.astype(float), stage, workers)


def quota(share: StageValues, number: Ints) -> Ints:
    """Return how many the share of each stage's ``number`` is, rounded."""
    wanted = [share[name] * number[code] for code, name in enumerate(STAGES)]
    return np.rint(wanted).astype(np.int64)


def evenly(order: Floats, within: Floats, group: Ints) -> Floats:
    """Return positions between 0 and 1 that cover each group evenly, one a person in its slice.

    ``order`` decides whose slice is whose, ``within`` the place in it.
    """
    ranked = np.lexsort((order, group))
    size = np.bincount(group)
    first = np.cumsum(size) - size
    position = np.empty(len(group))
    in_order = group[ranked]
    position[ranked] = (np.arange(len(group)) - first[in_order] + within[ranked]) / size[in_order]
    return position


@dataclass(frozen=True)
class Ages:
    """A distribution of ages: the share of each month of age from ``youngest`` (in years) on."""

    youngest: int
    share: Floats

    @property
    def years(self) -> Floats:
        """The middle of each month of age, in years."""
        return self.youngest + (np.arange(len(self.share)) + 0.5) / 12

    def part(self, share: Floats) -> Ages:
        """Return the distribution of those who are ``share`` of each month of age."""
        return Ages(self.youngest, self.share * share)

    def quantile(self, position: Floats) -> Floats:
        """Return the ages, in years, below which these parts of all are."""
        below = np.concatenate([[0.0], np.cumsum(self.share)])
        months = np.interp(position * below[-1], below, np.arange(len(below)))
        return np.asarray(self.youngest + months / 12)


def age_distribution(
    ages: AgePriors, calibration: Calibration | None, stage: str, moved: float
) -> Ages:
    """Return the ages of a stage's staff, all ages in a band alike, with a share of them moved."""
    share = np.concatenate(
        [
            np.full(12 * (below - first), band[stage] / (12 * (below - first)))
            for band in ages.bands
            for first, below in [band.ages]
        ]
    )
    result = Ages(ages.bands[0].ages[0], share)
    if calibration is not None and moved != 0:
        young, old = young_and_old(result, calibration)
        share[young] *= 1 - moved / share[young].sum()
        share[old] *= 1 + moved / share[old].sum()
    return result


def young_and_old(ages: Ages, calibration: Calibration) -> tuple[Bools, Bools]:
    """Return the months of age that the calibration takes from, and those that it gives to."""
    return ages.years < calibration.from_below_age, ages.years > calibration.to_age


def movable(ages: AgePriors, calibration: Calibration, stage: Ints) -> tuple[float, float]:
    """Return the least and the most that can be moved: all of the old (negative), all the young."""
    least, most = -1.0, 1.0
    for code in np.unique(stage):
        distribution = age_distribution(ages, None, STAGES[code], 0.0)
        young, old = (distribution.share[x].sum() for x in young_and_old(distribution, calibration))
        if young == 0 or old == 0:
            return 0.0, 0.0
        least, most = max(least, -old), min(most, young)
    return float(least), float(most)


def women_by_age(prior: WomenPriors, ages: Ages, share: float, census: int) -> Floats:
    """Return the share of women at each month of age; over all ages it is ``share``.

    The odds of a woman go with age as the prior says, and drop where women without a senior title
    have retired.
    """
    odds = at_age(prior.odds_by_age, ages.years)
    retired = legal_retirement_month(FEMALE55, birth_month(ages.years, census)) <= census
    odds = np.where(retired, odds * prior.stay_share, odds)
    if share in (0.0, 1.0):
        return np.full(len(odds), share)

    def women(factor: float) -> Floats:
        return np.asarray(odds * factor / (1 + odds * factor))

    low, high = -40.0, 40.0  # logarithms of the factor; bisection
    for _ in range(60):
        middle = (low + high) / 2
        if ages.share @ women(np.exp(middle)) < share * ages.share.sum():
            low = middle
        else:
            high = middle
    return women(np.exp(high))


def retirements(people: People, year: int, census: int) -> int:
    """Count those whose statutory retirement month is in ``year``."""
    category = model.retirement_category(people.sex, people.senior, people.worker)
    legal = legal_retirement_month(category, birth_month(people.age, census))
    return int((legal // 12 == year).sum())


def birth_month(age: Floats, census: int) -> Ints:
    """Return the month of birth of those who have an age at the end of the census month."""
    return census - np.floor(age * 12).astype(np.int64)


def at_age(values: ByAge, age: Floats) -> Floats:
    """Return a prior's value at each age: a straight line between the ages that it gives."""
    known = sorted(values)
    return np.interp(age, known, [values[a] for a in known])


# --- career --------------------------------------------------------------------------------------


def last_before(census: int, month: int) -> int:
    """Return the last such month of a year, 1 to 12, that is not after the census."""
    return census - (census - (month - 1)) % 12


def entry_to_service(prior: ServicePriors, census: int, age: Floats, draw: Draw) -> Ints:
    """Return the month of entry to service of each, an August."""
    last = last_before(census, AUGUST)
    longest = np.maximum(age - (census - last) / 12 - at_age(prior.earliest_age, age), 0)
    # The square makes entry soon after the earliest age more common.
    later = np.minimum(prior.spread_years, longest) * draw("entry age") ** 2
    return np.asarray(last - 12 * np.floor(longest - later).astype(np.int64))


def arrival_at_school(prior: ServicePriors, census: int, service: Ints, draw: Draw) -> Ints:
    """Return the month of arrival at the present school: an August, or the entry to service."""
    years = np.floor(-prior.mean_years_at_school * np.log(draw("years at school")))
    return np.maximum(service, last_before(census, AUGUST) - 12 * years.astype(np.int64))


def awards(
    spec: SyntheticSpec, stage: Ints, people: People, area: Ints, service: Ints, draw: Draw
) -> Ints:
    """Return the month of each backbone teacher's award, -1 of the others."""
    prior = spec.synthetic.backbone
    met = met_at_past_awards(prior, spec.census, people, service)
    weight = award_weight(prior, people, area, met)
    wanted = np.array([spec.published.stage(name).backbone for name in STAGES])
    found = np.bincount(stage[weight > 0], minlength=len(STAGES))
    for code, name in enumerate(STAGES):
        if wanted[code] > found[code]:
            raise ImpossibleError(
                ("published", name, "backbone"),
                f"{wanted[code]} backbone teachers, but the priors leave only {found[code]} of the "
                f"staff eligible ({prior.min_service_years} years of service, at most "
                f"{prior.max_age} years old, in the last {prior.years_back} years)",
            )
    chosen = choose(draw("backbone"), weight, stage, wanted)
    return np.where(chosen, award_month(prior, spec.census, met, draw("award")), model.NO_MONTH)


def past_awards(prior: BackbonePriors, census: int) -> Ints:
    """Return the months of the past awards, the last one first: (A,)."""
    return last_before(census, prior.month) - 12 * np.arange(prior.years_back)


def met_at_past_awards(prior: BackbonePriors, census: int, people: People, service: Ints) -> Bools:
    """Say who met the conditions, service and age, at which of the past awards: (N, A)."""
    past = past_awards(prior, census)
    birth = birth_month(people.age, census)
    return np.asarray(
        (service[:, None] + 12 * prior.min_service_years <= past)
        & (birth[:, None] + 12 * (prior.max_age + 1) > past)
    )


def award_weight(prior: BackbonePriors, people: People, area: Ints, met: Bools) -> Floats:
    """Return how likely each is a backbone teacher; 0 of those who never met the conditions."""
    weight = at_age(prior.weight_by_age, people.age) * by_area(prior.weight_by_area, area)
    return np.where(met.any(axis=1) & ~people.worker, weight, 0.0)


def award_month(prior: BackbonePriors, census: int, met: Bools, u: Floats) -> Ints:
    """Return the month of an award: each of those that were met is equally likely to have been."""
    nth = np.floor(u * met.sum(axis=1)).astype(np.int64)
    which = np.argmax(np.cumsum(met, axis=1) > nth[:, None], axis=1)
    return np.asarray(past_awards(prior, census)[which])


# --- degree and subject --------------------------------------------------------------------------


def degrees(
    prior: DegreePriors, stage: Ints, people: People, area: Ints, have: Ints, draw: Draw
) -> Ints:
    """Return the degree of each; ``have`` (stages,) of them have 本科 and above."""
    weight = np.maximum(
        at_age(prior.weight_by_age, people.age) * by_area(prior.weight_by_area, area), LAST_RESORT
    )
    weight = np.where(people.worker, LAST_RESORT * weight, weight)
    lack = np.bincount(stage, minlength=len(STAGES)) - have
    bachelor = choose(draw("bachelor"), weight, stage, have)

    masters, fewest = quota(prior.master_share, have), quota(prior.below_associate_share, lack)
    master = choose(draw("master"), np.where(bachelor, weight, 0.0), stage, masters)
    below = choose(draw("below associate"), np.where(bachelor, 0.0, 1 / weight), stage, fewest)
    return np.select(
        [master, bachelor, below],
        [model.MASTER, model.BACHELOR, model.BELOW_ASSOCIATE],
        model.ASSOCIATE,
    )


def subjects(
    prior: ArtsPEPriors,
    seed: int,
    schools: Schools,
    school: Ints,
    people: People,
    teachers: Sequence[int],
    draw: Draw,
) -> Ints:
    """Return the subject of each; so many ``teachers`` of PE, music and art, by schools' pupils."""
    subject = np.full(len(school), model.OTHER_SUBJECT)
    suited = np.where(people.worker, LAST_RESORT, 1.0)
    for code, name in enumerate(ARTS_PE, start=1):
        free = subject == model.OTHER_SUBJECT
        room = np.bincount(school[free], minlength=len(schools))
        noise = ndtri(uniforms(seed, f"{name} at schools", len(schools)))
        weight = schools.size * np.exp(prior.sigma * noise)
        number = whole_shares(weight.astype(float), teachers[code - 1], np.zeros_like(room), room)
        subject[choose(draw(name), np.where(free, suited, 0.0), school, number)] = code
    return subject


def specialists(
    prior: ArtsPEPriors, subject: Ints, people: People, area: Ints, trained: Ints, draw: Draw
) -> Bools:
    """Return who is trained in the subject taught; ``trained`` (subjects,) of each subject."""
    weight = np.maximum(
        at_age(prior.specialist_weight_by_age, people.age)
        * by_area(prior.specialist_weight_by_area, area),
        LAST_RESORT,
    )
    return choose(draw("specialist"), weight, subject, trained)


def by_area(values: AreaValues, area: Ints) -> Floats:
    """Return a prior's value at each area type."""
    return np.array([*values])[area]
