"""Which counties are swept, under which policies: a folder of counties, or a table of them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

from workforce_sim.assessment import county_of
from workforce_sim.county import County, check_scenario
from workforce_sim.county.strict_csv import Kind, read_table
from workforce_sim.decision.policies import ALL, ENDINGS, FOLDER, Policy, load_policies
from workforce_sim.scenario import InputError, load_scenario
from workforce_sim.scenario.errors import Problem
from workforce_sim.words import LANGUAGES, Words

BASE = "base"
"""The name of every county's own scenario, among its policies."""
WORLD = ("retirement", "exits", "enrolment")
"""Sections of a scenario that say what happens to a county."""
SCENARIO = "scenario.yaml"
COUNTY_NAME = re.compile(r"[^\s./\\:*?\"<>|][^/\\:*?\"<>|]*")
"""A county's name among the others names its file, too."""


@dataclass(frozen=True)
class Entry:
    """A county that is to be swept.

    Attributes
    ----------
    county : str
        Its name among the others, such as that of its folder.
    scenario : Path
    policies : tuple of str
        Names, or files, as of ``load_policies``.
    """

    county: str
    scenario: Path
    policies: tuple[str, ...]


@dataclass(frozen=True)
class Prepared:
    """A county that has been read.

    Attributes
    ----------
    county : County
    policies : tuple of Policy
        The base first, under the name `BASE`.
    digest : str
        Of everything they say, and of the version of the package.
    """

    county: County
    policies: tuple[Policy, ...]
    digest: str

    @cached_property
    def distinct(self) -> dict[str, Policy]:
        """By effect the first policy that has it: those that do the same are simulated once."""
        first: dict[str, Policy] = {}
        for policy in self.policies:
            first.setdefault(policy.effect, policy)
        return first

    def is_world(self, policy: Policy) -> bool:
        """Return whether a policy changes only what happens to the county, not what it does."""
        base = self.policies[0]
        world = {section: getattr(base.scenario, section) for section in WORLD}
        tamed = replace(policy, scenario=policy.scenario.model_copy(update=world))
        return policy.effect != base.effect == tamed.effect


def entries(source: str | Path, policies: Sequence[str] = (ALL,)) -> list[Entry]:
    """Return the counties of a folder or of a table, in the order of their names.

    Parameters
    ----------
    source : path
        A folder in which each folder, but for ``policies``, is a county with a ``scenario.yaml``;
        or a CSV with the columns ``county``, ``scenario`` (its path, seen from the table) and
        perhaps ``policies`` (names with ; between them, or all).
    policies : sequence of str
        Names, files, or ``all``: those in the folders ``policies`` of the county and of ``source``;
        where both have one of the same name, the county's own. The table's column goes first.

    Raises
    ------
    InputError
        If there is no county, or the table cannot be read.
    """
    source = Path(source)
    if source.is_dir():
        folders = sorted(
            path
            for path in source.iterdir()
            if path.is_dir() and path.name != FOLDER and not path.name.startswith(".")
        )
        rows = [Entry(path.name, path / SCENARIO, tuple(policies)) for path in folders]
        shared = _files(source / FOLDER)
        missing = f"there is no folder with a {SCENARIO}"
        if not any(row.scenario.exists() for row in rows):
            raise InputError([Problem(str(source), None, "", missing)])
    else:
        rows = _table(source, policies)
        shared = _files(source.parent / FOLDER)
    return [replace(row, policies=_named(row, shared)) for row in rows]


def _files(folder: Path) -> dict[str, Path]:
    return {path.stem: path for path in sorted(folder.glob("*")) if path.suffix in ENDINGS}


def _named(entry: Entry, shared: dict[str, Path]) -> tuple[str, ...]:
    """Return the policies' files, where the names are those of files."""
    known = {**shared, **_files(entry.scenario.parent / FOLDER)}
    names = [
        name for asked in entry.policies for name in (sorted(known) if asked == ALL else [asked])
    ]
    return tuple(dict.fromkeys(str(known.get(name, name)) for name in names))


def _table(path: Path, policies: Sequence[str]) -> list[Entry]:
    text = Kind(_filled, str)
    table = read_table(path, {"county": text, "scenario": text}, {"policies": Kind(str, str)})
    names = table.columns["county"]
    for nth, name in enumerate(names):
        if name is not None and not COUNTY_NAME.fullmatch(name):
            table.wrong("county", [nth], r"names a file: none of / \ : * ? < > |, no dot first")
        elif name is not None and name in names[:nth]:
            table.wrong("county", [nth], f"{name!r} is there already")
    if not names:
        table.problems.append(Problem(str(path), None, "", "there is no county in the table"))
    if table.problems:
        raise InputError(table.problems)
    asked = table.columns.get("policies", [""] * len(names))
    rows = [
        Entry(
            name,
            path.parent / scenario,
            tuple(part.strip() for part in re.split("[;；]", own) if part.strip())
            or tuple(policies),
        )
        for name, scenario, own in zip(names, table.columns["scenario"], asked, strict=True)
    ]
    return sorted(rows, key=lambda row: row.county)


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError("is blank")
    return text.strip()


def prepare(entry: Entry, years: str | None = None) -> Prepared:
    """Read a county and its policies.

    Raises
    ------
    InputError
        With everything that is wrong with them.
    """
    scenario = load_scenario(entry.scenario, years=years)
    county = county_of(scenario)
    zh, en = (Words(language) for language in LANGUAGES)
    base = replace(
        Policy.of(scenario), name=BASE, title=zh("base.title"), title_en=en("base.title")
    )
    others = load_policies(entry.scenario, entry.policies, years=years) if entry.policies else []
    policies, problems = (base, *others), []
    for nth, policy in enumerate(policies):
        if policy.name in [other.name for other in policies[:nth]]:
            message = f"two policies (or the base) are called {policy.name!r}"
            problems.append(policy.scenario.problem("name", message))
        for path in ("years", "judged_year", "county"):
            if getattr(policy.scenario, path) != getattr(scenario, path):
                message = "differs from the base: they cannot be compared"
                problems.append(policy.scenario.problem(path, message))
        problems += check_scenario(policy.scenario, county)
    if problems:
        raise InputError(list(dict.fromkeys(problems)))
    named = [county.name, county.name_en, *county.synthetic]
    says = [
        county.digest,
        named,
        *([p.name, p.title, p.title_en, p.scenario.digest] for p in policies),
    ]
    text = json.dumps([version("workforce-sim"), *says], ensure_ascii=False)
    return Prepared(county, policies, hashlib.sha256(text.encode()).hexdigest())


def county_seed(seed: int, county: str) -> int:
    """Return a county's own seed: the first eight bytes of the SHA-256 of ``seed/county``."""
    return int.from_bytes(hashlib.sha256(f"{seed}/{county}".encode()).digest()[:8], "big")
