"""How a run can end before its end, and what is kept then."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from workforce_sim.simulation.ledger import Ledger

if TYPE_CHECKING:
    from workforce_sim.ensemble.gathering import Gathered


@dataclass(frozen=True)
class Failure:
    """A block that could not be simulated.

    Attributes
    ----------
    block : range
        Numbers of its replications.
    error : str
        Kind and message of the exception.
    traceback : str
    """

    block: range
    error: str
    traceback: str

    @classmethod
    def of(cls, block: range, error: BaseException) -> Failure:
        """Tell an exception."""
        what = traceback.format_exception_only(error)[-1].strip()
        return cls(block, what, "".join(traceback.format_exception(error)))


class Interrupted(KeyboardInterrupt):
    """The run was stopped by Ctrl-C.

    Attributes
    ----------
    ledger : Ledger or None
        The finished replications, put together; None if there is none.
    numbers : int64 (R,)
        Their numbers.
    kept : int
        How many they are.
    """

    def __init__(self, gathered: Gathered) -> None:
        super().__init__()
        self.ledger: Ledger | None = gathered.ledger
        self.numbers: NDArray[np.int64] = gathered.numbers
        self.kept = gathered.done


class BlockError(Exception):
    """Some blocks could not be simulated; all others are finished.

    Attributes
    ----------
    failures : list of Failure
    ledger, numbers, kept
        The finished replications: see `Interrupted`.
    """

    def __init__(self, gathered: Gathered, failures: list[Failure], seed: int) -> None:
        super().__init__()
        self.ledger: Ledger | None = gathered.ledger
        self.numbers: NDArray[np.int64] = gathered.numbers
        self.kept = gathered.done
        self.failures, self.seed = failures, seed

    def __str__(self) -> str:
        return "\n".join(
            f"replications {f.block.start} to {f.block.stop - 1} (seed {self.seed}): {f.error}"
            for f in self.failures
        )

    @property
    def log(self) -> str:
        """What a developer needs: every failure with its traceback."""
        return f"{self}\n\n" + "\n".join(failure.traceback for failure in self.failures)


class StorageError(Exception):
    """A block, or room for all of them, could not be written, such as on a full disk.

    The blocks before it are kept.

    Attributes
    ----------
    folder : Path
    reason : str
        What the system says.
    """

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(folder, reason)
        self.folder, self.reason = folder, reason

    def __str__(self) -> str:
        return f"{self.folder}: cannot be written: {self.reason}"


class ClusterError(Exception):
    """The scheduler does not answer any more; the blocks that had come are kept."""
