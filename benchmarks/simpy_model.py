"""A plain SimPy model of a county's teachers: everybody is a process that waits for the exit.

The peer beside which ``engine.py`` is timed. It follows the same rule book as the engine, as one
would write it with SimPy alone: a replication at a time, objects and lists, Python's own random
numbers. Written in good faith: a teacher waits once, not month by month; the neediest school is
found with a heap; nothing is computed twice for the sake of slowness. It knows the options that the
shipped scenario uses, and no others.
"""

from __future__ import annotations

import datetime as dt
import heapq
import math
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

import numpy as np
import simpy

from workforce_sim.county import County
from workforce_sim.law import CATEGORIES, load_retirement_law, load_standard
from workforce_sim.scenario import Scenario
from workforce_sim.scenario.assumptions import quantities
from workforce_sim.scenario.quantity import sample
from workforce_sim.scenario.schema import AREAS, STAGES

SUBJECTS = ("other", "pe", "music", "art")
DEGREES = ("below_associate", "associate", "bachelor", "master")
GRADES = {"primary": range(6), "junior": range(6, 9)}
MALE = 0

Process = Iterator[simpy.Event]


@dataclass(eq=False, slots=True)
class School:
    name: str
    stage: str
    area: str
    x_km: float
    y_km: float
    pupils: list[int]  # by grade
    is_open: bool = True
    staff: list[Teacher] = field(default_factory=list)

    def count(self, which: Callable[[Teacher], bool]) -> int:
        return sum(map(which, self.staff))


@dataclass(eq=False, slots=True)
class Teacher:
    sex: int
    birth: int  # months are whole numbers: 12 times the year, plus 0 to 11
    school: School
    subject: str
    specialist: bool
    qualified: bool
    service: int
    arrival: int
    legal: int  # month of statutory retirement
    award: int | None = None

    @property
    def is_backbone(self) -> bool:
        return self.award is not None

    def move(self, to: School, month: int) -> None:
        self.school.staff.remove(self)
        to.staff.append(self)
        self.school, self.arrival = to, month


class Neediest:
    """Schools by have / need: the least first; of equals, the one with the greater need.

    Whoever is sent raises ``have``, so that an entry of the heap can only be too low: one that is
    out of date is put back where it belongs when it comes to the top.
    """

    def __init__(self, schools: Iterable[School], have: Counter, need: dict) -> None:
        self.have, self.need = have, need
        self.heap = [
            (have[school] / need[school], -need[school], nth, school)
            for nth, school in enumerate(schools)
            if school.is_open and need[school] > 0
        ]
        heapq.heapify(self.heap)

    def send(self, *, room: Counter | None = None, origin: School | None = None) -> School | None:
        """Return the neediest school that has room and is not where one comes from."""
        passed_over, found = [], None
        while self.heap and found is None:
            cover, need, nth, school = entry = self.heap[0]
            now = self.have[school] / self.need[school]
            if now > cover:
                heapq.heapreplace(self.heap, (now, need, nth, school))
            elif room is not None and room[school] == 0:
                heapq.heappop(self.heap)
            elif school is origin:
                passed_over.append(heapq.heappop(self.heap))
            else:
                found = entry[-1]
        for entry in passed_over:
            heapq.heappush(self.heap, entry)
        if found is not None:
            self.have[found] += 1
            if room is not None:
                room[found] -= 1
        return found


class Model:
    """One replication."""

    def __init__(self, scenario: Scenario, county: County, seed: int, replication: int) -> None:
        self.scenario, self.county = scenario, county
        self.random = random.Random(f"{seed} {replication}")
        self.numbers = {
            path: float(sample(quantity, np.array(self.random.random())))
            for path, quantity in quantities(scenario).items()
        }
        self.standard = load_standard()
        self.env = simpy.Environment()
        self.first_day = dt.date(scenario.years.first, 1, 1)
        self.first_month = 12 * scenario.years.first
        self.end = 12 * (scenario.years.last + 1)
        self.last_days = [
            self.days(dt.date(month // 12, month % 12 + 1, 1)) - 1
            for month in range(self.first_month + 1, self.end + 1)
        ]
        self.hazards = self.monthly_hazards()
        self.retired = 0
        self.census: list[Counter] = []
        self.schools = [
            School(name, STAGES[stage], AREAS[area], float(x), float(y), [int(p) for p in pupils])
            for name, stage, area, x, y, pupils in zip(
                *(getattr(county.schools, c) for c in ("names", "stage", "area", "x_km", "y_km")),
                county.schools.pupils,
                strict=True,
            )
        ]
        self.grade_1_today = sum(school.pupils[0] for school in self.schools)
        self.enrol_roster()

    def run(self) -> list[Counter]:
        """Return the counts of each census."""
        for rule in (
            self.backbone,
            self.degrees,
            self.retraining,
            self.network,
            self.hiring,
            self.rotation,
            self.enrolment,
            self.take_census,
        ):
            self.env.process(rule())
        self.env.run(until=self.last_days[-1] + 1)
        return self.census

    # --- time, people, schools --------------------------------------------------------------------

    def days(self, date: dt.date) -> int:
        return (date - self.first_day).days

    def until(self, date: dt.date) -> simpy.Event:
        return self.env.timeout(self.days(date) - self.env.now)

    @property
    def month(self) -> int:
        today = self.first_day + dt.timedelta(days=self.env.now)
        return 12 * today.year + today.month - 1

    def each_year(self, event: str) -> Iterator[tuple[int, simpy.Event]]:
        for year in self.scenario.years.range:
            yield year, self.until(self.scenario.dates.on(event, year))

    def happens(self, share: str) -> bool:
        return self.random.random() < self.numbers[share]

    def staff(self) -> Iterator[Teacher]:
        for school in self.schools:
            yield from school.staff

    def open_schools(self, stage: str) -> list[School]:
        return [s for s in self.schools if s.is_open and s.stage == stage]

    def needed(self, indicator: str) -> dict[School, float]:
        return {
            school: sum(school.pupils) * self.standard.threshold(indicator, school.stage) / 100
            for school in self.schools
        }

    def staff_needed(self) -> dict[School, float]:
        a_teacher = self.standard.pupils_per_teacher
        return {school: sum(school.pupils) / a_teacher[school.stage] for school in self.schools}

    def headcounts(self) -> Counter:
        return Counter({school: len(school.staff) for school in self.schools})

    def have(self, which: Callable[[Teacher], bool]) -> Counter:
        return Counter({school: school.count(which) for school in self.schools})

    def counts_in_l3(self, teacher: Teacher) -> bool:
        if self.scenario.counting.arts_pe == "specialists":
            return teacher.specialist
        return teacher.subject != "other"

    def degree_counts(self, degree: str, stage: str) -> bool:
        least = getattr(self.scenario.counting, f"degree_{stage}")
        return DEGREES.index(degree) >= DEGREES.index(least)

    # --- rules 1 and 2: retirement and other exits ------------------------------------------------

    def enrol_roster(self) -> None:
        roster = self.county.roster
        categories = roster.retirement_category().tolist()
        columns = ("sex", "birth", "school", "subject", "specialist", "degree", "service")
        rows = zip(
            categories,
            *(getattr(roster, column).tolist() for column in (*columns, "arrival", "award")),
            strict=True,
        )
        for category, sex, birth, nth, subject, specialist, degree, service, arrival, award in rows:
            school = self.schools[nth]
            legal = self.retirement(CATEGORIES[category], birth, 0)
            teacher = Teacher(
                sex=sex,
                birth=birth,
                school=school,
                subject=SUBJECTS[subject],
                specialist=specialist,
                qualified=self.degree_counts(DEGREES[degree], school.stage),
                service=service,
                arrival=arrival,
                legal=legal,
                award=award if award >= 0 else None,
            )
            retires = self.chosen_retirement(CATEGORIES[category], birth)
            # Whoever is on the roster has not gone before: their choice was the legal month.
            self.join(teacher, legal if retires < self.first_month else retires, self.first_month)

    def join(self, teacher: Teacher, retires: int, start: int) -> None:
        teacher.school.staff.append(teacher)
        leaves = self.exit_month(teacher, start)
        self.env.process(self.career(teacher, min(retires, leaves), retires <= leaves))

    def career(self, teacher: Teacher, last_month: int, retires: bool) -> Process:
        """Be on the staff until the last day of one's last month."""
        if last_month < self.end:
            nth = max(last_month - self.first_month, 0)
            yield self.env.timeout(self.last_days[nth] - self.env.now)
            teacher.school.staff.remove(teacher)
            self.retired += retires

    @staticmethod
    def retirement(category: str, birth: int, shift: int) -> int:
        """Return the month of retirement of those who wish to go ``shift`` months later."""
        law = load_retirement_law()
        rule = law.categories[category]
        since = birth - rule.delay.first_birth
        delay = min(since // rule.delay.step_months + 1, rule.delay.cap_months) if since >= 0 else 0
        earliest = -min(delay, law.flexible.earlier_months)
        latest = law.flexible.later_months if delay > 0 else 0
        return birth + 12 * rule.old.age_years + delay + min(max(shift, earliest), latest)

    def chosen_retirement(self, category: str, birth: int) -> int:
        rule = self.scenario.retirement
        early, late = (self.numbers[f"retirement.{which}_share"] for which in ("early", "late"))
        u, shift = self.random.random(), 0
        if u < early:
            shift = -self.random.randint(1, rule.early_months)
        elif u < early + late:
            shift = self.random.randint(1, rule.late_months)
        if category == "female60" and self.happens("retirement.senior_women_at_55_share"):
            category = "female55"
        return self.retirement(category, birth, shift)

    def monthly_hazards(self) -> dict[str, list[tuple[int, int, float]]]:
        """Return for each stage the age bands, in months, with the sum of their hazards."""
        rows = self.scenario.exits
        edges = sorted({12 * age for row in rows.values() for age in row.ages})
        bands: dict[str, list[tuple[int, int, float]]] = {stage: [] for stage in STAGES}
        for stage in STAGES:
            for low, high in pairwise(edges):
                total = sum(
                    -math.log1p(-self.numbers[f"exits.{name}.share_per_year"]) / 12
                    for name, row in rows.items()
                    if stage in row.stages and 12 * row.ages[0] <= low and high <= 12 * row.ages[1]
                )
                bands[stage].append((low, high, total))
        return bands

    def exit_month(self, teacher: Teacher, start: int) -> int:
        """Draw the month of exit by other causes: invert the cumulative hazard."""
        left = self.random.expovariate(1.0)
        age = start - teacher.birth
        for low, high, hazard in self.hazards[teacher.school.stage]:
            begins = max(age, low)
            if begins >= high:
                continue
            if hazard * (high - begins) > left:
                return teacher.birth + int(begins + left / hazard)
            left -= hazard * (high - begins)
        return self.end

    # --- rules 3 to 5: hiring ---------------------------------------------------------------------

    def hiring(self) -> Process:
        rule, credits, counted = self.scenario.replacement, 0, 0
        for year, wait in self.each_year("hiring"):
            yield wait
            since, counted = self.retired - counted, self.retired
            if year in rule.stated_posts:
                posts = rule.stated_posts[year]
            else:
                credits += rule.joins * since
                posts, credits = divmod(credits, rule.leavers)
            programme = self.scenario.arts_pe.recruits_per_year.at(year)
            l3 = self.have(self.counts_in_l3)
            self.fill("arts_pe", programme, Neediest(self.schools, l3, self.needed("L3")))
            staff = self.headcounts()
            self.fill("general", posts, Neediest(self.schools, staff, self.staff_needed()))

    def fill(self, kind: str, posts: int, neediest: Neediest) -> None:
        rule, month = self.scenario.recruits, self.month
        section = "recruits" if kind == "general" else kind
        shares = [self.numbers[f"{section}.subjects.{subject}"] for subject in SUBJECTS]
        for _ in range(posts):
            school = neediest.send()
            if school is None or not self.happens(f"filling.{kind}.{school.area}"):
                continue
            months = 12 * (rule.oldest_age - rule.youngest_age + 1)
            birth = month - 12 * rule.youngest_age - self.random.randrange(months)
            category = "female55" if self.happens("recruits.women_share") else "male"
            subject = self.random.choices(SUBJECTS, shares)[0]
            specialist = self.happens("recruits.specialist_share") and subject != "other"
            degree = "bachelor" if self.happens("recruits.bachelor_share") else "associate"
            legal = self.retirement(category, birth, 0)
            teacher = Teacher(
                sex=int(category != "male"),
                birth=birth,
                school=school,
                subject=subject,
                specialist=specialist,
                qualified=self.degree_counts(degree, school.stage),
                service=month,
                arrival=month,
                legal=legal,
            )
            self.join(teacher, self.chosen_retirement(category, birth), month + 1)

    def retraining(self) -> Process:
        for year, wait in self.each_year("degrees"):
            yield wait
            eligible = [t for t in self.staff() if t.subject != "other" and not t.specialist]
            places = self.scenario.arts_pe.retraining_per_year.at(year)
            for teacher in self.random.sample(eligible, min(places, len(eligible))):
                teacher.specialist = self.happens("arts_pe.retraining_success_share")

    # --- rule 6: backbone teachers ----------------------------------------------------------------

    def backbone(self) -> Process:
        rule = self.scenario.backbone
        for year, wait in self.each_year("backbone"):
            yield wait
            month = self.month
            for teacher in self.staff():
                if teacher.award is not None and teacher.award <= month - 12 * rule.term_years:
                    teacher.award = month if self.happens("backbone.renewed_share") else None
            eligible = {
                school: [
                    t
                    for t in school.staff
                    if t.award is None
                    and t.service <= month - 12 * rule.min_service_years
                    and t.birth > month - 12 * (rule.max_age + 1)
                ]
                for school in self.schools
            }
            room = Counter({school: len(there) for school, there in eligible.items()})
            have = self.have(lambda t: t.award is not None)
            neediest = Neediest(self.schools, have, self.needed("L2"))
            places = Counter(neediest.send(room=room) for _ in range(rule.places.at(year)))
            places.pop(None, None)
            for school, number in places.items():
                for teacher in self.random.sample(eligible[school], number):
                    teacher.award = month

    # --- rule 7: rotation -------------------------------------------------------------------------

    def rotation(self) -> Process:
        rule = self.scenario.rotation
        for _, wait in self.each_year("rotation"):
            yield wait
            month = self.month
            several = {stage for stage in STAGES if len(self.open_schools(stage)) > 1}
            eligible = [
                t
                for t in self.staff()
                if t.birth
                > month - 12 * ((rule.max_age.male if t.sex == MALE else rule.max_age.female) + 1)
                and t.arrival <= month - 12 * rule.min_years_at_school
                and t.legal >= month + 12 * rule.min_years_to_retirement
                and t.school.stage in several
            ]
            backbone = [t for t in eligible if t.is_backbone]
            moves = math.ceil(self.numbers["rotation.share"] * len(eligible) - 1e-9)
            of_them = math.ceil(self.numbers["rotation.backbone_share"] * moves - 1e-9)
            first = self.random.sample(backbone, min(of_them, len(backbone)))
            taken = set(first)
            others = [t for t in eligible if t not in taken]
            self.rotate(first, month)
            self.rotate(self.random.sample(others, moves - len(first)), month)

    def rotate(self, chosen: list[Teacher], month: int) -> None:
        """Send arts and PE teachers to where these are short, the others to where staff is."""
        staff = self.headcounts()
        l3 = self.have(self.counts_in_l3)
        for teacher in chosen:
            staff[teacher.school] -= 1
            l3[teacher.school] -= self.counts_in_l3(teacher)
        heaps = {
            stage: (
                Neediest(self.open_schools(stage), staff, self.staff_needed()),
                Neediest(self.open_schools(stage), l3, self.needed("L3")),
            )
            for stage in STAGES
        }
        for teacher in chosen:
            arts = self.counts_in_l3(teacher)
            to = heaps[teacher.school.stage][arts].send(origin=teacher.school)
            if to is not None:
                staff[to] += arts
                teacher.move(to, month)

    # --- rule 8: degrees --------------------------------------------------------------------------

    def degrees(self) -> Process:
        for _, wait in self.each_year("degrees"):
            yield wait
            month, bands = self.month, self.scenario.degrees.items()
            for teacher in self.staff():
                if not teacher.qualified:
                    age = (month - teacher.birth) // 12
                    for name, band in bands:
                        if band.ages[0] <= age < band.ages[1]:
                            teacher.qualified = self.happens(f"degrees.{name}.share_per_year")

    # --- rules 9 and 10: pupils and schools -------------------------------------------------------

    def enrolment(self) -> Process:
        for year, wait in self.each_year("census"):
            yield wait
            leaving_primary = sum(school.pupils[5] for school in self.schools)
            for stage, grades in GRADES.items():
                schools = self.open_schools(stage)
                classes = [[school.pupils[grade] for school in schools] for grade in grades]
                entering = self.grade_1(year) if stage == "primary" else self.of(6, leaving_primary)
                going_on = (
                    self.of(g, sum(row)) for g, row in zip(grades[1:], classes, strict=False)
                )
                totals = [entering, *going_on]
                weights = [[sum(column) for column in zip(*classes, strict=True)], *classes[:-1]]
                for grade, total, weight in zip(grades, totals, weights, strict=True):
                    parts = whole_shares(self.drifted(schools, weight), round(total))
                    for school, pupils in zip(schools, parts, strict=True):
                        school.pupils[grade] = pupils

    def of(self, grade: int, pupils: int) -> float:
        return self.numbers.get(f"enrolment.survival.{grade}", 1.0) * pupils

    def grade_1(self, year: int) -> float:
        births, first = self.scenario.enrolment.entrants.births, self.scenario.years.first
        older, last = self.numbers["enrolment.entrants.older_share"], max(births)

        def born(year: int) -> float:
            return older * births[min(year - 6, last)] + (1 - older) * births[min(year - 7, last)]

        trend = (1 + self.numbers["enrolment.trend_per_year"]) ** (year - first)
        return (
            self.numbers["enrolment.level"] * trend * self.grade_1_today * born(year) / born(first)
        )

    def drifted(self, schools: list[School], pupils: list[int]) -> list[float]:
        """Let a share of the pupils elsewhere change to the county seat's schools."""
        share = self.numbers["enrolment.drift_to_county_seat_per_year"]
        at_seat = sum(p for s, p in zip(schools, pupils, strict=True) if s.area == "county_seat")
        if at_seat == 0:
            return pupils
        growth = 1 + share * (sum(pupils) - at_seat) / at_seat
        return [
            p * (growth if s.area == "county_seat" else 1 - share)
            for s, p in zip(schools, pupils, strict=True)
        ]

    def network(self) -> Process:
        for event in sorted(self.scenario.network, key=lambda event: event.date):
            yield self.until(event.date)
            if event.open is not None:
                new = event.open
                self.schools.append(
                    School(new.name, new.stage, new.area, new.x_km, new.y_km, [0] * 9)
                )
            by_name = {school.name: school for school in self.schools}
            closing = [by_name[name] for name in event.close]
            for school in closing:
                if event.into == "nearest":
                    others = [s for s in self.open_schools(school.stage) if s not in closing]
                    at = school.x_km, school.y_km
                    targets = [min(others, key=lambda s: math.dist(at, (s.x_km, s.y_km)))]
                else:
                    targets = [by_name[name] for name in event.into]
                self.close(school, targets)

    def close(self, school: School, targets: list[School]) -> None:
        for grade, pupils in enumerate(school.pupils):
            parts = whole_shares([1.0] * len(targets), pupils)
            for target, part in zip(targets, parts, strict=True):
                target.pupils[grade] += part
        school.pupils, school.is_open = [0] * 9, False
        for teacher in list(school.staff):
            teacher.move(self.random.choice(targets), self.month)

    # --- the census -------------------------------------------------------------------------------

    def take_census(self) -> Process:
        for _, wait in self.each_year("census"):
            yield wait
            found: Counter = Counter()
            for school in self.schools:
                stage = school.stage
                found[stage, "staff"] += len(school.staff)
                found[stage, "qualified"] += school.count(lambda t: t.qualified)
                found[stage, "backbone"] += school.count(lambda t: t.is_backbone)
                found[stage, "specialists"] += school.count(lambda t: t.specialist)
                found[stage, "pupils"] += sum(school.pupils)
            self.census.append(found)


def whole_shares(weights: list[float], total: int) -> list[int]:
    """Share a whole number by cumulative rounding; equally where all weights are 0."""
    if not any(weights):
        weights = [1.0] * len(weights)
    running = list(accumulate(weights))
    bounds = [0, *(round(r * (total / running[-1])) for r in running)]
    return [high - low for low, high in pairwise(bounds)]
