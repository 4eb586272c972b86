"""How time and memory grow with replications, teachers, years and policies.

    python -m benchmarks.growth                                 (make bench-growth)

Each line is a process of its own, on all rules of the shipped scenario, with one worker. `engine`
is the simulation alone, block after block, of which nothing is kept; `run` is what a user calls,
`workforce_sim.simulate` or `compare`, with its tables. The exponent says how one line grew out of
the line before: 1 is in proportion, 0 not at all.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import tables
from benchmarks.processes import Process, timed

SCENARIO = Path(__file__).parent.parent / "configs" / "yangcheng" / "scenario.yaml"
SEED, YEARS = 2021, "2021-2030"
REPLICATIONS = (100, 1000, 10_000)
FULL = 100_000
COUNTIES = ((1, 100), (10, 40), (100, 10))
"""How many counties' worth of schools and staff, and in how many replications."""
LAST_YEARS = (2025, 2030, 2050)
POLICIES = (1, 10, 100)
FEW, SOME = 100, 1000
"""Replications of each policy, and of each number of years."""


@dataclass
class Line:
    """What was measured; times are in seconds of the processor."""

    size: int
    replications: int
    run: float
    engine: float | None = None
    megabytes: int = 0
    at_start: int = 0


# --- in the process of a line -----------------------------------------------------------------


def warm_up() -> None:
    """Import, compile and fill caches, so that the rest is the line's own."""
    import workforce_sim as ws

    ws.simulate(ws.load_scenario(SCENARIO), replications=2, seed=SEED, workers=1)


def of_replications(number: int) -> Line:
    return _simulated(number, number, _scenario(), None)


def of_years(last: int) -> Line:
    scenario = _scenario(years=f"2021-{last}")
    return _simulated(len(scenario.years.range), SOME, scenario, None)


def of_counties(times: int, replications: int) -> Line:
    """Measure one county with so many times the schools and the staff, and policies to match."""
    scenario = _scenario(
        "network=[]",  # its schools are named
        f"backbone.places={{2021: {100 * times}, later: {50 * times}}}",
        f"replacement.stated_posts={{2021: {28 * times}}}",
        f"arts_pe.recruits_per_year={{2021: 0, later: {10 * times}}}",
        f"arts_pe.retraining_per_year={10 * times}",
    )
    county = _county(scenario.county_path, times)
    return _simulated(len(county.roster.sex), replications, scenario, county)


def of_policies(number: int) -> Line:
    import workforce_sim as ws

    policies = [
        _scenario(f"name=policy-{n}", f"arts_pe.recruits_per_year={n}") for n in range(number)
    ]
    _, seconds = timed(ws.compare, _scenario(), policies, replications=FEW, seed=SEED, workers=1)
    return Line(number, FEW, seconds.processor)


def _scenario(*overrides: str, years: str = YEARS) -> Any:
    import workforce_sim as ws

    return ws.load_scenario(SCENARIO, overrides=overrides, years=years)


def _county(path: Path, times: int) -> Any:
    from workforce_sim.county.spec import SyntheticSpec
    from workforce_sim.county.synthetic import build
    from workforce_sim.scenario.reading import read_mapping
    from workforce_sim.scenario.validation import validate

    def larger(counts: Any) -> Any:
        if isinstance(counts, dict):
            return {key: larger(count) for key, count in counts.items()}
        return counts * times if isinstance(counts, int) else counts

    written = read_mapping(path)
    published = written.data["published"]
    published |= {part: larger(published[part]) for part in ("primary", "junior", "arts_pe")}
    written.data["synthetic"]["calibration"]["retirements"] *= times
    return build(validate(SyntheticSpec, written.data, written.lines))


def _simulated(size: int, replications: int, scenario: Any, county: Any) -> Line:
    import workforce_sim as ws

    county = county or ws.load_county(scenario.county_path)
    _, engine = timed(_engine, scenario, county, replications)
    _, run = timed(
        ws.simulate, scenario, county=county, replications=replications, seed=SEED, workers=1
    )
    return Line(size, replications, run.processor, engine.processor)


def _engine(scenario: Any, county: Any, replications: int) -> None:
    from workforce_sim.ensemble import BLOCK
    from workforce_sim.simulation.block import simulate_block

    for first in range(0, replications, BLOCK):
        simulate_block(scenario, county, SEED, range(first, min(first + BLOCK, replications)))


# --- in the process that started it -------------------------------------------------------------


def measure(line: Callable[..., Line], *given: int) -> Line:
    with Process() as process:
        process.call(warm_up)
        at_start = process.peak_megabytes() or 0
        measured = process.call(line, *given)
        measured.at_start, measured.megabytes = at_start, process.peak_megabytes() or 0
    print(measured, file=sys.stderr)
    return measured


def section(what: str, lines: Iterable[Line]) -> str:
    """Return the table of some lines, which differ in the number of ``what``."""
    rows: list[list[str]] = []
    before = None
    for line in lines:
        row = [f"{line.size:,}", f"{line.replications:,}"]
        for value, form in ((engine_seconds, ",.3g"), (run_seconds, ",.3g"), (own_megabytes, ",")):
            row += [
                format(value(line), form) if value(line) else "",
                "" if before is None else exponent(value, before, line, what),
            ]
        rows.append([*row, f"{line.megabytes:,}"])
        before = line
    head = [what, "in replications", "engine, s", "exponent", "run, s", "exponent"]
    return tables.table([*head, "MB above the start", "exponent", "peak memory, MB"], rows)


def engine_seconds(line: Line) -> float | None:
    return line.engine


def run_seconds(line: Line) -> float | None:
    return line.run


def own_megabytes(line: Line) -> int | None:
    return line.megabytes - line.at_start


def exponent(value: Callable[[Line], float | None], before: Line, line: Line, what: str) -> str:
    """Return log(growth of the value) / log(growth of the size).

    But for replications themselves it is the value of one replication that has grown.
    """
    old, new = value(before), value(line)
    if not old or not new:
        return ""
    grown = new / old
    if what != "replications":
        grown *= before.replications / line.replications
    return f"{math.log(grown) / math.log(line.size / before.size):.2f}"


def main() -> None:
    parser = tables.arguments(__doc__)
    parser.add_argument("--full", action="store_true", help=f"also {FULL:,} replications")
    given = parser.parse_args()
    numbers = (*REPLICATIONS, FULL) if given.full else REPLICATIONS
    parts = [
        section("replications", (measure(of_replications, n) for n in numbers)),
        section("teachers", (measure(of_counties, *size) for size in COUNTIES)),
        section("years", (measure(of_years, last) for last in LAST_YEARS)),
        section("policies", (measure(of_policies, n) for n in POLICIES)),
    ]
    about = f"{tables.machine('numpy', 'numba')} All rules, one worker; seconds of the processor."
    tables.publish("growth", "\n\n".join([about, *parts]), given.write)


if __name__ == "__main__":
    main()
