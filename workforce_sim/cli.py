"""The commands: thin; what they do is done in the rooms below."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack, contextmanager
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


@app.command(help="Simulate: print the verdict, write tables and charts. 仿真并输出图表")
def run(
    scenario: ScenarioPath,
    replications: Annotated[int, typer.Option(min=1, help="Monte Carlo replications. 次数")] = 1000,
    seed: Annotated[int, typer.Option(min=0, max=2**64 - 1, help="Seed. 随机种子")] = 2021,
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

    console = _console()
    say = Words(_language(lang))

    def tell(lines: Iterable[str]) -> None:
        for line in lines:
            console.print(line, markup=False)

    loaded = _load(scenario, changes, years)
    folder = out or Path("outputs") / loaded.name
    county = county_of(loaded)
    opening = [event.open.name for event in loaded.network if event.open is not None]
    check_drawable([county.name, *county.schools.names, *opening])
    check_writable(folder)
    stopped: ensemble.Interrupted | ensemble.BlockError | None = None
    with _workplace(cluster, workers) as workplace:
        kept = ensemble.Checkpoint(
            _blocks_folder(checkpoint, folder),
            ensemble.identity_of(loaded, county, seed),
            resume=resume,
        )
        tell(telling.before(kept, say))
        try:
            with _bar(replications, say) as progress:
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
    with _while_running(say("ensemble.kept", folder=kept.folder)):
        written = write_outputs(projection, folder, lang)
    console.print(say("run.written", count=len(written), folder=folder))
    if code:
        raise typer.Exit(code)


@app.command(help="Compare policies: differences, ranking, how sure they are. 比较政策")
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

    console, say = _console(), Words(_language(lang))
    base = _load(scenario, changes, years)
    # "--policies a b c": the option takes the first, the others stand where arguments do.
    asked = ",".join([*(policies or []), *(names or [])]).replace("，", ",").split(",")
    wanted = [name.strip() for name in asked if name.strip()] or [ALL]
    loaded = load_policies(scenario, wanted, overrides=changes or (), years=years)
    folder = out or Path("outputs") / f"{base.name}-compare"
    county = county_of(base)
    check_drawable([county.name, *(t for p in loaded for t in (p.title, p.title_en))])
    check_writable(folder)
    try:
        with _progress(replications * (1 + len(loaded)), say) as progress:
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
    _write_study(found, report.told(found, say), report.charts(found, say), folder, say, console)


@app.command(help="Explain the ratios: what raised them, what lowered them. 解释比值变化的原因")
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

    console, say = _console(), _words(lang)
    base = _load(scenario, changes, years)
    explained = _policy(scenario, policy, base, changes, years, "--policy")
    other = against and _policy(scenario, against, base, changes, years, "--against")
    county = county_of(explained.scenario)
    report.check_school(school, county, explained.scenario)
    folder = _study_folder(out, base.name, "explain", county, explained.scenario)
    try:
        with _progress(replications * (2 if other else 1), say) as progress:
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
    _write_study(found, told, charts, folder, say, console)


@app.command(help="List where to send the posts, and who rotates where. 岗位与交流分配清单")
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

    console, say = _console(), _words(lang)
    names = [*study.ALLOCATIONS] if allocation == "both" else [allocation]
    if unknown := [name for name in names if name not in study.ALLOCATIONS]:
        message = f"{unknown[0]!r} is none of {', '.join(study.ALLOCATIONS)}, both"
        raise typer.BadParameter(message, param_hint="--allocation")
    base = _load(scenario, changes, years)
    chosen = _policy(scenario, policy, base, changes, years, "--policy")
    listed = range(base.years.first, chosen.scenario.judged_year + 1)
    if wrong := [n for n in year or () if n not in listed]:
        message = f"{wrong[0]} is not from {listed[0]} to {listed[-1]}, the judged year"
        raise typer.BadParameter(message, param_hint="--year")
    county = county_of(chosen.scenario)
    folder = _study_folder(out, base.name, "posts", county, chosen.scenario)
    try:
        with _progress(replications * study.RUNS, say) as progress:
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
    _write_study(found, told, report.charts(found, say), folder, say, console)


@app.command(help="Seek the smallest change that meets a goal. 求达到目标的最小改动")
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

    console, say = _console(), _words(lang)
    base = _load(scenario, changes, years)
    county = county_of(base)
    folder = _study_folder(out, base.name, "seek", county, base)
    try:
        with _progress(replications, say) as progress:
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
    _write_study(found, report.told(found, say), report.charts(found, say), folder, say, console)


@app.command(help="Find which uncertain assumption drives the risk. 哪些假设左右风险")
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

    console, say = _console(), _words(lang)
    if points & (points - 1):
        raise typer.BadParameter(f"{points} is no power of 2", param_hint="--points")
    loaded = _load(scenario, changes, years)
    names = [name.strip() for text in assumptions or () for name in text.split(",")]
    factors = study.uncertain(loaded, names)
    if goal is not None:
        parse_goal(goal, loaded.judged_year)
    county = county_of(loaded)
    folder = _study_folder(out, loaded.name, "sensitivity", county, loaded)
    try:
        pace = study.pace(loaded, county)
        console.print(report.budget_text(len(factors), points, replications, pace, say))
        with _progress(study.budget(len(factors), points, replications), say) as progress:
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
    _write_study(found, report.told(found, say), report.charts(found, say), folder, say, console)


@app.command(help="Set what was observed against the forecast. 预测与实际对照")
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

    console, say = _console(), _words(lang)
    loaded = _load(scenario, changes, years)
    county = county_of(loaded)
    table = read_observed(observed, loaded, county)
    folder = _study_folder(out, loaded.name, "backtest", county, loaded)
    try:
        with _progress(replications, say) as progress:
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
    _write_study(found, report.told(found, say), report.charts(found, say), folder, say, console)


@app.command(help="Sweep many counties x policies into one dataset. 多县多政策批量仿真")
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

    console, say = _console(), _words(lang)
    asked = ",".join(policies or []).replace("，", ",").split(",")
    folder = out or Path("outputs") / f"{source.resolve().stem}-sweep"
    try:
        with ExitStack() as stack:
            executor = None
            if workplace := stack.enter_context(_workplace(cluster, workers)):
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
                progress=stack.enter_context(_progress(0, say)),
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


@app.command(help="Make a synthetic province to try a sweep on. 生成合成省份")
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
    _console().print(_words(lang)("province.written", counties=len(written), folder=folder))


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


@app.command(help="Write the workbook to fill in. 生成填报表")
def template(
    folder: Annotated[Path, typer.Argument(help="Where to. 目录")] = Path(),
    lang: Lang = "zh",
) -> None:
    """Write the workbook that an officer fills in."""
    from workforce_sim.county.tables.template import write_template
    from workforce_sim.words import Words

    say = Words(_language(lang))
    _console().print(say("importing.template_written", file=write_template(folder, lang)))


@app.command("import", help="Make a county of a roster and a school table. 导入花名册和学校表")
def import_(
    roster: Annotated[Path, typer.Argument(help="Roster, or a workbook with all sheets. 花名册")],
    schools: Annotated[Path | None, typer.Argument(help="School table. 学校表")] = None,
    *,
    into: Annotated[Path, typer.Option(help="Folder to write, e.g. configs/mycounty. 目录")],
    fill: Fill = None,
    name: Annotated[str | None, typer.Option(help="The county's name. 县名")] = None,
    census: Census = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace a county imported there. 替换")
    ] = False,
    lang: Lang = "zh",
) -> None:
    """Check a roster and a school table; without errors, write a county's folder."""
    from workforce_sim.county.tables.check import check_tables
    from workforce_sim.county.tables.importing import check_folder, import_county, told
    from workforce_sim.county.tables.showing import print_check
    from workforce_sim.words import Words

    say, console = Words(_language(lang)), _console()
    check_folder(into, replace=replace)
    columns, month = _columns(fill), _month(census)
    checked = check_tables(roster, schools, fill=columns, name=name, census=month)
    print_check(checked, console, say)
    if checked.county is None:
        raise typer.Exit(BAD_INPUT)
    for line in told(checked, import_county(checked, into, words=say, replace=replace), say):
        console.print(line, markup=False)


@app.command(help="Write a scenario's county as a filled workbook. 导出县数据")
def export(
    scenario: ScenarioPath,
    file: Annotated[Path, typer.Argument(help="Workbook (.xlsx). 工作簿")],
    lang: Lang = "zh",
) -> None:
    """Write the county of a scenario as a filled template, without names and ID numbers."""
    from workforce_sim.county.tables.export import export_scenario
    from workforce_sim.words import Words

    say = Words(_language(lang))
    county = export_scenario(_load(scenario, None, None), file, lang)
    schools = len(county.schools)
    _console().print(say("importing.exported", file=file, people=county.size, schools=schools))


@app.command("app", help="Open the page in the browser. 打开网页")
def app_(
    county: Annotated[
        Path, typer.Option(help="A county's folder, with scenario.yaml. 县目录")
    ] = Path("configs/yangcheng"),
    address: Annotated[
        str, typer.Option(help="Where to listen; default this machine only. 监听地址")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port. 端口")] = 8501,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Open no browser. 不打开浏览器")
    ] = False,
    lang: Lang = "zh",
) -> None:
    """Serve the page until Ctrl-C."""
    from workforce_sim.app.serve import serve

    language = _language(lang)
    serve(county, address=address, port=port, browser=not no_browser, language=language)


@app.command(help="Check a roster and a school table. 检查花名册和学校表")
def check(
    roster: Annotated[Path, typer.Argument(help="Workbook or text table. 花名册")],
    schools: Annotated[Path | None, typer.Argument(help="If apart. 学校表")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Marked copy (.xlsx). 标注副本", metavar="FILE.xlsx")
    ] = None,
    census: Census = None,
    fill: Fill = None,
    lang: Lang = "zh",
) -> None:
    """Check a roster and a school table: all problems at once, and a marked copy."""
    from workforce_sim.county.tables.check import check_roster
    from workforce_sim.county.tables.marked import write_marked
    from workforce_sim.county.tables.showing import print_check
    from workforce_sim.words import Words

    console, say = _console(), Words(_language(lang))
    copy = out or Path("outputs") / "check" / f"{roster.stem}.xlsx"
    if copy.suffix.lower() != ".xlsx" or copy.resolve() in (
        path.resolve() for path in (roster, schools) if path
    ):
        raise typer.BadParameter("another .xlsx file than the tables", param_hint="--out")
    checked = check_roster(roster, schools, fill=_columns(fill), census=_month(census))
    print_check(checked, console, say)
    write_marked(checked, copy, say)
    console.print(say("check.written", path=copy))
    if checked.errors:
        raise typer.Exit(BAD_INPUT)


def main() -> None:
    """Run the command line: exit code 0, or one of those above with a message for each problem."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # an old console lacks some characters
    from workforce_sim.scenario.errors import InputError

    try:
        app()
    except InputError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(BAD_INPUT)


def _load(path: Path, changes: list[str] | None, years: str | None) -> Scenario:
    from workforce_sim.scenario import load_scenario

    return load_scenario(path, overrides=changes or (), years=years)


def _policy(
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


def _study_folder(
    out: Path | None, name: str, kind: str, county: County, scenario: Scenario
) -> Path:
    """Return a study's output folder, when it is sure that the study can be written there."""
    from workforce_sim.report import check_drawable, check_writable

    folder = out or Path("outputs") / f"{name}-{kind}"
    opening = [event.open.name for event in scenario.network if event.open is not None]
    check_drawable([county.name, *county.schools.names, *opening])
    check_writable(folder)
    return folder


def _write_study(
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
    with _while_running():
        written = write_study(study, told, charts, folder, say)
    console.print(say("run.written", count=len(written), folder=folder))
    if not study.provenance["complete"]:
        raise typer.Exit(INTERRUPTED)


def _words(lang: str) -> Words:
    from workforce_sim.words import Words

    return Words(_language(lang))


def _language(lang: str) -> str:
    from workforce_sim.report import LANGUAGES

    if lang not in LANGUAGES:
        raise typer.BadParameter(f"{lang!r} is none of {', '.join(LANGUAGES)}", param_hint="--lang")
    return lang


def _columns(fill: list[str] | None) -> list[str]:
    from workforce_sim.county.tables.columns import FILLABLE

    columns = [column.strip() for text in fill or () for column in text.split(",")]
    if unknown := [column for column in columns if column not in FILLABLE]:
        message = f"{', '.join(unknown)}: not one of {', '.join(FILLABLE)}"
        raise typer.BadParameter(message, param_hint="--fill")
    return columns


def _month(census: str | None) -> int | None:
    from workforce_sim.law import parse_month

    try:
        return None if census is None else parse_month(census)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--census") from None


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False)


@contextmanager
def _workplace(address: str | None, workers: int | None) -> Iterator[Cluster | None]:
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


def _blocks_folder(asked: Path | None, out: Path) -> Path:
    """Return where finished blocks are kept: beside the output, which is replaced as a whole."""
    out = out if out.name not in ("", "..") else out.resolve()
    folder = asked or out.with_name(f"{out.name}.blocks")
    if out.resolve() in (folder.resolve(), *folder.resolve().parents):
        message = f"{folder} is in the output folder, which is replaced as a whole"
        raise typer.BadParameter(message, param_hint="--checkpoint")
    return folder


@contextmanager
def _while_running(kept: str = "") -> Iterator[None]:
    """Tell that what could be done before the run cannot be done after it, and what is kept."""
    from workforce_sim.scenario.errors import InputError

    try:
        yield
    except InputError as error:
        sys.stderr.write(f"{error}\n{kept}".rstrip() + "\n")
        raise typer.Exit(FAILED) from None


@contextmanager
def _progress(replications: int, say: Callable[..., str]) -> Iterator[Callable[..., None]]:
    """Show the bar of a study; blocks that fail end it, for it needs them all."""
    from workforce_sim.ensemble import BlockError, StorageError

    try:
        with _bar(replications, say) as progress:
            yield progress
    except (BlockError, StorageError) as failed:
        sys.stderr.write(failed.log if isinstance(failed, BlockError) else f"{failed}\n")
        raise typer.Exit(FAILED) from None


@contextmanager
def _bar(replications: int, say: Callable[..., str]) -> Iterator[Callable[..., None]]:
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


if __name__ == "__main__":
    main()
