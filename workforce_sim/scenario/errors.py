"""What is wrong with an input, told so that its author can mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong, and where.

    Attributes
    ----------
    file : str
        The file, as its author named it; for a value of the command line the option, such as
        ``--set``; empty for a value given in Python.
    line : int or None
        The line in that file, counted from 1.
    where : str
        The place in words of the file's own, such as ``backbone.places`` or a sheet and a cell.
    message : str
        What was found and what was expected.
    """

    file: str
    line: int | None
    where: str
    message: str

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line) if part not in ("", None))
        return ": ".join(part for part in (place, self.where, self.message) if part)


class InputError(Exception):
    """The input cannot be used; ``problems`` holds everything that is wrong with it, at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        # The arguments are those that make it again: so do SimPy, and pickle between processes.
        super().__init__(tuple(problems))
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)
