"""One's own tables, checked on the spot: nothing of them is kept, shown to others, or logged.

Unless they are imported on purpose; see `importing`.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Semaphore
from typing import TYPE_CHECKING

import streamlit as st

from workforce_sim.app import look
from workforce_sim.app.state import State
from workforce_sim.app.views import importing
from workforce_sim.county.tables import showing
from workforce_sim.county.tables.check import check_tables
from workforce_sim.county.tables.marked import write_marked
from workforce_sim.county.tables.template import write_template
from workforce_sim.report.decisions.figures import of_terminal
from workforce_sim.words import Words

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from workforce_sim.county.tables.check import Check

CHECKS = Semaphore(1)
"""Tables are checked one after another, whoever asks: a large one takes seconds and memory."""
ENDINGS = ["xlsx", "xlsm", "xls", "csv", "tsv", "txt"]


def tables(state: State) -> None:
    """Draw it: a template to fill in, the files to check, and what was found in them."""
    words = state.words
    look.say(words("app_county.tables_about"))
    look.download(
        words("app_county.template"), partial(_template, words), words("app_county.template_file")
    )
    files = st.file_uploader(
        words("app_county.files"), ENDINGS, accept_multiple_files=True, key="county.files"
    )
    if not files:
        return
    if len(files) > 2:
        look.warn(words("app_county.two_files"))
        return
    with _on_disk(files) as paths, st.spinner(words("app_county.checking")):
        with CHECKS:
            check = check_tables(*paths)
        _found(check, words)
    if check.county is None:
        look.notes([words("app_county.not_yet")])
    else:
        importing.offer(check, state)


def _found(check: Check, words: Words) -> None:
    look.heading(showing.counts_told(check, words))
    look.say(showing.verdict(check, words))
    if check.findings:
        look.table(of_terminal(showing.findings(check, words)))
        with tempfile.TemporaryDirectory() as folder:
            write_marked(check, file := Path(folder) / "marked.xlsx", words)
            marked = file.read_bytes()
        look.download(words("app_county.marked"), marked, words("app_county.marked_file"))
    if told := showing.left_out(check, words):
        look.say(told)
    if not check.counts.empty:
        look.table(of_terminal(showing.by_stage(check.counts, words)))
        look.table(of_terminal(showing.by_school(check.counts, words)))


@contextmanager
def _on_disk(files: list[UploadedFile]) -> Iterator[list[Path]]:
    """Give the files a place of their own while they are checked, under names that are safe."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for nth, file in enumerate(files):
            name = re.sub(r"[^\w.\-（）() ]+", "_", file.name).strip(". ")[-80:]
            place = Path(folder) / f"{nth}"
            place.mkdir()
            (place / (name or "table")).write_bytes(file.getbuffer())
            paths.append(place / (name or "table"))
        yield paths


def _template(words: Words) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return write_template(Path(folder), words.language).read_bytes()
