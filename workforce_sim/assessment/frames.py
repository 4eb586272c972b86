"""The judgement of a run as tidy tables: one function a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workforce_sim.assessment.judgement import INDICATORS, TOLERANCE, Judgement
from workforce_sim.assessment.uncertainty import probability, spread
from workforce_sim.law import load_standard
from workforce_sim.scenario.schema import AREAS, STAGES
from workforce_sim.simulation.ledger import AGE_BANDS, FLOWS, Ledger

BOTH = "both"
FLOW_NAMES = {
    "retirement": "retired",
    "rotated_in": "rotated",
    "returned_in": "returned",
    "network_in": "moved_by_network",
    "qualified": "degrees",
}
"""Names of flows in the tables, where they differ from the ledger's."""
LEFT_OUT_FLOWS = ("rotated_out", "returned_out", "network_out")
"""Flows that repeat another one when a stage is summed: who moves in has moved out."""


def ratios(judged: Judgement, years: Sequence[int]) -> pd.DataFrame:
    """Ratios of the stages, and of both together where they share a threshold."""
    standard = load_standard()
    parts = []
    for stage in _with_both(judged.stages):
        items, pupils = judged.stage_items(stage)
        ratio = judged.ratio_of(items, pupils)
        for code, indicator in enumerate(INDICATORS):
            stages = judged.stages if stage == BOTH else (stage,)
            thresholds = {standard.threshold(indicator, s) for s in stages}
            if len(thresholds) > 1:
                continue
            (threshold,) = thresholds
            values = ratio[:, :, code]
            table = _table(
                spread(values, 1),
                probability(values >= threshold - TOLERANCE, 1, "p_meets", ~np.isnan(values)),
                threshold=threshold,
            )
            table.insert(0, "indicator", indicator)
            table.insert(0, "stage", stage)
            table.insert(0, "year", list(years))
            parts.append(table)
    return pd.concat(parts, ignore_index=True).sort_values(
        ["year", "stage", "indicator"], key=_order, ignore_index=True
    )


def schools(judged: Judgement, years: Sequence[int]) -> pd.DataFrame:
    """Ratios of the schools in the years in which they have pupils."""
    parts = []
    names = judged.schools.names
    open_share = (judged.pupils > 0).mean(axis=1)
    for code, indicator in enumerate(INDICATORS):
        values = judged.ratio[..., code]
        table = _table(
            {k: v.ravel() for k, v in spread(values, 1).items()},
            {
                k: v.ravel()
                for k, v in probability(
                    judged.cover[..., code] >= 1 - TOLERANCE, 1, "p_meets", judged.judged
                ).items()
            },
        )
        table.insert(0, "judged", judged.judged.mean(axis=1).ravel())
        table.insert(0, "pupils", judged.pupils.mean(axis=1).ravel())
        table.insert(0, "indicator", indicator)
        _insert_schools(table, judged, years)
        table["threshold"] = np.tile(judged.threshold[:, code], len(years))
        parts.append(table[(open_share > 0).ravel()])
    both = pd.concat(parts, ignore_index=True)
    both["nth"] = both["school"].map({name: nth for nth, name in enumerate(names)})
    both = both.sort_values(["year", "nth", "indicator"], ignore_index=True)
    return both.drop(columns="nth")


def school_verdicts(judged: Judgement, years: Sequence[int]) -> pd.DataFrame:
    """Verdicts on the schools, in the honest partial form; NaN where a school is not judged."""
    verdicts = judged.school_verdicts
    columns: dict[str, NDArray[Any]] = {}
    for name, holds in verdicts.items():
        columns |= probability(holds, 1, f"p_{name}", judged.judged)
    table = _table({k: v.ravel() for k, v in columns.items()})
    table.insert(0, "judged", judged.judged.mean(axis=1).ravel())
    _insert_schools(table, judged, years)
    return table[((judged.pupils > 0).any(axis=1)).ravel()].reset_index(drop=True)


def differences(judged: Judgement, years: Sequence[int]) -> pd.DataFrame:
    """Coefficients of difference of the stages."""
    limits = load_standard().difference_limit
    parts = []
    for stage in judged.stages:
        code = STAGES.index(stage)
        for nth, indicator in enumerate(INDICATORS):
            values = judged.difference[code, :, :, nth]
            table = _table(
                spread(values, 1),
                probability(
                    judged.difference_within[code, :, :, nth], 1, "p_within", ~np.isnan(values)
                ),
                limit=limits[stage],
            )
            table.insert(0, "indicator", indicator)
            table.insert(0, "stage", stage)
            table.insert(0, "year", list(years))
            parts.append(table)
    return pd.concat(parts, ignore_index=True).sort_values(
        ["year", "stage", "indicator"], key=_order, ignore_index=True
    )


def verdicts(judged: Judgement, years: Sequence[int]) -> pd.DataFrame:
    """Verdicts on the stages and the county."""
    parts = []
    for scope in (*judged.stages, "county"):
        for verdict, holds in judged.verdicts(scope).items():
            table = _table(probability(holds, 1))
            table.insert(0, "verdict", verdict)
            table.insert(0, "scope", scope)
            table.insert(0, "year", list(years))
            parts.append(table)
    return pd.concat(parts, ignore_index=True).sort_values(
        ["year"], kind="stable", ignore_index=True
    )


def first_year(judged: Judgement, years: Sequence[int]) -> pd.DataFrame:
    """First year in which a ratio meets its threshold, or the county is not ruled out."""
    parts = []
    standard = load_standard()
    cases: list[tuple[str, str, NDArray[np.bool_]]] = []
    for stage in judged.stages:
        items, pupils = judged.stage_items(stage)
        ratio = judged.ratio_of(items, pupils)
        for code, indicator in enumerate(INDICATORS):
            threshold = standard.threshold(indicator, stage)
            cases.append((stage, indicator, ratio[:, :, code] >= threshold - TOLERANCE))
    cases.append(("county", "not_ruled_out", judged.verdicts("county")["not_ruled_out"]))
    for scope, indicator, meets in cases:
        first = np.where(meets.any(axis=0), meets.argmax(axis=0), len(years))
        columns = probability(first == np.arange(len(years) + 1)[:, None], 1)
        table = _table(columns)
        table.insert(0, "year", pd.Series([*years, pd.NA], dtype="Int64"))
        table.insert(0, "indicator", indicator)
        table.insert(0, "stage", scope)
        parts.append(table)
    return pd.concat(parts, ignore_index=True)


def binding(judged: Judgement, years: Sequence[int]) -> pd.DataFrame:
    """School and indicator furthest below (or least above) the threshold, with its probability."""
    names, stages = judged.schools.names, judged.schools.stage
    parts = []
    for nth, year in enumerate(years):
        # Where no school is judged, none binds.
        found = np.where(judged.judged[nth].any(axis=-1), judged.binding[nth], -1)
        cells = np.unique(found[found >= 0])
        table = _table(probability(found == cells[:, None], 1))
        school, code = np.divmod(cells, len(INDICATORS))
        table.insert(0, "indicator", [INDICATORS[c] for c in code])
        table.insert(0, "stage", [STAGES[stages[s]] for s in school])
        table.insert(0, "school", [names[s] for s in school])
        table.insert(0, "year", np.full(len(cells), year))
        parts.append(table.sort_values("p", ascending=False, kind="stable"))
    return pd.concat(parts, ignore_index=True)


def flows(ledger: Ledger, stage_of: NDArray[np.int8], years: Sequence[int]) -> pd.DataFrame:
    """Flows of each calendar year by stage."""
    by_school = ledger.flows.sum(axis=1, dtype=np.int32)

    def of(rows: NDArray[np.intp]) -> NDArray[np.integer]:
        kept = [FLOWS.index(flow) for flow in FLOWS if flow not in LEFT_OUT_FLOWS]
        return by_school[:, :, rows][..., kept].sum(axis=2)

    names = [FLOW_NAMES.get(flow, flow) for flow in FLOWS if flow not in LEFT_OUT_FLOWS]
    return _by_stage(of, stage_of, years, "flow", names)


def rotation(ledger: Ledger, years: Sequence[int]) -> pd.DataFrame:
    """Rotation against its two legal shares: 10% of the eligible, 20% of the movers backbone."""
    law = load_standard().rotation
    eligible, moved, backbone = np.moveaxis(ledger.rotation.astype(float), -1, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
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
    return _by_stage(
        lambda rows: counts[:, :, rows].sum(axis=2, dtype=np.int64)[..., None],
        stage_of,
        years,
        None,
        [""],
    )


def _by_stage(
    of: Callable[[NDArray[np.intp]], NDArray[np.integer]],
    stage_of: NDArray[np.int8],
    years: Sequence[int],
    column: str | None,
    names: Sequence[str],
) -> pd.DataFrame:
    """Summarise counts (Y, R, names) of the schools of each stage, and of both."""
    parts = []
    stages = tuple(stage for code, stage in enumerate(STAGES) if code in stage_of)
    for stage in _with_both(stages):
        here = np.ones(len(stage_of), bool) if stage == BOTH else stage_of == STAGES.index(stage)
        rows = np.flatnonzero(here)
        summary = spread(of(rows), 1)
        table = _table({k: v.ravel() for k, v in summary.items()})
        if column is not None:
            table.insert(0, column, np.tile(names, len(years)))
        table.insert(0, "stage", stage)
        table.insert(0, "year", np.repeat(list(years), len(names)))
        parts.append(table)
    return pd.concat(parts, ignore_index=True).sort_values(
        ["year", "stage"], key=_order, kind="stable", ignore_index=True
    )


def _with_both(stages: tuple[str, ...]) -> tuple[str, ...]:
    """Return the stages and, if there are two, both together."""
    return (*stages, BOTH) if len(stages) > 1 else stages


def _insert_schools(table: pd.DataFrame, judged: Judgement, years: Sequence[int]) -> None:
    """Put year, school, stage and area in front of a table of (years x schools) rows."""
    kept = judged.schools
    table.insert(0, "area", [AREAS[a] for a in kept.area] * len(years))
    table.insert(0, "stage", [STAGES[s] for s in kept.stage] * len(years))
    table.insert(0, "school", list(kept.names) * len(years))
    table.insert(0, "year", np.repeat(list(years), len(kept.names)))


def _table(*columns: dict[str, NDArray[Any]], **constants: float) -> pd.DataFrame:
    merged: dict[str, Any] = {}
    for part in columns:
        merged |= part
    return pd.DataFrame(merged | constants)


def _order(column: pd.Series[Any]) -> pd.Series[Any]:
    """Sort stages in their own order, not by the alphabet."""
    if column.name != "stage":
        return column
    return column.map({stage: nth for nth, stage in enumerate((*STAGES, BOTH))})
