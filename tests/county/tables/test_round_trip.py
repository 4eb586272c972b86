"""The synthetic county, exported and imported again, is the same county and projects the same."""

from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from tests.counties import School, Teacher
from tests.counties import county as small_county
from workforce_sim.assessment import Projection, county_of, simulate
from workforce_sim.county import County, load_county
from workforce_sim.county.synthetic import SYNTHETIC
from workforce_sim.county.tables.check import Check, check_tables
from workforce_sim.county.tables.export import export_county, export_scenario
from workforce_sim.county.tables.importing import import_county
from workforce_sim.report.charts.style import provenance_line
from workforce_sim.report.manifest import write_readme
from workforce_sim.report.tables import write_tables
from workforce_sim.scenario import InputError, load_scenario
from workforce_sim.words import Words

SCENARIO = load_scenario(Path(__file__).parents[3] / "configs" / "yangcheng" / "scenario.yaml")
COUNTY = county_of(SCENARIO)


def csv_tables(county: County) -> dict[str, bytes]:
    projection: Projection = simulate(SCENARIO, county=county, replications=20, workers=1)
    tables = {
        name: frame.to_csv(index=False, lineterminator="\n").encode()
        for name, frame in projection.tables.items()
    }
    return {**tables, "provenance": repr(projection.provenance).encode()}


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("export") / "yangcheng.xlsx"
    export_scenario(SCENARIO, path)
    return path


@pytest.fixture(scope="module")
def check(exported: Path) -> Check:
    return check_tables(exported)


def test_it_is_the_same_county_and_the_same_projection_to_the_byte(
    check: Check, tmp_path: Path
) -> None:
    assert check.errors == 0, [f for f in check.findings if f.severity == "error"]
    imported = import_county(check, tmp_path / "again", words=Words("zh"))
    found = load_county(imported.folder / "county.yaml")
    assert found.digest == COUNTY.digest
    for part in ("name", "name_en", "special", "goals", "synthetic"):
        assert getattr(found, part) == getattr(COUNTY, part)
    assert found.published is not None and COUNTY.published is not None
    assert repr(found.published.facilities) == repr(COUNTY.published.facilities)  # 17.0, not 17
    assert found.synthetic == SYNTHETIC
    assert csv_tables(found) == csv_tables(COUNTY)
    own = load_scenario(imported.scenario)  # its policy is that of the policy sheet
    assert own.backbone.places == SCENARIO.backbone.places
    assert own.replacement.stated_posts == SCENARIO.replacement.stated_posts
    assert (own.years, own.judged_year) == (SCENARIO.years, SCENARIO.judged_year)
    assert imported.defaults == ()


def test_it_holds_no_name_and_no_number_of_a_person(exported: Path) -> None:
    book = openpyxl.load_workbook(exported, read_only=True)
    header = [cell.value for cell in next(book.worksheets[0].iter_rows(max_row=1))]
    assert header[:3] == ["序号", "单位全称", "性别"]
    assert not {"姓名", "身份证号码"} & set(header)


def test_awkward_names_and_facilities_come_back(tmp_path: Path) -> None:
    names = ('=HYPERLINK("http://x","y")小学', "'引号小学", "+1小学", "育才学校（小学部）")
    whole = (*names, *COUNTY.schools.names[4:-1], "育才学校（初中部）")
    county = replace(COUNTY, schools=replace(COUNTY.schools, names=whole))
    facilities = county.schools.facilities.copy()
    facilities[0, 0] = facilities[1, 1] = facilities[2, 2] = facilities[3, 3] = float("nan")
    county = replace(county, schools=replace(county.schools, facilities=facilities))
    export_county(county, SCENARIO, tmp_path / "a.xlsx", "en")
    check = check_tables(tmp_path / "a.xlsx")
    assert sum(finding.code == "amount_blank" for finding in check.findings) == 4
    imported = import_county(check, tmp_path / "a", words=Words("en"))
    assert load_county(imported.folder / "county.yaml").digest == county.digest
    export_scenario(load_scenario(imported.scenario), tmp_path / "b.xlsx")
    again = check_tables(tmp_path / "b.xlsx")
    assert again.county is not None and again.county.digest == county.digest
    assert not again.county.schools.known.any()


def test_the_same_bytes_every_time_and_no_file_overwritten(exported: Path, tmp_path: Path) -> None:
    export_scenario(SCENARIO, tmp_path / "b.xlsx")
    assert (tmp_path / "b.xlsx").read_bytes() == exported.read_bytes()
    with pytest.raises(InputError, match="exists already"):
        export_scenario(SCENARIO, exported)
    with pytest.raises(InputError, match=r"ends in \.xlsx"):
        export_scenario(SCENARIO, tmp_path / "b.csv")


def test_a_lacking_column_is_refused_or_filled_and_marked_in_every_output(tmp_path: Path) -> None:
    schools = [School("甲小学", "primary", (9, 8, 7, 6, 5, 4))]
    staff = [Teacher("甲小学", f"{year}-01", "female") for year in range(1968, 1998)]
    export_county(small_county(schools, staff), SCENARIO, tmp_path / "whole.xlsx")
    book = openpyxl.load_workbook(tmp_path / "whole.xlsx")
    roster = book["花名册"]
    roster.delete_cols(next(c.column for c in roster[1] if c.value == "现持有最高职称"))
    book.save(tmp_path / "lacking.xlsx")

    refused = check_tables(tmp_path / "lacking.xlsx")
    assert refused.errors == 1 and refused.county is None
    assert refused.lacking == ("title",)
    assert "--fill title" in refused.findings[0].expected(Words("zh"))

    check = check_tables(tmp_path / "lacking.xlsx", fill=["title"])
    assert check.errors == 0 and check.county is not None
    assert check.county.roster.senior_title.sum() == 3
    scenario = load_scenario(import_county(check, tmp_path / "new", words=Words("zh")).scenario)
    assert load_county(scenario.county_path).digest == check.county.digest
    projection = simulate(scenario, replications=2, workers=1)
    assert projection.provenance["synthetic"] == ["filled_title"]
    for language, part in (("zh", "推算"), ("en", "filled in")):
        words = Words(language)
        assert part in provenance_line(projection, words)
        (tmp_path / language).mkdir()
        write_readme(projection, tmp_path / language, words)
        assert words("synthetic.filled_title") in (tmp_path / language / "README.txt").read_text(
            encoding="utf-8-sig"
        )
    write_tables(projection, tmp_path / "tables", Words("zh"))
    table = pd.read_csv(tmp_path / "tables" / "ratios.csv")
    assert (table["含合成数据"] == "是").all()
