"""The catalogue of words: every word an officer sees, in Chinese and in English.

One file here for each room that speaks; together they are one catalogue. Where all seven indicators
are looked at, a school that has not failed passes: words that are then others stand in a section of
their own, ``verdict_whole`` beside ``verdict``.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any, Protocol

from ruamel.yaml import YAML

LANGUAGES = ("zh", "en")


class Told(Protocol):
    """What is told in words: a projection or another study."""

    @property
    def provenance(self) -> dict[str, Any]:
        """Where it comes from; ``indicators_not_looked_at`` among it."""


class Words:
    """The words of one language: ``words("stage.primary")``.

    Parameters
    ----------
    language : "zh" or "en"
        The language; ValueError for any other.
    whole : bool
        Whether what is told looks at all seven indicators, so that a county can pass.
    """

    def __init__(self, language: str, whole: bool = False) -> None:
        if language not in LANGUAGES:
            raise ValueError(f"language {language!r} is not one of {', '.join(LANGUAGES)}")
        self.language, self.whole = language, whole

    def about(self, told: Told) -> Words:
        """Return the words in which this is told."""
        return Words(self.language, whole=not told.provenance["indicators_not_looked_at"])

    def __call__(self, key: str, **filled: object) -> str:
        """Return the words of ``key``, its braces filled in; KeyError if there is no such key."""
        section, _, name = key.partition(".")
        texts = catalogue()
        whole = texts.get(f"{section}_whole", {}) if self.whole else {}
        text = whole.get(name, texts[section][name])[self.language]
        return text.format(**filled) if filled else text

    def listed(self, section: str, keys: Iterable[str]) -> str:
        """Return the words of several keys of a section, as a list."""
        return self("mark.list").join(self(f"{section}.{key}") for key in keys)


@cache
def catalogue() -> dict[str, dict[str, dict[str, str]]]:
    """Return the whole catalogue: section, name, language, text.

    A section may stand in several files, a word only in one: ValueError otherwise.
    """
    words: dict[str, dict[str, dict[str, str]]] = {}
    files = [file for file in resources.files(__name__).iterdir() if file.name.endswith(".yaml")]
    for file in sorted(files, key=lambda file: file.name):
        part = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
        for section, texts in part.items():
            known = words.setdefault(section, {})
            if twice := known.keys() & texts.keys():
                raise ValueError(f"{file.name}: {section} already has {', '.join(sorted(twice))}")
            known.update(texts)
    return words
