"""Lists of posts and of rotation on the terminal: what they gain, and the lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pandas as pd
from rich.markup import escape
from rich.table import Table

from workforce_sim.decision.moves import WORTH
from workforce_sim.decision.posts import NONE, SIMULATED
from workforce_sim.report.charts.style import of, provenance_line
from workforce_sim.report.console import new_table
from workforce_sim.report.decisions.explain_charts import policy_title
from workforce_sim.report.decisions.posts_charts import HELPS, charts, lacking, listed
from workforce_sim.report.decisions.told import Told, print_told
from workforce_sim.report.narrative.grounds import scope
from workforce_sim.report.narrative.phrases import county_name, people
from workforce_sim.report.numbers import percent
from workforce_sim.words import Words

if TYPE_CHECKING:
    from rich.console import Console

    from workforce_sim.decision.posts import Placement

__all__ = ["charts", "print_posts", "told"]

MOST = 15
"""Rows printed of a year's list, if several years are asked for."""


def print_posts(study: Placement, console: Console, words: Words, years: Sequence[int]) -> None:
    """Print what the lists gain, the list of posts of some years, and that of rotation."""
    print_told(told(study, words, years), console, words)


def told(study: Placement, words: Words, years: Sequence[int]) -> Told:
    """Return what is told of the study, with the lists of some years."""
    year, policy = study.scenario.judged_year, policy_title(study.policy, words)
    return Told(
        words("posts.asked", county=county_name(study, words), policy=policy),
        list(points(study, words)),
        [
            _gains(study, words),
            *(_posts(study, each, len(years), words) for each in years),
            *([_moves(study, words)] if len(study.moves) else []),
        ],
        [
            *([] if len(study.moves) else [words("posts.no_moves", worth=WORTH)]),
            words("posts.note_before", year=year),
            words("posts.note_rules", year=year),
            words("posts.note_moves", worth=WORTH),
            scope(study, words),
        ],
        provenance_line(study, words),
    )


def points(study: Placement, words: Words) -> Iterator[str]:
    """Yield what is to be done, what it gains, and what it does not."""
    lists = listed(study)
    rows = of(study.posts, allocation=lists[-1])
    other = int(of(rows, subject="other")["posts"].sum())
    yield words(
        "posts.offered",
        n=int(rows["posts"].sum()),
        arts=int(rows["posts"].sum()) - other,
        other=other,
        first=study.scenario.years.first,
        last=study.scenario.judged_year,
        **_left(study.gains, NONE, words),
    )
    for name in lists:
        told = _left(study.gains, name, words)
        yield words("posts.list_gains", allocation=words(f"allocation.{name}"), **told)
    if len(lists) > 1:
        greedy, best = (
            of(study.gains, allocation=name)[["people_short", "schools_short"]].sum()
            for name in ("shortage", "optimal")
        )
        gained = greedy - best
        if gained["people_short"] < HELPS:
            yield words("posts.no_better")
        else:
            told = {what: _people(gained[f"{what}_short"]) for what in ("people", "schools")}
            yield words("posts.better", **told)
    idle = rows[rows["closes"] < HELPS]
    if len(idle):
        yield words(
            "posts.idle",
            allocation=words(f"allocation.{lists[-1]}"),
            n=int(idle["posts"].sum()),
            other=int(of(idle, subject="other")["posts"].sum()),
        )
    simulated = of(study.gains, allocation=SIMULATED)["people_short"].sum()
    yield words("posts.yearly", people=_people(simulated))
    left = study.move_gains.groupby("allocation")["people_short"].sum()
    yield words(
        "posts.moves",
        rotated=f"{study.rotation.groupby('year')['rotated'].sum().mean():.0f}",
        listed=int(study.moves["people"].sum()),
        none=_people(left[NONE]),
        simulated=_people(left[SIMULATED]),
        after=_people(left["listed"]),
    )


def _left(gains: pd.DataFrame, allocation: str, words: Words) -> dict[str, str]:
    """Return how many people are short, and by which measures."""
    rows = of(gains, allocation=allocation)
    named = [
        words(
            "posts.of_measure",
            measure=words(f"measure.{row['measure']}"),
            people=_people(row["people_short"]),
            schools=_people(row["schools_short"]),
        )
        for _, row in rows.iterrows()
        if row["people_short"] >= HELPS
    ]
    return {
        "people": _people(rows["people_short"].sum()),
        "measures": words("mark.list").join(named) or words("value.no"),
    }


def _people(value: float) -> str:
    return people(round(float(value), 1))


def _gains(study: Placement, words: Words) -> Table:
    measures = list(dict.fromkeys(lacking(study)["measure"]))
    names = [words(f"measure.{measure}") for measure in measures]
    headings = [
        words(f"posts.{what}_of", measure=name) for name in names for what in ("people", "schools")
    ]
    table = new_table(
        words("posts.gains", year=study.scenario.judged_year),
        [words("column.allocation")],
        headings,
    )
    for name in dict.fromkeys(study.gains["allocation"]):
        rows = of(study.gains, allocation=name).set_index("measure").loc[measures]
        cells = rows[["people_short", "schools_short"]].to_numpy().ravel()
        table.add_row(words(f"allocation.{name}"), *(f"{value:.1f}" for value in cells))
    return table


def _posts(study: Placement, year: int, years: int, words: Words) -> Table:
    """Return a year's posts, of the last of the lists."""
    name = listed(study)[-1]
    rows = of(study.posts, allocation=name, year=year)
    table = new_table(
        words("posts.list", year=year, allocation=words(f"allocation.{name}")),
        [words(f"column.{column}") for column in ("school", "stage", "area", "subject")],
        [
            words("column.posts"),
            words("posts.short"),
            words("column.closes"),
            words("column.p_short"),
        ],
    )
    shown = rows if years == 1 else rows.head(MOST)
    for _, row in shown.iterrows():
        table.add_row(
            escape(row["school"]),
            *(words(f"{column}.{row[column]}") for column in ("stage", "area", "subject")),
            str(row["posts"]),
            f"{row['short_before']:.1f} → {row['short_after']:.1f}",
            f"{row['closes']:.2f}",
            percent(row["p_short"]),
        )
    if more := int(rows["posts"].sum() - shown["posts"].sum()):
        table.caption = words("posts.and_more", n=more, year=year)
        table.caption_justify = "left"
    return table


def _moves(study: Placement, words: Words) -> Table:
    table = new_table(
        words("posts.move_list"),
        [words(f"column.{column}") for column in ("year", "stage", "measure", "origin", "to")],
        [words(f"column.{column}") for column in ("people", "km", "closes", "p_short")],
    )
    for _, row in study.moves.iterrows():
        table.add_row(
            str(row["year"]),
            words(f"stage.{row['stage']}"),
            words(f"measure.{row['measure']}"),
            escape(row["origin"]),
            escape(row["to"]),
            str(row["people"]),
            f"{row['km']:.1f}",
            f"{row['closes']:.2f}",
            percent(row["p_short"]),
        )
    return table
