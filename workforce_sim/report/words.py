"""The catalogue of words, ``words.yaml``: every word a report shows, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

from ruamel.yaml import YAML

from workforce_sim.law import load_retirement_law, load_standard

LANGUAGES = ("zh", "en")


class Words:
    """The words of one language: ``words("stage.primary")``.

    Parameters
    ----------
    language : "zh" or "en"
        The language; ValueError for any other.
    """

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise ValueError(f"language {language!r} is not one of {', '.join(LANGUAGES)}")
        self.language = language

    def __call__(self, key: str, **filled: object) -> str:
        """Return the words of ``key``, its braces filled in; KeyError if there is no such key."""
        section, _, name = key.partition(".")
        text = catalogue()[section][name][self.language]
        return text.format(**filled) if filled else text

    def origin(self, provenance: Mapping[str, Any]) -> str:
        """Return the line that names the law, the seed and the number of replications."""
        return self(
            "term.law",
            retirement=load_retirement_law().version,
            standard=load_standard().version,
            seed=provenance["seed"],
            n=provenance["replications"],
        )

    def listed(self, section: str, keys: Iterable[str]) -> str:
        """Return the words of several keys of a section, as a list."""
        return self("mark.list").join(self(f"{section}.{key}") for key in keys)


@cache
def catalogue() -> dict[str, dict[str, dict[str, str]]]:
    """Return the whole catalogue: section, name, language, text."""
    text = (resources.files("workforce_sim.report") / "words.yaml").read_text(encoding="utf-8")
    words: dict[str, dict[str, dict[str, str]]] = YAML(typ="safe", pure=True).load(text)
    return words
