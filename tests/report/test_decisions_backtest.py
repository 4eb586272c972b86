"""A backtest for people: on the terminal, in its charts, by its command; tables in Chinese."""

from __future__ import annotations

import io
from dataclasses import replace

import pandas as pd
import pytest
from rich.cells import cell_len
from rich.console import Console
from typer.testing import CliRunner

import workforce_sim as ws
from tests.report.conftest import SCENARIO
from workforce_sim.cli import app
from workforce_sim.decision import backtest as study
from workforce_sim.decision import observed, trial
from workforce_sim.report.decisions.backtest import charts, points, print_backtest, told
from workforce_sim.report.decisions.folder import write_study
from workforce_sim.report.pictures import draw
from workforce_sim.scenario import InputError
from workforce_sim.words import LANGUAGES, Words

ZH, EN = Words("zh"), Words("en")
EXAMPLE = SCENARIO.parent / "observed-example.csv"


def printed(found, language, width=80):
    console = Console(file=io.StringIO(), width=width, highlight=False)
    print_backtest(found, console, Words(language))
    return console.file.getvalue()


def covered(backtested, inside, low, high, expected):
    rows = backtested.coverage.copy()
    rows.loc[1, ["inside", "inside_low", "inside_high", "expected"]] = [inside, low, high, expected]
    return replace(backtested, coverage=rows)


def test_coverage_is_set_against_a_perfect_forecast(backtested):
    """Whole numbers: a perfect forecast has more than 90% inside its 90% intervals."""
    row = backtested.coverage.set_index("level").loc[0.9]
    assert 0.9 < row["expected"] < 1
    for numbers, words in (
        ((0.6, 0.5, 0.7, 0.92), "区间太窄，预测过于自信"),
        ((0.95, 0.91, 0.98, 0.92), "与区间所说的相符"),
        ((0.97, 0.94, 0.99, 0.92), "区间太宽，预测过于保守"),
    ):
        told = list(points(covered(backtested, *numbers), ZH))
        assert told[1].endswith(f"完全准确的预测应有92%）：{words}。")
        assert f"（{numbers[0]:.0%}，95%区间{numbers[1]:.0%}—{numbers[2]:.0%}" in told[1]


def test_what_fell_outside_and_what_to_revise(backtested):
    """The example has too many resignations, invented so."""
    outside = backtested.points[~backtested.points["inside_90"]]
    assert set(outside["quantity"]) == {"resign"}
    told = list(points(backtested, ZH))
    mape = backtested.errors["mape"].iloc[0]
    assert any(f"第1年{mape:.1%}" in text for text in told)
    assert any(
        text.startswith("小学辞职偏高：可考虑把“辞职：") and "调高（现取" in text for text in told
    )
    text = printed(backtested, "zh")
    for _, row in outside.iterrows():
        assert f"{row['observed']:.0f}" in text and f"{row['q05']:.0f}—{row['q95']:.0f}" in text


def test_nothing_outside_nothing_to_revise(backtested):
    calm = backtested.points.assign(inside_90=True)
    found = replace(backtested, points=calm, revise=backtested.revise.head(0))
    told = list(points(found, ZH))
    assert told[-1].startswith("没有实际值落在90%区间之外")
    assert "哪些假设该修订" not in printed(found, "zh")


def test_what_no_assumption_moves_and_what_has_no_percentage(backtested):
    row = {"quantity": "pupils", "stage": "junior", "off": -4.0, "assumption": ""}
    revise = pd.DataFrame([row], columns=backtested.revise.columns)
    found = replace(backtested, revise=revise, errors=backtested.errors.head(0))
    told = list(points(found, ZH))
    assert told[-1].startswith("初中在校学生偏低：看不出有哪项不确定的假设能影响它")
    assert any(text.startswith("实际值全为0") for text in told)
    assert "（看不出有假设影响它）" in printed(found, "zh").replace("\n", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_terminal_and_the_charts(backtested, language):
    text, words = printed(backtested, language), Words(language)
    assert max(map(cell_len, text.splitlines())) <= 80
    assert "nan" not in text and "…" not in text
    specs = {name: chart.to_dict() for name, chart in charts(backtested, words)}
    assert [name for name, _, png in draw(specs) if len(png) > 1000] == ["observations", "coverage"]
    panels = [panel for row in specs["observations"]["vconcat"] for panel in row["hconcat"]]
    titles = [panel["title"]["text"] for panel in panels]
    groups = backtested.points.groupby(["quantity", "stage"])
    assert len(titles) == len(set(titles)) == groups.ngroups
    outside = sum((~rows["inside_90"]).any() for _, rows in groups)
    resigned = words("quantity.resign")
    assert all(title.endswith(resigned) for title in titles[:outside])  # these stand first
    rows = [row for data in specs["observations"]["datasets"].values() for row in data]
    kinds = [row["kind"] for row in rows if "observed" in row]
    assert kinds.count(words("backtest.legend_outside")) == (~backtested.points["inside_90"]).sum()


def test_many_panels_are_not_all_drawn(backtested):
    many = [backtested.points.assign(stage=stage) for stage in ("primary", "junior", "both")]
    found = replace(backtested, points=pd.concat(many, ignore_index=True))
    [spec] = [chart.to_dict(validate=False) for name, chart in charts(found, ZH) if "obs" in name]
    assert sum(len(row["hconcat"]) for row in spec["vconcat"]) == 18
    assert "其余" in spec["title"]["subtitle"][0]


def test_the_folder(backtested, tmp_path):
    write_study(backtested, told(backtested, ZH), (), tmp_path / "out", ZH)
    shown = pd.read_csv(tmp_path / "out" / "tables" / "points.csv", encoding="utf-8-sig")
    assert {"小学", "初中"} == set(shown["学段"]) and "辞职" in set(shown["项目"])
    revise = pd.read_csv(tmp_path / "out" / "tables" / "revise.csv", encoding="utf-8-sig")
    assert set(revise["修订方向"]) == {"调高"}


# --- tables of an officer ------------------------------------------------------------------------


def test_the_example_is_marked_as_invented():
    lines = EXAMPLE.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "年份,学段,项目,实际值,备注"
    assert all("虚构" in line and "invented" in line for line in lines[1:])


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("2021年,小学,教职工人数,1400", ["primary", "staff"]),
        ("2021,全县,在校学生数,20000", ["both", "pupils"]),
        ("2021,小学和初中,体育艺术教师,180", ["both", "arts_pe"]),
        ("2021,初中,退休人数,35", ["junior", "retirement"]),
        ("2021,junior,每百名学生L3教师,0.9", ["junior", "L3"]),
    ],
)
def test_tables_in_chinese(backtested, tmp_path, words, meant):
    path = tmp_path / "observed.csv"
    path.write_text(f"年份,学段,项目,实际值\n{words}\n", encoding="utf-8-sig")
    table = observed.read_observed(path, backtested.scenario, backtested.county)
    assert table[["stage", "quantity"]].values.tolist() == [meant]
    assert table["year"].tolist() == [2021]


def test_every_quantity_is_read_under_its_own_name(backtested, tmp_path):
    path = tmp_path / "observed.csv"
    for words in (ZH, EN):
        names = [words(f"quantity.{name}") for name in observed.QUANTITIES]
        assert len(set(names)) == len(names)
    rows = [f"2021,小学,{ZH(f'quantity.{name}')},1" for name in observed.QUANTITIES]
    path.write_text("\n".join(["年份,学段,项目,实际值", *rows]), encoding="utf-8")
    table = observed.read_observed(path, backtested.scenario, backtested.county)
    assert tuple(table["quantity"]) == observed.QUANTITIES


# --- the command -------------------------------------------------------------------------------


def run(path, *arguments):
    return CliRunner().invoke(app, ["backtest", str(SCENARIO), str(path), *map(str, arguments)])


def test_the_command(tmp_path):
    more = ["--replications", 20, "--workers", 1, "--lang", "en", "--out", tmp_path / "out"]
    done = run(EXAMPLE, *more)
    assert done.exit_code == 0, done.output
    assert "Of 42 observations" in done.output
    assert (tmp_path / "out" / "charts" / "observations.svg").exists()


def test_the_command_refuses_other_years_and_schools(tmp_path):
    path = tmp_path / "observed.csv"
    path.write_text("年份,学段,学校,项目,实际值\n2021,小学,甲,退休,5\n", encoding="utf-8")
    assert "unknown column '学校'" in str(run(path).exception)
    path.write_text("年份,学段,项目,实际值\n2031年,小学,退休,5\n2021,高中,退休,5\n", "utf-8")
    done = run(path)
    assert isinstance(done.exception, InputError)
    year, stage = done.exception.problems
    assert "a simulated year, 2021-2025" in year.message
    assert "primary, junior, both (小学, 初中, 全县)" in stage.message


@pytest.mark.parametrize("chunks", [0, 1])
def test_ctrl_c_keeps_the_chunks_that_are_done(tmp_path, monkeypatch, chunks):
    calls, real = [], trial.run_trial

    def stopping(*arguments, **named):
        calls.append(named)
        if len(calls) > chunks:
            raise KeyboardInterrupt
        return real(*arguments, **named)

    monkeypatch.setattr(trial, "CHUNK", 10)
    monkeypatch.setattr(trial, "run_trial", stopping)
    out = tmp_path / "out"
    done = run(EXAMPLE, "--replications", 30, "--out", out)
    assert done.exit_code == 130
    assert out.exists() == bool(chunks)
    assert ("要求30次，做了10次" if chunks else "已停止") in done.output


def test_the_public_names():
    assert ws.backtest is study.backtest and ws.read_observed is observed.read_observed
