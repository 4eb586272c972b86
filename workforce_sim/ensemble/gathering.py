"""Finished blocks put together, in whatever order they come."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workforce_sim.simulation.ledger import Ledger


class Gathered:
    """The blocks of a run, each copied to its place as it comes: no block is held twice.

    Parameters
    ----------
    replications : range
        Numbers of the replications of the run.
    """

    def __init__(self, replications: range) -> None:
        self.replications = replications
        self._finished = np.zeros(len(replications), bool)
        self._whole: Ledger | None = None

    def add(self, block: range, ledger: Ledger) -> None:
        """Take the ledger of a block."""
        if self._whole is None:
            self._whole = _empty(ledger, len(self.replications))
        start = self.replications.start
        rows = slice(block.start - start, block.stop - start)
        for field in fields(ledger):
            place = np.moveaxis(getattr(self._whole, field.name), Ledger.axis(field.name), 0)
            place[rows] = np.moveaxis(getattr(ledger, field.name), Ledger.axis(field.name), 0)
        self._finished[rows] = True

    @property
    def done(self) -> int:
        """How many replications are finished."""
        return int(self._finished.sum())

    @property
    def numbers(self) -> NDArray[np.int64]:
        """Numbers of the replications that are finished."""
        return self.replications.start + np.flatnonzero(self._finished)

    @property
    def ledger(self) -> Ledger | None:
        """The finished replications, in order; None if there is none."""
        if self._whole is None or self._finished.all():
            return self._whole
        kept = np.flatnonzero(self._finished)
        return replace(
            self._whole,
            **{
                field.name: getattr(self._whole, field.name).take(kept, Ledger.axis(field.name))
                for field in fields(Ledger)
            },
        )


def _empty(block: Ledger, replications: int) -> Ledger:
    """Return room for so many replications of the kind of ``block``."""

    def room(name: str) -> NDArray[Any]:
        values, axis = getattr(block, name), Ledger.axis(name)
        return np.empty(
            (*values.shape[:axis], replications, *values.shape[axis + 1 :]), values.dtype
        )

    return Ledger(**{field.name: room(field.name) for field in fields(Ledger)})
