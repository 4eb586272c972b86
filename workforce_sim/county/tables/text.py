"""Plain forms of texts: what two cells have in common when they differ in spaces and widths."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD])
_SPACES = re.compile(r"\s+")


def tidy(text: str) -> str:
    """Return a text without invisible characters, and spaces only between words."""
    return _SPACES.sub(" ", text.translate(_INVISIBLE)).strip()


def plain(text: str) -> str:
    """Return a text for comparing: half-width characters, no spaces, small letters."""
    folded = unicodedata.normalize("NFKC", text.translate(_INVISIBLE))
    return _SPACES.sub("", folded).lower()


def as_text(value: object) -> str:
    """Return a cell's value as one would type it: 2021.0 is 2021, blank is nothing."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
