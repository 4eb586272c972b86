"""Simulate: one scenario (run), many counties and policies (sweep, and a province to try it on)."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workforce_sim.cli.common import (
    FAILED,
    INTERRUPTED,
    ClusterAt,
    Lang,
    Replications,
    ScenarioPath,
    Seed,
    Set,
    Workers,
    Years,
    blocks_folder,
    language_of,
    load,
    new_console,
    progress_bar,
    study_progress,
    while_running,
    words_of,
    work_at,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

commands = typer.Typer()


@commands.command(help="Simulate: print the verdict, write tables and charts. 仿真并输出图表")
def run(
    scenario: ScenarioPath,
    replications: Replications = 1000,
    seed: Seed = 2021,
    years: Years = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Threads, or processes of a local cluster. 并行数")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Output folder; default outputs/<scenario>. 输出目录")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on from finished blocks. 接着上次算")
    ] = False,
    checkpoint: Annotated[
        Path | None,
        typer.Option(help="Folder that keeps finished blocks; default <out>.blocks. 中间结果目录"),
    ] = None,
    cluster: ClusterAt = None,
    lang: Lang = "zh",
    changes: Set = None,
) -> None:
    """Simulate a scenario: print the verdict, write tables and charts."""
    from workforce_sim import ensemble
    from workforce_sim.assessment import county_of, judge, simulate
    from workforce_sim.ensemble import telling
    from workforce_sim.report import (
        check_drawable,
        check_writable,
        print_summary,
        write_outputs,
    )
    from workforce_sim.words import Words

    console = new_console()
    say = Words(language_of(lang))

    def tell(lines: Iterable[str]) -> None:
        for line in lines:
            console.print(line, markup=False)

    loaded = load(scenario, changes, years)
    folder = out or Path("outputs") / loaded.name
    county = county_of(loaded)
    opening = [event.open.name for event in loaded.network if event.open is not None]
    check_drawable([county.name, *county.schools.names, *opening])
    check_writable(folder)
    stopped: ensemble.Interrupted | ensemble.BlockError | None = None
    with work_at(cluster, workers) as workplace:
        kept = ensemble.Checkpoint(
            blocks_folder(checkpoint, folder),
            ensemble.identity_of(loaded, county, seed),
            resume=resume,
        )
        tell(telling.before(kept, say))
        try:
            with progress_bar(replications, say) as progress:
                projection = simulate(
                    loaded,
                    county=county,
                    replications=replications,
                    seed=seed,
                    workers=workers,
                    progress=progress,
                    checkpoint=kept,
                    cluster=workplace,
                )
        except (ensemble.Interrupted, ensemble.BlockError) as unfinished:
            stopped = unfinished
        except (ensemble.StorageError, ensemble.ClusterError) as lost:
            tell(telling.unfinished(lost, kept, replications, say))
            raise typer.Exit(FAILED) from None
    tell(telling.after(kept, say))
    code = 0
    if stopped is not None:
        code = INTERRUPTED if isinstance(stopped, ensemble.Interrupted) else FAILED
        tell(telling.unfinished(stopped, kept, replications, say))
        if stopped.ledger is None:
            console.print(say("run.stopped_nothing", folder=folder))
            raise typer.Exit(code)
        projection = judge(
            loaded,
            county,
            stopped.ledger,
            seed=seed,
            requested=replications,
            numbers=stopped.numbers,
        )
    print_summary(projection, console, lang)
    console.print(say("run.drawing"))
    with while_running(say("ensemble.kept", folder=kept.folder)):
        written = write_outputs(projection, folder, lang)
    console.print(say("run.written", count=len(written), folder=folder))
    if code:
        raise typer.Exit(code)


@commands.command(help="Sweep many counties x policies into one dataset. 多县多政策批量仿真")
def sweep(
    source: Annotated[
        Path,
        typer.Argument(help="Folder of counties, or CSV: county, scenario, policies. 各县目录或表"),
    ],
    policies: Annotated[
        list[str] | None,
        typer.Option(metavar="POLICY,...", help="Names, files, or all. 政策，默认全部"),
    ] = None,
    replications: Annotated[
        int, typer.Option(min=1, help="Replications a county and policy. 次数")
    ] = 1000,
    seed: Seed = 2021,
    years: Years = None,
    workers: Workers = None,
    out: Annotated[
        Path | None, typer.Option(help="Dataset; default outputs/<source>-sweep. 输出目录")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a dataset. 继续")] = False,
    cluster: ClusterAt = None,
    lang: Lang = "zh",
) -> None:
    """Sweep many counties under many policies; leave with 3 if some could not be."""
    from workforce_sim.decision import sweep as study
    from workforce_sim.decision.policies import ALL
    from workforce_sim.ensemble import ClusterError
    from workforce_sim.report.decisions.sweep import print_sweep

    console, say = new_console(), words_of(lang)
    asked = ",".join(policies or []).replace("，", ",").split(",")
    folder = out or Path("outputs") / f"{source.resolve().stem}-sweep"
    try:
        with ExitStack() as stack:
            executor = None
            if workplace := stack.enter_context(work_at(cluster, workers)):
                workers, executor = workplace.workers, stack.enter_context(workplace.executor())
            done = study.sweep(
                source,
                folder,
                policies=[name.strip() for name in asked if name.strip()] or [ALL],
                replications=replications,
                seed=seed,
                years=years,
                workers=workers,
                resume=resume,
                executor=executor,
                progress=stack.enter_context(study_progress(0, say)),
            )
    except ClusterError:
        console.print(say("ensemble.cluster_lost"))
        console.print(say("ensemble.kept", folder=folder))
        raise typer.Exit(FAILED) from None
    print_sweep(done, console, say)
    counts = {"swept": len(done.swept), "kept": len(done.kept), "failed": len(done.failures)}
    console.print(say("sweep.done", folder=folder, **counts))
    if not done.complete:
        console.print(say("sweep.stopped", left=len(done.counties) - sum(counts.values())))
        raise typer.Exit(INTERRUPTED)
    if done.failures:
        raise typer.Exit(FAILED)


@commands.command(help="Make a synthetic province to try a sweep on. 生成合成省份")
def province(
    folder: Annotated[Path, typer.Argument(help="New folder. 目录")],
    counties: Annotated[int, typer.Option(min=1, max=9999, help="How many. 县数")] = 117,
    like: Annotated[
        Path, typer.Option(help="Scenario of the county they are made after. 仿照的方案")
    ] = Path("configs/yangcheng/scenario.yaml"),
    seed: Seed = 2021,
    lang: Lang = "zh",
) -> None:
    """Make a synthetic province: a folder a county, made after one county."""
    from workforce_sim.county.province import write_province

    written = write_province(folder, like, counties=counties, seed=seed)
    new_console().print(words_of(lang)("province.written", counties=len(written), folder=folder))
