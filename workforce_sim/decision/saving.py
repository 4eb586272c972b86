"""Policies as files: found in the county's folder, and saved there so that nothing is lost."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from workforce_sim.decision.policies import ENDINGS, FOLDER
from workforce_sim.scenario import InputError
from workforce_sim.scenario.errors import Problem
from workforce_sim.scenario.lines import SEPARATOR, Lines, Place
from workforce_sim.scenario.loading import Variant
from workforce_sim.scenario.reading import parse_value, read_yaml
from workforce_sim.scenario.validation import validate

_SAVING = threading.Lock()


class ChangedError(Exception):
    """A policy's file is no longer what it was when it was opened: nothing was written."""


@dataclass(frozen=True)
class SavedPolicy:
    """A policy's file.

    Attributes
    ----------
    path : Path
    digest : str
        SHA-256 (hex) of the file's bytes: by it a later change is noticed.
    variant : Variant
        What the file says.
    """

    path: Path
    digest: str
    variant: Variant

    @property
    def key(self) -> str:
        """By which it is known in its folder: the name of the file, without its ending."""
        return self.path.stem

    def title(self, language: str) -> str:
        """Return what it is called."""
        variant = self.variant
        return (variant.title if language == "zh" else variant.title_en) or variant.name

    def about(self, language: str) -> str:
        """Return the sentence that says what it stands for."""
        variant = self.variant
        return variant.about if language == "zh" else variant.about_en or variant.about


def saved_policies(scenario: str | Path) -> tuple[list[SavedPolicy], list[Problem]]:
    """Return the policies in the folder ``policies`` beside a scenario's file, sorted by name.

    A file that cannot be read is told among the problems and stands in nobody's way.
    """
    found: list[SavedPolicy] = []
    problems: list[Problem] = []
    folder = Path(scenario).parent / FOLDER
    for path in sorted(path for path in folder.glob("*") if path.suffix in ENDINGS):
        try:
            found.append(SavedPolicy(path, file_digest(path), read_yaml(path, Variant)))
        except InputError as error:
            problems += error.problems
        except OSError as error:  # taken away meanwhile
            problems.append(Problem(str(path), None, "", error.strerror or str(error)))
    return found, problems


def file_digest(path: Path) -> str:
    """Return the SHA-256 (hex) of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def save_policy(
    scenario: str | Path,
    name: str,
    *,
    title: str,
    title_en: str,
    about: str,
    about_en: str = "",
    changes: Mapping[str, str],
    opened: SavedPolicy | None = None,
    replaces: str | None = None,
) -> SavedPolicy:
    """Save a policy in the folder ``policies`` beside a scenario's file.

    The file is written whole or not at all, and never over one that somebody else has changed.
    (Two programs that save within the same thousandth of a second are not told apart; two people
    at one program are.)

    Parameters
    ----------
    scenario : path
        The scenario's file, which the policy's file names as its base.
    name : str
        The name of the policy and, with ``.yaml``, of its file.
    title, title_en, about, about_en : str
        What it is called and what it stands for.
    changes : mapping of str to str
        Dotted paths and values as in YAML: what ``--set`` takes.
    opened : SavedPolicy, optional
        The policy over whose patch the changes are laid; by default over the scenario itself.
    replaces : str, optional
        The digest of the opened policy's file, which is replaced; by default a new file is made.

    Raises
    ------
    ChangedError
        If the file is there and not as ``replaces`` says, or is no longer there.
    InputError
        If the names or the changes cannot be used, or the file cannot be written.
    """
    path = Path(scenario).parent / FOLDER / f"{name}{ENDINGS[0]}"
    if opened is not None and replaces is not None:
        path, name = opened.path, opened.variant.name
    for other in saved_policies(scenario)[0]:
        if other.path != path and title.strip() in (other.variant.title, other.variant.name):
            message = f"the policy {other.variant.name!r} is called so: take another title"
            raise InputError([Problem(str(path), None, "title", message)])
    patch = _copy(opened.variant.patch) if opened else {}
    for key, text in changes.items():
        try:
            _put(patch, key.split(SEPARATOR), parse_value(text))
        except ValueError as error:
            raise InputError([Problem(str(path), None, key, str(error))]) from None
    said = {
        "base": f"../{Path(scenario).name}",
        "name": name,
        "title": title.strip(),
        "title_en": title_en.strip(),
        "about": about.strip(),
        "about_en": about_en.strip(),
        "patch": patch,
    }
    validate(Variant, said, Lines({"": Place(str(path), None)}))
    stream = StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style, yaml.sort_base_mapping_type_on_output = False, False  # type: ignore[assignment]
    yaml.width = 100
    yaml.dump(said, stream)
    try:
        path.parent.mkdir(exist_ok=True)
        with _SAVING:
            _write(path, stream.getvalue().encode(), replaces)
    except OSError as error:
        message = f"cannot be written: {error.strerror or error}"
        raise InputError([Problem(str(path), None, "", message)]) from None
    return SavedPolicy(path, file_digest(path), read_yaml(path, Variant))


def free_name(scenario: str | Path, wish: str) -> str:
    """Return a name for a new policy's file, as near to ``wish`` as Latin letters allow."""
    folder = Path(scenario).parent / FOLDER
    stem = re.sub(r"[^a-z0-9]+", "-", wish.lower()).strip("-")[:60] or "policy"
    taken = {path.stem.lower() for path in folder.glob("*")}
    names = (stem, *(f"{stem}-{n}" for n in range(2, 10_000)))
    return next(name for name in names if name not in taken)


def _write(path: Path, content: bytes, replaces: str | None) -> None:
    if (file_digest(path) if path.exists() else None) != replaces:
        raise ChangedError(path.name)
    # A file that is not yet whole has another ending than a policy's.
    handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).chmod(0o644)
        Path(unfinished).replace(path)
    finally:
        Path(unfinished).unlink(missing_ok=True)


def _copy(value: Any) -> Any:
    return {k: _copy(v) for k, v in value.items()} if isinstance(value, Mapping) else value


def _put(patch: dict[Any, Any], keys: list[str], value: Any) -> None:
    """Set a value in a patch, at a path of keys."""
    key: Any = int(keys[0]) if keys[0].isdecimal() else keys[0]
    if len(keys) == 1:
        patch[key] = value
        return
    inner = patch.get(key)
    if isinstance(inner, int) and not isinstance(inner, bool):
        inner = {"later": inner}  # a number for every year, of which one is changed now
    patch[key] = inner if isinstance(inner, dict) and "dist" not in inner else {}
    _put(patch[key], keys[1:], value)
