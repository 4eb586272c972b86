"""A comparison for people: on the terminal, in its folder, by its command."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pandas as pd
import pytest
from rich.cells import cell_len
from rich.console import Console
from typer.testing import CliRunner

from tests.report.conftest import SCENARIO
from workforce_sim.cli import app
from workforce_sim.decision.measures import outcomes
from workforce_sim.decision.outcome import parse_condition
from workforce_sim.decision.trial import run_trial
from workforce_sim.report.decisions.compare import charts, points, print_compare, told
from workforce_sim.report.decisions.folder import write_study
from workforce_sim.report.decisions.naming import condition_name, outcome_name
from workforce_sim.scenario import InputError
from workforce_sim.words import LANGUAGES, Words


def printed(study, language, width=100):
    console = Console(file=io.StringIO(), width=width, highlight=False)
    print_compare(study, console, Words(language))
    return console.file.getvalue()


def test_the_answer_says_who_is_best_who_is_better_and_who_is_the_same(comparison):
    told = list(points(comparison, Words("zh")))
    ranking = comparison.ranking.set_index("policy")
    best = ranking.loc["arts-pe-40"]
    assert best["rank"] == 1
    assert told[0].startswith(f"排第一的是“另招体艺教师40人”：全县未被否决的概率{best['p']:.1%}±")
    points_more = 100 * (best["p"] - ranking.loc["yangcheng", "p"])
    assert f"高{points_more:.1f}个百分点" in told[0]
    assert next(text for text in told if text.startswith("胜过")).endswith("：另招体艺教师40人。")
    assert next(text for text in told if text.startswith("不如")).endswith("：只退不进。")
    assert any(text == "与基准方案完全相同：退三增一。" for text in told)
    english = " ".join(points(comparison, Words("en")))
    for title in ("40 PE and arts recruits on top", "Nobody comes in", "One in for three out"):
        assert title in english


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [80, 120])
def test_nothing_printed_is_wider_than_the_terminal(comparison, language, width):
    text = printed(comparison, language, width)
    assert max(map(cell_len, text.splitlines())) <= width
    assert "…" not in text
    assert "nan" not in text


def test_the_base_may_be_the_best(comparison):
    ranking = comparison.ranking.assign(rank=[2, 1, 1, 3])
    assert list(ranking["policy"])[1] == "yangcheng"
    told = list(points(replace(comparison, ranking=ranking), Words("zh")))
    assert told[0].startswith("排第一的是基准方案：")


def test_an_unfinished_comparison_says_so_everywhere(comparison):
    origin = {**comparison.provenance, "complete": False, "policies_missing": ["late", "later"]}
    study = replace(comparison, provenance=origin)
    assert "没有算完的政策：late、later" in printed(study, "zh")
    for _, chart in charts(study, Words("zh")):
        subtitle = chart.to_dict(validate=False)["title"]["subtitle"]
        assert "未完成，模拟100次" in subtitle[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_charts_are_valid_and_show_each_policy_once(comparison, language):
    words = Words(language)
    specs = {name: chart.to_dict() for name, chart in charts(comparison, words)}
    assert set(specs) == {
        "ranking",
        *(f"differences-{group}" for group in ("verdict", "ratios", "schools", "cv", "people")),
    }
    (rows,) = (data for data in specs["ranking"]["datasets"].values() if "p" in data[0])
    assert len(rows) == 3  # the policy that is the base itself is left out
    assert rows[0]["p"] == comparison.ranking["p"].iloc[0]
    panels = specs["differences-ratios"]["vconcat"]
    titles = [panel["title"]["text"] for row in panels for panel in row["hconcat"]]
    changed = comparison.differences.query("result != 'same'")["outcome"]
    changed = changed[changed.str.match("L[1-7]")].nunique()
    assert len(titles) == len(set(titles)) == changed > 3
    for data in specs["differences-verdict"]["datasets"].values():
        if "difference" in data[0]:
            assert len(data) == 2
            assert any(row["difference"] > 1 for row in data)  # in points, not in shares


def test_the_folder_is_whole_and_the_same_twice(comparison, tmp_path):
    words, one, two = Words("zh"), tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        some = [next(charts(comparison, words))]
        written = write_study(comparison, told(comparison, words), some, folder, words)
        assert len(written) == 3 + 2 + 2 * 7 + 2  # documents, chart, tables, README and manifest
    for path in one.rglob("*.*"):
        assert path.read_bytes() == (two / path.relative_to(one)).read_bytes()
    manifest = json.loads((one / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["provenance"]["policies"] == comparison.provenance["policies"]
    assert len(manifest["files"]) == len(written) - 1
    readme = (one / "README.txt").read_text(encoding="utf-8-sig")
    assert "政策比较" in readme
    assert all(f"  {name}: " in readme for name in comparison.tables)
    shown = pd.read_csv(one / "tables" / "differences.csv", encoding="utf-8-sig")
    assert {"政策", "结果", "差", "结论", "含合成数据"} <= set(shown.columns)
    assert "全县通过的概率" in set(shown["结果"])
    assert "更高" in set(shown["结论"])
    kept = pd.read_parquet(one / "tables" / "differences.parquet")
    pd.testing.assert_frame_equal(kept, comparison.differences)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_outcome_has_a_name_of_its_own(comparison, language):
    sample = comparison.samples["yangcheng"]
    names = [outcome_name(outcome, Words(language)) for outcome in sample.columns]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("condition", "zh", "en"),
    [
        ("L3", "各学段 L3 体艺达标", "every stage's L3 PE/arts meets"),
        ("CV", "各学段 各项指标差异系数在限内", "CV of every stage's every indicator within limit"),
        ("schools L1 junior", "初中 L1 学历全部达标", "all junior schools meet L1 degree"),
        ("school 城关{x}小学 L2", "城关{x}小学 L2 骨干达标", "城关{x}小学 L2 backbone meets"),
        ("school 城关小学", "城关小学未被否决", "城关小学 not failed"),
        ("county", "全县未被否决", "county not ruled out"),
    ],
)
def test_names_of_conditions(condition, zh, en):
    parsed = parse_condition(condition)
    assert (condition_name(parsed, Words("zh")), condition_name(parsed, Words("en"))) == (zh, en)


# --- the command -------------------------------------------------------------------------------


def test_the_command_takes_policies_as_they_are_written(tmp_path):
    arguments = ["compare", SCENARIO, "--policies", "退二进一", "only-out", "--replications", 20]
    arguments += ["--out", tmp_path / "out", "--lang", "en", "--workers", 1]
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert done.exit_code == 0, done.output
    assert "Nobody comes in" in done.output
    ranking = pd.read_parquet(tmp_path / "out" / "tables" / "ranking.parquet")
    assert set(ranking["policy"]) == {"yangcheng", "two-out-one-in", "only-out"}


def test_the_command_refuses_what_it_does_not_know():
    for policies in (["two-out"], ["arts-pe-20,rotation-by-ned"]):
        done = CliRunner().invoke(app, ["compare", str(SCENARIO), "--policies", *policies])
        assert isinstance(done.exception, InputError)
        (problem,) = done.exception.problems
        assert "did you mean" in problem.message
        assert "one-out-one-in" in problem.message


def test_the_samples_are_those_of_a_plain_run(comparison):
    base = comparison.scenario
    plain = outcomes(run_trial(base, comparison.county, replications=30, seed=2021))
    assert plain.equals(comparison.samples["yangcheng"].head(30))
