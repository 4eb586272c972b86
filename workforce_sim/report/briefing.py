"""The Word briefing: two A4 pages, written from the projection, with charts drawn elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from workforce_sim.report.charts.style import provenance_line
from workforce_sim.report.narrative import (
    answer,
    assumptions_text,
    limits,
    paragraph,
    question,
    schools_at_risk,
)
from workforce_sim.report.narrative.evidence import ratio_finding
from workforce_sim.report.narrative.phrases import (
    baseline_year,
    county_name,
    odds,
    school_name,
    when_judged,
)
from workforce_sim.report.numbers import NONE, chance, number
from workforce_sim.report.word import Word, embolden, fill
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.assessment.projection import Projection
    from workforce_sim.decision.study import Study

SCHOOLS = 5
"""So many schools at risk are listed."""
ROW_CM = 0.45
"""Height of a row of a table."""
LEAST_CM = 3.0
"""A picture that would be less high is left out."""
COLOURS = {
    "sure": "C6DBEF",
    "likely": "E6F0F8",
    "either": "F2F2F2",
    "unlikely": "FCE3BD",
    "lost": "F6C7B6",
    "unclear": "FFFFFF",
}
"""The colour of a cell by the word for its probability: dark text is read on each of them."""


def write_briefing(
    projection: Projection, pictures: Mapping[str, bytes], path: Path, words: Words
) -> None:
    """Write the briefing; the same projection gives the same bytes.

    Parameters
    ----------
    projection : Projection
    pictures : mapping of str to bytes
        The PNG of every chart by its name: ``heat-map``, ``fan-L1-primary`` and so on.
    path : Path
        The file to write.
    words : Words
        The words of its language.
    """
    words = words.about(projection)
    year = projection.scenario.judged_year
    title = words("term.question", county=county_name(projection, words), year=year)
    word = Word(title, words.language)
    word.title(title)
    asked, answered = question(projection, words), paragraph(projection, words)
    size = 10 if words.language == "zh" else 9.5  # English takes more room
    word.paragraph(asked, size=9, grey=True)
    word.heading(words("briefing.answer"))
    word.paragraph(answered, size=size)
    rows = _verdicts(word, projection, words)
    nearest = _nearest(projection)
    # What the text and the table leave of the page: where it is too little, no picture.
    room = 22.2 - ROW_CM * rows - word.height_cm([asked], 9) - word.height_cm([answered], size)
    if room >= LEAST_CM:
        word.picture(
            pictures[f"fan-{nearest['indicator']}-{nearest['stage']}"],
            ratio_finding(projection, nearest, words),
            widest_cm=11.2,
            highest_cm=min(room, 7.6),
        )
    word.heading(words("briefing.figures"), new_page=True)
    assumed, limited = assumptions_text(projection, words), limits(projection, words)
    room = 18.8 - word.height_cm([*assumed, *limited], 9)
    word.picture(
        pictures["heat-map"],
        words("chart.heat", county=county_name(projection, words))
        + words("mark.list")
        + answer(projection, words),
        widest_cm=13,
        highest_cm=min(max(room, 3), 10.6),
    )
    _at_risk(word, projection, words)
    word.heading(words("briefing.assumptions"))
    word.bullets(assumed)
    word.heading(words("briefing.limits"))
    word.bullets(limited)
    line = provenance_line(projection, words)
    page = words("briefing.page", page="{page}", pages="{pages}")
    word.footer(footer(line, projection, words), page)
    path.write_bytes(word.packed())


def _nearest(projection: Projection) -> pd.Series[Any]:
    """Return the county's ratio that is least sure of its threshold when judged."""
    ratios = when_judged(projection.ratios, projection)
    ratios = ratios[ratios["stage"] != "both"]
    ratios = ratios.assign(reached=ratios["q50"] / ratios["threshold"])
    return ratios.sort_values(["p_meets", "reached"], kind="stable").iloc[0]


def _verdicts(word: Word, projection: Projection, words: Words) -> int:
    """Add the table of the judged year (ratios, differences, schools, county); return its rows."""
    year, before = projection.scenario.judged_year, baseline_year(projection)
    word.heading(words("briefing.verdicts", year=year))
    whole = _whole(projection, words)
    rows = [*_ratios(projection, words), *whole]
    headings = [
        words("briefing.item"),
        words("briefing.baseline", year=before),
        words("briefing.median", year=year),
        words("column.threshold"),
        words("column.p"),
        words("briefing.odds"),
    ]
    shown = [[*texts, words(f"odds.{said}")] for texts, said in rows]
    cells = word.table(headings, shown, (6.8, 1.4, 3.2, 1.8, 2.5, 2.3), texts={0, 5})
    for cells_of_row, (_, said) in zip(cells, rows, strict=True):
        for cell in cells_of_row[4:]:
            fill(cell, COLOURS[said])
    for cell in cells[-1] if whole else ():  # the county as a whole
        embolden(cell)
    word.paragraph(words("briefing.unit", before=before, year=year), size=8, grey=True)
    return len(rows)


def _ratios(projection: Projection, words: Words) -> list[tuple[list[str], str]]:
    """Return the cells of each ratio of the county, and the class of its probability."""
    base = projection.ratios[projection.ratios["year"] == baseline_year(projection)]
    before = {(row["stage"], row["indicator"]): row["q50"] for _, row in base.iterrows()}
    ratios = when_judged(projection.ratios, projection)
    ratios = ratios[(ratios["stage"] != "both") & ratios["p_meets"].notna()]
    return [
        (
            [
                words(
                    "briefing.ratio",
                    stage=words(f"stage.{row['stage']}"),
                    indicator=words(f"indicator.{row['indicator']}"),
                ),
                number(before[row["stage"], row["indicator"]]),
                f"{number(row['q50'])} ({number(row['q05'])}–{number(row['q95'])})",
                f"{row['threshold']:g}",
                chance(row, "p_meets"),
            ],
            odds(row, "p_meets"),
        )
        for _, row in ratios.iterrows()
    ]


def _whole(projection: Projection, words: Words) -> list[tuple[list[str], str]]:
    """Return the same of the verdicts on all schools together; nothing if none is judged."""
    if not (when_judged(projection.school_verdicts, projection)["judged"] > 0).any():
        return []
    found = []
    for _, row in when_judged(projection.verdicts, projection).iterrows():
        if row["scope"] != "county" and row["verdict"] == "difference_within":
            item = words("briefing.differences", stage=words(f"stage.{row['scope']}"))
        elif row["scope"] == "county" and row["verdict"] in ("all_met", "open", "not_ruled_out"):
            item = words(f"verdict.{row['verdict']}")
            item = item[0].upper() + item[1:]
        else:
            continue
        found.append(([item, NONE, NONE, NONE, chance(row)], odds(row)))
    return found


def _at_risk(word: Word, projection: Projection, words: Words) -> None:
    """Add the schools most likely to fail, or say that none does."""
    word.heading(words("briefing.at_risk", year=projection.scenario.judged_year))
    schools = schools_at_risk(projection, SCHOOLS)
    schools = schools[schools["p_failed"] > 0]
    if schools.empty:
        word.paragraph(words("answer.none_fails"))
        return
    headings = [
        words("column.school"),
        words("column.stage"),
        words("column.area"),
        words("column.p_failed"),
        words("term.weakest"),
        words("term.median_of"),
    ]
    rows = [
        [
            school_name(projection, row, words),
            words(f"stage.{row['stage']}"),
            words(f"area.{row['area']}"),
            chance(row, "p_failed"),
            words(f"short.{row['indicator']}"),
            f"{number(row['q50'])} / {row['threshold']:g}",
        ]
        for _, row in schools.iterrows()
    ]
    word.table(headings, rows, (5.8, 1.7, 2.2, 2.7, 2.3, 3.3), texts={0, 1, 2, 4})


def footer(line: str, study: Study, words: Words) -> str:
    """Return a line on the origin with the scenario and the program added."""
    origin = study.provenance
    digest = words(
        "briefing.digest",
        digest=origin["scenario_digest"][:12],
        version=origin["versions"]["workforce-sim"],
    )
    return words("mark.list").join([line, digest, ""])
