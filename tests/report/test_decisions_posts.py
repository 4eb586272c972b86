"""Lists of posts for people: on the terminal, in charts, in their folder, by their command."""

from __future__ import annotations

import io
from dataclasses import replace

import pandas as pd
import pytest
from rich.cells import cell_len
from rich.console import Console
from typer.testing import CliRunner

from tests.report.conftest import SCENARIO
from workforce_sim.cli import app
from workforce_sim.report.decisions.folder import write_study
from workforce_sim.report.decisions.posts import charts, points, print_posts, told
from workforce_sim.report.narrative.phrases import people
from workforce_sim.words import LANGUAGES, Words


def printed(study, language, width=120, years=(2021, 2022)):
    console = Console(file=io.StringIO(), width=width, highlight=False)
    print_posts(study, console, Words(language), years)
    return console.file.getvalue()


def test_the_answer_counts_what_the_tables_hold(placement):
    told = list(points(placement, Words("zh")))
    optimal = placement.posts[placement.posts["allocation"] == "optimal"]
    assert told[0].startswith(f"2021—2025年共{optimal['posts'].sum()}个岗位：")
    left = placement.gains.groupby("allocation")["people_short"].sum()
    for name, text in (("shortage", told[1]), ("optimal", told[2])):
        assert f"还缺{people(round(left[name], 1))}人" in text
    assert told[3].startswith("优化分配比短缺最大者优先多补上")
    idle = optimal.loc[optimal["closes"] < 0.05, "posts"].sum()
    assert f"有{idle}个岗位几乎补不上短缺" in told[4]
    assert f"按清单交流{placement.moves['people'].sum()}人次" in told[-1]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [80, 120])
def test_nothing_printed_is_wider_than_the_terminal(placement, language, width):
    text = printed(placement, language, width)
    assert max(map(cell_len, text.splitlines())) <= width
    assert "…" not in text.replace("……", "")
    assert "nan" not in text


def test_a_single_year_is_printed_in_full(placement):
    rows = placement.posts[placement.posts["allocation"] == "optimal"]
    assert len(rows[rows["year"] == 2023]) > 15
    assert "posts.csv" not in printed(placement, "zh", years=[2023])
    assert "posts.csv" in printed(placement, "zh")


def test_without_a_move_worth_it_that_is_said(placement):
    study = replace(placement, moves=placement.moves.iloc[:0])
    assert "没有值得列出的交流" in printed(study, "zh")
    assert "moves" not in dict(charts(study, Words("zh")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_charts_are_valid_and_show_every_post_that_helps(placement, language):
    specs = {name: chart.to_dict() for name, chart in charts(placement, Words(language))}
    assert set(specs) == {"posts-shortage", "posts-optimal", "gains", "moves"}
    (cells,) = specs["posts-optimal"]["datasets"].values()
    helpful = placement.posts[placement.posts["closes"] >= 0.05]
    helpful = helpful[helpful["allocation"] == "optimal"]
    assert len(cells) == len(helpful[["school", "year"]].drop_duplicates())
    assert sum(cell["closes"] for cell in cells) == pytest.approx(helpful["closes"].sum())


def test_the_csv_is_the_list_in_chinese(placement, tmp_path):
    words = Words("zh")
    write_study(
        placement,
        told(placement, words, (2021, 2022)),
        charts(placement, words),
        tmp_path / "out",
        words,
    )
    table = pd.read_csv(tmp_path / "out" / "tables" / "posts.csv", encoding="utf-8-sig")
    assert list(table)[:7] == ["分配办法", "年份", "学校", "学段", "区域", "学科", "招聘岗位"]
    assert table["招聘岗位"].sum() == placement.posts["posts"].sum()
    assert set(table["学科"]) <= {"体育", "音乐", "美术", "其他学科"}


def test_the_command(tmp_path):
    result = CliRunner().invoke(
        app,
        [
            *("posts", str(SCENARIO), "--policy", "arts-pe-20", "--allocation", "shortage"),
            *("--year", "2022", "--replications", "20", "--workers", "1"),
            *("--out", str(tmp_path / "out")),
        ],
    )
    assert result.exit_code == 0, result.output
    assert "2022年岗位清单（短缺最大者优先）" in result.output
    assert "2023年岗位清单" not in result.output
    table = pd.read_parquet(tmp_path / "out" / "tables" / "posts.parquet")
    assert set(table["allocation"]) == {"shortage"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--allocation", "best"], "is none of shortage, optimal, both"),
        (["--year", "2030"], "is not from 2021 to 2025"),
    ],
)
def test_what_is_not_there_is_named(options, message):
    result = CliRunner().invoke(app, ["posts", str(SCENARIO), *options])
    assert result.exit_code == 2
    assert message in " ".join(result.output.replace("│", " ").split())
