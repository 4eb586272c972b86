"""numpy alone, one replication at a time: arrays over the teachers, a step a year.

The month of leaving is drawn once, so that nothing happens month by month: whoever leaves at the
end of month ``leave`` is on the staff on any day of it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers.people import AUGUST, JUNE
from benchmarks.peers.workload import NEVER_AWARDED, PERSON, Workload

SPARE = 1000
"""Places for recruits."""


class County:
    """One replication."""

    def __init__(self, workload: Workload, seed: list[int]) -> None:
        self.w, self.rng = workload, np.random.default_rng(seed)
        self.size = len(workload.people["birth"])
        for name in PERSON:
            values = workload.people[name]
            kept = np.zeros(self.size + SPARE, bool if values.dtype == bool else np.int32)
            kept[: self.size] = values
            setattr(self, name, kept)
        self.cumulative = workload.cumulative
        self.leave = np.full(self.size + SPARE, -1, np.int32)
        self.retires = np.zeros(self.size + SPARE, bool)
        self.draw_leaving(slice(0, self.size), workload.first_month)
        self.schools_of_stage = np.bincount(workload.stage)[workload.stage]
        self.first_of_stage = np.searchsorted(workload.stage, workload.stage)
        self.retired = self.left = 0  # so far
        self.credits = self.counted = 0

    def run(self) -> list[list[float]]:
        rows = []
        for year in range(self.w.years):
            january = self.w.first_month + 12 * year
            self.backbone(january + JUNE)
            hired = self.hire(january + AUGUST, self.w.staff_needed[year])
            moved = self.rotate(january + AUGUST)
            rows.append(self.census(january + AUGUST + 1, self.w.pupils[year + 1], hired, moved))
        return rows

    def draw_leaving(self, who: slice, start: int) -> None:
        birth, legal = self.birth[who], self.legal[who]
        target = self.cumulative[start - birth] + self.rng.exponential(size=len(birth))
        exits = birth + np.searchsorted(self.cumulative, target, side="right") - 1
        self.retires[who] = legal <= exits
        self.leave[who] = np.maximum(np.minimum(legal, exits), start)

    def backbone(self, month: int) -> None:
        w, award = self.w, self.award
        there = self.leave >= month
        ending = np.flatnonzero(there & (award > NEVER_AWARDED) & (award <= month - w.term_months))
        renewed = self.rng.random(len(ending)) < w.renewed
        award[ending] = np.where(renewed, month, NEVER_AWARDED)
        eligible = np.flatnonzero(
            there
            & (award == NEVER_AWARDED)
            & (self.service <= month - w.service_months)
            & (self.birth > month - w.backbone_below)
        )
        places = min(w.places, len(eligible))
        award[self.rng.choice(eligible, places, replace=False, shuffle=False)] = month

    def hire(self, month: int, need: NDArray[np.float64]) -> int:
        w, rng = self.w, self.rng
        so_far = np.count_nonzero(self.retires & (self.leave < month) & (self.leave >= 0))
        self.credits += so_far - self.counted
        self.counted = so_far
        posts, self.credits = divmod(self.credits, w.leavers_a_post)
        staff = np.bincount(self.school[self.leave >= month], minlength=w.schools)
        cover, a_post = staff / need, 1 / need
        school = np.empty(posts, np.int32)
        for nth in range(posts):
            school[nth] = best = cover.argmin()
            cover[best] += a_post[best]
        school = school[rng.random(posts) < w.filled]
        k = len(school)
        new = slice(self.size, self.size + k)
        self.size += k
        birth = month - w.youngest - rng.integers(w.recruit_ages, size=k)
        sex = (rng.random(k) < w.women).astype(np.int32)
        self.subject[new] = rng.choice(len(w.subjects), k, p=w.subjects)
        self.specialist[new] = self.subject[new] > 0
        self.qualified[new] = rng.random(k) < w.bachelors
        self.birth[new], self.sex[new], self.school[new] = birth, sex, school
        self.award[new], self.service[new], self.arrival[new] = NEVER_AWARDED, month, month
        self.legal[new] = w.legal[sex, birth - w.first_birth]
        self.draw_leaving(new, month + 1)
        return k

    def rotate(self, month: int) -> int:
        w = self.w
        born_after = month - np.array(w.rotation_below, np.int32)
        eligible = np.flatnonzero(
            (self.leave >= month)
            & (self.birth > born_after[self.sex])
            & (self.arrival <= month - w.at_school)
            & (self.legal >= month + w.to_retirement)
        )
        moves = int(np.ceil(w.rotated * len(eligible) - 1e-9))
        chosen = self.rng.choice(eligible, moves, replace=False, shuffle=False)
        old = self.school[chosen]
        nth = self.rng.integers(self.schools_of_stage[old] - 1) + self.first_of_stage[old]
        self.school[chosen] = nth + (nth >= old)
        self.arrival[chosen] = month
        return moves

    def census(self, month: int, pupils: NDArray[np.int64], hired: int, moved: int) -> list[float]:
        there = self.leave >= month
        school = self.school[there]

        def by_school(which: NDArray[np.bool_]) -> NDArray[np.int64]:
            return np.bincount(school[which[there]], minlength=self.w.schools)

        staff = np.bincount(school, minlength=self.w.schools)
        backbone = by_school(self.award != NEVER_AWARDED)
        counts = by_school(self.qualified), backbone, by_school(self.specialist)
        gone = (self.leave < month) & (self.leave >= 0)
        retired = np.count_nonzero(gone & self.retires)
        left = np.count_nonzero(gone) - retired
        flows = retired - self.retired, left - self.left, hired, moved
        self.retired, self.left = retired, left
        return [
            len(school),
            staff[self.w.stage == 0].sum(),
            backbone.sum(),
            *flows,
            *((100 * count / pupils).mean() for count in counts),
        ]


def prepare(path: Path) -> Workload:
    return Workload.load(path)


def simulate(workload: Workload, seed: int, replications: int) -> list[list[list[float]]]:
    return [County(workload, [seed, nth]).run() for nth in range(replications)]
