"""The standard, against its figures written down a second time; and files that are wrong."""

from typing import Any

import pytest
from pydantic import ValidationError

from workforce_sim.law import (
    LAW_VERSION,
    RetirementLaw,
    Standard,
    load_retirement_law,
    load_standard,
)
from workforce_sim.scenario.schema import STAGES

THRESHOLDS = {
    "L1": (4.2, 5.3, 100),
    "L2": (1, 1, 100),
    "L3": (0.9, 0.9, 100),
    "L4": (4.5, 5.8, 1),
    "L5": (7.5, 10.2, 1),
    "L6": (2000, 2500, 1),
    "L7": (2.3, 2.4, 100),
}


def test_thresholds() -> None:
    standard = load_standard()
    assert {
        item.id: (*(standard.threshold(item.id, stage) for stage in STAGES), item.per_pupils)
        for item in standard.indicators
    } == THRESHOLDS


def test_rules_and_limits() -> None:
    standard = load_standard()
    assert (standard.school_rule.required, standard.school_rule.near_share) == (6, 0.85)
    assert [standard.difference_limit[stage] for stage in STAGES] == [0.50, 0.45]
    assert (standard.rotation.share, standard.rotation.backbone_share) == (0.10, 0.20)
    assert [standard.class_size[stage] for stage in STAGES] == [45, 50]
    assert (standard.school_size.one_stage, standard.school_size.nine_year) == (2000, 2500)
    small = standard.small_schools
    assert (small.judged_from_pupils, small.shared_below_pupils) == (50, 100)
    assert [standard.pupils_per_teacher[stage] for stage in STAGES] == [19, 13.5]


def test_the_version_names_both_laws() -> None:
    assert LAW_VERSION == "retirement 2025-01-01; standard 2017-04-19"


def test_it_is_read_once_and_cannot_be_changed() -> None:
    standard = load_standard()
    assert load_standard() is standard
    with pytest.raises(ValidationError, match="frozen"):
        standard.school_rule.required = 5


@pytest.mark.parametrize(
    ("indicator", "stage", "message"),
    [
        ("L8", "primary", "'L8' is not one of L1, L2"),
        ("L1", "senior", "'senior' is not one of primary, junior.$"),
    ],
)
def test_an_unknown_name_is_named(indicator: str, stage: str, message: str) -> None:
    with pytest.raises(KeyError, match=message):
        load_standard().threshold(indicator, stage)


def standard_with(**changes: Any) -> dict[str, Any]:
    return load_standard().model_dump() | changes


def test_a_reference_must_name_a_document() -> None:
    rule = load_standard().school_rule.model_dump() | {"reference": "某文件 第1条"}
    with pytest.raises(ValidationError, match="unknown document: 某文件 第1条"):
        Standard.model_validate(standard_with(school_rule=rule))
    rows = [item.model_dump() for item in load_standard().indicators]
    rows[2]["reference"] = "某文件"
    with pytest.raises(ValidationError, match="unknown document: 某文件"):
        Standard.model_validate(standard_with(indicators=rows))


def test_a_standard_must_be_whole() -> None:
    rows = [item.model_dump() for item in load_standard().indicators]
    with pytest.raises(ValidationError, match="occurs twice: L1, L2, L3, L4, L5, L6, L7, L1"):
        Standard.model_validate(standard_with(indicators=[*rows, rows[0]]))
    with pytest.raises(ValidationError, match="6 indicators required of 5"):
        Standard.model_validate(standard_with(indicators=rows[:5]))
    with pytest.raises(ValidationError, match="Extra inputs"):
        Standard.model_validate(standard_with(class_sizes=1))


def test_a_retirement_law_must_start_with_its_reform() -> None:
    law = load_retirement_law().model_dump(mode="json")
    for rule in law["categories"].values():
        rule["delay"]["first_birth"] = "1965-01"
    with pytest.raises(ValidationError, match="born 1965-01 reaches the old age in 2020-01"):
        RetirementLaw.model_validate(law)


def test_a_retirement_law_must_have_every_category() -> None:
    law = load_retirement_law()
    part = {"male": law.categories["male"]}
    with pytest.raises(ValidationError, match="categories must be male, female60"):
        RetirementLaw.model_validate(
            {"documents": law.documents, "categories": part, "flexible": law.flexible}
        )


@pytest.mark.parametrize(("required", "is_possible"), [(7, True), (8, False)])
def test_all_seven_indicators_can_be_required_but_not_eight(required, is_possible):
    written = load_standard().model_dump(mode="json")
    written["school_rule"]["required"] = required
    if is_possible:
        assert Standard.model_validate(written).school_rule.required == 7
    else:
        with pytest.raises(ValidationError, match="8 indicators required of 7"):
            Standard.model_validate(written)
