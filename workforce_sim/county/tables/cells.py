"""A table's columns read at once: each distinct cell once, each finding at its row."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from workforce_sim.county.tables.findings import Found
from workforce_sim.county.tables.privacy import HIDDEN, Privacy
from workforce_sim.county.tables.rows import Body, Objects
from workforce_sim.county.tables.text import as_text, tidy
from workforce_sim.county.tables.values import BLANK, Unreadable

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

Read = Callable[[object], "int | float | tuple[int, str] | None"]
_REMARK = re.compile(r"[（(].*[）)]")


@dataclass(frozen=True, eq=False)
class Cells:
    """A column that was read.

    Attributes
    ----------
    values : int64 or float64 array (N,)
        BLANK (or NaN) where the cell is blank or cannot be read.
    blank, bad : bool array (N,)
        Whether there is nothing, and whether it cannot be read.
    said : object array (N,)
        The code of the finding of a bad cell, or of a remark on a good one, or "".
    """

    values: npt.NDArray[np.generic]
    blank: Bools
    bad: Bools
    said: Objects

    @property
    def good(self) -> Bools:
        """Where the cell says something known."""
        return ~self.blank & ~self.bad

    @property
    def codes(self) -> Ints:
        """The values as whole numbers."""
        return self.values.astype(np.int64)


class Reading:
    """Reads the columns of a table's rows, and tells what it finds.

    What may be shown of each cell is kept; the sheet itself can then forget the rest (`redact`).
    """

    def __init__(self, body: Body, found: Found, privacy: Privacy) -> None:
        self.body, self.table, self.found, self.privacy = body, body.table, found, privacy
        self._shown: dict[str, Objects] = {}

    def __len__(self) -> int:
        return len(self.body)

    def has(self, key: str) -> bool:
        """Say whether the table has a column."""
        return key in self.table.columns

    def read(self, key: str, read: Read, missing: float = BLANK) -> Cells:
        """Read a column; all is blank if the table does not have it."""
        codes, distinct = pd.factorize(self.body.column(key), use_na_sentinel=True)
        values = np.full(len(distinct) + 1, missing, dtype=np.asarray(missing).dtype)
        bad = np.zeros(len(distinct) + 1, dtype=bool)
        said, shown = (np.full(len(distinct) + 1, None, dtype=object) for _ in range(2))
        said[:] = ""
        for i, value in enumerate(distinct):
            try:
                result = read(value)
                if isinstance(result, tuple):
                    result, said[i] = result
                values[i] = missing if result is None else result
                shown[i] = self.privacy.unknown(key, value) if said[i] else self._known(value)
            except Unreadable as problem:
                bad[i], said[i] = True, problem.code
                shown[i] = self.privacy.unknown(key, value)
        self._shown[key] = shown[codes]
        blank = np.isnan(values) if np.isnan(missing) else values == missing
        return Cells(values[codes], (blank & ~bad)[codes], bad[codes], said[codes])

    def names(self, key: str = "school") -> Objects:
        """Return the texts of a column of schools' names, tidied; None where blank."""
        codes, distinct = pd.factorize(self.body.column(key), use_na_sentinel=True)
        texts, shown = (np.full(len(distinct) + 1, None, dtype=object) for _ in range(2))
        for i, value in enumerate(distinct):
            texts[i] = tidy(as_text(value)) or None
            shown[i] = self.privacy.school(value)
        self._shown[key] = shown[codes]
        return np.asarray(texts[codes], dtype=object)

    def show(self, **shown: Objects) -> None:
        """Say what may be shown of columns that were read one cell at a time."""
        self._shown.update(shown)

    def tell(self, where: Bools, code: str, key: str = "", **details: object) -> None:
        """Add a finding for each row of a mask, at a column if the table has it."""
        for position in np.flatnonzero(where).tolist():
            self.tell_row(position, code, key, **details)

    def tell_row(self, position: int, code: str, key: str = "", **details: object) -> None:
        """Add a finding at one row of the data, counted from 0."""
        sheet, column, shown = self.table.sheet, self.table.columns.get(key), self._shown.get(key)
        value = "" if shown is None else display(shown[position])
        row, header = int(self.body.rows[position]) + 1, self.header(key)
        self.found.add(code, sheet.file, sheet.name, row, column, header, value, details)

    def tell_table(self, code: str, key: str = "", **details: object) -> None:
        """Add a finding on the whole table, or on a column of it."""
        sheet, column = self.table.sheet, self.table.columns.get(key)
        header = self.header(key)
        self.found.add(code, sheet.file, sheet.name, None, column, header, "", details)

    def tell_bad(self, cells: Cells, key: str, where: Bools, needed: bool = False) -> None:
        """Tell what cannot be read in these rows, and what is blank if it is needed."""
        for code in sorted({str(code) for code in cells.said[where] if code}):
            self.tell(where & (cells.said == code), code, key, **self._words(key, code))
        if needed:
            self.tell_blank(cells.blank & where, key)

    def tell_blank(self, where: Bools, key: str) -> None:
        """Tell that a column is blank in these rows, or that the table does not have it."""
        if self.has(key):
            self.tell(where, "blank", key)
        elif where.any():
            self.tell_table("column_missing", key)

    def _words(self, key: str, code: str) -> dict[str, object]:
        """Return the words that a column may have, for a finding on one that is none of them."""
        if code != "unreadable":
            return {}
        values = self.table.layout.by_key["title" if key == "title_post" else key].values
        return {"words": "、".join(values)}

    def header(self, key: str) -> str:
        """Return what stands above a column, or what should."""
        if not key:
            return ""
        return self.table.headers.get(key) or self.table.layout.by_key[key].header

    def redact(self) -> None:
        """Let the sheet forget all but the header and what may be shown of the columns read."""
        rows, columns = self.table.sheet.rows, self.table.columns
        self.table.sheet.header = self.table.header[-1]
        numbers = [str(as_text(value)) for value in self.body.column("number")]
        self.show(
            number=np.array([n if len(n) <= 6 and n.isdigit() else None for n in numbers], object)
        )
        for row in rows:
            row[:] = [None if value is None else HIDDEN for value in row]
        for column, header in self.table.unknown:
            if header:
                rows[self.table.header[-1]][column] = self.privacy.label(header)
        for key, column in columns.items():
            for position in self.table.header:
                rows[position][column] = self.table.headers[key]
            for position, value in zip(self.body.rows, self._shown.get(key, ()), strict=False):
                rows[position][column] = value

    def _known(self, value: object) -> object:
        """Return a cell that was read, without the remark that may stand behind it."""
        if not isinstance(value, str):
            return value
        text = tidy(value)
        return self.privacy.label(_REMARK.sub("", text)) if _REMARK.search(text) else text


def display(value: object) -> str:
    """Return what a message shows of a cell."""
    if isinstance(value, dt.date):
        return value.isoformat()[:10]
    return as_text(value)
