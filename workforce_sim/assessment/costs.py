"""What a year costs, in the scenario's currency and the prices of one year.

The pay bill is that of the staff at the census for a whole year. Nobody is promoted in the model,
and the pool does not know titles, so they are not followed by person: of each stage, sex and age
band the share with a senior title stays what it is on the roster. That is as if promotions went on
and kept the titles' ages; a person-by-person count without promotions would find fewer. A band that
is empty on the roster (those past 60, before the reform) takes the share of the next younger one.
Of the women whom the reform keeps on for some months past 55 too many count as senior: on the
roster nearly all women of that age are.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workforce_sim.assessment.duties import drawn, hired_by_census, training
from workforce_sim.assessment.stages import by_stage
from workforce_sim.assessment.uncertainty import spread
from workforce_sim.county import County
from workforce_sim.county.model import SEXES
from workforce_sim.scenario.schema import STAGES, Scenario
from workforce_sim.simulation.draws import Draws
from workforce_sim.simulation.ledger import (
    AGE_BANDS,
    BACKBONE,
    FLOW,
    SPECIALISTS,
    STAFF,
    TEACHERS,
    Ledger,
)

TOTAL = "total"
ITEMS = (
    "pay_senior",
    "pay_other",
    "pay_recruits",
    "backbone",
    "rotation",
    "training",
    "retraining",
    "investments",
    "other",
    TOTAL,
)
"""What money is spent on, in the order of the table."""


def senior_shares(county: County) -> NDArray[np.float64]:
    """Return the share with a senior title by stage, sex and age band: (2, 2, len(AGE_BANDS))."""
    roster = county.roster
    age = (county.census - roster.birth) // 12
    band = np.searchsorted(AGE_BANDS, age, "right") - 1
    shape = (len(STAGES), len(SEXES), len(AGE_BANDS))
    staff, senior = np.zeros(shape), np.zeros(shape)
    np.add.at(staff, (county.staff_stage, roster.sex, band), 1)
    np.add.at(senior, (county.staff_stage, roster.sex, band), roster.senior_title)
    share = senior / np.maximum(staff, 1)
    for nth in range(1, len(AGE_BANDS)):
        share[..., nth] = np.where(staff[..., nth] > 0, share[..., nth], share[..., nth - 1])
    return share


def yearly_costs(
    scenario: Scenario, county: County, ledger: Ledger, draws: Draws
) -> dict[str, NDArray[np.float64]]:
    """Return what is spent on each item in each year and replication: (Y, R) each.

    What has no price, no investment and no other spending is left out: it is not counted.

    Parameters
    ----------
    scenario : Scenario
    county : County
        Its roster tells the titles.
    ledger : Ledger
    draws : Draws
        Of the prices that are distributions.

    Returns
    -------
    dict of item to float64 (Y, R)
        Retraining is paid for those who attend: as many as there are places, and untrained teachers
        of these subjects at the census or retrained in the year. Training is paid by the hour
        given, investments in the year of their date.
    """
    rule, years = scenario.costs, scenario.years.range
    price = drawn(rule, "costs", draws)
    stage_of = np.zeros(ledger.census.shape[2], np.int8)  # the stages are not told apart
    census = by_stage(ledger.census, stage_of).sum(axis=2)
    flows = by_stage(ledger.flows, stage_of, axis=3)
    senior = np.einsum("yrsxb,sxb->yr", ledger.ages, senior_shares(county))
    others = census[..., STAFF] - senior
    recruits = np.minimum(hired_by_census(flows).sum(axis=-1), others)
    untrained = (census[..., TEACHERS:SPECIALISTS] - census[..., SPECIALISTS:]).sum(axis=-1)
    retrained = flows[..., FLOW["retrained"]].sum(axis=(1, 3))
    places = np.array([scenario.arts_pe.retraining_per_year.at(year) for year in years])[:, None]
    hours = training(scenario, census[..., STAFF], draws)[0] * census[..., STAFF]
    counts = {
        "pay_senior": (price["pay_senior"], senior),
        "pay_other": (price["pay_other"], others - recruits),
        "pay_recruits": (price["pay_recruit"], recruits),
        "backbone": (price["backbone_allowance"], census[..., BACKBONE]),
        "rotation": (price["rotation_allowance"], ledger.rotation[..., 1]),
        "training": (price["training_hour"], hours),
        "retraining": (price["retraining"], np.minimum(places, untrained + retrained)),
    }
    found = {item: each * number for item, (each, number) in counts.items() if each.any()}
    rows = scenario.facilities.investments
    for item, spent in (
        ("investments", [sum(row.cost for row in rows if row.date.year == year) for year in years]),
        ("other", [rule.other.get(year, 0.0) for year in years]),
    ):
        if any(spent):
            found[item] = np.repeat(np.array(spent)[:, None], census.shape[1], axis=1)
    if found:
        found[TOTAL] = np.sum(list(found.values()), axis=0)
    return found


def costs(scenario: Scenario, county: County, ledger: Ledger, draws: Draws) -> pd.DataFrame:
    """Return the yearly costs with their spread, by item; no rows where nothing has a price."""
    years = np.array(scenario.years.range)
    parts = [
        pd.DataFrame({"year": years, "item": item, **spread(spent, 1)})
        for item, spent in yearly_costs(scenario, county, ledger, draws).items()
    ]
    if not parts:
        nothing = spread(np.empty((0, 1)), 1)
        return pd.DataFrame({"year": years[:0], "item": np.array([], object), **nothing})
    return pd.concat(parts).sort_values("year", kind="stable", ignore_index=True)
