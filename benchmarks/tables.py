"""Tables as text in a document, between marks, where a program writes them anew."""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
from collections.abc import Sequence
from pathlib import Path


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a table in Markdown: the first column to the left, the others to the right."""
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def machine(*packages: str) -> str:
    versions = ", ".join(f"{p} {importlib.metadata.version(p)}" for p in packages)
    return (
        f"{platform.system()} on {platform.machine()}, {os.cpu_count()} cores; "
        f"Python {platform.python_version()}, {versions}."
    )


def arguments(about: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument(
        "--write", type=Path, metavar="DOCUMENT", help="also put the tables into this document"
    )
    return parser


def publish(name: str, text: str, document: Path | None) -> None:
    """Print a text, and put it into a document between the marks of this name."""
    print(text)
    if document is None:
        return
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    before, found, rest = document.read_text(encoding="utf-8").partition(begin)
    _, also_found, after = rest.partition(end)
    if not (found and also_found):
        raise SystemExit(f"{document} lacks the marks {begin} and {end}")
    written = f"{before}{begin}\n\n{text}\n\n{end}{after}"
    document.write_text(written, encoding="utf-8", newline="\n")
