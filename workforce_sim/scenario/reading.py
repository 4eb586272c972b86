"""Reading YAML files (version 1.2, UTF-8): plain values, and the line of each."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel
from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode
from ruamel.yaml.reader import ReaderError

from workforce_sim.scenario.errors import InputError, Problem
from workforce_sim.scenario.lines import Lines, Place, join
from workforce_sim.scenario.validation import validate

M = TypeVar("M", bound=BaseModel)


@dataclass
class Written:
    """What a file says: plain mappings, lists and scalars, and where each was written."""

    data: dict[Any, Any]
    lines: Lines


class _Constructor(SafeConstructor):
    """Dates stay text, as in YAML 1.2: the model that wants one says what is wrong with it."""


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", SafeConstructor.construct_yaml_str)


def read_yaml(path: str | Path, model: type[M]) -> M:
    """Read a YAML file into a pydantic model.

    Parameters
    ----------
    path : path
    model : subclass of pydantic.BaseModel

    Returns
    -------
    model

    Raises
    ------
    InputError
        With everything that is wrong with the file.
    """
    written = read_mapping(path)
    return validate(model, written.data, written.lines)


def read_mapping(path: str | Path) -> Written:
    """Read a YAML file whose top level is a mapping.

    Raises
    ------
    InputError
        If there is no such file, or it is not UTF-8, not YAML, empty or no mapping.
    """
    path = Path(path)
    file = str(path)
    text = _text(path)
    yaml = _yaml()
    try:
        node = yaml.compose(text)
        if node is None:
            raise InputError([Problem(file, None, "", "the file is empty")])
        if problems := list(_keys_twice(node, file)):
            raise InputError(problems)
        data = yaml.constructor.construct_document(node)
        if not isinstance(data, dict):
            line = node.start_mark.line + 1
            message = f"the file must consist of `key: value` lines{_colon_hint(text, line)}"
            raise InputError([Problem(file, line, "", message)])
        places = dict(_places(yaml, node, file, ""))
    except YAMLError as error:
        raise InputError([_broken(file, error, text)]) from None
    except RecursionError:
        message = (
            "an alias (*name) stands inside of what it names, or the file is nested too deeply"
        )
        raise InputError([Problem(file, None, "", message)]) from None
    root = Place(file, node.start_mark.line + 1)
    return Written(data, Lines({"": root, **places}))


def parse_value(text: str) -> Any:
    """Return the value that ``text`` has in a YAML file.

    Raises
    ------
    ValueError
        If it is no YAML; the message says why.
    """
    try:
        return _yaml().load(text)
    except YAMLError as error:
        raise ValueError(_broken("", error, text).message) from None


def _yaml() -> YAML:
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = _Constructor
    return yaml


def _text(path: Path) -> str:
    file = str(path)
    try:
        if path.is_dir():  # Windows would call it a matter of permission
            raise InputError([Problem(file, None, "", "is a folder; a YAML file is expected")])
        raw = path.read_bytes()
    except FileNotFoundError:
        raise InputError([Problem(file, None, "", "there is no such file")]) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError([Problem(file, None, "", f"cannot be read: {reason}")]) from None
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = "the file is not UTF-8; save it as UTF-8"
        raise InputError([Problem(file, line, "", message)]) from None


def _keys_twice(node: Node, file: str) -> Iterator[Problem]:
    """Find keys that a mapping has twice."""
    seen: set[int] = set()  # a node that an alias (*name) names again is looked at once

    def look(node: Node, path: str) -> Iterator[Problem]:
        if id(node) in seen:
            return
        seen.add(id(node))
        if isinstance(node, SequenceNode):
            for position, item in enumerate(node.value):
                yield from look(item, join(path, position))
        elif isinstance(node, MappingNode):
            first: dict[tuple[str, str], int] = {}
            for key, value in node.value:
                where, line = join(path, key.value), key.start_mark.line + 1
                name = key.tag, str(key.value)
                if name in first:
                    message = f"the key is already in line {first[name]}"
                    yield Problem(file, line, where, message)
                first.setdefault(name, line)
                yield from look(value, where)

    return look(node, "")


def _places(yaml: YAML, node: Node, file: str, path: str) -> Iterator[tuple[str, Place]]:
    """Yield the place of everything below ``node``, whose merge keys have been resolved."""
    if isinstance(node, SequenceNode):
        for position, item in enumerate(node.value):
            where = join(path, position)
            yield where, Place(file, item.start_mark.line + 1)
            yield from _places(yaml, item, file, where)
    elif isinstance(node, MappingNode):
        for key, value in node.value:
            where = join(path, yaml.constructor.construct_object(key, deep=True))
            yield where, Place(file, key.start_mark.line + 1)
            yield from _places(yaml, value, file, where)


def _broken(file: str, error: YAMLError, text: str) -> Problem:
    """Say in which line a text stops being YAML, and why."""
    if isinstance(error, ReaderError):
        line = text.count("\n", 0, error.position) + 1
        message = f"a character that no YAML file may have: U+{error.character:04X}"
        return Problem(file, line, "", message)
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        return Problem(file, None, "", f"not valid YAML: {error}")
    line = error.problem_mark.line + 1
    begun = ""
    if error.context_mark is not None and error.context_mark.line + 1 != line:
        if error.context == "while scanning a simple key":  # it is noticed a line too late
            line = error.context_mark.line + 1
        else:
            begun = f" ({error.context}, begun in line {error.context_mark.line + 1})"
    problem = str(error.problem)
    if r"'\t'" in problem:
        hint = "; indent with spaces, not with tabs"
    elif "<block end>" in problem or "not allowed here" in problem:
        hint = "; check the indentation of this line"
    else:
        hint = _colon_hint(text, line)
    return Problem(file, line, "", f"not valid YAML: {problem}{begun}{hint}")


def _colon_hint(text: str, line: int) -> str:
    lines = text.splitlines()
    written = lines[line - 1] if line <= len(lines) else ""
    if "：" in written:
        return "; after a key stands a half-width colon `:` and a space, not `：`"
    if ":" in written and ": " not in written:
        return "; after the colon of a key stands a space"
    return ""
