"""The tidy tables of a projection or a study, as Parquet for programs and as CSV for people.

Parquet keeps the frames as they are, under the machine's names, with the provenance in the metadata
of the schema. CSV has the headings and words of a language and a byte order mark, so that Excel
shows Chinese; a column says whether the row rests on synthetic data, so that a sheet which is
copied elsewhere still says so.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from workforce_sim.report.assumptions import assumption_name
from workforce_sim.report.decisions.factors import factor_name
from workforce_sim.report.decisions.naming import outcome_name
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.decision.study import Study

# These rest on what was read, not on a roster.
_GIVEN = ("assumptions", "reconciliation", "policies", "changes")
_CODED = (
    *("stage", "scope", "area", "indicator", "verdict", "flow", "sex", "result"),
    *("part", "allocation", "measure", "subject", "quantity", "direction", "duty", "item"),
)


def write_tables(study: Study, folder: Path, words: Words) -> None:
    """Write every table into ``folder`` as ``<name>.parquet`` and ``<name>.csv``."""
    words = words.about(study)
    folder.mkdir(parents=True, exist_ok=True)
    provenance = json.dumps(study.provenance, ensure_ascii=False, sort_keys=True)
    synthetic = bool(study.county.synthetic)
    for name, frame in study.tables.items():
        table = pa.Table.from_pandas(frame, preserve_index=False)
        table = table.replace_schema_metadata(
            {**table.schema.metadata, "workforce_sim": provenance}
        )
        pq.write_table(table, folder / f"{name}.parquet", compression="zstd")
        if name not in _GIVEN:
            frame = frame.assign(synthetic=synthetic)
        for_people(frame, words).to_csv(
            folder / f"{name}.csv", index=False, encoding="utf-8-sig", lineterminator="\n"
        )


def for_people(frame: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Return the frame ``in_words``, and no text of it is run as a formula."""
    shown = in_words(frame, words)
    texts = [name for name in shown.columns if pd.api.types.is_string_dtype(shown[name])]
    return shown.assign(**{name: shown[name].map(_harmless) for name in texts})


def in_words(frame: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Return the frame with the headings and words of a language; its numbers are unchanged.

    Where it says something in both languages (``note``, ``note_en``), one of them is kept.
    """
    columns: dict[str, pd.Series[Any]] = {}
    for name in frame.columns:
        if name.endswith("_en"):
            continue
        in_english = words.language == "en" and f"{name}_en" in frame.columns
        column = frame[f"{name}_en" if in_english else name]
        if name in _CODED:
            column = column.map({code: words(f"{name}.{code}") for code in column.unique()})
        elif name == "outcome":
            column = column.map({code: outcome_name(code, words) for code in column.unique()})
        elif name == "assumption":
            column = column.map({path: factor_name(path, words) for path in column.unique()})
        elif pd.api.types.is_bool_dtype(column):
            column = column.map({True: words("value.yes"), False: words("value.no")})
        columns[heading(name, words)] = column
    return pd.DataFrame(columns)


def heading(name: str, words: Words) -> str:
    """Return the heading of a column in the language of the words."""
    probability, _, suffix = name.rpartition("_")
    if probability.startswith("p") and suffix in ("se", "low", "high"):
        return words(f"suffix.{suffix}", p=words(f"column.{probability}"))
    if "." in name:  # the path of a lever
        return assumption_name(name, words)
    return words(f"column.{name}")


def _harmless(cell: Any) -> Any:
    """Return a text that Excel shows instead of running it as a formula."""
    if isinstance(cell, str) and cell.lstrip().startswith(
        ("=", "+", "-", "@", "＝", "＋", "－", "＠")
    ):
        return f"'{cell}"
    return cell
