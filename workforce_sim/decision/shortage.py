"""What schools lack, and can spare, at each census of a trial."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workforce_sim.assessment.judgement import OF_STAFF, TOLERANCE
from workforce_sim.decision.trial import Trial
from workforce_sim.law import load_standard
from workforce_sim.scenario.schema import STAGES
from workforce_sim.simulation.ledger import STAFF

NORM = "norm"
MEASURES = (NORM, *OF_STAFF)
"""What a school needs people for: the staffing norm, which counts all staff, and L1 to L3."""


@dataclass(frozen=True)
class Standing:
    """What S schools have and need at Y censuses in R replications, by M measures.

    Attributes
    ----------
    have : float64 (Y, R, S, M)
        People who count.
    need : float64 (Y, R, S, M)
        People who are needed for the pupils; not rounded.
    asked : bool (Y, R, S, M)
        Where the need is asked for: the norm of schools with pupils, thresholds of judged schools.
    """

    have: NDArray[np.float64]
    need: NDArray[np.float64]
    asked: NDArray[np.bool_]

    @classmethod
    def of(cls, trial: Trial, years: int, measures: tuple[str, ...] = MEASURES) -> Standing:
        """Take the first censuses of a trial."""
        ledger, judged, standard = trial.ledger, trial.judged, load_standard()
        staff = ledger.census[..., [STAFF]].astype(float)
        have: NDArray[np.float64] = np.concatenate(
            [staff, judged.items[..., : len(OF_STAFF)]], axis=-1
        )
        stage, pupils = judged.schools.stage, ledger.pupils[..., None]
        a_teacher = np.array([standard.pupils_per_teacher[s] for s in STAGES])[stage]
        per_pupil = np.concatenate(
            [1 / a_teacher[:, None], judged.threshold[:, : len(OF_STAFF)] / 100], axis=-1
        )
        asked = np.broadcast_to(judged.judged[..., None], have.shape).copy()
        asked[..., 0] = ledger.pupils > 0
        kept = [MEASURES.index(measure) for measure in measures]
        need: NDArray[np.float64] = per_pupil * pupils
        return cls(have[:years, ..., kept], need[:years, ..., kept], asked[:years, ..., kept])

    @cached_property
    def margin(self) -> NDArray[np.int64]:
        """People more than are needed, negative where some are missing: (Y, R, S, M).

        Where nobody asks it is so large that nobody is ever missed.
        """
        more = np.floor(self.have - self.need + TOLERANCE)
        return np.where(self.asked, more, np.iinfo(np.int32).max).astype(int)

    @cached_property
    def short(self) -> NDArray[np.int64]:
        """People who are missing: (Y, R, S, M)."""
        return -self.margin.clip(max=0)

    @property
    def is_open(self) -> NDArray[np.bool_]:
        """Which schools somebody asks something of, in some replication: (Y, S)."""
        return np.asarray(self.asked.any(axis=(1, 3)))

    def remains(self, allocation: str, measures: tuple[str, ...]) -> pd.DataFrame:
        """Return what is short at the last census: see the function of this name."""
        short = self.short[-1]
        return remains(allocation, measures, short.mean(axis=0), (short > 0).mean(axis=0))


def remains(
    allocation: str,
    measures: tuple[str, ...],
    people: NDArray[np.float64],
    risk: NDArray[np.float64],
) -> pd.DataFrame:
    """Return a row a measure of people short and the probability of it, (S, M) each.

    Columns: ``people_short`` and ``schools_short``, on average over the replications, of all
    schools; ``worst``, the people short at the school that is short of the most.
    """
    return pd.DataFrame(
        {
            "allocation": allocation,
            "measure": list(measures),
            "people_short": people.sum(axis=0),
            "schools_short": risk.sum(axis=0),
            "worst": people.max(axis=0),
        }
    )
