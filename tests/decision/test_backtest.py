"""What was observed against what was predicted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from tests.counties import School, Teacher, county, scenario
from workforce_sim.decision import backtest as study
from workforce_sim.decision.backtest import backtest, predictions
from workforce_sim.decision.observed import read_observed
from workforce_sim.decision.trial import run_trial
from workforce_sim.scenario import InputError

COUNTY = county(
    [School("甲", "primary", (100,) * 6), School("乙", "junior", (90,) * 3)],
    [Teacher("甲", f"19{60 + n % 35}-{1 + n % 12:02d}", degree=1 + n % 2) for n in range(90)]
    + [Teacher("乙", f"19{62 + n % 33}-{1 + n % 12:02d}") for n in range(60)],
)
RULES = scenario(
    years="2021-2025",
    replacement={"joins": 1, "leavers": 1},
    filling={"general": dict.fromkeys(("county_seat", "town", "village"), 0.8)},
    exits={
        "resign": {
            "cause": "resign",
            "ages": (0, 100),
            "share_per_year": {"dist": "uniform", "low": 0.0, "high": 0.06},
        }
    },
    degrees={"all": {"ages": (0, 100), "share_per_year": 0.1}},
)


def observed(*rows):
    return pd.DataFrame(rows, columns=["year", "stage", "quantity", "observed"])


def test_a_county_that_came_as_predicted():
    """Pupils are certain here: 600, and 290 in the second year, in every replication."""
    rows = (2021, "primary", "pupils", 600.0), (2022, "junior", "pupils", 300.0)
    found = backtest(RULES, observed(*rows), county=COUNTY, replications=50)
    assert found.points["below"].tolist() == [0.5, 1.0]
    assert found.points["inside_50"].tolist() == found.points["inside_90"].tolist() == [True, False]
    assert found.points["error"].tolist() == [0, -10]
    assert found.coverage[["level", "n", "inside"]].values.tolist() == [
        [0.5, 2, 0.5],
        [0.9, 2, 0.5],
    ]
    errors = found.errors.set_index("horizon")
    assert errors["mape"].tolist() == [0, 1 / 30] and errors["bias"].tolist() == [0, -1 / 30]
    [row] = found.revise.to_dict("records")  # no uncertain assumption moves the pupils
    assert (row["quantity"], row["stage"], row["assumption"]) == ("pupils", "junior", "")


def test_predictions_are_those_of_the_ledger():
    trial = run_trial(RULES, COUNTY, replications=20, seed=1)
    staff = predictions(trial, "staff", "both", 2023)
    assert (staff == trial.ledger.census[2, :, :, 0].sum(axis=1)).all()
    arts = predictions(trial, "qualified", "junior", 2023)
    assert (arts == trial.ledger.census[2, :, 1, 1]).all()
    ratio = predictions(trial, "L1", "junior", 2023)
    assert ratio == pytest.approx(100 * arts / predictions(trial, "pupils", "junior", 2023))
    left = sum(predictions(trial, "resign", "both", year).sum() for year in range(2021, 2026))
    assert left == trial.ledger.leavers[..., 1].sum()


def test_the_intervals_hold_as_often_as_they_say():
    """200 counties simulated with other numbers: so many inside 90% that chance would allow it.

    Two-sided exact binomial test; false alarm once in a million runs.
    """
    trial = run_trial(RULES, COUNTY, replications=1000, seed=1)
    truth = run_trial(RULES, COUNTY, replications=200, seed=2)
    predicted = predictions(trial, "resign", "both", 2022)
    seen = predictions(truth, "resign", "both", 2022)
    table = observed(*((2022, "both", "resign", value) for value in seen))
    points = study._points(table, np.tile(predicted, (200, 1)), RULES)
    low, high = np.quantile(predicted, [0.05, 0.95])
    true_share = ((low <= predicted) & (predicted <= high)).mean()  # whole numbers: 90% or more
    inside = int(points["inside_90"].sum())
    assert true_share >= 0.9
    assert (
        binom.cdf(inside, 200, true_share) > 5e-7 and binom.sf(inside - 1, 200, true_share) > 5e-7
    )


def test_what_is_off_names_the_assumption_and_its_direction():
    """Three times the resignations: the share who resign is to be revised upwards, and only it."""
    trial = run_trial(RULES, COUNTY, replications=300, seed=1)
    many = [3 * predictions(trial, "resign", "both", year).mean() for year in (2021, 2022, 2023)]
    rows = [(2021 + nth, "both", "resign", value) for nth, value in enumerate(many)]
    found = backtest(RULES, observed(*rows), county=COUNTY, replications=300, seed=1)
    assert not found.points["inside_90"].any()
    [row] = found.revise.to_dict("records")
    assert row["assumption"] == "exits.resign.share_per_year"
    assert row["direction"] == "higher" and row["fits"] > row["median"] and row["beyond"]
    assert found.coverage["inside"].tolist() == [0, 0]
    assert (found.errors["mape"] > 0.5).all() and (found.errors["bias"] < 0).all()


def test_an_observed_zero_has_no_percentage():
    found = backtest(RULES, observed((2021, "both", "resign", 0)), county=COUNTY, replications=20)
    assert found.points["error_share"].isna().all() and found.errors.empty


HEADER = "year,stage,quantity,observed\n"


def test_reading(tmp_path):
    path = tmp_path / "observed.csv"
    path.write_text(
        "\ufeff" + HEADER + "2021,小学,staff,88\n2022,both,L1,4.5\n2022,全县,death,0\n", "utf-8"
    )
    table = read_observed(path, RULES, COUNTY)
    assert table.to_dict("list") == {
        "year": [2021, 2022, 2022],
        "stage": ["primary", "both", "both"],
        "quantity": ["staff", "L1", "death"],
        "observed": [88.0, 4.5, 0.0],
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        (HEADER, "nothing was observed"),
        ("year,stage,quantity\n", "observed: the column is missing"),
        (HEADER + "2031,primary,staff,8\n", ":2: year: found '2031', expected a simulated year"),
        (HEADER + "2021,senior,staff,8\n", "expected one of primary, junior, both"),
        (HEADER + "2021,primary,stuff,8\n", "did you mean 'staff'"),
        (HEADER + "2021,primary,staff,-8\n", "expected a number, 0 or more"),
        (HEADER + "2021,primary,staff,8\n2021,小学,staff,9\n", "stands in line 2 already"),
    ],
)
def test_tables_that_are_wrong(tmp_path, text, message):
    path = tmp_path / "observed.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=message):
        read_observed(path, RULES, COUNTY)
