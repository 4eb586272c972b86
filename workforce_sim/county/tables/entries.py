"""The sheets of a county and of its policy: a label, and what it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from workforce_sim.county.spec import (
    LABELS,
    NO_GOALS,
    NOTHING_STATED,
    Goals,
    Published,
    SpecialSchools,
    Stated,
)
from workforce_sim.county.synthetic import MARKS
from workforce_sim.county.tables.cells import Reading
from workforce_sim.county.tables.columns import Entry
from workforce_sim.county.tables.dates import read_month
from workforce_sim.county.tables.findings import Found
from workforce_sim.county.tables.text import as_text, plain, tidy
from workforce_sim.county.tables.values import BLANK, Unreadable, read_count, read_number
from workforce_sim.words import LANGUAGES, catalogue

LATER = "later"
"""A row without a year, beside rows with one: all later years."""
SOURCE = "bureau"
_YEAR = re.compile(r"(.+?)[(\[]?((?:19|20)\d\d)年?度?[)\]]?")
_LISTED = re.compile(r"[,，;；、\s]+")


def read_entries(readings: Iterable[Reading], entries: Sequence[Entry]) -> dict[str, object]:
    """Return what sheets say, by the entries' keys; a mapping of years where years are given."""
    known = {
        plain(name): entry for entry in entries for name in (entry.label, entry.label_en, entry.key)
    }
    said: dict[str, object] = {}
    for reading in readings:
        keys, values = reading.body.column("key"), reading.body.column("value")
        labels, shown = (np.full(len(reading), None, dtype=object) for _ in range(2))
        for i, (key, value) in enumerate(zip(keys, values, strict=True)):
            entry, year = _entry(plain(as_text(key)), known)
            labels[i] = reading.privacy.label(key)
            shown[i] = reading.privacy.label(value) if isinstance(value, str) else value
            reading.show(key=labels, value=shown)
            if entry is None:
                if key is not None or value is not None:
                    reading.tell_row(i, "entry_unknown", "key")
                continue
            try:
                read = _value(entry, value)
            except Unreadable:
                reading.tell_row(i, "entry_unreadable", "value", kind=entry.kind, label=entry.label)
                continue
            if read is not None and not _put(said, entry.key, year, read):
                reading.tell_row(i, "entry_twice", "key")
    return {key: _flat(value) for key, value in said.items()}


def _entry(label: str, known: Mapping[str, Entry]) -> tuple[Entry | None, int | None]:
    if label in known:
        return known[label], None
    found = _YEAR.fullmatch(label)
    entry = known.get(found[1]) if found else None
    return (entry, int(found[2])) if found and entry and entry.by_year else (None, None)


def _put(said: dict[str, object], key: str, year: int | None, value: object) -> bool:
    """Note a value, of a year or of all; say whether that is new."""
    by_year = said.setdefault(key, {})
    assert isinstance(by_year, dict)
    name = LATER if year is None else year
    if name in by_year:
        return False
    by_year[name] = value
    return True


def _flat(by_year: object) -> object:
    assert isinstance(by_year, dict)
    return by_year[LATER] if by_year.keys() == {LATER} else by_year


def _value(entry: Entry, value: object) -> object:
    """Return what a cell says of an entry, None if it is blank."""
    text = tidy(as_text(value))
    if not text:
        return None
    match entry.kind:
        case "text":
            return text
        case "list":
            return tuple(_mark(name) for name in _LISTED.split(text) if name)
        case "month":
            return None if (month := read_month(value)) == BLANK else month
        case "years":
            found = re.fullmatch(r"(\d{4})年?(?:[-—–~至到]+(\d{4})年?)?", plain(text))
            if found is None:
                raise Unreadable
            return f"{found[1]}-{found[2] or found[1]}"
        case "count":
            return None if (count := read_count(value)) == BLANK else count
        case _:
            return _number(entry, value, text)


def _number(entry: Entry, value: object, text: str) -> float | None:
    percent = isinstance(value, str) and plain(text).endswith("%")
    number = read_number(plain(text).removesuffix("%") if percent else value)
    if number is None:
        return None
    if entry.kind == "share":
        number = number / 100 if percent else number
        if not 0 <= number <= 1:
            raise Unreadable
    if number < 0:
        raise Unreadable
    return int(number) if number.is_integer() and "." not in text else number


def _mark(name: str) -> str:
    """Return what is synthetic, by its key or its words."""
    words = catalogue()["synthetic"]
    for mark in MARKS:
        if name == mark or name in (words[mark][language] for language in LANGUAGES):
            return mark
    raise Unreadable


# --- what a county states -------------------------------------------------------------------------


def published_counts(
    said: Mapping[str, object], entries: Sequence[Entry], found: Found
) -> Published | None:
    """Return the published counts if all are there; say which are not if some are."""
    prefix = "published."
    needed = [e for e in entries if e.key.startswith(prefix) and e.kind == "count"]
    optional = [e for e in needed if e.key.startswith(prefix + "special")]
    missing = [e.label for e in needed if e.key not in said and e not in optional]
    averages = any(key.startswith(prefix + "facilities.") for key in said)
    if len(missing) == len(needed) - len(optional) and not averages:
        return None
    if missing:
        found.add("published_incomplete", details={"missing": "、".join(missing)})
        return None
    counts = _nested(said, prefix)
    if any(e.key not in said for e in optional):
        counts.pop("special", None)
    return Published.model_validate({**counts, "source": _source(counts)})


def stated_figures(said: Mapping[str, object]) -> Stated:
    """Return the totals and ratios that the county states."""
    figures = _nested(said, "stated.")
    if not figures:
        return NOTHING_STATED
    return Stated.model_validate({**figures, "source": _source(figures)})


def goals(said: Mapping[str, object]) -> Goals:
    """Return where the county means its schools to be."""
    shares = _nested(said, "goals.")
    return Goals.model_validate({**shares, "source": _source(shares)}) if shares else NO_GOALS


def special_schools(said: Mapping[str, object]) -> SpecialSchools | None:
    """Return what the county sheet says of special-education schools, if anything."""
    counts = _nested(said, "special.")
    parts = ("schools", "pupils", "staff")
    return (
        SpecialSchools.model_validate({part: counts.get(part, 0) for part in parts})
        if counts
        else None
    )


def _source(figures: Mapping[str, object]) -> str:
    """Return the source that a sheet names; it is the bureau's word if it names no known label."""
    named = str(figures.get("source", SOURCE))
    return named if re.split(r"\W", named, maxsplit=1)[0] in LABELS else f"{SOURCE}: {named}"


def _nested(said: Mapping[str, object], prefix: str) -> dict[str, object]:
    whole: dict[str, object] = {}
    for key, value in said.items():
        if key.startswith(prefix):
            *around, name = key.removeprefix(prefix).split(".")
            part = whole
            for step in around:
                part = part.setdefault(step, {})  # type: ignore[assignment]
            part[name] = value
    return whole
