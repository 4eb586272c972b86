"""Checking written values against a pydantic model; what does not fit is told in plain English."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from workforce_sim.scenario.errors import InputError, Problem
from workforce_sim.scenario.fields import field_at, models_at
from workforce_sim.scenario.lines import Lines, join

M = TypeVar("M", bound=BaseModel)

_DATE = "a date such as 2021-08-01"
_MAPPING = "a mapping (`key: value`)"
_EXPECTED = {
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "string_type": "text (in quotes, if it looks like a number)",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "dict_type": _MAPPING,
    "mapping_type": _MAPPING,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "list_type": "a list",
    "tuple_type": "a list",
    "greater_than": "more than {gt:g}",
    "greater_than_equal": "{ge:g} or more",
    "less_than": "less than {lt:g}",
    "less_than_equal": "{le:g} or less",
    "literal_error": "{expected}",
    "string_pattern_mismatch": "text that matches {pattern}",
    "string_too_short": "text that is not empty",
    "too_short": "a list of {min_length} or more",
    "too_long": "a list of {max_length} or fewer",
}
"""pydantic's types of errors, and what each says was expected."""

EXPECTED = ("expected", "quantity")
"""Our own types of errors whose message is what was expected."""


def validate(model: type[M], data: Mapping[Any, Any], lines: Lines) -> M:
    """Return ``data`` as a ``model``.

    Raises
    ------
    InputError
        With everything that does not fit, in the order of the file.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        found = [_Finding.of(details, data) for details in error.errors(include_url=False)]
        problems = {p: None for p in _told(found, model, data, lines)}
        raise InputError(sorted(problems, key=lambda p: (p.file, p.line or 0))) from None


def nearest(name: object, known: Iterable[object]) -> str:
    """Return ``; did you mean 'places'?``, or nothing where no known name is near."""
    near = difflib.get_close_matches(str(name), [str(k) for k in known], n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else ""


def describe(value: Any) -> str:
    """Return a short text for a value that was found."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return f"a distribution {value['dist']!r}" if "dist" in value else "a mapping"
    if isinstance(value, str):
        return repr(value if len(value) <= 60 else value[:57] + "...")
    if isinstance(value, Sequence):
        return "a list"
    if isinstance(value, dt.date):
        return value.isoformat()
    return f"{value!r}"


@dataclass(frozen=True)
class _Finding:
    """An error of pydantic, laid on the data.

    Attributes
    ----------
    details : ErrorDetails
    path : tuple
        Keys of the data.
    rest : tuple
        What pydantic's place has besides, at its end: a missing key, or the member of a union.
    union : tuple or None
        Path of the untagged union among whose members this error arose, and which member.
    """

    details: ErrorDetails
    path: tuple[Any, ...]
    rest: tuple[Any, ...]
    union: tuple[tuple[Any, ...], Any] | None

    @classmethod
    def of(cls, details: ErrorDetails, data: Any) -> _Finding:
        path: list[Any] = []
        rest: list[Any] = []
        union = None
        for key in details["loc"]:
            is_key = isinstance(data, Mapping) and key in data
            is_position = (
                isinstance(data, list | tuple) and isinstance(key, int) and key < len(data)
            )
            if (is_key or is_position) and rest[-1:] != ["[key]"]:
                path.append(key)
                data = data[key]
                rest = []
            else:
                if isinstance(key, str) and "[" in key and key != "[key]" and union is None:
                    union = tuple(path), key
                rest.append(key)
        return cls(details, tuple(path), tuple(rest), union)

    @property
    def type(self) -> str:
        return self.details["type"]

    @property
    def value(self) -> Any:
        return self.details["input"]

    @property
    def is_about_key(self) -> bool:
        return self.rest[-1:] == ("[key]",)

    @property
    def is_inside(self) -> bool:
        """Whether the value has the shape of the union's member, and the error lies inside it."""
        deeper = self.union is not None and len(self.path) > len(self.union[0])
        return deeper or self.is_about_key or self.type == "value_error"


def _told(
    found: list[_Finding], model: type[BaseModel], data: Any, lines: Lines
) -> Iterator[Problem]:
    by_union = groupby(found, key=lambda f: f.union[0] if f.union else None)
    for at, group in by_union:
        findings = list(group)
        members = {f.union[1] for f in findings if f.union}
        if at is None or len(members) == 1:
            chosen = findings
        else:
            chosen = [f for f in findings if f.is_inside]
        for finding in chosen:
            yield lines.problem(*_problem(finding, model, data))
        if not chosen:
            message = _mismatch(findings[0].value, [_expected(f) for f in findings])
            yield lines.problem(join(*findings[0].path), message)


def _problem(finding: _Finding, model: type[BaseModel], data: Any) -> tuple[str, str]:
    """Return the dotted path and the message of a problem."""
    path, value = finding.path, finding.value
    around = path[:-1]
    where = join(*path)
    if finding.type == "missing":
        key = finding.rest[-1]
        here = _value_at(data, path)
        if isinstance(here, list):
            return where, "the list is too short"
        field = field_at(model, path, key, here)
        about = f": {field.description}" if field and field.description else ""
        return join(where, key), f"is missing{about}"
    if finding.type == "invalid_key" and not path:
        return where, "a key is empty, expected text"
    if finding.type in ("extra_forbidden", "invalid_key"):
        models = models_at(model, around, _value_at(data, around))
        known = [name for found in models for name in found.model_fields]
        return where, _unknown(path[-1], known)
    if finding.is_about_key:
        expected = _expected(finding)
        options = _quoted(expected)
        if options:
            return where, _unknown(path[-1], options)
        return where, f"the key is {describe(value)}, expected {expected}"
    if finding.type == "value_error":
        message = str(finding.details["ctx"]["error"])
        if not finding.rest and _is_quantity(value):
            return where, _mismatch(value, [message])
        field_name, colon, words = message.partition(": ")
        here = models_at(model, path, value)
        if colon and any(field_name in found.model_fields for found in here):
            return join(where, field_name), words
        is_scalar = isinstance(value, str) or not isinstance(value, Mapping | Sequence)
        return where, f"{message} (found {describe(value)})" if is_scalar else message
    return where, _mismatch(value, [_expected(finding)])


def _expected(finding: _Finding) -> str:
    if finding.type in EXPECTED:
        return finding.details["msg"]
    if finding.type not in _EXPECTED:
        message = finding.details["msg"].removeprefix("Value error, ")
        return message[:1].lower() + message[1:]
    return _EXPECTED[finding.type].format(**finding.details.get("ctx", {}))


def _mismatch(value: Any, expected: list[str]) -> str:
    options = [option for words in expected for option in _quoted(words)]
    hint = nearest(value, options) if isinstance(value, str) else ""
    if isinstance(value, str) and re.fullmatch(r"[0-9]+(\.[0-9]+)? *[%％]", value):
        hint = f"; write {float(value.rstrip(' %％')) / 100:g} for {value}"
    elif isinstance(value, str) and "a list" in expected:
        hint = hint or f"; write [{value}]"
    elif isinstance(value, Mapping) and "dist" in value:
        hint = nearest(value["dist"], re.findall(r"[a-z]+", expected[0].partition("dist:")[2]))
    return f"found {describe(value)}, expected {' or '.join(expected)}{hint}"


def _unknown(key: object, known: Iterable[object]) -> str:
    known = list(dict.fromkeys(known))
    hint = nearest(key, known) or f"; the keys here are {', '.join(map(str, known))}"
    return f"unknown key {str(key)!r}{hint}"


def _quoted(words: str) -> list[str]:
    return re.findall(r"'([^']*)'", words)


def _value_at(data: Any, path: Iterable[Any]) -> Any:
    for key in path:
        data = data[key]
    return data


def _is_quantity(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number or (isinstance(value, Mapping) and "dist" in value)
