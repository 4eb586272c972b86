"""Files of other programs, as they came: `files/README.md` says how they were made."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.county.tables.bureau import checked, found
from workforce_sim.county.tables.check import check_tables
from workforce_sim.county.tables.grid import letters, read_sheets

FILES = Path(__file__).parent / "files"


@pytest.fixture(scope="module")
def tidy(tmp_path_factory):
    return checked(tmp_path_factory.mktemp("tidy") / "t.xlsx", {}).county


@pytest.mark.parametrize("name", ["messy.xlsx", "messy.xls", "dates-1904.xlsx", "dates-1904.xls"])
def test_workbooks(tidy, name):
    check = check_tables(FILES / name)
    assert check.errors == 0, found(check)
    assert check.county.digest == tidy.digest
    if name.startswith("messy"):
        assert check.left_out == {"row_total": 2, "row_note": 2, "row_blank": 4}


def test_a_text_table_and_a_workbook_of_1997(tidy):
    check = check_tables(FILES / "text.csv", FILES / "schools.xls")
    assert check.errors == 0, found(check)
    assert check.county.digest == tidy.digest


def test_a_protected_workbook_of_1997(tmp_path):
    raw = bytearray((FILES / "schools.xls").read_bytes())
    at = raw.find(b"\x5c\x00\x70\x00")  # the record of who wrote it becomes that of a password
    raw[at : at + 2] = b"\x2f\x00"
    path = tmp_path / "s.xls"
    path.write_bytes(raw)
    assert "file_password !" in found(check_tables(path))


@pytest.mark.parametrize("seed", [187, 213, 338])
def test_a_file_with_a_few_wrong_bytes(tmp_path, seed):
    """These bring down whoever reads them; that must not be this process."""
    draw, raw = random.Random(seed), bytearray((FILES / "messy.xls").read_bytes())
    for _ in range(20):
        raw[draw.randrange(len(raw))] = draw.randrange(256)
    path = tmp_path / "t.xls"
    path.write_bytes(raw)
    assert "file_damaged !" in found(check_tables(path))


def test_merged_cells_numbers_and_dates():
    roster = read_sheets(FILES / "messy.xls")[0]
    assert [row[1] for row in roster.rows[3:5]] == ["第一小学", "第一小学"]
    assert set(roster.rows[0]) == {"测试县义务教育学校教职工花名册（2020年）"}
    assert roster.rows[3][5].isoformat() == "1975-06-01"
    assert roster.rows[3][0] == 1
    assert "欧阳" not in repr(roster)


def test_letters():
    assert [letters(n) for n in (0, 25, 26, 51, 52, 701, 702)] == [
        *("A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"),
    ]
