"""Studies of a scenario: what decides, and what would be enough."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workforce_sim.cli.common import (
    INTERRUPTED,
    Lang,
    PolicyName,
    Replications,
    ScenarioPath,
    Seed,
    Set,
    Workers,
    Years,
    language_of,
    load,
    new_console,
    policy_named,
    study_folder,
    study_progress,
    words_of,
    write_study,
)

commands = typer.Typer()


@commands.command(help="Compare policies: differences, ranking, how sure they are. 比较政策")
def compare(
    scenario: ScenarioPath,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="POLICY", help="As --policies. 政策")
    ] = None,
    policies: Annotated[
        list[str] | None,
        typer.Option(
            metavar="POLICY...",
            help="Names or titles in policies/ beside the scenario, files, or all. 政策，默认全部",
        ),
    ] = None,
    replications: Annotated[int, typer.Option(min=1, help="Replications a policy. 次数")] = 1000,
    seed: Annotated[int, typer.Option(min=0, max=2**64 - 1, help="Seed. 随机种子")] = 2021,
    years: Years = None,
    workers: Annotated[int | None, typer.Option(min=1, help="How many at a time. 并行数")] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Output folder; default outputs/<scenario>-compare. 输出目录"),
    ] = None,
    lang: Lang = "zh",
    changes: Set = None,
) -> None:
    """Compare policies with a scenario: print the ranking, write tables and charts."""
    from workforce_sim.assessment import county_of
    from workforce_sim.decision import compare as study
    from workforce_sim.decision.policies import ALL, load_policies
    from workforce_sim.report import check_drawable, check_writable
    from workforce_sim.report.decisions import compare as report
    from workforce_sim.words import Words

    console, say = new_console(), Words(language_of(lang))
    base = load(scenario, changes, years)
    # "--policies a b c": the option takes the first, the others stand where arguments do.
    asked = ",".join([*(policies or []), *(names or [])]).replace("，", ",").split(",")
    wanted = [name.strip() for name in asked if name.strip()] or [ALL]
    loaded = load_policies(scenario, wanted, overrides=changes or (), years=years)
    folder = out or Path("outputs") / f"{base.name}-compare"
    county = county_of(base)
    check_drawable([county.name, *(t for p in loaded for t in (p.title, p.title_en))])
    check_writable(folder)
    try:
        with study_progress(replications * (1 + len(loaded)), say) as progress:
            found = study.compare(
                base,
                loaded,
                county=county,
                replications=replications,
                seed=seed,
                workers=workers,
                progress=progress,
            )
    except KeyboardInterrupt:
        console.print(say("run.stopped_nothing", folder=folder))
        raise typer.Exit(INTERRUPTED) from None
    say = say.about(found)
    report.print_compare(found, console, say)
    write_study(found, report.told(found, say), report.charts(found, say), folder, say, console)


@commands.command(
    help="Explain the ratios: what raised them, what lowered them. 解释比值变化的原因"
)
def explain(
    scenario: ScenarioPath,
    policy: PolicyName = None,
    against: Annotated[
        str | None,
        typer.Option(metavar="POLICY", help="Explain the difference from this policy. 对照政策"),
    ] = None,
    school: Annotated[str | None, typer.Option(help="Explain this school, too. 学校")] = None,
    replications: Replications = 1000,
    seed: Seed = 2021,
    years: Years = None,
    workers: Workers = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Output folder; default outputs/<scenario>-explain. 输出目录"),
    ] = None,
    lang: Lang = "zh",
    changes: Set = None,
) -> None:
    """Explain the ratios of a scenario or a policy, against the baseline or another policy."""
    from workforce_sim.assessment import county_of
    from workforce_sim.decision import explain as study
    from workforce_sim.report.decisions import explain as report

    console, say = new_console(), words_of(lang)
    base = load(scenario, changes, years)
    explained = policy_named(scenario, policy, base, changes, years, "--policy")
    other = against and policy_named(scenario, against, base, changes, years, "--against")
    county = county_of(explained.scenario)
    report.check_school(school, county, explained.scenario)
    folder = study_folder(out, base.name, "explain", county, explained.scenario)
    try:
        with study_progress(replications * (2 if other else 1), say) as progress:
            found = study.explain(
                explained,
                against=other or None,
                county=county,
                replications=replications,
                seed=seed,
                workers=workers,
                progress=progress,
            )
    except KeyboardInterrupt:
        console.print(say("run.stopped_nothing", folder=folder))
        raise typer.Exit(INTERRUPTED) from None
    say = say.about(found)
    report.print_explanation(found, console, say, school)
    told, charts = report.told(found, say, school), report.charts(found, say, school)
    write_study(found, told, charts, folder, say, console)


@commands.command(help="List where to send the posts, and who rotates where. 岗位与交流分配清单")
def posts(
    scenario: ScenarioPath,
    policy: PolicyName = None,
    allocation: Annotated[
        str, typer.Option(metavar="shortage|optimal|both", help="Which lists. 分配办法")
    ] = "both",
    year: Annotated[
        list[int] | None, typer.Option(help="Print these years only. 只显示这些年份")
    ] = None,
    replications: Replications = 1000,
    seed: Seed = 2021,
    years: Years = None,
    workers: Workers = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Output folder; default outputs/<scenario>-posts. 输出目录"),
    ] = None,
    lang: Lang = "zh",
    changes: Set = None,
) -> None:
    """List posts by school, subject and year, and rotation from school to school."""
    from workforce_sim.assessment import county_of
    from workforce_sim.decision import posts as study
    from workforce_sim.report.decisions import posts as report

    console, say = new_console(), words_of(lang)
    names = [*study.ALLOCATIONS] if allocation == "both" else [allocation]
    if unknown := [name for name in names if name not in study.ALLOCATIONS]:
        message = f"{unknown[0]!r} is none of {', '.join(study.ALLOCATIONS)}, both"
        raise typer.BadParameter(message, param_hint="--allocation")
    base = load(scenario, changes, years)
    chosen = policy_named(scenario, policy, base, changes, years, "--policy")
    listed = range(base.years.first, chosen.scenario.judged_year + 1)
    if wrong := [n for n in year or () if n not in listed]:
        message = f"{wrong[0]} is not from {listed[0]} to {listed[-1]}, the judged year"
        raise typer.BadParameter(message, param_hint="--year")
    county = county_of(chosen.scenario)
    folder = study_folder(out, base.name, "posts", county, chosen.scenario)
    try:
        with study_progress(replications * study.RUNS, say) as progress:
            found = study.posts(
                chosen,
                allocations=names,
                county=county,
                replications=replications,
                seed=seed,
                workers=workers,
                progress=progress,
            )
    except KeyboardInterrupt:
        console.print(say("run.stopped_nothing", folder=folder))
        raise typer.Exit(INTERRUPTED) from None
    asked = year or list(listed)
    say = say.about(found)
    report.print_posts(found, console, say, asked)
    told = report.told(found, say, asked)
    write_study(found, told, report.charts(found, say), folder, say, console)


@commands.command(help="Seek the smallest change that meets a goal. 求达到目标的最小改动")
def seek(
    scenario: ScenarioPath,
    lever: Annotated[
        list[str],
        typer.Option(
            metavar="PATH=LOW..HIGH",
            help="What can be set, e.g. arts_pe.recruits_per_year=0..60; more than one. 可调的数",
        ),
    ],
    goal: Annotated[
        str, typer.Option(metavar="GOAL", help='E.g. "P(L3 primary, 2025) >= 0.95". 目标')
    ],
    replications: Annotated[int, typer.Option(min=1, help="Replications a value. 次数")] = 1000,
    seed: Seed = 2021,
    years: Years = None,
    workers: Workers = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Output folder; default outputs/<scenario>-seek. 输出目录"),
    ] = None,
    lang: Lang = "zh",
    changes: Set = None,
) -> None:
    """Seek the smallest change of a scenario that meets a goal."""
    from workforce_sim.assessment import county_of
    from workforce_sim.decision import seek as study
    from workforce_sim.report.decisions import seek as report

    console, say = new_console(), words_of(lang)
    base = load(scenario, changes, years)
    county = county_of(base)
    folder = study_folder(out, base.name, "seek", county, base)
    try:
        with study_progress(replications, say) as progress:
            found = study.seek(
                scenario,
                lever,
                goal,
                county=county,
                replications=replications,
                seed=seed,
                workers=workers,
                overrides=changes or (),
                years=years,
                progress=progress,
            )
    except KeyboardInterrupt:
        console.print(say("run.stopped_nothing", folder=folder))
        raise typer.Exit(INTERRUPTED) from None
    say = say.about(found)
    report.print_seek(found, console, say)
    write_study(found, report.told(found, say), report.charts(found, say), folder, say, console)


@commands.command(help="Find which uncertain assumption drives the risk. 哪些假设左右风险")
def sensitivity(
    scenario: ScenarioPath,
    goal: Annotated[
        str | None,
        typer.Option(metavar="GOAL", help='Default "P(county) >= 0.5". 目标，默认全县未被否决'),
    ] = None,
    assumptions: Annotated[
        list[str] | None,
        typer.Option(help="Paths or their beginnings, e.g. exits,filling; default all. 假设"),
    ] = None,
    points: Annotated[
        int, typer.Option(min=2, help="Points of the Sobol sequence, a power of 2. 点数")
    ] = 1024,
    replications: Annotated[
        int, typer.Option(min=1, help="For each level of each assumption. 次数")
    ] = 500,
    seed: Seed = 2021,
    years: Years = None,
    workers: Workers = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Output folder; default outputs/<scenario>-sensitivity. 输出目录"),
    ] = None,
    lang: Lang = "zh",
    changes: Set = None,
) -> None:
    """Find which uncertain assumption drives the risk; the budget is said beforehand."""
    from workforce_sim.assessment import county_of
    from workforce_sim.decision import sensitivity as study
    from workforce_sim.decision.outcome import parse_goal
    from workforce_sim.report.decisions import sensitivity as report

    console, say = new_console(), words_of(lang)
    if points & (points - 1):
        raise typer.BadParameter(f"{points} is no power of 2", param_hint="--points")
    loaded = load(scenario, changes, years)
    names = [name.strip() for text in assumptions or () for name in text.split(",")]
    factors = study.uncertain(loaded, names)
    if goal is not None:
        parse_goal(goal, loaded.judged_year)
    county = county_of(loaded)
    folder = study_folder(out, loaded.name, "sensitivity", county, loaded)
    try:
        pace = study.pace(loaded, county)
        console.print(report.budget_text(len(factors), points, replications, pace, say))
        with study_progress(study.budget(len(factors), points, replications), say) as progress:
            found = study.sensitivity(
                loaded,
                goal,
                assumptions=names,
                points=points,
                replications=replications,
                seed=seed,
                workers=workers,
                county=county,
                progress=progress,
            )
    except KeyboardInterrupt:
        console.print(say("run.stopped_nothing", folder=folder))
        raise typer.Exit(INTERRUPTED) from None
    say = say.about(found)
    report.print_sensitivity(found, console, say)
    write_study(found, report.told(found, say), report.charts(found, say), folder, say, console)


@commands.command(help="Set what was observed against the forecast. 预测与实际对照")
def backtest(
    scenario: ScenarioPath,
    observed: Annotated[
        Path,
        typer.Argument(help="CSV: year, stage, quantity, observed. 年份、学段、项目、实际值"),
    ],
    replications: Replications = 1000,
    seed: Seed = 2021,
    years: Years = None,
    workers: Workers = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Output folder; default outputs/<scenario>-backtest. 输出目录"),
    ] = None,
    lang: Lang = "zh",
    changes: Set = None,
) -> None:
    """Set what was observed against what a scenario predicts."""
    from workforce_sim.assessment import county_of
    from workforce_sim.decision import backtest as study
    from workforce_sim.decision.observed import read_observed
    from workforce_sim.report.decisions import backtest as report

    console, say = new_console(), words_of(lang)
    loaded = load(scenario, changes, years)
    county = county_of(loaded)
    table = read_observed(observed, loaded, county)
    folder = study_folder(out, loaded.name, "backtest", county, loaded)
    try:
        with study_progress(replications, say) as progress:
            found = study.backtest(
                loaded,
                table,
                replications=replications,
                seed=seed,
                workers=workers,
                county=county,
                progress=progress,
            )
    except KeyboardInterrupt:
        console.print(say("run.stopped_nothing", folder=folder))
        raise typer.Exit(INTERRUPTED) from None
    say = say.about(found)
    report.print_backtest(found, console, say)
    write_study(found, report.told(found, say), report.charts(found, say), folder, say, console)
