"""An explanation for people: on the terminal, in charts, in its folder, by its command."""

from __future__ import annotations

import io
import json
from itertools import pairwise

import pandas as pd
import pytest
from rich.cells import cell_len
from rich.console import Console
from typer.testing import CliRunner

from tests.report.conftest import SCENARIO
from workforce_sim.assessment import county_of
from workforce_sim.cli import app
from workforce_sim.decision.explain import explain
from workforce_sim.report.decisions.explain import (
    charts,
    check_school,
    points,
    print_explanation,
    told,
)
from workforce_sim.report.decisions.folder import write_study
from workforce_sim.scenario import InputError, load_scenario
from workforce_sim.words import LANGUAGES, Words


@pytest.fixture(scope="module")
def alone():
    return explain(load_scenario(SCENARIO), replications=100, workers=1)


def printed(study, language, width=120, school=None):
    console = Console(file=io.StringIO(), width=width, highlight=False)
    print_explanation(study, console, Words(language), school)
    return console.file.getvalue()


def test_sentences_name_the_largest_causes_both_ways(alone):
    told = {text.split("：")[0]: text for text in points(alone, Words("zh"))}
    text = told["初中 L1 学历"]
    rows = alone.parts[(alone.parts["stage"] == "junior") & (alone.parts["indicator"] == "L1")]
    retired = rows.set_index("part").loc["retirement"]
    assert text.startswith("初中 L1 学历：从11.7降到10.")
    assert f"拉低：退休−{-retired['mean']:.3f}（−{-retired['people']:.0f}人）" in text
    assert "抬高：在职取得学历" in text
    english = list(points(alone, Words("en")))
    assert len(english) == 6 and english[3].startswith("Junior L1 degree: down from 11.7 to 10.")


def test_between_policies_it_says_which_and_what_is_alike(explanation):
    told = list(points(explanation, Words("zh")))
    assert told[0] == "“另招体艺教师40人”与“基准方案”相比："
    assert "小学 L2 骨干：几乎没有差别" in told[2]
    assert "抬高：体艺岗位招聘+" in told[3]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [80, 120])
def test_nothing_printed_is_wider_than_the_terminal(alone, explanation, language, width):
    for study in (alone, explanation):
        text = printed(study, language, width, "午亭小学")  # which is new: it has no parts
        assert max(map(cell_len, text.splitlines())) <= width
        assert "…" not in text
        assert "nan" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_charts_are_valid_and_their_steps_lead_from_the_one_to_the_other(alone, language):
    specs = {
        name: chart.to_dict() for name, chart in charts(alone, Words(language), alone_school(alone))
    }
    assert set(specs) == {
        f"explain-{indicator}-{where}"
        for indicator in ("L1", "L2", "L3")
        for where in ("primary", "junior", "school")
    }
    (steps,) = (
        data for data in specs["explain-L1-junior"]["datasets"].values() if "after" in data[0]
    )
    assert len({step["name"] for step in steps}) == len(steps)
    for one, two in pairwise(steps):
        assert two["before"] == pytest.approx(
            one["after"], abs=0.001
        )  # less are the parts left out


def alone_school(study):
    return study.largest["school"].iloc[0]


def test_a_new_school_has_no_chart(alone):
    names = [name for name, _ in charts(alone, Words("zh"), "午亭小学")]
    assert not [name for name in names if name.endswith("school")]


def test_the_folder_has_every_table_and_adds_up(explanation, tmp_path):
    words = Words("en")
    written = write_study(
        explanation, told(explanation, words), charts(explanation, words), tmp_path / "out", words
    )
    names = {path.name for path in written}
    assert {f"{name}.csv" for name in explanation.tables} < names
    assert {"explain-L3-primary.png", "README.txt", "manifest.json"} < names
    parts = pd.read_parquet(tmp_path / "out" / "tables" / "parts.parquet")
    sums = parts[parts["part"] != "change"].groupby(["stage", "indicator"])["mean"].sum()
    whole = parts[parts["part"] == "change"].set_index(["stage", "indicator"])["mean"]
    pd.testing.assert_series_equal(sums, whole, check_like=True, atol=1e-12, rtol=0)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["provenance"]["against"] == "yangcheng"


def test_the_command(tmp_path):
    result = CliRunner().invoke(
        app,
        [
            *("explain", str(SCENARIO), "--policy", "另招体艺教师40人", "--against", "only-out"),
            *("--replications", "20", "--workers", "1", "--out", str(tmp_path / "out")),
        ],
    )
    assert result.exit_code == 0, result.output
    assert "“另招体艺教师40人”与“只退不进”相比" in result.output
    assert (tmp_path / "out" / "tables" / "yearly_parts.csv").is_file()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--against", "only-in"], "there is no such policy"),
        (["--school", "小学99"], "there is no such school"),
    ],
)
def test_what_is_not_there_is_named(options, message):
    result = CliRunner().invoke(app, ["explain", str(SCENARIO), *options])
    assert isinstance(result.exception, InputError)
    assert message in str(result.exception)


def test_a_school_is_looked_for_before_the_run():
    scenario = load_scenario(SCENARIO)
    check_school("午亭小学", county_of(scenario), scenario)  # it opens in 2022
    with pytest.raises(InputError, match="did you mean '小学"):
        check_school("小学0", county_of(scenario), scenario)
