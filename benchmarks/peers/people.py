"""The yearly rules for programs whose teachers are objects: SimPy and Mesa.

How a teacher waits, and who calls the rules when, is what each program takes from its library. The
rules look at everybody once and keep lists, as one would with either.
"""

from __future__ import annotations

import heapq
import math
import random
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Any

from benchmarks.peers.workload import NEVER_AWARDED, PERSON, Workload

JUNE, AUGUST = 5, 7
SUBJECTS = range(4)


class Rules:
    """One replication's rules, and the counts of what happened between two censuses."""

    def __init__(self, workload: Workload, chance: random.Random) -> None:
        self.workload, self.chance = workload, chance
        self.risk = workload.risk.tolist()
        self.cumulative = workload.cumulative.tolist()
        self.legal = workload.legal.tolist()
        self.subjects = list(accumulate(workload.subjects))
        schools = range(workload.schools)
        stage = workload.stage.tolist()
        self.is_primary = [code == 0 for code in stage]
        self.elsewhere = [
            [to for to in schools if to != s and stage[to] == stage[s]] for s in schools
        ]
        self.credits = 0
        self.retired_since_hiring = 0
        self.retired = self.left = self.hired = self.moved = 0
        self.rows: list[list[float]] = []

    def roster(self) -> Iterator[dict[str, Any]]:
        """Yield the attributes of everybody at the start."""
        columns = (self.workload.people[name].tolist() for name in PERSON)
        return (dict(zip(PERSON, person, strict=True)) for person in zip(*columns, strict=True))

    def leaves(self, teacher: Any, month: int) -> bool:
        """Whether they leave at the end of this month."""
        return teacher.legal <= month or self.chance.random() < self.risk[month - teacher.birth]

    def last_month(self, teacher: Any, start: int) -> int:
        """Draw the month at whose end they leave; they can from the month ``start`` on."""
        target = self.cumulative[start - teacher.birth] + self.chance.expovariate(1.0)
        exits = teacher.birth + bisect_right(self.cumulative, target) - 1
        return max(start, min(exits, teacher.legal))

    def gone(self, teacher: Any, month: int) -> None:
        """Count somebody who left at the end of this month."""
        if teacher.legal <= month:
            self.retired += 1
            self.retired_since_hiring += 1
        else:
            self.left += 1

    def backbone(self, everybody: Iterable[Any], month: int) -> None:
        w, chance = self.workload, self.chance
        ends = month - w.term_months
        in_service, born_after = month - w.service_months, month - w.backbone_below
        eligible = []
        for teacher in everybody:
            if NEVER_AWARDED < teacher.award <= ends:
                teacher.award = month if chance.random() < w.renewed else NEVER_AWARDED
            if (
                teacher.award == NEVER_AWARDED
                and teacher.service <= in_service
                and teacher.birth > born_after
            ):
                eligible.append(teacher)
        for teacher in chance.sample(eligible, min(w.places, len(eligible))):
            teacher.award = month

    def hiring(self, everybody: Iterable[Any], month: int) -> Iterator[dict[str, Any]]:
        """Yield the attributes of those who come."""
        w, chance = self.workload, self.chance
        self.credits += self.retired_since_hiring
        self.retired_since_hiring = 0
        posts, self.credits = divmod(self.credits, w.leavers_a_post)
        staff = Counter(teacher.school for teacher in everybody)
        need = w.staff_needed[len(self.rows)].tolist()
        heap = [(staff[s] / need[s], -need[s], s) for s in range(w.schools)]
        heapq.heapify(heap)
        for _ in range(posts):
            _, minus_need, school = heap[0]
            staff[school] += 1
            heapq.heapreplace(heap, (staff[school] / need[school], minus_need, school))
            if chance.random() < w.filled:
                self.hired += 1
                yield self.recruit(school, month)

    def recruit(self, school: int, month: int) -> dict[str, Any]:
        w, u = self.workload, self.chance.random
        birth = month - w.youngest - int(u() * w.recruit_ages)
        sex = int(u() < w.women)
        subject = min(bisect_right(self.subjects, u()), len(self.subjects) - 1)
        return {
            "sex": sex,
            "birth": birth,
            "school": school,
            "subject": subject,
            "specialist": subject > 0,
            "qualified": u() < w.bachelors,
            "award": NEVER_AWARDED,
            "service": month,
            "arrival": month,
            "legal": self.legal[sex][birth - w.first_birth],
        }

    def rotation(self, everybody: Iterable[Any], month: int) -> None:
        w, chance = self.workload, self.chance
        arrived, retires = month - w.at_school, month + w.to_retirement
        born_after = [month - below for below in w.rotation_below]
        eligible = [
            teacher
            for teacher in everybody
            if teacher.arrival <= arrived
            and teacher.birth > born_after[teacher.sex]
            and teacher.legal >= retires
        ]
        moves = math.ceil(w.rotated * len(eligible) - 1e-9)
        for teacher in chance.sample(eligible, moves):
            teacher.school = chance.choice(self.elsewhere[teacher.school])
            teacher.arrival = month
        self.moved += moves

    def census(self, everybody: Iterable[Any]) -> None:
        schools = self.workload.schools
        staff, qualified, backbone, specialists = ([0] * schools for _ in range(4))
        for teacher in everybody:
            s = teacher.school
            staff[s] += 1
            qualified[s] += teacher.qualified
            backbone[s] += teacher.award != NEVER_AWARDED
            specialists[s] += teacher.specialist
        pupils = self.workload.pupils[len(self.rows) + 1].tolist()
        ratios = [
            [100 * number / size for number, size in zip(count, pupils, strict=True)]
            for count in (qualified, backbone, specialists)
        ]
        primary = sum(n for n, is_primary in zip(staff, self.is_primary, strict=True) if is_primary)
        flows = (self.retired, self.left, self.hired, self.moved)
        self.rows.append(
            [sum(staff), primary, sum(backbone), *flows, *(sum(r) / schools for r in ratios)]
        )
        self.retired = self.left = self.hired = self.moved = 0
