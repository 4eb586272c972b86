"""Each kind of defect gives its own finding at its own cell; none gives a traceback."""

from __future__ import annotations

import io
import zipfile
from functools import partial

import openpyxl
import pytest

from tests.county.tables.bureau import (
    COUNTY,
    ENROLMENT,
    POLICY,
    ROSTER,
    SCHOOLS,
    checked,
    found,
    number,
    workbook,
)
from workforce_sim.county.tables.check import check_tables
from workforce_sim.county.tables.findings import SEVERITY
from workforce_sim.words import LANGUAGES, Words

R, S, E, C, P = (f"{sheet}!" for sheet in (ROSTER, SCHOOLS, ENROLMENT, COUNTY, POLICY))
FIRST = number("19750603", 1)

# What is written wrong -> what is found.
CELLS = [
    # months
    ({R + "F2": "七五年六月"}, "date_unreadable", R + "F2"),
    ({R + "F2": "75年6月"}, "date_two_digits", R + "F2"),
    ({R + "F2": "750603"}, "date_two_digits", R + "F2"),
    ({R + "F2": 1975}, "date_year_only", R + "F2"),
    ({R + "H2": "1996年"}, "date_year_only", R + "H2"),
    ({R + "H2": 35278}, "date_serial", R + "H2"),
    ({R + "H2": 1996.1}, "date_ambiguous", R + "H2"),
    ({R + "I2": "2005-13"}, "date_unreadable", R + "I2"),
    ({R + "I2": "2005-02-30"}, "date_unreadable", R + "I2"),
    ({R + "I2": True}, "date_unreadable", R + "I2"),
    ({R + "I2": "1005-02"}, "date_unreadable", R + "I2"),
    ({R + "O2": "2019年上半年"}, "date_unreadable", R + "O2"),
    ({R + "H2": "2021-01"}, "in_future", R + "H2"),
    ({R + "F2": "2020-12", R + "D2": None}, "service_before_birth", R + "H2"),
    ({R + "H2": "1990-06"}, "service_young", R + "H2"),
    ({R + "I2": "1990-06"}, "arrival_before_service", R + "I2"),
    ({R + "O2": "1995-06"}, "award_before_service", R + "O2"),
    # ages
    ({R + "F3": "2004-01", R + "D3": None, R + "H3": "2020-08"}, "age_young", R + "F3"),
    ({R + "F3": "1949-11", R + "D3": None}, "age_old", R + "F3"),
    ({R + "F3": "1962-01", R + "D3": None}, "age_retired", R + "F3"),
    # words
    ({R + "E2": "难"}, "unreadable", R + "E2"),
    ({R + "E2": 3}, "unreadable", R + "E2"),
    ({R + "G2": "本课"}, "unreadable", R + "G2"),
    ({R + "L2": "超级教师"}, "unreadable", R + "L2"),
    ({R + "M2": "临工岗"}, "unreadable", R + "M2"),
    ({R + "N2": "骨干"}, "unreadable", R + "N2"),
    ({R + "K2": "也许"}, "unreadable", R + "K2"),
    ({R + "P2": "小初"}, "unreadable", R + "P2"),
    ({R + "Q2": "在路上"}, "unreadable", R + "Q2"),
    ({R + "L2": None}, "title_blank", R + "L2"),
    ({R + "L5": "正高级教师", R + "F5": "1993-10", R + "D5": None}, "title_young", R + "L5"),
    ({R + "J2": None, R + "K2": None}, "subject_blank", R + "J2"),
    ({R + "J3": "茶学"}, "subject_unknown", R + "J3"),
    ({R + "J2": "艺术"}, "subject_arts", R + "J2"),
    ({R + "J2": "体育、语文"}, "subject_several", R + "J2"),
    ({R + "K2": None}, "specialist_blank", R + "K2"),
    ({R + "K3": "是"}, "specialist_other", R + "K3"),
    ({R + "N2": "校级"}, "backbone_below_county", R + "N2"),
    ({R + "N2": "无"}, "award_without_level", R + "O2"),
    ({R + "O2": None}, "award_missing", R + "O2"),
    # blanks
    *(({R + f"{column}2": None}, "blank", R + f"{column}2") for column in "BGHI"),
    ({R + "E2": None, R + "D2": None}, "blank", R + "E2"),
    ({R + "F2": "/", R + "D2": None}, "blank", R + "F2"),
    # identity numbers
    ({R + "D2": int(FIRST[:17] + "0")}, "id_as_number", R + "D2"),
    ({R + "D2": "1.40522E+17"}, "id_as_number", R + "D2"),
    ({R + "D2": FIRST[:-1]}, "id_length", R + "D2"),
    ({R + "D2": FIRST[:-2] + "OO"}, "id_characters", R + "D2"),
    ({R + "D2": FIRST[:-1] + ("1" if FIRST[-1] == "0" else "0")}, "id_check_digit", R + "D2"),
    ({R + "D2": number("19750631", 1)}, "id_birth", R + "D2"),
    ({R + "D2": "000000750603001"}, "id_old", R + "D2"),
    ({R + "F2": "1975-07"}, "id_differs_birth", R + "F2"),
    ({R + "E2": "女"}, "id_differs_sex", R + "E2"),
    ({R + "F2": None}, "id_birth_taken", R + "F"),
    ({R + "E2": None}, "id_sex_taken", R + "E"),
    # people
    ({R + "D3": FIRST, R + "E3": "男", R + "F3": "1975-06"}, "person_twice", R + "3"),
    (
        {R + "C3": "欧阳甲乙", R + "F3": "1975-06", R + "D2": None, R + "D3": None},
        "person_twice",
        R + "3",
    ),
    *(
        ({R + "Q5": word}, f"left_{reason}", R)
        for word, reason in (
            ("退休", "retired"), ("辞职", "resigned"), ("调离", "moved"), ("病故", "died"),
            ("停薪留职", "off_duty"),
        )
    ),
    ({R + "P5": "高中"}, "left_stage_outside", R),
    # where they work
    ({R + "B2": "第一小雪"}, "school_misspelt", R + "B2"),
    ({R + "B2": "王屋山希望学校"}, "school_unknown", R + "B2"),
    ({R + "B2": "测试县第一小学"}, "school_nearly", R + "B2"),
    ({R + "P5": None}, "stage_needed", R + "P5"),
    ({R + "P2": "初中"}, "stage_differs", R + "P2"),
    # schools
    ({S + "A3": "第一小学", S + "B3": "小学"}, "school_twice", S + "A3"),
    ({S + "B2": "幼儿园"}, "school_outside", S + "B2"),
    ({S + "B2": "幼儿园"}, "left_school_outside", R),
    ({S + "B2": "特殊教育学校"}, "school_special", S + "B2"),
    ({S + "B2": "特殊教育学校"}, "left_school_special", R),
    ({S + "B2": "大学"}, "unreadable", S + "B2"),
    ({S + "C2": "郊外"}, "unreadable", S + "C2"),
    ({S + "C2": None}, "blank", S + "C2"),
    ({S + "A2": None}, "blank", S + "A2"),
    ({S + "F2": "六十"}, "number_unreadable", S + "F2"),
    ({S + "F2": 60.5}, "number_unreadable", S + "F2"),
    ({S + "F2": -60}, "number_unreadable", S + "F2"),
    ({S + "D2": "东边"}, "number_unreadable", S + "D2"),
    ({S + "F2": 61}, "pupils_differ", S + "F2"),
    ({S + "H2": 20}, "staff_differs", S + "H2"),
    ({S + "I1": "教学及辅助用房面积", S + "I2": -0.5}, "amount_negative", S + "I2"),
    ({S + "I1": "班级数", S + "I2": "六个"}, "number_unreadable", S + "I2"),
    ({S + "I1": "体育运动场馆面积", S + "I2": 0}, "amount_blank", S + "I3"),
    ({S + "I1": "教学及辅助用房面积", S + "I2": 60_001}, "amount_large", S + "I2"),
    ({S + "I1": "网络多媒体教室数", S + "I4": 22}, "amount_large", S + "I4"),
    ({S + "I1": "教学仪器设备值", S + "I2": 18.3}, "equipment_small", S + "I2"),
    ({C + "A5": "公布：初中生均教学及辅助用房面积", C + "B5": -1}, "entry_unreadable", C + "B5"),
    ({C + "A5": "公布：初中生均教学及辅助用房面积", C + "B5": 9}, "published_incomplete", "!"),
    ({R + "B4": "青山学校"}, "school_no_staff", S + "A3"),
    ({E + "B2": "十"}, "number_unreadable", E + "B2"),
    ({E + "A2": "第二小学"}, "enrolment_unknown", E + "A2"),
    ({E + "A2": "第二小学"}, "pupils_spread", S + "F2"),
    ({E + "A2": "第二小学", S + "F2": None}, "school_no_pupils", S + "F2"),
    ({E + "A3": "第一小学", E + "B3": 4}, "school_twice", E + "A3"),
    ({E + "H2": 5}, "pupils_wrong_grade", S + "B2"),
    ({E + f"{c}3": 0 for c in "HIJ"} | {S + "G3": 0}, "school_closed", S + "A3"),
    ({E + f"{c}3": 0 for c in "HIJ"} | {S + "G3": 0}, "school_closed_staff", R + "B4"),
    # the county and its policy
    ({C + "A2": "县的名字"}, "entry_unknown", C + "A2"),
    ({C + "B4": "去年年底"}, "entry_unreadable", C + "B4"),
    ({C + "A4": "县名"}, "entry_twice", C + "A4"),
    ({C + "A4": "县名"}, "census_not_given", "!"),
    ({P + "B2": "五年后"}, "entry_unreadable", P + "B2"),
    ({P + "A4": "骨干教师名额（2021年）"}, "entry_twice", P + "A4"),
    ({C + "A5": "公布：小学学校数", C + "B5": 1}, "published_incomplete", "!"),
    ({C + "A5": "文中：教师总数", C + "B5": 7}, "published_differs", "!"),
    ({S + "B2": "特校", C + "A5": "特殊教育学生数", C + "B5": 3}, "special_pupils_differ", "!"),
    ({S + "B2": "特校", C + "A5": "特殊教育学校数", C + "B5": 3}, "special_schools_differ", "!"),
    ({S + "B2": "特校", C + "A5": "特殊教育教职工数", C + "B5": 3}, "special_staff_differ", "!"),
    # columns
    ({R + "E1": "备用"}, "column_unknown", R + "E"),
    ({R + "S2": "张"}, "column_headless", R + "S"),
    ({R + "G1": "政治面貌"}, "column_lacking", R),
    ({R + "E1": "甲", R + "D1": "乙"}, "column_missing", R),
    ({S + "C1": "地方"}, "column_missing", S),
    ({R + "S1": "最高学历", R + "S2": "专科"}, "column_twice", R + "S"),
    ({R + "S1": "文化程度", R + "S2": "专科"}, "column_differs", R + "S"),
    (
        {R + "S1": "文化程度", **{R + f"S{i}": w for i, w in enumerate(
            ("本科", "专科", "研究生", "本科", "中师"), 2)}},
        "column_second",
        R + "S",
    ),
    # rows
    ({R + "A7": "合计", R + "B7": "5人"}, "row_total", R + "7"),
    ({R + "B7": "填表人：欧阳甲乙", R + "F7": None}, "row_note", R + "7"),
    ({R + "A7": "示例", R + "B7": "某某小学", R + "E7": "男"}, "row_example", R + "7"),
    ({R + "B7": "单位全称", R + "E7": "性别", R + "F7": "出生年月"}, "row_header", R + "7"),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "code", "where"), CELLS, ids=lambda v: str(v)[:40])
def test_a_cell_written_wrong(tmp_path, cells, code, where):
    check = checked(tmp_path / "t.xlsx", cells)
    assert f"{code} {where}" in found(check)
    assert (check.county is None) == (check.errors > 0 or code == "census_not_given")
    for words in map(Words, LANGUAGES):
        for finding in check.findings:
            assert "{" not in finding.said(words) + finding.expected(words)


def test_the_right_workbook_has_no_defect(tmp_path):
    check = checked(tmp_path / "t.xlsx", {})
    assert found(check) == {f"staffing {R}R"}
    assert check.county.size == 5
    assert check.policy == {"judged_year": 2025, "backbone.places": {2021: 5, 2022: 3}}


def test_every_column_to_fill_is_lacking_or_filled(tmp_path):
    def change(book):
        book[ROSTER].delete_cols(10, 6)  # subject to award

    lacking = ("subject", "specialist", "title", "post", "backbone")
    check = checked(tmp_path / "t.xlsx", change)
    assert check.lacking == lacking
    assert check.county is None
    assert found(check, ["error"]) == {f"column_lacking {R}"}
    assert len([f for f in check.findings if f.code == "column_lacking"]) == len(lacking)

    filled = checked(tmp_path / "t.xlsx", change, fill=lacking)
    assert filled.filled == lacking
    assert filled.county.synthetic == tuple(f"filled_{column}" for column in lacking)
    assert found(filled, ["warning"]) >= {f"column_filled {R}"}


def test_blank_cells_are_filled_when_asked(tmp_path):
    cells = {R + "G2": None, R + "O2": None}
    check = checked(tmp_path / "t.xlsx", cells, fill=["degree", "award"])
    assert check.filled == ("degree", "award")
    assert f"cells_filled {R}G" in found(check)
    roster = check.county.roster
    assert roster.is_backbone.tolist() == [True, False, False, False, False]
    assert roster.degree.tolist()[1:] == [1, 3, 2, 0]


def test_nothing_else_can_be_filled(tmp_path):
    with pytest.raises(ValueError, match="cannot fill birth"):
        checked(tmp_path / "t.xlsx", {}, fill=["birth"])


# --- whole files ----------------------------------------------------------------------------------


def _bytes(change=lambda book: None) -> bytes:
    book, out = workbook(), io.BytesIO()
    change(book)
    book.save(out)
    return out.getvalue()


def _without(*sheets):
    def change(book):
        for sheet in sheets:
            del book[sheet]

    return change


def _hide(book):
    book[SCHOOLS].sheet_state = "hidden"


def _nobody(book):
    book[ROSTER].delete_rows(2, 99)


def _only_kindergartens(book):
    for row in (2, 3, 4):
        book[SCHOOLS][f"B{row}"] = "幼儿园"


def _blank_row(book):
    book[ROSTER].insert_rows(4, 2)


def _strange_sheet(book):
    book.create_sheet("通讯录").append(["谁", "电话"])


def _far_cell(book):
    book[ROSTER]["XFD1048576"] = "x"


def _encrypted() -> bytes:
    """What an encrypted workbook looks like: a container that names its one stream."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    )


def _bomb():
    """Return 400 MB of blanks in half a megabyte."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/worksheets/sheet1.xml", bytes(400 * 1024 * 1024))
    assert len(packed.getvalue()) < 1024 * 1024
    return packed.getvalue()


FILES = [
    ("a.xlsx", _bomb, "file_too_large !"),
    ("a.xlsx", b"", "file_empty !"),
    ("a.csv", b"\xef\xbb\xbf \n", "file_empty !"),
    ("a.xlsx", b"PK\x03\x04 not a workbook", "file_damaged !"),
    ("a.xlsx", lambda: _bytes()[:3000], "file_damaged !"),
    ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "file_damaged !"),
    ("a.xlsx", _encrypted(), "file_password !"),
    ("a.xlsx", partial(_bytes, _far_cell), "file_far_cell !"),
    ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", "file_web_page !"),
    ("a.csv", '单位全称,性别,"出生\n甲,乙'.encode(), "file_quotes !"),
    ("a.pdf", b"%PDF-1.4 \0\1\2", "file_no_table !"),
    ("a.csv", b"\xff\xfe\x00", "file_no_table !"),
    ("a.csv", b"\x81\xff\xff,\xff\n", "file_no_table !"),
    ("a.csv", b"1,2\n3,4\n", "roster_none !"),
    ("a.csv", b"1,2\n3,4\n", "sheet_unused !"),
    ("a.xlsx", partial(_bytes, _without(ROSTER)), "roster_none !"),
    ("a.xlsx", partial(_bytes, _nobody), "roster_empty !"),
    ("a.xlsx", partial(_bytes, _without(SCHOOLS, ENROLMENT)), "schools_not_given !"),
    ("a.xlsx", partial(_bytes, _only_kindergartens), "schools_empty !"),
    ("a.xlsx", partial(_bytes, _without(COUNTY)), "census_not_given !"),
    ("a.xlsx", partial(_bytes, _hide), f"sheet_hidden {SCHOOLS}!"),
    ("a.xlsx", partial(_bytes, _strange_sheet), "sheet_unused 通讯录!"),
    ("a.xlsx", partial(_bytes, _blank_row), f"row_blank {ROSTER}!"),
]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    FILES,
    ids=[f"{n}-{name}-{code}" for n, (name, _, code) in enumerate(FILES)],
)
def test_a_file_that_is_not_what_it_should_be(tmp_path, name, content, expected):
    path = tmp_path / name
    path.write_bytes(content() if callable(content) else content)
    assert expected in found(check_tables(path))


def test_no_file_and_a_folder(tmp_path):
    assert found(check_tables(tmp_path / "none.xlsx")) == {"file_missing !", "schools_not_given !"}
    assert "file_folder !" in found(check_tables(tmp_path))
    assert "file_unreadable !" in found(check_tables("a\0b.xlsx"))


def test_problems_of_both_files_come_at_once(tmp_path):
    roster, other = tmp_path / "r.xlsx", tmp_path / "s.xlsx"
    book = workbook({R + "G2": "本课"})
    book.save(roster)
    strange = openpyxl.Workbook()
    strange.active.append(["没有", "学校"])
    strange.save(other)
    both = found(check_tables(roster, other))
    assert {f"unreadable {R}G2", "schools_none !", "sheet_unused Sheet!"} <= both
    assert "file_missing !" in found(check_tables(roster, tmp_path / "none.csv"))


# --- all kinds ------------------------------------------------------------------------------------


def test_each_kind_of_finding_is_provoked_here():
    here = {code for _, code, _ in CELLS} | {expected.split()[0] for _, _, expected in FILES}
    others = {
        *("file_missing", "file_folder", "file_unreadable", "schools_none"),
        *("column_filled", "cells_filled", "staffing"),
    }
    assert set(SEVERITY) - here == others - here
    assert here <= set(SEVERITY)
    assert len(CELLS) + len(FILES) > 120
