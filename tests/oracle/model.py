"""The oracle: the rule book (docs/rulebook.md) as a plain, slow program, one replication at a time.

It shares nothing with the engine but the scenario, the county and the figures of the law; `Ledger`
is only the form in which it hands back its counts. Everybody on the staff is a SimPy process that
waits for the day of leaving, every rule is a process that waits for its date, and whatever is
counted is counted by looking at each of the people.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import Any
from zlib import crc32

import simpy

from workforce_sim.county.model import County
from workforce_sim.law import load_retirement_law, load_standard
from workforce_sim.scenario.quantity import Distribution
from workforce_sim.scenario.schema import Investment, NetworkEvent, Scenario
from workforce_sim.simulation.ledger import AGE_BANDS, COUNTS, FLOWS, Ledger
from workforce_sim.simulation.ledger import CAUSES as WHY

STAGES, AREAS, SEXES = ("primary", "junior"), ("county_seat", "town", "village"), ("male", "female")
SUBJECTS, ARTS_PE = ("other", "pe", "music", "art"), ("pe", "music", "art")
CAUSES = ("retirement", "resign", "transfer_out", "death")
INDICATOR_OF = {
    "rooms_m2": "L4",
    "sports_m2": "L5",
    "equipment_yuan": "L6",
    "multimedia_rooms": "L7",
}
FACILITIES = tuple(INDICATOR_OF)
GRADES = {"primary": range(1, 7), "junior": range(7, 10)}
# On one day the rules act in this order; DATES has the names of their dates.
ORDER = ("departures", "backbone", "degrees", "retraining", "wear", "network", "investments")
ORDER += ("reallocation",)
ORDER += ("hiring", "rotation", "enrolment", "census")
DATES = {rule: rule for rule in ORDER} | {"retraining": "degrees", "enrolment": "census"}


def philox(counter: tuple[int, int, int, int], key: tuple[int, int]) -> tuple[int, ...]:
    """Philox 4x32-10 (Salmon, Moraes, Dror and Shaw 2011)."""
    (a, b, c, d), (k, q) = counter, key
    for _ in range(10):
        left, right = 0xD2511F53 * a, 0xCD9E8D57 * c
        a, b, c, d = (right >> 32) ^ b ^ k, right % 2**32, (left >> 32) ^ d ^ q, left % 2**32
        k, q = (k + 0x9E3779B9) % 2**32, (q + 0xBB67AE85) % 2**32
    return a, b, c, d


def floor(number: float) -> int:
    return math.floor(number + 1e-9)


def ceiling(number: float) -> int:
    return math.ceil(number - 1e-9)


def half_down(number: float) -> int:
    return math.ceil(number - 0.5 - 1e-9)


def exact(number: float) -> Fraction:
    """Return the decimal number that is written: 0.9 is nine tenths."""
    return Fraction(str(number))


def shared(total: int, weights: Sequence[float], rounded: Callable[[float], int]) -> list[int]:
    """Share a whole number: differences of the rounded running weight x total / sum."""
    running = list(accumulate(weights))
    upto = [rounded(weight * total / running[-1]) if running[-1] else 0 for weight in running]
    return [b - a for a, b in zip([0, *upto], upto, strict=False)]


@dataclass(eq=False)
class School:
    row: int
    name: str
    stage: str
    area: str
    at: tuple[float, float]
    pupils: dict[int, int]  # by grade
    open: bool
    facilities: dict[str, float]  # at the first section of a nine-year school
    site: School | None = None  # that first section, if this is the second

    @property
    def size(self) -> int:
        return sum(self.pupils.values())


@dataclass(eq=False)
class Teacher:
    number: int
    sex: str
    birth: int
    school: School
    subject: str
    specialist: bool
    qualified: bool
    service: int
    arrival: int
    award: int | None = None
    legal: int = 0
    home: School | None = None  # where one who moved for a time returns to ...
    returns: int = 0  # ... and in which month


class Oracle:
    """One replication."""

    def __init__(self, scenario: Scenario, county: County, seed: int, replication: int) -> None:
        self.scenario, self.seed, self.replication = scenario, seed, replication
        self.years = scenario.years.range
        self.first = 12 * self.years[0]  # the run's first month
        self.records: dict[str, Counter[tuple[int, ...]]] = defaultdict(Counter)
        self.values: dict[str, float] = {}
        self.judged = 0  # the year of the last census
        self.clock = simpy.Environment(dt.date(self.years[0], 1, 1).toordinal() * len(ORDER))
        self.schools: list[School] = []
        self.staff: list[Teacher] = []

        table, roster = county.schools, county.roster
        for row, name in enumerate(table.names):
            stage, area = STAGES[table.stage[row]], AREAS[table.area[row]]
            pupils = {grade: int(table.pupils[row, grade - 1]) for grade in GRADES[stage]}
            place = float(table.x_km[row]), float(table.y_km[row])
            owned = dict(zip(FACILITIES, map(float, table.facilities[row]), strict=True))
            school = School(row, name, stage, area, place, pupils, open=True, facilities=owned)
            school.site = self.schools[table.site[row]] if table.site[row] < row else None
            self.schools.append(school)
        self.entrants = {g: sum(s.pupils.get(g, 0) for s in self.schools) for g in (1, 7)}
        self.has_primary = any(s.pupils.get(g, 0) for s in self.schools for g in range(1, 7))
        for new in [event.open for event in scenario.network if event.open]:
            row, pupils = len(self.schools), dict.fromkeys(GRADES[new.stage], 0)
            place = new.x_km, new.y_km
            known = zip(FACILITIES, table.known, strict=True)
            nothing = {item: 0.0 if is_known else math.nan for item, is_known in known}
            self.schools.append(
                School(row, new.name, new.stage, new.area, place, pupils, False, nothing)
            )
        for row in range(len(roster)):
            teacher = Teacher(
                number=row,
                sex=SEXES[roster.sex[row]],
                birth=int(roster.birth[row]),
                school=self.schools[roster.school[row]],
                subject=SUBJECTS[roster.subject[row]],
                specialist=bool(roster.specialist[row]),
                qualified=bool(roster.degree[row] >= 1),
                service=int(roster.service[row]),
                arrival=int(roster.arrival[row]),
                award=int(roster.award[row]) if roster.award[row] >= 0 else None,
            )
            if not self.associate_counts(teacher.school):
                teacher.qualified = bool(roster.degree[row] >= 2)
            self.enters(teacher, self.first, roster.senior_title[row], roster.worker_post[row])

        pools = (0,) if scenario.replacement.pool == "county" else (1, 2)
        self.credits, self.carried = dict.fromkeys(pools, 0), dict.fromkeys(pools, 0)
        self.left_before: Counter[str] = Counter()  # until the last hiring day, by stage
        for rule in set(ORDER) - {"departures", "network", "investments", "reallocation"}:
            self.clock.process(self.each_year(rule))
        self.clock.process(self.network())
        self.clock.process(self.investments())
        self.clock.process(self.rounds())

    # --- time, chance, records ------------------------------------------------------------------

    def on(self, day: dt.date, rule: str) -> simpy.Event:
        moment = day.toordinal() * len(ORDER) + ORDER.index(rule)
        return self.clock.timeout(moment - self.clock.now)

    def each_year(self, rule: str) -> Iterator[simpy.Event]:
        for year in self.years:
            yield self.on(self.scenario.dates.on(DATES[rule], year), rule)
            getattr(self, rule)()

    @property
    def year(self) -> int:
        return dt.date.fromordinal(self.clock.now // len(ORDER)).year

    @property
    def month(self) -> int:
        return 12 * self.year + dt.date.fromordinal(self.clock.now // len(ORDER)).month - 1

    def u(self, decision: str, occasion: int, person: int) -> float:
        counter = (person, occasion, crc32(decision.encode("utf-8")), self.replication)
        w0, w1, _, _ = philox(counter, (self.seed % 2**32, self.seed >> 32))
        return ((w0 >> 5) * 2**26 + (w1 >> 6)) / 2**53

    def value(self, path: str) -> float:
        """Return the value of an assumption, sampled if it is a distribution."""
        if path not in self.values:
            found: Any = self.scenario
            for step in path.split("."):
                found = found[step] if isinstance(found, dict) else getattr(found, step)
            self.values[path] = self.sampled(path, found)
        return self.values[path]

    def sampled(self, path: str, quantity: float | Distribution) -> float:
        if isinstance(quantity, Distribution):
            return float(quantity.quantile(self.u(f"assumption {path}", 0, 0)))
        return quantity

    def chosen(self, some: Iterable[Teacher], number: int, decision: str) -> list[Teacher]:
        """Choose those with the smallest draws, in their order."""
        return sorted(some, key=lambda t: self.u(decision, self.year, t.number))[:number]

    def flow(self, name: str, school: School) -> None:
        after_census = int(self.judged == self.year)
        place = self.year - self.years[0], after_census, school.row, FLOWS.index(name)
        self.records["flows"][place] += 1

    def change(self, cause: str, teacher: Teacher, by: int, items: str = "L1 L2 L3") -> None:
        """Note that a school's items change by one who joins (+1), leaves (-1), gains or loses."""
        year = self.year - self.years[0] + (self.judged == self.year)
        counts = (teacher.qualified, teacher.award is not None, self.in_l3(teacher))
        for item, counted in enumerate(counts):
            if counted and f"L{item + 1}" in items:
                place = year, teacher.school.row, WHY.index(cause), item
                self.records["changes"][place] += by

    def moves(self, teacher: Teacher, to: School, why: str) -> None:
        cause = {"network": "network", "reallocated": "reallocation"}.get(why, "rotation")
        self.flow(f"{why}_out", teacher.school)
        self.flow(f"{why}_in", to)
        self.change(cause, teacher, -1)
        teacher.school, teacher.arrival = to, self.month
        self.change(cause, teacher, +1)

    # --- what schools have and need ---------------------------------------------------------------

    def count(self, counts: Callable[[Teacher], bool]) -> dict[School, Fraction]:
        """Count at each school those of the staff whom ``counts`` accepts."""
        found = Counter(t.school for t in self.staff if counts(t))
        return {school: Fraction(found[school]) for school in self.schools}

    def in_l3(self, teacher: Teacher) -> bool:
        specialists_only = self.scenario.counting.arts_pe == "specialists"
        return teacher.specialist if specialists_only else teacher.subject in ARTS_PE

    def associate_counts(self, school: School) -> bool:
        """Whether 专科 counts in L1."""
        return getattr(self.scenario.counting, f"degree_{school.stage}") == "associate"

    def need(self, what: str, school: School) -> Fraction:
        if what == "staff":
            return school.size / exact(load_standard().pupils_per_teacher[school.stage])
        return school.size * exact(load_standard().threshold(what, school.stage)) / 100

    def place(
        self, what: str, have: dict[School, Fraction], may: Callable[[School], bool]
    ) -> School | None:
        """Place one at the school with the least have / need, of equals with the greater need."""
        need = {s: self.need(what, s) for s in self.schools if s.open and may(s)}
        able = [s for s in need if need[s] > 0]
        if not able:
            return None
        best = min(able, key=lambda s: (have[s] / need[s], -need[s]))
        have[best] += 1
        return best

    # --- 1 and 2: retirement and other exits ------------------------------------------------------

    def enters(self, teacher: Teacher, start: int, senior: bool, worker: bool) -> None:
        """Somebody enters the staff; time starts for them in the month ``start``."""
        self.staff.append(teacher)
        retires = self.retires(teacher, senior, worker)
        leaves, cause = self.exits(teacher, start)
        if retires <= leaves:
            leaves, cause = max(retires, self.first), "retirement"
        if leaves < 12 * (self.years[-1] + 1):
            self.clock.process(self.life(teacher, int(leaves), cause))

    def life(self, teacher: Teacher, leaves: int, cause: str) -> Iterator[simpy.Event]:
        next_month = dt.date((leaves + 1) // 12, (leaves + 1) % 12 + 1, 1)
        yield self.on(next_month - dt.timedelta(days=1), "departures")
        self.staff.remove(teacher)
        place = self.month - self.first, STAGES.index(teacher.school.stage), CAUSES.index(cause)
        self.records["leavers"][place] += 1
        self.flow(cause, teacher.school)
        self.change(cause if cause == "retirement" else "other_exits", teacher, -1)
        if teacher.award is not None:
            self.flow("backbone_left", teacher.school)
        if teacher.qualified:
            self.flow("qualified_left", teacher.school)

    def legal_month(self, category: str, birth: int) -> tuple[int, int]:
        """Return the legal month of retirement, and the delay that is in it."""
        rule, delay = load_retirement_law().categories[category], 0  # type: ignore[index]
        if self.scenario.retirement.reform_2025 and birth >= rule.delay.first_birth:
            steps = (birth - rule.delay.first_birth) // rule.delay.step_months + 1
            delay = min(steps, rule.delay.cap_months)
        return birth + 12 * rule.old.age_years + delay, delay

    def retires(self, t: Teacher, senior: bool, worker: bool) -> int:
        rule, law = self.scenario.retirement, load_retirement_law().flexible
        women = "female50" if worker else "female60" if senior else "female55"
        category = women if t.sex == "female" else "male"
        month, delay = self.legal_month(category, t.birth)
        t.legal = month
        if category == "female60":
            u = self.u("retirement.senior_women_at_55", 0, t.number)
            if u < self.value("retirement.senior_women_at_55_share"):
                month, delay = self.legal_month("female55", t.birth)
        if rule.reform_2025:
            u = self.u("retirement.flexible", 0, t.number)
            early, late = (self.value(f"retirement.{wish}_share") for wish in ("early", "late"))
            if u < early:
                wish = 1 + int(u / early * rule.early_months)
                month -= min(wish, law.earlier_months, delay)
            elif u >= 1 - late and delay > 0:
                wish = math.ceil((1 - u) / late * rule.late_months)
                month += min(wish, law.later_months)
        of_roster = t.number < 2**31
        return t.legal if of_roster and month < self.first else month

    def exits(self, t: Teacher, start: int) -> tuple[float, str]:
        """Return the month in which the waiting is used up by the hazards, and the cause."""
        hazards = [
            (h, -math.log(1 - self.value(f"exits.{name}.share_per_year")) / 12)
            for name, h in self.scenario.exits.items()
            if t.school.stage in h.stages
        ]
        waiting, age = -math.log(1 - self.u("exit.month", 0, t.number)), start - t.birth
        for end in sorted({12 * years for h, _ in hazards for years in h.ages}):
            if end <= age:
                continue
            rate = dict.fromkeys(CAUSES[1:], 0.0)
            for hazard, monthly in hazards:
                if 12 * hazard.ages[0] <= age < 12 * hazard.ages[1]:
                    rate[hazard.cause] += monthly
            total = sum(rate.values())
            if total * (end - age) > waiting:
                point = self.u("exit.cause", 0, t.number) * total
                running = zip(CAUSES[1:], accumulate(rate.values()), strict=True)
                cause = next(cause for cause, upto in running if point < upto)
                return t.birth + int(age + waiting / total), cause
            waiting, age = waiting - total * (end - age), end
        return math.inf, ""

    # --- 3 and 4: posts and hiring --------------------------------------------------------------

    def hiring(self) -> None:
        rule, programme = self.scenario.replacement, self.scenario.arts_pe
        window, pools = self.window(), list(self.credits)
        stages = {0: STAGES, 1: ("primary",), 2: ("junior",)}
        if self.year in rule.stated_posts:
            posts = [rule.stated_posts[self.year]]
            if len(pools) == 2:
                of_stage = Counter(t.school.stage for t in self.staff)
                posts = shared(posts[0], [of_stage[stage] for stage in STAGES], round)
        else:
            posts = []
            for pool in pools:
                self.credits[pool] += rule.joins * sum(window[stage] for stage in stages[pool])
                posts.append(self.credits[pool] // rule.leavers)
                self.credits[pool] %= rule.leavers if rule.remainder == "carried" else 1
        posts = [n + self.carried[pool] for n, pool in zip(posts, pools, strict=True)]

        share = self.value("replacement.arts_pe_share")
        reserved = [floor(share * n) for n in posts]
        general = [n - taken for n, taken in zip(posts, reserved, strict=True)]
        stated = shared(min(rule.arts_pe_posts, sum(general)), general, floor)
        reserved = [n + more for n, more in zip(reserved, stated, strict=True)]
        general = [n - taken for n, taken in zip(general, stated, strict=True)]
        recruits = programme.recruits_per_year.at(self.year)
        if programme.within_quota:
            recruits = min(recruits, sum(general))
            inside = shared(recruits, general, floor)
            general = [n - taken for n, taken in zip(general, inside, strict=True)]

        self.hires("arts_pe", 6, recruits, STAGES)
        for pool, arts_pe, others in zip(pools, reserved, general, strict=True):
            unfilled = self.hires("arts_pe", 3 + pool, arts_pe, stages[pool])
            unfilled += self.hires("general", pool, others, stages[pool])
            self.carried[pool] = unfilled if rule.unfilled == "carried" else 0

    def window(self) -> Counter[str]:
        """Return the leavers that bring posts this year, by stage."""
        rule, last_year, so_far = self.scenario.replacement, Counter[str](), Counter[str]()
        for (month, stage, cause), number in self.records["leavers"].items():
            if CAUSES[cause] in rule.counted:
                so_far[STAGES[stage]] += number
                if self.years[0] + month // 12 == self.year - 1:
                    last_year[STAGES[stage]] += number
        since, self.left_before = so_far - self.left_before, so_far
        if rule.window == "since_last_hiring":
            return since
        return last_year if self.year > self.years[0] else Counter(rule.leavers_year_before_start)

    def hires(self, kind: str, channel: int, posts: int, stages: tuple[str, ...]) -> int:
        """Place and fill posts; return how many were not filled."""
        rule, what, filled = self.scenario.replacement, "staff" if kind == "general" else "L3", 0
        have = self.count(self.in_l3 if what == "L3" else lambda t: True)
        if kind == "general" and rule.schools == "pupils":
            have = dict.fromkeys(self.schools, Fraction(1, 2))
        sites = []
        for nth in range(posts):
            of = stages
            if kind == "general" and rule.stages != "shortage":
                primary = nth < round(self.value("replacement.stages.primary") * posts)
                of = ("primary",) if primary else ("junior",)
            sites.append(self.place(what, have, lambda s, of=of: s.stage in of))
        for nth, school in enumerate(sites):
            if school is None:
                continue
            self.flow(f"posts_{kind}", school)
            number = 2**31 + channel * 2**28 + (self.year - 1950) % 256 * 2**20 + nth
            share = self.value(f"filling.{kind}.{school.area}")
            if self.u("post.filled", 0, number) < share:
                filled += 1
                self.flow(f"hired_{kind}", school)
                recruit = self.recruit(number, school, kind)
                self.change(f"hired_{kind}", recruit, +1)
                self.enters(recruit, self.month + 1, False, False)
        return posts - filled

    def recruit(self, number: int, school: School, kind: str) -> Teacher:
        rule = self.scenario.recruits
        shares = rule.subjects if kind == "general" else self.scenario.arts_pe.subjects
        running = list(accumulate(getattr(shares, name) for name in SUBJECTS))[:-1]
        u = self.u("recruit.subject", 0, number)
        subject = SUBJECTS[sum(u >= upto for upto in running)]
        months = 12 * (rule.oldest_age - rule.youngest_age + 1)
        age = 12 * rule.youngest_age + int(self.u("recruit.age", 0, number) * months)
        woman, bachelor, trained = (
            self.u(f"recruit.{what}", 0, number) < self.value(f"recruits.{what}_share")
            for what in ("women", "bachelor", "specialist")
        )
        return Teacher(
            number=number,
            sex="female" if woman else "male",
            birth=self.month - age,
            school=school,
            subject=subject,
            specialist=trained and subject != "other",
            qualified=bachelor or self.associate_counts(school),
            service=self.month,
            arrival=self.month,
        )

    # --- 8 and 5: degrees and retraining ----------------------------------------------------------

    def degrees(self) -> None:
        for name, band in self.scenario.degrees.items():
            share = self.value(f"degrees.{name}.share_per_year")
            for t in self.staff:
                if (
                    not t.qualified
                    and 12 * band.ages[0] <= self.month - t.birth < 12 * band.ages[1]
                ):
                    t.qualified = self.u("degree.completed", self.year, t.number) < share
                    if t.qualified:
                        self.flow("qualified", t.school)
                        self.change("degrees", t, +1, "L1")

    def retraining(self) -> None:
        rule, share = self.scenario.arts_pe, self.value("arts_pe.retraining_success_share")
        untrained = [t for t in self.staff if t.subject in ARTS_PE and not t.specialist]
        number = rule.retraining_per_year.at(self.year)
        for t in self.chosen(untrained, number, "retraining.chosen"):
            t.specialist = self.u("retraining.success", self.year, t.number) < share
            if t.specialist:
                self.flow("retrained", t.school)
                if self.scenario.counting.arts_pe == "specialists":
                    self.change("retrained", t, +1, "L3")

    # --- 6: backbone teachers ---------------------------------------------------------------------

    def backbone(self) -> None:
        rule, share = self.scenario.backbone, self.value("backbone.renewed_share")
        for t in [t for t in self.staff if t.award is not None and rule.term_years]:
            if t.award <= self.month - 12 * rule.term_years:
                renewed = self.u("backbone.renewed", self.year, t.number) < share
                if not renewed:
                    self.change("lapsed", t, -1, "L2")
                t.award = self.month if renewed else None
                self.flow("renewed" if renewed else "lapsed", t.school)
        eligible = [
            t
            for t in self.staff
            if t.award is None
            and t.service <= self.month - 12 * rule.min_service_years
            and self.month - t.birth < 12 * (rule.max_age + 1)
        ]
        able = {s: [t for t in eligible if t.school is s] for s in self.schools}
        places = dict.fromkeys(self.schools, 0)
        have = self.count(lambda t: t.award is not None)
        if rule.spread == "pupils":
            have = dict.fromkeys(self.schools, Fraction(1, 2))
        if rule.spread == "merit":
            selected = self.chosen(eligible, rule.places.at(self.year), "backbone.selected")
        else:
            for _ in range(rule.places.at(self.year)):
                school = self.place("L2", have, lambda s: places[s] < len(able[s]))
                if school is not None:
                    places[school] += 1
            selected = []
            for s in self.schools:
                selected += self.chosen(able[s], places[s], "backbone.selected")
        for t in selected:
            t.award = self.month
            self.flow("awarded", t.school)
            self.change("awarded", t, +1, "L2")

    # --- 7: rotation ------------------------------------------------------------------------------

    def rotation(self) -> None:
        rule = self.scenario.rotation
        for t in self.staff:
            if t.home is not None and self.month >= t.returns:
                if t.home.open:
                    self.moves(t, t.home, "returned")
                t.home = None
        schools = Counter(s.stage for s in self.schools if s.open)
        eligible = [
            t
            for t in self.staff
            if self.month - t.birth < 12 * (getattr(rule.max_age, t.sex) + 1)
            and t.arrival <= self.month - 12 * rule.min_years_at_school
            and t.legal >= self.month + 12 * rule.min_years_to_retirement
            and schools[t.school.stage] >= 2
        ]
        moves = ceiling(self.value("rotation.share") * len(eligible))
        least = ceiling(self.value("rotation.backbone_share") * moves)
        backbone = [t for t in eligible if t.award is not None]
        first = self.chosen(backbone, least, "rotation.chosen")
        others = [t for t in eligible if t not in first]
        second = self.chosen(others, moves - len(first), "rotation.chosen")
        moved = self.rotate(first) + self.rotate(second)
        numbers = len(eligible), len(moved), sum(t.award is not None for t in moved)
        for nth, number in enumerate(numbers):
            self.records["rotation"][self.year - self.years[0], nth] = number

    def rotate(self, group: list[Teacher]) -> list[Teacher]:
        """Move a group to other schools; return those who found one."""
        rule, moved = self.scenario.rotation, []
        staff = self.count(lambda t: t not in group)
        l3 = self.count(lambda t: t not in group and self.in_l3(t))
        for t in group:

            def other(school: School, own: School = t.school) -> bool:
                return school.stage == own.stage and school is not own

            if rule.destinations == "random":
                others = [s for s in self.schools if s.open and other(s)]
                u = self.u("rotation.destination", self.year, t.number)
                to: School | None = others[int(u * len(others))]
            elif self.in_l3(t):
                to = self.place("L3", l3, other)
                if to is not None:
                    staff[to] += 1
            else:
                to = self.place("staff", staff, other)
            if to is None:
                continue
            if rule.stay_years is not None:
                t.home = t.home or t.school
                t.returns = self.month + 12 * rule.stay_years
            self.moves(t, to, "rotated")
            moved.append(t)
        return moved

    # --- 9: pupils --------------------------------------------------------------------------------

    def enrolment(self) -> None:
        before = {s: dict(s.pupils) for s in self.schools}
        for stage, grades in GRADES.items():
            schools = [s for s in self.schools if s.stage == stage and s.open]
            for grade in grades:
                weights: Sequence[float] = [before[s].get(grade - 1, 0) for s in schools]
                if grade in (1, 7):
                    weights = [sum(before[s].values()) for s in schools]
                weights = self.drifted(schools, weights) if any(weights) else [1] * len(schools)
                cohort = sum(pupils.get(grade - 1, 0) for pupils in before.values())
                parts = shared(self.total(grade, cohort), weights, round)
                for school, pupils in zip(schools, parts, strict=True):
                    school.pupils[grade] = pupils

    def total(self, grade: int, cohort: int) -> int:
        """Return the county's pupils of a grade; ``cohort`` were in the grade below."""
        rule, since = self.scenario.enrolment, self.year - self.years[0]
        trend = 1 + self.value("enrolment.trend_per_year")
        course = self.value("enrolment.level") * trend**since
        if grade == 1:
            return round(course * self.forecast())
        if grade == 7 and not self.has_primary:
            return round(course * self.entrants[7])
        survival = rule.survival.get(grade - 1, 1.0)
        return round(self.sampled(f"enrolment.survival.{grade - 1}", survival) * cohort)

    def forecast(self) -> float:
        """Return the entrants of the table, of the births, or as many as today."""
        rule = self.scenario.enrolment.entrants
        if rule.table is not None:
            return rule.table[self.year]
        if rule.births is None:
            return self.entrants[1]
        older, births = self.value("enrolment.entrants.older_share"), rule.births

        def born(year: int) -> float:
            six, seven = (births[min(year - age, max(births))] for age in (6, 7))
            return older * six + (1 - older) * seven

        return self.entrants[1] * born(self.year) / born(self.years[0])

    def drifted(self, schools: list[School], weights: Sequence[float]) -> list[float]:
        """Move a share of the weights elsewhere to the county seat."""
        drift = self.value("enrolment.drift_to_county_seat_per_year")
        pairs = [(s.area == "county_seat", w) for s, w in zip(schools, weights, strict=True)]
        seat = sum(w for at_seat, w in pairs if at_seat)
        elsewhere = sum(w for at_seat, w in pairs if not at_seat)
        if seat == 0:
            return list(weights)
        return [w * (1 + drift * elsewhere / seat if here else 1 - drift) for here, w in pairs]

    # --- reallocation rounds ----------------------------------------------------------------------

    def rounds(self) -> Iterator[simpy.Event]:
        for day in sorted(self.scenario.reallocation.rounds):
            yield self.on(day, "reallocation")
            self.reallocation()

    def reallocation(self) -> None:
        """Reset the posts by school; release the surplus, and fill the vacancies with it."""
        rule = self.scenario.reallocation
        staff = {s: int(n) for s, n in self.count(lambda t: True).items()}
        posts = {}
        for stage in STAGES:
            here = [s for s in self.schools if s.stage == stage and s.open]
            need = [float(self.need("staff", s)) for s in here]
            weights = need if sum(need) else [1.0] * len(here)
            posts |= dict(
                zip(here, shared(sum(staff[s] for s in here), weights, round), strict=True)
            )
        release = {s: max(staff[s] - posts.get(s, 0), 0) for s in self.schools}
        for stage in STAGES:
            here = [s for s in self.schools if s.stage == stage]
            most = floor(self.value("reallocation.most_share") * sum(staff[s] for s in here))
            if sum(release[s] for s in here) > most:
                parts = shared(most, [float(release[s]) for s in here], round)
                release |= dict(zip(here, parts, strict=True))
        gone: list[Teacher] = []
        for s in self.schools:
            able = [
                t
                for t in self.staff
                if t.school is s
                and self.month - t.birth < 12 * (getattr(rule.max_age, t.sex) + 1)
                and not (rule.arts_pe == "keep" and self.in_l3(t))
            ]
            gone += self.chosen(able, release[s], "reallocation.released")
        vacant = {s: max(posts.get(s, 0) - staff[s], 0) for s in self.schools}
        have = self.count(lambda t: t not in gone)
        for t in gone:
            own = t.school

            def may(s: School, own: School = own) -> bool:
                return s.stage == own.stage and s is not own and vacant[s] > 0

            if rule.preference == "need":
                to = self.place("staff", have, may)
            else:
                able_schools = [s for s in self.schools if s.open and may(s)]
                to = min(able_schools, key=lambda s, own=own: self.apart(s, own), default=None)
            if to is not None:
                vacant[to] -= 1
                self.moves(t, to, "reallocated")

    @staticmethod
    def apart(one: School, other: School) -> float:
        x, y = one.at[0] - other.at[0], one.at[1] - other.at[1]
        return x * x + y * y

    # --- 10: network ------------------------------------------------------------------------------

    def network(self) -> Iterator[simpy.Event]:
        for event in sorted(self.scenario.network, key=lambda event: event.date):
            yield self.on(event.date, "network")
            if event.open is not None:
                self.opens(event)
            else:
                self.close(event)

    def named(self, names: Iterable[str]) -> list[School]:
        return [next(s for s in self.schools if s.name == name) for name in names]

    def opens(self, event: NetworkEvent) -> None:
        [new] = self.named([event.open.name])
        new.open = True
        for item, amount in event.open.facilities.items():
            new.facilities[item] += amount
        for name, share in event.open.pupils_from.items():
            [giving] = self.named([name])
            for grade in giving.pupils:
                pupils = round(share * giving.pupils[grade])
                giving.pupils[grade] -= pupils
                new.pupils[grade] += pupils
            people = [t for t in self.staff if t.school is giving]
            number = round(share * len(people))
            for t in self.chosen(people, number, f"network.{new.name}"):
                self.moves(t, new, "network")

    def close(self, event: NetworkEvent) -> None:
        closing = self.named(event.close)
        for school in closing:
            if event.into == "nearest":
                able = [s for s in self.schools if s.open and s.stage == school.stage]
                able = [s for s in able if s not in closing]
                targets = [min(able, key=lambda s, at=school.at: math.dist(s.at, at))]
            else:
                targets = self.named(event.into)
            in_table_order = sorted(targets, key=lambda s: s.row)
            for grade in school.pupils:
                parts = shared(school.pupils[grade], [1] * len(targets), round)
                for target, pupils in zip(in_table_order, parts, strict=True):
                    target.pupils[grade] += pupils
                school.pupils[grade] = 0
            for t in [t for t in self.staff if t.school is school]:
                u = self.u(f"network.{school.name}", self.year, t.number)
                self.moves(t, targets[int(u * len(targets))], "network")
            school.open = False
            owner = school.site or school
            if not any(s.open for s in self.schools if (s.site or s) is owner):
                for item, amount in owner.facilities.items():
                    kept = self.scenario.facilities.kept_on_closing.get(item, 0.0)
                    for target in targets:
                        target = target.site or target
                        target.facilities[item] += kept * amount / len(targets)
                    owner.facilities[item] = 0.0 * amount

    # --- L4 to L7: facilities ---------------------------------------------------------------------

    def wear(self) -> None:
        for item in self.scenario.facilities.wear_per_year:
            for school in self.schools:
                share = self.value(f"facilities.wear_per_year.{item}")
                school.facilities[item] *= 1 - share

    def investments(self) -> Iterator[simpy.Event]:
        for row in sorted(self.scenario.facilities.investments, key=lambda row: row.date):
            yield self.on(row.date, "investments")
            owners = [s for s in self.schools if s.open and not s.site]
            if row.stage:
                owners = [s for s in owners if s.stage == row.stage]
            if not isinstance(row.to, str):
                named = [s.site or s for s in self.schools if s.name in row.to]
                owners = [s for s in owners if s in named]
            self.invest(row, owners)

    def invest(self, row: Investment, owners: list[School]) -> None:
        if not owners:
            return
        sections = {s: [t for t in self.schools if (t.site or t) is s] for s in owners}
        if row.to == "need":
            indicator = load_standard().indicator(INDICATOR_OF[row.item])
            need = {
                s: sum(
                    exact(indicator.threshold[t.stage]) * t.size / indicator.per_pupils
                    for t in sections[s]
                )
                for s in owners
            }
            have = {s: s.facilities[row.item] for s in owners}
            have = {s: 0.0 if math.isnan(x) else x for s, x in have.items()}
            weights = self.filled_up(have, need, row.amount)
        else:
            weights = {s: float(sum(t.size for t in sections[s])) for s in owners}
        if not sum(weights.values()):
            weights = dict.fromkeys(owners, 1.0)
        parts = [weights.get(s, 0.0) for s in self.schools]
        if row.item == "multimedia_rooms":
            amounts: list[float] = [*shared(round(row.amount), parts, half_down)]
        else:
            amounts = [row.amount * part / sum(parts) for part in parts]
        for s, amount in zip(self.schools, amounts, strict=True):
            s.facilities[row.item] += amount

    @staticmethod
    def filled_up(
        have: dict[School, float], need: dict[School, Fraction], amount: float
    ) -> dict[School, float]:
        """Raise those with the least have / need to one level: found by trying each as the last."""
        lacking = sorted((s for s in need if need[s] > 0), key=lambda s: have[s] / float(need[s]))
        for number in range(len(lacking), 0, -1):
            group = lacking[:number]
            level = (amount + sum(have[s] for s in group)) / float(sum(need[s] for s in group))
            if level >= have[group[-1]] / float(need[group[-1]]):
                break
        else:
            return dict.fromkeys(need, 0.0)
        raised = {s: level * float(need[s]) - have[s] for s in group}
        return {s: max(raised.get(s, 0.0), 0.0) for s in need}

    # --- the census -------------------------------------------------------------------------------

    def census(self) -> None:
        year, self.judged = self.year - self.years[0], self.year
        for school in self.schools:
            self.records["pupils"][year, school.row] = school.size
            for column, item in enumerate(FACILITIES):
                self.records["facilities"][year, school.row, column] = school.facilities[item]
        for t in self.staff:
            counted = {
                "staff": True,
                "qualified": t.qualified,
                "backbone": t.award is not None,
                f"{t.subject}_teachers": t.subject in ARTS_PE,
                f"{t.subject}_specialists": t.specialist,
            }
            for count in [count for count, holds in counted.items() if holds]:
                self.records["census"][year, t.school.row, COUNTS.index(count)] += 1
            band = sum(lowest <= (self.month - t.birth) // 12 for lowest in AGE_BANDS) - 1
            place = year, STAGES.index(t.school.stage), SEXES.index(t.sex), band
            self.records["ages"][place] += 1


def simulate(scenario: Scenario, county: County, seed: int, replications: range) -> Ledger:
    """Simulate replications one after another; return the engine's kind of ledger."""
    schools = len(county.schools) + sum(event.open is not None for event in scenario.network)
    ledger = Ledger.blank(len(scenario.years.range), len(replications), schools)
    for nth, replication in enumerate(replications):
        run = Oracle(scenario, county, seed, replication)
        run.clock.run()
        run.records["closing"] = Counter((t.school.row,) for t in run.staff)
        for array, record in run.records.items():
            axis = {"flows": 2, "closing": 0}.get(array, 1)  # that of the replications
            for place, number in record.items():
                getattr(ledger, array)[*place[:axis], nth, *place[axis:]] = number
    return ledger
