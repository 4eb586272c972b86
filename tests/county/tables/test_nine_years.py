"""A nine-year school is one row for the officer, two sections that share a site for the model."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from tests.county.tables.bureau import ENROLMENT, POLICY, ROSTER, SCHOOLS, checked
from workforce_sim.county.tables.check import Check, check_tables
from workforce_sim.county.tables.export import export_scenario
from workforce_sim.county.tables.importing import import_county
from workforce_sim.scenario import load_scenario
from workforce_sim.words import Words

S = f"{SCHOOLS}!"
HEADERS = ("班级数", "教学及辅助用房面积", "体育运动场馆面积", "教学仪器设备值", "网络多媒体教室数")
AMOUNTS: dict[str, object] = {
    **{f"{POLICY}!{cell}": v for cell, v in (("A3", "骨干教师名额"), ("A4", "退几"))},
    **{S + f"{column}1": header for column, header in zip("IJKLM", HEADERS, strict=True)},
    **{S + f"{c}2": v for c, v in zip("IJKLM", (2, 600, "800.55㎡", 90000, 2), strict=True)},
    **{S + f"{c}3": v for c, v in zip("IJKLM", (1, 300, 500, 60000, 1), strict=True)},
    **{S + f"{c}4": v for c, v in zip("IJKLM", (9, 420.123, None, 45000, 0), strict=True)},
}
APART: dict[str, object] = {  # its two sections have a row each
    S + "B4": "小学",
    S + "G4": None,
    S + "H4": None,
    **{S + f"{c}5": v for c, v in zip("ABCG", ("青山学校", "初级中学", 220, 9), strict=True)},
    S + "I5": 3,
    S + "J5": 80,
    S + "K5": 70,
}


def folder_of(check: Check, folder: Path) -> dict[str, bytes]:
    assert check.errors == 0, check.findings
    done = import_county(check, folder, words=Words("zh"))
    return {path.name: path.read_bytes() for path in done.folder.iterdir()}


@pytest.mark.parametrize(
    ("more", "whole", "classes"),
    [
        ({}, [420.12, np.nan, 45000, 0], [9, 0]),
        ({S + "I4": None}, [420.12, np.nan, 45000, 0], [np.nan, np.nan]),
        (APART, [500.12, 70, 45000, 0], [9, 3]),
        ({**APART, S + "I5": None}, [500.12, 70, 45000, 0], [9, np.nan]),
        ({**APART, S + "C5": "县城", S + "I5": None, S + "I4": None}, [500.12, 70, 45000, 0], None),
    ],
)
def test_it_comes_back_to_the_byte(
    tmp_path: Path, more: Mapping[str, object], whole: list[float], classes: list[float] | None
) -> None:
    check = checked(tmp_path / "a.xlsx", {**AMOUNTS, **more})
    assert check.county is not None
    schools = check.county.schools
    assert schools.names[2:] == ("青山学校（小学部）", "青山学校（初中部）")
    assert schools.site.tolist() == [0, 1, 2, 2]
    assert np.array_equal(schools.facilities[2], whole, equal_nan=True)
    assert schools.facilities[3].tolist() == [0, 0, 0, 0]
    assert schools.facilities[0].tolist() == [600, 800.55, 90000, 2]
    expected = classes or [np.nan, np.nan]
    assert np.array_equal(schools.classes[2:], expected, equal_nan=True)

    before = folder_of(check, tmp_path / "county")
    export_scenario(load_scenario(tmp_path / "county" / "scenario.yaml"), tmp_path / "b.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "b.xlsx")[SCHOOLS]
    kinds = [row[2] for row in sheet.iter_rows(min_row=4, values_only=True)]
    assert kinds == (["小学", "初级中学"] if "I5" in str(more) else ["九年一贯制学校"])
    again = check_tables(tmp_path / "b.xlsx")
    assert again.county is not None
    (tmp_path / "county").rename(tmp_path / "first")
    after = folder_of(again, tmp_path / "county")
    assert {name: text for name, text in after.items() if name != "scenario.yaml"} == {
        name: text for name, text in before.items() if name != "scenario.yaml"
    }


def test_its_people_and_pupils_are_listed_under_its_own_name(tmp_path: Path) -> None:
    folder_of(checked(tmp_path / "a.xlsx", AMOUNTS), tmp_path / "county")
    export_scenario(load_scenario(tmp_path / "county" / "scenario.yaml"), tmp_path / "b.xlsx")
    book = openpyxl.load_workbook(tmp_path / "b.xlsx")
    assert [row[1] for row in book[ROSTER].values][-2:] == ["青山学校", "青山学校"]
    assert list(book[ENROLMENT].values)[-1][1:] == ("青山学校", *[2] * 6, *[3] * 3)
    assert list(book[SCHOOLS].values)[-1][1:] == (
        *("青山学校", "九年一贯制学校", "乡村", 0, 0, 12, 9, 2, 9, 420.12, None, 45000, 0),
    )


def test_what_is_not_known_of_it_is_told_once(tmp_path: Path) -> None:
    check = checked(tmp_path / "a.xlsx", {**AMOUNTS, S + "J2": -600})
    assert [finding.cell for finding in check.findings if finding.code == "amount_blank"] == ["K4"]
    check = checked(tmp_path / "a.xlsx", AMOUNTS)
    blank = [finding for finding in check.findings if finding.code == "amount_blank"]
    assert [finding.cell for finding in blank] == ["K4"]
    assert check.county is not None
    assert check.county.schools.known.tolist() == [True, False, True, True]
