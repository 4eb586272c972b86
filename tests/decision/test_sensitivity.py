"""Sobol indices against known answers; the tornado and where the answer turns."""

from __future__ import annotations

import numpy as np
import pytest

from tests.counties import School, Teacher, county, scenario
from workforce_sim.decision import sensitivity as study
from workforce_sim.decision.sensitivity import budget, sensitivity, uncertain
from workforce_sim.decision.study import CHANCE
from workforce_sim.scenario import InputError
from workforce_sim.simulation.block import simulate_block

UNIFORM = {"dist": "uniform", "low": 0.0, "high": 1.0}
COUNTY = county(
    [School("甲", "primary", (150,) * 6)],
    [Teacher("甲", "1990-01", degree=1) for _ in range(60)],
)
NAMES = ("filling.arts_pe.county_seat", "filling.arts_pe.town", "filling.arts_pe.village")


def of(**sections):
    rules = scenario(years="2021-2022", judged_year=2022, **sections)
    return rules


def test_ishigami(monkeypatch):
    """sin x1 + 7 sin(x2)^2 + 0.1 x3^4 sin x1: indices known in closed form (Ishigami, Homma)."""

    def run(levels, _number, _seed):
        x1, x2, x3 = (2 * np.pi * levels[name] - np.pi for name in NAMES)
        return np.sin(x1) * (1 + 0.1 * x3**4) + 7 * np.sin(x2) ** 2

    monkeypatch.setattr(study, "_outcomes", lambda trial, _goal: {"y": trial})
    _, rows = study._indices(run, dict.fromkeys(NAMES), None, 4096, 2021)
    found = {row["assumption"]: row for row in rows}
    first, total = ([found[name][kind] for name in NAMES] for kind in ("first", "total"))
    assert first == pytest.approx([0.3139, 0.4424, 0.0], abs=0.02)
    assert total == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.02)
    assert found[CHANCE]["first"] == found[CHANCE]["total"] == 0
    assert all(found[n]["total_low"] < found[n]["total"] < found[n]["total_high"] for n in NAMES)


def test_a_county_in_which_one_assumption_decides_everything():
    """Chance is off: whoever completes a degree does so by the share alone, or never."""
    rules = of(
        enrolment={"level": {"dist": "uniform", "low": 0.5, "high": 1.5}},
        retirement={"senior_women_at_55_share": UNIFORM},
    )
    found = sensitivity(rules, "P(schools, 2022) >= 0.5", county=COUNTY, points=64, replications=20)
    assert set(found.indices["outcome"]) >= {"P(schools, 2022)", "L1 primary, 2022"}
    assert found.provenance["replications"] == budget(2, 64, 20)
    indices = found.indices.set_index(["outcome", "assumption"])
    # Nobody has a degree that counts, so no outcome varies: there is nothing to explain.
    assert indices.loc["L1 primary, 2022"]["first"].isna().all()
    with_degrees = county(
        [School("甲", "primary", (150,) * 6)], [Teacher("甲", "1990-01") for _ in range(40)]
    )
    found = sensitivity(
        rules, "P(L1 primary, 2022) >= 0.5", county=with_degrees, points=256, replications=20
    )
    indices = found.indices.set_index(["outcome", "assumption"])
    assert {"P(L1 primary, 2022)", "L1 primary, 2022"} <= set(found.indices["outcome"])
    assert 0 < found.base["p"] < 1
    total = indices.loc["P(L1 primary, 2022)"]["total"]
    assert total["enrolment.level"] == pytest.approx(1, abs=0.1)
    assert total["retirement.senior_women_at_55_share"] == total[CHANCE] == 0
    turns = found.turns.set_index("assumption")
    assert turns.loc["enrolment.level", "p_q05"] == 1
    assert turns.loc["enrolment.level", "p_q95"] == 0
    # 40 teachers are enough for 952 pupils: 600 and two years of entrants, 300 at level 1.
    assert 1.0 < turns.loc["enrolment.level", "at"] < 1.35
    assert np.isnan(turns.loc["retirement.senior_women_at_55_share", "at"])
    assert turns.index[0] == "enrolment.level"


def test_chance_alone():
    """The only uncertain assumption has nobody to act on; recruits come or not by chance."""
    rules = of(
        enrolment={"drift_to_county_seat_per_year": UNIFORM},
        arts_pe={"recruits_per_year": 5},
        filling={"arts_pe": dict.fromkeys(("county_seat", "town", "village"), 0.9)},
        recruits={"bachelor_share": 1.0, "specialist_share": 1.0},
    )
    found = sensitivity(rules, "P(L3, 2022) >= 0.5", county=COUNTY, points=256, replications=20)
    chance = found.indices.query("outcome == 'P(L3, 2022)' and assumption == @CHANCE").iloc[0]
    assert chance["first"] == pytest.approx(1, abs=0.2)
    assert chance["first_low"] < 1 < chance["first_high"] + 0.05


def test_given_levels_decide_and_move_nothing_else():
    """An assumption held at a level has that quantile's value; every other stream stays."""
    rules = of(
        enrolment={"level": {"dist": "uniform", "low": 0.5, "high": 1.5}},
        arts_pe={"recruits_per_year": 9},
        filling={"arts_pe": dict.fromkeys(("county_seat", "town", "village"), 0.5)},
    )
    free = simulate_block(rules, COUNTY, 7, range(4))
    held = simulate_block(rules, COUNTY, 7, range(4), {"enrolment.level": np.full(4, 0.5)})
    assert (held.pupils[0] == 900).all() and not (free.pupils[0] == 900).all()
    assert (held.census == free.census).all()
    later = simulate_block(rules, COUNTY, 7, range(2, 4), {"enrolment.level": np.full(4, 0.5)})
    assert (later.pupils == held.pupils[:, 2:]).all()


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["enrolment.leval"], "did you mean 'enrolment.level'"),
        (["rotation.share"], "is the number 0.0, not a distribution"),
        (["nothing"], "there are enrolment.level"),
    ],
)
def test_names_of_assumptions(names, message):
    rules = of(enrolment={"level": UNIFORM | {"low": 0.5}})
    with pytest.raises(InputError, match=message):
        uncertain(rules, names)
    assert list(uncertain(rules, ["enrolment"])) == ["enrolment.level"]


def test_nothing_to_vary():
    with pytest.raises(InputError, match="nothing to vary"):
        sensitivity(of(), county=COUNTY)


def test_a_stopped_study_says_so():
    rules = of(enrolment={"level": UNIFORM | {"low": 0.5}})
    calls = []

    def stop(done, of_all):
        calls.append((done, of_all))
        if len(calls) == 5:
            raise KeyboardInterrupt

    found = sensitivity(rules, county=COUNTY, points=8, replications=10, progress=stop)
    assert not found.provenance["complete"]
    assert calls[0] == (8, budget(1, 8, 10)) and len(found.indices)
