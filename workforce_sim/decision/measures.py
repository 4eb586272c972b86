"""What policies are compared by: outcomes of every replication in the judged year.

Conditions (see ``outcome``) give two each: their value, such as ``L3 primary``, and whether they
hold, ``P(L3 primary)``. Besides: posts offered and people hired up to the judged census, and the
staff found there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
from numpy.typing import NDArray

from workforce_sim.assessment.judgement import Judgement
from workforce_sim.decision.outcome import Condition, parse_condition
from workforce_sim.decision.trial import Trial
from workforce_sim.law import load_standard
from workforce_sim.simulation.ledger import FLOW, STAFF

COUNTY, SCHOOLS = "P(county)", "schools"
"""The outcomes by which policies are ranked."""
POSTS, HIRED, STAFF_THERE = "posts", "hired", "staff"
PEOPLE = (POSTS, HIRED, STAFF_THERE)
SHARE, SCHOOL, PERSON = 0.01, 0.001, 1.0
"""What does not matter: a hundredth of a probability, of a threshold or of a limit; a thousandth of
the schools (a school in one county of fifteen); one person."""


def conditions(judged: Judgement) -> Iterator[Condition]:
    """Yield the conditions that are looked at, in the order of the tables."""
    stages = judged.stages
    pairs = [f"{indicator} {stage}" for indicator in judged.indicators for stage in stages]
    written = [
        *("county", "schools", *(f"schools {stage}" for stage in stages)),
        *(f"{of}{pair}" for of in ("", "CV ", "schools ") for pair in pairs),
    ]
    yield from map(parse_condition, written)


def outcomes(trial: Trial) -> pd.DataFrame:
    """Return the outcomes of a trial: a row a replication, a column an outcome.

    Returns
    -------
    DataFrame
        float64 for values, bool for events; NaN where a replication has no value.
    """
    judged, ledger = trial.judged, trial.ledger
    nth = trial.scenario.judged_year - trial.scenario.years.first
    columns: dict[str, NDArray[Any]] = {}
    for condition in conditions(judged):
        value = condition.value(judged, nth)
        if value is not None:
            columns[str(condition)] = value
        columns[f"P({condition})"] = condition.holds(judged, nth)
    flows = ledger.flows[:nth].sum(axis=(0, 1, 3)) + ledger.flows[nth, 0].sum(axis=1)
    for name in (POSTS, HIRED):
        codes = [FLOW[f"{name}_{kind}"] for kind in ("general", "arts_pe")]
        columns[name] = flows[:, codes].sum(axis=1).astype(float)
    columns[STAFF_THERE] = ledger.census[nth, :, :, STAFF].sum(axis=1).astype(float)
    return pd.DataFrame(columns)


def margin(outcome: str) -> float:
    """Return the largest difference of an outcome that does not matter."""
    if outcome in PEOPLE:
        return PERSON
    if outcome.startswith("P("):
        return SHARE
    condition, standard = parse_condition(outcome), load_standard()
    if condition.of == "schools":
        return SCHOOL
    assert condition.indicator is not None and condition.stage is not None
    if condition.of == "difference":
        return SHARE * standard.difference_limit[condition.stage]
    return SHARE * standard.threshold(condition.indicator, condition.stage)
