"""Work that goes on while the page answers: with its progress, and a way to stop it.

A session has one job in each of its slots, such as ``refine`` or ``compare``. A job is known by a
key, which says of what it is the result: another key in the same slot drops the old job, so a
result is never shown of anything but what was asked. Jobs are threads that touch nothing of
Streamlit; when a session ends, its jobs are dropped.
"""

from __future__ import annotations

import os
import threading
import time
import weakref
from collections.abc import Callable, Hashable
from typing import Any

import streamlit as st

from workforce_sim.app import look
from workforce_sim.scenario import InputError
from workforce_sim.words import Words

Progress = Callable[..., None]
"""Is told how many replications are done and, where that may change, of how many."""
TURNS = threading.BoundedSemaphore(max(2, os.cpu_count() or 1))
"""So many jobs of all sessions work at a time; the others wait."""


class StoppedError(KeyboardInterrupt):
    """Somebody pressed stop: as after Ctrl-C, what is done is kept where that is possible."""


class _DroppedError(Exception):
    """Nobody waits for the result any more."""


class Job:
    """A piece of work.

    Attributes
    ----------
    key : hashable
        Of what it is the result.
    status : {"waiting", "working", "done", "stopped", "failed"}
        ``stopped`` has no result; what was stopped and kept something is ``done``.
    done, whole : int
        Replications, or other units of the work.
    result : object
        What the work returned, once ``done``.
    error : Exception or None
        Why it ``failed``: an ``InputError`` is meant for the reader.
    seconds : float
        How long it has been working.
    """

    def __init__(self, key: Hashable, work: Callable[[Progress], Any], whole: int) -> None:
        self.key, self.done, self.whole = key, 0, whole
        self.status = "waiting"
        self.result: Any = None
        self.error: Exception | None = None
        self._began = self._ended = 0.0
        self._stop, self._drop = threading.Event(), threading.Event()
        threading.Thread(target=self._run, args=(work,), daemon=True).start()

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.status not in ("waiting", "working")

    @property
    def seconds(self) -> float:
        """How long it has been working, in seconds."""
        return (self._ended or time.monotonic()) - self._began if self._began else 0.0

    def stop(self) -> None:
        """Ask it to stop after the block that it is at."""
        self._stop.set()

    def drop(self) -> None:
        """Let it go: nobody waits for its result."""
        self._drop.set()

    def progress(self, done: int, whole: int | None = None) -> None:
        """Note how much is done; end the work here if it is no longer wanted."""
        self.done, self.whole = done, whole or self.whole
        if self._drop.is_set():
            raise _DroppedError
        if self._stop.is_set():
            raise StoppedError

    def _run(self, work: Callable[[Progress], Any]) -> None:
        while not TURNS.acquire(timeout=0.2):
            if self._drop.is_set() or self._stop.is_set():
                self.status = "stopped"
                return
        try:
            self.status, self._began = "working", time.monotonic()
            self.progress(0)
            self.result = work(self.progress)
            self.status = "done"
        except (KeyboardInterrupt, _DroppedError):
            self.status = "stopped"
        except Exception as error:
            self.error, self.status = error, "failed"
        finally:
            self._ended = time.monotonic()
            TURNS.release()


class Jobs:
    """The jobs of a session, one in each slot."""

    def __init__(self) -> None:
        self._slots: dict[str, Job] = {}
        # The threads hold their own job and not this: with the session this goes, and then they do.
        weakref.finalize(self, _drop_all, self._slots)

    def start(
        self, slot: str, key: Hashable, work: Callable[[Progress], Any], whole: int = 1
    ) -> Job:
        """Return the job of this key; if the slot has none yet, drop what it has and start it."""
        job = self.get(slot, key)
        if job is None:
            self.drop(slot)
            job = self._slots[slot] = Job(key, work, whole)
        return job

    def get(self, slot: str, key: Hashable) -> Job | None:
        """Return the job in a slot if it is of this key."""
        job = self._slots.get(slot)
        return job if job is not None and job.key == key else None

    def drop(self, slot: str) -> None:
        """Let go of the job in a slot."""
        if slot in self._slots:
            self._slots.pop(slot).drop()


def _drop_all(slots: dict[str, Job]) -> None:
    for job in slots.values():
        job.drop()


def watch(job: Job, words: Words, what: str) -> None:
    """Show a job that is not over, with its progress and a button that stops it.

    When it is over the whole page runs again. A job that failed is told.

    Parameters
    ----------
    job : Job
    words : Words
    what : str
        What it does, as a text.
    """
    if not job.is_over:
        _watching(job, words, what)
    elif isinstance(job.error, InputError):
        look.problems(job.error, words)
    elif job.error is not None:
        look.warn(words("app.failed", error=type(job.error).__name__))
        raise job.error


def outcome(jobs: Jobs, slot: str, key: Hashable, words: Words, what: str) -> Any:
    """Show the job of this key as `watch` does; return its result, None while there is none."""
    job = jobs.get(slot, key)
    if job is None:
        return None
    watch(job, words, what)
    return job.result


@st.fragment(run_every=0.4)
def _watching(job: Job, words: Words, what: str) -> None:
    if job.is_over:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        if job.status == "waiting":
            text = words("app.waiting")
        else:
            text = words("app.progress", what=what, done=job.done, whole=job.whole)
        share = min(1.0, job.done / max(1, job.whole))
        st.progress(share, text=look.escaped(text))
        st.button(
            words("app.stop"), icon=":material/stop:", on_click=job.stop, key=f"stop-{id(job)}"
        )
