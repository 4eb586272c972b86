"""Whatever stands in the cells, and whatever the bytes: findings, never a traceback."""

from __future__ import annotations

import datetime as dt
import io

from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.console import Console

from tests.county.tables.bureau import HEADER, SHEETS, checked, workbook
from workforce_sim.county.tables.check import check_tables
from workforce_sim.county.tables.marked import write_marked
from workforce_sim.county.tables.showing import print_check
from workforce_sim.words import Words

WORDS = [
    *HEADER, *SHEETS, "合计", "示例", "填表人：", "第一小学", "青山学校", "小学", "高中",
    "特殊教育学校", "退休", "男", "体育", "=1+1", "1975.1", "2021-2025", "10%",
    "/", "\u200b", "（", "张三", "0",
]  # fmt: skip
CELL = st.one_of(
    st.none(),
    st.sampled_from(WORDS),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8),
    st.integers(-10, 10**17),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(dt.date(1900, 3, 1), dt.date(2200, 1, 1)),
    st.times(),
)
PLACE = st.builds(
    lambda sheet, column, row: f"{sheet}!{column}{row}",
    st.sampled_from(SHEETS),
    st.sampled_from("ABCDEFGHIJKLMNOPQRS"),
    st.integers(1, 9),
)


def all_of_it(check, path):
    print_check(check, Console(file=io.StringIO(), width=100), Words("zh"))
    write_marked(check, path, Words("en"))
    assert (check.county is None) or check.errors == 0


@given(cells=st.dictionaries(PLACE, CELL, max_size=25))
@settings(max_examples=40)
def test_any_cells(tmp_path_factory, cells):
    folder = tmp_path_factory.mktemp("any")
    all_of_it(checked(folder / "t.xlsx", cells), folder / "m.xlsx")


@given(rows=st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=9), max_size=9))
@example(rows=[["单位全称", "性别", "出生年月", "最高学历"]])
@example(rows=[["序号"], ["单位全称", "性别", "出生年月", "最高学历"], ["1"]])
def test_any_text_table(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("any")
    path = folder / "t.csv"
    path.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    all_of_it(check_tables(path), folder / "m.xlsx")


@given(raw=st.binary(max_size=200), cut=st.integers(0, 9000), at=st.integers(0, 9000))
def test_any_bytes(tmp_path_factory, raw, cut, at):
    folder = tmp_path_factory.mktemp("any")
    whole = io.BytesIO()
    workbook().save(whole)
    book = whole.getvalue()
    for name, content in (
        ("a.csv", raw),
        ("b.xlsx", book[:cut]),
        ("c.xlsx", book[:at] + raw + book[at:]),
    ):
        (folder / name).write_bytes(content)
        all_of_it(check_tables(folder / name), folder / "m.xlsx")
