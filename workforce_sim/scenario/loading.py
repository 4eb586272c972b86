"""Loading a scenario: a file, or a variant of it, and what the command line changes."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from workforce_sim.scenario.checks import check
from workforce_sim.scenario.errors import InputError, Problem
from workforce_sim.scenario.fields import is_free_map
from workforce_sim.scenario.forms import FileName
from workforce_sim.scenario.lines import SEPARATOR, Lines, Place, join
from workforce_sim.scenario.reading import Written, parse_value, read_mapping
from workforce_sim.scenario.schema import Scenario
from workforce_sim.scenario.validation import nearest, validate


class Variant(BaseModel):
    """A named patch on a scenario."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base: str = Field(description="The scenario's file, relative to this one.")
    name: FileName = Field(description="Names the output folder.")
    title: str = Field(default="", description="Its name in tables; follows the base's title.")
    title_en: str = Field(default="", description="The same in English.")
    about: str = Field(description="What it changes, in a sentence.")
    about_en: str = Field(default="", description="The same in English.")
    patch: dict[str, Any] = Field(
        description="Laid over the base key by key: mappings merge, all else replaces; null "
        "removes a row or a year."
    )


def load_scenario(
    path: str | Path,
    *,
    patch: str | Path | None = None,
    overrides: Sequence[str] = (),
    years: str | None = None,
) -> Scenario:
    """Load and check a scenario.

    Parameters
    ----------
    path : path
        A scenario's file, or a variant's: a file that has ``base``.
    patch : path, optional
        A variant's file. It is laid over ``path``, whatever base it names.
    overrides : sequence of str
        Changes such as ``backbone.renewed_share=0.8``: a dotted path, and a value as in YAML.
    years : str, optional
        Years to simulate in place of the scenario's, such as ``2021-2030``. Changes of the
        school network, investments and rounds after the last of them are left out.

    Returns
    -------
    Scenario

    Raises
    ------
    InputError
        With everything that is wrong.
    """
    written = _read(Path(path), ())
    if patch is not None:
        _lay(written, Path(patch), read_mapping(patch))
    _override(written, overrides)
    if years is not None:
        _put(written, "years", _value("--years", "years", years), "--years")
    scenario = validate(Scenario, written.data, written.lines)
    if years is not None:
        scenario = _until_the_last_year(scenario, written.lines)
    scenario._lines = written.lines
    if problems := check(scenario):
        raise InputError(sorted(problems, key=lambda p: (p.file, p.line or 0)))
    return scenario


def _until_the_last_year(scenario: Scenario, lines: Lines) -> Scenario:
    """Leave out what is dated after the last year: network events, investments, rounds."""

    def kept(path: str, rows: Sequence[Any], dates: Sequence[dt.date]) -> tuple[Any, ...]:
        numbers = [n for n, day in enumerate(dates) if day.year <= scenario.years.last]
        lines.keep(path, numbers)
        return tuple(rows[n] for n in numbers)

    events, rounds = scenario.network, scenario.reallocation.rounds
    bought = scenario.facilities.investments
    return scenario.model_copy(
        update={
            "network": kept("network", events, [event.date for event in events]),
            "reallocation": scenario.reallocation.model_copy(
                update={"rounds": kept("reallocation.rounds", rounds, rounds)}
            ),
            "facilities": scenario.facilities.model_copy(
                update={
                    "investments": kept(
                        "facilities.investments", bought, [row.date for row in bought]
                    )
                }
            ),
        }
    )


def _read(path: Path, variants: tuple[Path, ...]) -> Written:
    """Read a scenario's file; of a variant's, the base with the patch laid over it."""
    written = read_mapping(path)
    if not written.data.keys() & {"base", "patch"}:
        return written
    variant = validate(Variant, written.data, written.lines)
    if path.resolve() in variants:
        message = "the variant is, in the end, its own base"
        raise InputError([written.lines.problem("base", message)])
    base = Path(os.path.normpath(path.parent / variant.base))
    if not base.is_file():
        message = f"there is no file {base}; the base is named relative to this file"
        raise InputError([written.lines.problem("base", message)])
    result = _read(base, (*variants, path.resolve()))
    _lay(result, path, written)
    return result


def _lay(base: Written, path: Path, written: Written) -> None:
    """Lay the patch of a variant's file over ``base``."""
    variant = validate(Variant, written.data, written.lines)
    patch = Written({**variant.patch}, written.lines.below("patch"))
    named = {"name": variant.name, "about": variant.about}
    for key, colon in (("title", "："), ("title_en", ": ")):
        before, title = base.data.get(key, ""), getattr(variant, key)
        if title and isinstance(before, str) and key not in patch.data:
            named[key] = f"{before}{colon}{title}" if before else title
    for key, text in named.items():
        patch.data[key] = text
        patch.lines.put(key, Lines({"": written.lines.at(key)}))
    problems = _merge(base.data, patch.data, base.lines, patch.lines)
    if problems:
        raise InputError(problems)


def _override(written: Written, overrides: Sequence[str]) -> None:
    """Lay the command line's changes over a scenario, one after the other."""
    problems = []
    for text in overrides:
        path, equals, value = text.partition("=")
        path = path.strip()
        if not equals or not path:
            message = "expected key=value, such as backbone.renewed_share=0.8"
            problems.append(Problem("--set", None, text, message))
            continue
        try:
            problems += _put(written, path, _value("--set", path, value), "--set")
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)


def _put(written: Written, path: str, value: Any, file: str) -> list[Problem]:
    """Lay a single value over a scenario."""
    keys = [int(key) if key.isdecimal() else key for key in path.split(SEPARATOR)]
    patch = value
    for key in reversed(keys):
        patch = {key: patch}
    places = {join(*keys[: n + 1]): Place(file, None) for n in range(len(keys))}
    return _merge(written.data, patch, written.lines, Lines(places))


def _value(file: str, path: str, text: str) -> Any:
    try:
        return parse_value(text)
    except ValueError as error:
        raise InputError([Problem(file, None, path, str(error))]) from None


def _merge(
    base: dict[Any, Any],
    patch: Mapping[Any, Any],
    lines: Lines,
    patch_lines: Lines,
    around: tuple[Any, ...] = (),
) -> list[Problem]:
    """Lay ``patch`` over ``base``, and its lines over those of the base, both in place.

    Mappings merge key by key; everything else replaces, and so does a mapping that names a
    distribution. Null removes an entry of a mapping whose keys are free.
    """
    problems = []
    for key, value in patch.items():
        keys = (*around, key)
        path = join(*keys)
        below = patch_lines.below(path)
        if value is None and is_free_map(Scenario, around):
            if key in base:
                del base[key]
                lines.remove(path)
            else:
                hint = nearest(key, base)
                message = f"there is no {str(key)!r} that null could remove{hint}"
                problems.append(patch_lines.problem(path, message))
        elif isinstance(value, Mapping) and isinstance(base.get(key), dict) and "dist" not in value:
            # Problems of a part that a patch reaches into are told where the patch does so.
            lines.places[path] = below.at("")
            base[key] = dict(base[key])  # an alias may have brought it in elsewhere, too
            problems += _merge(base[key], value, lines, patch_lines, keys)
        else:
            base[key] = value
            lines.put(path, below)
    return problems
