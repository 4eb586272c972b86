"""No name and no identity number of the input occurs in any output."""

from __future__ import annotations

import io
import random
import re
import zipfile

import pytest
from rich.console import Console

from tests.county.tables import test_defects
from tests.county.tables.bureau import COUNTY, PEOPLE, ROSTER, SCHOOLS, checked, number, workbook
from workforce_sim.county.tables.check import check_tables
from workforce_sim.county.tables.marked import write_marked
from workforce_sim.county.tables.privacy import HIDDEN, Privacy
from workforce_sim.county.tables.showing import print_check
from workforce_sim.words import Words

NAMES = [person[2] for person in PEOPLE]
NUMBERS = [person[3] for person in PEOPLE]


def outputs(check, path, language="zh") -> str:
    """Return everything that a check says, shows or writes, as one text."""
    words, screen = Words(language), io.StringIO()
    print_check(check, Console(file=screen, width=300), words)
    write_marked(check, path, words)
    with zipfile.ZipFile(path) as parts:
        written = [parts.read(name).decode("utf-8") for name in parts.namelist()]
    tables = [frame.to_csv() for frame in (check.people, check.schools, check.counts)]
    said = [f.said(words) + f.expected(words) for f in check.findings]
    cells = [str(sheet.rows) for sheet in check.sheets]
    objects = [repr(check), repr(check.findings), repr(check.county), repr(check.sheets)]
    return "\n".join([screen.getvalue(), *written, *tables, *said, *cells, *objects])


def leaks(text: str, secrets: list[str]) -> list[str]:
    squeezed = re.sub(r"[\s\-']", "", text)
    return [secret for secret in secrets if secret in text or secret in squeezed]


def slipped(book):
    """Rows that slipped by a cell to either side, with names where words should be."""
    roster = book[ROSTER]
    for row, by in ((2, 1), (3, -1), (4, 3)):
        values = [cell.value for cell in roster[row]]
        for column in range(1, 19):
            roster.cell(row, column).value = values[(column - 1 - by) % 18]


def in_every_corner(book):
    """Names and numbers in titles, notes, remarks, other columns, hidden sheets, comments."""
    roster, schools = book[ROSTER], book[SCHOOLS]
    roster["S1"], roster["S2"], roster["S3"] = "联系人", NAMES[0], NUMBERS[0]
    roster["T1"], roster["T4"] = f"负责人：{NAMES[1]}", NAMES[1]
    roster["A7"], roster["C7"] = f"填表人：{NAMES[2]}", NAMES[2]
    roster["B8"] = f"审核：{NAMES[3]} {NUMBERS[3]}"
    roster["Q6"] = f"退休（{NAMES[4]}）"
    roster["G2"] = f"本科（{NAMES[0]}）"
    roster["L3"], roster["J3"] = NAMES[1], NAMES[1]
    roster["B4"], roster["P4"] = NAMES[2], NUMBERS[2]
    roster["E5"] = f"{NAMES[3]}（女）"
    roster["F2"], roster["H2"] = NUMBERS[0], int(NUMBERS[0][:15])
    schools["C2"], schools["H3"] = NAMES[0], NUMBERS[1]
    book[COUNTY]["A6"], book[COUNTY]["B6"] = f"联系人{NAMES[0]}", NUMBERS[0]
    book.create_sheet("旧表").append(NAMES)
    book["旧表"].sheet_state = "hidden"
    book.create_sheet("通讯录").append(NAMES)


def numbers_typed_oddly(book):
    roster = book[ROSTER]
    spaced = NUMBERS[0]
    roster["D2"] = f"{spaced[:6]} {spaced[6:14]} {spaced[14:]}"
    roster["D3"], roster["D4"] = int(NUMBERS[1][:17]), NUMBERS[2] + "0"
    roster["D5"], roster["D6"] = NUMBERS[3][:14], number("19720230", 5)


@pytest.mark.parametrize("mess", [lambda book: None, slipped, in_every_corner, numbers_typed_oddly])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_name_and_no_number_in_any_output(tmp_path, mess, language):
    check = checked(tmp_path / "t.xlsx", mess)
    text = outputs(check, tmp_path / "marked.xlsx", language)
    secrets = [*NAMES, *NUMBERS, NUMBERS[0][:15], NUMBERS[1][:17], NUMBERS[3][:14]]
    assert leaks(text, secrets) == []


def test_the_search_itself_finds_what_is_there(tmp_path):
    check = checked(tmp_path / "t.xlsx", {})
    text = outputs(check, tmp_path / "marked.xlsx")
    assert leaks(text + NAMES[0] + NUMBERS[0][:6] + " " + NUMBERS[0][6:], [*NAMES, *NUMBERS]) == [
        NAMES[0],
        NUMBERS[0],
    ]
    assert "第一小学" in text
    assert "中师" in text


def test_not_with_any_defect_at_all(tmp_path):
    """The defects of the other tests, several at once, over and over."""
    draw = random.Random(1)
    everywhere = [cells for cells, _, _ in test_defects.CELLS]
    for i in range(12):
        cells = {
            place: value for some in draw.sample(everywhere, 9) for place, value in some.items()
        }
        check = checked(tmp_path / f"{i}.xlsx", cells)
        assert leaks(outputs(check, tmp_path / f"m{i}.xlsx"), [*NAMES, *NUMBERS]) == []


def test_a_damaged_file_is_told_without_its_content(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('姓名,性别\n"' + NAMES[0], encoding="utf-8")
    assert leaks(repr(check_tables(path).findings), NAMES) == []
    book = workbook()
    book.save(tmp_path / "t.xlsx")
    (tmp_path / "cut.xlsx").write_bytes((tmp_path / "t.xlsx").read_bytes()[:4000])
    assert leaks(repr(check_tables(tmp_path / "cut.xlsx").findings), NAMES) == []


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        ("degree", "本课", "本课"),
        ("degree", "大学本可", "大学本可"),
        ("degree", "王大专", HIDDEN),  # a surname
        ("degree", "乜专", HIDDEN),  # a name of the roster
        ("sex", "难", HIDDEN),
        ("birth", "1975年13月", "1975年13月"),
        ("birth", "13812345678", HIDDEN),
        ("birth", "Zhang San", HIDDEN),
        ("title", "高级教室", HIDDEN),  # 高 is a surname too
        ("title", "中学高级教室", "中学高级教室"),
        ("specialist", "也许是", HIDDEN),
        ("kind", "九年一贯制学校（筹）", "九年一贯制学校（筹）"),
    ],
)
def test_what_may_be_shown_of_an_unknown_value(column, value, shown):
    assert Privacy(["乜专", "欧阳甲乙"]).unknown(column, value) == shown


def test_what_may_be_shown_of_a_school():
    privacy = Privacy(["王小明", "欧阳甲乙"], ["东山书院"])
    assert privacy.school("东山 书院") == "东山 书院"
    assert privacy.school("第三小学") == "第三小学"
    assert privacy.school("欧阳甲乙小学") == HIDDEN
    assert privacy.school("王小明") == HIDDEN
    assert privacy.school("李四") == HIDDEN
