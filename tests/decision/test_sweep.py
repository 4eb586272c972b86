"""Sweeps: what they say is what single studies say; interruptions, bad counties, killed workers."""

import io
import os
import shutil
import signal
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from tests.test_cli import command
from workforce_sim.assessment import simulate
from workforce_sim.county.province import write_province
from workforce_sim.decision.compare import compare
from workforce_sim.decision.policies import load_policies
from workforce_sim.decision.sweep import BASE, read_sweep, running, summary, sweep
from workforce_sim.decision.sweep.counties import county_seed, entries
from workforce_sim.decision.sweep.dataset import read_failures
from workforce_sim.report.decisions.sweep import print_sweep
from workforce_sim.scenario import InputError, load_scenario
from workforce_sim.words import Words

LIKE = Path(__file__).parents[2] / "configs" / "yangcheng" / "scenario.yaml"
POLICIES = ["arts-pe-40", "three-out-one-in", "births-fall"]
REPLICATIONS = 120  # more than one block
SIMULATE = running._simulate
COUNTIES = ["county-001", "county-002", "county-003"]


@pytest.fixture(scope="module")
def province(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sweep") / "province"
    write_province(folder, LIKE, counties=3, seed=7)
    return folder


def swept(source, folder, **options):
    options = {"policies": POLICIES, "replications": REPLICATIONS, "workers": 1, **options}
    return sweep(source, folder, **options)


@pytest.fixture(scope="module")
def whole(province):
    done = swept(province, province.parent / "whole")
    assert done.swept == (*COUNTIES,) and not done.failures
    return done


def files(folder):
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def test_a_sweep_says_what_a_run_and_a_comparison_say(province, whole):
    path = province / "county-002" / "scenario.yaml"
    seed = county_seed(2021, "county-002")
    (policy,) = load_policies(path, ["arts-pe-40"])
    run = simulate(policy.scenario, replications=REPLICATIONS, seed=seed, workers=1)
    data = read_sweep(whole.folder, policies=["arts-pe-40"]).query("county == 'county-002'")
    assert set(data["seed"]) == {seed} and set(data["replications"]) == {REPLICATIONS}

    def same(outcome, table, by, pairs, **where):
        ours = data[data["outcome"] == outcome]
        for name, value in where.items():
            ours = ours[ours[name] == value]
        ours = ours[[*by, *pairs]].astype({key: object for key in by})
        both = ours.merge(table[[*by, *pairs.values()]], on=by, suffixes=("", "_run"))
        assert len(both) == len(ours) > 0
        for here, there in pairs.items():
            there = f"{there}_run" if here == there else there
            np.testing.assert_array_equal(both[here], both[there], err_msg=here)

    values = {name: name for name in ("mean", "q05", "q50", "q95")}
    errors = {f"p{end}": f"p_meets{end}" for end in ("", "_se", "_low", "_high")}
    by = ["year", "stage", "indicator"]
    same("ratio", run.ratios, by, values | errors)
    same("difference", run.differences, by, values | {"p": "p_within"})
    for outcome, table in (("staff", run.staff), ("pupils", run.pupils)):
        same(outcome, table, ["year", "stage"], values)
    verdicts = run.verdicts[run.verdicts["scope"] == "county"]
    for outcome, verdict in (("county", "not_ruled_out"), ("schools", "open")):
        of_all = data[(data["outcome"] == outcome) & data["indicator"].isna()]
        of_all = of_all[of_all["stage"] == "both"].set_index("year")["p"]
        theirs = verdicts[verdicts["verdict"] == verdict].set_index("year")["p"]
        pd.testing.assert_series_equal(of_all, theirs[of_all.index], check_index_type=False)

    base, nth = load_scenario(path), data["judged"]
    found = compare(base, [policy], replications=REPLICATIONS, seed=seed, workers=1)
    for ours, theirs in (("county", "P(county)"), ("schools", "schools")):
        (row,) = found.differences[found.differences["outcome"] == theirs].to_dict("records")
        mine = data[nth & (data["outcome"] == ours) & data["gain"].notna()].iloc[0]
        assert mine[["gain", "gain_low", "gain_high", "gain_result"]].tolist() == [
            row[name] for name in ("difference", "low", "high", "result")
        ]
    outcomes = found.outcomes[found.outcomes["policy"] == "arts-pe-40"].set_index("outcome")
    for name in ("posts", "hired"):
        assert data[nth & (data["outcome"] == name)]["mean"].item() == outcomes["mean"][name] > 0


def test_dataset_is_tidy_marked_and_knows_equals_and_worlds(whole):
    data = read_sweep(whole.folder)
    assert data["synthetic"].all() and data["gain"].notna().sum() == 3 * len(POLICIES) * 2
    keys = ["county", "policy", "year", "outcome", "stage", "indicator"]
    assert not data.duplicated(keys).any()
    same = data.groupby("policy", observed=True)["same_as"].first()
    assert same["three-out-one-in"] == BASE and same.drop("three-out-one-in").isna().all()
    assert set(data[data["world"]]["policy"]) == {"births-fall"}
    judged = read_sweep(whole.folder, outcomes=["county"], judged_only=True)
    assert len(judged) == 3 * 4 and set(judged["year"]) == {2025}
    # Counties meet fates of their own, policies of a county the same ones.
    seeds = data.groupby("county", observed=True)["seed"].unique()
    assert seeds.map(len).eq(1).all() and len(set(seeds.map(lambda s: int(s[0])))) == 3


def test_summary_counts_ranks_and_leaves_worlds_out(whole):
    found = summary(whole.folder)
    data = read_sweep(whole.folder, outcomes=["county"], judged_only=True)
    for row in found.policies.to_dict("records"):
        p = data[data["policy"] == row["policy"]]["p"]
        counted = [row[name] for name in ("counties", "sure", "even")]
        assert counted == [3, (p >= 0.95).sum(), (p >= 0.5).sum()]
        assert row["expected"] == pytest.approx(p.sum())
    assert found.counties["p"].is_monotonic_increasing
    assert set(found.counties["policy"].dropna()) == {"arts-pe-40"}
    for language, says in (("zh", "最有帮助的政策是“另招体艺教师40人"), ("en", "helps most in")):
        console = Console(file=io.StringIO(), width=200)
        print_sweep(whole, console, Words(language))
        assert says in console.file.getvalue()


def test_an_interrupted_sweep_resumes_to_the_same_bytes(province, whole, tmp_path):
    """Stopped within the second county; half a file lies about."""

    def stop(done, _):
        if done == 5 * REPLICATIONS:
            raise KeyboardInterrupt

    out = tmp_path / "out"
    stopped = swept(province, out, progress=stop)
    assert not stopped.complete and stopped.swept == ("county-001",)
    (out / "counties" / ".county-002.parquet.0.unfinished").write_bytes(b"half")
    kept = out / "counties" / "county-001.parquet"
    before = kept.stat().st_mtime_ns
    assert read_sweep(out)["county"].unique().tolist() == ["county-001"]
    resumed = swept(province, out, resume=True)
    assert resumed.kept == ("county-001",) and kept.stat().st_mtime_ns == before
    assert files(out) == files(whole.folder)


def test_resume_refuses_another_sweep_and_sweeps_changed_counties_again(province, tmp_path):
    source, out = tmp_path / "source", tmp_path / "out"
    shutil.copytree(province, source)
    options = {"policies": ["arts-pe-40"], "replications": 5}
    swept(source, out, **options)
    with pytest.raises(InputError, match="--resume continues it"):
        swept(source, out, **options)
    with pytest.raises(InputError, match="seed 2021, now 1"):
        swept(source, out, **options, seed=1, resume=True)
    county = source / "county-003" / "county.yaml"
    text = county.read_text(encoding="utf-8")
    county.write_text(text.replace("name: 合成县003", "name: 改名县"), encoding="utf-8")
    done = swept(source, out, **options, resume=True)
    assert (done.swept, done.kept) == (("county-003",), ("county-001", "county-002"))
    assert "改名县" in set(read_sweep(out)["name"])
    (source / "county-003").rename(source / "county-004")
    swept(source, out, **options, resume=True)
    listed = ["county-001", "county-002", "county-004"]
    assert sorted(read_sweep(out)["county"].unique()) == listed


def test_bad_counties_are_told_and_the_others_done(province, whole, tmp_path):
    source, out = tmp_path / "source", tmp_path / "out"
    shutil.copytree(province, source)
    (source / "county-001" / "scenario.yaml").unlink()
    county = source / "county-002" / "county.yaml"
    text = county.read_text(encoding="utf-8")
    county.write_text(text.replace("staff: ", "staff: -", 1), encoding="utf-8")
    done = command(
        "sweep", source, "--out", out, "--replications", REPLICATIONS, "--workers", 1,
        "--policies", ",".join(POLICIES), "--lang", "en",
    )  # fmt: skip
    assert done.returncode == 3, done.err
    for says in ("county-001", "no such file", "published.primary.staff", "2 failed"):
        assert says in done.out
    failures = read_failures(out)
    assert failures["county"].tolist() == ["county-001", "county-002"]
    assert failures["line"].tolist()[1] > 1
    good = files(out)["counties/county-003.parquet"]
    assert good == files(whole.folder)["counties/county-003.parquet"]


def kill(marker, policy, *arguments):
    """Kill the worker on the first task of all, or always where there is no marker."""
    deadly = policy.scenario.name == "births-fall" if marker is None else not marker.exists()
    if deadly:
        if marker is not None:
            marker.touch()
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    return SIMULATE(policy, *arguments)


def test_a_killed_worker_loses_nothing(province, whole, tmp_path, monkeypatch):
    monkeypatch.setattr(running, "_simulate", partial(kill, tmp_path / "killed"))
    done = swept(province, tmp_path / "out", workers=2)
    assert (tmp_path / "killed").exists() and not done.failures
    assert files(tmp_path / "out") == files(whole.folder)


def test_what_always_kills_its_worker_fails_alone(province, whole, tmp_path, monkeypatch):
    source = tmp_path / "source"
    source.mkdir()
    for name in ("county-001", "county-002", "base.yaml"):  # the second has the deadly policy
        path = province / name
        (shutil.copytree if path.is_dir() else shutil.copy)(path, source / name)
    shutil.copy(province / "policies" / "births-fall.yaml", source / "county-002" / "policies")
    monkeypatch.setattr(running, "_simulate", partial(kill, None))
    done = swept(source, tmp_path / "out", workers=2, policies=["all"], replications=5)
    assert done.swept == ("county-001",) and set(done.failures) == {"county-002"}
    assert "BrokenProcessPool" in str(done.failures["county-002"][0])


def test_a_table_names_counties_and_policies(province, tmp_path):
    table = province / "table.csv"
    rows = ["county,scenario,policies", "乙,county-002/scenario.yaml,births-fall; arts-pe-40"]
    rows += ["甲,county-001/scenario.yaml,", "丙,missing/scenario.yaml,"]
    table.write_text("\n".join(rows), encoding="utf-8-sig")
    done = swept(table, tmp_path / "out", policies=["two-out-one-in"], replications=5)
    assert set(done.swept) == {"甲", "乙"} and set(done.failures) == {"丙"}
    pairs = read_sweep(tmp_path / "out").groupby("county", observed=True)["policy"].unique()
    assert set(pairs["乙"]) == {BASE, "births-fall", "arts-pe-40"}
    assert set(pairs["甲"]) == {BASE, "two-out-one-in"}
    table.write_text("\n".join([*rows, rows[1], "a/b,x,"]), encoding="utf-8")
    with pytest.raises(InputError) as told:
        entries(table)
    assert [problem.line for problem in told.value.problems] == [5, 6]


def test_what_is_no_sweep_and_no_source_is_told(province, tmp_path):
    with pytest.raises(InputError, match="no county of a sweep"):
        read_sweep(tmp_path)
    with pytest.raises(InputError, match="no folder with a scenario"):
        entries(tmp_path)
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="holds no sweep"):
        swept(province, tmp_path)
