"""The JSON Schema accepts what loads, refuses what does not; the published one is current."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.scenario.files import HEAD, write
from workforce_sim.scenario.json_schema import scenario_schema
from workforce_sim.scenario.reading import read_mapping

ROOT = Path(__file__).parents[2]


def as_editors_see(path: Path) -> Any:
    """Return a file's values as JSON has them: every key is text."""
    return json.loads(json.dumps(read_mapping(path).data))


def errors(folder: Path, text: str) -> list[str]:
    data = as_editors_see(write(folder, HEAD + dedent(text)))
    return [e.json_path for e in Draft202012Validator(scenario_schema()).iter_errors(data)]


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(scenario_schema())
    assert scenario_schema()["title"] == "A scenario of workforce_sim"


def test_the_published_schema_is_current() -> None:
    published = (ROOT / "docs/schema/scenario.schema.json").read_text(encoding="utf-8")
    assert json.loads(published) == scenario_schema(), "run `make schema`"


def test_the_shipped_scenario_fits() -> None:
    data = as_editors_see(ROOT / "configs/yangcheng/scenario.yaml")
    assert list(Draft202012Validator(scenario_schema()).iter_errors(data)) == []


@pytest.mark.parametrize(
    "text",
    [
        "years: 2021\nbackbone: {places: 3, term_years: null}",
        "backbone: {places: {2021: 3, later: 4}, renewed_share: {dist: beta, a: 1, b: 2}}",
        "enrolment: {survival: {6: 0.9}, entrants: {births: {2014: 3.5}}, trend_per_year: -0.1}",
        "network: [{date: 2021-08-01, close: [A], into: nearest}]\ndates: {census: 09-01}",
        "degrees: {a: {ages: [0, 40], share_per_year: 0.1}}\nreplacement: {counted: [death]}",
    ],
)
def test_what_loads_fits(tmp_path: Path, text: str) -> None:
    assert errors(tmp_path, text.replace("years: 2021\n", "")) == []


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("plcaes: 3", "$"),
        ("backbone: {plcaes: 3}", "$.backbone"),
        ("backbone: {places: {2021: 3, latr: 4}}", "$.backbone.places"),
        ("backbone: {places: -1}", "$.backbone.places"),
        ("rotation: {share: 1.4}", "$.rotation.share"),
        ("rotation: {share: {dist: normal, mean: 1, sd: -1}}", "$.rotation.share"),
        ("rotation: {share: {dist: nomal, mean: 1}}", "$.rotation.share"),
        ("enrolment: {level: -1}", "$.enrolment.level"),
        ("enrolment: {survival: {six: 1}}", "$.enrolment.survival"),
        ("dates: {census: 13-01}", "$.dates.census"),
        ("title: 3", "$.title"),
    ],
)
def test_what_does_not_load_does_not_fit(tmp_path: Path, text: str, path: str) -> None:
    assert errors(tmp_path, text) == [path]


def test_everything_an_author_writes_is_described() -> None:
    schema = scenario_schema()
    bare = [
        f"{name}.{key}"
        for name, definition in {"": schema, **schema["$defs"]}.items()
        for key, field in definition.get("properties", {}).items()
        if "description" not in field
        and "description" not in schema["$defs"].get(field.get("$ref", "").rpartition("/")[2], {})
    ]
    parameters = {"low", "mode", "high", "mean", "sd", "median", "sigma", "a", "b", "dist"}
    assert [path for path in bare if path.partition(".")[2] not in parameters] == []
    text = json.dumps(schema["$defs"], ensure_ascii=False)
    assert "2021-2025" in text
    assert "{2021: 28, later: 20}" in text
    assert "normal, lognormal, uniform, triangular, pert, beta" in text
