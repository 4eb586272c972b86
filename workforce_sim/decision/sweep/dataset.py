"""The dataset of a sweep: a folder with one Parquet file a county, each there as a whole or not.

``counties/<county>.parquet`` are tidy and alike, so that every tool reads the folder as one table;
``failures.parquet`` says which counties could not be swept, and why; ``sweep.json`` what was asked.
Nothing holds the time: the same input gives the same bytes.
"""

from __future__ import annotations

import json
import tempfile
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from workforce_sim.scenario import InputError
from workforce_sim.scenario.errors import Problem

COUNTIES, FAILURES, ASKED = "counties", "failures.parquet", "sweep.json"
PROGRAM = "workforce-sim sweep"
METADATA = b"workforce_sim"

_TEXTS = ("county", "name", "name_en", "policy", "title", "title_en", "same_as")
_NUMBERS = (
    *("mean", "mean_se", "q05", "q50", "q95", "p", "p_se", "p_low", "p_high"),
    *("gain", "gain_low", "gain_high"),
)
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in _TEXTS),
        ("world", pa.bool_()),
        ("year", pa.int16()),
        ("judged", pa.bool_()),
        *((name, pa.string()) for name in ("outcome", "stage", "indicator")),
        *((name, pa.float64()) for name in _NUMBERS),
        ("gain_result", pa.string()),
        ("replications", pa.int32()),
        ("seed", pa.uint64()),
        ("synthetic", pa.bool_()),
    ]
)
"""The columns of every county's file."""
FAILURE = pa.schema(
    [
        ("county", pa.string()),
        *((f.name, pa.int64() if f.name == "line" else pa.string()) for f in fields(Problem)),
    ]
)
"""The columns of the failures: the county, and a `Problem`."""
Failures = dict[str, Sequence[Problem]]


class Dataset:
    """A sweep's folder, to write to.

    Parameters
    ----------
    folder : Path
        A new or an empty one; to resume, one in which a sweep with the same ``asked`` has begun.
    asked : dict
        What decides every number: seed, replications, years, version.
    counties : sequence of str
        All that are swept: a file of another one, left by an earlier sweep, is not read.
    resume : bool

    Raises
    ------
    InputError
        If the folder is not such a one, or cannot be written.
    """

    def __init__(
        self, folder: Path, asked: dict[str, Any], counties: Sequence[str], resume: bool
    ) -> None:
        self.folder = folder
        _check(folder, asked, resume)
        with _told(folder):
            (folder / COUNTIES).mkdir(parents=True, exist_ok=True)
            for left in folder.rglob(".*.unfinished"):  # a process was killed while it wrote
                left.unlink(missing_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        document = {"program": PROGRAM, **asked, "counties": list(counties)}
        text = json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True)
        with _whole(folder / ASKED) as path:
            path.write_text(text + "\n", encoding="utf-8", newline="\n")

    def path(self, county: str) -> Path:
        """Return the file of a county."""
        return self.folder / COUNTIES / f"{county}.parquet"

    def has(self, county: str, digest: str) -> bool:
        """Return whether the county is done, from this very input."""
        path = self.path(county)
        return path.exists() and provenance(path).get("digest") == digest

    def write(self, county: str, rows: pd.DataFrame, origin: dict[str, Any]) -> None:
        """Write a county's file."""
        table = pa.Table.from_pandas(rows, schema=SCHEMA, preserve_index=False)
        text = json.dumps(origin, ensure_ascii=False, sort_keys=True)
        table = table.replace_schema_metadata({METADATA: text})
        with _whole(self.path(county)) as path:
            pq.write_table(table, path, compression="zstd")

    def write_failures(self, failures: Failures) -> None:
        """Write which counties could not be swept; what an earlier attempt made of them goes."""
        rows = [(name, *astuple(p)) for name in sorted(failures) for p in failures[name]]
        frame = pd.DataFrame(rows, columns=FAILURE.names)
        table = pa.Table.from_pandas(frame, schema=FAILURE, preserve_index=False)
        with _whole(self.folder / FAILURES) as path:
            pq.write_table(table.replace_schema_metadata(None), path, compression="zstd")
        with _told(self.folder):
            for county in failures:
                self.path(county).unlink(missing_ok=True)


def read_sweep(
    path: str | Path,
    *,
    policies: Iterable[str] | None = None,
    outcomes: Iterable[str] | None = None,
    judged_only: bool = False,
) -> pd.DataFrame:
    """Read the dataset of a sweep.

    Parameters
    ----------
    path : path
        The sweep's folder.
    policies, outcomes : iterable of str, optional
        Only these are read.
    judged_only : bool
        Only the judged year of each county.

    Returns
    -------
    DataFrame
        A row a county, policy, year and outcome, texts as categories. ``outcome`` is one of

        - ``ratio`` of an ``indicator`` in a ``stage``; ``p``: that it meets the threshold
        - ``difference``, its coefficient between schools; ``p``: that it is within the limit
        - ``schools``, the share of those judged that have not failed, or that meet ``indicator``;
          ``p``: that all do
        - ``county``; ``p``: that the county is not ruled out (where all seven indicators are
          looked at: that it passes)
        - ``staff`` and ``pupils``; ``posts`` offered and people ``hired`` from the first year up to
          the census

        Values have ``mean``, ``mean_se`` and quantiles; probabilities ``p_se`` and Wilson's 95%
        interval. ``gain`` is what a policy adds to the base in the judged year, to ``p`` of the
        county and to the mean share of schools, with a paired 95% interval; ``gain_result`` as in
        a comparison. ``same_as``: the policy before it that does exactly the same; ``world``: it
        changes only what happens to the county (births, retirement law), not what the county does.

    Raises
    ------
    InputError
        If there is no sweep.
    """
    folder = Path(path)
    asked = _asked(folder)
    named = [folder / COUNTIES / f"{county}.parquet" for county in asked.get("counties", ())]
    files = [file for file in named if file.is_file()]
    if not files:
        message = "holds no county of a sweep" if folder.is_dir() else "there is no such folder"
        raise InputError([Problem(str(folder), None, "", message)])
    wanted = ds.scalar(True)
    for name, values in (("policy", policies), ("outcome", outcomes)):
        if values is not None:
            wanted &= ds.field(name).isin(list(values))
    if judged_only:
        wanted &= ds.field("judged")
    table = ds.dataset(files, schema=SCHEMA, format="parquet").to_table(filter=wanted)
    texts = [field.name for field in SCHEMA if field.type == pa.string()]
    return table.to_pandas(categories=texts)


def read_failures(path: str | Path) -> pd.DataFrame:
    """Return which counties of a sweep failed, and why: ``county``, file, line, where, message."""
    return pq.read_table(Path(path) / FAILURES).to_pandas()


def provenance(path: Path) -> dict[str, Any]:
    """Return where the numbers of a county's file come from; nothing if it is none of ours."""
    try:
        text = pq.read_schema(path).metadata[METADATA]
    except (OSError, KeyError, TypeError, pa.ArrowException):
        return {}
    return dict(json.loads(text))


def _check(folder: Path, asked: dict[str, Any], resume: bool) -> None:
    """Refuse a folder that is not empty, and a sweep that is another one."""

    def refuse(message: str) -> InputError:
        return InputError([Problem(str(folder), None, "", message)])

    if not folder.exists():
        return
    if not folder.is_dir():
        raise refuse("a file of this name is in the way of the output folder")
    if not any(folder.iterdir()):
        return
    before = _asked(folder)
    if not before:
        raise refuse("is not empty, and holds no sweep; choose another output folder")
    if not resume:
        raise refuse("holds a sweep: --resume continues it; or choose another output folder")
    if differs := [key for key in asked if before.get(key) != asked[key]]:
        said = ", ".join(f"{key} {before.get(key)}, now {asked[key]}" for key in differs)
        raise refuse(f"holds another sweep ({said}); choose another output folder")


def _asked(folder: Path) -> dict[str, Any]:
    """Return what the sweep in a folder was asked; nothing if there is none."""
    try:
        document = dict(json.loads((folder / ASKED).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}
    return document if document.get("program") == PROGRAM else {}


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """Give a path to write to; what was written takes its place at once, or not at all."""
    unfinished = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.unfinished")
    with _told(path):
        try:
            yield unfinished
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what the system refuses into one clear message."""
    try:
        yield
    except OSError as error:
        message = f"cannot be written: {error.strerror or error}"
        raise InputError([Problem(str(path), None, "", message)]) from error
