"""Comparison: paired intervals, ranking, and what it says of policies that do (not) differ."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from scipy.special import gammaln, ndtr
from scipy.stats import binomtest

from tests.counties import School, Teacher, county, scenario
from workforce_sim.decision import compare as module
from workforce_sim.decision.compare import compare
from workforce_sim.decision.measures import outcomes
from workforce_sim.decision.paired import difference, tango
from workforce_sim.decision.policies import load_policies
from workforce_sim.decision.ranking import ranking
from workforce_sim.decision.trial import run_trial
from workforce_sim.scenario import InputError, load_scenario

YANGCHENG = Path("configs/yangcheng/scenario.yaml")
FALSE_ALARM = 1e-6


def named(name, **sections):
    return scenario(
        name=name,
        years="2021-2022",
        judged_year=2022,
        exits={"resign": {"cause": "resign", "share_per_year": 0.2}},
        **sections,
    )


def recruiting(name, posts):
    half = {"county_seat": 0.5, "town": 0.5, "village": 0.5}
    return named(name, filling={"arts_pe": half}, arts_pe={"recruits_per_year": posts})


@pytest.fixture(scope="module")
def small():
    """Three schools whose L3 hangs on a few people."""
    schools = [School("甲", "primary", (100,) * 6), School("乙", "primary", (80,) * 6)]
    schools.append(School("丙", "junior", (90,) * 3))
    teachers = [
        Teacher(
            school.name, "1985-01", subject=subject, specialist=subject != "other", award="2020-06"
        )
        for school in schools
        for subject in ["pe", "art"] * 3 + ["other"] * 10
    ]
    return county(schools, teachers)


# --- paired intervals --------------------------------------------------------------------------


@pytest.mark.parametrize("n", [10, 40, 100])
@pytest.mark.parametrize("gained", [0.02, 0.1, 0.4])
@pytest.mark.parametrize("lost", [0.0, 0.02, 0.3])
def test_exact_coverage_of_the_interval_of_probabilities(n, gained, lost):
    """All that n replications can give, each with its probability (a trinomial): no sampling."""
    covered = 0.0
    for here in range(n + 1):
        for there in range(n + 1 - here if lost else 1):
            counts = np.array([here, there, n - here - there])
            chances = np.array([gained, lost or 1.0, 1 - gained - lost])  # 0 ** 0 is 1
            log = gammaln(n + 1) - gammaln(counts + 1).sum() + (counts * np.log(chances)).sum()
            if log > -14:
                low, high = tango(here, there, n)
                covered += math.exp(log) * (low <= gained - lost <= high)
    assert covered > 0.93
    if n * (gained + lost) > 10:
        assert covered < 0.97


def test_the_interval_of_probabilities_against_a_published_one():
    # Fagerland, Lydersen and Laake, Statistical Analysis of Contingency Tables (2017), chapter 8:
    # airway hyper-responsiveness of 21 children, 1 only before, 7 only after
    assert tango(1, 7, 21) == pytest.approx((-0.517, -0.026), abs=5e-4)
    a, b = np.arange(21) < 1, (np.arange(21) >= 1) & (np.arange(21) < 8)
    found = difference(a, b, 0.01)
    assert (found.low, found.high) == tango(1, 7, 21)
    assert found.difference == pytest.approx(-6 / 21)
    assert found.result == "lower"
    nothing = difference(a, a, 0.01)
    assert (nothing.low, nothing.high) == pytest.approx(
        (-3.8415 / 24.8415, 3.8415 / 24.8415), rel=1e-4
    )
    assert nothing.result == "open"  # none of 21 differs: that proves little


def test_coverage_of_the_interval_of_means():
    draw = np.random.default_rng(1)
    shared = draw.normal(0, 3, (4000, 8))
    a, b = (shared + draw.normal(mean, 1, shared.shape) for mean in (0.4, 0.0))
    found = [difference(*pair, 0.0) for pair in zip(a, b, strict=True)]
    covered = sum(each.low <= 0.4 <= each.high for each in found)
    assert binomtest(covered, len(found), 0.95).pvalue > FALSE_ALARM
    narrower = sum(each.low <= 0.4 <= each.high - 0.2 * (each.high - each.low) for each in found)
    assert binomtest(narrower, len(found), 0.95).pvalue < FALSE_ALARM  # it would be noticed


def test_coverage_in_a_simulation(small):
    """200 runs of 20 replications; the true difference is that of them all."""
    few, more = (recruiting(name, posts) for name, posts in (("few", 1), ("more", 3)))
    b, a = (outcomes(run_trial(each, small, replications=4000, seed=1)) for each in (few, more))
    for name in ("L3 primary", "CV L3 primary", "staff", "P(schools L3 primary)"):
        here, there = a[name].to_numpy(), b[name].to_numpy()
        whole = difference(here, there, 0.0)
        assert whole.result != "open", name
        assert whole.variance_ratio > 1, name  # common random numbers pay
        found = [difference(here[n : n + 20], there[n : n + 20], 0.0) for n in range(0, 4000, 20)]
        covered = sum(each.low <= whole.difference <= each.high for each in found)
        assert binomtest(covered, len(found), 0.95, "less").pvalue > FALSE_ALARM, name


def test_the_variance_ratio_and_the_interval_by_hand():
    # variances 5/3 and 8/3; of the differences 1, 0, 1, 0: 1/3; t(3) at 97.5%: 3.1824
    found = difference(np.array([1.0, 2, 3, 4]), np.array([0.0, 2, 2, 4]), 0.1)
    assert found.variance_ratio == pytest.approx(13)
    assert found.difference == 0.5
    half = 3.182446305 * math.sqrt(1 / 3) / 2
    assert (found.low, found.high) == pytest.approx((0.5 - half, 0.5 + half))
    assert found.result == "open"
    assert found.replications_needed == 8  # t(7): 2.3646 / sqrt(24) = 0.483, below 0.5
    assert found.independent_needed == pytest.approx(13 * 8)
    constant = difference(np.array([2.0, 3]), np.array([1.0, 2]), 0.1)
    assert (constant.variance_ratio, constant.result) == (math.inf, "higher")


@pytest.mark.parametrize("events", [False, True])
@pytest.mark.parametrize(
    ("shift", "settled"), [(0.05, "higher"), (-0.05, "lower"), (0.0, "negligible")]
)
def test_as_many_replications_as_are_said_to_be_needed_settle_it(events, shift, settled):
    draw = np.random.default_rng(2)
    u = draw.random(100)
    v = (u + draw.uniform(0, 0.3, 100)) % 1
    v = v - v.mean() + u.mean()  # of equal mean
    if events:
        a = np.arange(100) < 30 + 100 * shift
        b = np.roll(np.arange(100) < 30, 20)
    else:
        a, b = u + shift, v
    margin = 0.02
    found = difference(a, b, margin)
    assert found.result == "open"
    times = found.replications_needed / 100
    assert (
        difference(
            np.tile(a, math.ceil(1.1 * times)), np.tile(b, math.ceil(1.1 * times)), margin
        ).result
        == settled
    )
    fewer = int(0.8 * times)
    assert fewer >= 1
    assert difference(np.tile(a, fewer), np.tile(b, fewer), margin).result == "open"


def test_replications_without_a_value_are_left_out():
    a, b = np.array([1.0, np.nan, 3, 5]), np.array([0.0, 1, np.nan, 3])
    assert difference(a, b, 0.1).difference == 1.5
    nothing = difference(np.array([np.nan]), np.array([1.0]), 0.1)
    assert math.isnan(nothing.difference)
    assert nothing.result == "open"


# --- ranking -----------------------------------------------------------------------------------


def test_the_ranking_is_as_sure_as_the_paired_difference():
    draw = np.random.default_rng(3)
    shared = draw.normal(0, 5, 2000)
    a, b = shared + draw.normal(0.03, 1, 2000), shared
    found = ranking([np.stack([b, a])], seed=1)
    each = a - b
    sure = ndtr(each.mean() / (each.std() / math.sqrt(2000)))
    assert 0.6 < sure < 0.99
    assert found.p_better[1, 0] == pytest.approx(sure, abs=0.03)
    assert found.p_best == pytest.approx([found.p_better[0, 1], found.p_better[1, 0]])
    assert found.rank.tolist() == [2, 1]
    assert (found.low.tolist(), found.high.tolist()) == ([1, 1], [2, 2])


def test_the_second_criterion_decides_where_the_first_is_equal():
    first = np.array([[1.0, 0, 1, 0], [0, 1, 0, 1], [0, 0, 0, 0]])
    second = np.array([[1.0, 1, 1, 1], [2, 2, 2, 2], [9, 9, 9, 9]])
    found = ranking([first, second], seed=1)
    assert found.rank.tolist() == [2, 1, 3]
    assert found.p_better[1, 0] > found.p_better[0, 1] > 0.2
    equal = ranking([np.tile(first[:1], (3, 1))], seed=1)
    assert equal.rank.tolist() == [1, 1, 1]
    assert equal.p_best.tolist() == [1, 1, 1]


# --- comparison --------------------------------------------------------------------------------


def test_identical_policies_are_the_same_to_the_last_bit(small):
    base, again, other = recruiting("base", 1), recruiting("again", 1), recruiting("other", 2)
    found = compare(base, [again, other], county=small, replications=150)
    same = found.differences[found.differences["policy"] == "again"]
    assert set(same["result"]) == {"same"}
    assert (same[["difference", "low", "high", "replications_needed"]] == 0).all(axis=None)
    assert found.policies.set_index("policy")["same_as"].to_dict() == {
        "base": "", "again": "base", "other": ""
    }  # fmt: skip
    assert "same" not in set(
        found.differences.query("policy == 'other' and outcome == 'posts'")["result"]
    )
    # It is simulated once, and rightly so:
    really = outcomes(run_trial(again, small, replications=150, seed=2021))
    assert really.equals(found.samples["base"])
    ranks = found.ranking.set_index("policy")
    assert ranks.loc["again", "rank"] == ranks.loc["base", "rank"]
    assert found.changes[["policy", "path", "base_value", "value"]].to_numpy().tolist() == [
        ["other", "arts_pe.recruits_per_year", "1", "2"]
    ]
    assert found.provenance["complete"]


def test_tables_agree_with_the_samples(small):
    base, other = recruiting("base", 1), recruiting("other", 4)
    found = compare(base, [other], county=small, replications=120)
    a, b = found.samples["other"], found.samples["base"]
    rows = found.differences.set_index("outcome")
    assert list(rows.index) == list(a.columns)
    for name in a.columns:
        each = (a[name].astype(float) - b[name].astype(float)).mean()
        assert rows.loc[name, "difference"] == pytest.approx(each, abs=1e-12)
    assert set(found.outcomes["outcome"]) | set(found.chances["outcome"]) == set(a.columns)
    assert a["posts"].unique().tolist() == [8]  # four a year for two years
    assert (a["hired"] <= 8).all()
    pair = found.pairwise.set_index("outcome")
    rank = found.ranking.set_index("policy")["rank"]
    assert (pair["policy"].map(rank) <= pair["other"].map(rank)).all()
    sign = pair["policy"].map({"other": 1, "base": -1})
    wanted = rows.loc[["P(county)", "schools"], "difference"]
    assert (pair["difference"] * sign == wanted).all()


def test_before_its_first_date_a_policy_is_equal_to_the_base():
    """The replacement rule and the programme of these policies begin to differ in 2022."""
    names = ["two-out-one-in", "arts-pe-40", "only-out"]
    how = {"overrides": ["judged_year=2021"], "years": "2021-2022"}
    base, policies = load_scenario(YANGCHENG, **how), load_policies(YANGCHENG, names, **how)
    found = compare(base, policies, replications=10)
    assert set(found.policies["same_as"]) == {""}
    for name in names:
        assert found.samples[name].equals(found.samples["yangcheng"])
    values = found.differences[~found.differences["outcome"].str.startswith("P(")]
    assert set(values["result"]) == {"same"}
    how["overrides"] = ["judged_year=2022"]
    later = compare(
        load_scenario(YANGCHENG, **how), load_policies(YANGCHENG, names, **how), replications=10
    )
    assert not any(later.samples[name].equals(later.samples["yangcheng"]) for name in names)


def test_chunks_change_nothing_and_progress_comes_to_the_end(small, monkeypatch):
    base, other = recruiting("base", 1), recruiting("other", 2)
    whole = compare(base, [other], county=small, replications=250)
    monkeypatch.setattr(module, "CHUNK", 100)
    told = []
    chunked = compare(base, [other], county=small, replications=250, progress=told.append)
    for name, table in whole.tables.items():
        assert table.equals(chunked.tables[name]), name
    assert told == sorted(told)
    assert told[-1] == 500


def test_ctrl_c_keeps_the_policies_that_are_done(small, monkeypatch):
    policies = [recruiting(f"{n}-posts", n) for n in range(4)]
    calls = []

    def stopped(scenario, *args, **how):
        calls.append(scenario.name)
        if len(calls) > 3:
            raise KeyboardInterrupt
        return run_trial(scenario, *args, **how)

    monkeypatch.setattr(module, "run_trial", stopped)
    found = compare(policies[0], policies[1:], county=small, replications=10)
    assert not found.provenance["complete"]
    assert found.provenance["policies_missing"] == ["3-posts"]
    assert list(found.ranking["policy"].sort_values()) == ["0-posts", "1-posts", "2-posts"]
    calls[:] = ["base", "and", "one"]
    with pytest.raises(KeyboardInterrupt):
        compare(policies[0], policies[1:], county=small, replications=10)


def test_what_cannot_be_compared_is_told_at_once(small):
    base = recruiting("base", 1)
    later = base.model_copy(update={"name": "later", "judged_year": 2021})
    with pytest.raises(InputError) as wrong:
        compare(base, [later, recruiting("twice", 1), recruiting("twice", 2)], county=small)
    told = "\n".join(str(problem) for problem in wrong.value.problems)
    assert "is 2021, but 2022 in the base" in told
    assert "two policies (or the base) are called 'twice'" in told
    with pytest.raises(InputError, match="there is no policy to compare it with"):
        compare(base, [], county=small)
    with pytest.raises(ValueError, match="at least 1"):
        compare(base, [later], county=small, replications=0)
