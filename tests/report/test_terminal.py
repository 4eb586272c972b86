from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from workforce_sim.county import Figure
from workforce_sim.report import print_reconciliation, print_summary
from workforce_sim.report.console import wrapped
from workforce_sim.report.narrative import limits, points
from workforce_sim.report.numbers import chance, number
from workforce_sim.words import Words


def printed(projection, language: str, encoding: str = "utf-8", width: int = 80) -> str:
    raw = io.BytesIO()
    console = Console(file=io.TextIOWrapper(raw, encoding=encoding), width=width)
    print_summary(projection, console, language)
    console.file.flush()
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "ascii"])
def test_it_fits_80_columns_and_any_encoding(projection, language, encoding):
    text = printed(projection, language, encoding)
    assert max(cell_len(line) for line in text.splitlines()) <= 80
    lowest = projection.ratios["mean"].min()
    assert f"{lowest:.3f}" in text and "…" not in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_answer_stands_first(projection, language):
    words = Words(language)
    panel, _, rest = printed(projection, language).partition("╰")
    assert "阳城县2025年能否通过？" in panel or "Will Yangcheng County pass in 2025?" in panel
    lines = "".join(line.strip("│ ") + " " for line in panel.splitlines()[1:])
    for point in points(projection, words):
        assert point.replace(" ", "") in lines.replace(" ", "")
    assert limits(projection, words)[-1] in rest


def test_lines_break_as_chinese_is_set():
    text = "学生由20415人减到20212人。“未被否决”不等于“通过”（L1—L3），概率51.1%±1.6%。"
    for width in range(14, 40):
        lines = wrapped(text, width).split("\n")
        assert "".join(lines) == text
        assert max(map(cell_len, lines)) <= width
        assert not any(line[0] in "，。）”%" for line in lines)
        whole = ("20415", "20212", "L1—L3", "51.1%±1.6%")
        assert all(any(number in line for line in lines) for number in whole)
    assert wrapped("one two three", 8) == "one two\nthree"


def test_tables_hold_the_figures(projection):
    text = printed(projection, "en")
    for _, row in projection.ratios.query("year == 2025 and stage == 'junior'").iterrows():
        kind = f"stage == 'junior' and indicator == {row['indicator']!r}"
        (before,) = projection.ratios.query(f"year == 2020 and {kind}")["mean"]
        figures = [number(before), *(number(row[q]) for q in ("mean", "q05"))]
        line = rf"{row['indicator']} .* {figures[0]} +{figures[1]} +{figures[2]}–.* "
        end = f"{row['threshold']:g} +{re.escape(chance(row, 'p_meets'))}"
        assert re.search(line + end, text)
    reached = projection.differences.query("year == 2025").eval("mean / limit").nlargest(4)
    nearest = text.partition("Coefficients of difference in 2025: 4 of 14")[2]
    for _, row in projection.differences.loc[reached.index].iterrows():
        assert f" {number(row['mean'])} " in nearest.partition("The 10 schools")[0]
    worst = projection.school_verdicts.query("year == 2025 and p_failed == p_failed")
    worst = worst.sort_values(["p_failed", "school"], ascending=[False, True])["school"]
    after = text.partition("The 10 schools")[2].replace("\n", "")
    assert all(name in after for name in worst[1:10])
    assert worst.iloc[10] not in after
    assert "Rotation (law: 10%; of whom backbone teachers 20%)" in text


def test_notes_tell_what_it_rests_on(projection):
    text = printed(projection, "zh", width=200)
    assert "合成数据：学校名称、规模、位置；" in text
    assert "初中：每百名学生拥有县级以上骨干教师数 5.2（重新计算 5.84）" in text
    assert f"{projection.assumptions['default'].sum()}个假设取默认值" in text
    assert "退休（2025-01-01起延迟）、优质均衡标准（2017-04-19）；种子 2021；模拟100次" in text
    origin = projection.provenance | {"replications_requested": 1000, "complete": False}
    county = replace(projection.county, synthetic=())
    text = printed(replace(projection, provenance=origin, county=county), "en", width=200)
    assert "Incomplete: 1000 replications were asked for, 100 are done." in text
    assert "The baseline is a real roster." in text


def test_what_nobody_looked_at_is_not_listed(partial):
    text = printed(partial, "zh")
    assert "L3 体艺" in text and not re.search(r"L[4-7] ", text)
    assert "L4—L7未核查" in text and "未核查" in printed(partial, "zh").partition("说明")[2]


def test_markup_in_a_name_is_shown_as_it_is(projection):
    schools, verdicts = projection.schools.copy(), projection.school_verdicts.copy()
    failing = projection.school_verdicts.query("year == 2025").sort_values("p_failed")
    worst = failing.dropna()["school"].iloc[-1]
    for frame in (schools, verdicts):
        frame["school"] = frame["school"].replace(worst, "[red]小学[/x]")
    text = printed(replace(projection, schools=schools, school_verdicts=verdicts), "zh")
    assert "[red]小学[/x]" in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_reconciliation(language):
    figure = Figure("初中：比值", "Junior: ratio", 10.7, 11.739, False, "804÷6849", "804 / 6849")
    raw = io.BytesIO()
    console = Console(file=io.TextIOWrapper(raw, encoding="gbk"), width=80)
    print_reconciliation([figure], console, language)
    console.file.flush()
    text = raw.getvalue().decode("gbk")
    assert "10.7" in text and "11.74" in text
    assert ("否" in text and "804÷6849" in text) if language == "zh" else "804 / 6849" in text
