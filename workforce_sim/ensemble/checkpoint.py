"""Finished blocks on disk, so that a run which was stopped, however it was, can go on.

A block is written beside its place, forced to the disk, and then renamed: a file of its final name
is whole. It carries its own digest all the same, and one that is cut short or altered is simulated
again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from workforce_sim.ensemble.errors import StorageError
from workforce_sim.ensemble.identity import differences, digest
from workforce_sim.ensemble.packing import DamagedError, unpack
from workforce_sim.scenario.errors import InputError, Problem
from workforce_sim.simulation.ledger import Ledger

MANIFEST = "checkpoint.json"
"""Says which run the blocks belong to; by it the folder is known to be ours."""
LOG = "failures.log"
"""Tells what went wrong in the blocks of the last run that failed."""
PROGRAM = "workforce-sim checkpoint"
_BLOCKS, _UNFINISHED = "block-*.arrow", "*.unfinished"


class Checkpoint:
    """The finished blocks of a run in a folder.

    Parameters
    ----------
    folder : Path
        Is made if it does not exist.
    entries : mapping
        The run's ``identity_of``.
    resume : bool
        Whether to use the blocks that are there. Otherwise all are simulated afresh; those of the
        same run stay until they are replaced, so that forgetting to resume loses nothing, and those
        of another run are removed.

    Attributes
    ----------
    run : str
        Digest of the identity.
    found : int
        Blocks that were there.
    removed : int
        Blocks of another run that were there.
    used : int
        Replications that were read and need not be simulated.
    damaged : list of str
        Names of files that turned out to be damaged; their blocks are simulated again.

    Raises
    ------
    InputError
        If the folder holds anything else, or cannot be written; with ``resume``, if its blocks
        belong to another run: each difference is named.
    """

    def __init__(self, folder: Path, entries: Mapping[str, str], *, resume: bool = False) -> None:
        self.folder, self.run, self.resume = folder, digest(entries), resume
        self.damaged: list[str] = []
        self.removed = self.used = 0
        try:
            self._open(entries)
            self.found = len(list(folder.glob(_BLOCKS)))
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise _refused(folder, f"cannot be written: {reason}") from error

    def _open(self, entries: Mapping[str, str]) -> None:
        folder = self.folder
        folder.mkdir(parents=True, exist_ok=True)
        for left in (*folder.glob(_UNFINISHED), folder / LOG):
            left.unlink(missing_ok=True)
        if any(folder.iterdir()):
            theirs = self._entries()
            if theirs != entries:
                if self.resume:
                    what = (
                        "holds blocks of another run, from which this one cannot go on; "
                        "leave out --resume to remove them and start afresh"
                    )
                    told = [what, *differences(theirs, entries)]
                    raise InputError([Problem(str(folder), None, "", line) for line in told])
                self._clear()
        text = json.dumps({"program": PROGRAM, "run": dict(entries)}, ensure_ascii=False, indent=2)
        write_whole(folder / MANIFEST, f"{text}\n".encode())

    def _entries(self) -> dict[str, str]:
        """Return what the folder's manifest says; refuse a folder that is not ours."""
        try:
            document = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))
            if document["program"] == PROGRAM:
                return dict(document["run"])
        except (OSError, ValueError, KeyError, TypeError):
            pass
        raise _refused(
            self.folder,
            f"is not empty, and has no {MANIFEST} that can be read: it is no checkpoint of this "
            "program; choose another folder, or empty this one yourself",
        )

    def _clear(self) -> None:
        for kept in self.folder.glob(_BLOCKS):
            kept.unlink()
            self.removed += 1

    def load(self, block: range) -> Ledger | None:
        """Return a block, or None if it is not there as it should be."""
        if not self.resume:
            return None
        file = self._file(block)
        try:
            ledger = unpack(file.read_bytes(), self.run, block)
        except FileNotFoundError:
            return None
        except (OSError, DamagedError):
            self.damaged.append(file.name)
            return None
        self.used += len(block)
        return ledger

    def store(self, block: range, content: bytes) -> None:
        """Keep a block, given as ``pack`` returns it.

        Raises
        ------
        StorageError
            If it cannot be written.
        """
        self._write(self._file(block), content)

    def log(self, text: str) -> Path:
        """Keep what went wrong in a file of text, and return the file.

        Raises
        ------
        StorageError
            If it cannot be written.
        """
        file = self.folder / LOG
        self._write(file, text.encode("utf-8"))
        return file

    def _write(self, file: Path, content: bytes) -> None:
        try:
            write_whole(file, content)
        except OSError as error:
            raise StorageError(self.folder, error.strerror or str(error)) from error

    def _file(self, block: range) -> Path:
        return self.folder / f"block-{block.start:09}-{block.stop - 1:09}.arrow"


def write_whole(file: Path, content: bytes) -> None:
    """Write a file so that it is there as a whole or not at all, even if the power fails."""
    unfinished = file.with_name(f"{file.name}.{os.getpid()}.unfinished")
    try:
        with unfinished.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(file)
    except OSError:
        with suppress(OSError):
            unfinished.unlink()
        raise
    if os.name == "posix":  # the new name, too, must reach the disk
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _refused(folder: Path, message: str) -> InputError:
    return InputError([Problem(str(folder), None, "", message)])
