from __future__ import annotations

import zipfile
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import given, settings

from tests.laws.strategies import worlds
from workforce_sim.assessment import simulate
from workforce_sim.report.workbook import SHEETS, write_workbook
from workforce_sim.words import LANGUAGES, Words

ZH, EN = Words("zh"), Words("en")
HEADINGS = 5  # the row of headings; the values follow
AWKWARD = ('=HYPERLINK("x")', "+1", "@x", "<script>", "-2+3", "2021", "a&b")
NAMED = ("schools", "school_verdicts", "needs", "binding")


@pytest.fixture(scope="module")
def awkward(projection):
    """The projection, its first schools renamed once more."""
    names = dict(zip(projection.county.schools.names, AWKWARD, strict=False))
    frames = {name: getattr(projection, name) for name in NAMED}
    renamed = {n: f.assign(school=f["school"].replace(names)) for n, f in frames.items()}
    return replace(projection, **renamed)


@pytest.fixture(scope="module")
def path(awkward, tmp_path_factory):
    folder = tmp_path_factory.mktemp("workbook")
    for words in (ZH, EN):
        write_workbook(awkward, folder / f"{words.language}.xlsx", words)
    return folder


@pytest.fixture(scope="module", params=LANGUAGES)
def book(request, path):
    return openpyxl.load_workbook(path / f"{request.param}.xlsx"), Words(request.param)


@pytest.fixture(scope="module")
def zh(path):
    return openpyxl.load_workbook(path / "zh.xlsx")


def table(sheet) -> tuple[list[str], list[tuple]]:
    """Headings, each with that of its group before it, and rows."""
    groups, headings = ([cell.value for cell in sheet[row]] for row in (HEADINGS - 1, HEADINGS))
    named, group = [], ""
    for over, heading, cell in zip(groups, headings, sheet[HEADINGS], strict=True):
        group = over or (group if cell.border.left.style else "")
        named.append(f"{group}/{heading}" if group else heading)
    return named, [tuple(c.value for c in row) for row in sheet.iter_rows(min_row=HEADINGS + 1)]


def records(sheet) -> list[dict]:
    headings, rows = table(sheet)
    assert len(set(headings)) == len(headings)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def test_the_sheets_stand_in_order_and_the_answer_first(book):
    workbook, words = book
    assert workbook.sheetnames == [words(f"sheet.{name}") for name in ("summary", *SHEETS)]
    assert workbook.active.title == words("sheet.summary")


def test_county_ratios_are_the_frames_numbers(zh, projection):
    rows = {(r["学段"], r["指标"], r["年份"]): r for r in records(zh["各年"])}
    assert len(rows) == len(projection.ratios)
    needs = projection.needs.groupby(["stage", "indicator", "year"])["mean"].sum()
    for ratio in projection.ratios.to_dict("records"):
        stage, indicator, year = ratio["stage"], ratio["indicator"], ratio["year"]
        row = rows[ZH(f"stage.{stage}"), ZH(f"indicator.{indicator}"), year]
        for heading, name in (
            ("均值", "mean"),
            ("5%分位数", "q05"),
            ("95%分位数", "q95"),
            ("达标线", "threshold"),
            ("达标概率", "p_meets"),
            ("达标概率的模拟误差", "p_meets_se"),
            ("达标概率下限（95%）", "p_meets_low"),
        ):
            assert row[heading] == pytest.approx(ratio[name], rel=1e-14), (heading, ratio)
        stages = ("primary", "junior") if stage == "both" else (stage,)
        assert row["单位"] == ZH(f"unit.{indicator}")
        short = sum(needs[s, indicator, year] for s in stages)
        assert row["各校共缺/均值"] == pytest.approx(short)


def test_schools_stand_with_the_judged_year_first_and_their_own_numbers(zh, awkward):
    rows = records(zh["各校"])
    verdicts = awkward.school_verdicts
    assert len(rows) == len(verdicts)
    judged = [row for row in rows if row["年份"] == 2025]
    assert rows[: len(judged)] == judged
    failed = [row["不合格概率"] for row in judged if row["不合格概率"] is not None]
    assert failed == sorted(failed, reverse=True) and max(failed) > min(failed)
    keys = ["year", "school", "stage"]
    of = verdicts.set_index(keys)
    ratios = awkward.schools.set_index([*keys, "indicator"])
    stages = {ZH(f"stage.{stage}"): stage for stage in ("primary", "junior")}
    for row in rows:
        key = (row["年份"], row["学校"], stages[row["学段"]])
        assert row["不合格概率"] == pytest.approx(of.loc[key, "p_failed"], nan_ok=True) or (
            row["不合格概率"] is None and of.loc[key, "judged"] == 0
        )
        ratio = ratios.loc[(*key, "L3")]
        assert row["学生数"] == pytest.approx(ratio["pupils"])
        assert row["L3 体育艺术教师/中位数"] == pytest.approx(ratio["q50"])
    assert len(records(zh["各校指标"])) == len(awkward.schools)


def test_hires_needed_are_those_of_the_frame(zh, awkward):
    rows = records(zh["需要补充"])
    assert 7 * len(rows) == len(awkward.needs)
    total = awkward.needs.groupby(["year", "indicator"])["mean"].sum()
    for (year, indicator), mean in total.items():
        unit = {"L4": "平方米", "L5": "平方米", "L6": "元", "L7": "间"}.get(indicator, "人")
        heading = f"{ZH(f'indicator.{indicator}')}（{unit}）/均值"
        assert sum(row[heading] or 0 for row in rows if row["年份"] == year) == pytest.approx(mean)


def test_flows_are_those_of_the_frame(zh, projection):
    rows = {(row["学段"], row["流动"]): row for row in records(zh["人员流动"])}
    for flow in projection.flows.to_dict("records"):
        row = rows[ZH(f"stage.{flow['stage']}"), ZH(f"flow.{flow['flow']}")]
        assert row[f"{flow['year']}/均值"] == pytest.approx(flow["mean"])
        assert row[f"{flow['year']}/95%分位数"] == pytest.approx(flow["q95"])


def test_the_summary_gives_answer_limits_and_every_probability(zh, projection):
    sheet = zh["结论"]
    texts = [str(cell.value) for row in sheet for cell in row if cell.value is not None]
    whole = "\n".join(texts)
    assert "通过的概率" in whole and "只就资源配置而言" in whole and "合成数据" in whole
    county = projection.verdicts.query("scope == 'county' and year == 2025").set_index("verdict")
    for verdict, label in (
        ("not_ruled_out", "以上两者同时成立：资源配置通过"),
        ("all_met", "各校七项全部达标"),
    ):
        (row,) = [row for row in sheet.iter_rows(values_only=True) if row[0] == label]
        assert row[-2:] == pytest.approx(county.loc[verdict, ["p", "p_se"]])
    assert not any("未完成" in text for text in texts)
    judged = projection.ratios.query("year == 2025 and stage != 'both'")
    rows = {row[1]: row for row in sheet.iter_rows(values_only=True)}
    for ratio in judged.to_dict("records"):
        name = f"{ZH('stage.' + ratio['stage'])} {ZH('indicator.' + ratio['indicator'])}"
        assert rows[name][-2:] == pytest.approx((ratio["p_meets"], ratio["p_meets_se"]))


def test_three_indicators_have_a_workbook_that_says_so(partial, tmp_path):
    write_workbook(partial, tmp_path / "a.xlsx", ZH)
    workbook = openpyxl.load_workbook(tmp_path / "a.xlsx")
    texts = [str(cell.value) for row in workbook["结论"] for cell in row]
    assert any("L4—L7未核查" in text for text in texts)
    assert "以上两者同时成立：未被否决" in texts
    assert not any("L4" in heading for heading in table(workbook["需要补充"])[0])
    assert len(workbook["图表"]._charts) == 6 + 2 + 1 + 1 + 2


def test_the_network_stands_beside_what_is_asked(zh):
    rows = {row["项目"]: row for row in records(zh["布局与规模"])}
    row = rows["初中：学生在县城的比例（%）"]
    assert (row["现值"], row["要求"], row["符合"]) == (41.5, "≥ 90", "否")
    assert rows["小学：最大平均班额（人）"]["现值"] is None


def test_a_run_that_was_stopped_says_so_on_every_sheet(projection, tmp_path):
    stopped = {**projection.provenance, "replications_requested": 1000, "complete": False}
    write_workbook(replace(projection, provenance=stopped), tmp_path / "a.xlsx", ZH)
    workbook = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert all("未完成" in sheet["A3"].value for sheet in workbook)
    assert any("要求1000次" in str(cell.value) for row in workbook["结论"] for cell in row)


def test_numbers_are_numbers_with_a_format_and_nothing_is_a_formula(book):
    workbook, words = book
    free = {words("sheet.assumptions"), words("sheet.provenance")}
    for sheet in workbook:
        for row in sheet.iter_rows(min_row=HEADINGS + 1):
            for cell in row:
                assert cell.data_type in "ns", (sheet.title, cell.coordinate, cell.value)
                if isinstance(cell.value, str) and cell.value not in AWKWARD:
                    number = cell.value.replace(".", "", 1).isdecimal()
                    assert not number or sheet.title in free, (sheet.title, cell.value)
    sheet, words = workbook[words("sheet.years")], words
    formats = {sheet.cell(HEADINGS, c.column).value: c.number_format for c in sheet[HEADINGS + 1]}
    assert formats[words("column.q50")] == "[>=100]#,##0;0.00"
    assert formats[words("column.p_meets")] == "0.0%"
    assert formats[words("column.year")] == "0"


def test_awkward_names_stay_the_texts_they_are(path, zh):
    for sheet in ("各校", "各校指标", "需要补充"):
        cells = {c.value: c for row in zh[sheet].iter_rows(min_row=6) for c in row}
        assert all(cells[name].data_type == "s" for name in AWKWARD)
    with zipfile.ZipFile(path / "zh.xlsx") as parts:
        sheets = [n for n in parts.namelist() if n.startswith("xl/worksheets/sheet")]
        assert not any(b"<f>" in parts.read(name) for name in sheets)
        links = [n for n in parts.namelist() if n.startswith("xl/worksheets/_rels")]
        assert not any(b"External" in parts.read(name) for name in links)


def test_headings_stay_in_sight_filter_and_print(book):
    workbook, words = book
    for name in SHEETS:
        sheet = workbook[words(f"sheet.{name}")]
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert all(words("chart.synthetic") in sheet["A3"].value for sheet in workbook)
        if name == "charts":
            continue
        assert int("".join(filter(str.isdigit, sheet.freeze_panes))) == HEADINGS + 1
        assert sheet.print_title_rows == f"${HEADINGS - 1}:${HEADINGS}"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0
        wide = name in ("schools", "needs")  # seven indicators side by side
        assert (int(sheet.page_setup.fitToWidth or 1), sheet.print_title_cols) == (
            (2, "$A:$B") if wide else (1, None)
        )
        if name != "provenance":
            assert sheet.auto_filter.ref.startswith(f"A{HEADINGS}:")
    coloured = workbook[words("sheet.schools")].conditional_formatting
    rules = [rule for cells in coloured for rule in cells.rules]
    assert len(rules) == 5 * (2 + 7) and len({rule.dxf.fill.bgColor.rgb for rule in rules}) == 5


def test_charts_are_excels_own_and_point_at_their_numbers(book, projection):
    workbook, words = book
    sheet = workbook[words("sheet.charts")]
    assert len(sheet._charts) == 14 + 4 + 1 + 1 + 2
    fan = sheet._charts[4]  # L3, primary
    frame = projection.ratios.query("stage == 'primary' and indicator == 'L3'")
    for nth, quantile in ((0, "q95"), (2, "q50"), (5, "threshold")):
        area = fan.series[nth].val.numRef.f.split("!")[1].replace("$", "")
        values = [cell.value for (cell,) in sheet[area]]
        assert values == pytest.approx(frame[quantile].tolist())
        years = fan.series[nth].cat.numRef.f.split("!")[1].replace("$", "")
        assert [cell.value for (cell,) in sheet[years]] == frame["year"].tolist()


def test_each_language_is_whole(book):
    workbook, words = book
    for sheet in workbook:
        headings = [cell.value for cell in sheet[HEADINGS] if cell.value]
        texts = [sheet.title, sheet["A2"].value, *headings]
        if words.language == "en":
            assert not any(_chinese(text) for text in texts), texts
        else:
            assert all(_chinese(text) for text in texts if not text.isdecimal()), texts
    if words.language == "zh":
        for row in records(workbook["假设"]):
            texts = [row[heading] for heading in ("规则", "取值", "来源", "默认值")]
            assert not any(_latin(str(text)) for text in texts), row
    else:
        assert not any(_chinese(row["flow"]) for row in records(workbook["Flows"]))


def _chinese(text: str) -> bool:
    return any("一" <= letter <= "鿿" for letter in text)


def _latin(text: str) -> bool:
    return any("a" <= letter <= "z" for letter in text)


def test_same_projection_same_bytes(awkward, path, tmp_path):
    write_workbook(awkward, tmp_path / "again.xlsx", ZH)
    assert (tmp_path / "again.xlsx").read_bytes() == (path / "zh.xlsx").read_bytes()


@settings(max_examples=6)
@given(case=worlds())
def test_any_county_has_a_workbook(case, tmp_path_factory):
    scenario, county = case
    projection = simulate(scenario, county=county, replications=3, workers=1)
    path = tmp_path_factory.mktemp("any") / "projection.xlsx"
    for words in (ZH, EN):
        write_workbook(projection, path, words)
        assert len(openpyxl.load_workbook(path).sheetnames) == 1 + len(SHEETS)
