"""The JSON Schema of a scenario file, with which editors complete and check it."""

from __future__ import annotations

from typing import Any

from pydantic import AfterValidator
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from workforce_sim.scenario.digest import LABELS
from workforce_sim.scenario.quantity import DISTRIBUTIONS, Amount, Factor, Rate, Share
from workforce_sim.scenario.schema import Scenario

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MARK = "x-quantity"

QUANTITIES: dict[str, tuple[Any, dict[str, float], str]] = {
    "Share": (Share, {"minimum": 0, "maximum": 1}, "A share between 0 and 1"),
    "Factor": (Factor, {"minimum": 0, "maximum": 10}, "A factor between 0 and 10"),
    "Rate": (Rate, {"minimum": -1, "maximum": 1}, "A relative change a year, between -1 and 1"),
    "Amount": (Amount, {"minimum": 0}, "An amount, 0 or more"),
}
"""Kinds of quantities: the type, the limits of a number of that kind, and what it is."""


def scenario_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a scenario file."""
    schema = Scenario.model_json_schema(schema_generator=_Generator)
    definitions = schema.pop("$defs")
    distributions = [
        {"$ref": f"#/$defs/{name}"}
        for name, definition in definitions.items()
        if "dist" in definition.get("properties", {})
    ]
    definitions = {name: _tidy(definition) for name, definition in definitions.items()}
    for name, (_, limits, about) in QUANTITIES.items():
        definitions[name] = {
            "description": f"{about}: a number, or a distribution of which each replication draws "
            f"one value; `dist` is one of {', '.join(DISTRIBUTIONS)}.",
            "anyOf": [{"type": "number", **limits}, *distributions],
        }
    return {
        "$schema": DIALECT,
        **_tidy(schema),
        "title": "A scenario of workforce_sim",
        "$defs": dict(sorted(definitions.items())),
    }


class _Generator(GenerateJsonSchema):
    """Tells what pydantic's own generator does not know: kinds of quantities, and whole keys."""

    def function_after_schema(
        self, schema: core_schema.AfterValidatorFunctionSchema
    ) -> JsonSchemaValue:
        result = super().function_after_schema(schema)
        kind = _KINDS.get(schema["function"]["function"])
        return result if kind is None else {**result, MARK: kind}

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        result = super().dict_schema(schema)
        if schema.get("keys_schema", {}).get("type") == "int":
            result["propertyNames"] = {"pattern": "^[0-9]+$"}
        return result

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


_KINDS = {
    check.func: name
    for name, (kind, _, _) in QUANTITIES.items()
    for check in kind.__metadata__
    if isinstance(check, AfterValidator)
}


def _tidy(schema: Any) -> Any:
    """Refer to the kinds of quantities by name, and say where defaults come from."""
    if isinstance(schema, list):
        return [_tidy(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    tidy = {key: _tidy(part) for key, part in schema.items() if key != "default"}
    if MARK in schema:
        del tidy["oneOf"]
        tidy["$ref"] = f"#/$defs/{tidy.pop(MARK)}"
    if isinstance(schema.get("description"), str):
        tidy["description"] = " ".join(schema["description"].replace("``", "`").split())
    if isinstance(schema.get("source"), str):
        tidy["description"] += f" (Default: {tidy.pop('source')}.)"
    if "default" in schema:
        tidy["default"] = _default(schema["default"])
    return tidy


def _default(value: Any) -> Any:
    """Return a default as one would write it."""
    if not isinstance(value, dict):
        return value
    if value.keys() == {"years", "later"}:
        return value["years"] or value["later"]
    return {key: _default(part) for key, part in value.items() if key not in LABELS}
