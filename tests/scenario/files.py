"""Small input files, and what is told of them."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from workforce_sim.scenario import InputError, Problem, Scenario, load_scenario

HEAD = """\
name: small
county: county.yaml
years: 2021-2023
judged_year: 2023
"""
"""The four lines that every scenario needs; what a test adds begins in line 5."""


def write(folder: Path, text: str | bytes, name: str = "scenario.yaml") -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else dedent(text).encode("utf-8"))
    return path


def scenario(folder: Path, text: str = "", **how: Any) -> Scenario:
    """Load a scenario: the four lines, and ``text``."""
    return load_scenario(write(folder, HEAD + dedent(text)), **how)


def problems(path: Path, **how: Any) -> tuple[Problem, ...]:
    """Return all that is wrong with a scenario that cannot be loaded."""
    with pytest.raises(InputError) as caught:
        load_scenario(path, **how)
    return caught.value.problems


def told(folder: Path, text: str, **how: Any) -> list[str]:
    """Return what is told of a scenario (the four lines, and ``text``): line, place, message."""
    path = write(folder, HEAD + dedent(text))
    found = problems(path, **how)
    assert {p.file for p in found} <= {str(path), "--set", "--years"}
    return [": ".join(str(part) for part in (p.line, p.where, p.message)) for p in found]
