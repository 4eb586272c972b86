"""The template opens with its lists and checks, and once filled in it is a county."""

from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from workforce_sim.county.tables.check import check_tables
from workforce_sim.county.tables.columns import ENROLMENT, LAYOUTS, ROSTER, SCHOOLS
from workforce_sim.county.tables.template import write_template
from workforce_sim.law import parse_month
from workforce_sim.scenario import InputError


@pytest.fixture(scope="module", params=["zh", "en"])
def template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_template(tmp_path_factory.mktemp("template") / "new", request.param)


def checked(sheet: Worksheet, header: str) -> list[object]:
    """Return the checks of the cell below the example, in the column of a header."""
    column = next(cell.column_letter for cell in sheet[1] if cell.value == header)
    return [v for v in sheet.data_validations.dataValidation if f"{column}4" in v.sqref]


def test_it_has_lists_checks_and_messages(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    english = template.stem == "county-tables"
    names = [layout.sheet_en if english else layout.sheet for layout in LAYOUTS]
    assert book.sheetnames[:5] == names
    assert len(book.sheetnames) == 6
    for layout in (ROSTER, SCHOOLS, ENROLMENT):
        sheet = book[layout.sheet_en if english else layout.sheet]
        assert sheet.freeze_panes == "C2"
        for column in layout.columns:
            checks = checked(sheet, column.header_en if english else column.header)
            if column.key == "number":
                continue
            assert len(checks) == 1
            (check,) = checks
            assert check.prompt and len(check.prompt) <= 255
            assert check.errorStyle == "warning"  # advice, not a fence
            if column.values:
                assert check.formula1 == f'"{",".join(column.values)}"'
            elif column.key == "school" and layout is not SCHOOLS:
                schools = SCHOOLS.sheet_en if english else SCHOOLS.sheet
                assert f"'{schools}'!$B$4" in check.formula1
    roster = book[names[0]]
    for position, column in enumerate(ROSTER.columns, 1):
        form = next(
            d.number_format for d in roster.column_dimensions.values() if d.min <= position <= d.max
        )
        assert form == "@", column.key  # Excel turns no month and no ID number into a number


def test_the_same_bytes_every_time(template: Path, tmp_path: Path) -> None:
    language = "en" if template.stem == "county-tables" else "zh"
    assert write_template(tmp_path, language).read_bytes() == template.read_bytes()


def test_a_filled_one_is_never_overwritten(template: Path) -> None:
    before = template.read_bytes()
    with pytest.raises(InputError, match="exists already"):
        write_template(template.parent, "en" if template.stem == "county-tables" else "zh")
    assert template.read_bytes() == before


def test_filled_in_it_is_a_county(template: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(template)
    roster, schools, enrolment, county, policy = (book[name] for name in book.sheetnames[:5])
    _append(
        roster,
        ROSTER,
        {
            "school": "东小学",
            "name": "某人",
            "sex": "女",
            "birth": "1985-09",
            "degree": "本科",
            "service": "2007-08",
            "arrival": "2015-08",
            "subject": "音乐",
            "specialist": "是",
            "title": "高级教师",
            "post": "专业技术",
            "backbone": "县级",
            "award": "2022-06",
        },
    )
    _append(
        roster,
        ROSTER,
        {
            "school": "东小学",
            "name": "另一人",
            "sex": "男",
            "birth": "1990-01",
            "degree": "专科",
            "service": "2012-08",
            "arrival": "2012-08",
            "subject": "语文",
            "specialist": "否",
            "title": "一级教师",
            "post": "专业技术",
            "backbone": "无",
        },
    )
    _append(schools, SCHOOLS, {"school": "东小学", "kind": "小学", "area": "县城", "rooms_m2": 500})
    grades = {f"grade_{n}": 10 + n for n in range(1, 7)}
    _append(enrolment, ENROLMENT, {"school": "东小学", **grades})
    county["B2"], county["B4"] = "东县", "2025-12"
    policy["B2"], policy["B3"] = "2026-2028", 2028
    path = tmp_path / "filled.xlsx"
    book.save(path)

    check = check_tables(path)
    assert check.errors == 0, check.findings
    found = check.county
    assert found is not None
    assert (found.name, found.census) == ("东县", parse_month("2025-12"))
    assert found.schools.names == ("东小学",)
    assert found.schools.pupils[0].tolist() == [11, 12, 13, 14, 15, 16, 0, 0, 0]
    assert found.roster.sex.tolist() == [1, 0]
    assert found.roster.senior_title.tolist() == [True, False]
    assert found.roster.award.tolist() == [parse_month("2022-06"), -1]
    assert found.synthetic == ()
    assert check.schools["rooms_m2"].tolist() == [500]
    assert str(check.policy["years"]) == "2026-2028"
    assert check.left_out == {"row_example": 2}  # the explained row and the example


def _append(sheet: Worksheet, layout: object, values: dict[str, object]) -> None:
    row = sheet.max_row + 1
    for position, column in enumerate(layout.columns, 1):  # type: ignore[attr-defined]
        if column.key in values:
            sheet.cell(row, position, values[column.key])
