"""Sensitivity on the terminal: what drives the risk, where the answer turns, what is chance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.markup import escape
from rich.table import Table

from workforce_sim.decision.sensitivity import LEVELS, budget, uncertain
from workforce_sim.decision.study import CHANCE
from workforce_sim.report.charts.style import of, provenance_line
from workforce_sim.report.console import new_table, wrapped
from workforce_sim.report.decisions.factors import factor_names, value_text
from workforce_sim.report.decisions.naming import event_name
from workforce_sim.report.decisions.seek_words import least
from workforce_sim.report.decisions.sensitivity_charts import (
    SHOWN,
    charts,
    p_at,
    ratio_name,
    risk,
    shown,
    swings,
)
from workforce_sim.report.decisions.told import WIDE, Told, print_told
from workforce_sim.report.narrative.grounds import scope
from workforce_sim.report.narrative.phrases import said
from workforce_sim.report.numbers import NONE, percent, tenths
from workforce_sim.scenario.assumptions import quantities
from workforce_sim.words import Words

if TYPE_CHECKING:
    from rich.console import Console

    from workforce_sim.decision.sensitivity import Sensitivity

    Row = pd.Series[Any]

__all__ = ["budget_text", "charts", "print_sensitivity", "told"]

NAMED = 3
"""Assumptions named in a sentence, and of each ratio."""
BESIDE = 34
"""Width taken by what stands beside the assumptions of a ratio."""
_ENDS = {"left": "", "low": "_low", "high": "_high"}
CLOSE = 3.0
"""Standard errors from the goal within which the answer is open."""


def budget_text(assumptions: int, points: int, replications: int, pace: float, words: Words) -> str:
    """Say what a study takes, before it begins; ``pace``: seconds a replication."""
    total = budget(assumptions, points, replications)
    seconds = total * pace
    time = (
        words("sensitivity.seconds", n=f"{max(seconds, 1):.0f}")
        if seconds < 90
        else words("sensitivity.minutes", n=f"{seconds / 60:.1f}")
    )
    return words(
        "sensitivity.budget",
        total=f"{total:,}",
        k=assumptions,
        points=f"{points:,}",
        levels=len(LEVELS),
        n=f"{replications:,}",
        time=time,
    )


def print_sensitivity(study: Sensitivity, console: Console, words: Words) -> None:
    """Print the answer, where it turns, the indices, and notes."""
    print_told(told(study, words, console.width), console, words)


def told(study: Sensitivity, words: Words, width: int = WIDE) -> Told:
    """Return what is told of the study; texts in tables are broken to fit the width."""
    tables = [
        *([_turns(study, words)] if swings(study) else []),
        *([_indices(study, words)] if risk(study) is not None else []),
        _ratios(study, words, width),
    ]
    return Told(
        words("sensitivity.asked"),
        list(points(study, words)),
        tables,
        list(_notes(study, words)),
        provenance_line(study, words),
    )


def points(study: Sensitivity, words: Words) -> Iterator[str]:
    """Yield the goal and the answer, point by point."""
    event, probability = event_name(study.goal.event, words), least(study.goal.least)
    yield words("sensitivity.goal", event=event, least=probability, p=said(study.base, words))
    names = _names(study, words)
    if not study.provenance["complete"]:
        yield words("sensitivity.unfinished", n=len(study.turns), of=_asked(study))
    indices = risk(study)
    if indices is None:
        yield words("sensitivity.certain", n=f"{2 * study.provenance['points']:,}")
        return
    left = of(indices, assumption=CHANCE).iloc[0]
    yield words(
        "sensitivity.chance",
        k=_asked(study),
        **{name: percent(min(left[f"total{end}"], 1)) for name, end in _ENDS.items()},
    )
    if not swings(study):
        return
    clear = study.turns[study.turns["clear"].astype(bool)]
    if clear.empty:
        yield words(
            "sensitivity.no_drivers", which=_driver(study, study.turns.iloc[0], names, words)
        )
    else:
        told = [_driver(study, row, names, words) for _, row in clear.head(NAMED).iterrows()]
        which, more = words("mark.list").join(told), _more(len(clear), words)
        yield words("sensitivity.drivers", which=which, more=more)
        if rest := len(study.turns) - len(clear):
            yield words("sensitivity.unclear", n=rest)
    if abs(study.base["p"] - study.goal.least) <= CLOSE * study.base["p_se"]:
        yield words("sensitivity.close")
    turning = study.turns[study.turns["at"].notna()]
    if turning.empty:
        yield words("sensitivity.no_turns")
    else:
        told = [
            words("sensitivity.turn", name=names[path], at=value_text(path, at, words))
            for path, at in zip(turning["assumption"], turning["at"], strict=True)
        ]
        which, more = words("mark.list").join(told[:NAMED]), _more(len(told), words)
        yield words("sensitivity.turns", which=which, more=more)


def _more(number: int, words: Words) -> str:
    """Say how many there are besides those that are named."""
    return words("sensitivity.more", n=number - NAMED) if number > NAMED else ""


def _driver(study: Sensitivity, row: Row, names: dict[str, str], words: Words) -> str:
    path = row["assumption"]
    low, high = (value_text(path, row[end], words) for end in ("q05", "q95"))
    p, q = (p_at(study, path, level) for level in (LEVELS[0], LEVELS[-1]))
    return words("sensitivity.driver", name=names[path], low=low, high=high, p=p, q=q)


def _turns(study: Sensitivity, words: Words) -> Table:
    rows, names = study.turns.head(SHOWN), _names(study, words)
    at = [words("sensitivity.if_at", level=level) for level in ("5%", "95%")]
    p = words("sensitivity.p")
    table = new_table(
        words("sensitivity.turns_table", shown=len(rows), n=len(study.turns)),
        [words("column.assumption")],
        [at[0], p, at[1], p, words("sensitivity.swing"), words("sensitivity.at")],
    )
    for _, row in rows.iterrows():
        path = row["assumption"]
        swing = row["p_q95"] - row["p_q05"]
        table.add_row(
            escape(wrapped(names[path], _width(words))),
            value_text(path, row["q05"], words),
            p_at(study, path, LEVELS[0]),
            value_text(path, row["q95"], words),
            p_at(study, path, LEVELS[-1]),
            f"{100 * swing:+.1f}".replace("-", "−"),
            value_text(path, row["at"], words),
            style="bold" if row["clear"] else None,
        )
    return table


def _indices(study: Sensitivity, words: Words) -> Table:
    indices = risk(study)
    assert indices is not None
    rows, names = shown(indices), _names(study, words)
    table = new_table(
        words("sensitivity.indices_table", shown=len(rows), n=len(indices)),
        [words("column.assumption")],
        [words("sensitivity.first"), words("sensitivity.total")],
    )
    for _, row in rows.iterrows():
        table.add_row(
            escape(names[row["assumption"]]),
            _estimate(row, "first", words),
            _estimate(row, "total", words),
            style="bold" if row["assumption"] == CHANCE else None,
        )
    return table


def _ratios(study: Sensitivity, words: Words, width: int) -> Table:
    names = _names(study, words)
    table = new_table(
        words("sensitivity.ratios_table", year=study.goal.event.year),
        [words("sensitivity.ratio"), words("sensitivity.chance_share"), words("sensitivity.main")],
        [],
    )
    for outcome in study.indices["outcome"].unique():
        if outcome.startswith("P("):
            continue
        rows = of(study.indices, outcome=outcome)
        ranked = rows[rows["assumption"] != CHANCE].sort_values("total", ascending=False)
        main = [
            f"{names[path]} {_share(total)}"
            for path, total in zip(ranked["assumption"], ranked["total"], strict=True)
        ][:NAMED]
        chance_total = float(of(rows, assumption=CHANCE)["total"].iloc[0])
        known = chance_total == chance_total
        listed = words("mark.list").join(main) if known else NONE
        table.add_row(
            escape(ratio_name(outcome, words)),
            _share(chance_total),
            escape(wrapped(listed, width - BESIDE)),
        )
    return table


def _notes(study: Sensitivity, words: Words) -> Iterator[str]:
    yield words("sensitivity.note_indices")
    if risk(study) is not None:
        yield words("sensitivity.note_total")
    if rest := len(uncertain(study.scenario)) - _asked(study):
        yield words("sensitivity.note_rest", n=rest)
    if len(study.tornado):
        yield words("sensitivity.note_error", se=tenths(study.tornado["p_se"].max()))
    yield scope(study, words)


def _estimate(row: Row, kind: str, words: Words) -> str:
    numbers = {name: f"{row[kind + end] + 0:.2f}" for name, end in _ENDS.items()}
    x, low, high = (text.replace("-0.00", "0.00").replace("-", "−") for text in numbers.values())
    return words("sensitivity.range", x=x, low=low, high=high)


def _share(index: float) -> str:
    """Write an index of a ratio in whole percent; estimates beyond 0 and 1 are cut."""
    return NONE if index != index else f"{min(max(index, 0), 1):.0%}"


def _asked(study: Sensitivity) -> int:
    """Return how many assumptions were asked about."""
    return int(study.indices["assumption"].nunique()) - 1


def _names(study: Sensitivity, words: Words) -> dict[str, str]:
    paths: Sequence[str] = [*quantities(study.scenario), CHANCE]
    return factor_names(paths, words, study.scenario)


def _width(words: Words) -> int:
    """Return the width of the names beside seven numbers."""
    return 26 if words.language == "zh" else 24
