"""An import writes a whole folder that runs, or nothing; what is not its own is never touched."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from click.testing import Result
from typer.testing import CliRunner

from tests.counties import School, Teacher, county
from workforce_sim.assessment import county_of
from workforce_sim.cli import app
from workforce_sim.county import load_county
from workforce_sim.county.spec import Goals, Published, SpecialSchools, Stated
from workforce_sim.county.tables.check import Check
from workforce_sim.county.tables.export import export_scenario
from workforce_sim.county.tables.importing import Imported, import_county
from workforce_sim.scenario import InputError, load_scenario
from workforce_sim.scenario.assumptions import assumptions
from workforce_sim.words import Words

COUNTY = replace(
    county(
        [School("甲小学", "primary", (9, 8, 7, 6, 5, 4)), School("乙初中", "junior", (9, 9, 9))],
        [Teacher("甲小学", "1980-01"), Teacher("乙初中", "1990-01", award="2019-06")],
    ),
    published=Published.model_validate(
        {
            "source": "bureau",
            "primary": {"schools": 1, "pupils": 39, "staff": 1, "degree": 1, "backbone": 0},
            "junior": {"schools": 1, "pupils": 27, "staff": 1, "degree": 1, "backbone": 1},
            "arts_pe": {s: {"teachers": 0, "specialists": 0} for s in ("pe", "music", "art")},
            "facilities": {"junior": {"rooms_m2": 9.5, "multimedia_rooms_per_100": 17.0}},
        }
    ),
    stated=Stated.model_validate(
        {"source": "plan", "staff": 2, "primary": {"backbone_per_100_pupils": 3}}
    ),
    special=SpecialSchools(schools=1, pupils=12, staff=3),
    goals=Goals.model_validate({"source": "plan", "primary_in_towns_share": 0.8}),
    synthetic=("filled_title",),
)


def checked(**policy: object) -> Check:
    return Check(
        findings=(),
        county=COUNTY,
        people=pd.DataFrame(),
        schools=pd.DataFrame(),
        counts=pd.DataFrame(),
        left_out={},
        lacking=(),
        filled=("title",),
        policy={key.replace("__", "."): value for key, value in policy.items()},
        sheets=(),
    )


def import_(check: Check, folder: Path, replace: bool = False) -> Imported:
    return import_county(check, folder, words=Words("zh"), replace=replace)


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.*")}


def test_the_folder_is_the_same_county_and_runs(tmp_path: Path) -> None:
    done = import_(checked(), tmp_path / "configs" / "new")
    assert sorted(files(done.folder)) == [
        *("README.txt", "county.yaml", "roster.csv", "scenario.yaml", "schools.csv"),
    ]
    found = load_county(done.folder / "county.yaml")
    assert found.digest == COUNTY.digest
    for part in ("name", "name_en", "published", "stated", "special", "goals", "synthetic"):
        assert getattr(found, part) == getattr(COUNTY, part)
    assert repr(found.stated.primary.backbone_per_100_pupils) == "3"  # as it was written
    scenario = load_scenario(done.scenario)
    assert county_of(scenario).digest == COUNTY.digest
    assert (scenario.name, str(scenario.years), scenario.judged_year) == ("new", "2021-2025", 2025)
    assert [a.path for a in assumptions(scenario) if a.source == "scenario"] == []  # all labelled
    assert len(done.defaults) == 9
    assert list(tmp_path.rglob(".*")) == []


def test_what_the_policy_sheet_says_goes_into_the_scenario(tmp_path: Path) -> None:
    done = import_(
        checked(
            years="2021-2023",
            judged_year=2022,
            replacement__leavers=2,
            replacement__stated_posts={2021: 5},
            backbone__places={2021: 3, "later": 1},
            rotation__share=0.15,
        ),
        tmp_path / "new",
    )
    scenario = load_scenario(done.scenario)
    source = {a.path: a.source for a in assumptions(scenario)}
    assert (str(scenario.years), scenario.judged_year) == ("2021-2023", 2022)
    assert scenario.replacement.leavers == 2
    assert scenario.replacement.stated_posts == {2021: 5}
    assert [scenario.backbone.places.at(year) for year in scenario.years] == [3, 1, 1]
    assert scenario.rotation.share == 0.15
    for path in ("replacement.leavers", "backbone.places", "rotation.share"):
        assert source[path] == "bureau"
    assert source["rotation.backbone_share"] == "law"
    assert {entry.key for entry in done.defaults} == {
        *("replacement.joins", "arts_pe.recruits_per_year", "arts_pe.retraining_per_year")
    }
    assert "# Rule 1. 退休" in done.scenario.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("policy", "label", "message"),
    [
        ({"years": "2022-2025"}, "模拟年份", "begin in 2021"),
        ({"years": "five"}, "模拟年份", "2021-2025"),
        ({"judged_year": 2030}, "评估年份", "not one of the simulated years"),
        ({"rotation__share": 10}, "交流轮岗比例", "between 0 and 1"),
        ({"backbone__places": {2021: 3}}, "骨干教师名额", "2022-2025"),
        ({"replacement__leavers": 0}, "退几", "more than 0"),
    ],
)
def test_a_policy_that_makes_no_scenario_is_told_and_nothing_written(
    tmp_path: Path, policy: dict[str, object], label: str, message: str
) -> None:
    with pytest.raises(InputError) as caught:
        import_(checked(**policy), tmp_path / "new")
    assert any(p.where == label and message in p.message for p in caught.value.problems)
    assert str(tmp_path) not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_an_imported_county_is_replaced_only_when_asked(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    import_(checked(), folder)
    (folder / "policies").mkdir()
    (folder / "policies" / "more.yaml").write_text("mine", encoding="utf-8")
    changed = (folder / "scenario.yaml").read_bytes() + b"# mine\n"
    (folder / "scenario.yaml").write_bytes(changed)
    before = files(folder)
    with pytest.raises(InputError, match="--replace"):
        import_(checked(), folder)
    assert files(folder) == before
    done = import_(checked(judged_year=2024), folder, replace=True)
    after = files(folder)
    assert done.kept
    assert after["scenario-previous.yaml"] == changed
    assert after["policies/more.yaml"] == b"mine"
    assert load_scenario(done.scenario).judged_year == 2024
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


@pytest.mark.parametrize("replace_it", [False, True])
def test_a_foreign_folder_is_never_touched(tmp_path: Path, replace_it: bool) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "county.yaml").write_text("name: x\nsynthetic: {}\n", encoding="utf-8")
    before = files(tmp_path)
    with pytest.raises(InputError, match="something else"):
        import_(checked(), folder, replace=replace_it)
    with pytest.raises(InputError, match="Latin"):
        import_(checked(), tmp_path / "某县")
    with pytest.raises(InputError, match="in the way"):
        import_(checked(), folder / "county.yaml")
    assert files(tmp_path) == before


def test_births_are_left_out_where_none_are_known(tmp_path: Path) -> None:
    early = replace(checked(), county=replace(COUNTY, census=COUNTY.census - 36))
    roster = replace(COUNTY.roster, award=[-1, -1])  # type: ignore[arg-type]
    early = replace(early, county=replace(early.county, roster=roster))
    scenario = load_scenario(import_(early, tmp_path / "new").scenario)
    assert scenario.years.first == 2018
    assert scenario.enrolment.entrants.births is None


def test_the_command_says_what_it_did_and_writes_nothing_with_errors(tmp_path: Path) -> None:
    file, folder = tmp_path / "tables.xlsx", tmp_path / "configs" / "new"
    scenario = load_scenario(import_(checked(), tmp_path / "before").scenario)
    export_scenario(scenario, file)

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(app, ["import", *map(str, arguments), "--into", str(folder)])

    for wrong in (["--fill", "sex"], ["--census", "2020"], ["--census", "2000-01"]):
        assert run(file, *wrong).exit_code == 2
        assert not folder.exists()
    done = run(file, "--name", "新县")
    assert done.exit_code == 0, done.output
    said = done.output.replace("\n", "")
    for part in ("已导入新县（2020-12）：教职工 2 人，学校 2 所", "职称（推算）"):
        assert part in said
    assert f"workforce-sim run {folder / 'scenario.yaml'}" in said
    assert load_county(folder / "county.yaml").digest == COUNTY.digest
