"""A sensitivity study for people: on the terminal, in its charts, by its command."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pandas as pd
import pytest
from rich.cells import cell_len
from rich.console import Console
from typer.testing import CliRunner

import workforce_sim as ws
from tests.report.conftest import SCENARIO
from workforce_sim.cli import app
from workforce_sim.decision import sensitivity as study
from workforce_sim.decision.study import CHANCE
from workforce_sim.report.decisions.folder import write_study
from workforce_sim.report.decisions.sensitivity import (
    budget_text,
    charts,
    points,
    print_sensitivity,
    told,
)
from workforce_sim.report.pictures import draw
from workforce_sim.scenario import InputError
from workforce_sim.words import LANGUAGES, Words

ZH, EN = Words("zh"), Words("en")
LEVEL, DEGREES = "enrolment.level", "degrees.under_45.share_per_year"


def printed(found, language, width=80):
    console = Console(file=io.StringIO(), width=width, highlight=False)
    print_sensitivity(found, console, Words(language))
    return console.file.getvalue()


def turned(driven, **rows):
    """Return the study with these ends of P, swings that are clear or not, and turns."""
    turns, tornado = driven.turns.set_index("assumption"), driven.tornado.copy()
    for column in ("p_q05", "p_q95", "swing", "clear", "at"):
        turns[column] = turns[column].astype(object)
    for path, (low, high, clear, at) in rows.items():
        new = {"p_q05": low, "p_q95": high, "swing": abs(high - low), "clear": clear, "at": at}
        turns.loc[path, list(new)] = list(new.values())
        for level, p in ((0.05, low), (0.95, high)):
            tornado.loc[(tornado["assumption"] == path) & (tornado["level"] == level), "p"] = p
    types = {"swing": float, "at": float, "p_q05": float, "p_q95": float, "clear": bool}
    turns = turns.astype(types).sort_values("swing", ascending=False).reset_index()
    return replace(driven, turns=turns, tornado=tornado)


def test_the_budget_is_said_beforehand():
    told = budget_text(8, 1024, 500, 0.001, ZH)
    assert "31,264次模拟（8项假设；Sobol序列1,024点，每项假设5个水平各500次）" in told
    assert "约需31秒" in told
    assert "about 5.2 min in one process" in budget_text(8, 1024, 500, 0.01, EN)


def test_the_answer_names_what_moves_the_probability_and_where_it_turns(driven):
    quiet = {path: (0.50, 0.51, False, float("nan")) for path in driven.turns["assumption"]}
    moved = {LEVEL: (0.62, 0.4, True, 1.01), DEGREES: (0.45, 0.56, True, float("nan"))}
    base = {"p": 0.55, "p_se": 0.002, "p_low": 0.54, "p_high": 0.56}
    found = replace(turned(driven, **{**quiet, **moved}), base=base)
    told = list(points(found, ZH))
    assert told[0].endswith("的概率不低于50%。照现有假设，概率55.0%±0.2%。")
    [drivers] = [text for text in told if text.startswith("最能改变概率的假设")]
    assert "新生数与预测之比（从0.9519到1.051，概率从62.0%到40.0%）" in drivers
    assert drivers.index("新生数") < drivers.index("在职取得学历：不到45岁")
    assert any(text == "其余3项使概率的变化都在模拟误差之内。" for text in told)
    assert told[-1] == "结论会因它改变的假设：新生数与预测之比（在1.01处）。"
    still = list(points(turned(driven, **quiet), ZH))
    assert any(text.startswith("没有一项假设使概率的变化超出模拟误差") for text in still)
    assert "没有一项假设单独能改变结论" in still[-1]


def test_chance_is_told_with_its_interval_and_never_as_sure(driven):
    indices = driven.indices.copy()
    rows = (indices["assumption"] == CHANCE) & indices["outcome"].str.startswith("P(")
    indices.loc[rows, ["total", "total_low", "total_high"]] = [1.02, 0.93, 1.1]
    told = "".join(points(replace(driven, indices=indices), ZH))
    assert "成败的方差还剩>99%（95%区间93%—>99%）" in told
    assert "把这5项假设" in told


def test_an_event_that_never_varies_has_no_drivers(driven):
    indices = driven.indices.copy()
    event = indices["outcome"].str.startswith("P(")
    indices.loc[event, ["first", "total"]] = float("nan")
    turns = driven.turns.assign(swing=0.0, clear=False)
    found = replace(driven, indices=indices, turns=turns)
    assert any("模拟128次，结果全都一样" in text for text in points(found, ZH))
    assert [name for name, _ in charts(found, ZH)] == ["ratios"]
    assert "Sobol指数及" not in printed(found, "zh") and "小学 L1 学历" in printed(found, "zh")


def test_an_unfinished_study_says_so(driven):
    origin = {**driven.provenance, "complete": False, "replications": 448}
    empty = {"turns": driven.turns.head(0), "tornado": driven.tornado.head(0)}
    found = replace(driven, provenance=origin, **empty)
    assert "5项假设中只有0项试算了各个水平" in "".join(points(found, ZH))
    assert [name for name, _ in charts(found, ZH)] == ["indices", "ratios"]
    printed(found, "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_terminal_holds_the_numbers(driven, language):
    text = printed(driven, language)
    assert max(map(cell_len, text.splitlines())) <= 80
    assert "nan" not in text and "…" not in text
    for _, row in driven.turns.iterrows():
        assert f"{row['p_q05']:.1%}" in text and f"{row['p_q95']:.1%}" in text
    event = driven.indices[driven.indices["outcome"].str.startswith("P(")]
    for index in event["total"]:
        assert f"{index:.2f}".replace("-", "−") in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_charts_are_valid_and_can_be_drawn(driven, language):
    words = Words(language)
    specs = {name: chart.to_dict() for name, chart in charts(driven, words)}
    assert list(specs) == ["tornado", "indices", "ratios"]
    assert len([png for _, _, png in draw(specs) if len(png) > 1000]) == 3
    [bars] = [data for data in specs["indices"]["datasets"].values() if "index" in data[0]]
    event = driven.indices[driven.indices["outcome"].str.startswith("P(")]
    assert sorted(row["index"] for row in bars) == sorted([*event["first"], *event["total"]])
    kinds = {row["kind"] for row in bars if row["name"] == words("factor.chance")}
    assert kinds == {words(f"sensitivity.legend_chance_{kind}") for kind in ("first", "total")}
    [ends] = [data for data in specs["tornado"]["datasets"].values() if "text_left" in data[0]]
    assert [row["low"] for row in ends] == list(driven.turns["p_q05"])
    [cells] = [data for data in specs["ratios"]["datasets"].values() if "ratio" in data[0]]
    vary = driven.indices.dropna(subset="total")["outcome"]
    vary = vary[~vary.str.startswith("P(")].nunique()
    assert len(cells) == vary * 6 and vary >= 6  # ratios that vary, of five assumptions and chance


def test_the_folder_is_the_same_twice(driven, tmp_path):
    again = study.sensitivity(
        driven.scenario, assumptions=["exits.death"], points=16, replications=5, workers=1
    )
    twice = study.sensitivity(
        driven.scenario, assumptions=["exits.death"], points=16, replications=5, workers=1
    )
    pd.testing.assert_frame_equal(again.indices, twice.indices)
    write_study(driven, told(driven, ZH), (), tmp_path / "out", ZH)
    shown = pd.read_csv(tmp_path / "out" / "tables" / "indices.csv", encoding="utf-8-sig")
    assert "2025年全县通过的概率" in set(shown["结果"])
    assert {"新生数与预测之比", "偶然性（谁离开、谁来）"} <= set(shown["假设"])


# --- the command -------------------------------------------------------------------------------


def run(*arguments):
    return CliRunner().invoke(app, ["sensitivity", str(SCENARIO), *map(str, arguments)])


def test_the_command(tmp_path):
    out = tmp_path / "out"
    small = ["--points", 8, "--replications", 5, "--workers", 1, "--out", out]
    done = run("--assumptions", "exits.death, enrolment.level", *small)
    assert done.exit_code == 0, done.output
    assert "预算：90次模拟（2项假设" in done.output
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["provenance"]["replications"] == 8 * 5 + 2 * 5 * 5


def test_the_command_refuses_what_it_does_not_know():
    assert run("--points", 1000).exit_code == 2
    for option, text, message in (
        ("--assumptions", "exits,enrolment.leval", "did you mean 'enrolment.level'"),
        ("--goal", "P(L3) >= 120%", "120% is no probability"),
    ):
        done = run(option, text)
        assert isinstance(done.exception, InputError)
        assert message in str(done.exception)


def test_ctrl_c_before_anything_is_known(tmp_path, monkeypatch):
    def stop(*_arguments, **_named):
        raise KeyboardInterrupt

    monkeypatch.setattr(study, "run_trial", stop)
    done = run("--out", tmp_path / "out")
    assert done.exit_code == 130 and "已停止" in done.output and not (tmp_path / "out").exists()


def test_the_public_name():
    assert ws.sensitivity is study.sensitivity
