"""A process of its own for each program that is measured, which waits for its turns.

What starts these processes must be small and import neither numpy nor a peer: a new process counts
the memory of the one that started it towards its own peak.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple, ParamSpec, TypeVar

ONE_THREAD = {
    f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "NUMBA", "VECLIB")
}
Given = ParamSpec("Given")
Result = TypeVar("Result")


class Seconds(NamedTuple):
    processor: float
    clock: float


def timed(
    work: Callable[Given, Result], *given: Given.args, **named: Given.kwargs
) -> tuple[Result, Seconds]:
    """Return what ``work`` returns, and how long it took."""
    clock, processor = time.perf_counter(), time.process_time()
    result = work(*given, **named)
    return result, Seconds(time.process_time() - processor, time.perf_counter() - clock)


class Process:
    """A process that is kept until the end; it computes in one thread."""

    def __init__(self) -> None:
        os.environ |= ONE_THREAD
        self._pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *error: object) -> None:
        self._pool.shutdown()

    def call(
        self, function: Callable[Given, Result], *given: Given.args, **named: Given.kwargs
    ) -> Result:
        return self._pool.submit(function, *given, **named).result()

    def peak_megabytes(self) -> int | None:
        """Return the most memory that it has needed; None where the system does not tell."""
        return self.call(_peak_megabytes)


def _peak_megabytes() -> int | None:
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (2**20 if sys.platform == "darwin" else 2**10))
