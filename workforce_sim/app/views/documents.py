"""The documents of the draft: each is made when it is asked for, as the command line makes it."""

from __future__ import annotations

import io
import tempfile
import zipfile
from functools import partial
from pathlib import Path

from workforce_sim.app import background, look
from workforce_sim.app.state import State
from workforce_sim.assessment import Projection
from workforce_sim.decision.saving import save_policy
from workforce_sim.report import write_outputs
from workforce_sim.report.charts import charts
from workforce_sim.report.narrative import paragraph
from workforce_sim.report.page import page as report_page
from workforce_sim.report.workbook import write_workbook
from workforce_sim.words import Words


def page(state: State) -> None:
    """Draw it: what the documents tell, and a button for each."""
    projection, job = state.answer()
    words = state.words.about(projection)
    look.heading(state.title())
    look.say(paragraph(projection, words))
    if job is not None:
        background.watch(job, words, words("app_documents.refining"))
    if projection.provenance["replications"] < state.precise:
        look.warn(words("app_documents.sketch", n=projection.provenance["replications"]))
    name = f"{state.county.name}-{state.title()}"
    look.download(
        words("app_documents.workbook"), partial(_workbook, projection, words), f"{name}.xlsx"
    )
    look.download(
        words("app_documents.report"), partial(_report, projection, words), f"{name}.html"
    )
    look.download(
        words("app_documents.briefing"),
        partial(_one, projection, words, "briefing.docx"),
        f"{name}.docx",
    )
    look.download(words("app_documents.all"), partial(_all, projection, words), f"{name}.zip")
    look.download(words("app_documents.scenario"), partial(_scenario, state), f"{name}.yaml")
    look.notes([words("app_documents.scenario_note", file=state.path.name)])


def _workbook(projection: Projection, words: Words) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        write_workbook(projection, file := Path(folder) / "projection.xlsx", words)
        return file.read_bytes()


def _report(projection: Projection, words: Words) -> bytes:
    specs = {name: chart.to_dict(validate=False) for name, chart in charts(projection, words)}
    return report_page(projection, specs, words).encode()


def _one(projection: Projection, words: Words, name: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        write_outputs(projection, out := Path(folder) / "out", words.language)
        return (out / name).read_bytes()


def _all(projection: Projection, words: Words) -> bytes:
    """Return everything that a run writes, as one archive."""
    packed = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(packed, "w") as archive:
        out = Path(folder) / "out"
        for file in write_outputs(projection, out, words.language):
            archive.write(file, file.relative_to(out), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _scenario(state: State) -> bytes:
    """Return the draft as a file that ``workforce-sim run`` reads beside the county's policies."""
    if not state.changes:
        return (state.opened.path if state.opened else state.path).read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        titles = {language: state.title(Words(language)) for language in ("zh", "en")}
        saved = save_policy(
            Path(folder) / state.path.name,
            "draft",
            title=titles["zh"],
            title_en=titles["en"],
            about=titles["zh"],
            changes=state.changes,
            opened=state.opened,
        )
        return saved.path.read_bytes()
