"""starsim 3 as its documentation teaches it: modules that act on the arrays of a ``People``.

A step is a month; whoever leaves is removed by ``People.request_removal``, and recruits come by
``People.grow``. What its documentation offers for speed is used: no common random numbers
(``crn``), no automatic results, no copies of the modules.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import starsim as ss

from benchmarks.peers.people import AUGUST, JUNE
from benchmarks.peers.workload import NEVER_AWARDED, PERSON, Workload

BOOLEAN = ("specialist", "qualified")


class Careers(ss.Demographics):
    """The staff, and who leaves at the end of the month."""

    def __init__(self, workload: Workload) -> None:
        super().__init__()
        self.workload, self.risk = workload, workload.risk
        self.define_states(*((ss.BoolArr if p in BOOLEAN else ss.IntArr)(p) for p in PERSON))
        self.exits = ss.bernoulli(p=0)
        self.retired = np.zeros(12 * workload.years, int)
        self.left = np.zeros(12 * workload.years, int)

    def init_post(self) -> None:
        super().init_post()
        for name in PERSON:
            self[name][:] = self.workload.people[name]

    @property
    def month(self) -> int:
        return self.workload.first_month + self.ti

    def step(self) -> None:
        retiring = self.legal <= self.month
        others = (~retiring).uids
        self.exits.set(p=self.risk[self.month - self.birth[others]])
        leaving = self.exits.filter(others)
        self.retired[self.ti], self.left[self.ti] = len(retiring.uids), len(leaving)
        self.sim.people.request_removal(retiring.uids)
        self.sim.people.request_removal(leaving)


class Rule(ss.Intervention):
    """A rule that acts once a year, in its month."""

    in_month: int

    def __init__(self, workload: Workload, rng: np.random.Generator) -> None:
        super().__init__()
        self.workload, self.rng = workload, rng

    def step(self) -> None:
        year, of_year = divmod(self.ti, 12)
        if of_year == self.in_month:
            careers = self.sim.demographics.careers
            self.act(careers, careers.month, year)

    def choose(self, eligible: ss.BoolArr, number: int) -> ss.uids:
        uids = eligible.uids
        return ss.uids(self.rng.choice(uids, min(number, len(uids)), replace=False, shuffle=False))


class Backbone(Rule):
    in_month = JUNE

    def act(self, staff: Careers, month: int, year: int) -> None:
        w = self.workload
        ending = ((staff.award > NEVER_AWARDED) & (staff.award <= month - w.term_months)).uids
        renewed = self.rng.random(len(ending)) < w.renewed
        staff.award[ending] = np.where(renewed, month, NEVER_AWARDED)
        eligible = (
            (staff.award == NEVER_AWARDED)
            & (staff.service <= month - w.service_months)
            & (staff.birth > month - w.backbone_below)
        )
        staff.award[self.choose(eligible, w.places)] = month


class Hiring(Rule):
    in_month = AUGUST

    def init_post(self) -> None:
        super().init_post()
        self.credits = 0
        self.hired = np.zeros(self.workload.years, int)

    def act(self, staff: Careers, month: int, year: int) -> None:
        w, rng = self.workload, self.rng
        last = max(self.ti - 12, 0)
        self.credits += staff.retired[last : self.ti].sum()
        posts, self.credits = divmod(self.credits, w.leavers_a_post)
        need = w.staff_needed[year]
        cover, a_post = np.bincount(staff.school, minlength=w.schools) / need, 1 / need
        school = np.empty(posts, int)
        for nth in range(posts):
            school[nth] = best = cover.argmin()
            cover[best] += a_post[best]
        school = school[rng.random(posts) < w.filled]
        k = self.hired[year] = len(school)
        new = self.sim.people.grow(k)
        birth = month - w.youngest - rng.integers(w.recruit_ages, size=k)
        sex = (rng.random(k) < w.women).astype(int)
        staff.subject[new] = rng.choice(len(w.subjects), k, p=w.subjects)
        staff.specialist[new] = staff.subject[new] > 0
        staff.qualified[new] = rng.random(k) < w.bachelors
        staff.birth[new], staff.sex[new], staff.school[new] = birth, sex, school
        staff.award[new] = NEVER_AWARDED
        staff.service[new] = staff.arrival[new] = month
        staff.legal[new] = w.legal[sex, birth - w.first_birth]


class Rotation(Rule):
    in_month = AUGUST

    def init_post(self) -> None:
        super().init_post()
        self.schools_of_stage = np.bincount(self.workload.stage)[self.workload.stage]
        self.first_of_stage = np.searchsorted(self.workload.stage, self.workload.stage)
        self.moved = np.zeros(self.workload.years, int)

    def act(self, staff: Careers, month: int, year: int) -> None:
        w = self.workload
        men, women = (month - below for below in w.rotation_below)
        young = ((staff.sex == 0) & (staff.birth > men)) | (
            (staff.sex == 1) & (staff.birth > women)
        )
        eligible = (
            young
            & (staff.arrival <= month - w.at_school)
            & (staff.legal >= month + w.to_retirement)
        )
        moves = self.moved[year] = int(np.ceil(w.rotated * len(eligible.uids) - 1e-9))
        chosen = self.choose(eligible, moves)
        old = staff.school[chosen]
        nth = self.rng.integers(self.schools_of_stage[old] - 1) + self.first_of_stage[old]
        staff.school[chosen] = nth + (nth >= old)
        staff.arrival[chosen] = month


class Census(ss.Analyzer):
    """Counts at the end of August: analyzers see who has left in the month as no longer alive."""

    def __init__(self, workload: Workload) -> None:
        super().__init__()
        self.workload = workload
        self.rows: list[list[float]] = []

    def step(self) -> None:
        year, of_year = divmod(self.ti, 12)
        if of_year != AUGUST:
            return
        w, modules = self.workload, self.sim.interventions
        staff = self.sim.demographics.careers
        there = self.sim.people.alive.uids

        def by_school(which: ss.uids) -> np.ndarray:
            return np.bincount(staff.school[which], minlength=w.schools)

        of_schools, backbone = (
            by_school(there),
            by_school(there[staff.award[there] != NEVER_AWARDED]),
        )
        counts = (
            by_school(there[staff.qualified[there]]),
            backbone,
            by_school(there[staff.specialist[there]]),
        )
        since = slice(max(self.ti - 11, 0), self.ti + 1)
        flows = (
            staff.retired[since].sum(),
            staff.left[since].sum(),
            modules.hiring.hired[year],
            modules.rotation.moved[year],
        )
        ratios = ((100 * count / w.pupils[year + 1]).mean() for count in counts)
        self.rows.append(
            [len(there), of_schools[w.stage == 0].sum(), backbone.sum(), *flows, *ratios]
        )


def prepare(path: Path) -> Workload:
    ss.options(verbose=0, crn=False)
    return Workload.load(path)


def simulate(workload: Workload, seed: int, replications: int) -> list[list[list[float]]]:
    return [one(workload, 10_000 * seed + nth) for nth in range(replications)]


def one(workload: Workload, seed: int) -> list[list[float]]:
    rng, census = np.random.default_rng(seed), Census(workload)
    sim = ss.Sim(
        n_agents=len(workload.people["birth"]),
        demographics=Careers(workload),
        interventions=[rule(workload, rng) for rule in (Backbone, Hiring, Rotation)],
        analyzers=census,
        start=ss.months(0),
        dt=ss.months(1),
        dur=ss.months(12 * workload.years - 1),  # and the first step
        rand_seed=seed,
        use_aging=False,
        people_results=False,
        copy_inputs=False,
    )
    sim.run()
    return census.rows
