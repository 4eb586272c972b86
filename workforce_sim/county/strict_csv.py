"""CSV files that this program writes and people may edit: read strictly, written safely.

A table holds columns of stated kinds, in any order. Every cell that does not fit is told with its
line; a cell that looks like a formula is written with an apostrophe before it. UTF-8, with a byte
order mark, so that Excel opens it.
"""

from __future__ import annotations

import codecs
import csv
import io
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workforce_sim.law import format_month, parse_month
from workforce_sim.scenario.errors import InputError, Problem
from workforce_sim.scenario.validation import describe, nearest


@dataclass(frozen=True)
class Kind:
    """What the cells of a column hold.

    Attributes
    ----------
    read : function of a text
        Its value; ValueError says what was expected.
    write : function of a value
        Its text.
    """

    read: Callable[[str], Any]
    write: Callable[[Any], str]


@dataclass
class Table:
    """A file as it was read.

    Attributes
    ----------
    file : str
        As its author named it.
    columns : dict of str to list
        The values of each column; None where a cell does not fit. An optional column that the file
        lacks is not here.
    lines : list of int
        The line of each row.
    problems : list of Problem
        Everything that is wrong so far.
    """

    file: str
    columns: dict[str, list[Any]] = field(default_factory=dict)
    lines: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, column: str, rows: Sequence[int], message: str) -> None:
        """Add a problem with some rows of a column: told at the first of them, if there is one."""
        if len(rows):
            more = f" (and in {len(rows) - 1} further rows)" if len(rows) > 1 else ""
            line = self.lines[rows[0]]
            self.problems.append(Problem(self.file, line, column, f"{message}{more}"))


# --- kinds ----------------------------------------------------------------------------------------


def one_of(words: Sequence[str]) -> Kind:
    """Return the kind of a column of codes, positions in ``words``."""

    def read(text: str) -> int:
        if text in words:
            return words.index(text)
        raise ValueError(f"one of {', '.join(words)}{nearest(text, words)}")

    return Kind(read, lambda code: words[int(code)])


def or_blank(kind: Kind, none: Any) -> Kind:
    """Return the kind of a column whose cells may be blank, which means ``none``."""
    return Kind(
        lambda text: kind.read(text) if text else none,
        lambda value: "" if value == none else kind.write(value),
    )


def _month(text: str) -> int:
    try:
        return parse_month(text)
    except ValueError:
        raise ValueError("a month such as 1975-06") from None


def _count(text: str) -> int:
    if text.isascii() and text.isdecimal() and len(text) <= 7:
        return int(text)
    raise ValueError("a whole number, 0 or more")


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError("a number")
    return number


def _place(text: str) -> float:
    if (number := _number(text)) != round(number, 3):
        raise ValueError("km with at most 3 decimals")
    return number


def _amount(text: str) -> float:
    if (number := _number(text)) < 0 or number != round(number, 2):
        raise ValueError("a number, 0 or more, with at most 2 decimals")
    return number


def _name(text: str) -> str:
    name = text.removeprefix("'")
    if not name or name != name.strip() or not name.isprintable():
        raise ValueError("a name, without spaces around it")
    return name


def _safe(name: str) -> str:
    """Return a name that no spreadsheet takes for a formula; `_name` takes the apostrophe off."""
    return f"'{name}" if name[0] in "=+-@'" else name


NAME = Kind(_name, _safe)
COUNT = Kind(_count, lambda number: str(int(number)))
NUMBER = Kind(_number, lambda number: repr(float(number)))
AMOUNT = Kind(_amount, NUMBER.write)
"""m2, yuan or rooms: so many digits survive any spreadsheet."""
PLACE = Kind(_place, NUMBER.write)
"""Kilometres, to the metre: so many digits survive any spreadsheet."""
MONTH = Kind(_month, format_month)
YES_NO = one_of(("no", "yes"))


# --- reading and writing --------------------------------------------------------------------------


def read_table(
    path: Path,
    required: Mapping[str, Kind],
    optional: Mapping[str, Kind],
    also: Mapping[str, str] | None = None,
) -> Table:
    """Read a table.

    Parameters
    ----------
    path : Path
    required, optional : mapping of str to Kind
        The columns it must have, and those it may have; no others.
    also : mapping of str to str, optional
        Other headings, each with the column that it stands for.

    Returns
    -------
    Table
        With its problems, if cells do not fit.

    Raises
    ------
    InputError
        If it cannot be read at all, or has other columns.
    """
    table = Table(str(path))
    rows = _rows(path)
    first = next(rows, None)
    if first is None:
        raise InputError([Problem(table.file, None, "", "the file is empty")])
    line, headings = first
    header = [(also or {}).get(heading, heading) for heading in headings]
    if problems := list(_of_header(table.file, line, header, required, optional)):
        raise InputError(problems)
    cells = []
    for line, row in rows:
        if len(row) == len(header):
            table.lines.append(line)
            cells.append(row)
        elif row:  # a blank line is none
            message = f"the row has {len(row)} cells, the header {len(header)}"
            table.problems.append(Problem(table.file, line, "", message))
    columns = zip(*cells, strict=True) if cells else [()] * len(header)
    for name, texts in zip(header, columns, strict=True):
        table.columns[name] = _values(table, name, texts, required.get(name) or optional[name])
    return table


def write_table(
    path: Path, kinds: Mapping[str, Kind], columns: Mapping[str, Iterable[Any]]
) -> None:
    """Write columns of equal length, in the order of ``kinds``."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(kinds)
        texts = [[kind.write(value) for value in columns[name]] for name, kind in kinds.items()]
        writer.writerows(zip(*texts, strict=True))


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the line and the cells of each row."""
    file = str(path)
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise InputError([Problem(file, None, "", "there is no such file")]) from None
    except OSError as error:
        raise InputError([Problem(file, None, "", f"cannot be read: {error.strerror}")]) from None
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = "the file is not UTF-8; in Excel, save it as `CSV UTF-8`"
        raise InputError([Problem(file, line, "", message)]) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise InputError([Problem(file, reader.line_num, "", f"not valid CSV: {error}")]) from None


def _of_header(
    file: str,
    line: int,
    header: list[str],
    required: Mapping[str, Kind],
    optional: Mapping[str, Kind],
) -> Iterator[Problem]:
    known = [*required, *optional]
    for name in dict.fromkeys(header):
        if name not in known:
            hint = nearest(name, known) or f"; the columns are {', '.join(known)}"
            yield Problem(file, line, "", f"unknown column {name!r}{hint}")
        elif header.count(name) > 1:
            yield Problem(file, line, name, "the column stands there twice")
    for name in required:
        if name not in header:
            yield Problem(file, line, name, "the column is missing")


def _values(table: Table, name: str, texts: Sequence[str], kind: Kind) -> list[Any]:
    """Return the values of a column; each different text is read once."""
    known: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for text in dict.fromkeys(texts):
        try:
            known[text] = kind.read(text)
        except ValueError as error:
            known[text], wrong[text] = None, str(error)
    rows: dict[str, list[int]] = {text: [] for text in wrong}
    for row, text in enumerate(texts):
        if text in wrong:
            rows[text].append(row)
    for text, expected in wrong.items():
        found = describe(text) if text else "nothing"
        table.wrong(name, rows[text], f"found {found}, expected {expected}")
    return [known[text] for text in texts]
