"""Workbooks that could bring the whole program down are tried in a process of their own first.

The reader lays out every cell between the first and the last one. A damaged workbook of 1997, or a
stray cell in the farthest corner, can ask for more memory than there is: the process then ends
at once, and no exception tells.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

MOST_CELLS = 100_000_000
"""A sheet that claims more is tried first."""

_TRIAL = """
import sys
from python_calamine import CalamineError, CalamineWorkbook, PasswordError
try:
    with open(sys.argv[1], "rb") as file:
        try:
            book = CalamineWorkbook.from_filelike(file)
        except CalamineError:
            book = CalamineWorkbook.from_path(sys.argv[1])
        for about in book.sheets_metadata:
            book.get_sheet_by_name(about.name)
except (CalamineError, PasswordError):
    pass  # it lived: who reads it tells what is wrong
"""
_DIMENSION = re.compile(rb'<dimension ref="\$?([A-Z]{1,3})\$?(\d+):\$?([A-Z]{1,3})\$?(\d+)"')


def can_be_read(path: Path) -> bool:
    """Try to read a workbook in another process; say whether that one lived."""
    done = subprocess.run([sys.executable, "-c", _TRIAL, str(path)], capture_output=True)
    return done.returncode == 0


def claims_too_much(raw: bytes) -> bool:
    """Say whether a sheet of an .xlsx claims more cells than can be laid out without a trial."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as parts:
            sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/")]
            return any(_cells(_head(parts, name)) > MOST_CELLS for name in sheets)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError):
        return False  # the reader says what is wrong with it


def _head(parts: zipfile.ZipFile, name: str) -> bytes:
    with parts.open(name) as sheet:
        return sheet.read(4096)


def _cells(head: bytes) -> int:
    found = _DIMENSION.search(head)
    if found is None:
        return 0
    left, top, right, bottom = found.groups()
    return (_number(right) - _number(left) + 1) * (int(bottom) - int(top) + 1)


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
