"""A search on the terminal: the answer in a sentence, how sure it is, and what was tried."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.markup import escape
from rich.table import Table

from workforce_sim.decision.seek import SCAN
from workforce_sim.report.assumptions import assumption_name
from workforce_sim.report.console import new_table, wrapped
from workforce_sim.report.decisions.factors import lever_sentence, value_text
from workforce_sim.report.decisions.naming import event_name
from workforce_sim.report.decisions.seek_charts import charts
from workforce_sim.report.decisions.seek_words import (
    combination,
    cost_text,
    least,
    not_meeting,
    of_answer,
    origin,
    unpriced,
)
from workforce_sim.report.decisions.told import Told, print_told
from workforce_sim.report.narrative.grounds import scope
from workforce_sim.report.narrative.phrases import said
from workforce_sim.report.numbers import chance, tenths
from workforce_sim.scenario.assumptions import numbers
from workforce_sim.scenario.forms import ByYear
from workforce_sim.words import Words

if TYPE_CHECKING:
    from rich.console import Console

    from workforce_sim.decision.seek import Seek

    Row = pd.Series[Any]

__all__ = ["charts", "print_seek", "told"]

SHOWN = 15
"""Combinations listed, the cheapest; or the best, where none meets the goal."""

HEADING = 14
"""Width of the heading of a lever's column."""


def print_seek(study: Seek, console: Console, words: Words) -> None:
    """Print the answer, the values tried or the frontier, and notes."""
    print_told(told(study, words), console, words)


def told(study: Seek, words: Words) -> Told:
    """Return what is told of the study."""
    return Told(
        words("seek.asked"),
        list(points(study, words)),
        [_table(study, words)],
        list(_notes(study, words)),
        origin(study, words),
    )


def points(study: Seek, words: Words) -> Iterator[str]:
    """Yield the goal and the answer, point by point."""
    event, probability = event_name(study.goal.event, words), least(study.goal.least)
    yield words("seek.goal", event=event, least=probability)
    if study.status == "unfinished":
        yield words("seek.unfinished")
    if len(study.levers) == 1:
        yield from _one(study, words)
    else:
        yield from _several(study, words)
    yield from _checked(study, words)
    yield _method(study, words)


def _one(study: Seek, words: Words) -> Iterator[str]:
    path, values = study.levers[0].path, study.levers[0].values
    low, high = (value_text(path, value, words) for value in (values[0], values[-1]))
    row, missing = of_answer(study), not_meeting(study)
    if row is None:
        told = {"value": value_text(path, study.best[path], words), "p": said(study.best, words)}
        if study.status == "unfinished":
            yield words("seek.none_so_far", **told)
        else:
            yield words("seek.not_reached", low=low, high=high, **told)
    else:
        value, p = value_text(path, row[path], words), said(row, words)
        if study.status == "unfinished":
            yield words("seek.so_far", value=value, p=p)
        elif missing is None:
            yield words("seek.found_all", low=low, high=high, value=value, p=p)
        else:
            extreme = "least" if missing[path] < row[path] else "most"
            what = lever_sentence(path, row[path], words, extreme)
            next_value = value_text(path, missing[path], words)
            what = what[0].upper() + what[1:]
            yield words("seek.found", what=what, p=p, next=next_value, q=said(missing, words))
    yield _now(study, words)
    if missing is not None or row is None:
        yield from _bracket(study, words)
    yield from _cost(study, words)


def _now(study: Seek, words: Words) -> str:
    path, now = study.levers[0].path, study.levers[0].now
    if now is None:
        return words("seek.now_several")
    value, rows = value_text(path, now, words), study.tried[study.tried[path] == now]
    if rows.empty:
        return words("seek.now_outside", value=value)
    row = rows.iloc[0]
    key = "now_met" if row["meets"] else "now_missed"
    return words(f"seek.{key}", value=value, p=said(row, words))


def _bracket(study: Seek, words: Words) -> Iterator[str]:
    """Say between which values the answer must lie, where the probability runs one way."""
    if study.method != "bisection":
        return
    path, p = study.levers[0].path, study.tried["p"]
    way = "down" if p.iloc[0] > p.iloc[-1] else "up"
    may, sure = (
        None if v is None else words(f"seek.{way}", value=value_text(path, v, words))
        for v in study.bracket
    )
    if may is not None and sure is None:
        yield words("seek.bracket_unsure", may=may)
    elif may == sure and sure is not None:
        yield words("seek.bracket_sure", sure=sure)
    elif sure is not None:
        yield words("seek.bracket", may=may, sure=sure)


def _cost(study: Seek, words: Words) -> Iterator[str]:
    lever, row = study.levers[0], of_answer(study)
    price = study.scenario.costs.per_unit.get(lever.path)
    if row is None or price is None:
        return
    currency, now = study.scenario.costs.currency, ""
    if lever.now is not None:
        value = value_text(lever.path, lever.now, words)
        cost = cost_text(float(price) * lever.now)
        now = words("seek.cost_now", value=value, cost=cost, currency=currency)
    value, cost = value_text(lever.path, row[lever.path], words), cost_text(row["cost"])
    yield words("seek.cost", value=value, cost=cost, currency=currency, now=now)


def _several(study: Seek, words: Words) -> Iterator[str]:
    row, found = of_answer(study), study.frontier
    if row is None:
        key = "none_so_far" if study.status == "unfinished" else "not_reached_several"
        best = {"p": said(study.best, words)}
        best["value" if study.status == "unfinished" else "combination"] = combination(
            study, study.best, words
        )
        yield words(f"seek.{key}", **best)
        return
    what, p, missing = combination(study, row, words), said(row, words), unpriced(study)
    if study.status == "unfinished":
        yield words("seek.so_far", value=what, p=p)
        return
    if len(missing) == len(study.levers):
        yield words("seek.uncosted", n=len(found), combination=what, p=p)
        return
    currency = study.scenario.costs.currency
    cost = cost_text(row["cost"])
    yield words("seek.cheapest", combination=what, cost=cost, currency=currency, p=p)
    low, high = (cost_text(found["cost"].agg(end)) for end in ("min", "max"))
    yield words("seek.combinations", n=len(found), low=low, high=high, currency=currency)
    for lever in study.levers:
        if row[lever.path] == lever.values[-1]:
            name = assumption_name(lever.path, words)
            value = value_text(lever.path, row[lever.path], words)
            yield words("seek.at_bound", name=name, value=value)
    if missing:
        listed = words("mark.enum").join(assumption_name(path, words) for path in missing)
        yield words("seek.no_costs", names=listed)


def _checked(study: Seek, words: Words) -> Iterator[str]:
    """Say what other random numbers say of the answer and of the value next to it."""
    if study.answer is None:
        return
    if study.fresh.empty:
        yield words("seek.fresh_missing")
        return
    one, parts, agrees = len(study.levers) == 1, [], True
    for _, row in study.fresh.iterrows():
        is_answer = all(row[path] == value for path, value in study.answer.items())
        agrees &= bool(row["meets"]) == is_answer
        if one:
            path = study.levers[0].path
            value = value_text(path, row[path], words)
            parts.append(words("seek.point", value=value, p=said(row, words)))
        else:
            parts.append(words("seek.point_of", p=said(row, words)))
    n = f"{study.fresh['replications'].iloc[0]:,}"
    key = "fresh_agrees" if agrees else "fresh_differs"
    yield words(f"seek.{key}", n=n, points=words("mark.clause").join(parts))


def _method(study: Seek, words: Words) -> str:
    total = study.tried["replications"].sum() + study.fresh["replications"].sum()
    told: dict[str, object] = {"n": len(study.tried), "total": f"{total:,.0f}"}
    if study.method == "scan":
        every = len(study.levers[0].values)
        told |= {"of": every, "gaps": words("seek.gaps") if every > SCAN else ""}
    return words(f"seek.method_{study.method}", **told)


def _table(study: Seek, words: Words) -> Table:
    """Return the values tried; of several levers the frontier, or the best if there is none."""
    rows, one = study.tried, len(study.levers) == 1
    title = words("seek.tried")
    if not one and len(study.frontier):
        rows = study.frontier.head(SHOWN)
        title = words("seek.frontier", n=len(study.frontier), shown=len(rows))
    elif not one:
        rows = rows.sort_values(["p", "cost"], ascending=[False, True], kind="stable").head(SHOWN)
    table = new_table(
        title,
        [],
        [
            *(_heading(lever.path, words) for lever in study.levers),
            words("seek.p"),
            *([words("seek.interval")] if one else []),
            words("seek.met"),
            words("seek.runs"),
            *([] if _free(study) else [words("seek.cost_in", currency=escape(_currency(study)))]),
        ],
    )
    for _, row in rows.iterrows():
        meets = words("value.yes" if row["meets"] else "value.no")
        is_answer = study.answer is not None and all(
            row[path] == value for path, value in study.answer.items()
        )
        table.add_row(
            *(value_text(lever.path, row[lever.path], words) for lever in study.levers),
            chance(row),
            *([_interval(row, words)] if one else []),
            meets if row["settled"] else words("seek.close", meets=meets),
            f"{row['replications']:,}",
            *([] if _free(study) else [cost_text(row["cost"])]),
            style="bold" if is_answer else None,
        )
    return table


def _notes(study: Seek, words: Words) -> Iterator[str]:
    if not study.tried["settled"].all():
        yield words("seek.note_close")
    known = numbers(study.scenario)
    for lever in study.levers:
        now = known[lever.path]
        if isinstance(now, ByYear) and now.years and now.later is not None:
            years = words("mark.enum").join(words("phrase.year", year=y) for y in now.years)
            yield words("seek.note_years", name=assumption_name(lever.path, words), years=years)
    yield words("seek.note_error")
    yield scope(study, words)


def _heading(path: str, words: Words) -> str:
    return escape(wrapped(assumption_name(path, words), HEADING))


def _interval(row: Row, words: Words) -> str:
    return words("phrase.range", low=tenths(row["p_low"]), high=tenths(row["p_high"]))


def _free(study: Seek) -> bool:
    return len(unpriced(study)) == len(study.levers)


def _currency(study: Seek) -> str:
    return study.scenario.costs.currency
