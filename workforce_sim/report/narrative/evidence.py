"""The findings: each ratio of the county, the differences between schools, the schools at risk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from workforce_sim.assessment.uncertainty import probability
from workforce_sim.report.narrative.phrases import (
    CLASSES,
    baseline_year,
    measure,
    people,
    ratio,
    said,
    when_judged,
)
from workforce_sim.report.numbers import number, tenths
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.assessment.projection import Projection


def evidence(projection: Projection, words: Words) -> list[str]:
    """Return the findings of the judged year as short sentences, each with its figures."""
    return [
        *_ratios(projection, words),
        *_differences(projection, words),
        *_schools(projection, words),
        *_rotation(projection, words),
    ]


def first_years(
    projection: Projection, stage: str, indicator: str
) -> tuple[int | None, int | None]:
    """Return the years by which a ratio has met once, with probability 0.5 and 0.95.

    Parameters
    ----------
    projection : Projection
    stage, indicator : str
        As in ``Projection.first_year``: ``county`` and ``not_ruled_out`` for the verdict.

    Returns
    -------
    tuple of int or None
        None where that is not reached within the years simulated.
    """
    first = projection.first_year
    rows = first[(first["stage"] == stage) & (first["indicator"] == indicator)]
    rows = rows.dropna(subset="year").sort_values("year")
    by_then = rows["p"].cumsum() + 1e-9  # shares of replications, added up
    even, safe = (rows["year"][by_then >= least].min() for least in (0.5, CLASSES["sure"]))
    return (None if pd.isna(even) else int(even), None if pd.isna(safe) else int(safe))


def schools_at_risk(projection: Projection, n: int) -> pd.DataFrame:
    """Return the ``n`` judged schools most likely to have failed in the judged year.

    Returns
    -------
    DataFrame
        ``school``, ``stage``, ``area``, ``p_failed`` with its errors, and of the indicator that the
        school is least likely to meet: ``indicator``, ``q50``, ``threshold``, ``p_meets``. Fewer
        rows, or none, where fewer schools are judged.
    """
    worst = when_judged(projection.school_verdicts, projection)
    worst = worst[worst["judged"] > 0]
    worst = worst.sort_values(["p_failed", "school"], ascending=[False, True])[:n]
    ratios = when_judged(projection.schools, projection)
    ratios = ratios.assign(reached=ratios["q50"] / ratios["threshold"])
    ratios = ratios.sort_values(["p_meets", "reached"]).drop_duplicates(["school", "stage"])
    figures = ratios[["school", "stage", "indicator", "q50", "threshold", "p_meets"]]
    return worst.merge(figures, on=["school", "stage"], how="left")


def weakest(projection: Projection) -> pd.Series[Any]:
    """Return the school and indicator that is most often the county's weakest when judged.

    Returns
    -------
    Series
        The row of ``Projection.binding``, with ``q50`` and ``threshold`` of the school's ratio.

    Raises
    ------
    IndexError
        If no school is judged in that year.
    """
    binding = when_judged(projection.binding, projection)
    first = binding.sort_values("p", ascending=False, kind="stable").iloc[0]
    ratios = when_judged(projection.schools, projection)
    for column in ("school", "stage", "indicator"):
        ratios = ratios[ratios[column] == first[column]]
    place: pd.Series[Any] = pd.concat([first, ratios[["q50", "threshold"]].iloc[0]])
    return place


def weakest_indicators(projection: Projection) -> pd.DataFrame:
    """Return in which share of the replications the county's weakest place is of each indicator.

    Returns
    -------
    DataFrame
        ``indicator``, ``p`` and its errors, the most frequent first; empty if no school is judged.
    """
    n = int(projection.provenance["replications"])
    shares = when_judged(projection.binding, projection).groupby("indicator")["p"].sum()
    counts = (n * shares).round().to_numpy()
    table = {"indicator": shares.index, **probability(np.arange(n) < counts[:, None], 1)}
    return pd.DataFrame(table).sort_values("p", ascending=False, ignore_index=True)


def lacking(projection: Projection) -> pd.Series[Any]:
    """Return what the schools lack on average in the judged year, added up by indicator.

    Returns
    -------
    Series
        By indicator, in their order: people, m2, yuan, classrooms.
    """
    needs = when_judged(projection.needs, projection)
    judged = when_judged(projection.school_verdicts, projection)
    of_school = judged.set_index(["school", "stage"])["judged"]
    shares = of_school.reindex(pd.MultiIndex.from_frame(needs[["school", "stage"]])).to_numpy()
    total = (needs["mean"] * shares).groupby(needs["indicator"]).sum()
    lacks: pd.Series[Any] = total.reindex(list(projection.indicators)).fillna(0.0)
    return lacks


def ratio_finding(projection: Projection, row: pd.Series[Any], words: Words) -> str:
    """Return what is found of one ratio of the county, a row of ``Projection.ratios``."""
    return words(
        "evidence.ratio",
        what=measure(row, words),
        year=row["year"],
        median=ratio(row["q50"], row["indicator"], words),
        low=number(row["q05"]),
        high=number(row["q95"]),
        threshold=f"{row['threshold']:g}",
        chance=said(row, words, "p_meets"),
        first=_first(projection, row, words),
    )


def _first(projection: Projection, row: pd.Series[Any], words: Words) -> str:
    """Say by which year the ratio has met its threshold once."""
    before = projection.ratios[projection.ratios["year"] == baseline_year(projection)]
    before = before[(before["stage"] == row["stage"]) & (before["indicator"] == row["indicator"])]
    even, safe = first_years(projection, row["stage"], row["indicator"])
    if (before["p_meets"] == 1).any():
        name = "already"
    elif even is None:
        name = "never"
    elif safe is None:
        name = "even"
    else:
        name = "at_once" if even == safe else "safe"
    return words(f"evidence.{name}", even=even, safe=safe)


def _ratios(projection: Projection, words: Words) -> Iterator[str]:
    ratios = when_judged(projection.ratios, projection)
    for _, row in ratios[(ratios["stage"] != "both") & ratios["p_meets"].notna()].iterrows():
        yield ratio_finding(projection, row, words)


def _differences(projection: Projection, words: Words) -> Iterator[str]:
    rows = when_judged(projection.differences, projection).dropna(subset="p_within")
    if rows.empty:
        return
    row = rows.assign(reached=rows["q50"] / rows["limit"]).sort_values("reached").iloc[-1]
    yield words(
        "evidence.difference",
        what=measure(row, words),
        median=number(row["q50"]),
        low=number(row["q05"]),
        high=number(row["q95"]),
        limit=f"{row['limit']:g}",
        chance=said(row, words, "p_within"),
    )


def _schools(projection: Projection, words: Words) -> Iterator[str]:
    schools = projection.school_verdicts
    before = schools[schools["year"] == baseline_year(projection)]
    now = when_judged(schools, projection)
    if (now["judged"] > 0).any():
        yield words(
            "evidence.schools",
            before=baseline_year(projection),
            judged_before=int((before["judged"] > 0).sum()),
            failed_before=people((before["p_failed"] * before["judged"]).sum()),
            year=projection.scenario.judged_year,
            judged=people(now["judged"].sum()),
            failed=people((now["p_failed"] * now["judged"]).sum()),
        )


def _rotation(projection: Projection, words: Words) -> Iterator[str]:
    for _, row in when_judged(projection.rotation, projection).iterrows():
        if row["moved"] > 0:
            yield words(
                "evidence.rotation",
                year=f"{row['year']:.0f}",
                moved=people(row["moved"]),
                share=tenths(row["share"]),
                met=said(row, words, "p_share_met"),
                backbone=tenths(row["backbone_share"]),
                backbone_met=said(row, words, "p_backbone_share_met"),
            )
