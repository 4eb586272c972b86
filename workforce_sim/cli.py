"""The commands: thin; what they do is done in the rooms below."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from workforce_sim.scenario import Scenario

app = typer.Typer(
    help="Will a county's schools have the teachers the standard asks for? 县域教师队伍仿真",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

ScenarioPath = Annotated[Path, typer.Argument(help="Scenario file (YAML). 方案文件")]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change a value, e.g. rotation.share=0.15."),
]
Years = Annotated[str | None, typer.Option(help="Years to simulate, e.g. 2021-2030. 年份")]
Lang = Annotated[str, typer.Option(help="zh or en. 语言", metavar="zh|en")]


@app.command(help="Simulate: print the verdict, write tables and charts. 仿真并输出图表")
def run(
    scenario: ScenarioPath,
    replications: Annotated[int, typer.Option(min=1, help="Monte Carlo replications. 次数")] = 1000,
    seed: Annotated[int, typer.Option(min=0, max=2**64 - 1, help="Seed. 随机种子")] = 2021,
    years: Years = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes; by default as many as pay. 进程数")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Output folder; default outputs/<scenario>. 输出目录")
    ] = None,
    lang: Lang = "zh",
    changes: Set = None,
) -> None:
    """Simulate a scenario: print the verdict, write tables and charts."""
    from workforce_sim import ensemble
    from workforce_sim.assessment import county_of, judge, simulate
    from workforce_sim.report import (
        check_drawable,
        check_writable,
        print_summary,
        write_outputs,
    )
    from workforce_sim.words import Words

    console = _console()
    say = Words(_language(lang))
    loaded = _load(scenario, changes, years)
    folder = out or Path("outputs") / loaded.name
    county = county_of(loaded)
    opening = [event.open.name for event in loaded.network if event.open is not None]
    check_drawable([county.name, *county.schools.names, *opening])
    check_writable(folder)
    interrupted = False
    try:
        with _progress(replications, say) as progress:
            projection = simulate(
                loaded,
                county=county,
                replications=replications,
                seed=seed,
                workers=workers,
                progress=progress,
            )
    except ensemble.Interrupted as stopped:
        interrupted = True
        if stopped.ledger is None:
            console.print(say("run.stopped_nothing", folder=folder))
            raise typer.Exit(130) from None
        console.print(say("run.stopped_kept", kept=stopped.kept, replications=replications))
        projection = judge(loaded, county, stopped.ledger, seed=seed, requested=replications)
    print_summary(projection, console, lang)
    console.print(say("run.drawing"))
    written = write_outputs(projection, folder, lang)
    console.print(say("run.written", count=len(written), folder=folder))
    if interrupted:
        raise typer.Exit(130)


@app.command(help="Check a scenario: all problems at once. 检查方案文件")
def validate(scenario: ScenarioPath, years: Years = None, changes: Set = None) -> None:
    """Check a scenario and its county: all problems at once."""
    from workforce_sim.assessment import county_of

    loaded = _load(scenario, changes, years)
    county = county_of(loaded)
    _console().print(
        f"{scenario}: OK: {loaded.name}, {loaded.years}, {county.name}, "
        f"{len(county.schools.names)} schools, {len(county.roster.sex)} teachers"
    )


@app.command(help="Show stated beside recomputed figures. 核对规划数据")
def reconcile(scenario: ScenarioPath, lang: Lang = "zh") -> None:
    """Show the county's stated figures beside the recomputed ones."""
    from workforce_sim.assessment import county_of
    from workforce_sim.county import reconcile as figures
    from workforce_sim.report import print_reconciliation

    county = county_of(_load(scenario, None, None))
    print_reconciliation(figures(county), _console(), _language(lang))


@app.command(help="Print the JSON Schema of scenario files. 方案文件的 JSON Schema")
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    import json

    from workforce_sim.scenario import scenario_schema

    sys.stdout.write(json.dumps(scenario_schema(), ensure_ascii=False, indent=2) + "\n")


def main() -> None:
    """Run the command line: exit code 0, or 2 for bad input with one message for each problem."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # an old console lacks some characters
    from workforce_sim.scenario.errors import InputError

    try:
        app()
    except InputError as error:
        for problem in error.problems:
            sys.stderr.write(f"{problem}\n")
        sys.exit(2)


def _load(path: Path, changes: list[str] | None, years: str | None) -> Scenario:
    from workforce_sim.scenario import load_scenario

    return load_scenario(path, overrides=changes or (), years=years)


def _language(lang: str) -> str:
    from workforce_sim.report import LANGUAGES

    if lang not in LANGUAGES:
        raise typer.BadParameter(f"{lang!r} is none of {', '.join(LANGUAGES)}", param_hint="--lang")
    return lang


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False)


@contextmanager
def _progress(replications: int, say: Callable[..., str]) -> Iterator[Callable[[int], None]]:
    """Show a bar with the time left, on a terminal; the first run also says that it compiles."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    from workforce_sim.simulation.compiled import is_compiled

    console = Console(stderr=True)
    if not is_compiled():
        console.print(say("run.compiling"))
    with Progress(
        TextColumn(say("run.simulating")),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    ) as bar:
        task = bar.add_task("", total=replications)
        yield lambda done: bar.update(task, completed=done)


if __name__ == "__main__":
    main()
