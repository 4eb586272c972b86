"""Any file that holds tables, as sheets of cells: workbooks and text tables.

What a file is, its content says, not its name: systems export text as .xls.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from workforce_sim.county.tables.trial import (
    MOST_CELLS,
    TooLargeError,
    can_be_read,
    has_far_cells,
)

Cell = str | float | int | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
SEPARATORS = ",;\t"
SNIFFED = 20
"""So many lines tell the separator."""


class UnreadableError(Exception):
    """A file that cannot be read; ``code`` is the finding's."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(eq=False)
class Sheet:
    """The cells of one sheet.

    Attributes
    ----------
    file, name : str
        The file's name without its folder, and the sheet's; a text table's sheet has no name.
    rows : list of list
        All cells from A1, blank ones None; the value of merged cells stands in each of them.
    hidden : bool
        Whether the workbook hides it.
    header : int
        The row of its header, counted from 0, once that is known.
    """

    file: str
    name: str
    rows: list[list[Cell]] = field(repr=False)
    hidden: bool = False
    header: int = 0

    @property
    def blank(self) -> bool:
        """Whether no cell says anything."""
        return all(value is None for row in self.rows for value in row)


def letters(column: int) -> str:
    """Return the letters of a column counted from 0: A, B ... Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def read_sheets(path: str | Path) -> list[Sheet]:
    """Read the sheets of a workbook, or the one sheet of a text table.

    Raises
    ------
    UnreadableError
        If there is no such file, or it is empty, damaged, protected or no table.
    """
    path = Path(path)
    raw = _bytes(path)
    if not raw.strip():
        raise UnreadableError("file_empty")
    if raw.startswith((ZIP, OLE)):
        return list(_workbook(raw, path))
    return [Sheet(path.name, "", _text_table(raw))]


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():  # Windows would call it a matter of permission
            raise UnreadableError("file_folder")
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableError("file_missing") from None
    except (OSError, ValueError):
        raise UnreadableError("file_unreadable") from None


# --- workbooks ------------------------------------------------------------------------------------


def _open(raw: bytes, path: Path) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(raw))
    except CalamineError:  # going by the file's name, it tells a password from damage
        return CalamineWorkbook.from_path(str(path))


def _workbook(raw: bytes, path: Path) -> Iterator[Sheet]:
    if raw.startswith(OLE) and "EncryptedPackage".encode("utf-16-le") in raw:
        raise UnreadableError("file_password")
    if raw.startswith(OLE) and not can_be_read(path):
        raise UnreadableError("file_damaged")
    try:
        if raw.startswith(ZIP) and has_far_cells(raw) and not can_be_read(path):
            raise UnreadableError("file_far_cell")
        workbook = _open(raw, path)
        for about in workbook.sheets_metadata:
            if about.typ == SheetTypeEnum.WorkSheet:
                sheet = workbook.get_sheet_by_name(about.name)
                # Dates of both date systems come as dates, numbers as numbers.
                rows = _shared([list[Cell](row) for row in sheet.to_python(False)])
                _spread(rows, sheet.merged_cell_ranges or [])
                yield Sheet(path.name, about.name, rows, about.visible != SheetVisibleEnum.Visible)
    except TooLargeError:
        raise UnreadableError("file_too_large") from None
    except PasswordError:
        raise UnreadableError("file_password") from None
    except (CalamineError, OSError, ValueError):
        raise UnreadableError("file_damaged") from None


def _shared(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Keep equal texts once: a roster repeats its words in every row."""
    texts: dict[str, str] = {}
    for row in rows:
        for i, value in enumerate(row):
            if type(value) is str:
                row[i] = texts.setdefault(value, value) if value.strip() else None
    return rows


def _spread(rows: list[list[Cell]], merged: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    for (top, left), (bottom, right) in merged:
        if top < len(rows) and left < len(rows[top]):
            value = rows[top][left]
            for row in rows[top : bottom + 1]:
                for column in range(left, min(right + 1, len(row))):
                    row[column] = value


# --- text tables ----------------------------------------------------------------------------------


def _text_table(raw: bytes) -> list[list[Cell]]:
    text = _decoded(raw)
    if text.lstrip()[:1] == "<":  # a web page or XML that is called .xls
        raise UnreadableError("file_web_page")
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
        rows: list[list[Cell]] = [[cell if cell.strip() else None for cell in row] for row in lines]
    except csv.Error:
        raise UnreadableError("file_quotes") from None
    width = max(len(row) for row in rows)
    if width * len(rows) > MOST_CELLS:
        raise UnreadableError("file_far_cell")
    return _shared([row + [None] * (width - len(row)) for row in rows])


def _decoded(raw: bytes) -> str:
    """Decode: by its mark, else strict UTF-8, else GB18030."""
    for mark, encoding in BOMS:
        if raw.startswith(mark):
            try:
                return raw.removeprefix(mark).decode(encoding)
            except UnicodeDecodeError:
                raise UnreadableError("file_no_table") from None
    if b"\0" in raw:  # a picture, a PDF: no text has it
        raise UnreadableError("file_no_table")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableError("file_no_table")


def _separator(text: str) -> str:
    """Return the separator that occurs in most of the first lines, and most often."""
    lines = text.splitlines()[:SNIFFED]
    return max(SEPARATORS, key=lambda s: (sum(s in line for line in lines), text.count(s)))
