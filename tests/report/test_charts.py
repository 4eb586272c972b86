from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests import counties
from tests.counties import School, Teacher
from workforce_sim.law.months import parse_month
from workforce_sim.report.charts import (
    ages,
    chances,
    charts,
    differences,
    fan,
    flows,
    heat_map,
    pupils,
    retirements,
    schools,
    waterfall,
)
from workforce_sim.report.charts.retirements import wave
from workforce_sim.report.charts.waterfall import steps
from workforce_sim.report.pictures import draw
from workforce_sim.words import Words

ZH, EN = Words("zh"), Words("en")


def marks(spec: dict, kind: str) -> list[dict]:
    return [layer for layer in spec["layer"] if layer["mark"]["type"] == kind]


def rows(spec: dict, layer: dict) -> list[dict]:
    return spec["datasets"][layer["data"]["name"]]


def series(layer: dict) -> tuple[str, str, str]:
    [name] = [t["calculate"] for t in layer["transform"]]
    y = layer["encoding"]
    return name.strip("'"), f"{y['y']['field']}:Q", y["y2"]["field"]


def test_fan_shows_threshold_judged_year_intervals_and_error(projection):
    spec = fan(projection, "L3", "primary", ZH).to_dict()
    assert spec["title"]["text"] == "阳城县小学：每百名学生拥有的体育艺术教师"
    numbers, origin = spec["title"]["subtitle"]
    ratios = projection.ratios.set_index(["year", "stage", "indicator"])
    row = ratios.loc[2025, "primary", "L3"]
    assert f"中位数 {row.q50:.2f}" in numbers and f"≥ {row.p_meets_low:.1%}" in numbers
    assert origin == "合成基线，模拟100次，种子 2021，教督〔2017〕6号"
    places = [rule["encoding"] for rule in marks(spec, "rule")]
    assert {"y": {"datum": 0.9}} in places
    assert {"x": {"datum": 2025, "type": "ordinal"}} in places
    assert marks(spec, "text")[0]["mark"]["text"] == "达标线 0.9"
    wide, narrow = marks(spec, "area")
    assert series(wide) == ("90%区间", "q05:Q", "q95")
    assert series(narrow) == ("50%区间", "q25:Q", "q75")
    area = wide
    [shown] = [r for r in rows(spec, spec) if r["year"] == 2025]
    assert all(shown[end] == row[end] for end in ("q05", "q25", "q50", "q75", "q95"))
    assert "基线" in area["encoding"]["x"]["axis"]["labelExpr"]
    assert "验收年" in area["encoding"]["x"]["axis"]["labelExpr"]
    assert area["encoding"]["y"]["axis"]["title"] == "人/每百名学生"
    low, high = area["encoding"]["y"]["scale"]["domain"]
    assert 0 <= low < min(0.9, row.q05) and high > max(0.9, row.q95)


def test_fan_in_english(projection):
    spec = fan(projection, "L1", "junior", EN).to_dict()
    assert spec["title"]["text"] == (
        "Yangcheng County, junior stage: teachers above the required degree per 100 pupils"
    )
    assert "≥ 96.3%" in spec["title"]["subtitle"][0]  # all 100 agree: a bound, not "100%"
    assert marks(spec, "text")[0]["mark"]["text"] == "threshold 5.3"


@pytest.mark.parametrize(
    ("indicator", "title", "unit", "number"),
    [
        ("L4", "每名学生拥有的教学及辅助用房面积", "平方米/每名学生", ".2f"),
        ("L6", "每名学生拥有的教学仪器设备值", "元/每名学生", ",.0f"),
        ("L7", "每百名学生拥有的网络多媒体教室", "间/每百名学生", ".2f"),
    ],
)
def test_a_facility_is_charted_in_its_own_unit(projection, indicator, title, unit, number):
    of_county = fan(projection, indicator, "junior", ZH).to_dict()
    of_schools = schools(projection, indicator, "junior", ZH).to_dict()
    assert of_county["title"]["text"] == f"阳城县初中：{title}"
    assert of_schools["title"]["text"] == f"阳城县初中各校2025年：{title}"
    axis = marks(of_county, "area")[0]["encoding"]["y"]["axis"]
    assert (axis["title"], axis["format"]) == (unit, number)
    [points] = marks(of_schools, "point")
    formats = {t["field"]: t.get("format") for t in points["encoding"]["tooltip"]}
    assert formats["q50"] == number
    [line] = [layer for layer in marks(of_schools, "rule") if "x2" in layer["encoding"]]
    assert line["encoding"]["x"]["axis"]["title"] == unit


def test_heat_map_of_three_indicators_names_what_nobody_looked_at(partial):
    spec = heat_map(partial, ZH).to_dict()
    assert "L4—L7未核查" in spec["title"]["subtitle"][0]
    panels = {panel["title"]["text"]: panel for panel in spec["vconcat"]}
    assert list(panels)[2:] == ["没有学校被否决", "以上两者同时成立：未被否决"]
    cells = spec["datasets"][panels["全县比值达标"]["layer"][0]["data"]["name"]]
    assert len(dict.fromkeys(cell["row"] for cell in cells)) == 6


def test_heat_map_has_every_row_and_says_who_passes(projection):
    spec = heat_map(projection, ZH).to_dict()
    assert "只就资源配置而言" in spec["title"]["subtitle"][0]
    found = {}
    for panel in spec["vconcat"]:
        cells = spec["datasets"][panel["layer"][0]["data"]["name"]]
        found[panel["title"]["text"]] = list(dict.fromkeys(cell["row"] for cell in cells))
        assert {cell["year"] for cell in cells} == set(range(2020, 2026))
        assert all(c["text"].endswith("%") != (c["year"] == 2020) for c in cells)
    assert [len(names) for names in found.values()] == [14, 2, 2, 1]
    assert "初中 L7 网络多媒体教室" in found["全县比值达标"]
    assert list(found)[2:] == ["没有学校不合格", "以上两者同时成立：资源配置通过"]


def test_schools_are_ranked_classed_and_none_is_left_out(projection):
    spec = schools(projection, "L3", "primary", ZH).to_dict()
    [points] = marks(spec, "point")
    found = rows(spec, points)
    frame = projection.schools.query("year == 2025 and indicator == 'L3' and stage == 'primary'")
    assert len(found) == len(frame) == 41
    judged = found[:-1]
    assert [r["q50"] for r in judged] == sorted(r["q50"] for r in judged)
    assert found[-1]["legend"] == "人数少、不参评"  # 31 pupils
    assert found[-1]["chance"] == "–"
    p = frame.set_index("school")["p_meets"]
    for row in judged:
        sure, lost = row["legend"] == "95%及以上", row["legend"] == "不到5%"
        shown = round(p[row["school"]], 2)
        assert (sure, lost) == (shown >= 0.95, shown < 0.05)
    assert points["encoding"]["y"]["sort"] == [r["school"] for r in found]
    assert {"x": {"datum": 0.9}} in [rule["encoding"] for rule in marks(spec, "rule")]
    assert {r["where"] for r in found} == {"县城", "镇区", "乡村"}
    unlikely = sum(r["legend"] in ("5%—50%", "不到5%") for r in found)
    assert f"{unlikely}所达标概率低于50%" in spec["title"]["subtitle"][0]


def test_a_far_school_is_marked_as_beyond_the_axis(projection):
    frame = projection.schools.copy()
    frame.loc[(frame["school"] == "喆犇小学") & (frame["indicator"] == "L1"), "q95"] = 500.0
    far = replace(projection, schools=frame)
    spec = schools(far, "L1", "primary", ZH).to_dict()
    [points] = marks(spec, "point")
    assert [r["school"] for r in rows(spec, points) if r["beyond"]].count("喆犇小学") == 1
    assert points["encoding"]["x"]["scale"]["domain"][1] < 100
    assert "超出横轴" in spec["title"]["subtitle"][0]


def test_flows_leave_below_the_line_and_add_up(projection):
    spec = flows(projection, EN).to_dict()
    parts = [r for r in spec["datasets"][spec["data"]["name"]] if r.get("kind")]
    here = {r["kind"]: r["people"] for r in parts if (r["year"], r["panel"]) == (2025, "Primary")}
    mean = projection.flows.query("year == 2025 and stage == 'primary'").set_index("flow")["mean"]
    assert here["retired"] == -mean["retired"]
    others = mean[["resign", "transfer_out", "death"]].sum()
    assert here["left otherwise"] == pytest.approx(-others)
    assert here["hired on PE and arts posts"] == mean["hired_arts_pe"]


def test_age_pyramid_counts_everybody_once(projection):
    spec = ages(projection, EN).to_dict()
    people = spec["datasets"][spec["data"]["name"]]
    assert {r["year"] for r in people} == {2020, 2025}
    total = sum(abs(r["people"]) for r in people if r["year"] == 2020)
    assert total == pytest.approx(1433 + 1095)
    assert {r["band"] for r in people} >= {"< 25", "25–29", "≥ 60"}


def test_an_incomplete_run_and_a_real_roster_are_told(projection):
    origin = projection.provenance | {"replications_requested": 1000, "complete": False}
    county = replace(projection.county, synthetic=())
    stopped = replace(projection, provenance=origin, county=county)
    line = fan(stopped, "L1", "primary", ZH).to_dict()["title"]["subtitle"][1]
    assert line.startswith("未完成（要求1000次），模拟100次")


def test_chances_show_the_frames_probability_within_wilson_s_interval(projection):
    spec = chances(projection, ZH).to_dict()
    found = spec["datasets"][spec["data"]["name"]]
    frame = projection.ratios.set_index(["year", "stage", "indicator"])
    assert len(found) == 14 * 6
    for r in found:
        stage = {"小学": "primary", "初中": "junior"}[r["panel"]]
        row = frame.loc[r["year"], stage, r["row"].split()[0]]
        for column in ("p_meets", "p_meets_low", "p_meets_high"):
            assert r[column] == row[column]
    [area] = marks(spec["spec"], "area")
    assert series(area) == ("95%区间（Wilson）", "p_meets_low:Q", "p_meets_high")


def test_differences_show_the_limit_of_each_stage(projection):
    spec = differences(projection, ZH).to_dict()
    assert "小学 0.5；初中 0.45" in spec["title"]["subtitle"][0]
    found = spec["datasets"][spec["data"]["name"]]
    assert {(r["panel"], r["limit"]) for r in found} == {("小学", 0.5), ("初中", 0.45)}
    [limit] = marks(spec["spec"], "rule")
    assert limit["encoding"]["y"] == {"aggregate": "min", "field": "limit", "type": "quantitative"}


def test_pupils_are_those_of_the_frame(projection):
    spec = pupils(projection, EN).to_dict()
    found = {(r["panel"], r["year"]): r["q50"] for r in spec["datasets"][spec["data"]["name"]]}
    assert (found["Primary", 2020], found["Junior", 2020]) == (13566, 6849)
    row = projection.pupils.query("year == 2025 and stage == 'junior'").iloc[0]
    assert found["Junior", 2025] == row["q50"]


@pytest.mark.parametrize("stage", ["primary", "junior", "both"])
def test_the_waterfall_ends_where_the_simulation_ended(projection, stage):
    """Opening and flows come from the frames, the staff of the last day from the ledger."""
    table = steps(projection, stage).set_index("step")
    codes = {"primary": [0], "junior": [1], "both": [0, 1]}[stage]
    here = [code in codes for code in (*projection.county.schools.stage, 0)]  # and 午亭小学, opened
    closing = projection.ledger.closing[:, here].sum(axis=1).mean()
    assert table["people"]["closing"] == pytest.approx(closing)
    assert table["people"]["opening"] == {"primary": 1433, "junior": 1095, "both": 2528}[stage]
    moved = table.drop(["opening", "closing"])
    assert (moved["after"] - moved["before"]).to_list() == pytest.approx(moved["people"].to_list())
    assert table["before"].to_list()[1:] == pytest.approx(table["after"].to_list()[:-1])


def test_the_waterfall_writes_signed_numbers(projection):
    spec = waterfall(projection, ZH).to_dict()
    found = spec["datasets"][spec["data"]["name"]]
    texts = {r["name"]: r["text"] for r in found if r["panel"] == "小学"}
    assert texts["2021年初在岗"] == "1,433"
    assert texts["退休"].startswith("−") and texts["一般岗位招聘到岗"].startswith("+")


def test_the_wave_is_what_the_law_says_by_hand():
    """Birth months and last months as in the official table, see tests/law."""
    people = {
        "1964-12": ("male", False),  # 60 years: 2024-12 either way
        "1965-01": ("male", False),  # 2025-01, delayed by one month
        "1965-05": ("male", False),  # 2025-05, delayed by two
        "1970-05": ("female", False),  # 55 years: 2025-05, delayed by two
        "1965-06": ("female", True),  # senior title, 60 years: 2025-06, delayed by two
        "1990-01": ("female", False),  # long after
    }
    county = counties.county(
        [School("甲", "primary", (10,))],
        [Teacher("甲", birth, sex, senior=senior) for birth, (sex, senior) in people.items()],
    )
    frame = wave(county.roster, 2024, 2026)
    assert len(frame) == 2 * 36
    found = {(bool(r.reform), r.month): r.people for r in frame.itertuples() if r.people}
    expected = {
        False: {"2024-12": 1, "2025-01": 1, "2025-05": 2, "2025-06": 1},
        True: {"2024-12": 1, "2025-02": 1, "2025-07": 2, "2025-08": 1},
    }
    assert found == {
        (reform, parse_month(month)): n
        for reform, at in expected.items()
        for month, n in at.items()
    }


def test_the_wave_says_that_it_is_no_simulation(projection):
    spec = retirements(projection, ZH).to_dict()
    note, origin = spec["title"]["subtitle"]
    assert "不是模拟" in note and "延迟法定退休年龄的决定" in origin and "合成基线" in origin
    found = spec["datasets"][spec["data"]["name"]]
    sums = [
        sum(r["people"] for r in found if r["year"] == 2021 and r["panel"].startswith(panel))
        for panel in ("不延迟", "渐进式延迟")
    ]
    assert sums == [84, 84] == [projection.county.retirements(2021, reform) for reform in (0, 1)]
    assert {r["year"] for r in found} == set(range(2021, 2036))


@pytest.fixture(scope="module")
def specs(projection) -> dict[str, dict]:
    return {
        words.language: {name: chart.to_dict() for name, chart in charts(projection, words)}
        for words in (ZH, EN)
    }


def test_no_name_in_a_chart_depends_on_what_was_charted_before(projection, specs):
    """Altair counts views and parameters; the same projection is to give the same bytes."""
    again = {name: chart.to_dict(validate=False) for name, chart in charts(projection, ZH)}
    assert again == specs["zh"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_indicator_and_stage_is_drawn_and_no_blank_is_left(projection, specs, language):
    pairs = [f"{i}-{s}" for i in projection.indicators for s in ("primary", "junior")]
    expected = {f"{kind}-{pair}" for kind in ("fan", "schools") for pair in pairs}
    single = {"heat-map", "chances", "differences", "pupils", "flows", "waterfall", "ages"}
    assert set(specs[language]) == expected | single | {"retirements"}
    for spec in specs[language].values():
        title = json.dumps(spec["title"], ensure_ascii=False)
        assert "{" not in title[1:] and "2021" in title
    # A letter that the font lacks would be an error.
    kinds = ("chances", "differences", "pupils", "waterfall", "retirements", "schools-L3-primary")
    for _, svg, _ in draw({name: specs[language][name] for name in kinds}):
        assert "NaN" not in svg and "undefined" not in svg
