"""What is told of a study, on the terminal and in its documents alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table

from workforce_sim.report.console import answer, notes, show
from workforce_sim.words import Words

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from workforce_sim.decision.study import Study

WIDE = 10_000
"""The width of a document, in letters: it breaks its lines itself."""


@dataclass(frozen=True)
class Told:
    """What is told of a study.

    Attributes
    ----------
    asked : str
        The question.
    points : list of str
        The answer, point by point.
    tables : list of rich.table.Table
        What stands below the answer, the main table first.
    notes : list of str
        How the figures are to be read, and what they do not say.
    origin : str
        Where the figures come from.
    """

    asked: str
    points: list[str]
    tables: list[Table]
    notes: list[str]
    origin: str


def print_told(told: Told, console: Console, words: Words) -> None:
    """Print the answer, the tables, and the notes."""
    parts: list[RenderableType] = [answer(told.asked, told.points, console.width)]
    for table in told.tables:
        parts += [table, ""]
    parts.append(notes(words("term.notes"), [*told.notes, told.origin], console.width))
    show(Group(*parts), console)


def kind(study: Study) -> str:
    """Return by what a study is known among the words: ``study.comparison``."""
    return type(study).__name__.lower()


def title(study: Study, words: Words) -> str:
    """Return what stands at the head of a document: the scenario and the kind of study."""
    scenario = study.scenario
    title = scenario.title if words.language == "zh" else scenario.title_en
    about = words(f"study.{kind(study)}")
    return words("documents.title", scenario=title or scenario.name, about=about)


def notes_of(study: Study, told: Told, words: Words) -> list[str]:
    """Return the notes, and on which people the study rests."""
    synthetic = study.county.synthetic
    if "school_table" in synthetic:
        return [*told.notes, words("limit.all_synthetic")]
    what = words.listed("synthetic", synthetic)
    return [*told.notes, words("limit.synthetic", what=what) if what else words("limit.real")]
