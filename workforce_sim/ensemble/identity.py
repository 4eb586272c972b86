"""Which run it is: everything that decides a block's bytes.

Kept blocks may be used again, and other machines may simulate some, only where all of it is equal.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

from workforce_sim.county.model import County
from workforce_sim.law import LAW_VERSION
from workforce_sim.scenario.schema import Scenario

PACKAGE = Path(__file__).parents[1]
ROOMS = ("scenario", "law", "county", "simulation")
"""Where the source stands that decides what a block comes to."""
LIBRARIES = ("numpy", "numba", "scipy", "simpy")
_DIGEST = 64  # characters


@cache
def engine() -> dict[str, str]:
    """Return what simulates here: versions, law, and a digest of the source."""
    return {
        "workforce-sim": version("workforce-sim"),
        "law": LAW_VERSION,
        "source": _source(),
        **{name: version(name) for name in LIBRARIES},
    }


def identity_of(scenario: Scenario, county: County, seed: int) -> dict[str, str]:
    """Return what decides the bytes of every block of a run."""
    return {
        "scenario": scenario.digest,
        "county": county.digest,
        "seed": str(seed),
        **engine(),
    }


def digest(entries: Mapping[str, str]) -> str:
    """Return the SHA-256 (hex) of an identity."""
    text = json.dumps(dict(entries), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def differences(theirs: Mapping[str, object], ours: Mapping[str, str]) -> list[str]:
    """Return each entry that differs, in words: what is there, and what is here."""

    def told(entries: Mapping[str, object], name: str) -> str:
        value = str(entries.get(name, "nothing"))
        return value[:12] if len(value) == _DIGEST else value

    return [
        f"{name}: {told(theirs, name)} there, {told(ours, name)} here"
        for name in {**ours, **theirs}
        if theirs.get(name) != ours.get(name)
    ]


def _source() -> str:
    files = sorted(
        (path.relative_to(PACKAGE).as_posix(), path)
        for room in ROOMS
        for path in (PACKAGE / room).rglob("*")
        if path.suffix in (".py", ".yaml", ".json")
    )
    sha = hashlib.sha256()
    for name, path in files:
        # Read as text: the ends of lines differ between systems.
        sha.update(f"{name}\n{path.read_text(encoding='utf-8')}\n".encode())
    return sha.hexdigest()
