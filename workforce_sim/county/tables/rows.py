"""Which rows of a table are data: blank rows, totals, notes and printed headers are set aside."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workforce_sim.county.tables.columns import EXAMPLE, EXPLANATION
from workforce_sim.county.tables.findings import Found
from workforce_sim.county.tables.grid import Cell
from workforce_sim.county.tables.headers import Table, label_rows
from workforce_sim.county.tables.text import plain

Objects = npt.NDArray[np.object_]

TOTAL, NOTE, HEADER, SAMPLE, BLANK = (
    "row_total",
    "row_note",
    "row_header",
    "row_example",
    "row_blank",
)
LABELS = 3
"""A total or a note shows in the first filled cells of its row."""

_TOTAL = re.compile(
    r"(本页|本校|全校|全县|全乡|全镇)?(总?合计|小计|总计|共计|累计)([:(\d].*)?|共\d+(人|所|名).*"
)
_SAMPLE = re.compile(
    rf"[(\[]?({EXAMPLE}|{EXPLANATION}|填写{EXPLANATION}|填表{EXPLANATION}|例[:)]|例$|example)"
)
_NOTE = re.compile(
    r"(填表|制表|填报|审核|审批|复核|经办|负责|校长|联系|单位负责|单位\(?盖?章|盖章|备注|注|附注|填表说明"
    r"|统计|报送|上报|主管|分管|打印|日期|截止)[^:]{0,12}:"
)


@dataclass(frozen=True, eq=False)
class Body:
    """The rows of data of a table.

    Attributes
    ----------
    table : Table
    rows : int array (N,)
        Their positions in the sheet, counted from 0.
    left_out : Counter
        Rows set aside, by reason.
    """

    table: Table
    rows: npt.NDArray[np.int64]
    left_out: Counter[str]

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, key: str) -> Objects:
        """Return the cells of a column (N,); blank if the table has no such column."""
        return self.cells(self.table.columns.get(key))

    def cells(self, column: int | None) -> Objects:
        """Return the cells of the column at a position (N,)."""
        cells = np.empty(len(self), dtype=object)
        if column is not None:
            whole = self.table.sheet.rows
            cells[:] = [whole[row][column] for row in self.rows]
        return cells


def body_of(table: Table, found: Found) -> Body:
    """Return the rows of data; each other row but the blank ones at the end is told."""
    look, sheet = _Look(table), table.sheet
    kept, aside = [], []
    for position in range(table.first, len(sheet.rows)):
        kind = look.kind(sheet.rows[position])
        if kind is None:
            kept.append(position)
        else:
            aside.append((position, kind))
    end = max([*kept, *(position for position, kind in aside if kind != BLANK)], default=0)
    aside = [(position, kind) for position, kind in aside if position < end or kind != BLANK]
    left_out = Counter(kind for _, kind in aside)
    for position, kind in aside:
        if kind != BLANK:
            found.add(kind, sheet.file, sheet.name, position + 1)
    if left_out[BLANK]:
        found.add(BLANK, sheet.file, sheet.name, details={"count": left_out[BLANK]})
    return Body(table, np.array(kept, dtype=np.int64), left_out)


class _Look:
    """Looks at rows of one table; remembers texts only as long as it does."""

    def __init__(self, table: Table) -> None:
        columns = table.columns
        self.columns = [c for key, c in columns.items() if key != "number"]
        self.naming = {c for key, c in columns.items() if key in ("school", "name", "key")}
        # A row of a roster that names nothing but a school is a form's empty line.
        self.empty = {columns["school"]} if {"school", "name"} <= columns.keys() else set[int]()
        self.telling = [columns[key] for key in ("id_number", "birth") if key in columns]
        self.headers = {c: {row[c] for row in label_rows(table)} - {None} for c in self.columns}
        self.known: dict[str, str | None] = {}

    def kind(self, row: list[Cell]) -> str | None:
        """Return why a row is not data, or None."""
        labels = [self._label(v) for v in row if type(v) is str][:LABELS]
        if labels and labels[0] == SAMPLE:
            return SAMPLE
        if TOTAL in labels:
            return TOTAL
        filled = {c: row[c] for c in self.columns if row[c] is not None}
        if filled.keys() <= self.empty:
            words = (v for c, v in enumerate(row) if type(v) is str and c not in self.empty)
            said = NOTE in labels or any(not plain(word).isdigit() for word in words)
            return NOTE if said else BLANK
        same = sum(v in self.headers[c] for c, v in filled.items())
        if same >= 2 and 2 * same >= len(filled):
            return HEADER
        if len(set(filled.values())) == 1 and (len(filled) > 1 or not filled.keys() <= self.naming):
            return NOTE  # a title or a remark, often across the page
        if NOTE in labels and all(row[c] is None for c in self.telling):
            return NOTE
        return None

    def _label(self, text: str) -> str | None:
        if text not in self.known:
            short = plain(text)
            self.known[text] = (
                TOTAL
                if _TOTAL.fullmatch(short)
                else SAMPLE
                if _SAMPLE.match(short)
                else NOTE
                if _NOTE.match(short)
                else None
            )
        return self.known[text]
