from __future__ import annotations

import json
from dataclasses import replace

import pytest

from workforce_sim.report.charts import ages, charts, fan, flows, heat_map, schools
from workforce_sim.words import Words

ZH, EN = Words("zh"), Words("en")


def marks(spec: dict, kind: str) -> list[dict]:
    return [layer for layer in spec["layer"] if layer["mark"]["type"] == kind]


def rows(spec: dict, layer: dict) -> list[dict]:
    return spec["datasets"][layer["data"]["name"]]


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
    [area] = marks(spec, "area")
    bands = {(r["year"], r["band"]): (r["low"], r["high"]) for r in rows(spec, area)}
    assert bands[2025, "90%区间"] == (row.q05, row.q95)
    assert bands[2025, "50%区间"] == (row.q25, row.q75)
    assert "基线" in area["encoding"]["x"]["axis"]["labelExpr"]
    assert "验收年" in area["encoding"]["x"]["axis"]["labelExpr"]
    assert area["encoding"]["y"]["axis"]["title"] == "每百名学生（人）"
    low, high = area["encoding"]["y"]["scale"]["domain"]
    assert 0 <= low < min(0.9, row.q05) and high > max(0.9, row.q95)


def test_fan_in_english(projection):
    spec = fan(projection, "L1", "junior", EN).to_dict()
    assert spec["title"]["text"] == (
        "Yangcheng County, junior stage: teachers above the required degree per 100 pupils"
    )
    assert "≥ 96.3%" in spec["title"]["subtitle"][0]  # all 100 agree: a bound, not "100%"
    assert marks(spec, "text")[0]["mark"]["text"] == "threshold 5.3"


def test_heat_map_has_every_row_and_names_what_nobody_looked_at(projection):
    spec = heat_map(projection, ZH).to_dict()
    assert "不等于「通过」" in spec["title"]["subtitle"][0]
    found = {}
    for panel in spec["vconcat"]:
        cells = spec["datasets"][panel["layer"][0]["data"]["name"]]
        found[panel["title"]["text"]] = list(dict.fromkeys(cell["row"] for cell in cells))
        assert {cell["year"] for cell in cells} == set(range(2020, 2026))
        assert all(c["text"].endswith("%") != (c["year"] == 2020) for c in cells)
    assert [len(names) for names in found.values()] == [6, 2, 2, 1]
    assert "初中 L3 体育艺术教师" in found["全县比值达标"]


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
    assert here["left otherwise"] == -mean[["resign", "transfer_out", "death"]].sum()
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
    partial = replace(projection, provenance=origin, county=county)
    line = fan(partial, "L1", "primary", ZH).to_dict()["title"]["subtitle"][1]
    assert line.startswith("未完成（要求1000次），模拟100次")


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_every_indicator_and_stage_is_drawn_and_no_blank_is_left(projection, words):
    specs = {name: chart.to_dict() for name, chart in charts(projection, words)}
    pairs = [f"{i}-{s}" for i in ("L1", "L2", "L3") for s in ("primary", "junior")]
    expected = {f"{kind}-{pair}" for kind in ("fan", "schools") for pair in pairs}
    assert set(specs) == expected | {"heat-map", "flows", "ages"}
    for spec in specs.values():
        title = json.dumps(spec["title"], ensure_ascii=False)
        assert "{" not in title[1:] and "2021" in title
