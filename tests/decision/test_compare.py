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
from workforce_sim.decision.paired import difference
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
        Teacher(school.name, "1985-01", subject=subject, specialist=subject != "other")
        for school in schools
        for subject in ["pe", "art"] * 3 + ["other"] * 10
    ]
    return county(schools, teachers)


# --- paired intervals --------------------------------------------------------------------------


@pytest.mark.parametrize("n", [10, 30, 100])
@pytest.mark.parametrize("gained", [0.02, 0.1, 0.4])
@pytest.mark.parametrize("lost", [0.0, 0.05, 0.3])
def test_exact_coverage_of_the_interval_of_probabilities(n, gained, lost):
    """All outcomes of n replications, each with its probability (a trinomial): no sampling."""
    covered = 0.0
    for here in range(n + 1):
        for there in range(n + 1 - here):
            log = gammaln(n + 1) - gammaln([here + 1, there + 1, n - here - there + 1]).sum()
            parts = ((here, gained), (there, lost), (n - here - there, 1 - gained - lost))
            if any(k and not p for k, p in parts):
                continue
            weight = math.exp(log + sum(k * math.log(p) for k, p in parts if k))
            if weight < 1e-9:
                continue
            a = np.arange(n) < here
            b = (np.arange(n) >= here) & (np.arange(n) < here + there)
            found = difference(a, b, 0.01)
            covered += weight * (found.low <= gained - lost <= found.high)
    print(n, gained, lost, covered)
    assert 0.93 < covered


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
    """400 runs of 20 replications against the difference of 8,000 others."""
    few, more = (recruiting(name, posts) for name, posts in (("few", 1), ("more", 3)))
    runs = [
        [outcomes(run_trial(each, small, replications=8000, seed=seed)) for each in (more, few)]
        for seed in (1, 2)
    ]
    (a, b), (others_a, others_b) = runs
    for name in ("L3 primary", "schools", "CV L3 primary", "staff", "P(schools L3 primary)"):
        values, others = (pair[0][name].to_numpy() for pair in ((a, b), (others_a, others_b)))
        base, others_base = b[name].to_numpy(), others_b[name].to_numpy()
        true = float(others.astype(float).mean() - others_base.astype(float).mean())
        found = [difference(values[n : n + 20], base[n : n + 20], 0.0) for n in range(0, 8000, 20)]
        covered = sum(each.low <= true <= each.high for each in found)
        assert binomtest(covered, len(found), 0.95, "less").pvalue > FALSE_ALARM, name
        assert abs(true) > 0
        ratio = difference(values, base, 0.0).variance_ratio
        assert ratio > 1, name  # common random numbers pay


def test_the_variance_ratio_and_the_interval_by_hand():
    # variances 5/3 and 8/3; of the differences 1, 0, 1, 0: 1/3; t(3) at 97.5%: 3.1824
    found = difference(np.array([1.0, 2, 3, 4]), np.array([0.0, 2, 2, 4]), 0.1)
    assert found.variance_ratio == pytest.approx(13)
    assert found.difference == 0.5
    half = 3.182446305 * math.sqrt(1 / 3) / 2
    assert (found.low, found.high) == pytest.approx((0.5 - half, 0.5 + half))
    assert found.finding == "open"
    assert found.replications_needed == math.ceil(4 * (half / 0.5) ** 2)
    assert found.independent_needed == 13 * found.replications_needed
    constant = difference(np.array([2.0, 3]), np.array([1.0, 2]), 0.1)
    assert (constant.variance_ratio, constant.finding) == (math.inf, "higher")


@pytest.mark.parametrize("events", [False, True])
@pytest.mark.parametrize(
    ("shift", "settled"), [(0.1, "higher"), (-0.1, "lower"), (0.0, "negligible")]
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
    assert found.finding == "open"
    times = found.replications_needed / 100
    assert (
        difference(
            np.tile(a, math.ceil(1.1 * times)), np.tile(b, math.ceil(1.1 * times)), margin
        ).finding
        == settled
    )
    fewer = int(0.8 * times)
    assert fewer >= 1
    assert difference(np.tile(a, fewer), np.tile(b, fewer), margin).finding == "open"


def test_replications_without_a_value_are_left_out():
    a, b = np.array([1.0, np.nan, 3, 5]), np.array([0.0, 1, np.nan, 3])
    assert difference(a, b, 0.1).difference == 1.5
    nothing = difference(np.array([np.nan]), np.array([1.0]), 0.1)
    assert math.isnan(nothing.difference)
    assert nothing.finding == "open"


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
    assert found.p_best.tolist() == [found.p_better[0, 1], found.p_better[1, 0]]
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
    assert set(same["finding"]) == {"same"}
    assert (same[["difference", "low", "high", "replications_needed"]] == 0).all(axis=None)
    assert found.policies.set_index("policy")["same_as"].to_dict() == {
        "base": "", "again": "base", "other": ""
    }  # fmt: skip
    assert "same" not in set(
        found.differences.query("policy == 'other' and outcome == 'posts'")["finding"]
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
    assert found.pairwise.query("outcome == 'schools'")["policy"].tolist() == ["other"]


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
    assert set(values["finding"]) == {"same"}
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
