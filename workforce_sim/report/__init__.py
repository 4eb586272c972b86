"""What people read: tables, charts, the summary on the terminal, in Chinese and in English."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from workforce_sim.report.folder import check_writable, output_folder
from workforce_sim.report.pictures import check_drawable
from workforce_sim.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from workforce_sim.assessment.projection import Projection
    from workforce_sim.county import Figure

__all__ = [
    "LANGUAGES",
    "check_drawable",
    "check_writable",
    "print_reconciliation",
    "print_summary",
    "write_outputs",
]


# Altair, pandas and pyarrow take a second to import: only those who write or print wait for them.


def write_outputs(projection: Projection, folder: Path, language: str = "zh") -> list[Path]:
    """Write a projection's documents, tables, charts, README and manifest into ``folder``.

    The folder is replaced as a whole, at the end; until then an earlier output stays as it was.

    Parameters
    ----------
    projection : Projection
        What to write.
    folder : Path
        The output folder: it does not exist yet, is empty, or holds an earlier output.
    language : "zh" or "en"
        The language of charts, README and CSV files.

    Returns
    -------
    list of Path
        Every file written.

    Raises
    ------
    InputError
        If the folder cannot be written (see `check_writable`), or if a name has a letter that the
        charts' font lacks (see `check_drawable`).
    """
    from workforce_sim.report.briefing import write_briefing
    from workforce_sim.report.charts import charts
    from workforce_sim.report.manifest import write_manifest, write_readme
    from workforce_sim.report.page import page
    from workforce_sim.report.pictures import draw
    from workforce_sim.report.tables import write_tables
    from workforce_sim.report.workbook import write_workbook
    from workforce_sim.words import Words

    words = Words(language)
    check_drawable([projection.county.name, *projection.schools["school"].unique()])
    with output_folder(folder) as work:
        write_workbook(projection, work / "projection.xlsx", words)
        write_tables(projection, work / "tables", words)
        (work / "charts").mkdir()
        # Tests hold the charts valid; to check them here takes half a second.
        specs = {name: chart.to_dict(validate=False) for name, chart in charts(projection, words)}
        pictures = {}
        for name, svg, png in draw(specs):
            (work / "charts" / f"{name}.svg").write_text(svg, encoding="utf-8", newline="\n")
            (work / "charts" / f"{name}.png").write_bytes(png)
            pictures[name] = png
        html = page(projection, specs, words)
        (work / "report.html").write_text(html, encoding="utf-8", newline="\n")
        write_briefing(projection, pictures, work / "briefing.docx", words)
        write_readme(projection, work, words)
        write_manifest(projection, work)
        written = [path.relative_to(work) for path in sorted(work.rglob("*")) if path.is_file()]
    return [folder / path for path in written]


def print_summary(projection: Projection, console: Console, language: str = "zh") -> None:
    """Print the answer, the verdict table and what they rest on; see ``report/terminal.py``."""
    from workforce_sim.report.terminal import print_summary as print_it
    from workforce_sim.words import Words

    print_it(projection, console, Words(language))


def print_reconciliation(figures: Iterable[Figure], console: Console, language: str = "zh") -> None:
    """Print the county's stated figures beside the recomputed ones."""
    from workforce_sim.report.terminal import print_reconciliation as print_it
    from workforce_sim.words import Words

    print_it(figures, console, Words(language))
