"""The school network of a small county, worked out by hand."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.counties import School, Teacher, county
from workforce_sim.county import Fact, load_county, network_facts
from workforce_sim.county.spec import Goals

FILE = Path(__file__).parents[2] / "configs" / "yangcheng" / "county.yaml"
NAN = float("nan")
BARE = county(
    [
        School("城小", "primary", (350,) * 6, "county_seat"),  # 2,100 pupils: too many
        School("村小", "primary", (10,) * 6, "village"),
        School("九年（小学部）", "primary", (240,) * 6, "town"),
        School("九年（初中部）", "junior", (320,) * 3, "town"),  # 1,440 + 960 = 2,400 fit
        School("城中", "junior", (100,) * 3, "county_seat"),
    ],
    [Teacher("城小", "1980-01"), Teacher("城中", "1980-01")],
)
COUNTY = replace(
    BARE,
    schools=replace(
        BARE.schools, site=np.array([0, 1, 2, 2, 4]), classes=np.array([42, 6, 51.2, 0, 6])
    ),
    goals=Goals.model_validate({"source": "plan", "junior_in_county_seat_share": 0.4}),
)


def facts(**schools: object) -> dict[tuple[str, str], Fact]:
    of = replace(COUNTY, schools=replace(COUNTY.schools, **schools))
    return {(fact.code, fact.stage): fact for fact in network_facts(of)}


@pytest.mark.parametrize(
    ("code", "stage", "value", "limit", "holds", "note"),
    [
        ("school_size", "primary", 2100, 2000, False, "beyond: 城小"),
        ("school_size", "junior", 300, 2000, True, ""),
        ("school_size", "both", 2400, 2500, True, ""),
        # 2,100 / 42 = 50. The nine-year school needs 1440/45 + 960/50 = 51.2 classes and has them.
        ("class_size", "primary", 50, 45, False, "beyond: 城小"),
        ("class_size", "junior", 50, 50, True, ""),
        ("schools_in_place", "junior", 50, 40, True, "1 / 2"),
        ("pupils_in_place", "junior", 100 * 300 / 1260, 40, False, "300 / 1260"),
    ],
)
def test_facts(code: str, stage: str, value: float, limit: float, holds: bool, note: str) -> None:
    fact = facts()[code, stage]
    assert fact.value == pytest.approx(value)
    assert (fact.limit, fact.holds, fact.note_en) == (limit, holds, note)


def test_only_what_is_asked_is_told() -> None:
    assert len(facts()) == 7  # no goal for primary schools
    assert len(network_facts(replace(COUNTY, goals=BARE.goals))) == 5
    assert ("school_size", "both") not in facts(site=np.arange(5))


def test_classes_of_both_sections_that_are_told_apart_are_each_judged() -> None:
    fact = facts(classes=[50, 6, 30, 21.2, 6])["class_size", "primary"]  # 1,440 / 30 = 48
    assert (fact.value, fact.holds, fact.note_en) == (48, False, "beyond: 九年（小学部）")


def test_a_school_that_does_not_tell_its_classes_leaves_it_open_unless_another_is_beyond() -> None:
    fact = facts(classes=[NAN, 6, 32, 19.2, NAN])["class_size", "primary"]
    assert np.isnan(fact.value) and fact.holds is None
    # 350 pupils of a grade need 8 classes of 45, in six grades.
    assert fact.note_en == "classes of 1 schools not known; 48 or more keep to 45 pupils"
    beyond = facts(classes=[NAN, 1, 32, 19.2, NAN])["class_size", "primary"]
    assert (beyond.value, beyond.holds) == (60, False)
    assert "1所学校班级数不详" in beyond.note and "超过：村小" in beyond.note


def test_a_school_without_pupils_counts_nowhere() -> None:
    pupils = COUNTY.schools.pupils.copy()
    pupils[4] = 0
    found = facts(pupils=pupils)
    assert found["schools_in_place", "junior"].value == 0
    assert found["class_size", "junior"].value == pytest.approx(50)


def test_yangcheng_is_far_from_its_goals_and_classes_are_not_known() -> None:
    """Its sizes and places are synthetic: these figures say what the model starts from."""
    found = {(fact.code, fact.stage): fact for fact in network_facts(load_county(FILE))}
    assert found["school_size", "primary"].holds and found["school_size", "junior"].holds
    assert found["class_size", "primary"].holds is found["class_size", "junior"].holds is None
    goals = {stage: found["schools_in_place", stage] for stage in ("primary", "junior")}
    assert [fact.limit for fact in goals.values()] == [80, 90]
    assert not any(fact.holds for fact in goals.values())
    assert all(fact.name and fact.name != fact.name_en for fact in found.values())
