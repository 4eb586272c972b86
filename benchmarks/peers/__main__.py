"""How fast this engine is beside its peers, and beside the limit: see docs/performance.md.

    python -m benchmarks.peers                                  (make bench-peers)

One core each, nothing in parallel. All programs take turns, round after round, so that a busy
machine slows them all; seconds are those of the processor, medians over the rounds. A program that
is not installed is left out, and named. It fails if any program's means differ from the engine's.
"""

from __future__ import annotations

import importlib.metadata
import math
import os
import sys
import tempfile
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks import tables
from benchmarks.peers import turns
from benchmarks.peers.turns import Turn
from benchmarks.processes import Process

SEED, ROUNDS = 2021, 7
MOST_ERRORS = 4.5
"""At most so many standard errors may a mean differ; chance alone does it in 1 of 200 seeds."""


class Program(NamedTuple):
    title: str
    replications: int  # in a turn
    needs: tuple[str, ...] = ()

    def missing(self) -> list[str]:
        return [package for package in self.needs if not installed(package)]


PROGRAMS = {
    "benchmarks.peers.engine": Program("this engine", 1000),
    "benchmarks.peers.numpy_arrays": Program("numpy, one replication at a time", 200),
    "benchmarks.peers.simpy_events": Program("SimPy, next events", 16, ("simpy",)),
    "benchmarks.peers.starsim_monthly": Program("starsim 3, a step a month", 12, ("starsim",)),
    "benchmarks.peers.mesa_events": Program("Mesa 3, events", 8, ("mesa",)),
    "benchmarks.peers.mesa_monthly": Program("Mesa 3, a step a month", 4, ("mesa",)),
    "benchmarks.peers.simpy_monthly": Program("SimPy, a wake-up a month", 2, ("simpy",)),
}
ENGINE = next(iter(PROGRAMS))
ALL_RULES = "benchmarks.peers.engine_all_rules"
UNIFORMS, ARRAYS = "benchmarks.peers.limit_uniforms", "benchmarks.peers.limit_arrays"
REFERENCE = 1000
"""Replications for which seconds are given."""


def installed(package: str) -> bool:
    try:
        importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


class Measured(NamedTuple):
    turns: list[Turn]
    megabytes: int | None

    @property
    def seconds(self) -> float:
        """Seconds of the processor for REFERENCE replications."""
        return median(REFERENCE * t.seconds.processor / t.replications for t in self.turns)

    @property
    def replications(self) -> int:
        return sum(turn.replications for turn in self.turns)

    def means(self) -> list[list[float]]:
        return self._mean("sums")

    def variances(self) -> list[list[float]]:
        pairs = zip(chain(*self.means()), chain(*self._mean("squares")), strict=True)
        values = iter([max(square - mean**2, 0.0) for mean, square in pairs])
        return [[next(values) for _ in year] for year in self.means()]

    def _mean(self, of: str) -> list[list[float]]:
        parts = [getattr(turn, of) for turn in self.turns]
        return [
            [math.fsum(cells) / self.replications for cells in zip(*rows, strict=True)]
            for rows in zip(*parts, strict=True)
        ]


def furthest(peer: Measured, engine: Measured) -> float:
    """Return by how many standard errors the two differ most, over all years and measures."""
    share = 1 / peer.replications + 1 / engine.replications
    cells = zip(
        *(chain(*table) for table in (peer.means(), engine.means(), engine.variances())),
        strict=True,
    )
    # What never varies must be the same.
    return max(abs(p - e) / max(math.sqrt(share * v), 1e-9) for p, e, v in cells)


def measure() -> tuple[str, int, dict[str, Measured]]:
    """Return the workload in words, the numbers the engine draws, and what was measured."""
    os.environ["STARSIM_INSTALL_FONTS"] = "0"  # else it installs some on its first import
    present = {name: p for name, p in PROGRAMS.items() if not p.missing()}
    replications = {name: p.replications for name, p in present.items()}
    replications |= dict.fromkeys((ALL_RULES, UNIFORMS, ARRAYS), REFERENCE)
    with ExitStack() as stack, tempfile.TemporaryDirectory() as folder:
        processes = {name: stack.enter_context(Process()) for name in replications}
        path = Path(folder) / "workload.pickle"
        size = processes[ALL_RULES].call(turns.write_workload, path)
        drawn = {name: p.call(turns.prepare, name, path) for name, p in processes.items()}
        taken: dict[str, list[Turn]] = {name: [] for name in processes}
        for nth in range(ROUNDS):
            for name, process in processes.items():
                taken[name].append(process.call(turns.turn, name, SEED + nth, replications[name]))
                print(".", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
        measured = {
            name: Measured(taken[name], process.peak_megabytes())
            for name, process in processes.items()
        }
    return size, drawn[UNIFORMS], measured


def report(size: str, drawn: int, measured: dict[str, Measured]) -> str:
    engine = measured[ENGINE]
    rows = [
        line(p.title, measured[name], engine) for name, p in PROGRAMS.items() if name in measured
    ]
    rows.insert(1, line("this engine, all rules", measured[ALL_RULES], engine))
    head = [
        f"{REFERENCE:,} replications",
        "seconds",
        "times this engine",
        "peak memory, MB",
        "replications timed",
        "furthest mean, standard errors",
    ]
    limit = measured[UNIFORMS].seconds + measured[ARRAYS].seconds
    bounds = [
        [f"draw {drawn:,} uniform numbers a replication", f"{measured[UNIFORMS].seconds:.3f}"],
        ["read the arrays of the pool once a census", f"{measured[ARRAYS].seconds:.3f}"],
        ["both: the limit", f"{limit:.3f}"],
        ["this engine", f"{engine.seconds:.3f}"],
        ["this engine / limit", f"{engine.seconds / limit:.1f}"],
    ]
    used = [p for p in ("numpy", "numba", "simpy", "mesa", "starsim") if installed(p)]
    left_out = [
        f"Left out: {program.title}; not installed: {', '.join(program.missing())}."
        for program in PROGRAMS.values()
        if program.missing()
    ]
    about = (
        f"{size}, the common rules. {tables.machine(*used)} One core; {ROUNDS} rounds in turns; "
        "medians, seconds of the processor."
    )
    limits = tables.table([f"{REFERENCE:,} replications, the common rules", "seconds"], bounds)
    return "\n\n".join([about, tables.table(head, rows), *left_out, limits])


def line(title: str, own: Measured, engine: Measured) -> list[str]:
    times = f"{own.seconds / engine.seconds:.3g}"
    memory = "unknown" if own.megabytes is None else f"{own.megabytes:,}"
    is_peer = own is not engine and own.turns[0].sums is not None
    errors = f"{furthest(own, engine):.1f}" if is_peer else ""
    return [title, f"{own.seconds:.3g}", times, memory, f"{own.replications:,}", errors]


def main() -> int:
    document = tables.arguments(__doc__).parse_args().write
    size, drawn, measured = measure()
    tables.publish("peers", report(size, drawn, measured), document)
    errors = {
        program.title: furthest(measured[name], measured[ENGINE])
        for name, program in PROGRAMS.items()
        if name in measured
    }
    wrong = {title: error for title, error in errors.items() if error > MOST_ERRORS}
    for title, error in wrong.items():
        print(f"{title} differs by {error:.1f} standard errors.", file=sys.stderr)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
