"""Finished blocks put together, in whatever order they come.

A ledger of many replications is larger than the memory of an ordinary computer. Beyond `IN_MEMORY`
its arrays lie in a file without a name, and only what is looked at is in memory: they are arrays
all the same, and whoever reads them year by year lets go of each year with `let_go`.
"""

from __future__ import annotations

import mmap
import os
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from functools import cached_property
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workforce_sim.ensemble.errors import StorageError
from workforce_sim.simulation.ledger import Ledger

IN_MEMORY = 2**28
"""Bytes of the largest ledger that is kept in memory."""


class Gathered:
    """The blocks of a run, each copied to its place as it comes: no block is held twice.

    Parameters
    ----------
    replications : range
        Numbers of the replications of the run.
    """

    def __init__(self, replications: range) -> None:
        self.replications = replications
        self._finished: list[range] = []
        self._places: dict[str, _InMemory | _InAFile] = {}

    def add(self, block: range, ledger: Ledger) -> None:
        """Take the ledger of a block.

        Raises
        ------
        StorageError
            If the disk has no room for a ledger that is too large for the memory.
        """
        if not self._places:
            self._places = _places(ledger, len(self.replications))
        for name, place in self._places.items():
            place.put(getattr(ledger, name), block.start - self.replications.start)
        self._finished.append(block)

    @property
    def done(self) -> int:
        """How many replications are finished."""
        return sum(map(len, self._finished))

    @property
    def numbers(self) -> NDArray[np.int64]:
        """Numbers of the replications that are finished."""
        return np.array([n for block in self._in_order for n in block], np.int64)

    @property
    def ledger(self) -> Ledger | None:
        """The finished replications, in order; None if there is none."""
        if not self._finished:
            return None
        whole = Ledger(**{name: place.array for name, place in self._places.items()})
        if self.done == len(self.replications):
            return whole
        some = Gathered(range(self.done))
        for block in self._in_order:
            first = block.start - self.replications.start
            rows = slice(first, first + len(block))
            some.add(range(some.done, some.done + len(block)), _some(whole, rows))
            let_go(*vars(whole).values())
        return some.ledger

    @property
    def _in_order(self) -> list[range]:
        return sorted(self._finished, key=lambda block: block.start)


def let_go(*arrays: NDArray[Any]) -> None:
    """Take what lies in a file, and has been looked at, out of memory; it is read again if asked.

    Where the system has no call for that, it does so when memory is short.
    """
    for array in arrays:
        memory: Any = array
        while isinstance(memory, np.ndarray):
            memory = memory.base
        if isinstance(memory, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            memory.madvise(mmap.MADV_DONTNEED)


def _some(ledger: Ledger, rows: slice) -> Ledger:
    """Return some replications of a ledger."""
    arrays = {field.name: getattr(ledger, field.name) for field in fields(ledger)}
    return Ledger(**{n: a[(slice(None),) * Ledger.axis(n) + (rows,)] for n, a in arrays.items()})


def _places(like: Ledger, replications: int) -> dict[str, _InMemory | _InAFile]:
    """Return places for the arrays of so many replications of the kind of ``like``."""
    made: dict[str, tuple[tuple[int, ...], np.dtype[Any], int]] = {}
    for field in fields(like):
        values, axis = getattr(like, field.name), Ledger.axis(field.name)
        shape = (*values.shape[:axis], replications, *values.shape[axis + 1 :])
        made[field.name] = shape, values.dtype, axis
    size = sum(prod(shape) * kind.itemsize for shape, kind, _ in made.values())
    place = _InMemory if size <= IN_MEMORY else _InAFile
    return {name: place(*what) for name, what in made.items()}


class _InMemory:
    """An array whose ``axis`` is that of the replications."""

    def __init__(self, shape: tuple[int, ...], kind: np.dtype[Any], axis: int) -> None:
        self.array, self._axis = np.empty(shape, kind), axis

    def put(self, values: NDArray[Any], first: int) -> None:
        """Write some replications to their place."""
        place = np.moveaxis(self.array, self._axis, 0)
        place[first : first + values.shape[self._axis]] = np.moveaxis(values, self._axis, 0)


class _InAFile:
    """The same in a file without a name, which is gone when nobody needs it any more."""

    def __init__(self, shape: tuple[int, ...], kind: np.dtype[Any], axis: int) -> None:
        self._shape, self._kind, self._axis = shape, kind, axis
        with _room():
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - is open until it is mapped
            weakref.finalize(self, self._file.close)
            if hasattr(os, "posix_fallocate"):  # a disk that is full is to say so now
                os.posix_fallocate(self._file.fileno(), 0, self._size)

    def put(self, values: NDArray[Any], first: int) -> None:
        """Write some replications to their place."""
        axis = self._axis
        each = prod(self._shape[axis + 1 :]) * self._kind.itemsize
        parts = np.ascontiguousarray(values).reshape(prod(self._shape[:axis]), -1)
        with _room():
            for nth, part in enumerate(parts):
                self._file.seek((nth * self._shape[axis] + first) * each)
                self._file.write(part.data)
            self._file.flush()

    @cached_property
    def array(self) -> NDArray[Any]:
        """The array; nothing is written to it any more."""
        with self._file:
            memory = mmap.mmap(self._file.fileno(), self._size, access=mmap.ACCESS_READ)
        return np.ndarray(self._shape, self._kind, memory)

    @property
    def _size(self) -> int:
        return prod(self._shape) * self._kind.itemsize


@contextmanager
def _room() -> Iterator[None]:
    """Say which disk has no room."""
    try:
        yield
    except OSError as error:
        folder = Path(tempfile.gettempdir())
        raise StorageError(folder, error.strerror or str(error)) from error
