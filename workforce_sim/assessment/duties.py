"""What staff owe by law: 360 hours of training in five years, and teaching certificates.

Training is a running ledger of hours a head. In each year those on the staff at the census get what
they lack of the hours due in the window that ends with it, as far as the year's places go, in equal
parts. Whoever leaves takes the hours along; of a recruit no hours are due from before, so a head's
hours stand for every teacher's.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workforce_sim.assessment.judgement import TOLERANCE
from workforce_sim.assessment.stages import by_stage, scopes
from workforce_sim.assessment.uncertainty import probability, spread
from workforce_sim.scenario.forms import Section
from workforce_sim.scenario.quantity import Distribution, sample
from workforce_sim.scenario.schema import Scenario
from workforce_sim.simulation.draws import Draws
from workforce_sim.simulation.ledger import FLOW, STAFF, Ledger

TRAINING, CERTIFICATES = DUTIES = ("training", "certificates")


def drawn(section: Section, path: str, draws: Draws) -> dict[str, NDArray[np.float64]]:
    """Return the values of a section's own numeric assumptions in each replication: (R,) each."""
    return {
        name: sample(value, draws.once(f"assumption {path}.{name}"))
        for name, value in section
        if isinstance(value, float | Distribution)
    }


def training(
    scenario: Scenario, staff: NDArray[np.integer], draws: Draws
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the hours that each of the staff is trained, and the share of the hours due reached.

    Parameters
    ----------
    scenario : Scenario
    staff : int (Y, R)
        Of the county.
    draws : Draws

    Returns
    -------
    hours : float64 (Y, R)
        In the year.
    reached : float64 (Y, R)
        At most 1.
    """
    rule = scenario.duties
    due, window = rule.training_hours_per_teacher, rule.training_window_years
    places = rule.training_places_per_year
    before = drawn(rule, "duties", draws)["training_before_start_share"]
    hours = np.empty((window - 1 + len(staff), staff.shape[1]))
    hours[: window - 1] = before * due / window
    reached = np.empty(staff.shape)
    for nth, year in enumerate(scenario.years):
        had = hours[nth : nth + window - 1].sum(axis=0)
        offered = np.inf if places is None else places.at(year) * rule.training_hours_per_place
        most = offered / np.maximum(staff[nth], 1)
        hours[nth + window - 1] = np.minimum(most, due - had)
        reached[nth] = (had + hours[nth + window - 1]) / due
    return hours[window - 1 :], reached


def certified(
    scenario: Scenario, staff: NDArray[np.integer], hired: NDArray[np.integer], draws: Draws
) -> NDArray[np.float64]:
    """Return the share of the staff with a teaching certificate: (Y, R); NaN without staff.

    ``staff`` and ``hired`` (Y, R): at the census, and since the census before. All hired since the
    start are taken to be still there, so recruits weigh a little too much.
    """
    shares = drawn(scenario.duties, "duties", draws)
    recruits = np.minimum(hired.cumsum(axis=0), staff)
    having = shares["certified_share"] * (staff - recruits)
    having = having + shares["recruits_certified_share"] * recruits
    with np.errstate(invalid="ignore"):
        return np.asarray(having / staff)


def hired_by_census(flows: NDArray[np.integer]) -> NDArray[np.integer]:
    """Return how many came since the census before, or since the start: (Y, R, stages).

    ``flows`` (Y, 2, R, stages, flows) are a ledger's, summed by stage.
    """
    by_half = flows[..., FLOW["hired_general"]] + flows[..., FLOW["hired_arts_pe"]]
    hired = by_half[:, 0].copy()
    hired[1:] += by_half[:-1, 1]
    return hired


def duties(
    scenario: Scenario, ledger: Ledger, stage_of: NDArray[np.int8], draws: Draws
) -> pd.DataFrame:
    """Return how far each duty is met, by year: of the county, certificates by stage, too.

    Parameters
    ----------
    scenario : Scenario
    ledger : Ledger
    stage_of : int8 (S,)
    draws : Draws

    Returns
    -------
    DataFrame
        Shares with their spread; ``p_met``: that the target, 1, is reached.
    """
    staff = by_stage(ledger.census[..., STAFF], stage_of)
    hired = hired_by_census(by_stage(ledger.flows, stage_of, axis=3))
    *_, whole = scopes(stage_of)
    found = [(TRAINING, whole, training(scenario, staff.sum(axis=-1), draws)[1])]
    for stage, codes in scopes(stage_of).items():
        there, came = (counts[..., codes].sum(axis=-1) for counts in (staff, hired))
        found.append((CERTIFICATES, stage, certified(scenario, there, came, draws)))
    parts = []
    for duty, stage, share in found:
        met = probability(share >= 1 - TOLERANCE, 1, "p_met", ~np.isnan(share))
        front = {"year": scenario.years.range, "stage": stage, "duty": duty, "target": 1.0}
        parts.append(pd.DataFrame({**front, **spread(share, 1), **met}))
    return pd.concat(parts).sort_values("year", kind="stable", ignore_index=True)
