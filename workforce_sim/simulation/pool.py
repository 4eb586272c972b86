"""The people of a block of replications, and the few ways in which their state changes.

Every change of state goes through one of the functions below, each of which keeps the counts by
school and the flows up to date: a census is a copy, and no rule counts for itself. Invariant: the
counts equal a recount of the people at any time, and the flows and the changes by cause explain
every change of the counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from workforce_sim.scenario.schema import STAGES
from workforce_sim.simulation.compiled import compiled
from workforce_sim.simulation.ledger import (
    AGE_BANDS,
    BACKBONE,
    CAUSE,
    COUNTS,
    FLOW,
    ITEMS,
    QUALIFIED,
    SPECIALISTS,
    STAFF,
    TEACHERS,
    Ledger,
)

CAUSE_OF = {"network": "network", "reallocated": "reallocation"}
"""Causes of moves; all other moves are rotation."""
NEVER = 32767
"""A month that does not come."""
NO_MONTH = -1
GONE = -1
"""School of those who have left."""

_BACKBONE_LEFT, _QUALIFIED_LEFT = FLOW["backbone_left"], FLOW["qualified_left"]
_AWARDED, _RENEWED, _LAPSED = FLOW["awarded"], FLOW["renewed"], FLOW["lapsed"]
_QUALIFIES, _RETRAINED = FLOW["qualified"], FLOW["retrained"]
_RETIRES, _EXITS = CAUSE["retirement"], CAUSE["other_exits"]
_BY_AWARD, _BY_LAPSE = CAUSE["awarded"], CAUSE["lapsed"]
_BY_DEGREE, _BY_RETRAINING = CAUSE["degrees"], CAUSE["retrained"]
_L1, _L2, _L3 = range(ITEMS)
_BANDS = np.array(AGE_BANDS, np.int64)
_SEXES = 2
_OLDEST = AGE_BANDS[-1] + 2
"""Years before the run: who was born earlier is counted as born then, old at any census."""

LEAVER = np.dtype(
    [
        ("slot", np.int32),
        ("next", np.int32),
        ("born", np.int16),
        ("sex", np.int8),
        ("cause", np.int8),
        ("subject", np.int8),
    ],
    align=True,
)
"""One who will leave within the run, and the next who leaves in that month (-1: the last).

What never changes of them is noted here, too: from the people's arrays each field would have to be
fetched from another place.
"""


class People(NamedTuple):
    """One value a person: arrays of shape (replications, slots). Months count from year 0.

    A slot belongs to one person, the same in all replications, and is never used again: ``person``
    has the shape (slots,). Without stays that end, ``home`` and ``back`` have no slots.
    """

    person: NDArray[np.uint32]
    sex: NDArray[np.int8]
    birth: NDArray[np.int16]
    school: NDArray[np.int16]
    subject: NDArray[np.int8]
    specialist: NDArray[np.bool_]
    qualified: NDArray[np.bool_]
    award: NDArray[np.int16]
    service: NDArray[np.int16]
    arrival: NDArray[np.int16]
    legal: NDArray[np.int16]
    leave: NDArray[np.int16]
    cause: NDArray[np.int8]
    home: NDArray[np.int16]
    back: NDArray[np.int16]


BLANK = People(
    person=np.uint32(0),  # type: ignore[arg-type]
    sex=np.int8(0),  # type: ignore[arg-type]
    birth=np.int16(0),  # type: ignore[arg-type]
    school=np.int16(GONE),  # type: ignore[arg-type]
    subject=np.int8(0),  # type: ignore[arg-type]
    specialist=np.bool_(False),  # type: ignore[arg-type]
    qualified=np.bool_(False),  # type: ignore[arg-type]
    award=np.int16(NO_MONTH),  # type: ignore[arg-type]
    service=np.int16(0),  # type: ignore[arg-type]
    arrival=np.int16(0),  # type: ignore[arg-type]
    legal=np.int16(NEVER),  # type: ignore[arg-type]
    leave=np.int16(NEVER),  # type: ignore[arg-type]
    cause=np.int8(0),  # type: ignore[arg-type]
    home=np.int16(GONE),  # type: ignore[arg-type]
    back=np.int16(NEVER),  # type: ignore[arg-type]
)
"""The value of each field in a slot that nobody has yet."""


@njit(inline="always")
def _count(people, r, i, subject, counts, changes, all_arts, s, cause, sign):  # type: ignore[no-untyped-def]
    """Add a person to the counts of a school, or take one off."""
    qualified = sign * people.qualified[r, i]
    backbone = sign * (people.award[r, i] != NO_MONTH)
    counts[r, s, STAFF] += sign
    counts[r, s, QUALIFIED] += qualified
    counts[r, s, BACKBONE] += backbone
    changes[r, s, cause, _L1] += qualified
    changes[r, s, cause, _L2] += backbone
    if subject > 0:
        specialist = sign * people.specialist[r, i]
        counts[r, s, TEACHERS - 1 + subject] += sign
        counts[r, s, SPECIALISTS - 1 + subject] += specialist
        changes[r, s, cause, _L3] += sign if all_arts else specialist


@compiled
def _join(people, rows, first, last, counts, changes, all_arts, stage, births, start, cause):  # type: ignore[no-untyped-def]
    """Count the newcomers, in slots from ``first`` on, of the first so many replications."""
    for r in range(rows):
        for i in range(first, last):
            s = people.school[r, i]
            if s != GONE:
                born = _born(people, r, i, start)
                _count(people, r, i, people.subject[r, i], counts, changes, all_arts, s, cause, 1)
                births[r, stage[s], people.sex[r, i], born] += 1


@njit(inline="always")
def _born(people, r, i, start):  # type: ignore[no-untyped-def]
    """Return the place of a month of birth among those told apart."""
    return max(people.birth[r, i] - start + 12 * _OLDEST, 0)


@compiled
def _queue_up(people, first, last, agenda, queue, queued, start):  # type: ignore[no-untyped-def]
    """Note on the agenda who of the newcomers, in slots from ``first`` on, will leave.

    Those of one month are noted side by side: month by month they are fetched again.
    """
    months = agenda.shape[0]
    place = np.empty(months + 1, np.int64)
    leaver = np.empty(last - first + 1, np.int32)
    for r in range(queue.shape[0]):
        n = 0
        for i in range(first, last):
            leaver[n] = i
            n += (people.leave[r, i] < start + months) & (people.school[r, i] != GONE)
        place[:] = 0
        for j in range(n):
            place[max(people.leave[r, leaver[j]] - start, 0) + 1] += 1
        place[0] = queued[r]
        for month in range(months):
            place[month + 1] += place[month]
        queued[r] = place[months]
        for j in range(n):
            i = leaver[j]
            month = max(people.leave[r, i] - start, 0)
            entry = queue[r, place[month]]
            entry["slot"], entry["next"] = i, agenda[month, r]
            entry["born"], entry["sex"] = _born(people, r, i, start), people.sex[r, i]
            entry["cause"], entry["subject"] = people.cause[r, i], people.subject[r, i]
            agenda[month, r] = place[month]
            place[month] += 1


@compiled
def _depart(people, due, queue, counts, flows, changes, all_arts, births, leavers, stage):  # type: ignore[no-untyped-def]
    """Let those leave who are on the month's agenda: ``due`` (R,) is the first in the queue."""
    for r in range(due.shape[0]):
        at = due[r]
        while at >= 0:
            who = queue[r, at]
            i, cause = who["slot"], who["cause"]
            s = people.school[r, i]
            why = _RETIRES if cause == 0 else _EXITS
            _count(people, r, i, who["subject"], counts, changes, all_arts, s, why, -1)
            births[r, stage[s], who["sex"], who["born"]] -= 1
            flows[r, s, cause] += 1
            flows[r, s, _BACKBONE_LEFT] += people.award[r, i] != NO_MONTH
            flows[r, s, _QUALIFIED_LEFT] += people.qualified[r, i]
            leavers[r, stage[s], cause] += 1
            people.school[r, i] = GONE
            at = who["next"]


@compiled
def _move(people, chosen, target, counts, flows, changes, all_arts, month, out, into, cause):  # type: ignore[no-untyped-def]
    for r in range(chosen.shape[0]):
        for j in range(chosen.shape[1]):
            i = chosen[r, j]
            if i < 0:
                break
            old, new = people.school[r, i], target[r, j]
            if new < 0:
                continue
            subject = people.subject[r, i]
            _count(people, r, i, subject, counts, changes, all_arts, old, cause, -1)
            _count(people, r, i, subject, counts, changes, all_arts, new, cause, 1)
            flows[r, old, out] += 1
            flows[r, new, into] += 1
            people.school[r, i] = new
            people.arrival[r, i] = month


@compiled
def _set_award(people, chosen, counts, flows, changes, month):  # type: ignore[no-untyped-def]
    """Award, renew or (month NO_MONTH) end the title of backbone teacher."""
    for r in range(chosen.shape[0]):
        for j in range(chosen.shape[1]):
            i = chosen[r, j]
            if i < 0:
                break
            s = people.school[r, i]
            if month == NO_MONTH:
                counts[r, s, BACKBONE] -= 1
                changes[r, s, _BY_LAPSE, _L2] -= 1
                flows[r, s, _LAPSED] += 1
            elif people.award[r, i] == NO_MONTH:
                counts[r, s, BACKBONE] += 1
                changes[r, s, _BY_AWARD, _L2] += 1
                flows[r, s, _AWARDED] += 1
            else:
                flows[r, s, _RENEWED] += 1
            people.award[r, i] = month


@compiled
def _qualify(people, chosen, counts, flows, changes):  # type: ignore[no-untyped-def]
    for r in range(chosen.shape[0]):
        for j in range(chosen.shape[1]):
            i = chosen[r, j]
            if i < 0:
                break
            s = people.school[r, i]
            people.qualified[r, i] = True
            counts[r, s, QUALIFIED] += 1
            flows[r, s, _QUALIFIES] += 1
            changes[r, s, _BY_DEGREE, _L1] += 1


@compiled
def _retrain(people, chosen, success, counts, flows, changes, all_arts):  # type: ignore[no-untyped-def]
    for r in range(chosen.shape[0]):
        for j in range(chosen.shape[1]):
            i = chosen[r, j]
            if i < 0:
                break
            if success[r, j]:
                s = people.school[r, i]
                people.specialist[r, i] = True
                counts[r, s, SPECIALISTS - 1 + people.subject[r, i]] += 1
                flows[r, s, _RETRAINED] += 1
                changes[r, s, _BY_RETRAINING, _L3] += 0 if all_arts else 1


@compiled
def _ages(births, age, out):  # type: ignore[no-untyped-def]
    """Count the staff by age band; ``age`` is that in months of those born first."""
    rows, stages, sexes, months = births.shape
    for r in range(rows):
        for stage in range(stages):
            for sex in range(sexes):
                last = months
                for band in range(len(_BANDS)):
                    # Born after `first` and not after `last`, they are not yet of the next band.
                    old = 12 * _BANDS[band + 1] if band + 1 < len(_BANDS) else age + 1
                    first = min(max(age - old + 1, 0), last)
                    n = 0
                    for born in range(first, last):
                        n += births[r, stage, sex, born]
                    out[r, stage, sex, band] = n
                    last = first


@dataclass
class Pool:
    """The people, their counts by school, and the list of those due to leave in each month.

    Attributes
    ----------
    people : People
    stage : int8 (S,)
        Stages of the schools.
    counts : int16 (R, S, len(COUNTS))
    size : int
        Slots in use, the same in every replication.
    births : int16 (R, stages, sexes, months)
        Staff by month of birth, from `_OLDEST` years before the run to its end.
    agenda : int32 (months, R)
        Place in the queue of the first who leaves in each month of the run; -1: nobody.
    queue : LEAVER (R, places)
    queued : int32 (R,)
        Places of the queue in use.
    first_month : int
    flows : int16 (R, S, len(FLOWS))
    changes : int16 (R, S, causes, ITEMS)
        The pages of the ledger that are open.
    all_arts : bool
        Whether L3 counts all who teach PE, music or art, and not only the specialists.
    """

    people: People
    stage: NDArray[np.int8]
    counts: NDArray[np.int16]
    size: int
    births: NDArray[np.int16]
    agenda: NDArray[np.int32]
    queue: NDArray[np.void]
    queued: NDArray[np.int32]
    first_month: int
    flows: NDArray[np.int16]
    changes: NDArray[np.int16]
    all_arts: bool

    @classmethod
    def empty(
        cls,
        replications: int,
        slots: int,
        stage: NDArray[np.int8],
        months: range,
        ledger: Ledger,
        all_arts: bool,
        stays: bool,
    ) -> Pool:
        """Return a pool without people, with room for ``slots`` in each replication."""
        return cls(
            people=_blank(replications, slots, stays),
            stage=stage,
            counts=np.zeros((replications, len(stage), len(COUNTS)), np.int16),
            size=0,
            births=np.zeros(
                (replications, len(STAGES), _SEXES, 12 * _OLDEST + len(months)), np.int16
            ),
            queue=np.empty((replications, 0), LEAVER),
            queued=np.zeros(replications, np.int32),
            agenda=np.full((len(months), replications), -1, np.int32),
            first_month=months.start,
            flows=ledger.flows[0, 0],
            changes=ledger.changes[0],
            all_arts=all_arts,
        )

    def enrol(self, newcomers: People, cause: str) -> None:
        """Add people; those whose ``school`` is GONE did not come, and leave their slots unused.

        The fields of ``newcomers`` broadcast to (replications, k), but for ``person`` (k,).
        """
        first, last = self.size, self.size + newcomers.person.shape[-1]
        slots = len(self.people.person)
        if last > slots:
            stays = self.people.home.shape[1] > 0
            people = _blank(len(self.queued), last + max(64, slots // 8), stays)
            for name in People._fields:
                getattr(people, name)[..., :slots] = getattr(self.people, name)
            self.people = people
        for name in People._fields:
            getattr(self.people, name)[..., first:last] = getattr(newcomers, name)
        self.size = last
        end = self.first_month + len(self.agenda)
        places = self.queued + np.count_nonzero(self.people.leave[:, first:last] < end, axis=1)
        if places.max() > self.queue.shape[1]:
            queue = np.empty((len(places), places.max() + 64), LEAVER)
            queue[:, : self.queue.shape[1]] = self.queue
            self.queue = queue
        # Where the first to come are the same in all replications, they are counted in one.
        same = first == 0 and newcomers.school.ndim == 1
        _join(
            self.people,
            1 if same else len(places),
            first,
            last,
            self.counts,
            self.changes,
            self.all_arts,
            self.stage,
            self.births,
            self.first_month,
            CAUSE[cause],
        )
        if same:
            for counted in (self.counts, self.changes, self.births):
                counted[1:] = counted[0]
        _queue_up(self.people, first, last, self.agenda, self.queue, self.queued, self.first_month)

    def depart(self, month: int, leavers: NDArray[np.int16]) -> None:
        """Let those go whose last month it is; ``leavers`` (R, stages, causes) counts them."""
        due = self.agenda[month - self.first_month]
        _depart(
            self.people,
            due,
            self.queue,
            self.counts,
            self.flows,
            self.changes,
            self.all_arts,
            self.births,
            leavers,
            self.stage,
        )

    def move(
        self, chosen: NDArray[np.int32], target: NDArray[np.int16], month: int, why: str
    ) -> None:
        """Move the people listed to the schools ``target`` (-1: stay); ``why`` names the flow."""
        _move(
            self.people,
            chosen,
            target,
            self.counts,
            self.flows,
            self.changes,
            self.all_arts,
            month,
            FLOW[f"{why}_out"],
            FLOW[f"{why}_in"],
            CAUSE[CAUSE_OF.get(why, "rotation")],
        )

    def award(self, chosen: NDArray[np.int32], month: int) -> None:
        """Make the people listed backbone teachers from ``month`` on, or renew their term."""
        _set_award(self.people, chosen, self.counts, self.flows, self.changes, month)

    def lapse(self, chosen: NDArray[np.int32]) -> None:
        """End the title of the backbone teachers listed."""
        _set_award(self.people, chosen, self.counts, self.flows, self.changes, NO_MONTH)

    def qualify(self, chosen: NDArray[np.int32]) -> None:
        """Let the people listed have a degree that counts."""
        _qualify(self.people, chosen, self.counts, self.flows, self.changes)

    def retrain(self, chosen: NDArray[np.int32], success: NDArray[np.bool_]) -> None:
        """Let those of the people listed with ``success`` be specialists in their subject."""
        _retrain(self.people, chosen, success, self.counts, self.flows, self.changes, self.all_arts)

    def ages(self, month: int, out: NDArray[np.int16]) -> None:
        """Count the staff by stage, sex and age band into ``out``."""
        _ages(self.births, month - self.first_month + 12 * _OLDEST, out)

    @property
    def on_staff(self) -> NDArray[np.bool_]:
        """Who is on the staff: bool (R, slots)."""
        return self.people.school >= 0


def _blank(replications: int, slots: int, stays: bool) -> People:
    """Return slots that nobody has yet, all fields in one piece of memory.

    The system hands out one large piece much faster than many small ones.
    """
    shapes = dict.fromkeys(People._fields, (replications, slots)) | {"person": (slots,)}
    if not stays:
        shapes |= dict.fromkeys(("home", "back"), (replications, 0))
    fields = [
        (name, np.asarray(value).dtype, shapes[name]) for name, value in BLANK._asdict().items()
    ]
    memory = np.empty((), np.dtype(fields, align=True))
    for name, value in BLANK._asdict().items():
        memory[name] = value
    return People(**{name: memory[name] for name in People._fields})
