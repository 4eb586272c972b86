"""A synthetic province: any number of ordinary county folders, made after one county.

They serve to try out what is meant for many counties. Nothing in them is published by anybody, and
all of them say so: even their totals are marked as synthetic.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from workforce_sim.county.province_county import Draws, made_after, read_spread
from workforce_sim.county.spec import SyntheticSpec
from workforce_sim.scenario import InputError, load_scenario
from workforce_sim.scenario.errors import Problem
from workforce_sim.scenario.loading import Variant
from workforce_sim.scenario.reading import read_mapping, read_yaml
from workforce_sim.scenario.schema import STAGES
from workforce_sim.scenario.validation import validate
from workforce_sim.words import Words

BASE, COUNTY, SCENARIO, POLICIES = "base.yaml", "county.yaml", "scenario.yaml", "policies"
MOST = 9999
SCALED = (
    "replacement.stated_posts",
    "arts_pe.recruits_per_year",
    "arts_pe.retraining_per_year",
    "backbone.places",
    "duties.training_places_per_year",
    "costs.other",
    "facilities.investments",
)
"""What a scenario states for the whole county: it goes with the county's staff."""
AMOUNTS = ("amount", "cost")
"""What goes with the staff in a row of investments."""

ZH, EN = Words("zh"), Words("en")
HEADER = "# " + " ".join(words("province.header") for words in (ZH, EN)) + "\n\n"


@dataclass(frozen=True)
class _Template:
    """What the files say after which a province is made."""

    scenario: dict[str, Any]
    county: dict[str, Any]
    policies: dict[str, dict[str, Any]]
    """By file."""


def write_province(
    folder: str | Path, like: str | Path, *, counties: int = 117, seed: int = 2021
) -> list[Path]:
    """Write a synthetic province; all of it, or nothing.

    Parameters
    ----------
    folder : path
        It does not exist yet, or is empty. Each county becomes a folder in it, with a
        ``county.yaml``, a ``scenario.yaml`` and policies; what they share stands beside them.
    like : path
        A scenario with a synthetic county, after which all are made. Its policies come along, and
        every number that it states for the whole county goes with the county's staff.
    counties : int
        How many, 1 to 9,999. The first ones are the same in a larger province.
    seed : int
        0 to 2**64 - 1. The same seed gives the same bytes.

    Returns
    -------
    list of Path
        The scenarios.

    Raises
    ------
    InputError
        If the folder is not empty, or ``like`` is a variant or has no synthetic county.
    """
    if not 1 <= counties <= MOST:
        raise ValueError(f"counties must be from 1 to {MOST}, not {counties}")
    folder, like = Path(folder), Path(like)
    template = _read(like)
    spread = read_spread()
    names = [f"county-{nth + 1:03}" for nth in range(counties)]
    with _new(folder) as work:
        (work / BASE).write_bytes(like.read_bytes())
        for file, policy in template.policies.items():
            if not _stated(policy["patch"]):
                _write(work / POLICIES / file, {**policy, "base": f"../{BASE}"})
        for nth, name in enumerate(names):
            county = made_after(template.county, spread, Draws(seed, nth))
            _write_county(work / name, f"{nth + 1:03}", county, template)
        text = "\n\n".join(
            words("province.readme", like=template.county[key], counties=counties, seed=seed)
            for words, key in ((ZH, "name"), (EN, "name_en"))
        )
        (work / "README.txt").write_text(text + "\n", encoding="utf-8-sig", newline="\n")
    return [folder / name / SCENARIO for name in names]


@contextmanager
def _new(folder: Path) -> Iterator[Path]:
    """Give a folder to write into, which becomes ``folder`` at the end."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError([Problem(str(folder), None, "", "is there already; name a new folder")])
    work = folder.with_name(f".{folder.name}.{uuid.uuid4().hex[:8]}-unfinished")
    try:
        work.mkdir(parents=True)
        yield work
        if folder.exists():
            folder.rmdir()
        work.rename(folder)
    except OSError as error:
        message = f"cannot be written: {error.strerror or error}"
        raise InputError([Problem(str(folder), None, "", message)]) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _read(like: Path) -> _Template:
    scenario = load_scenario(like)
    written = read_mapping(like)
    if "base" in written.data:
        message = "is a variant; a province is made after a scenario that stands by itself"
        raise InputError([written.lines.problem("base", message)])
    county = read_mapping(scenario.county_path)
    if "synthetic" not in county.data:
        message = "has no `synthetic:`; a province is made after the priors of a synthetic county"
        raise InputError([county.lines.problem("", message)])
    validate(SyntheticSpec, county.data, county.lines)
    return _Template(written.data, county.data, dict(_policies(like.parent, county.data)))


def _policies(beside: Path, county: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the policies by file; each says of which county the numbers in its words are."""
    for path in sorted((beside / POLICIES).glob("*.yaml")):
        read_yaml(path, Variant)
        policy = dict(read_mapping(path).data)
        for key, words, name in (("about", ZH, "name"), ("about_en", EN, "name_en")):
            if key in policy:
                policy[key] += words("province.numbers", county=county[name])
        yield path.name, policy


def _write_county(folder: Path, n: str, county: dict[str, Any], like: _Template) -> None:
    now, before = (
        sum(c["published"][stage]["staff"] for stage in STAGES) for c in (county, like.county)
    )
    size, years = now / before, like.scenario["years"]
    name, name_en = ZH("province.county", n=n), EN("province.county", n=n)
    _write(folder / COUNTY, {"name": name, "name_en": name_en, **county})
    patch: dict[str, Any] = {
        "county": COUNTY,
        "title": ZH("province.title", county=name, years=years),
        "title_en": EN("province.title", county=name_en, years=years),
        "network": [],  # the base may name schools that are not here
    }
    about = EN("province.about", county=like.county["name_en"], size=f"{size:.3g}")
    _scale(patch, like.scenario, size)
    head = {"base": f"../{BASE}", "name": folder.name, "about": about}
    _write(folder / SCENARIO, {**head, "patch": patch})
    for file, policy in like.policies.items():
        if _stated(policy["patch"]):
            scaled = {**deepcopy(policy), "base": f"../../{BASE}"}
            _scale(scaled["patch"], policy["patch"], size)
            for key, words in (("title", ZH), ("title_en", EN)):
                if key in scaled:
                    scaled[key] += words("province.scaled")
            _write(folder / POLICIES / file, scaled)


def _stated(says: Mapping[str, Any]) -> dict[tuple[str, str], Any]:
    """Return what a scenario, or a patch, states for the whole county, by section and name."""
    stated = {}
    for path in SCALED:
        section, _, name = path.partition(".")
        value = (says.get(section) or {}).get(name)
        if _times(value, 2.0) != value:  # there is a number, and it is not 0
            stated[section, name] = value
    return stated


def _scale(patch: dict[str, Any], says: Mapping[str, Any], size: float) -> None:
    """Put into a patch what is stated for the whole county, times the county's size."""
    for (section, name), value in _stated(says).items():
        part = patch.setdefault(section, {})
        part[name] = _times(value, size)
        part.setdefault("sources", {})[name] = "assumed"


def _times(value: Any, size: float) -> Any:
    """Return what is stated, times the size; what is whole stays whole, and more than nothing."""
    if isinstance(value, Mapping):
        return {key: _times(part, size) for key, part in value.items()}
    if isinstance(value, list):
        return [_investment(row, size) for row in value]
    if not isinstance(value, int | float) or value == 0:
        return value
    whole = float(value).is_integer()
    return max(round(value * size), 1) if whole else float(f"{value * size:.4g}")


def _investment(row: Mapping[str, Any], size: float) -> dict[str, Any]:
    scaled = {key: _times(row[key], size) for key in AMOUNTS if key in row}
    named = {"to": "need"} if isinstance(row.get("to"), list) else {}  # schools that are not here
    return {**row, **scaled, **named, "source": "assumed"}


def _write(path: Path, data: Mapping[str, Any]) -> None:
    yaml = YAML()
    yaml.width = 1000
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(HEADER)
        yaml.dump(dict(data), file)
