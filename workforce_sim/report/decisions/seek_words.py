"""What is said of a search in several places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from workforce_sim.law import load_standard
from workforce_sim.report.charts.style import baseline_mark, of
from workforce_sim.report.decisions.factors import lever_sentence
from workforce_sim.report.narrative.phrases import enumerated
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.decision.seek import Seek

    Row = pd.Series[Any]


def of_answer(study: Seek) -> Row | None:
    """Return the row of the answer."""
    if study.answer is None:
        return None
    row: Row = of(study.tried, **study.answer).iloc[0]
    return row


def not_meeting(study: Seek) -> Row | None:
    """Return the value next to the answer of one lever that does not meet the goal."""
    rows = study.tried[~study.tried["meets"].astype(bool)]
    if study.answer is None or rows.empty:
        return None
    path = study.levers[0].path
    nearest = (rows[path] - study.answer[path]).abs().to_numpy().argmin()
    row: Row = rows.iloc[int(nearest)]
    return row


def unpriced(study: Seek) -> list[str]:
    """Return the levers of which the scenario states no cost."""
    stated = study.scenario.costs.per_unit
    return [lever.path for lever in study.levers if lever.path not in stated]


def combination(study: Seek, row: Row, words: Words) -> str:
    """Say what is done at a point: ``recruit 3 ... a year and retrain 5 ... a year``."""
    said_of = [lever_sentence(lever.path, row[lever.path], words) for lever in study.levers]
    return (
        words("mark.clause").join(said_of) if words.language == "zh" else enumerated(said_of, words)
    )


def cost_text(cost: float) -> str:
    """Write a cost without superfluous zeros."""
    return f"{cost:,.6g}"


def least(probability: float) -> str:
    """Write the probability of a goal: ``95%``, ``99.5%``."""
    return f"{100 * probability:.4g}%"


def origin(study: Seek, words: Words) -> str:
    """Return what every chart says of its origin; replications are those of a value."""
    low, high = (study.tried["replications"].agg(end) for end in ("min", "max"))
    n = str(low) if low == high else words("phrase.range", low=low, high=high)
    standard = next(iter(load_standard().documents))
    start = "" if study.provenance["complete"] else words("seek.origin_unfinished")
    line = words("seek.origin", n=n, seed=study.provenance["seed"], law=standard)
    return start + baseline_mark(study.county, words) + line
