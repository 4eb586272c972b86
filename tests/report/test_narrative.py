from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from tests import counties
from tests.laws.strategies import worlds
from workforce_sim.assessment import Projection, simulate
from workforce_sim.assessment.uncertainty import probability
from workforce_sim.report.narrative import (
    answer,
    assumptions_text,
    evidence,
    first_years,
    limits,
    paragraph,
    points,
    question,
    schools_at_risk,
)
from workforce_sim.report.narrative.phrases import enumerated, people
from workforce_sim.report.narrative.question import by_year, rule_name, share
from workforce_sim.report.numbers import chance, number
from workforce_sim.scenario import load_scenario
from workforce_sim.words import Words

ZH, EN = Words("zh"), Words("en")


def everything(projection: Projection, words: Words) -> list[str]:
    return [
        question(projection, words),
        answer(projection, words),
        paragraph(projection, words),
        *evidence(projection, words),
        *assumptions_text(projection, words),
        *limits(projection, words),
    ]


def with_course(projection: Projection, course: dict[int, float], n: int = 1000) -> Projection:
    """Give the county's verdict these probabilities by year, of n replications."""
    verdicts = projection.verdicts.copy()
    county = (verdicts["scope"] == "county") & (verdicts["verdict"] == "not_ruled_out")
    for year, p in course.items():
        columns = probability(np.arange(n) < round(p * n), 0)
        row = county & (verdicts["year"] == year)
        verdicts.loc[row, list(columns)] = [float(value) for value in columns.values()]
    return replace(projection, verdicts=verdicts)


def row_of(frame, **wanted):
    for column, value in wanted.items():
        frame = frame[frame[column] == value]
    [(_, row)] = frame.iterrows()
    return row


def test_every_number_of_the_paragraph_is_of_the_frames(projection):
    text = paragraph(projection, ZH)

    def p(row, name: str = "p") -> str:
        shown = chance(row, name).replace(" ", "")
        return re.escape(shown.replace("≥", "不低于").replace("≤", "不高于"))

    def county(verdict: str, year: int = 2025) -> str:
        return p(row_of(projection.verdicts, scope="county", verdict=verdict, year=year))

    course = projection.verdicts.query("scope == 'county' and verdict == 'not_ruled_out'")
    course = course[course["year"] > 2020].set_index("year")["p"]
    assert course.idxmax() == 2025 and course[2025] < 0.5  # so the sentences below are right
    failed = projection.school_verdicts.query("year == 2025 and judged > 0")
    failed = failed.sort_values(["p_failed", "school"], ascending=[False, True])[:3]
    place = projection.binding.query("year == 2025").iloc[0]
    figures = row_of(projection.schools, year=2025, **place[["school", "stage", "indicator"]])
    by_indicator = projection.binding.query("year == 2025").groupby("indicator")["p"].sum()
    a_year = projection.flows.query("stage == 'both'").groupby("flow")["mean"].mean()
    left = a_year["resign"] + a_year["transfer_out"] + a_year["death"]
    hired = a_year["hired_general"] + a_year["hired_arts_pe"]
    staff, pupils = (
        frame.query("stage == 'both'").set_index("year")["mean"]
        for frame in (projection.staff, projection.pupils)
    )
    ratios = projection.ratios.query("year == 2025 and stage != 'both'")
    between = ratios[(ratios["p_meets"] < 0.95) & (ratios["p_meets"] >= 0.05)]
    needs = projection.needs.query("year == 2025").set_index(["school", "stage"])
    shares = projection.school_verdicts.query("year == 2025").set_index(["school", "stage"])
    lacks = (needs["mean"] * shares["judged"].reindex(needs.index)).groupby(needs["indicator"])
    expected = [
        rf"2025年.*?通过的概率为{county('not_ruled_out')}。",
        rf"2021—2025年这一概率各年都不到一半，最高是2025年的{county('not_ruled_out')}。",
        rf"不合格（七项中至少6项达标，余下一项不低于达标线的85%；概率{county('open')}）.*?上限（概率{county('difference_within')}）。",
        r"到2025年没有十足把握的有",
        *(rf"（{r['indicator']}）（{p(r, 'p_meets')}）" for _, r in between.iterrows()),
        rf"其余{14 - len(between)}项几乎肯定达标（概率都不低于96.3%）",
        rf"都达标的概率为{county('all_met')}。",
        *(rf"{re.escape(r['school'])}（{p(r, 'p_failed')}）" for _, r in failed.iterrows()),
        *(
            rf"在{100 * share:.1f}%±[\d.]+%的模拟中是[^（]+（{indicator}）"
            for indicator, share in by_indicator.items()
            if share >= 0.05
        ),
        rf"{re.escape(place['school'])}的[^（]+（{place['indicator']}）（{p(place)}）："
        rf"中位数为每百名学生{number(figures['q50'])}间，达标线{figures['threshold']:g}。",
        r"2025年各校达标平均共缺",
        *(rf"{people(n)}(人|平方米|间)（{code}）" for code, n in lacks.sum().items() if n >= 0.05),
        rf"2021—2025年平均每年退休{a_year['retired']:.0f}人，"
        rf"因其他原因离开{left:.0f}人，新招到岗{hired:.0f}人",
        rf"到岗{a_year['hired_arts_pe']:.1f}人，转岗培训合格{a_year['retrained']:.1f}人",
        rf"离开{a_year['qualified_left']:.0f}人，在职取得学历的每年{a_year['degrees']:.0f}人",
        rf"每年新评{a_year['awarded']:.0f}人，期满退出{a_year['lapsed']:.0f}人，"
        rf"离职{a_year['backbone_left']:.0f}人",
        rf"从2020年到2025年，教职工由2528人减到{staff[2025]:.0f}人，"
        rf"学生由20415人[增减]到{pupils[2025]:.0f}人",
    ]
    for pattern in expected:
        assert re.search(pattern, text), pattern
        text = re.sub(pattern, "", text, count=1)
    assert re.findall(r"(?<!L)\d[\d.]*", text) == []


def test_both_languages_hold_the_same_numbers(projection):
    chinese, english = (
        re.findall(r"(?<![L\d])\d[\d.]*\d|(?<![L\d])\d", paragraph(projection, words))
        for words in (ZH, EN)
    )
    english.remove("100")  # per 100 pupils: 每百名学生
    assert sorted(english) == sorted(chinese)


def test_nearly_sure_is_not_written_as_sure():
    row = {"p": 0.9999, "p_low": 0.99944, "p_high": 0.99998, "p_se": 0.0001}
    assert chance(row) == "≥ 99.9%"
    assert chance({"p": 1.0, "p_low": 0.99962, "p_high": 1.0, "p_se": 0.0001}) == "≥ 99.9%"
    assert chance({"p": 0.0001, "p_low": 0.0, "p_high": 0.00056, "p_se": 0.0001}) == "≤ 0.1%"
    assert chance({"p": 0.001, "p_low": 0.0, "p_high": 0.006, "p_se": 0.0012}) == "0.1% ± 0.1%"


@pytest.mark.parametrize("words", [ZH, EN])
def test_one_paragraph_that_never_says_passed(partial, words):
    text = paragraph(partial, words)
    assert "\n" not in text and text == ("" if words is ZH else " ").join(points(partial, words))
    warning = "“未被否决”不等于“通过”" if words is ZH else "not ruled out is not yet passed"
    assert warning in text
    for p in (1.0, 0.97, 0.5, 0.0):
        text = answer(with_course(partial, {2025: p}), words)
        assert not re.search(r"能通过|会通过|可以通过|will pass|certain to pass", text)


@pytest.mark.parametrize(
    ("p", "chinese", "english"),
    [
        (
            1.0,
            "几乎肯定不会被否决：未被否决的概率为不低于99.6%",
            "almost certainly not be ruled out",
        ),
        (0.95, "几乎肯定不会被否决：", "almost certainly not be ruled out"),
        (0.949, "多半不会被否决：未被否决的概率为94.9%±0.7%", "probably not be ruled out"),
        (0.6, "多半不会被否决：", "probably not be ruled out"),
        (0.599, "还说不准：", "could go either way"),
        (0.4, "还说不准：", "could go either way"),
        (0.399, "多半会被否决，通不过评估：", "will probably be ruled out"),
        (0.05, "多半会被否决，通不过评估：", "will probably be ruled out"),
        (0.049, "几乎肯定会被否决，通不过评估：", "will almost certainly be ruled out"),
        (0.0, "就几乎肯定会被否决，通不过评估：未被否决的概率为不高于0.4%", "almost certainly"),
    ],
)
def test_the_words_follow_the_probability(partial, p, chinese, english):
    case = with_course(partial, {2025: p})
    assert chinese in answer(case, ZH) and english in answer(case, EN)


@pytest.mark.parametrize(
    ("p", "chinese", "english"),
    [
        (1.0, "几乎肯定能通过：通过的概率为不低于99.6%", "will almost certainly pass in 2025"),
        (0.949, "多半能通过：通过的概率为94.9%±0.7%", "will probably pass in 2025"),
        (0.599, "能不能通过，还说不准：", "could go either way"),
        (0.399, "多半通不过：", "will probably not pass"),
        (0.0, "几乎肯定通不过：通过的概率为不高于0.4%", "will almost certainly not pass"),
    ],
)
def test_where_all_seven_are_looked_at_it_says_pass(projection, p, chinese, english):
    case = with_course(projection, dict.fromkeys(range(2021, 2026), p))
    assert chinese in answer(case, ZH) and english in answer(case, EN)
    text = paragraph(case, ZH)
    assert "否决" not in text and "政府保障程度、教育质量、社会认可度未核查" in text
    assert ("没有一年通过" in text) == (p == 0)


def test_indicators_that_nobody_looked_at_are_named(partial):
    origin = partial.provenance | {
        "indicators_simulated": ["L1", "L2", "L3", "L5", "L7"],
        "indicators_not_looked_at": ["L4", "L6"],
    }
    case = replace(partial, provenance=origin)
    assert limits(case, ZH)[0].startswith("七项指标只模拟了五项，L4、L6未核查：")
    assert "nobody has looked at L4, L6: not ruled out" in paragraph(case, EN)
    assert "五项指标（L1—L3、L5、L7）" in answer(case, ZH)
    assert "L4—L7未核查" in paragraph(partial, ZH)


def test_what_is_short_is_given_in_its_unit(projection):
    needs = projection.needs[projection.needs["indicator"].isin(["L4", "L6"])]
    needs = needs.assign(mean=0.0)
    first = needs[needs["year"] == 2025].drop_duplicates("indicator").index
    needs.loc[first, "mean"] = [40.0, 5000.0]
    case = replace(projection, needs=needs)
    assert "平均共缺教学及辅助用房40平方米（L4）和教学仪器设备5000元（L6）。" in paragraph(case, ZH)
    assert "40 m² of rooms (L4) and 5000 yuan of equipment (L6)." in paragraph(case, EN)
    nothing = replace(projection, needs=needs.assign(mean=0.0))
    assert "缺" not in paragraph(nothing, ZH)


def test_few_replications_give_no_word(partial):
    few = with_course(partial, {2025: 1.0}, n=5)
    assert "模拟次数太少" in answer(few, ZH) and "不低于56.5%" in answer(few, ZH)
    assert "too few replications" in answer(few, EN)


@pytest.mark.parametrize(
    ("course", "said", "not_said"),
    [
        (
            (0, 0, 0.2, 0.7, 0.9),
            "在2024年首次过半（70.0%±1.4%），上一年（2023年）为20.0%±1.3%",
            "又",
        ),
        ((0, 0, 0, 0.1, 0.51), "首次达到一半左右，上一年（2024年）为10.0%±1.0%", "过半"),
        ((0, 0, 0, 0.1, 0.9), "这是首次过半，上一年", "左右"),
        ((0.8, 0.9, 0.9, 0.9, 0.9), "在2021年首次过半（80.0%±1.3%）。", "上一年"),
        ((0, 0.7, 0.3, 0.2, 0.1), "到2025年又不足一半。", "始终"),
        ((0, 0, 0.3, 0.2, 0.1), "各年都不到一半，最高是2023年的30.0%±1.4%", "过半"),
        ((0, 0, 0, 0, 0), "都没有一年未被否决（各年概率不高于0.4%）", "过半"),
    ],
)
def test_the_first_year(partial, course, said, not_said):
    case = with_course(partial, dict(zip(range(2021, 2026), course, strict=True)))
    verdict = points(case, ZH)[0]
    assert said in verdict and not_said not in verdict


def test_ratios_that_are_safe_open_and_lost_are_told_apart(partial):
    ratios = partial.ratios.copy()
    for indicator, p in (("L2", 0.5), ("L3", 0.0)):
        row = (ratios["stage"] == "junior") & (ratios["indicator"] == indicator)
        columns = probability(np.arange(100) < 100 * p, 0, "p_meets")
        ratios.loc[row, list(columns)] = [float(value) for value in columns.values()]
    text = points(replace(partial, ratios=ratios), ZH)[1]
    assert "几乎肯定达标的有小学高于规定学历教师（L1）、小学骨干教师（L2）、" in text
    assert "初中高于规定学历教师（L1）（概率都不低于96.3%）；" in text
    assert "没有十足把握的有初中骨干教师（L2）（50.0%±4.9%）" in text
    assert "几乎肯定不达标的有初中体育艺术教师（L3）（不高于3.7%）" in text


def test_no_school_fails(projection):
    verdicts = projection.school_verdicts.copy()
    verdicts["p_failed"] *= 0
    case = replace(projection, school_verdicts=verdicts)
    assert "模拟中没有一所学校不合格" in paragraph(case, ZH)
    assert "No school fails in any replication" in paragraph(case, EN)


def test_the_same_name_in_both_stages_is_told_apart(projection):
    schools, verdicts = projection.schools.copy(), projection.school_verdicts.copy()
    at_risk = schools_at_risk(projection, 1)["school"].item()
    other = next(name for name in schools["school"].unique() if name.startswith("初中"))
    for frame in (schools, verdicts):
        frame["school"] = frame["school"].replace({other: at_risk})
    text = paragraph(replace(projection, schools=schools, school_verdicts=verdicts), ZH)
    assert f"{at_risk}（小学部）" in text


def small(stages=("primary",), years="2021-2021", **sections):
    """A county of a few schools; all of them have 30 pupils and two teachers."""
    schools = [
        counties.School(f"第{n}学校", stage, (5,) * (6 if stage == "primary" else 3))
        for n, stage in enumerate(stages)
    ]
    teachers = [counties.Teacher(school.name, birth="1980-01") for school in schools for _ in "ab"]
    scenario = counties.scenario(years=years, judged_year=int(years[-4:]), **sections)
    county = counties.county(schools, teachers)
    return simulate(scenario, county=county, replications=200, workers=1)


def test_one_stage_and_one_year():
    case = small()
    text = paragraph(case, ZH)
    assert "测试县2021年" in text and "初中" not in text and "首次" not in text
    assert "2021年平均每年退休0人" in text and "到2021年几乎肯定" in text.replace("，", "")
    assert "基线来自实际花名册" not in text and "合成" not in text
    assert question(case, ZH).startswith("如果测试县2021年按以下办法执行，2021年能否")


def test_nobody_is_judged():
    case = small(counting={"smallest_school_pupils": 500}, stages=("primary", "junior"))
    assert answer(case, ZH) == "测试县2021年没有一所学校达到参评规模，无从判定。"
    text = " ".join(everything(case, EN))
    assert "nothing can be said of a pass" in text and "probability of not being" not in text
    assert "2 schools have fewer than 500 pupils" in text
    assert schools_at_risk(case, 5).empty


def test_a_run_that_was_stopped_says_so(projection):
    origin = projection.provenance | {"replications_requested": 1000, "complete": False}
    stopped = replace(projection, provenance=origin)
    assert "要求1000次，只完成100次" in paragraph(stopped, ZH)
    assert limits(stopped, ZH)[0] == "模拟未完成：要求1000次，只完成100次。"
    assert "模拟未完成" not in paragraph(projection, ZH)


def test_what_was_filled_in_is_named_and_a_real_roster_too(projection):
    filled = replace(projection, county=replace(projection.county, synthetic=("careers",)))
    assert "合成数据：参加工作、到校、评选的时间。" in paragraph(filled, ZH)
    real = replace(projection, county=replace(projection.county, synthetic=()))
    assert "合成" not in paragraph(real, ZH)
    assert "基线来自实际花名册。" in limits(real, ZH)
    assert "文中的学校不是真实学校" in paragraph(projection, ZH)


def test_the_question_names_the_policies(projection):
    text = question(projection, ZH)
    for policy in (
        "“退三增一”（按退休人数计；另定2021年28人）",
        "体艺教师专项招聘2021年0人、2022—2025年每年10人（名额另加）",
        "体艺转岗培训每年10人",
        "骨干教师2021年100人、2022—2025年每年50人（一任5年）",
        "每年交流10%，其中骨干教师20%",
        "岗位聘任（县管校聘）3轮",
        "设施投入设备3050万元和多媒体教室300间",
        "撤并学校6所，新建1所",
    ):
        assert policy in text


def test_other_policies():
    scenario = load_scenario(
        "configs/yangcheng/scenario.yaml",
        overrides=(
            "replacement.counted=[retirement, resign]",
            "replacement.arts_pe_posts=3",
            "arts_pe.recruits_per_year=0",
            "backbone.places=0",
            "rotation.share={dist: uniform, low: 0.1, high: 0.15}",
        ),
    )
    assert by_year(scenario.arts_pe.recruits_per_year, scenario, ZH) is None
    case = small()
    text = question(replace(case, scenario=scenario, county=case.county), ZH)
    assert "按退休和辞职人数计；另定2021年28人；其中每年留3个体艺岗位" in text
    assert "不专项招聘体艺教师" in text and "不再评选骨干教师" in text
    assert "每年交流10%—15%" in text


@pytest.mark.parametrize(
    ("leavers", "joins", "chinese", "english"),
    [
        (3, 1, "退三增一", "one post for every three who leave"),
        (2, 1, "退二增一", "one post for every two who leave"),
        (5, 2, "退五增二", "two posts for every five who leave"),
        (12, 1, "退12增一", "one post for every 12 who leave"),
        (1, 1, "退一补一", "one post for each one who leaves"),
        (3, 0, "只退不进", "nobody who leaves is replaced"),
    ],
)
def test_rule_names(leavers, joins, chinese, english):
    assert rule_name(leavers, joins, ZH) == chinese
    assert rule_name(leavers, joins, EN) == english


def test_first_years(projection):
    ratios = projection.ratios.query("stage == 'junior' and indicator == 'L1'")
    assert (ratios["p_meets"] == 1).all()
    assert first_years(projection, "junior", "L1") == (2021, 2021)
    first = projection.first_year.copy()
    mine = (first["stage"] == "junior") & (first["indicator"] == "L3")
    first.loc[mine, "p"] = [0.1, 0.4, 0.2, 0.2, 0.0, 0.1]
    assert first_years(replace(projection, first_year=first), "junior", "L3") == (2022, None)
    first.loc[mine, "p"] = [0.1, 0.1, 0.0, 0.0, 0.2, 0.6]
    assert first_years(replace(projection, first_year=first), "junior", "L3") == (None, None)


def test_assumptions_name_their_sources(projection):
    text = assumptions_text(projection, ZH)
    assert "招聘按“退三增一”。来源：本县规划。" in text
    assert any("60%—85%" in sentence and "一般了解" in sentence for sentence in text)
    changed = projection.assumptions.copy()
    changed.loc[changed["path"] == "replacement.leavers", "source"] = "教育局"
    changed.loc[changed["path"] == "counting.arts_pe", "source"] = "--set"
    first, *_, last = assumptions_text(replace(projection, assumptions=changed), ZH)
    assert "来源：教育局。" in first and "来源：命令行 --set。" in last


def test_limits_tell_what_disagrees(projection):
    text = " ".join(limits(projection, ZH))
    assert "10.7（重新计算 11.7）" in text and "5.2（重新计算 5.84）" in text
    assert "0.4（重新计算 0.867）" in text
    assert "合成数据：学校名称、规模、位置" in text and "共模拟100次" in text
    many = replace(projection, reconciliation=projection.reconciliation.assign(agrees=False))
    text = " ".join(limits(many, EN))
    assert f"and {len(many.reconciliation) - 3} more" in text and text.count("(recomputed ") == 3


def test_small_phrases():
    assert [people(n) for n in (0, 3, 6.55, 9.96, 83.4)] == ["0", "3", "6.5", "10.0", "83"]
    assert enumerated(["甲", "乙", "丙"], ZH) == "甲、乙和丙" and enumerated(["a"], EN) == "a"
    assert enumerated(["a", "b", "c"], EN) == "a, b and c"
    assert share(0.125, ZH) == "12.5%"


@settings(max_examples=12)
@given(worlds())
def test_whatever_the_county_there_are_no_holes(case):
    scenario, county = case
    projection = simulate(scenario, county=county, replications=3, workers=1)
    for words in (ZH, EN):
        for sentence in everything(projection, words):
            assert not re.search(r"nan|None|NA\b|inf\b|[{}]", sentence), sentence
            assert sentence.endswith("。" if words is ZH else "."), sentence
