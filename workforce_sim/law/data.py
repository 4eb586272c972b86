"""How the law is kept: dated values, each with the document it comes from."""

from __future__ import annotations

import datetime as dt
from importlib import resources
from typing import Self, TypeVar

from pydantic import BaseModel, ConfigDict, model_validator
from ruamel.yaml import YAML


class LawModel(BaseModel):
    """Frozen; a key that is not known is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Document(LawModel):
    """A legal text, or a kind of them: title, what it is in English, and the day of issue."""

    title: str
    en: str
    issued: dt.date | None = None


class Cited(LawModel):
    """One or several values with their source.

    Attributes
    ----------
    reference : str
        The key of a document of the same file and, after a space, the place in it.
    """

    reference: str


class LawFile(LawModel):
    """A file of law; every reference in it names one of its documents."""

    documents: dict[str, Document]

    @model_validator(mode="after")
    def _references_are_known(self) -> Self:
        for reference in _references(self):
            if reference.split(" ")[0] not in self.documents:
                raise ValueError(f"reference to an unknown document: {reference}")
        return self


def _references(value: object) -> list[str]:
    own = [value.reference] if isinstance(value, Cited) else []
    if isinstance(value, BaseModel):
        parts = [part for _, part in value]
    elif isinstance(value, dict):
        parts = list(value.values())
    elif isinstance(value, tuple):
        parts = list(value)
    else:
        parts = []
    return own + [reference for part in parts for reference in _references(part)]


FileT = TypeVar("FileT", bound=LawFile)


def read_law(name: str, model: type[FileT]) -> FileT:
    """Read the file ``name`` of this package and check it against ``model``."""
    text = (resources.files("workforce_sim.law") / name).read_text(encoding="utf-8")
    return model.model_validate(YAML(typ="safe", pure=True).load(text))
