"""A run and its judgement, put together."""

import platform
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.counties import School, Teacher, county, scenario
from workforce_sim import ensemble
from workforce_sim.assessment import Projection, county_of, projection, simulate
from workforce_sim.assessment.projection import TABLES, judge
from workforce_sim.scenario import InputError, load_scenario
from workforce_sim.simulation.ledger import Ledger

ROOT = Path(__file__).parents[2]
# Half of the pupils and one of two leave 甲 in the first year: it is not the baseline any more.
COUNTY = county(
    [School("甲", "primary", (20,) * 6), School("乙", "junior", (100,) * 3)],
    [Teacher("甲", "1961-03", degree=0), Teacher("甲", "1995-07", sex="female", award="2020-06")]
    + [Teacher("乙", "1990-01", subject="pe", specialist=True)] * 3,
)
RULES = scenario(
    years="2022-2023", judged_year=2023, enrolment={"entrants": {"table": {2022: 0, 2023: 40}}}
)


@pytest.fixture  # for each test, since mutmut runs only those tests that call a function
def made() -> Projection:
    return simulate(RULES, county=COUNTY, replications=3, seed=3)


def test_every_table_has_its_name(made):
    frames = [f.name for f in fields(Projection) if isinstance(getattr(made, f.name), pd.DataFrame)]
    assert tuple(frames) == TABLES
    assert list(made.tables) == frames
    assert all(made.tables[name] is getattr(made, name) for name in frames)


def test_the_baseline_stands_in_front(made):
    """The census of 2020-12, then the years of the run."""
    for name, years in (
        *((name, [2020, 2022, 2023]) for name in TABLES[:6]),
        *((name, [2020, 2022, 2023]) for name in ("binding", "ages", "pupils", "staff")),
        *((name, [2022, 2023]) for name in ("flows", "rotation")),
    ):
        table = getattr(made, name)
        assert table["year"].drop_duplicates().tolist() == years, name
        assert table.index.tolist() == list(range(len(table))), name
    years = made.first_year["year"].drop_duplicates()
    assert years.dropna().tolist() == [2022, 2023]


def test_the_baseline_is_the_county_s(made):
    before = made.ratios[made.ratios["year"] == 2020].set_index(["stage", "indicator"])["mean"]
    assert before[("primary", "L1")] == pytest.approx(100 * 1 / 120)
    assert before[("primary", "L2")] == pytest.approx(100 * 1 / 120)
    assert before[("junior", "L3")] == pytest.approx(100 * 3 / 300)
    pupils, staff = (t.set_index(["year", "stage"])["mean"] for t in (made.pupils, made.staff))
    assert pupils.loc[2020].tolist() == [120, 300, 420]
    assert pupils.loc[2022].tolist() == [100, 220, 320]
    assert staff.loc[2020].tolist() == [2, 3, 5]
    ages = made.ages[made.ages["mean"] > 0]
    assert ages[ages["year"] == 2020].drop(columns="year").to_numpy().tolist() == [
        ["primary", "male", 55, 60, 1],
        ["primary", "female", 25, 30, 1],
        ["junior", "male", 30, 35, 3],
    ]


def test_a_baseline_within_the_run_is_put_before_it():
    rules = scenario(years="2020-2021", judged_year=2021)
    made = simulate(rules, county=COUNTY, replications=1)
    assert made.staff["year"].drop_duplicates().tolist() == [2019, 2020, 2021]


def test_the_baseline_is_certain_and_the_run_is_not(made):
    for name in ("ratios", "schools", "school_verdicts", "needs", "differences", "verdicts"):
        table = getattr(made, name)
        for error in [column for column in table.columns if column.endswith("_se")]:
            p = error.removesuffix("_se")
            before = table[(table["year"] == 2020) & table[p].notna()]
            assert len(before) > 0
            assert (before[error] == 0).all()
            assert (before[f"{p}_low"] == before[p]).all()
            assert (before[f"{p}_high"] == before[p]).all()
            later = table[(table["year"] > 2020) & table[p].notna()]
            assert (later[error] > 0).all()
            assert (later[f"{p}_low"] < later[f"{p}_high"]).all()


def test_no_probability_means_no_error():
    """Where a school is not judged at the baseline its probability is NaN, and so is the error."""
    rules = scenario(counting={"smallest_school_pupils": 150})
    made = simulate(rules, county=COUNTY, replications=1)
    row = made.schools[(made.schools["year"] == 2020) & (made.schools["school"] == "甲")].iloc[0]
    assert row[["p_meets", "p_meets_se", "p_meets_low", "p_meets_high"]].isna().all()


def test_assumptions_and_reconciliation_are_tables(made):
    """A county that publishes nothing has nothing to reconcile, but the columns stay."""
    assert made.reconciliation.columns.tolist()[:1] == ["figure"]
    assert len(made.reconciliation) == 0
    assert made.reconciliation["agrees"].dtype == bool
    rows = made.assumptions.set_index("path")["value"]
    assert rows["rotation.share"] == "0"


def test_provenance(made):
    assert made.provenance == {
        "scenario": "test",
        "scenario_digest": RULES.digest,
        "county": "测试县",
        "county_digest": COUNTY.digest,
        "years": "2022-2023",
        "judged_year": 2023,
        "seed": 3,
        "replications": 3,
        "replications_requested": 3,
        "complete": True,
        "block": 250,
        "law": "retirement 2025-01-01; standard 2017-04-19",
        "indicators_simulated": ["L1", "L2", "L3"],
        "indicators_not_looked_at": ["L4", "L5", "L6", "L7"],
        "synthetic": [],
        "versions": {
            "workforce-sim": version("workforce-sim"),
            "python": platform.python_version(),
            "numpy": np.__version__,
            "numba": version("numba"),
            "simpy": version("simpy"),
            "scipy": version("scipy"),
            "pandas": pd.__version__,
        },
    }


def test_what_was_interrupted_says_so(made):
    part = judge(RULES, COUNTY, made.ledger, seed=3, requested=5)
    assert (part.provenance["replications"], part.provenance["replications_requested"]) == (3, 5)
    assert part.provenance["complete"] is False
    assert (part.scenario, part.county, part.ledger) == (RULES, COUNTY, made.ledger)


def test_simulate_hands_on_what_it_is_told(monkeypatch):
    told = {}

    def run(*arguments, **named):
        told.update(named, arguments=arguments)
        return Ledger.blank(years=2, replications=1, schools=2)

    monkeypatch.setattr(ensemble, "run", run)
    asked = {
        "replications": 7,
        "seed": 0,
        "workers": 1,
        "progress": print,
        "checkpoint": "blocks",
        "cluster": "workers",
    }
    found = simulate(RULES, county=COUNTY, **asked)
    assert told == {"arguments": (RULES, COUNTY), **asked}
    assert found.provenance["replications_requested"] == 7
    simulate(RULES, county=COUNTY)
    assert (told["replications"], told["seed"], told["workers"]) == (1000, 2021, None)
    simulate(RULES, county=COUNTY, replications=1, seed=2**64 - 1)
    assert (told["replications"], told["seed"]) == (1, 2**64 - 1)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"replications": 0}, "replications must be at least 1, not 0"),
        ({"seed": -1}, r"seed must be from 0 to 2\*\*64 - 1, not -1"),
        ({"seed": 2**64}, r"seed must be from 0 to 2\*\*64 - 1, not 18446744073709551616"),
        ({"workers": 0}, "workers must be at least 1, not 0"),
    ],
)
def test_numbers_out_of_range_are_refused(wrong, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        simulate(RULES, county=COUNTY, **wrong)


def test_the_county_is_the_scenario_s(monkeypatch):
    rules = load_scenario(ROOT / "configs" / "yangcheng" / "scenario.yaml")
    assert county_of(rules).name == "阳城县"
    monkeypatch.setattr(ensemble, "run", lambda rules, county, **_: county.name)
    monkeypatch.setattr(projection, "judge", lambda rules, county, ledger, **_: ledger)
    assert simulate(rules) == "阳城县"


def test_all_problems_of_a_scenario_and_its_fit_to_the_county_are_told():
    rules = load_scenario(ROOT / "configs" / "yangcheng" / "scenario.yaml")
    closing = rules.network[0].model_copy(update={"close": ["没有小学"]})
    bad = rules.model_copy(update={"judged_year": 1999, "network": (closing,)})
    with pytest.raises(InputError) as refused:
        county_of(bad)
    told = " ".join(problem.message for problem in refused.value.problems)
    assert "1999 is not one of the simulated years" in told
    assert "没有小学" in told
