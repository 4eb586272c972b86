"""Messy but right: each of these is the same county as the tidy workbook."""

from __future__ import annotations

import datetime as dt

import pytest
import xlsxwriter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.county.tables.bureau import (
    COUNTY_ROWS,
    ENROLMENT,
    ENROLMENT_HEADER,
    ENROLMENT_ROWS,
    HEADER,
    PEOPLE,
    ROSTER,
    SCHOOL_HEADER,
    SCHOOL_ROWS,
    SCHOOLS,
    as_csv,
    checked,
    workbook,
)
from workforce_sim.county.tables.check import check_tables


@pytest.fixture(scope="module")
def tidy(tmp_path_factory):
    return checked(tmp_path_factory.mktemp("tidy") / "t.xlsx", {}).county


def _write(book, **cells):
    for cell, value in cells.items():
        book[ROSTER][cell] = value


def titles_above(book):
    roster = book[ROSTER]
    roster.insert_rows(1, 2)
    roster["A1"] = "测试县义务教育学校教职工花名册（2020年）"
    roster.merge_cells("A1:R1")
    roster["A2"], roster["J2"] = "填报单位：测试县教育局", "填报日期：2020年12月"


def header_of_two_rows(book):
    roster, schools = book[ROSTER], book[SCHOOLS]
    roster.insert_rows(1)
    for column in range(1, 19):
        roster.cell(1, column, roster.cell(2, column).value)
    for first, last, group in ((3, 6, "基本情况"), (14, 15, "骨干教师")):
        roster.cell(1, first, group)
        roster.merge_cells(start_row=1, start_column=first, end_row=1, end_column=last)
    for column in (*range(1, 3), *range(7, 14), *range(16, 19)):
        roster.merge_cells(start_row=1, start_column=column, end_row=2, end_column=column)
    schools.insert_rows(1)
    schools["F1"], schools["F2"], schools["G2"] = "在校学生数", "小学", "初中"
    schools.merge_cells("F1:G1")


def other_order(book):
    roster = book[ROSTER]
    rows = [list(row) for row in roster.iter_rows(values_only=True)]
    for row, values in enumerate(rows, 1):
        for column, value in enumerate(values[1:][::-1] + values[:1], 1):
            roster.cell(row, column).value = value


def synonyms(book):
    _write(book, B1="学校名称", D1="公民身份号码", F1="出生日期", G1="文化程度", H1="参加工作年月")
    _write(book, I1="到校时间", J1="任教学科", K1="是否音体美专任教师", L1="职称", M1="岗位类型")
    _write(book, N1="骨干教师级别", O1="评选时间", P1="编制所在学段", Q1="人员状态")


def english(book):
    _write(book, B1="School", C1="Name", D1="ID number", E1="Sex", F1="Birth month", G1="Degree")
    _write(
        book, E2="M", E3="female", G2="bachelor", G3="associate", J2="PE", K2="yes", P2="primary"
    )


def wide_characters_and_spaces(book):
    _write(book, B1=" 单 位\n全称*", E1="性别（男／女）", F1="出生年月（如１９７５-０６）")
    _write(
        book, B2="　第 一 小 学", E2="男 ", F2="１９７５年０６月", G3=" 专　科", L2="高级教师\u200b"
    )
    _write(book, C2="欧 阳甲乙", J2="体育 ", H2="1996.８")


def printed_in_pages(book):
    roster = book[ROSTER]
    roster.insert_rows(4, 4)
    roster["A4"], roster["A5"] = "第 1 页 共 2 页", "测试县义务教育学校教职工花名册"
    roster.merge_cells("A5:R5")
    for column, header in enumerate(HEADER, 1):
        roster.cell(6, column, header)


def totals_blanks_and_notes(book):
    roster, schools = book[ROSTER], book[SCHOOLS]
    roster.insert_rows(4, 2)
    roster["B4"] = "小 计"
    roster["C4"] = "2人"
    for row in range(9, 12):
        roster.cell(row, 1, row - 3)
    roster["A12"], roster["B12"] = "合计", 5
    roster["B13"], roster["E13"] = "填表人：尉迟壬癸", "审核人：诸葛戊己"
    roster["C14"] = "注：本表截至2020年12月"
    schools["A5"], schools["F5"], schools["G5"] = "总计", 72, 39
    book[ENROLMENT]["A5"], book[ENROLMENT]["B5"] = "合计", 12


def merged_schools(book):
    roster = book[ROSTER]
    roster.merge_cells("B2:B3")
    roster.merge_cells("B5:B6")
    roster.merge_cells("Q2:Q6")


def codes(book):
    _write(book, E2=1, E3="2", E4="1", K2="√", K3=0, P4="初中部")
    for cell, value in {"C2": 111, "C3": "121", "B3": "初中", "B4": "九年一贯制"}.items():
        book[SCHOOLS][cell] = value


def all_kinds_of_dates(book):
    _write(book, F2=197506, F3="1980年1月15日", F4="1985/12/31", F5="1990.10", F6="19720220")
    _write(book, H2="1996年08月", H3=20010815, H4=dt.date(2009, 8, 1), H5=2013.08, H6="199208")
    _write(book, I2=dt.datetime(2005, 9, 1), I3="2010-9-1 00:00:00", I4="2009/8", O2="2019年6月")


def date_formats(book):
    formats = ("yyyy-mm-dd", 'yyyy"年"m"月"', '[$-804]yyyy"年"m"月";@', "yyyy.mm", "m/d/yy")
    for row, style in enumerate(formats, 2):
        for column in "FHI":
            cell = book[ROSTER][f"{column}{row}"]
            cell.value = dt.date.fromisoformat(f"{cell.value}-01")
            cell.number_format = style


def other_date_system(book):
    book.epoch = CALENDAR_MAC_1904
    date_formats(book)


def old_titles_and_levels(book):
    _write(book, L2="中学高级教师", L3="小学高级", L4="中教二级", L5="小学二级教师", L6="无")
    _write(book, G2="大学本科（函授）", G3="大专", G4="硕士研究生", G6="中等师范学校")


def level_of_the_post(book):
    _write(book, L1="现聘专业技术岗位", L2="专业技术五级", L3="八级", L4="十三级", L5="专技十二级")


def identity_alone(book):
    _write(book, **{f"{column}{row}": None for column in "EF" for row in range(2, 7)})


def identity_typed_by_hand(book):
    for row in range(2, 7):
        cell = book[ROSTER][f"D{row}"]
        number = cell.value.lower()
        cell.value = ("'" + number, f"{number[:6]} {number[6:14]} {number[14:]}", f"\t{number}")[
            row % 3
        ]


def two_rosters(book):
    roster, second = book[ROSTER], book.create_sheet("中学及一贯制")
    second.append(["中学"])
    for row in (1, 4, 5, 6):
        second.append([cell.value for cell in roster[row]])
    roster.delete_rows(4, 3)


def sections_in_two_rows(book):
    schools = book[SCHOOLS]
    schools.append(["青山学校", "初级中学", 220, None, None, None, 9, None])
    schools["B4"], schools["G4"] = "小学", None


def grades_in_the_school_table(book):
    for row, values in enumerate((ENROLMENT_HEADER, *ENROLMENT_ROWS), 1):
        for column, value in enumerate(values[1:], 9):
            book[SCHOOLS].cell(row, column, value)
    del book[ENROLMENT]


def totals_only(book):
    del book[ENROLMENT]


def of_no_use(book):
    book.create_sheet("Sheet1")
    book[ROSTER]["S1"], book[ROSTER]["S2"] = "联系电话", "13800000000"
    roster = book[ROSTER]
    roster.append([6, "第一小学", "司马某", None, "女", "1960-01", *[None] * 10, "退休", None])
    roster.append([7, "测试县幼儿园", "公孙某", None, "女", "1990-01", *[None] * 12])
    book[SCHOOLS].append(["测试县幼儿园", "幼儿园", None])
    roster["J6"] = "后勤"


@pytest.mark.parametrize(
    "mess",
    [
        titles_above, header_of_two_rows, other_order, synonyms, english,
        wide_characters_and_spaces, printed_in_pages, totals_blanks_and_notes, merged_schools,
        codes, all_kinds_of_dates, date_formats, other_date_system, old_titles_and_levels,
        level_of_the_post, identity_alone, identity_typed_by_hand, two_rosters,
        sections_in_two_rows, grades_in_the_school_table, totals_only, of_no_use,
    ],
)  # fmt: skip
def test_it_is_the_same_county(tmp_path, tidy, mess):
    check = checked(tmp_path / "t.xlsx", mess)
    assert check.errors == 0, [f for f in check.findings if f.severity == "error"]
    assert check.county.digest == tidy.digest


def test_what_is_left_out_is_counted(tmp_path):
    assert checked(tmp_path / "a.xlsx", of_no_use).left_out == {"retired": 1, "school_outside": 1}
    assert checked(tmp_path / "b.xlsx", totals_blanks_and_notes).left_out == {
        "row_total": 2,
        "row_note": 2,
        "row_blank": 4,
    }
    assert checked(tmp_path / "c.xlsx", printed_in_pages).left_out == {
        "row_note": 2,
        "row_header": 1,
        "row_blank": 1,
    }


@pytest.mark.parametrize(
    ("name", "encoding", "separator"),
    [
        ("r.csv", "utf-8", ","),
        ("r.csv", "utf-8-sig", ","),
        ("r.csv", "gb18030", ","),
        ("r.txt", "gb18030", "\t"),
        ("r.tsv", "utf-8", "\t"),
        ("r.csv", "utf-8", ";"),
        ("r.txt", "utf-16", "\t"),
        ("r.xls", "gb18030", "\t"),  # as many systems export
    ],
)
def test_text_tables(tmp_path, tidy, name, encoding, separator):
    roster, schools = tmp_path / name, tmp_path / "s.xlsx"
    roster.write_bytes(as_csv(separator).encode(encoding))
    book = workbook()
    del book[ROSTER]
    book.save(schools)
    assert check_tables(roster, schools).county.digest == tidy.digest


def test_a_workbook_of_xlsxwriter(tmp_path, tidy):
    path = tmp_path / "t.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": True}) as book:
        date = book.add_format({"num_format": "yyyy/mm"})
        roster = book.add_worksheet("一")
        roster.write_row(2, 1, HEADER)
        for row, person in enumerate(PEOPLE, 3):
            roster.write_row(row, 1, person)
            roster.write_datetime(row, 6, dt.datetime.fromisoformat(f"{person[5]}-15"), date)
        for name, header, rows in (
            ("二", SCHOOL_HEADER, SCHOOL_ROWS),
            ("三", ENROLMENT_HEADER, ENROLMENT_ROWS),
            ("四", ("县情项目", "内容"), COUNTY_ROWS),
        ):
            sheet = book.add_worksheet(name)
            for row, values in enumerate((header, *rows)):
                sheet.write_row(row, 0, values)
    assert check_tables(path).county.digest == tidy.digest
    macro = tmp_path / "t.xlsm"
    macro.write_bytes(path.read_bytes())
    assert check_tables(macro).county.digest == tidy.digest


def test_the_callers_word_goes_before_the_tables(tmp_path):
    check = checked(tmp_path / "t.xlsx", {}, census=2021 * 12 + 5, name="另一县")
    assert (check.county.name, check.county.census) == ("另一县", 2021 * 12 + 5)


def test_a_roster_of_its_own_is_counted_by_school(tmp_path):
    path = tmp_path / "r.csv"
    path.write_text(as_csv(), encoding="utf-8")
    check = check_tables(path, census=2020 * 12 + 11)
    assert check.errors == 0
    assert check.county is None
    assert dict(zip(check.counts["school"], check.counts["staff"], strict=True)) == {
        "第一小学": 2,
        "第一中学": 1,
        "青山学校": 2,
    }


def test_counts_by_school_stage_and_subject(tmp_path):
    counts = checked(tmp_path / "t.xlsx", {}).counts.set_index("school")
    assert list(counts.index) == [
        "第一小学",
        "第一中学",
        "青山学校（小学部）",
        "青山学校（初中部）",
    ]
    assert counts["staff"].tolist() == [2, 1, 1, 1]
    assert counts["pupils"].tolist() == [60, 30, 12, 9]
    assert counts["staff_stated"].dropna().tolist() == [2, 1]
    assert counts[["pe", "music", "art", "other"]].sum().tolist() == [1, 1, 0, 3]
    assert counts["backbone"].tolist() == [1, 0, 0, 0]
