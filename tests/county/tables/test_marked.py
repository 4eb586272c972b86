"""The marked copy: every finding at its cell, nothing runs as a formula, the same bytes."""

from __future__ import annotations

import openpyxl
import pytest

from tests.county.tables.bureau import ENROLMENT, ROSTER, SCHOOLS, checked
from workforce_sim.county.tables import marked
from workforce_sim.county.tables.check import check_tables
from workforce_sim.county.tables.marked import write_marked
from workforce_sim.scenario.errors import InputError
from workforce_sim.words import Words

R = f"{ROSTER}!"
EVIL = '=HYPERLINK("http://example.invalid","x")小学'
WRONG = {
    R + "G2": "本课",
    R + "F3": "1949-11",
    R + "D3": None,
    R + "A7": "合计",
    R + "S1": "电话",
    R + "S2": "13800000000",
    R + "B3": "@SUM(A1)学校",
}


def evil(book):
    """Name a school like a formula, as a text."""
    for place, value in WRONG.items():
        sheet, _, cell = place.partition("!")
        book[sheet][cell] = value
    for sheet, cell in ((ROSTER, "B2"), (SCHOOLS, "A2"), (ENROLMENT, "A2")):
        book[sheet][cell] = EVIL
        book[sheet][cell].data_type = "s"


@pytest.fixture(scope="module", params=["zh", "en"])
def book(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("marked")
    check = checked(folder / "t.xlsx", evil)
    write_marked(check, folder / "deep" / "m.xlsx", Words(request.param))
    return openpyxl.load_workbook(folder / "deep" / "m.xlsx"), check, Words(request.param)


def test_the_cell_is_where_it_was_coloured_with_a_comment(book):
    copy, _, words = book
    sheet = copy[ROSTER]
    for cell, code, severity in (
        ("G2", "unreadable", "error"),
        ("F3", "age_old", "warning"),
        ("A7", "row_total", "info"),
        ("S1", "column_unknown", "info"),
    ):
        colour = marked.COLOURS[severity].lstrip("#")
        assert sheet[cell].fill.start_color.rgb == f"FF{colour}"
        assert words(f"severity.{severity}") in sheet[cell].comment.text
        said = words(f"finding.{code}", age=70)
        assert said in sheet[cell].comment.text
    assert sheet["G2"].value == "本课"
    assert sheet["G3"].value == "专科"
    assert sheet["G3"].comment is None
    assert {sheet[cell].value for cell in ("C2", "D2", "S2", "A7")} == {"（略）"}
    assert sheet["S1"].value == "电话"


def test_the_first_sheet_lists_every_finding(book):
    copy, check, words = book
    sheet = copy[words("marked.sheet")]
    listed = [row for row in sheet.iter_rows(min_row=4, values_only=True)]
    assert len(listed) == len(check.findings)
    assert [row[6] for row in listed] == [finding.said(words) for finding in check.findings]
    assert copy[words("marked.counts")].max_row == len(check.counts) + 1


def test_nothing_runs_as_a_formula(book):
    copy, _, _ = book
    cells = [cell for sheet in copy for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "b"}
    assert all(cell.hyperlink is None for cell in cells)
    assert copy[ROSTER]["B2"].value == EVIL


def test_the_same_bytes(tmp_path):
    check = checked(tmp_path / "t.xlsx", evil)
    for name in "ab":
        write_marked(check, tmp_path / f"{name}.xlsx", Words("zh"))
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_very_many_comments_are_capped_and_said_so(tmp_path, monkeypatch):
    monkeypatch.setattr(marked, "COMMENTS", 3)
    monkeypatch.setattr(marked, "LISTED", 4)
    check = checked(tmp_path / "t.xlsx", {R + f"G{row}": "本课" for row in range(2, 7)})
    write_marked(check, tmp_path / "m.xlsx", Words("zh"))
    copy = openpyxl.load_workbook(tmp_path / "m.xlsx")
    comments = [cell for row in copy[ROSTER].iter_rows() for cell in row if cell.comment]
    assert len(comments) == 3
    coloured = [row for row in range(2, 7) if copy[ROSTER][f"G{row}"].fill.fill_type]
    assert len(coloured) == 5
    assert "前 3 个" in copy["检查结果"]["A2"].value
    assert "前 4 条" in copy["检查结果"]["A2"].value
    assert copy["检查结果"].max_row == 3 + 4


def test_names_of_sheets_that_excel_does_not_take(tmp_path):
    for name in ("检查结果.csv", "一" * 40 + "[1].csv"):
        (tmp_path / name).write_text(
            "单位全称,性别,出生年月,学历\n东小学,男,1975-06,本课\n", "utf-8"
        )
        write_marked(check_tables(tmp_path / name), tmp_path / "m.xlsx", Words("zh"))
        names = openpyxl.load_workbook(tmp_path / "m.xlsx").sheetnames
        assert len(names) == len(set(names)) == 3


def test_a_copy_that_cannot_be_written(tmp_path):
    check = checked(tmp_path / "t.xlsx", {})
    with pytest.raises(InputError, match="cannot be written"):
        write_marked(check, tmp_path, Words("zh"))
