"""Policies: variants of one scenario, to be compared with it and with each other.

A policy is a variant's file: a patch on a base, with a title and a sentence that says what it
stands for. Those in the folder ``policies`` beside the scenario are known by name; any other by its
path. The patch is laid over the scenario that is asked about, whatever base the file names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from workforce_sim.scenario import InputError, Scenario, load_scenario
from workforce_sim.scenario.assumptions import NAMES
from workforce_sim.scenario.digest import LABELS
from workforce_sim.scenario.errors import Problem
from workforce_sim.scenario.lines import join
from workforce_sim.scenario.loading import Variant
from workforce_sim.scenario.reading import read_yaml
from workforce_sim.scenario.validation import nearest

ALL = "all"
FOLDER = "policies"
ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True)
class Policy:
    """A scenario under a name of its own.

    Attributes
    ----------
    name : str
        Names it in tables and on the command line.
    title, title_en : str
        What it is called, in Chinese and in English.
    about, about_en : str
        What it stands for, in a sentence.
    scenario : Scenario
    """

    name: str
    title: str
    title_en: str
    about: str
    about_en: str
    scenario: Scenario

    @classmethod
    def of(cls, scenario: Scenario) -> Self:
        """Return a scenario as a policy that bears its name."""
        name, about = scenario.name, scenario.about
        return cls(name, name, name, about, about, scenario)

    @cached_property
    def effect(self) -> str:
        """Fingerprint of what it says apart from names: two with the same do the same."""
        names = {name: "" for name in NAMES if name != "county"}
        return self.scenario.model_copy(update=names).digest


def load_policies(
    scenario: str | Path,
    names: Sequence[str] = (ALL,),
    *,
    overrides: Sequence[str] = (),
    years: str | None = None,
    option: str = "--policies",
) -> list[Policy]:
    """Load policies of a scenario.

    Parameters
    ----------
    scenario : path
        The scenario's file, over which each policy is laid.
    names : sequence of str
        Names or titles of policies in the folder ``policies`` beside it, paths of variants'
        files, or ``all`` for the whole folder.
    overrides, years
        As of `load_scenario`, for every policy; a policy sets nothing that an override sets.
    option : str
        What a problem with a name is told of.

    Returns
    -------
    list of Policy
        In the order of the names, each once.

    Raises
    ------
    InputError
        With everything that is wrong: names that nobody has, files that cannot be used.
    """
    known = {path.stem: path for path in _files(Path(scenario).parent / FOLDER)}
    found: dict[Path, None] = {}
    problems: list[Problem] = []
    for name in names:
        try:
            found |= dict.fromkeys(known.values() if name == ALL else [_find(name, known, option)])
        except InputError as error:
            problems += error.problems
    policies = []
    for path in found:
        try:
            variant = read_yaml(path, Variant)
            problems += _clashes(path, variant, overrides)
            loaded = load_scenario(scenario, patch=path, overrides=overrides, years=years)
        except InputError as error:
            problems += error.problems
            continue
        titles = variant.title or variant.name, variant.title_en or variant.name
        sentences = variant.about, variant.about_en or variant.about
        policies.append(Policy(variant.name, *titles, *sentences, loaded))
    if not problems and not policies:
        folder = Path(scenario).parent / FOLDER
        problems.append(Problem(option, None, ALL, f"there is no policy in {folder}"))
    if problems:
        raise InputError(list(dict.fromkeys(problems)))
    return policies


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*") if path.suffix in ENDINGS)


def _find(name: str, known: Mapping[str, Path], option: str) -> Path:
    """Return the file of a policy, by its name, its path or its title."""
    if name in known:
        return known[name]
    if Path(name).suffix in ENDINGS:
        return Path(name)  # whoever reads it tells if it is not there
    titles = {}
    for stem, path in known.items():
        try:
            titles[read_yaml(path, Variant).title] = stem
        except InputError:  # told when it is this one that is wanted
            continue
    if name in titles:
        return known[titles[name]]
    there = f"there are {', '.join(known)}" if known else "there are none; give a file's path"
    message = f"there is no such policy; {there}{nearest(name, [*known, *titles])}"
    raise InputError([Problem(option, None, name, message)])


def _clashes(path: Path, variant: Variant, overrides: Sequence[str]) -> Iterator[Problem]:
    """Find overrides of what a policy sets: either the one or the other would be lost."""
    for override in overrides:
        key = override.partition("=")[0].strip()
        for own in _set_by(variant.patch):
            if f"{own}.".startswith(f"{key}.") or f"{key}.".startswith(f"{own}."):
                message = f"the policy {variant.name!r} ({path}) sets {own} itself: leave one out"
                yield Problem("--set", None, override, message)


def _set_by(patch: Mapping[Any, Any], around: str = "") -> Iterator[str]:
    """Yield the dotted paths that a patch sets."""
    for key, value in patch.items():
        if key in LABELS:
            continue
        path = join(around, key)
        if isinstance(value, Mapping) and "dist" not in value:
            yield from _set_by(value, path)
        else:
            yield path
