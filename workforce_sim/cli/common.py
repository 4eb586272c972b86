"""What the commands share: options, exit codes, the progress bar, folders of output."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from altair import TopLevelMixin
    from rich.console import Console

    from workforce_sim.county import County
    from workforce_sim.decision.policies import Policy
    from workforce_sim.decision.study import Study
    from workforce_sim.ensemble.cluster import Cluster
    from workforce_sim.report.decisions.told import Told
    from workforce_sim.scenario import Scenario
    from workforce_sim.words import Words


BAD_INPUT, FAILED, INTERRUPTED = 2, 3, 130
"""Exit codes: what was asked for cannot be done; it failed while running; Ctrl-C."""

ScenarioPath = Annotated[Path, typer.Argument(help="Scenario file (YAML). 方案文件")]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change a value, e.g. rotation.share=0.15."),
]
Years = Annotated[str | None, typer.Option(help="Years to simulate, e.g. 2021-2030. 年份")]
Lang = Annotated[str, typer.Option(help="zh or en. 语言", metavar="zh|en")]
Replications = Annotated[int, typer.Option(min=1, help="Monte Carlo replications. 次数")]
Seed = Annotated[int, typer.Option(min=0, max=2**64 - 1, help="Seed. 随机种子")]
ClusterAt = Annotated[
    str | None, typer.Option("--cluster", metavar="ADDRESS|local", help="A Dask cluster. 计算集群")
]
Workers = Annotated[int | None, typer.Option(min=1, help="How many at a time. 并行数")]
PolicyName = Annotated[
    str | None,
    typer.Option(
        "--policy",
        metavar="POLICY",
        help="Name or title in policies/ beside the scenario, or a file. 政策，默认方案本身",
    ),
]

Fill = Annotated[
    list[str] | None,
    typer.Option(help="Columns to fill from priors, e.g. title,award. 按先验值补齐的列"),
]
Census = Annotated[
    str | None, typer.Option(help="Month of the roster, YYYY-MM. 数据截止年月", metavar="YYYY-MM")
]


def load(path: Path, changes: list[str] | None, years: str | None) -> Scenario:
    """Return the scenario of a file, with what was asked to be changed."""
    from workforce_sim.scenario import load_scenario

    return load_scenario(path, overrides=changes or (), years=years)


def policy_named(
    scenario: Path,
    name: str | None,
    base: Scenario,
    changes: list[str] | None,
    years: str | None,
    option: str,
) -> Policy:
    """Return a policy by its name, or the scenario itself."""
    from workforce_sim.decision.policies import Policy, load_policies

    if name is None:
        return Policy.of(base)
    overrides = changes or ()
    return load_policies(scenario, [name], overrides=overrides, years=years, option=option)[0]


def study_folder(
    out: Path | None, name: str, kind: str, county: County, scenario: Scenario
) -> Path:
    """Return a study's output folder, when it is sure that the study can be written there."""
    from workforce_sim.report import check_drawable, check_writable

    folder = out or Path("outputs") / f"{name}-{kind}"
    opening = [event.open.name for event in scenario.network if event.open is not None]
    check_drawable([county.name, *county.schools.names, *opening])
    check_writable(folder)
    return folder


def write_study(
    study: Study,
    told: Told,
    charts: Iterable[tuple[str, TopLevelMixin]],
    folder: Path,
    say: Words,
    console: Console,
) -> None:
    """Write a study; leave with 130 if it was stopped."""
    from workforce_sim.report.decisions.folder import write_study

    console.print(say("run.drawing"))
    with while_running():
        written = write_study(study, told, charts, folder, say)
    console.print(say("run.written", count=len(written), folder=folder))
    if not study.provenance["complete"]:
        raise typer.Exit(INTERRUPTED)


def words_of(lang: str) -> Words:
    """Return the words of a language, or refuse it."""
    from workforce_sim.words import Words

    return Words(language_of(lang))


def language_of(lang: str) -> str:
    """Return the language, if there is such a one."""
    from workforce_sim.report import LANGUAGES

    if lang not in LANGUAGES:
        raise typer.BadParameter(f"{lang!r} is none of {', '.join(LANGUAGES)}", param_hint="--lang")
    return lang


def columns_to_fill(fill: list[str] | None) -> list[str]:
    """Return the columns that may be filled from priors, split at commas."""
    from workforce_sim.county.tables.columns import FILLABLE

    columns = [column.strip() for text in fill or () for column in text.split(",")]
    if unknown := [column for column in columns if column not in FILLABLE]:
        message = f"{', '.join(unknown)}: not one of {', '.join(FILLABLE)}"
        raise typer.BadParameter(message, param_hint="--fill")
    return columns


def census_month(census: str | None) -> int | None:
    """Return the month of the roster as a number."""
    from workforce_sim.law import parse_month

    try:
        return None if census is None else parse_month(census)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--census") from None


def new_console() -> Console:
    """Return a console that does not colour figures and paths by itself."""
    from rich.console import Console

    return Console(highlight=False)


@contextmanager
def work_at(address: str | None, workers: int | None) -> Iterator[Cluster | None]:
    """Give the cluster that was asked for, or None for threads of this process."""
    from workforce_sim.scenario.errors import InputError, Problem

    if address is None:
        yield None
        return
    try:
        from workforce_sim.ensemble.cluster import connect
    except ImportError:
        message = "needs Dask: pip install 'workforce-sim[cluster]'"
        raise InputError([Problem("--cluster", None, "", message)]) from None
    with connect(address, workers) as cluster:
        yield cluster


def blocks_folder(asked: Path | None, out: Path) -> Path:
    """Return where finished blocks are kept: beside the output, which is replaced as a whole."""
    out = out if out.name not in ("", "..") else out.resolve()
    folder = asked or out.with_name(f"{out.name}.blocks")
    if out.resolve() in (folder.resolve(), *folder.resolve().parents):
        message = f"{folder} is in the output folder, which is replaced as a whole"
        raise typer.BadParameter(message, param_hint="--checkpoint")
    return folder


@contextmanager
def while_running(kept: str = "") -> Iterator[None]:
    """Tell that what could be done before the run cannot be done after it, and what is kept."""
    from workforce_sim.scenario.errors import InputError

    try:
        yield
    except InputError as error:
        sys.stderr.write(f"{error}\n{kept}".rstrip() + "\n")
        raise typer.Exit(FAILED) from None


@contextmanager
def study_progress(replications: int, say: Callable[..., str]) -> Iterator[Callable[..., None]]:
    """Show the bar of a study; blocks that fail end it, for it needs them all."""
    from workforce_sim.ensemble import BlockError, StorageError

    try:
        with progress_bar(replications, say) as progress:
            yield progress
    except (BlockError, StorageError) as failed:
        sys.stderr.write(failed.log if isinstance(failed, BlockError) else f"{failed}\n")
        raise typer.Exit(FAILED) from None


@contextmanager
def progress_bar(replications: int, say: Callable[..., str]) -> Iterator[Callable[..., None]]:
    """Show a bar with the time left, on a terminal; the first run also says that it compiles.

    It is told how many replications are done and, where that may change, of how many.
    """
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
        yield lambda done, whole=None: bar.update(task, completed=done, total=whole)
