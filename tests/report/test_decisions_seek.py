"""A search for people: on the terminal, in its chart, by its command."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import replace

import pandas as pd
import pytest
from rich.cells import cell_len
from rich.console import Console
from typer.testing import CliRunner

import workforce_sim as ws
from tests.report.conftest import SCENARIO
from workforce_sim.cli import app, main
from workforce_sim.decision import seek as study
from workforce_sim.report.decisions.factors import factor_names, lever_sentence, value_text
from workforce_sim.report.decisions.folder import write_study
from workforce_sim.report.decisions.seek import charts, points, print_seek, told
from workforce_sim.report.pictures import draw
from workforce_sim.scenario import load_scenario
from workforce_sim.words import LANGUAGES, Words

RECRUITS, RETRAINED = "arts_pe.recruits_per_year", "arts_pe.retraining_per_year"
ZH, EN = Words("zh"), Words("en")


def printed(found, language, width=80):
    console = Console(file=io.StringIO(), width=width, highlight=False)
    print_seek(found, console, Words(language))
    return console.file.getvalue()


def curve(sought, p, status="found", answer=5, goal=0.9):
    """Return the search as if it had found these probabilities by value, each out of 1,000."""
    rows = []
    for value, share in p.items():
        low, high = share - 0.01, share + 0.01
        errors = {"p_se": 0.005, "p_low": max(low, 0), "p_high": min(high, 1)}
        told = {"meets": share >= goal, "settled": abs(share - goal) > 0.015, "cost": 80.0 * value}
        rows.append({RECRUITS: float(value), "replications": 1000, "p": share, **errors, **told})
    tried = pd.DataFrame(rows)
    missing = tried[~tried["meets"]]
    kept = {} if answer is None else {RECRUITS: float(answer)}
    fresh = pd.concat([missing.tail(1), tried[tried[RECRUITS] == answer]])
    return replace(
        sought,
        status=status,
        answer=kept or None,
        method="bisection",
        tried=tried,
        fresh=fresh if answer is not None else tried.head(0),
    )


def test_the_answer_in_one_sentence(sought):
    found = curve(sought, {0: 0.2, 4: 0.85, 5: 0.92, 10: 0.99, 20: 1.0})
    told = list(points(found, ZH))
    assert told[0] == "目标：“2025年小学 L3 体艺达标”的概率不低于90%。"
    assert told[1] == "每年至少招聘5名体艺教师：概率92.0%±0.5%；4名时只有85.0%±0.5%。"
    assert told[2] == "现在的方案（10名）概率99.0%±0.5%，已经达到目标。"
    assert "5名起可以确信达到" in told[3] and "可能" not in told[3]
    assert told[4] == "按方案所列成本，5名为400万元，现在（10名）为800万元。"
    assert told[5].endswith("4名时85.0%±0.5%，5名时92.0%±0.5%，结论相同。")
    assert "试了5个值，共7,000次模拟" in told[6]
    english = list(points(found, EN))
    assert english[1].startswith("Recruit at least 5 PE and arts teachers a year: the probability")


def test_fresh_numbers_that_contradict_are_told_plainly(sought):
    found = curve(sought, {0: 0.2, 4: 0.895, 5: 0.905, 20: 1.0})
    found = replace(found, fresh=found.fresh.assign(p=[0.9, 0.91], meets=[True, True]))
    told = "".join(points(found, ZH))
    assert "结论不同：4名时90.0%±0.5%，5名时91.0%±0.5%" in told and "模拟误差之内" in told
    assert "4名起可能达到，20名起可以确信达到" in told
    assert "否（接近）" in printed(found, "zh")


def test_what_cannot_be_reached_names_the_best(sought):
    found = curve(sought, {0: 0.2, 10: 0.5, 20: 0.7}, "not_reached", None)
    told = list(points(found, ZH))
    assert told[1] == "达不到：从0名到20名没有一个值够用；最好的是20名，概率70.0%±0.5%。"
    assert not any("复核" in text for text in told)


def test_a_lever_of_which_less_is_more(sought):
    found = curve(sought, {0: 0.99, 10: 0.95, 11: 0.5, 20: 0.1}, answer=10)
    told = list(points(found, ZH))
    assert told[1].startswith("每年最多招聘10名体艺教师：概率95.0%")
    assert "10名及以下可以确信达到" in "".join(told)


def test_all_values_meet_it_and_now_is_unknown_or_outside(sought):
    found = curve(sought, {0: 0.95, 20: 1.0}, answer=0)
    [lever] = found.levers
    assert list(points(found, ZH))[1].startswith("从0名到20名，试过的值都达到目标；0名时概率95.0%")
    outside = replace(found, levers=(replace(lever, now=99.0),))
    assert any("取99名，不在试算的值之中" in text for text in points(outside, ZH))
    several = replace(found, levers=(replace(lever, now=None),))
    assert any("没有一个固定的值" in text for text in points(several, ZH))


def test_an_unfinished_search_says_so_everywhere(sought):
    found = curve(sought, {0: 0.2, 20: 1.0}, "unfinished", 20)
    origin = {**found.provenance, "complete": False}
    found = replace(found, fresh=found.tried.head(0), provenance=origin)
    text = "".join(printed(found, "zh").split())
    assert "搜索没有做完" in text and "试过的值中20名达到目标" in text and "没有用另一批" in text
    [(_, chart)] = charts(found, ZH)
    assert chart.to_dict(validate=False)["title"]["subtitle"][1].startswith("未完成，")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_terminal_holds_the_numbers(sought, sought_several, language):
    for found in (sought, sought_several):
        text = printed(found, language)
        assert max(map(cell_len, text.splitlines())) <= 80
        assert "nan" not in text and "…" not in text
    text = printed(sought, language)
    for _, row in sought.tried.iterrows():
        assert f"{row['p']:.1%} ±" in text or f" {row['p_low']:.1%}" in text
        assert f"{row['replications']}" in text


def test_the_cheapest_combination_and_the_frontier(sought_several):
    told = list(points(sought_several, ZH))
    answer, frontier = sought_several.answer, sought_several.frontier
    cheapest = frontier.iloc[0]
    assert answer == {RECRUITS: cheapest[RECRUITS], RETRAINED: cheapest[RETRAINED]}
    assert told[1].startswith(f"最省的组合：每年招聘{answer[RECRUITS]:g}名体艺教师，每年转岗培训")
    assert f"成本{cheapest['cost']:g}万元" in told[1]
    assert len(sought_several.fresh) == 1 and any("复核" in text for text in told)
    costs = sought_several.scenario.costs.model_copy(update={"per_unit": {}})
    scenario = sought_several.scenario.model_copy(update={"costs": costs})
    free = replace(sought_several, scenario=scenario)
    assert "没有给出这些项的成本" in list(points(free, ZH))[1]
    assert "成本/" not in printed(free, "zh")
    [(_, chart)] = charts(free, ZH)
    assert "没有给出成本" in chart.to_dict(validate=False)["title"]["subtitle"][0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_charts_are_valid_and_can_be_drawn(sought, sought_several, language):
    words = Words(language)
    specs = {n: c.to_dict() for found in (sought, sought_several) for n, c in charts(found, words)}
    assert set(specs) == {"probability", "frontier"}
    assert [name for name, _, png in draw(specs) if len(png) > 1000] == list(specs)
    [rows] = [d for d in specs["probability"]["datasets"].values() if "p_low" in d[0]]
    fresh = [row for row in rows if row["kind"] == words("seek.legend_fresh")]
    assert len(fresh) == len(sought.fresh)
    goal = [layer["encoding"].get("y") for layer in specs["probability"]["layer"]]
    assert {"datum": 0.9} in goal
    [plane] = [d for d in specs["frontier"]["datasets"].values() if "across" in d[0]]
    edge = [row for row in plane if row["kind"] == words("seek.legend_frontier")]
    assert len(edge) == len(sought_several.frontier)
    assert sorted(float(row["text"]) for row in edge) == list(sought_several.frontier["cost"])


def test_nothing_of_the_author_is_run_as_markup(sought_several):
    costs = sought_several.scenario.costs.model_copy(update={"currency": "[b]{x}"})
    scenario = sought_several.scenario.model_copy(update={"costs": costs})
    assert "[b]{x}" in printed(replace(sought_several, scenario=scenario), "zh")


def test_the_folder(sought, tmp_path):
    write_study(sought, told(sought, ZH), charts(sought, ZH), tmp_path / "out", ZH)
    shown = pd.read_csv(tmp_path / "out" / "tables" / "tried.csv", encoding="utf-8-sig")
    assert list(shown.columns)[:3] == ["每年招聘体艺教师", "模拟次数", "概率"]
    kept = pd.read_parquet(tmp_path / "out" / "tables" / "tried.parquet")
    assert list(kept[RECRUITS]) == list(sought.tried[RECRUITS])
    assert (tmp_path / "out" / "charts" / "probability.png").exists()


def test_names_and_values_of_factors():
    scenario = load_scenario(SCENARIO)
    names = factor_names(["exits.resign_30_to_39.share_per_year", "enrolment.level"], ZH, scenario)
    assert list(names.values()) == ["辞职：30—39岁每年的比例", "新生数与预测之比"]
    twin = scenario.model_copy(update={"exits": {n: scenario.exits["death"] for n in "ab"}})
    twins = factor_names([f"exits.{n}.share_per_year" for n in "ab"], EN, twin)
    assert twins["exits.a.share_per_year"].endswith("(exits.a.share_per_year)")
    assert value_text("exits.death.share_per_year", 0.00125, ZH) == "0.125%"
    assert value_text("enrolment.trend_per_year", -0.01, EN) == "−1%"
    assert value_text("backbone.term_years", 5, ZH) == "5年"
    assert lever_sentence("replacement.joins", 2, ZH, "most") == "“……补充几人”最多取2名"


# --- the command -------------------------------------------------------------------------------


def run(*arguments):
    return CliRunner().invoke(app, ["seek", str(SCENARIO), *map(str, arguments)])


def test_the_command(tmp_path):
    lever, goal = f"{RECRUITS}=0..8", "P(L3 primary, 2025) >= 50%"
    more = ["--replications", 10, "--workers", 1, "--lang", "en", "--out", tmp_path / "out"]
    done = run("--lever", lever, "--goal", goal, *more)
    assert done.exit_code == 0, done.output
    assert "Goal: P(primary L3 PE/arts meets in 2025) at least 50%." in done.output
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["provenance"]["goal"] == "P(L3 primary, 2025) >= 0.5"


def test_the_command_tells_every_problem_and_exits_with_2(capsys, monkeypatch):
    levers = ["--lever", f"{RECRUITS}=9..2", "--lever", "arts_pe.recruit"]
    monkeypatch.setattr(sys, "argv", ["", "seek", str(SCENARIO), "--goal", "P(L3)>=1.2", *levers])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2
    goal, bounds, name = capsys.readouterr().err.strip().splitlines()
    assert "1.2 is no probability" in goal
    assert "9 is not below the upper bound 2" in bounds
    assert "did you mean 'arts_pe.recruits_per_year'" in name


@pytest.mark.parametrize("trials", [0, 9])
def test_ctrl_c_gives_the_best_so_far(tmp_path, monkeypatch, trials):
    calls, real = [], study.run_trial

    def stopping(*arguments, **named):
        calls.append(named)
        if len(calls) > trials:
            raise KeyboardInterrupt
        return real(*arguments, **named)

    monkeypatch.setattr(study, "run_trial", stopping)
    out = tmp_path / "out"
    done = run("--lever", RECRUITS, "--goal", "P(L3) >= 0.9", "--replications", 5, "--out", out)
    assert done.exit_code == 130
    assert out.exists() == bool(trials)
    assert ("搜索没有做完" if trials else "已停止：一批都未完成") in done.output


def test_the_public_name():
    assert ws.seek is study.seek
