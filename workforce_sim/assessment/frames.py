"""The judgement of a run as tidy tables: one function a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workforce_sim.assessment.judgement import INDICATORS, TOLERANCE, Judgement
from workforce_sim.assessment.stages import BOTH, by_stage, scopes
from workforce_sim.assessment.uncertainty import probability, spread
from workforce_sim.law import load_standard
from workforce_sim.scenario.schema import AREAS, STAGES
from workforce_sim.simulation.ledger import AGE_BANDS, FLOWS, Ledger

Table = dict[str, NDArray[Any]]
"""Columns of one length. Pandas comes last: many small data frames cost more than all the sums."""
FLOW_NAMES = {
    "retirement": "retired",
    "rotated_in": "rotated",
    "returned_in": "returned",
    "network_in": "moved_by_network",
    "reallocated_in": "reallocated",
    "qualified": "degrees",
}
"""Names of flows in the tables, where they differ from the ledger's."""
NEVER = 0
"""The year in which what never comes is so."""
LEFT_OUT_FLOWS = ("rotated_out", "returned_out", "network_out", "reallocated_out")
"""Flows that repeat another one when a stage is summed: who moves in has moved out."""


def ratios(judged: Judgement, years: Sequence[int]) -> pd.DataFrame:
    """Ratios of the stages, and of both together where they share a threshold."""
    standard = load_standard()
    parts = []
    for stage in scopes(judged.schools.stage):
        items, pupils = judged.stage_items(stage)
        ratio = judged.ratio_of(items, pupils)
        stages = judged.stages if stage == BOTH else (stage,)
        for code, indicator in enumerate(judged.indicators):
            thresholds = {standard.threshold(indicator, s) for s in stages}
            if len(thresholds) > 1:
                continue
            (threshold,) = thresholds
            values = ratio[:, :, code]
            meets = values >= threshold - TOLERANCE
            parts.append(
                _table(
                    {"year": years, "stage": stage, "indicator": indicator},
                    spread(values, 1),
                    probability(meets, 1, "p_meets", ~np.isnan(values)),
                    {"threshold": threshold},
                )
            )
    return _sorted(parts, ["year", "stage", "indicator"])


def schools(judged: Judgement, years: Sequence[int]) -> pd.DataFrame:
    """Ratios of the schools in the years in which they have pupils."""
    parts = []
    for code, indicator in enumerate(judged.indicators):
        meets = judged.cover(indicator) >= 1 - TOLERANCE
        parts.append(
            _table(
                _of_schools(judged, years),
                {
                    "indicator": indicator,
                    "pupils": judged.pupils.mean(axis=1),
                    "judged": judged.judged.mean(axis=1),
                },
                spread(judged.ratio(indicator), 1),
                probability(meets, 1, "p_meets", judged.judged),
                {"threshold": np.tile(judged.threshold[:, code], len(years))},
            )
        )
    table = _sorted(parts, ["year", "school", "indicator"], judged.schools.names)
    return table[table["pupils"] > 0]


def needs(judged: Judgement, years: Sequence[int]) -> pd.DataFrame:
    """People, m2, yuan and classrooms that the schools lack to meet each threshold."""
    parts = []
    for indicator in judged.indicators:
        short = judged.short(indicator)
        table = _table(
            _of_schools(judged, years),
            {"indicator": indicator},
            spread(short, 1),
            probability(short > 0, 1, "p_short", judged.judged),
        )
        parts.append(_rows(table, judged.judged.any(axis=1).ravel()))
    return _sorted(parts, ["year", "school", "indicator"], judged.schools.names)


def school_verdicts(judged: Judgement, years: Sequence[int]) -> pd.DataFrame:
    """Verdicts on the schools, in the honest partial form; NaN where a school is not judged."""
    table = _table(
        _of_schools(judged, years),
        {"judged": judged.judged.mean(axis=1)},
        *(
            probability(holds, 1, f"p_{name}", judged.judged)
            for name, holds in judged.school_verdicts.items()
        ),
    )
    return pd.DataFrame(_rows(table, (judged.pupils > 0).any(axis=1).ravel()))


def differences(judged: Judgement, years: Sequence[int]) -> pd.DataFrame:
    """Coefficients of difference of the stages."""
    limits = load_standard().difference_limit
    parts = []
    for stage in judged.stages:
        code = STAGES.index(stage)
        for nth, indicator in enumerate(judged.indicators):
            values = judged.difference[code, :, :, nth]
            within = judged.difference_within[code, :, :, nth]
            parts.append(
                _table(
                    {"year": years, "stage": stage, "indicator": indicator},
                    spread(values, 1),
                    probability(within, 1, "p_within", ~np.isnan(values)),
                    {"limit": limits[stage]},
                )
            )
    return _sorted(parts, ["year", "stage", "indicator"])


def verdicts(judged: Judgement, years: Sequence[int]) -> pd.DataFrame:
    """Verdicts on the stages and the county."""
    parts = [
        _table({"year": years, "scope": scope, "verdict": verdict}, probability(holds, 1))
        for scope in (*judged.stages, "county")
        for verdict, holds in judged.verdicts(scope).items()
    ]
    return _sorted(parts, ["year"])


def reached(judged: Judgement) -> dict[tuple[str, str], NDArray[np.bool_]]:
    """Return whether each stage's ratios meet, and the county is not ruled out: (Y, R) each."""
    standard = load_standard()
    cases: dict[tuple[str, str], NDArray[np.bool_]] = {}
    for stage in judged.stages:
        items, pupils = judged.stage_items(stage)
        ratio = judged.ratio_of(items, pupils)
        for code, indicator in enumerate(judged.indicators):
            threshold = standard.threshold(indicator, stage)
            cases[stage, indicator] = ratio[:, :, code] >= threshold - TOLERANCE
    cases["county", "not_ruled_out"] = judged.verdicts("county")["not_ruled_out"]
    return cases


def first_year(
    cases: Mapping[tuple[str, str], NDArray[np.bool_]], years: Sequence[int]
) -> pd.DataFrame:
    """First year in which what `reached` tells is so."""
    parts = []
    for (scope, indicator), meets in cases.items():
        first = np.where(meets.any(axis=0), meets.argmax(axis=0), len(years))
        is_first = first == np.arange(len(years) + 1)[:, None]
        front = {"stage": scope, "indicator": indicator, "year": [*years, NEVER]}
        parts.append(_table(front, probability(is_first, 1)))
    table = pd.DataFrame(_joined(parts)).astype({"year": "Int64"})
    return table.assign(year=table["year"].mask(table["year"] == NEVER))


def binding(judged: Judgement, years: Sequence[int]) -> pd.DataFrame:
    """School and indicator furthest below (or least above) the threshold, with its probability."""
    names, stages = judged.schools.names, judged.schools.stage
    parts = []
    for nth, year in enumerate(years):
        # Where no school is judged, none binds.
        found = np.where(judged.judged[nth].any(axis=-1), judged.binding[nth], -1)
        cells = np.unique(found[found >= 0])
        school, code = np.divmod(cells, len(judged.indicators))
        table = _table(
            {
                "year": np.full(len(cells), year),
                "school": [names[s] for s in school],
                "stage": [STAGES[stages[s]] for s in school],
                "indicator": [judged.indicators[c] for c in code],
            },
            probability(found == cells[:, None], 1),
        )
        parts.append(_rows(table, np.argsort(-table["p"], kind="stable")))
    return pd.DataFrame(_joined(parts))


def flows(ledger: Ledger, stage_of: NDArray[np.int8], years: Sequence[int]) -> pd.DataFrame:
    """Flows of each calendar year by stage."""
    kept = [FLOWS.index(flow) for flow in FLOWS if flow not in LEFT_OUT_FLOWS]
    names = [FLOW_NAMES.get(FLOWS[code], FLOWS[code]) for code in kept]
    counts = by_stage(ledger.flows, stage_of, axis=3).sum(axis=1)[..., kept]
    return _by_stage(counts, stage_of, years, "flow", names)


def rotation(ledger: Ledger, years: Sequence[int]) -> pd.DataFrame:
    """Rotation against its two legal shares: 10% of the eligible, 20% of the movers backbone."""
    law = load_standard().rotation
    eligible, moved, backbone = np.moveaxis(ledger.rotation.astype(float), -1, 0)
    with np.errstate(invalid="ignore"):  # none of none
        share, of_backbone = moved / eligible, backbone / moved
    table = pd.DataFrame({"year": list(years)})
    for name, values in (
        ("eligible", eligible),
        ("moved", moved),
        ("share", share),
        ("backbone_share", of_backbone),
    ):
        table[name] = spread(values, 1)["mean"]
    for name, values, least in (
        ("p_share_met", share, law.share),
        ("p_backbone_share_met", of_backbone, law.backbone_share),
    ):
        for column, p in probability(
            values >= least - TOLERANCE, 1, name, ~np.isnan(values)
        ).items():
            table[column] = p
    return table


def ages(counts: NDArray[np.integer], years: Sequence[int]) -> pd.DataFrame:
    """Mean staff by age band and sex, the pyramid of each census: counts as ``Ledger.ages``."""
    mean = counts.mean(axis=1)
    ends = [*AGE_BANDS[1:], 100]
    rows = [
        (year, stage, sex, AGE_BANDS[band], ends[band], mean[y, s, x, band])
        for y, year in enumerate(years)
        for s, stage in enumerate(STAGES)
        for x, sex in enumerate(("male", "female"))
        for band in range(len(AGE_BANDS))
    ]
    return pd.DataFrame(rows, columns=["year", "stage", "sex", "age_from", "age_below", "mean"])


def totals(
    counts: NDArray[np.integer], stage_of: NDArray[np.int8], years: Sequence[int]
) -> pd.DataFrame:
    """Sum counts (Y, R, S) by stage: pupils, or staff."""
    return _by_stage(by_stage(counts, stage_of)[..., None], stage_of, years, None, [""])


def _by_stage(
    counts: NDArray[np.integer],
    stage_of: NDArray[np.int8],
    years: Sequence[int],
    column: str | None,
    names: Sequence[str],
) -> pd.DataFrame:
    """Summarise counts (Y, R, stages, names) of each stage, and of both."""
    parts = []
    for stage, codes in scopes(stage_of).items():
        front = {"year": np.repeat(list(years), len(names)), "stage": stage}
        if column is not None:
            front[column] = np.tile(names, len(years))
        parts.append(_table(front, spread(counts[:, :, codes].sum(axis=2), 1)))
    return _sorted(parts, ["year", "stage"])


def _of_schools(judged: Judgement, years: Sequence[int]) -> dict[str, Any]:
    """Return year, school, stage and area of a table of (years x schools) rows."""
    kept, times = judged.schools, len(years)
    return {
        "year": np.repeat(list(years), len(kept.names)),
        "school": list(kept.names) * times,
        "stage": [STAGES[s] for s in kept.stage] * times,
        "area": [AREAS[a] for a in kept.area] * times,
    }


def _table(*parts: Mapping[str, Any]) -> Table:
    """Return columns of one length: arrays of several axes row by row, single values repeated."""
    merged: dict[str, Any] = {}
    for part in parts:
        merged |= part
    columns = {name: np.ravel(values) for name, values in merged.items()}
    length = max(len(column) for column in columns.values())
    return {
        name: column if len(column) == length else np.repeat(column, length)
        for name, column in columns.items()
    }


def _rows(table: Table, which: NDArray[Any]) -> Table:
    """Return some rows of a table."""
    return {name: column[which] for name, column in table.items()}


def _joined(parts: Sequence[Table]) -> Table:
    """Return tables one below the other."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _sorted(parts: Sequence[Table], by: Sequence[str], schools: Sequence[str] = ()) -> pd.DataFrame:
    """Join tables and sort them, stages and schools in their own order, not by the alphabet."""
    order = {name: nth for nth, name in enumerate((*STAGES, BOTH, *INDICATORS, *schools))}
    table = _joined(parts)

    def key(column: NDArray[Any]) -> NDArray[Any]:
        return np.array([order[name] for name in column]) if column.dtype.kind == "U" else column

    return pd.DataFrame(_rows(table, np.lexsort([key(table[name]) for name in reversed(by)])))
