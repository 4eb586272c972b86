"""What may stand at a place of an input: a walk through the types of a model's fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from workforce_sim.scenario.forms import ByYear


def alternatives(annotation: Any) -> Iterator[Any]:
    """Yield the types that an annotation allows: the members of its unions, without metadata."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from alternatives(get_args(annotation)[0])
    elif origin in (Union, UnionType):
        for member in get_args(annotation):
            yield from alternatives(member)
    else:
        yield annotation


def types_at(model: type[BaseModel], path: Sequence[Any]) -> list[Any]:
    """Return the types that may stand at ``path`` (a sequence of keys) of ``model``."""
    types: list[Any] = [model]
    for key in path:
        types = [inner for kind in types for inner in _inside(kind, key)]
    return types


def _inside(kind: Any, key: Any) -> Iterator[Any]:
    origin, arguments = get_origin(kind), get_args(kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        if key in kind.model_fields:
            yield from alternatives(kind.model_fields[key].annotation)
    elif origin is dict:
        yield from alternatives(arguments[1])
    elif origin in (tuple, list):
        yield from alternatives(arguments[0])


def is_free_map(model: type[BaseModel], path: Sequence[Any]) -> bool:
    """Say whether ``path`` is a mapping whose keys its author chooses, such as rows or years."""
    return any(get_origin(kind) is dict or kind is ByYear for kind in types_at(model, path))


def models_at(model: type[BaseModel], path: Sequence[Any], value: Any) -> list[type[BaseModel]]:
    """Return the models that may stand at ``path``; a distribution's if ``value`` names it."""
    models = [k for k in types_at(model, path) if isinstance(k, type) and issubclass(k, BaseModel)]
    named = [m for m in models if isinstance(value, dict) and _dist(m) == value.get("dist", ...)]
    return named or models


def field_at(model: type[BaseModel], path: Sequence[Any], key: Any, value: Any) -> FieldInfo | None:
    """Return the field ``key`` of the model at ``path``, where ``value`` stands."""
    for found in models_at(model, path, value):
        if key in found.model_fields:
            return found.model_fields[key]
    return None


def _dist(model: type[BaseModel]) -> str | None:
    field = model.model_fields.get("dist")
    return None if field is None else get_args(field.annotation)[0]
