"""A fingerprint of what an input says, however it was written down."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

LABELS = ("source", "sources")
"""Fields of a section that say where its figures come from, and change no result."""


def digest(model: BaseModel) -> str:
    """Return the SHA-256 (hex) of the canonical JSON of ``model``.

    Defaults are part of it. The layout of the file, the order of keys and labels of sources are
    not.
    """
    text = json.dumps(_plain(model), sort_keys=True, ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        return {name: _plain(getattr(value, name)) for name in fields if name not in LABELS}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)  # dates
