"""A scenario that does not fit its county is refused, at its own lines."""

from pathlib import Path

import pytest

from tests.counties import School, Teacher, county, scenario
from workforce_sim.county import check_scenario, load_county
from workforce_sim.scenario import load_scenario

CONFIGS = Path(__file__).parents[2] / "configs" / "yangcheng"
SMALL = county(
    [
        School("东小", "primary", (5,) * 6),
        School("西小", "primary", (5,) * 6),
        School("中学", "junior", (5,) * 3),
    ],
    [Teacher(name, "1980-01") for name in ("东小", "西小", "中学")],
)
NEW = {"name": "新小", "stage": "primary", "area": "town"}


def network(*events: dict[str, object]) -> list[str]:
    """Return what is wrong with these changes, each in a year of its own, place and words."""
    dated = [{"date": f"{2021 + n}-08-01", **event} for n, event in enumerate(events)]
    return [str(p) for p in check_scenario(scenario(network=dated), SMALL)]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([{"close": ["东小"]}], []),
        ([{"close": ["东小"], "into": ["西小"]}], []),
        ([{"open": NEW}, {"close": ["东小", "西小"]}], []),
        ([{"open": {**NEW, "pupils_from": {"西小": 0.5}}}], []),
        ([{"close": ["东晓"]}], ["network.0.close.0: there is no school '东晓'"]),
        ([{"close": ["东小"], "into": ["北小"]}], ["network.0.into.0: there is no school '北小'"]),
        (
            [{"close": ["东小"], "into": ["中学"]}],
            ["network.0.into.0: 中学 is a junior school, 东小 a primary"],
        ),
        ([{"close": ["东小"], "into": ["西小", "中学"]}], ["network.0.into.1: 中学 is a junior"]),
        ([{"close": ["中学"]}], ["network.0.close: no junior school is left"]),
        (
            [{"close": ["东小"]}, {"close": ["西小"]}],
            ["network.1.close: no primary school is left"],
        ),
        ([{"close": ["东小", "西小"]}, {"open": NEW}], ["network.0.close: no primary school"]),
        ([{"open": {**NEW, "name": "西小"}}], ["network.0.open.name: the county has a school"]),
        (
            [{"open": {**NEW, "pupils_from": {"中学": 0.5}}}],
            ["network.0.open.pupils_from.中学: 中学 is a junior school"],
        ),
        (
            [{"close": ["东晓"], "into": ["北小"]}, {"close": ["中学"]}],
            ["network.0.close.0", "network.0.into.0", "network.1.close"],
        ),
    ],
)
def test_changes_of_the_network(events: list[dict[str, object]], expected: list[str]) -> None:
    found = network(*events)
    assert len(found) == len(expected)
    assert all(words in problem for problem, words in zip(found, expected, strict=True))


def test_a_school_without_pupils_and_a_stage_without_staff() -> None:
    empty = county(
        [School("东小", "primary", (0,) * 6), School("中学", "junior", (5,) * 3)],
        [Teacher("东小", "1980-01")],
    )
    found = [str(p) for p in check_scenario(scenario(), empty)]
    assert found == ["county: 东小 has no pupils", "county: 15 junior pupils and no junior staff"]


def test_the_simulation_begins_in_the_year_after_the_baseline() -> None:
    (problem,) = check_scenario(scenario(years="2022-2025"), SMALL)
    assert str(problem).startswith("years: begins in 2022")
    assert "2021" in problem.message


def test_the_shipped_scenario_fits_and_a_wrong_name_is_told_with_its_line(tmp_path: Path) -> None:
    yangcheng = load_county(CONFIGS / "county.yaml")
    assert check_scenario(load_scenario(CONFIGS / "scenario.yaml"), yangcheng) == []

    text = (CONFIGS / "scenario.yaml").read_text(encoding="utf-8")
    path = tmp_path / "scenario.yaml"
    path.write_text(text.replace("初中21", "初中91"), encoding="utf-8")
    (problem,) = check_scenario(load_scenario(path), yangcheng)
    assert "初中91" in path.read_text(encoding="utf-8").splitlines()[(problem.line or 0) - 1]
    assert problem.file == str(path)
    assert "did you mean" in problem.message
