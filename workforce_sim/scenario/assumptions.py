"""What a scenario assumes: every figure and option in effect, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from workforce_sim.scenario.digest import LABELS
from workforce_sim.scenario.forms import ByYear, Section
from workforce_sim.scenario.lines import Lines, join
from workforce_sim.scenario.quantity import Distribution
from workforce_sim.scenario.schema import NetworkEvent, Scenario

NAMES = ("name", "about", "title", "title_en", "county")
DATA = ("enrolment.entrants.births", "costs.per_unit")
"""Figures that are data: listed as one assumption, and never sampled."""
COUNTED_ON = ("duties", "costs")
"""Sections that no rule of the simulation reads: what comes after it is counted by them."""


@dataclass(frozen=True)
class Assumption:
    """A figure or an option in effect.

    Attributes
    ----------
    path : str
        Its dotted path.
    value : str
        Its value as text.
    source : str
        Where it comes from: the label that its author gave it; for defaults ``law``, ``plan``,
        ``found``, ``recalled``, ``computed``, ``assumed`` or ``design``; for what was written
        without a label ``scenario``, ``variant`` or the option of the command line.
    default : bool
        Whether nobody wrote it.
    """

    path: str
    value: str
    source: str
    default: bool


def quantities(scenario: Scenario) -> dict[str, float | Distribution]:
    """Return every numeric assumption that a rule has, by its dotted path, in the order of these.

    Whole numbers (places, ages, months) are settings, not quantities; births, and what a network
    event says, are data.
    """
    return dict(
        sorted(
            found
            for name, section in _parts(scenario)
            if name not in COUNTED_ON
            for found in _quantities(section, name)
        )
    )


def _quantities(value: Any, path: str) -> Iterator[tuple[str, float | Distribution]]:
    if isinstance(value, float | Distribution):
        yield path, value
    elif path not in DATA:
        for key, part in _parts(value):
            yield from _quantities(part, join(path, key))


def numbers(scenario: Scenario) -> dict[str, Any]:
    """Return every number that a rule has, by its dotted path: what a policy can set.

    The quantities, whole numbers, and numbers by year (`ByYear`); no dates and no data.
    """
    whole = {
        path: value
        for name, section in _parts(scenario)
        if name not in (*NAMES, *COUNTED_ON, "years", "judged_year", "network")
        for path, value in _whole(section, name)
    }
    return dict(sorted({**whole, **quantities(scenario)}.items()))


def _whole(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, ByYear) or (isinstance(value, int) and not isinstance(value, bool)):
        yield path, value
    elif path not in DATA and not isinstance(value, Distribution):
        for key, part in _parts(value):
            yield from _whole(part, join(path, key))


def assumptions(scenario: Scenario) -> list[Assumption]:
    """Return every figure and option in effect, in the order of the schema."""
    lines = scenario._lines
    return [
        assumption
        for name, value in _parts(scenario)
        if name not in NAMES
        for assumption in _assumptions(value, name, [_Step(scenario, "", name)], lines)
    ]


@dataclass(frozen=True)
class _Step:
    """A field on the way to a figure: the section it is a field of, and that section's path."""

    section: BaseModel
    path: str
    field: str

    @property
    def is_written(self) -> bool:
        return self.field in self.section.model_fields_set

    @property
    def default_source(self) -> str | None:
        extra = type(self.section).model_fields[self.field].json_schema_extra
        return str(extra["source"]) if isinstance(extra, dict) and "source" in extra else None


def _assumptions(value: Any, path: str, steps: list[_Step], lines: Lines) -> Iterator[Assumption]:
    if isinstance(value, Section):
        for name, part in _parts(value):
            step = _Step(value, path, name)
            yield from _assumptions(part, join(path, name), [*steps, step], lines)
    elif isinstance(value, Mapping) and path not in DATA and _is_rows(value):
        for key, row in _parts(value):
            yield from _assumptions(row, join(path, key), steps, lines)
    elif isinstance(value, tuple) and any(isinstance(part, Section) for part in value):
        for position, part in enumerate(value):
            yield from _assumptions(part, join(path, position), steps, lines)
    else:
        written = all(step.is_written for step in steps)
        source = _written_source(path, steps, lines) if written else _default_source(steps)
        yield Assumption(path, text(value), source, not written)


def _is_rows(value: Mapping[Any, Any]) -> bool:
    return any(isinstance(row, Section | Distribution | float) for row in value.values())


def _default_source(steps: list[_Step]) -> str:
    """Return the label of a default: the innermost that the schema gives."""
    # Where a whole section is a default, its figures are the default of that section.
    first = next(n for n, step in enumerate(steps) if not step.is_written)
    labels = [step.default_source for step in steps]
    inner = [label for label in labels[first:] if label]
    outer = [label for label in labels[:first] if label]
    return inner[-1] if inner else (outer[-1] if outer else "assumed")


def _written_source(path: str, steps: list[_Step], lines: Lines) -> str:
    """Return the label of what was written: the nearest one, given in the same file.

    A label in another file belongs to another value, which a variant has replaced.
    """
    file = lines.at(path).file
    for step in reversed(steps):
        section = step.section
        if not isinstance(section, Section):
            continue
        for key, label in (
            (join("sources", step.field), section.sources.get(step.field)),
            ("source", section.source),
        ):
            if label is not None and lines.at(join(step.path, key)).file == file:
                return label
    if file.startswith("--"):
        return file
    return "scenario" if file == lines.at("").file else "variant"


def _parts(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a section that say something, or the entries of a mapping."""
    if isinstance(value, NetworkEvent):
        names = ("date", "open") if value.open is not None else ("date", "close", "into")
        yield from ((name, getattr(value, name)) for name in names)
    elif isinstance(value, Section):
        yield from ((name, part) for name, part in value if name not in LABELS)
    elif isinstance(value, Mapping):
        yield from ((str(key), part) for key, part in value.items())


def text(value: Any) -> str:
    """Return a value as a short text, in the words of the scenario file."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, Distribution):
        parts = {name: part for name, part in value if name != "dist" and part is not None}
        limits_last = sorted(parts, key=("low", "mode", "high").__contains__)
        return f"{value.dist}({_listed({name: parts[name] for name in limits_last})})"  # type: ignore[attr-defined]
    if isinstance(value, ByYear):
        later = {} if value.later is None else {"later": value.later}
        return _listed({**value.years, **later}) if value.years else str(value.later)
    if isinstance(value, Mapping):
        return _listed(value) or "none"
    if isinstance(value, tuple):
        return ", ".join(text(part) for part in value) or "none"
    return str(value)


def _listed(parts: Mapping[Any, Any]) -> str:
    return ", ".join(f"{key}: {text(part)}" for key, part in parts.items())
