"""A sweep on the terminal: how many counties pass, the weakest, what helps each, what failed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

from workforce_sim.decision.sweep import BASE, summary
from workforce_sim.report.console import new_table, show
from workforce_sim.report.decisions.told import Told, print_told
from workforce_sim.report.numbers import NONE, chance, tenths
from workforce_sim.words import Words

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from workforce_sim.decision.sweep import Summary, Sweep

    Row = pd.Series[Any]

WORST = 12
"""Counties listed."""
NAMED = 120
"""Counties named in a sentence; `summary` has them all."""


def print_sweep(done: Sweep, console: Console, words: Words) -> None:
    """Print what the dataset comes to, and which counties failed."""
    if done.swept or done.kept:
        print_told(told(summary(done.folder), words), console, words)
    else:
        console.print(words("sweep.nothing"))
    if done.failures:
        show(_failures(done, words), console)


def told(found: Summary, words: Words) -> Told:
    """Return what is told of a sweep."""
    years = words("mark.enum").join(words("sweep.year", year=year) for year in found.years)
    notes = [
        words("sweep.note_pass"),
        words("sweep.note_help"),
        words("sweep.note_size", n=f"{found.replications:,}"),
    ]
    return Told(
        words("sweep.asked", n=len(found.counties), years=years),
        list(_points(found, words)),
        [_policies(found, words), _worst(found, words)],
        notes,
        words("sweep.note_synthetic", n=found.synthetic),
    )


def _points(found: Summary, words: Words) -> Iterator[str]:
    policies, counties = found.policies, found.counties
    base, best = policies[policies["policy"] == BASE].iloc[0], policies[~policies["world"]].iloc[0]
    for key, row in (("base", base), ("best", best)):
        if key == "base" or row["expected"] > base["expected"]:
            yield words(
                f"sweep.{key}",
                n=row["counties"],
                title=_of("title", row, words),
                **{name: row[name] for name in ("sure", "even", "expected")},
            )
    for _, row in policies[policies["most_helpful"] > 0].iterrows():
        helped = counties[counties["policy"] == row["policy"]]
        yield words(
            "sweep.most_helpful",
            title=_of("title", row, words),
            n=len(helped),
            counties=_names(helped, words),
        )
    left = counties[counties["policy"].isna()]
    if len(left) and len(policies) > 1:
        yield words("sweep.no_help", n=len(left), counties=_names(left, words))


def _policies(found: Summary, words: Words) -> Table:
    headings = ("counties_here", "sure", "even", "expected", "schools", "helps")
    table = new_table(
        words("sweep.policies"),
        [words("column.title")],
        [words(f"sweep.{heading}") for heading in headings],
    )
    for _, row in found.policies.iterrows():
        table.add_row(
            escape(_of("title", row, words)),
            *(str(row[name]) for name in ("counties", "sure", "even")),
            f"{row['expected']:.1f}",
            tenths(row["schools"]),
            NONE if row["policy"] == BASE or row["world"] else str(row["most_helpful"]),
            style="bold" if row["policy"] == BASE else None,
        )
    return table


def _worst(found: Summary, words: Words) -> Table:
    worst = found.counties.head(WORST)
    table = new_table(words("sweep.worst", n=len(worst)), [words("sweep.county")], [])
    for heading in ("p", "schools"):
        table.add_column(words(f"sweep.{heading}"), justify="right", overflow="fold")
    for heading in ("weakest", "helper"):
        table.add_column(words(f"sweep.{heading}"), overflow="fold")
    table.add_column(words("sweep.gain"), no_wrap=True)
    for _, row in worst.iterrows():
        table.add_row(
            escape(_of("name", row, words)),
            chance(row),
            tenths(row["schools"]),
            words(
                "sweep.weakest_is",
                stage=words(f"stage.{row['stage']}"),
                indicator=row["indicator"],
                share=tenths(row["share"]),
            ),
            *_help(row, words),
        )
    return table


def _help(row: Row, words: Words) -> tuple[str, str]:
    """Return the policy that helps a county most, and what it adds."""
    if not isinstance(row["policy"], str):
        return NONE, NONE
    gain = words(f"sweep.gain_{row['gain_of']}", points=f"{100 * row['gain']:.1f}")
    return escape(_of("title", row, words)), gain


def _failures(done: Sweep, words: Words) -> Table:
    table = new_table(words("sweep.failed"), [words("sweep.county"), words("sweep.problem")], [])
    for county, problems in done.failures.items():
        for nth, problem in enumerate(problems):
            table.add_row(escape(county) if nth == 0 else "", escape(str(problem)))
    return table


def _names(counties: pd.DataFrame, words: Words) -> str:
    shown = [_of("name", row, words) for _, row in counties.head(NAMED).iterrows()]
    listed = words("mark.enum").join(shown)
    return listed if len(shown) == len(counties) else words("sweep.and_more", counties=listed)


def _of(name: str, row: Row, words: Words) -> str:
    return str(row[f"{name}_en"] if words.language == "en" else row[name])
