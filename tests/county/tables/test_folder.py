"""An imported county's tables are read strictly: each defect is told with its line and column."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from tests.counties import School, Teacher, county
from workforce_sim.county import load_county
from workforce_sim.county.folder import write_tables
from workforce_sim.county.model import County
from workforce_sim.scenario import InputError, Problem

WITHOUT = county(
    [
        School("甲小学", "primary", (9, 8, 7, 6, 5, 4), "village", (-1.25, 0.1)),
        School("甲小学（初中部）", "junior", (30, 31, 32)),
        School('=HYPERLINK("x"),y', "primary", (1, 1, 1, 1, 1, 1), "county_seat", (1.234, -0.001)),
    ],
    [
        Teacher("甲小学", "1980-01", award="2019-06"),
        Teacher("甲小学（初中部）", "1966-12", "female", "music", True, 3, senior=True),
        Teacher('=HYPERLINK("x"),y', "1990-05", worker=True, degree=0),
        Teacher("甲小学", "1991-05", subject="pe"),
    ],
)
NAN = float("nan")
COUNTY = dataclasses.replace(
    WITHOUT,
    schools=dataclasses.replace(
        WITHOUT.schools,
        facilities=np.array(
            [[10.5, NAN, 7.25, 3.0], [0.0, NAN, 0.0, 0.0], [0.0, 8.0, 1200.0, NAN]]
        ),
        classes=np.array([6.0, 3.0, NAN]),
        site=np.array([0, 0, 2]),
    ),
)
"""The second school is the junior section of the first."""
YAML = """name: 测试县
name_en: Test County
census: 2020-12
tables: {roster: roster.csv, schools: schools.csv, synthetic: [filled_title]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "county.yaml").write_text(YAML, encoding="utf-8")
    write_tables(COUNTY, tmp_path)
    return tmp_path


def problems(folder: Path) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        load_county(folder / "county.yaml")
    return list(caught.value.problems)


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8-sig")
    assert old in text, old
    file.write_text(text.replace(old, new, 1), encoding="utf-8-sig", newline="\n")


def test_what_was_written_is_read_again(folder: Path) -> None:
    found = load_county(folder / "county.yaml")
    assert found.digest == COUNTY.digest
    assert (found.name, found.synthetic) == ("测试县", ("filled_title",))
    assert found.published is None
    assert found.schools.site.tolist() == [0, 0, 2]
    assert np.array_equal(found.schools.facilities, COUNTY.schools.facilities, equal_nan=True)
    assert found.schools.facilities[1].tolist() == [0, 0, 0, 0]  # they stand at the first row
    assert found.schools.known.tolist() == [True, False, True, False]
    rows = (folder / "schools.csv").read_text(encoding="utf-8-sig").splitlines()
    assert rows[1].endswith(",甲小学,6.0,10.5,,7.25,3.0")
    assert rows[2].endswith(",甲小学,3.0,,,,")
    assert rows[3].endswith(",,,0.0,8.0,1200.0,")
    raw = (folder / "roster.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert b"\n3,\"'=HYPERLINK" in raw  # a spreadsheet takes it for text


def test_what_a_school_table_may_lack_is_not_known(folder: Path) -> None:
    for name in ("roster.csv", "schools.csv"):
        rows = (folder / name).read_text(encoding="utf-8-sig").splitlines()
        if name == "schools.csv":
            rows = [row.rsplit(",", 6)[0] for row in rows]
        (folder / name).write_text("\n".join([*rows, ""]), encoding="utf-8")  # without a BOM
    found = load_county(folder / "county.yaml")
    assert found.digest == WITHOUT.digest != COUNTY.digest
    assert not found.schools.known.any()
    assert np.isnan(found.schools.classes).all()
    assert found.schools.site.tolist() == [0, 1, 2]


def test_a_nine_year_school_is_the_same_however_its_rows_are_sorted(folder: Path) -> None:
    """Its facilities may stand in either row, or in parts in both."""
    edit(folder / "schools.csv", "甲小学,6.0,10.5,,7.25,3.0", "九年,6.0,,,7.25,1.0")
    edit(folder / "schools.csv", "甲小学,3.0,,,,", "九年,3.0,10.5,,,2.0")
    assert load_county(folder / "county.yaml").digest == COUNTY.digest
    path = folder / "schools.csv"
    head, *rows = path.read_text(encoding="utf-8-sig").splitlines()
    path.write_text("\n".join([head, *rows[::-1], ""]), encoding="utf-8")
    turned = load_county(folder / "county.yaml").schools
    assert turned.names[1:] == ("甲小学（初中部）", "甲小学")
    assert turned.site.tolist() == [0, 1, 1]
    assert turned.facilities[1:, 0].tolist() == [10.5, 0.0]


# file, what stands there, what is there instead, the line told, the column, words of the message
DEFECTS = [
    (
        "roster.csv",
        "甲小学,primary,male,1980-01",
        "乙小学,primary,male,1980-01",
        2,
        "school",
        "乙小学",
    ),
    ("roster.csv", "甲小学,primary", "甲小学,junior", 2, "stage", "primary school"),
    ("roster.csv", ",female,", ",femal,", 3, "sex", "did you mean 'female'"),
    ("roster.csv", "1980-01", "1980-13", 2, "birth", "'1980-13', expected a month"),
    ("roster.csv", "1980-01", "2021-01", 2, "birth", "after the census"),
    ("roster.csv", ",music,yes,", ",other,yes,", 3, "specialist", "pe, music, art"),
    ("roster.csv", ",master,", ",doctor,", 3, "degree", "one of below_associate"),
    ("roster.csv", "2019-06", "2021-06", 2, "award", "after the census"),
    ("roster.csv", "\n4,", "\n1,", 5, "person", "already in line 2"),
    ("roster.csv", "\n4,", "\nx4,", 5, "person", "a whole number"),
    ("roster.csv", ",male,1980-01", ",1980-01", 2, "", "12 cells, the header 13"),
    ("roster.csv", "2002-01", "1979-01", 2, "service", "not after the month of birth"),
    ("roster.csv", "2002-01", "", 2, "service", "found nothing"),
    ("roster.csv", "birth,", "born,", 1, "", "unknown column 'born'"),
    ("roster.csv", "birth,", "", 1, "birth", "missing"),
    ("roster.csv", "birth,", "sex,", 1, "sex", "twice"),
    ("schools.csv", "甲小学（初中部）", "甲小学", 3, "name", "already in line 2"),
    ("schools.csv", "village", "hamlet", 2, "area", "county_seat, town, village"),
    ("schools.csv", "-1.25", "west", 2, "x_km", "a number"),
    ("schools.csv", "-1.25", "nan", 2, "x_km", "a number"),
    ("schools.csv", "-1.25", "-1.2501", 2, "x_km", "3 decimals"),
    ("schools.csv", ",9,8,", ",-9,8,", 2, "grade_1", "0 or more"),
    ("schools.csv", ",9,8,", ",9.5,8,", 2, "grade_1", "a whole number"),
    ("schools.csv", ",0,30,", ",2,30,", 3, "grade_6", "a junior school has no pupils"),
    ("schools.csv", "甲小学,", ",", 2, "name", "nothing"),
    ("schools.csv", ",10.5,", ",-10.5,", 2, "rooms_m2", "found '-10.5', expected a number, 0 or"),
    ("schools.csv", ",10.5,", ",10.555,", 2, "rooms_m2", "at most 2 decimals"),
    ("schools.csv", ",7.25,", ",many,", 2, "equipment_yuan", "found 'many'"),
    ("schools.csv", ",甲小学,3.0", ",,3.0", 2, "site", "1 rows have the site '甲小学'"),
    ("schools.csv", ",,,0.0", ",甲小学,,0.0", 2, "site", "3 rows have the site '甲小学'"),
    ("schools.csv", ",甲小学,6.0", ",乙,6.0", 2, "site", "one of each stage"),
    ("schools.csv", "甲小学,", '"甲小学,', None, "", "not valid CSV"),
    ("county.yaml", "filled_title", "filed_title", 4, "tables.synthetic.0", "filled_title"),
    ("county.yaml", "roster.csv", "../roster.csv", 4, "tables.roster", "Latin"),
    ("county.yaml", "roster.csv", "rooster.csv", None, "", "no such file"),
    ("county.yaml", "\ntables:", "\nsynthetic: {}\ntables:", 4, "synthetic", "either"),
    ("county.yaml", "\ntables: ", "\ntable: ", 1, "", "neither"),
]


@pytest.mark.parametrize(("file", "old", "new", "line", "where", "message"), DEFECTS)
def test_a_defect_names_its_place(
    folder: Path, file: str, old: str, new: str, line: int | None, where: str, message: str
) -> None:
    edit(folder / file, old, new)
    told = [p for p in problems(folder) if message in p.message]
    assert told, problems(folder)
    assert line in (None, told[0].line)
    assert told[0].where == where
    assert Path(told[0].file).parent == folder


def test_all_defects_of_all_files_are_told_at_once_and_repeated_ones_once(folder: Path) -> None:
    edit(folder / "county.yaml", "filled_title", "filed_title")
    edit(folder / "schools.csv", "village", "hamlet")
    roster = folder / "roster.csv"
    roster.write_text(roster.read_text(encoding="utf-8").replace(",male,", ",?,"), encoding="utf-8")
    found = problems(folder)
    assert len(found) == 3
    assert "and in 2 further rows" in str(found)


def test_a_table_in_another_encoding_is_told(folder: Path) -> None:
    roster = folder / "roster.csv"
    roster.write_bytes(roster.read_text(encoding="utf-8-sig").encode("gb18030"))
    (problem,) = problems(folder)
    assert "CSV UTF-8" in problem.message
    assert problem.line == 2


def test_an_empty_county_is_read(tmp_path: Path) -> None:
    """Whether it can be simulated is the scenario's check."""
    empty: County = dataclasses.replace(county([], []))
    (tmp_path / "county.yaml").write_text(YAML, encoding="utf-8")
    write_tables(empty, tmp_path)
    found = load_county(tmp_path / "county.yaml")
    assert (len(found.schools), found.size) == (0, 0)
    assert found.schools.pupils.shape == (0, 9)
    assert np.array_equal(found.roster.birth, [])
