"""How fast the engine is, and how much faster than a plain SimPy model of the same county.

    python benchmarks/engine.py

One core: no worker processes, and neither model starts threads. The workload is the shipped
scenario with a horizon of ten years, a thousand replications. The two models take turns, so that a
busy machine slows both; figures are medians. The plain model is timed on a few replications and
scaled. Both must find the same county: the script fails if their means differ by more than three
standard errors and 1%.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import multiprocessing
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from simpy_model import Model

from workforce_sim.county import County, load_county
from workforce_sim.ensemble.blocks import BLOCK, on_threads, run
from workforce_sim.scenario import Scenario, load_scenario
from workforce_sim.scenario.schema import STAGES
from workforce_sim.simulation.block import simulate_block, with_new_schools
from workforce_sim.simulation.ledger import COUNTS, Ledger

SCENARIO = Path(__file__).parent.parent / "configs" / "yangcheng" / "scenario.yaml"
YEARS, SEED, REPLICATIONS = "2021-2030", 2021, 1000
ROUNDS = 5
SECONDS, TIMES, MEGABYTES, FIRST_VERDICT = 0.8, 30, 500, 30
"""What is asked for: at most so many seconds, at least so many times faster, at most so much."""


def workload() -> tuple[Scenario, County]:
    scenario = load_scenario(SCENARIO, years=YEARS)
    return scenario, load_county(scenario.county_path)


def simulate(scenario: Scenario, county: County) -> Ledger:
    return run(scenario, county, replications=REPLICATIONS, seed=SEED, workers=1)


def on_several_threads(scenario: Scenario, county: County, threads: int, size: int) -> None:
    blocks = [range(first, first + size) for first in range(0, REPLICATIONS, size)]
    simulated = partial(simulate_block, scenario, county, SEED)
    assert all(isinstance(ledger, Ledger) for _, ledger in on_threads(simulated, blocks, threads))


def forget_the_ledger(scenario: Scenario, county: County, size: int, first: int) -> None:
    simulate_block(scenario, county, SEED, range(first, first + size))


def in_several_processes(pool: Executor, work: Callable[[int], None], size: int) -> None:
    """Simulate, without sending what is found back: what the machine allows."""
    for _ in pool.map(work, range(0, REPLICATIONS, size)):
        pass


def scaling(scenario: Scenario, county: County) -> None:
    """Print what two threads and two processes do, and what blocks of another size would do."""
    work: dict[tuple[str, int], Callable[[], None]] = {}
    with ExitStack() as pools:
        spawn = multiprocessing.get_context("spawn")
        several = {n: pools.enter_context(ProcessPoolExecutor(n, spawn)) for n in (1, 2)}
        for size in (BLOCK, 100, 500):
            block = partial(forget_the_ledger, scenario, county, size)
            for n, pool in several.items():
                threads = partial(on_several_threads, scenario, county, n, size)
                work[f"threads {n}", size] = threads
                work[f"processes {n}", size] = partial(in_several_processes, pool, block, size)
        clocks: dict[tuple[str, int], list[float]] = {key: [] for key in work}
        for once in work.values():  # processes start, and read what is compiled
            once()
        for _ in range(ROUNDS):
            for key, once in work.items():
                clocks[key].append(timed(once)[1])
    print("\nreplications a block: seconds, times one thread or process with blocks of", BLOCK)
    for (what, size), seconds in clocks.items():
        one = clocks[f"{what.split()[0]} 1", BLOCK]
        ratio = np.median(np.divide(one, seconds))
        print(f"  {what:11} {size:6}: {np.median(seconds):6.2f} {ratio:6.2f}")


def timed(work: Callable[..., Any], *arguments: Any) -> tuple[Any, float, float]:
    """Return what ``work`` returns, and the seconds it took: by the clock, and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    result = work(*arguments)
    return result, time.perf_counter() - clock, time.process_time() - processor


# --- what is measured in a process of its own -------------------------------------------------


def peak_memory() -> None:
    """Print the megabytes that this process needed at most."""
    try:
        import resource
    except ImportError:  # Windows
        print("not measured on this system")
        return
    simulate(*workload())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(round(peak / (2**20 if sys.platform == "darwin" else 2**10)))


def first_verdict() -> None:
    import workforce_sim as ws

    scenario = ws.load_scenario(SCENARIO, years=YEARS)
    projection = ws.simulate(scenario, replications=REPLICATIONS, seed=SEED, workers=1)
    assert len(projection.verdicts) > 0


def child(task: Callable[[], None], cache: str) -> tuple[str, float]:
    """Run a task of this script in a process that keeps what numba compiles in ``cache``."""
    command = [sys.executable, __file__, "--task", task.__name__]
    start = time.perf_counter()
    done = subprocess.run(
        command,
        env=os.environ | {"NUMBA_CACHE_DIR": cache},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    return done.stdout.strip(), time.perf_counter() - start


# --- do both find the same county? ------------------------------------------------------------


def counts(scenario: Scenario, county: County, ledger: Ledger) -> dict[tuple[str, str], Any]:
    """Return the engine's counts by stage at each census: arrays (years, replications)."""
    stage = with_new_schools(county.schools, scenario).stage
    found = {}
    for code, name in enumerate(STAGES):
        here = ledger.census[:, :, stage == code].sum(axis=2, dtype=int)
        specialists = [what for what in COUNTS if what.endswith("specialists")]
        for what, columns in (
            ("staff", ["staff"]),
            ("qualified", ["qualified"]),
            ("backbone", ["backbone"]),
            ("specialists", specialists),
        ):
            found[name, what] = here[..., [COUNTS.index(c) for c in columns]].sum(axis=2)
        found[name, "pupils"] = ledger.pupils[:, :, stage == code].sum(axis=2)
    return found


def compare(years: range, engine: dict[tuple[str, str], Any], censuses: list[Any]) -> bool:
    """Print the mean headcounts of both models; return whether all counts agree."""
    shown = [years[0], years[len(years) // 2 - 1], years[-1]]
    print(f"\nMeans {'':28}" + "".join(f"{year:>16}" for year in shown))
    agree = True
    for (stage, what), values in engine.items():
        plain = np.array([[found[stage, what] for found in run] for run in censuses]).T
        ours, theirs = values.mean(axis=1), plain.mean(axis=1)
        spread = values.std(axis=1, ddof=1)
        error = spread * np.sqrt(1 / values.shape[1] + 1 / plain.shape[1])
        same = np.abs(ours - theirs) <= 3 * error + 0.01 * ours
        agree &= bool(same.all())
        pairs = [
            f"{ours[n]:,.0f} | {theirs[n]:,.0f}" for n in (years.index(year) for year in shown)
        ]
        differ = [year for year, fine in zip(years, same, strict=True) if not fine]
        verdict = f"  differ in {differ}" if differ else ""
        print(
            f"  {stage:8} {what:12} engine | plain  " + "".join(f"{p:>16}" for p in pairs) + verdict
        )
    return agree


def main() -> int:
    scenario, county = workload()
    years = scenario.years.range
    versions = ", ".join(
        f"{p} {importlib.metadata.version(p)}" for p in ("numpy", "numba", "simpy")
    )
    print(f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}")
    print(f"Python {platform.python_version()}, {versions}")
    print(
        f"{len(county.roster.sex):,} teachers, {len(county.schools.names)} schools, "
        f"{len(years)} years, {REPLICATIONS:,} replications, one core\n"
    )

    with tempfile.TemporaryDirectory() as cache:
        _, compiling = child(first_verdict, cache)
        _, compiled = child(first_verdict, cache)
        memory, _ = child(peak_memory, cache)

    simulate_block(scenario, county, SEED, range(2))  # compiled, or read from the cache
    ours, theirs, censuses = [], [], []
    for nth in range(ROUNDS):
        ledger, *seconds = timed(simulate, scenario, county)
        ours.append(seconds)
        census, *seconds = timed(Model(scenario, county, SEED, nth).run)
        theirs.append([REPLICATIONS * s for s in seconds])
        censuses.append(census)
    clock, processor = np.median(ours, axis=0)
    plain_clock, plain_processor = np.median(theirs, axis=0)

    print(f"engine       {clock:6.2f} s  (at most {SECONDS}); {processor:.2f} s of the processor")
    print(
        f"plain SimPy  {plain_clock:6.2f} s  scaled from {ROUNDS} replications; "
        f"{plain_processor:.2f} s of the processor"
    )
    print(f"ratio        {plain_clock / clock:6.0f}    (at least {TIMES})")
    print(f"peak memory  {memory:>6} MB (at most {MEGABYTES}), all replications kept")
    print(f"to verdicts  {compiling:6.1f} s  (at most {FIRST_VERDICT}) where numba compiles first")
    print(f"             {compiled:6.1f} s  where it has compiled before")

    scaling(scenario, county)
    if not compare(years, counts(scenario, county, ledger), censuses):
        print("\nThe two models disagree.")
        return 1
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    tasks = {task.__name__: task for task in (peak_memory, first_verdict)}
    parser.add_argument("--task", choices=tasks, help=argparse.SUPPRESS)
    task = parser.parse_args().task
    sys.exit(tasks[task]() if task else main())
