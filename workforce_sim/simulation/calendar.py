"""A SimPy environment whose clock is dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Generator

import simpy

Process = Generator[simpy.Event, None, None]
Wait = Callable[[dt.date], simpy.Event]
"""``yield wait(date)``: how a rule waits for its day."""


class Calendar:
    """The clock counts days from the first day of the run.

    Processes whose dates coincide act in the order of their rank, whenever they began to wait.
    """

    def __init__(self, first: dt.date) -> None:
        self.first = first
        self.environment = simpy.Environment()
        self._today = (0, first)

    @property
    def today(self) -> dt.date:
        """The date."""
        now, today = self._today
        if self.environment.now != now:
            now = int(self.environment.now)
            today = self.first + dt.timedelta(days=now)
            self._today = (now, today)
        return today

    @property
    def month(self) -> int:
        """The month as a number: 12 times the year, plus 0 for January to 11 for December."""
        today = self.today
        return today.year * 12 + today.month - 1

    def wait(self, day: dt.date, rank: int) -> simpy.Event:
        """Return an event that happens on ``day``."""
        event = simpy.Event(self.environment)
        event._ok, event._value = True, None
        delay = (day - self.today).days
        if delay < 0:
            raise ValueError(f"{day} is past on {self.today}")
        # SimPy orders events of one time by priority; its own start-up events use 0 and 1.
        self.environment.schedule(event, priority=2 + rank, delay=delay)  # type: ignore[arg-type]
        return event

    def start(self, rank: int, process: Callable[[Wait], Process]) -> None:
        """Start a rule; ``rank`` is its place in the order of the day."""
        self.environment.process(process(lambda day: self.wait(day, rank)))

    def run(self) -> None:
        """Run until no process waits any more."""
        self.environment.run()


def last_day(year: int, month: int) -> dt.date:
    """Return the last day of a month (1 to 12)."""
    return dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)
