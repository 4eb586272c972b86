"""The output folder: the whole of a new output, or untouched what was there before.

Everything is written into a hidden sibling folder, which takes the output's name at the very end.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workforce_sim.scenario.errors import InputError, Problem

MANIFEST = "manifest.json"
"""The file that lists all others; a folder without it is no whole output."""
PROGRAM = "workforce-sim"
"""The manifest's ``program``: by it an earlier output is known to be ours."""

_LITTER = {"Thumbs.db", "desktop.ini", ".DS_Store"}  # what file managers leave behind


def check_writable(folder: Path) -> None:
    """Check, before a long run, that an output can be written to ``folder``.

    Nothing is changed, except that the traces of an earlier interrupted run are put right.

    Raises
    ------
    InputError
        If a file is in the way, if the folder holds anything that this program did not write, or
        if the system does not allow writing there (no permission; a file open in Excel).
    """
    with _told(folder):
        folder = folder.resolve()
        _put_right(folder)
        _refuse_foreign(folder)
        above = next(parent for parent in folder.parents if parent.exists())
        with tempfile.TemporaryDirectory(dir=above):
            pass
        if folder.exists():  # Windows lets no folder be renamed in which a file is open
            folder.rename(_previous(folder))
            _previous(folder).rename(folder)


@contextmanager
def output_folder(folder: Path) -> Iterator[Path]:
    """Give a folder to write into, which becomes ``folder`` if the block ends without an error.

    Yields
    ------
    Path
        An empty folder beside ``folder``; it is removed if anything goes wrong.

    Raises
    ------
    InputError
        As `check_writable`, and when writing fails, such as on a full disk.
    """
    check_writable(folder)
    with _told(folder):
        folder = folder.resolve()
        folder.parent.mkdir(parents=True, exist_ok=True)
        unfinished = folder.with_name(f".{folder.name}.{PROGRAM}-{uuid.uuid4().hex[:8]}-unfinished")
        unfinished.mkdir()
        try:
            yield unfinished
            _swap(unfinished, folder)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)


def _swap(new: Path, folder: Path) -> None:
    previous = _previous(folder)
    try:
        if folder.exists():
            folder.rename(previous)
        new.rename(folder)
    except BaseException:
        if previous.exists() and not folder.exists():
            previous.rename(folder)
        raise
    shutil.rmtree(previous, ignore_errors=True)


def _previous(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.{PROGRAM}-previous")


def _put_right(folder: Path) -> None:
    """Bring back, or clear away, the earlier output that a killed process had moved aside."""
    previous = _previous(folder)
    if previous.exists():
        if folder.exists():
            shutil.rmtree(previous)
        else:
            previous.rename(folder)


def _refuse_foreign(folder: Path) -> None:
    """Refuse to replace anything but an earlier output of ours, or an empty folder."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise _error(folder, "a file of this name is in the way of the output folder")
    found = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.name not in _LITTER
    }
    if not found:
        return
    ours = _listed(folder / MANIFEST)
    if ours is None:
        raise _error(
            folder,
            "is not empty and is no earlier output of this program; "
            "choose another output folder, or empty this one yourself",
        )
    if strangers := sorted(found - ours):
        more = f" and {len(strangers) - 3} more" if len(strangers) > 3 else ""
        raise _error(
            folder,
            f"holds what this program did not write ({', '.join(strangers[:3])}{more}) and would "
            "be lost; move it elsewhere, or choose another output folder",
        )


def _listed(manifest: Path) -> set[str] | None:
    """Return the files and folders of the output that a manifest lists; None if it is not ours."""
    try:
        document = json.loads(manifest.read_text(encoding="utf-8"))
        if document["program"] != PROGRAM:
            return None
        files = {Path(file["path"]) for file in document["files"]} | {Path(MANIFEST)}
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return {part.as_posix() for file in files for part in (file, *file.parents)}


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Turn what the system refuses into one clear message."""
    try:
        yield
    except PermissionError as error:
        raise _error(
            folder,
            "cannot be written: no permission, or a file in it is open in another program "
            f"such as Excel ({error.strerror})",
        ) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _error(folder, f"cannot be written: {reason}") from error


def _error(folder: Path, message: str) -> InputError:
    return InputError([Problem(str(folder), None, "", message)])
