"""The tidy tables of a projection, as Parquet for programs and as CSV for people.

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

from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.assessment.projection import Projection

_GIVEN = ("assumptions", "reconciliation")  # these rest on what was read, not on a roster
_CODED = ("stage", "scope", "area", "indicator", "verdict", "flow", "sex")


def write_tables(projection: Projection, folder: Path, words: Words) -> None:
    """Write every table into ``folder`` as ``<name>.parquet`` and ``<name>.csv``."""
    folder.mkdir(parents=True, exist_ok=True)
    provenance = json.dumps(projection.provenance, ensure_ascii=False, sort_keys=True)
    synthetic = bool(projection.county.synthetic)
    for name, frame in projection.tables.items():
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
        elif pd.api.types.is_bool_dtype(column):
            column = column.map({True: words("value.yes"), False: words("value.no")})
        elif pd.api.types.is_string_dtype(column):
            column = column.map(_harmless)
        columns[_heading(name, words)] = column
    return pd.DataFrame(columns)


def _heading(name: str, words: Words) -> str:
    probability, _, suffix = name.rpartition("_")
    if probability.startswith("p") and suffix in ("se", "low", "high"):
        return words(f"suffix.{suffix}", p=words(f"column.{probability}"))
    return words(f"column.{name}")


def _harmless(cell: Any) -> Any:
    """Return a text that Excel shows instead of running it as a formula."""
    if isinstance(cell, str) and cell.lstrip().startswith(
        ("=", "+", "-", "@", "＝", "＋", "－", "＠")
    ):
        return f"'{cell}"
    return cell
