"""The output folder of a study: its documents, tables and charts, a README and the manifest."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import altair as alt

from workforce_sim.report.decisions.briefing import write_briefing
from workforce_sim.report.decisions.page import study_page
from workforce_sim.report.decisions.told import Told, kind, title
from workforce_sim.report.decisions.workbook import write_workbook
from workforce_sim.report.folder import output_folder
from workforce_sim.report.manifest import write_manifest
from workforce_sim.report.narrative.grounds import scope
from workforce_sim.report.pictures import draw
from workforce_sim.report.tables import write_tables
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.decision.study import Study


def write_study(
    study: Study,
    told: Told,
    charts: Iterable[tuple[str, alt.TopLevelMixin]],
    folder: Path,
    words: Words,
) -> list[Path]:
    """Write a study into ``folder``, which is replaced as a whole, at the end.

    Parameters
    ----------
    study : Study
        Its class names it among the words: ``study.comparison``, and of each table
        ``study_table.comparison_ranking``.
    told : Told
        What is told of it.
    charts : iterable of (name, chart)
    folder : Path
        It does not exist yet, is empty, or holds an earlier output.
    words : Words

    Returns
    -------
    list of Path
        Every file written.

    Raises
    ------
    InputError
        If the folder cannot be written.
    """
    specs = {name: chart.to_dict(validate=False) for name, chart in charts}
    with output_folder(folder) as work:
        write_tables(study, work / "tables", words)
        (work / "charts").mkdir()
        pictures = {}
        for name, svg, png in draw(specs):
            (work / "charts" / f"{name}.svg").write_text(svg, encoding="utf-8", newline="\n")
            (work / "charts" / f"{name}.png").write_bytes(png)
            pictures[name] = png
        write_workbook(study, told, specs, pictures, work / "study.xlsx", words)
        html = study_page(study, told, specs, words)
        (work / "report.html").write_text(html, encoding="utf-8", newline="\n")
        write_briefing(study, told, specs, pictures, work / "briefing.docx", words)
        _write_readme(study, told, work, words)
        write_manifest(study, work)
        written = [path.relative_to(work) for path in sorted(work.rglob("*")) if path.is_file()]
    return [folder / path for path in written]


def _write_readme(study: Study, told: Told, folder: Path, words: Words) -> None:
    synthetic = words.listed("synthetic", study.county.synthetic) or words("value.no")
    tables = {name: words(f"study_table.{kind(study)}_{name}") for name in study.tables}
    lines = [
        title(study, words),
        "",
        told.origin,
        words("readme.synthetic", what=synthetic),
        scope(study, words),
        "",
        words("readme.study_workbook"),
        words("readme.page"),
        words("readme.study_briefing"),
        words("readme.charts"),
        words("readme.tables"),
        *(f"  {name}: {holds}" for name, holds in tables.items()),
        "",
        words("readme.errors"),
        words("readme.manifest"),
    ]
    # With a byte order mark, for the Notepad of older Windows.
    (folder / "README.txt").write_text("\n".join(lines) + "\n", encoding="utf-8-sig", newline="\n")
