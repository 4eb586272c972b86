"""Single cells: months, words, titles, subjects, identity numbers."""

from __future__ import annotations

import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.county.tables.bureau import number
from workforce_sim.county.model import DEGREES, SUBJECTS
from workforce_sim.county.tables import columns, values
from workforce_sim.county.tables.dates import read_month
from workforce_sim.county.tables.headers import forms
from workforce_sim.county.tables.identity import check_digit, read_identity
from workforce_sim.county.tables.values import Unreadable
from workforce_sim.law import format_month, month

JUNE = [
    "1975年06月", "1975年6月", "1975年6月3日", "1975-06", "1975-6-3", "1975.06", "1975.6",
    "1975/6/1", "197506", "19750603", 197506, 197506.0, 19750603, 1975.06, "1975、6",
    "1975年6月份", "１９７５．０６",
    " 1975 年 6 月 ", "1975-06-03 00:00:00", "1975-06-03T00:00:00", dt.date(1975, 6, 3),
    dt.datetime(1975, 6, 30, 23, 59),
]  # fmt: skip


@pytest.mark.parametrize("written", JUNE, ids=str)
def test_months(written):
    assert format_month(read_month(written)) == "1975-06"


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)))
def test_a_month_is_the_same_however_it_is_written(date):
    expected = month(date.year, date.month)
    y, m, d = date.year, date.month, date.day
    for written in (
        date,
        f"{y}-{m:02d}",
        f"{y}年{m}月",
        f"{y}/{m}/{d}",
        y * 100 + m,
        f"{y}{m:02d}{d:02d}",
    ):
        assert read_month(written) == expected


@given(st.one_of(st.text(max_size=12), st.integers(), st.floats(), st.booleans(), st.times()))
def test_anything_is_read_or_refused(cell):
    readers = (
        read_month, read_identity, values.read_sex, values.read_title, values.read_subject,
        values.read_count, values.read_number, values.read_degree, values.read_kind,
    )  # fmt: skip
    for read in readers:
        with contextlib.suppress(Unreadable):
            read(cell)


@pytest.mark.parametrize(
    ("title", "senior"),
    [
        *(
            (t, 1)
            for t in (
                "正高级教师",
                "高级教师",
                "高级",
                "中学高级教师",
                "中教高级",
                "副高",
                "小中高",
            )
        ),
        *((t, 1) for t in ("特级教师", "专业技术七级", "五级", "专技岗位一级", "高级讲师", "教授")),
        *(
            (t, 0)
            for t in (
                "一级教师",
                "小学高级教师",
                "小教高级",
                "小高",
                "中学一级",
                "二级",
                "三级教师",
            )
        ),
        *(
            (t, 0)
            for t in (
                "未取得职称",
                "无",
                "高级工",
                "管理七级",
                "八级",
                "十三级",
                "七级职员",
                "技师",
            )
        ),
    ],
)
def test_titles(title, senior):
    assert values.read_title(title) == senior


def test_titles_that_are_none():
    for title in ("超级教师", "十四级", "零级", "级", "高"):
        with pytest.raises(Unreadable):
            values.read_title(title)


@pytest.mark.parametrize(
    ("subject", "code", "said"),
    [
        ("体育", "pe", ""), ("体育与健康", "pe", ""), ("初中体育教师", "pe", ""),
        ("音乐", "music", ""), ("美术（书法）", "art", ""), ("语文", "other", ""),
        ("道德与法治", "other", ""),
        ("体育兼语文", "pe", "subject_several"), ("语文、音乐", "other", "subject_several"),
        ("音体美", "music", "subject_several"), ("艺术", "art", "subject_arts"),
        ("茶学", "other", "subject_unknown"),
    ],
)  # fmt: skip
def test_subjects(subject, code, said):
    assert values.read_subject(subject) == (SUBJECTS.index(code), said)


@pytest.mark.parametrize(
    ("degree", "code"),
    [
        ("博士研究生", "master"), ("硕士", "master"), ("大学本科毕业", "bachelor"),
        ("在职本科", "bachelor"),
        ("大学专科", "associate"), ("专科以下", "below_associate"), ("中师", "below_associate"),
    ],
)  # fmt: skip
def test_degrees(degree, code):
    assert DEGREES[values.read_degree(degree)] == code


def test_every_word_of_the_drop_down_lists_is_read():
    readers = {
        "sex": values.read_sex, "degree": values.read_degree, "specialist": values.read_yes_no,
        "title": values.read_title, "post": values.read_post, "backbone": values.read_backbone,
        "stage": values.read_stage, "duty": values.read_duty, "staffing": values.read_staffing,
        "kind": values.read_kind, "area": values.read_area, "subject": values.read_subject,
    }  # fmt: skip
    for layout in columns.LAYOUTS:
        for column in layout.columns:
            for word in column.values:
                assert readers[column.key](word) not in (None, values.BLANK) or word == "无"
    assert [readers["degree"](word) for word in columns.DEGREE_WORDS] == [3, 2, 1, 0]
    assert [readers["subject"](word)[1] for word in columns.SUBJECT_WORDS] == [""] * 17


def test_no_header_means_two_columns():
    for layout in columns.LAYOUTS:
        seen: dict[str, str] = {}
        for column in layout.columns:
            for name in (column.header, column.header_en, *column.synonyms):
                assert seen.setdefault(next(forms(name)), column.key) == column.key


# --- identity numbers -----------------------------------------------------------------------------


def test_the_check_digit_of_the_standard():
    """GB 11643-1999 gives 11010519491231002X and 440524188001010014 as examples."""
    assert check_digit("11010519491231002") == "X"
    assert check_digit("44052418800101001") == "4"


def test_what_a_number_says():
    assert read_identity("11010519491231002x") == (month(1949, 12), 1, False)
    assert read_identity(" １１０１０５19491231002Ｘ ") == (month(1949, 12), 1, False)
    assert read_identity("000000750603001") == (month(1975, 6), 0, True)
    assert read_identity(None) is read_identity(" / ") is None


@given(st.dates(dt.date(1930, 1, 1), dt.date(2010, 12, 31)), st.integers(0, 999), st.data())
def test_one_wrong_digit_never_passes(birth, order, data):
    right = number(f"{birth:%Y%m%d}", order)
    assert read_identity(right) == (month(birth.year, birth.month), (order + 1) % 2, False)
    at = data.draw(st.integers(0, 16))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != right[at]]))
    with pytest.raises(Unreadable) as refused:
        read_identity(right[:at] + other + right[at + 1 :])
    assert refused.value.code == "id_check_digit"
    assert right not in str(refused.value)
