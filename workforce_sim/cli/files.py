"""What is read and written: scenarios, schemas, workbooks, a county's folder; and the page."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from workforce_sim.cli.common import (
    BAD_INPUT,
    Census,
    Fill,
    Lang,
    ScenarioPath,
    Set,
    Years,
    census_month,
    columns_to_fill,
    language_of,
    load,
    new_console,
)

commands = typer.Typer()


@commands.command(help="Check a scenario: all problems at once. 检查方案文件")
def validate(scenario: ScenarioPath, years: Years = None, changes: Set = None) -> None:
    """Check a scenario and its county: all problems at once."""
    from workforce_sim.assessment import county_of

    loaded = load(scenario, changes, years)
    county = county_of(loaded)
    new_console().print(
        f"{scenario}: OK: {loaded.name}, {loaded.years}, {county.name}, "
        f"{len(county.schools.names)} schools, {len(county.roster.sex)} teachers"
    )


@commands.command(help="Show stated beside recomputed figures. 核对规划数据")
def reconcile(scenario: ScenarioPath, lang: Lang = "zh") -> None:
    """Show the county's stated figures beside the recomputed ones."""
    from workforce_sim.assessment import county_of
    from workforce_sim.county import reconcile as figures
    from workforce_sim.report import print_reconciliation

    county = county_of(load(scenario, None, None))
    print_reconciliation(figures(county), new_console(), language_of(lang))


@commands.command(help="Print the JSON Schema of scenario files. 方案文件的 JSON Schema")
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    import json

    from workforce_sim.scenario import scenario_schema

    sys.stdout.write(json.dumps(scenario_schema(), ensure_ascii=False, indent=2) + "\n")


@commands.command(help="Write the workbook to fill in. 生成填报表")
def template(
    folder: Annotated[Path, typer.Argument(help="Where to. 目录")] = Path(),
    lang: Lang = "zh",
) -> None:
    """Write the workbook that an officer fills in."""
    from workforce_sim.county.tables.template import write_template
    from workforce_sim.words import Words

    say = Words(language_of(lang))
    new_console().print(say("importing.template_written", file=write_template(folder, lang)))


@commands.command("import", help="Make a county of a roster and a school table. 导入花名册和学校表")
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

    say, console = Words(language_of(lang)), new_console()
    check_folder(into, replace=replace)
    columns, month = columns_to_fill(fill), census_month(census)
    checked = check_tables(roster, schools, fill=columns, name=name, census=month)
    print_check(checked, console, say)
    if checked.county is None:
        raise typer.Exit(BAD_INPUT)
    for line in told(checked, import_county(checked, into, words=say, replace=replace), say):
        console.print(line, markup=False)


@commands.command(help="Write a scenario's county as a filled workbook. 导出县数据")
def export(
    scenario: ScenarioPath,
    file: Annotated[Path, typer.Argument(help="Workbook (.xlsx). 工作簿")],
    lang: Lang = "zh",
) -> None:
    """Write the county of a scenario as a filled template, without names and ID numbers."""
    from workforce_sim.county.tables.export import export_scenario
    from workforce_sim.words import Words

    say = Words(language_of(lang))
    county = export_scenario(load(scenario, None, None), file, lang)
    schools = len(county.schools)
    new_console().print(say("importing.exported", file=file, people=county.size, schools=schools))


@commands.command("app", help="Open the page in the browser. 打开网页")
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

    language = language_of(lang)
    serve(county, address=address, port=port, browser=not no_browser, language=language)


@commands.command(help="Check a roster and a school table. 检查花名册和学校表")
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

    console, say = new_console(), Words(language_of(lang))
    copy = out or Path("outputs") / "check" / f"{roster.stem}.xlsx"
    if copy.suffix.lower() != ".xlsx" or copy.resolve() in (
        path.resolve() for path in (roster, schools) if path
    ):
        raise typer.BadParameter("another .xlsx file than the tables", param_hint="--out")
    checked = check_roster(roster, schools, fill=columns_to_fill(fill), census=census_month(census))
    print_check(checked, console, say)
    write_marked(checked, copy, say)
    console.print(say("check.written", path=copy))
    if checked.errors:
        raise typer.Exit(BAD_INPUT)
