"""Where each value of an input was written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from workforce_sim.scenario.errors import Problem

SEPARATOR = "."


class Place(NamedTuple):
    """A file, as its author named it, and a line of it counted from 1."""

    file: str
    line: int | None


NOWHERE = Place("", None)


def join(*keys: object) -> str:
    """Return the dotted path of ``keys``, such as ``backbone.places``; the first may be empty."""
    return SEPARATOR.join(str(key) for key in keys if key != "")


class Lines:
    """The place of each dotted path of an input; ``""`` is the place of the whole.

    Parameters
    ----------
    places : mapping of dotted path to Place
    """

    def __init__(self, places: Mapping[str, Place] | None = None) -> None:
        self.places = dict(places or {})

    def __eq__(self, other: object) -> bool:
        # Where a scenario was written makes it no other scenario.
        return isinstance(other, Lines)

    __hash__ = None  # type: ignore[assignment]

    def at(self, path: str) -> Place:
        """Return the place of ``path``, or of the nearest part around it that was written."""
        while path and path not in self.places:
            path = path.rpartition(SEPARATOR)[0]
        return self.places.get(path, NOWHERE)

    def problem(self, path: str, message: str) -> Problem:
        """Return a problem with what stands at ``path``."""
        place = self.at(path)
        return Problem(place.file, place.line, path, message)

    def below(self, path: str) -> Lines:
        """Return the lines of what stands at ``path``, as if it were the whole."""
        start = path + SEPARATOR
        inside = {
            key.removeprefix(start): p for key, p in self.places.items() if key.startswith(start)
        }
        return Lines({"": self.at(path), **inside})

    def put(self, path: str, lines: Lines) -> None:
        """Let ``lines`` tell the places of what stands at ``path`` from now on."""
        self.remove(path)
        self.places.update({join(path, key): place for key, place in lines.places.items()})

    def remove(self, path: str) -> None:
        """Forget what stands at ``path``."""
        start = path + SEPARATOR
        self.places = {
            key: place
            for key, place in self.places.items()
            if key != path and not key.startswith(start)
        }

    def keep(self, path: str, positions: Iterable[int]) -> None:
        """Keep these entries of the list at ``path``, which move up."""
        lists = [self.below(join(path, position)) for position in positions]
        whole = self.at(path)
        self.remove(path)
        self.places[path] = whole
        for position, lines in enumerate(lists):
            self.put(join(path, position), lines)
