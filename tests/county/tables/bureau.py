"""A bureau's tables for tests: a small right workbook, and ways to write it wrong."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import openpyxl
from openpyxl.workbook import Workbook

from workforce_sim.county.tables.check import Check, check_tables
from workforce_sim.county.tables.identity import check_digit

ROSTER, SCHOOLS, ENROLMENT, COUNTY, POLICY = "花名册", "学校表", "在校学生", "县情", "政策"
SHEETS = (ROSTER, SCHOOLS, ENROLMENT, COUNTY, POLICY)


def number(birth: str, order: int) -> str:
    """Invent an identity number of no region; an odd order is a man's."""
    first = f"000000{birth}{order:03d}"
    return first + check_digit(first)


# The columns A to R.
HEADER = (
    *("序号", "单位全称", "姓名", "身份证号码", "性别", "出生年月", "最高学历", "参加工作时间"),
    *("进入现单位任教时间", "主教学科", "是否音体美专业", "现持有最高职称", "岗位类别"),
    *("最高骨干教师级别", "骨干教师认定时间", "主要任教学段", "在岗状态", "编制类型"),
)
_WHO = (
    (1, "第一小学", "欧阳甲乙", number("19750603", 1), "男", "1975-06", "本科"),
    (2, "第一小学", "司徒丙丁", number("19800115", 2), "女", "1980-01", "专科"),
    (3, "第一中学", "诸葛戊己", number("19851231", 3), "男", "1985-12", "研究生"),
    (4, "青山学校", "夏侯庚辛", number("19901010", 4), "女", "1990-10", "本科"),
    (5, "青山学校", "尉迟壬癸", number("19720220", 5), "男", "1972-02", "中师"),
)
_WHAT = """
1996-08 2005-09 体育 是 高级教师 专业技术 县级 2019-06 小学 在岗 编内
2001-08 2010-09 语文 否 一级教师 专业技术 无 _ 小学 在岗 编内
2009-08 2009-08 数学 否 二级教师 专业技术 _ _ 初中 在岗 编外
2013-08 2015-08 音乐 否 二级教师 专业技术 无 _ 小学 在岗 编内
1992-08 1998-08 _ 否 未取得职称 工勤 无 _ 初中 在岗 编内
"""
PEOPLE = tuple(
    (*who, *(None if word == "_" else word for word in what.split()))
    for who, what in zip(_WHO, _WHAT.strip().splitlines(), strict=True)
)
SCHOOL_HEADER = (
    *("学校名称", "办学类型", "城乡代码", "距县城东向公里", "距县城北向公里"),
    *("小学学生数", "初中学生数", "专任教师数"),
)
SCHOOL_ROWS = (
    ("第一小学", "小学", "111", 0.5, -1.2, 60, None, 2),
    ("第一中学", "初级中学", "镇区", 0, 3, None, 30, 1),
    ("青山学校", "九年一贯制学校", 220, None, None, 12, 9, 2),
)
ENROLMENT_HEADER = ("学校名称", *(f"{n}年级" for n in "一二三四五六七八九"))
ENROLMENT_ROWS = (
    ("第一小学", 10, 10, 10, 10, 10, 10, None, None, None),
    ("第一中学", None, None, None, None, None, None, 10, 10, 10),
    ("青山学校", 2, 2, 2, 2, 2, 2, 3, 3, 3),
)
COUNTY_ROWS = (("县名", "测试县"), ("县名（英文）", "Test County"), ("数据截止年月", "2020-12"))
POLICY_ROWS = (("评估年份", 2025), ("骨干教师名额（2021年）", 5), ("骨干教师名额（2022年）", 3))


def workbook(cells: Mapping[str, object] | None = None) -> Workbook:
    """Return the right workbook, with some cells (``花名册!E2``) written otherwise."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, header, rows in (
        (ROSTER, HEADER, PEOPLE),
        (SCHOOLS, SCHOOL_HEADER, SCHOOL_ROWS),
        (ENROLMENT, ENROLMENT_HEADER, ENROLMENT_ROWS),
        (COUNTY, ("县情项目", "内容"), COUNTY_ROWS),
        (POLICY, ("政策项目", "内容"), POLICY_ROWS),
    ):
        sheet = book.create_sheet(name)
        for row in (header, *rows):
            sheet.append(row)
    for place, value in (cells or {}).items():
        sheet_name, _, cell = place.partition("!")
        book[sheet_name][cell] = value
    return book


def checked(
    path: Path, change: Callable[[Workbook], object] | Mapping[str, object], **how
) -> Check:
    """Write the workbook, changed, and check it."""
    book = workbook(change if isinstance(change, Mapping) else None)
    if callable(change):
        change(book)
    book.save(path)
    return check_tables(path, **how)


def found(check: Check, severities: Iterable[str] = ("error", "warning", "info")) -> set[str]:
    """Return what was found, as ``code sheet!cell``."""
    return {f"{f.code} {f.sheet}!{f.cell}" for f in check.findings if f.severity in severities}


def as_csv(separator: str = ",") -> str:
    """Return the roster as a text table."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator)
    writer.writerows([HEADER, *PEOPLE])
    return out.getvalue()
