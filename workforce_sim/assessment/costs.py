"""What a policy costs each year, with its spread, in the prices of one year.

Limits: all on the staff in September are paid for the year. Nobody's title is simulated: of each
age and sex, as many have a senior title as on the roster. Recruits are those hired since the start,
also those who have left again; these are then missing among the others, so the number paid is
right. Prices and pay do not rise: everything is in the prices of ``costs.price_year``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workforce_sim.assessment.uncertainty import spread
from workforce_sim.county.model import SEXES, County
from workforce_sim.scenario.schema import STAGES, Scenario
from workforce_sim.simulation.ledger import AGE_BANDS, BACKBONE, FLOW, Ledger

ITEMS = (
    "pay_senior",
    "pay_other",
    "pay_recruits_general",
    "pay_recruits_arts_pe",
    "backbone_allowance",
    "rotation_allowance",
    "retraining",
    "training",
    "investments",
    "total",
)
"""What is paid for; the total is the last."""


def senior_shares(county: County) -> NDArray[np.float64]:
    """Return the share with a senior title on the roster: (stages, sexes, len(AGE_BANDS)).

    A band without anybody has the share of the younger one before it.
    """
    roster = county.roster
    age = (county.census - roster.birth) // 12
    band = np.maximum(np.searchsorted(AGE_BANDS, age, side="right") - 1, 0)
    shape = (len(STAGES), len(SEXES), len(AGE_BANDS))
    people, senior = np.zeros(shape), np.zeros(shape)
    cell = (county.staff_stage, roster.sex, band)
    np.add.at(people, cell, 1)
    np.add.at(senior, cell, roster.senior_title)
    shares = senior / np.maximum(people, 1)
    for nth in range(1, len(AGE_BANDS)):
        shares[..., nth] = np.where(people[..., nth] > 0, shares[..., nth], shares[..., nth - 1])
    return shares


def amounts(
    scenario: Scenario,
    county: County,
    ledger: Ledger,
    recruits: dict[str, NDArray[np.integer]],
    training_hours: NDArray[np.float64],
    pay_level: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return what each item costs, in the scenario's currency: (len(ITEMS), Y, R).

    Parameters
    ----------
    scenario, county, ledger
        What was simulated.
    recruits : mapping of int (Y, R)
        Hired since the start, ``hired_general`` and ``hired_arts_pe``.
    training_hours : float64 (Y, R)
        Hours that each of the staff is trained in the year.
    pay_level : float64 (R,)
    """
    rule, years = scenario.costs, scenario.years.range
    staff = ledger.ages.sum(axis=(2, 3, 4), dtype=np.int64)
    senior = np.einsum("yrsxa,sxa->yr", ledger.ages.astype(float), senior_shares(county))
    general, arts_pe = recruits["hired_general"], recruits["hired_arts_pe"]
    # Recruits are young: no senior title among them.
    other = (staff - senior - general - arts_pe).clip(min=0)
    pay = [
        rule.pay.senior * senior,
        rule.pay.other * other,
        rule.pay.recruit * general,
        rule.pay.recruit * arts_pe,
    ]
    invested = [
        sum(row.cost for row in scenario.facilities.investments if row.date.year == year)
        for year in years
    ]
    # The year's flow before its census and after it, at all schools.
    retrained = ledger.flows[..., FLOW["retrained"]].sum(axis=(1, 3), dtype=np.int64)
    items = [
        *(pay_level * people for people in pay),
        rule.backbone_allowance * ledger.census[..., BACKBONE].sum(axis=2, dtype=np.int64),
        rule.rotation_allowance * ledger.rotation[..., 1],
        rule.retraining * retrained,
        rule.training_per_hour * training_hours * staff,
        np.broadcast_to(np.array(invested, float)[:, None], staff.shape),
    ]
    return np.stack([*items, np.sum(items, axis=0)])


def costs(found: NDArray[np.float64], scenario: Scenario, years: Sequence[int]) -> pd.DataFrame:
    """Return ``amounts`` (len(ITEMS), Y, R) as a table.

    Returns
    -------
    DataFrame
        By year and item: mean, sd and quantiles, in ``currency`` of ``price_year``.
    """
    front = {"year": np.repeat(list(years), len(ITEMS)), "item": [*ITEMS] * len(years)}
    figures = {name: values.T.ravel() for name, values in spread(found, 2).items()}
    rule = scenario.costs
    return pd.DataFrame(
        front | figures | {"currency": rule.currency, "price_year": rule.price_year}
    )
