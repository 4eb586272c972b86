"""Workbooks that could bring the whole program down are refused, or tried in another process first.

The reader unpacks a workbook whole, and lays out every cell between the first and the last one. A
small file can unpack to more than there is memory; a damaged workbook of 1997, or a stray cell in
the farthest corner, can ask for more: the process then ends at once, and no exception tells.
"""

from __future__ import annotations

import io
import re
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator

MOST_BYTES = 300_000_000
"""A workbook that unpacks to more is refused: a roster of 100,000 people takes a third of it."""
MOST_CELLS = 100_000_000
"""So many cells can be laid out; see `_FAR`."""
MOST_SECONDS = 120
"""A trial that takes longer has failed."""

_TRIAL = """
import sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
except (ImportError, OSError, ValueError):
    pass  # Windows refuses by itself what does not fit into memory
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
_FAR = re.compile(rb"""\br\s*=\s*["'](?:[A-Za-z]{3}|[A-Za-z]{0,2}\d{6})""")
"""A row or a cell beyond column ZZ or row 99,999; nearer ones are no more than `MOST_CELLS`."""
_STEP = 1 << 20
_LONGEST = 64
"""Characters kept from one step to the next, so that none of `_FAR` is cut in two."""


class TooLargeError(Exception):
    """A workbook unpacks to more than `MOST_BYTES`."""


def can_be_read(path: object) -> bool:
    """Try to read a workbook in another process; say whether that one lived."""
    command = [sys.executable, "-c", _TRIAL, str(path)]
    try:
        return subprocess.run(command, capture_output=True, timeout=MOST_SECONDS).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def has_far_cells(raw: bytes) -> bool:
    """Say whether a zipped workbook may ask for more cells than can be laid out without a trial.

    What it says of its own size is not believed: it is unpacked, a step at a time, and looked at.

    Raises
    ------
    TooLargeError
        If it unpacks to more than `MOST_BYTES`.
    """
    total, far, known = 0, False, False
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as parts:
            for part in parts.infolist():
                known |= part.filename.startswith("xl/") and part.filename.endswith(".xml")
                far |= part.filename.endswith(".bin")  # not looked into
                before = b""
                for step in _unpacked(raw, part):
                    total += len(step)
                    if total > MOST_BYTES:
                        raise TooLargeError
                    if not far:
                        far = _FAR.search(before + step) is not None
                        before = step[-_LONGEST:]
    except (zipfile.BadZipFile, zlib.error, struct.error, OSError, ValueError, RuntimeError):
        return True  # it is damaged: the reader says so, if it lives
    return far or not known


def _unpacked(raw: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield what a part really unpacks to: `zipfile` itself stops at the size that it claims."""
    names, extra = struct.unpack_from("<HH", raw, part.header_offset + 26)
    begin = part.header_offset + 30 + names + extra
    packed = memoryview(raw)[begin : begin + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        for at in range(0, len(packed), _STEP):
            yield bytes(packed[at : at + _STEP])
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise zipfile.BadZipFile  # no workbook is packed in another way
    unpacker, rest = zlib.decompressobj(-zlib.MAX_WBITS), bytes(packed)
    while rest and not unpacker.eof:
        yield unpacker.decompress(rest, _STEP)
        rest = unpacker.unconsumed_tail
