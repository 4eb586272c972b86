"""Redraw the pictures of docs/howto.md: run its commands, and keep one chart of each."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
YANGCHENG = HERE.parents[1] / "configs" / "yangcheng"
POLICIES = ["two-out-one-in", "arts-pe-20", "arts-pe-40", "retraining-20"]
PICTURES = {
    "run": ("heat-map", ["run"]),
    "compare": ("ranking", ["compare", "--policies", *POLICIES]),
    "seek": (
        "probability",
        ["seek", "--lever", "arts_pe.recruits_per_year=0..60", "--goal", "P(L3, 2025) >= 0.95"],
    ),
    "explain": ("*L3*primary*", ["explain"]),
    "posts": ("posts*", ["posts"]),
    "sensitivity": ("tornado", ["sensitivity", "--assumptions", "enrolment,degrees,filling"]),
    "backtest": ("observations", ["backtest"]),
}


def main() -> None:
    """Run each command into a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        for name, (chart, (command, *options)) in PICTURES.items():
            out = Path(folder) / name
            observed = [str(YANGCHENG / "observed-example.csv")] if command == "backtest" else []
            arguments = [command, str(YANGCHENG / "scenario.yaml"), *observed, *options]
            program = [sys.executable, "-m", "workforce_sim.cli"]
            subprocess.run(
                [*program, *arguments, "--out", str(out)], check=True, stdout=subprocess.DEVNULL
            )
            [picture, *_] = sorted((out / "charts").glob(f"{chart}.png"))
            shutil.copy(picture, HERE / f"{name}.png")
            print(f"{name}: {picture.name}")


if __name__ == "__main__":
    main()
