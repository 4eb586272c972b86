"""What a sweep costs: measured on a sample of a synthetic province, and reckoned for more.

    python benchmarks/province.py            print the tables
    python benchmarks/province.py --write    and put them into docs/province.md

Each measurement is a sweep in a process of its own, in seconds of the processor. Two counties, the
shipped one and a larger one, give the cost of a replication: with many replications, less what it
takes with one. A sample of the province with two workers gives the memory. The reckoning goes by
staff: it takes the county that costs more for each.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from workforce_sim.county.province import write_province
from workforce_sim.county.province_county import Draws, made_after, read_spread
from workforce_sim.decision.policies import Policy, load_policies
from workforce_sim.decision.sweep import sweep
from workforce_sim.scenario import load_scenario
from workforce_sim.scenario.reading import read_mapping
from workforce_sim.scenario.schema import STAGES

ROOT = Path(__file__).parent.parent
LIKE = ROOT / "configs" / "yangcheng" / "scenario.yaml"
PAGE = ROOT / "docs" / "province.md"
BEGIN, END = "<!-- benchmarks/province.py: begin -->", "<!-- benchmarks/province.py: end -->"
SEED, PROVINCE, NATION = 2021, 117, 2800
POLICIES, MANY_POLICIES, REPLICATIONS = 17, 100, 1000
SAMPLE, SAMPLE_REPLICATIONS = 12, 200
FEW = "arts-pe-40,one-out-one-in,backbone-permanent,rotation-at-random"
YEARS = 5
MEMORY_LIMIT = 1000


def staff_of_province(counties: int) -> list[int]:
    """Return the staff of the counties of the synthetic province."""
    like, spread = read_mapping(LIKE.parent / "county.yaml").data, read_spread()
    made = (made_after(like, spread, Draws(SEED, nth))["published"] for nth in range(counties))
    return [sum(published[stage]["staff"] for stage in STAGES) for published in made]


def counted() -> tuple[int, int]:
    """Return how many policies the shipped county has, with its base, and how many differ."""
    policies = [Policy.of(load_scenario(LIKE)), *load_policies(LIKE)]
    return len(policies), len({policy.effect for policy in policies})


# --- measured in a process of its own -------------------------------------------------------------


def measured(source: str, policies: str, replications: str, workers: str, out: str) -> None:
    """Sweep, and print what it took."""
    peak, done = [0.0], threading.Event()
    watcher = threading.Thread(target=watch, args=(peak, done))
    watcher.start()
    start = time.perf_counter()
    result = sweep(
        source,
        out,
        policies=policies.split(","),
        replications=int(replications),
        seed=SEED,
        workers=int(workers),
    )
    seconds = time.perf_counter() - start
    done.set()
    watcher.join()
    times = os.times()  # the workers have ended: the pool was closed
    if result.failures:
        raise SystemExit(f"failed: {result.failures}")
    size = sum(path.stat().st_size for path in Path(out).rglob("*") if path.is_file())
    spent = times.user + times.system + times.children_user + times.children_system
    print(json.dumps({"cpu": spent, "clock": seconds, "memory": peak[0], "bytes": size}))


def watch(peak: list[float], done: threading.Event) -> None:
    """Keep the most megabytes that this process and its children had together.

    Memory that processes share is counted once (PSS); nothing is measured but on Linux.
    """
    while not done.wait(0.1):
        peak[0] = max(peak[0], sum(map(megabytes, family(os.getpid()))))


def family(process: int) -> list[int]:
    found = [process]
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            for child in children.read_text().split():
                found += family(int(child))
        except OSError:  # it has ended
            continue
    return found


def megabytes(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def child(*arguments: object) -> dict[str, float]:
    command = [sys.executable, __file__, "--task", *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8", check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


# --- the tables -----------------------------------------------------------------------------------


def table() -> tuple[str, float]:
    """Measure; return the tables, and the largest memory in megabytes."""
    staff = staff_of_province(PROVINCE)
    nth = max(range(SAMPLE), key=lambda n: staff[n])
    largest = f"county-{nth + 1:03}"
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        write_province(work / "province", LIKE, counties=SAMPLE, seed=SEED)
        (work / "big").mkdir()
        for part in ("base.yaml", "policies", largest):
            path = work / "province" / part
            (shutil.copytree if path.is_dir() else shutil.copy)(path, work / "big" / part)
        shutil.copytree(LIKE.parent, work / "one" / LIKE.parent.name)

        def run(source: str, policies: str, replications: int, workers: int) -> dict[str, float]:
            out = tempfile.mkdtemp(dir=work)
            return child(work / source, policies, replications, workers, out)

        run("one", "all", 1, 1)  # where numba has compiled nothing yet, it does so now
        # With one replication: what starting, reading and writing cost by themselves.
        one, one_idle = run("one", "all", REPLICATIONS, 1), run("one", "all", 1, 1)
        big, big_idle = run("big", "all", REPLICATIONS, 1), run("big", "all", 1, 1)
        bare = run("one", FEW.split(",")[0], 1, 1)
        sample = run("province", FEW, SAMPLE_REPLICATIONS, 2)
    policies, simulated = counted()
    here = staff_of_county()
    each = {
        size: (whole["cpu"] - idle["cpu"]) / (simulated * (REPLICATIONS - 1))
        for size, whole, idle in ((here, one, one_idle), (staff[nth], big, big_idle))
    }
    unit = max(seconds / size for size, seconds in each.items())
    fixed = (one_idle["cpu"] - bare["cpu"]) / (policies - 2)
    size = one["bytes"] / policies
    versions = (f"{p} {importlib.metadata.version(p)}" for p in ("numpy", "numba"))
    rows = (
        (f"Yangcheng ({here:,} staff)", policies, REPLICATIONS, 1, one),
        ("the same", policies, 1, 1, one_idle),
        (f"the largest of the sample ({staff[nth]:,} staff)", policies, REPLICATIONS, 1, big),
        ("the same", policies, 1, 1, big_idle),
        (
            f"the sample: {SAMPLE} counties ({sum(staff[:SAMPLE]):,} staff)",
            *(1 + len(FEW.split(",")), SAMPLE_REPLICATIONS, 2, sample),
        ),
    )
    lines = [
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"{', '.join(versions)}. Of {policies} policies, the base among them, {simulated} differ.",
        "",
        "| measured | policies | replications | workers | CPU s | clock s | peak MB | dataset KB |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
        *(row(*of) for of in rows),
        "",
        *(
            f"- {size:,} staff, {YEARS} years: {1000 * seconds:.2f} ms of a core a replication."
            for size, seconds in each.items()
        ),
        f"- So at most {1e6 * unit:.2f} s of a core for 1,000 staff and 1,000 replications.",
        f"- To read a policy, sum up and write: {1000 * fixed:.0f} ms of a core.",
        f"- Dataset: {size / 1024:.1f} KB a county and policy.",
        "",
        "| reckoned | simulations | core-hours | 2 cores | 64 cores | dataset |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    mean = sum(staff) / len(staff)
    for what, counties, of_each in (
        ("the province", PROVINCE, POLICIES),
        ("the nation", NATION, MANY_POLICIES),
    ):
        runs = counties * of_each
        hours = runs * (unit * mean * REPLICATIONS + fixed) / 3600
        asked = f"{what}: {counties:,} counties x {of_each} policies x {REPLICATIONS:,}"
        clock = f"{hours / 2:,.1f} h | {hours / 64:,.2f} h"
        lines.append(
            f"| {asked} | {runs:,} | {hours:,.1f} | {clock} | {runs * size / 1e6:,.0f} MB |"
        )
    lines += [
        "",
        f"A county of the reckoning has {mean:,.0f} staff, the mean of the synthetic province of "
        f"{PROVINCE}; every policy differs, all cores are busy and like those measured.",
    ]
    return "\n".join(lines), max(got["memory"] for *_, got in rows)


def row(what: str, policies: int, replications: int, workers: int, got: dict[str, float]) -> str:
    numbers = f"{policies} | {replications:,} | {workers}"
    took = f"{got['cpu']:.1f} | {got['clock']:.1f} | {got['memory']:.0f}"
    return f"| {what} | {numbers} | {took} | {got['bytes'] / 1024:.0f} |"


def staff_of_county() -> int:
    published = read_mapping(LIKE.parent / "county.yaml").data["published"]
    return sum(published[stage]["staff"] for stage in STAGES)


def main(write: bool) -> int:
    text, memory = table()
    print(text)
    if write:
        page = PAGE.read_text(encoding="utf-8")
        before, after = page.split(BEGIN)[0], page.split(END)[1]
        PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8", newline="\n")
    if memory > MEMORY_LIMIT:
        print(f"\n{memory:.0f} MB is more than {MEMORY_LIMIT}.")
        return 1
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="put the tables into the page")
    parser.add_argument("--task", nargs=5, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    sys.exit(measured(*asked.task) if asked.task else main(asked.write))
