"""``workforce-sim check``, and the public name."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

import workforce_sim
from tests.county.tables.bureau import ROSTER, SCHOOLS, as_csv, workbook
from workforce_sim.cli import app


def run(*arguments):
    done = CliRunner().invoke(app, ["check", *map(str, arguments)], env={"COLUMNS": "200"})
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done


@pytest.fixture
def tidy(tmp_path):
    path = tmp_path / "t.xlsx"
    workbook().save(path)
    return path


def test_right_tables(tidy, tmp_path):
    copy = tmp_path / "m.xlsx"
    done = run(tidy, "--out", copy)
    assert done.exit_code == 0
    assert "没有错误，可以导入" in done.output
    assert "青山学校（初中部）" in done.output
    assert copy.exists()


def test_wrong_tables(tmp_path):
    path, copy = tmp_path / "t.xlsx", tmp_path / "m.xlsx"
    book = workbook({f"{ROSTER}!G{row}": "本课" for row in range(2, 7)})
    for row in range(7, 13):
        book[ROSTER].append([row, "第一小学", "某", None, "男", "1975-06", "大转"])
    book[SCHOOLS]["H2"] = 7
    book.save(path)
    done = run(path, "--out", copy, "--lang", "en")
    assert done.exit_code == 2
    for part in ("G2 G3 G4 G5 G6 ... 11 in all", "本课 大转", "not understood", "the roster has 8"):
        assert part in done.output
    assert "Mend the" in done.output
    assert copy.exists()


def test_two_files_and_a_census_month(tmp_path):
    roster, schools = tmp_path / "r.csv", tmp_path / "s.xlsx"
    roster.write_text(as_csv(), encoding="gb18030")
    book = workbook()
    for name in (ROSTER, "县情"):
        del book[name]
    book.save(schools)
    copy = tmp_path / "m.xlsx"
    assert run(roster, schools, "--census", "2020-12", "--out", copy).exit_code == 0
    alone = run(roster, "--out", copy)
    assert alone.exit_code == 0
    assert "还不能导入：没有学校表；没有数据截止年月" in alone.output


def test_what_is_lacking_can_be_filled(tmp_path):
    path, copy = tmp_path / "t.xlsx", tmp_path / "m.xlsx"
    workbook({f"{ROSTER}!G1": "政治面貌"}).save(path)
    lacking = run(path, "--out", copy)
    assert lacking.exit_code == 2
    assert "--fill degree" in lacking.output
    assert run(path, "--fill", "degree", "--out", copy).exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [["--census", "2020"], ["--fill", "name"], ["--lang", "fr"], ["--out", "m.csv"]],
)
def test_bad_arguments(tidy, tmp_path, arguments):
    done = run(
        tidy, *(["--out", tmp_path / "m.xlsx"] if "--out" not in arguments else []), *arguments
    )
    assert done.exit_code == 2


def test_the_tables_are_never_overwritten(tidy):
    before = tidy.read_bytes()
    assert run(tidy, "--out", tidy).exit_code == 2
    assert tidy.read_bytes() == before


def test_a_missing_file_is_told(tmp_path):
    done = run(tmp_path / "none.xlsx", "--out", tmp_path / "m.xlsx")
    assert done.exit_code == 2
    assert "没有这个文件" in done.output


def test_the_public_name(tidy):
    assert workforce_sim.check_roster(tidy).county.size == 5
