"""What an output folder says of itself: ``README.txt`` for people, ``manifest.json`` for programs.

Neither holds the time of writing: the same seed gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workforce_sim.report.charts.style import provenance_line
from workforce_sim.report.folder import MANIFEST, PROGRAM
from workforce_sim.report.narrative import origin
from workforce_sim.report.narrative.grounds import scope
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.assessment.projection import Projection
    from workforce_sim.decision.study import Study


def write_manifest(study: Study, folder: Path) -> None:
    """Write ``manifest.json``: origin, what is synthetic, and every other file of ``folder``."""
    manifest: dict[str, Any] = {
        "program": PROGRAM,
        "provenance": study.provenance,
        "synthetic": list(study.county.synthetic),
        "files": [
            {
                "path": path.relative_to(folder).as_posix(),
                "bytes": path.stat().st_size,
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            }
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        ],
    }
    if (assumptions := study.tables.get("assumptions")) is not None:
        text = assumptions.to_csv(index=False, lineterminator="\n")
        manifest["assumptions_sha256"] = hashlib.sha256(text.encode()).hexdigest()
    text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")


def write_readme(projection: Projection, folder: Path, words: Words) -> None:
    """Write ``README.txt``: what the folder holds and what its figures rest on."""
    title = projection.scenario.title if words.language == "zh" else projection.scenario.title_en
    synthetic = words.listed("synthetic", projection.county.synthetic) or words("value.no")
    lines = [
        title or projection.scenario.name,
        "",
        provenance_line(projection, words),
        origin(projection, words),
        words("readme.synthetic", what=synthetic),
        scope(projection, words),
        "",
        words("readme.workbook"),
        words("readme.page"),
        words("readme.briefing"),
        words("readme.charts"),
        words("readme.tables"),
        *(f"  {name}: {words(f'table.{name}')}" for name in projection.tables),
        "",
        words("readme.errors"),
        words("readme.manifest"),
    ]
    # With a byte order mark, for the Notepad of older Windows.
    (folder / "README.txt").write_text("\n".join(lines) + "\n", encoding="utf-8-sig", newline="\n")
