"""What the rules of one block of replications act on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from workforce_sim.county.model import DEGREES, Schools
from workforce_sim.law import load_standard
from workforce_sim.scenario.schema import STAGES, Scenario
from workforce_sim.simulation import placing, verbs
from workforce_sim.simulation.calendar import Calendar
from workforce_sim.simulation.draws import Draws, decision_code
from workforce_sim.simulation.ledger import BACKBONE, STAFF, Ledger, arts_pe
from workforce_sim.simulation.pool import Pool

Scalar = TypeVar("Scalar", bound=np.generic)
People = NDArray[np.int32]
"""A list of people: slots (R, k); a row ends where its first -1 stands."""


@dataclass
class World:
    """The state of a block: R replications of the county on the calendar's day.

    Attributes
    ----------
    scenario : Scenario
    schools : Schools
        All schools, those that open during the run included.
    is_open : bool (S,)
        Which of them are open.
    calendar : Calendar
    draws : Draws
    numbers : dict of path to float64 (R,)
        The scenario's numeric assumptions, one value a replication.
    pool : Pool
        Teachers.
    pupils : int32 (9, R, S)
        Pupils by grade.
    facilities : float64 (R, S, 4)
        Items of L4 to L7; a nine-year school's stand at its first row.
    ledger : Ledger
    """

    scenario: Scenario
    schools: Schools
    is_open: NDArray[np.bool_]
    calendar: Calendar
    draws: Draws
    numbers: dict[str, NDArray[np.float64]]
    pool: Pool
    pupils: NDArray[np.int32]
    facilities: NDArray[np.float64]
    ledger: Ledger

    @property
    def years(self) -> range:
        """The years simulated."""
        return self.scenario.years.range

    @property
    def year(self) -> int:
        """The calendar's year."""
        return self.calendar.today.year

    @property
    def month(self) -> int:
        """The calendar's month as a number."""
        return self.calendar.month

    @property
    def replications(self) -> int:
        """Replications in the block."""
        return len(self.draws.replications)

    def page(self, after_census: bool) -> None:
        """Open the ledger's pages for this year, before its census or after it."""
        nth = self.year - self.years.start
        self.pool.flows = self.ledger.flows[nth, int(after_census)]
        self.pool.changes = self.ledger.changes[nth + after_census]

    # --- who -----------------------------------------------------------------------------------

    def younger(self, below: int) -> NDArray[np.bool_]:
        """Who is younger than ``below`` years: bool (R, slots)."""
        return self.pool.people.birth > self.month - 12 * below

    def aged(self, birth: NDArray[np.int16], youngest: int, below: int) -> NDArray[np.bool_]:
        """Who of those born then is at least ``youngest`` and younger than ``below`` years."""
        return (birth > self.month - 12 * below) & (birth <= self.month - 12 * youngest)

    def uniforms(self, decision: str, chosen: People) -> NDArray[np.float64]:
        """Return one uniform number for each of the people listed: (R, k); 0 past a row's end."""
        return verbs.draw(chosen, *self._key(decision))

    def of(self, values: NDArray[Scalar], chosen: People) -> NDArray[Scalar]:
        """Return the values (R, slots) of the people listed: (R, k); 0 past a row's end."""
        return verbs.take(values, chosen, values.dtype.type(0))

    def school_of(self, chosen: People) -> NDArray[np.int16]:
        """Return the schools of the people listed: (R, k); -1 past a row's end."""
        return verbs.take(self.pool.people.school, chosen, self.pool.people.school.dtype.type(-1))

    # --- the verbs, keyed by this block's draws -------------------------------------------------

    def choose(
        self,
        decision: str,
        eligible: People,
        quota: NDArray[np.integer],
    ) -> People:
        """Choose a quota of the people listed: one number (R,), or one a school (R, S)."""
        quota = np.ascontiguousarray(quota, dtype=np.int64)
        if quota.ndim == 1:
            return verbs.choose(eligible, quota, *self._key(decision))
        school = self.pool.people.school
        return verbs.choose_by_school(eligible, school, quota, *self._key(decision))

    def happen(self, decision: str, eligible: People, share: NDArray[np.float64]) -> People:
        """List those of the people listed to whom it happens; it has the chance ``share`` (R,)."""
        return verbs.happen(eligible, share, *self._key(decision))

    def _key(self, decision: str) -> tuple[object, ...]:
        draws = self.draws
        return (
            self.pool.people.person,
            draws.seed,
            draws.replications,
            decision_code(decision),
            self.year,
        )

    def count(self, school: NDArray[np.int16]) -> NDArray[np.int32]:
        """Count by school where people are; -1 is nowhere: (R, S)."""
        return verbs.tally(school, len(self.is_open))

    def place(
        self,
        wanted: NDArray[np.int8],
        have: NDArray[np.float64],
        need: NDArray[np.float64],
        *,
        origin: NDArray[np.int16] | None = None,
        measure: NDArray[np.int8] | None = None,
        cap: NDArray[np.int32] | None = None,
    ) -> NDArray[np.int16]:
        """Send each to the school with the least have / need (both (R, S), or (R, M, S)).

        See ``placing.place``. Closed schools need nobody.
        """
        shape = (self.replications, -1, len(self.is_open))
        if origin is None:
            origin = np.full(wanted.shape, -1, np.int16)
        if measure is None:
            measure = np.zeros(wanted.shape, np.int8)
        if cap is None:
            cap = np.full((self.replications, len(self.is_open)), np.iinfo(np.int32).max, np.int32)
        have = np.array(have, dtype=np.float64).reshape(shape)
        return placing.place(
            wanted,
            origin,
            measure,
            have,
            np.ascontiguousarray(need).reshape(shape),
            cap,
            self.schools.stage,
            self.is_open,
        )

    # --- what schools have and need ---------------------------------------------------------------

    def pupils_by_school(self) -> NDArray[np.int32]:
        """Pupils of each school: (R, S)."""
        return self.pupils.sum(axis=0, dtype=np.int32)

    def staff(self) -> NDArray[np.float64]:
        """Staff of each school: (R, S)."""
        return self.pool.counts[:, :, STAFF].astype(float)

    def staff_needed(self) -> NDArray[np.float64]:
        """Staff that the norm grants each school for its pupils: (R, S)."""
        standard = load_standard()
        a_teacher = np.array([standard.pupils_per_teacher[stage] for stage in STAGES])
        return self.pupils_by_school() / a_teacher[self.schools.stage]

    def arts_pe(self) -> NDArray[np.float64]:
        """PE, music and art teachers of each school that the scenario counts: (R, S)."""
        return arts_pe(self.pool.counts, self.scenario.counting.arts_pe).astype(float)

    def backbone(self) -> NDArray[np.float64]:
        """Backbone teachers of each school: (R, S)."""
        return self.pool.counts[:, :, BACKBONE].astype(float)

    def needed(self, indicator: str) -> NDArray[np.float64]:
        """Teachers that an indicator's threshold asks of each school for its pupils: (R, S)."""
        standard = load_standard()
        threshold = np.array([standard.threshold(indicator, stage) for stage in STAGES])
        return self.pupils_by_school() * threshold[self.schools.stage] / 100

    def qualifies(
        self, degree: NDArray[np.integer], school: NDArray[np.integer]
    ) -> NDArray[np.bool_]:
        """Say whose degree counts in L1 at the stage of the school they teach at."""
        counting = self.scenario.counting
        lowest = [DEGREES.index(getattr(counting, f"degree_{stage}")) for stage in STAGES]
        return degree >= np.array(lowest)[self.schools.stage[school]]

    def date(self, event: str, year: int) -> dt.date:
        """Return the day of a yearly event."""
        return self.scenario.dates.on(event, year)


def rows(count: NDArray[np.integer], value: NDArray[np.int8] | int = -1) -> NDArray[np.int8]:
    """Return rows of ``count[r]`` times ``value`` (R,), filled up with -2, for ``World.place``."""
    longest = int(count.max(initial=0))
    inside = np.arange(longest) < np.asarray(count)[:, None]
    filled = np.broadcast_to(np.asarray(value, np.int8).reshape(-1, 1), inside.shape)
    return np.where(inside, filled, -2).astype(np.int8)
