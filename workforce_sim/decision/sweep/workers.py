"""Tasks over any executor. A worker that is killed loses nothing; a task that fails, only itself.

When a pool breaks, nobody knows which task killed its worker. So all that were under way are done
again one by one, each with the pool to itself: those that are innocent succeed, and one that breaks
the pool again, alone, has failed.
"""

from __future__ import annotations

import multiprocessing
import signal
import sys
from collections import deque
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

PATIENCE = 1.0
"""Seconds in which a broken pool ends, if it does."""
MOST_BREAKS = 2
"""A task that was under way when so many pools broke has failed."""


@dataclass
class Task:
    """A call; ``of`` is what it is for."""

    of: Any
    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    breaks: int = 0


class Here(Executor):
    """Does everything at once, in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Call a function; the future is done."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class Workers:
    """Does tasks and gives them back as they are done.

    Parameters
    ----------
    workers : int
        Processes; 1 is this one. Of an executor that is given, how many it has.
    executor : Executor, optional
        Does the tasks instead, such as ``distributed.Client(...).get_executor()``; it stays open.
        What happens to its workers is its own matter.
    """

    def __init__(self, workers: int, executor: Executor | None = None) -> None:
        self.workers, self._given = workers, executor
        here = workers == 1 and executor is None
        self._most = 1 if here else 2 * workers  # none waits for its next task
        self._pool: Executor | None = None
        self._waiting: deque[Task] = deque()
        self._suspects: deque[Task] = deque()
        self._running: dict[Future[Any], Task] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for future in self._running:
            future.cancel()
        self._close()

    @property
    def busy(self) -> bool:
        """Whether there is anything left to be done."""
        return bool(self._waiting or self._suspects or self._running)

    @property
    def hungry(self) -> bool:
        """Whether there is less to do than workers to do it."""
        return len(self._waiting) + len(self._suspects) + len(self._running) < self._most

    def add(self, task: Task, *, first: bool = False) -> None:
        """Add a task, behind all others or before them."""
        (self._waiting.appendleft if first else self._waiting.append)(task)

    def drop(self, of: Any) -> None:
        """Forget the tasks for this that have not begun."""
        self._waiting = deque(task for task in self._waiting if task.of is not of)

    def next(self) -> tuple[Any, Any]:
        """Return what the next finished task was for, and its result or the exception it raised."""
        while True:
            self._start()
            done, _ = wait(self._running, return_when=FIRST_COMPLETED)
            future = next(future for future in self._running if future in done)
            task = self._running.pop(future)
            error = future.exception()
            if not isinstance(error, BrokenProcessPool):
                return task.of, future.result() if error is None else error
            if failed := self._broken(task):
                return failed.of, error

    def _start(self) -> None:
        alone = bool(self._suspects)
        queue = self._suspects if alone else self._waiting
        most = 1 if alone else self._most
        while queue and len(self._running) < most:
            if self._pool is None:
                self._pool = self._given or self._new()
            task = queue.popleft()
            try:
                future = self._pool.submit(task.function, *task.arguments)
            except BrokenProcessPool as error:
                future = Future()
                future.set_exception(error)
            self._running[future] = task

    def _new(self) -> Executor:
        if self.workers == 1:
            return Here()
        return ProcessPoolExecutor(
            self.workers,
            multiprocessing.get_context("spawn"),
            initializer=signal.signal,  # Ctrl-C is for the parent
            initargs=(signal.SIGINT, signal.SIG_IGN),
        )

    def _broken(self, task: Task) -> Task | None:
        """Take all that was under way back, to be done alone; return a task that has failed."""
        back, self._running = [task, *self._running.values()], {}
        if sys.version_info < (3, 11, 5) and isinstance(self._pool, ProcessPoolExecutor):
            _give_up(self._pool)
        self._close()
        for one in back:
            one.breaks += 1
        failed = task if len(back) == 1 and task.breaks >= MOST_BREAKS else None
        self._suspects.extendleft(one for one in reversed(back) if one is not failed)
        return failed

    def _close(self) -> None:
        if self._pool is not None and self._pool is not self._given:
            self._pool.shutdown(wait=True, cancel_futures=True)
        self._pool = None


def _give_up(pool: Any) -> None:
    """Let a broken pool end that waits for ever to hand a long task to a worker that was killed.

    Python before 3.11.5 does (python/cpython#94777). It ends once nobody can read what it writes;
    but as a rule it ends by itself, and what it closes then must not be closed twice.
    """
    manager = pool._executor_manager_thread
    manager.join(PATIENCE)
    if manager.is_alive():
        pool._call_queue._reader.close()
