from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections import defaultdict
from dataclasses import replace

import docx
import numpy as np
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings

from tests.laws.strategies import worlds
from tests.report.office import convert, require_office
from workforce_sim.assessment import simulate
from workforce_sim.assessment.uncertainty import probability
from workforce_sim.report.briefing import COLOURS, write_briefing
from workforce_sim.report.charts import fan, heat_map
from workforce_sim.report.narrative import (
    answer,
    assumptions_text,
    limits,
    paragraph,
    question,
    schools_at_risk,
)
from workforce_sim.report.numbers import chance, number
from workforce_sim.report.pictures import draw
from workforce_sim.words import Words

ZH, EN = Words("zh"), Words("en")


def pixel() -> bytes:
    """A PNG of one white pixel."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + check

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    data = zlib.compress(b"\x00\xff")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


BLANK = defaultdict(pixel)


def written(projection, folder, words=ZH, pictures=BLANK):
    path = folder / "briefing.docx"
    write_briefing(projection, pictures, path, words)
    return docx.Document(str(path))


@pytest.fixture(scope="module")
def document(projection, tmp_path_factory):
    return written(projection, tmp_path_factory.mktemp("briefing"))


def renamed(projection, new: dict[str, str]):
    frames = {
        name: getattr(projection, name).assign(
            school=getattr(projection, name)["school"].replace(new)
        )
        for name in ("schools", "school_verdicts", "binding")
    }
    return replace(projection, **frames)


def cells(table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def fills(table) -> list[str | None]:
    """The colour of the last cell of each row below the heading."""
    shades = (row.cells[-1]._element.tcPr.find(qn("w:shd")) for row in table.rows[1:])
    return [None if shade is None else shade.get(qn("w:fill")) for shade in shades]


def test_it_says_what_the_narrative_says(projection, document):
    texts = [p.text for p in document.paragraphs]
    for sentence in (
        question(projection, ZH),
        paragraph(projection, ZH),
        *assumptions_text(projection, ZH),
        *limits(projection, ZH),
    ):
        assert sentence in texts
    assert "{" not in "".join(texts)


def test_headings_are_headings_and_page_two_begins_with_one(document):
    styles = [(p.style.name, p.text) for p in document.paragraphs if p.style.name != "Normal"]
    assert styles[0] == ("Title", "阳城县2025年能否通过？")
    headings = [text for style, text in styles if style == "Heading 1"]
    assert headings == [
        "结论",
        "2025年逐项判断",
        "逐年看",
        "2025年最可能不合格的学校",
        "主要假设",
        "局限",
    ]
    breaks = [p.text for p in document.paragraphs if p.paragraph_format.page_break_before]
    assert breaks == ["逐年看"]


def test_chinese_letters_have_a_chinese_font(document):
    for name, font in (("Normal", "宋体"), ("Heading 1", "黑体"), ("Title", "黑体")):
        fonts = document.styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == font
        assert not [key for key in fonts.attrib if "Theme" in key]  # it would win over the font


def test_the_table_of_verdicts_holds_the_figures(projection, document):
    table = document.tables[0]
    head, *rows = cells(table)
    assert head == ["项目", "2020年", "2025年中位数", "达标线", "概率", "判断"]
    ratio = projection.ratios.query("stage == 'junior' and indicator == 'L3'").set_index("year")
    now, low, high = (number(ratio.loc[2025, q]) for q in ("q50", "q05", "q95"))
    assert len(rows) == 14 + 5
    assert rows[9][:5] == [
        "初中L3 体育艺术教师",
        number(ratio.loc[2020, "q50"]),
        f"{now} ({low}–{high})",
        "0.9",
        chance(ratio.loc[2025], "p_meets"),
    ]
    county = projection.verdicts.query("scope == 'county' and year == 2025").set_index("verdict")
    assert [row[0] for row in rows[14:]] == [
        "小学校际差异系数都不超上限",
        "初中校际差异系数都不超上限",
        "各校七项全部达标",
        "没有学校不合格",
        "资源配置通过",
    ]
    shown = [chance(county.loc[name]) for name in ("all_met", "open", "not_ruled_out")]
    assert [row[4] for row in rows[16:]] == shown


def test_the_colour_follows_the_probability(projection, tmp_path):
    verdicts = projection.verdicts.copy()
    wanted = {"all_met": (0.0, "lost"), "open": (0.2, "unlikely"), "not_ruled_out": (0.7, "likely")}
    for verdict, (p, _) in wanted.items():
        row = (verdicts["scope"] == "county") & (verdicts["verdict"] == verdict)
        columns = probability(np.arange(1000) < 1000 * p, 0)
        verdicts.loc[row, list(columns)] = [float(value) for value in columns.values()]
    table = written(replace(projection, verdicts=verdicts), tmp_path).tables[0]
    assert fills(table)[-3:] == [COLOURS[name] for _, name in wanted.values()]
    assert [row[-1] for row in cells(table)[-3:]] == ["几乎不可能", "多半不能", "多半能"]
    assert len(set(COLOURS.values())) == len(COLOURS)


def test_the_schools_at_risk(projection, document):
    worst = projection.school_verdicts.query("year == 2025 and judged > 0")
    worst = worst.sort_values(["p_failed", "school"], ascending=[False, True])[:5]
    rows = cells(document.tables[1])[1:]
    assert [row[0] for row in rows] == list(worst["school"])
    assert [row[3] for row in rows] == [chance(row, "p_failed") for _, row in worst.iterrows()]


def test_headings_of_tables_are_repeated_and_rows_are_whole(document):
    for table in document.tables:
        first, *others = (row._tr.trPr for row in table.rows)
        assert first.find(qn("w:tblHeader")) is not None
        assert all(row.find(qn("w:tblHeader")) is None for row in others)
        assert all(row.find(qn("w:cantSplit")) is not None for row in others)


def test_pictures_have_a_text_for_those_who_do_not_see_them(projection, document):
    described = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert len(described) == 2
    assert re.match(r".*（L\d）：2025年每百名学生[\d.]+间（90%区间", described[0])
    assert described[1] == f"阳城县：各年达标概率；{answer(projection, ZH)}"


def test_the_footer_tells_the_origin_and_the_page(projection, document):
    footer = document.sections[0].footer.paragraphs[0]
    assert footer.text.startswith("合成基线，模拟100次，种子 2021，")
    assert projection.provenance["scenario_digest"][:12] in footer.text
    fields = [field.get(qn("w:instr")) for field in footer._p.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]


def test_the_same_projection_gives_the_same_bytes_and_no_clock(projection, tmp_path):
    written(projection, tmp_path)
    first = (tmp_path / "briefing.docx").read_bytes()
    written(projection, tmp_path)
    assert (tmp_path / "briefing.docx").read_bytes() == first
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        properties = parts.read("docProps/core.xml").decode()
    assert "created" not in properties and "modified" not in properties.lower().replace(
        "lastmodifiedby", ""
    )


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ('=HYPERLINK("http://a")小学', '=HYPERLINK("http://a")小学'),
        ("<script>&amp;]]></w:t>小学", "<script>&amp;]]></w:t>小学"),
        ("坏\x00\x0b\x1b\ufffe小学", "坏\ufffd\ufffd\ufffd\ufffd小学"),
        ("两\n行\t小学", "两 行 小学"),
        ("{0}{year}%s小学", "{0}{year}%s小学"),
    ],
)
def test_a_name_stays_text(projection, tmp_path, name, shown):
    [worst] = schools_at_risk(projection, 1)["school"]
    document = written(renamed(projection, {worst: name}), tmp_path)
    assert cells(document.tables[1])[1][0] == shown
    assert f"{shown}（" in "".join(p.text for p in document.paragraphs)


def test_no_school_at_risk_and_none_judged(projection, tmp_path):
    verdicts = projection.school_verdicts.copy()
    verdicts["p_failed"] *= 0
    document = written(replace(projection, school_verdicts=verdicts), tmp_path)
    assert len(document.tables) == 1
    assert "模拟中没有一所学校不合格。" in [p.text for p in document.paragraphs]
    verdicts["judged"] *= 0
    document = written(replace(projection, school_verdicts=verdicts), tmp_path, EN)
    assert len(document.tables[0].rows) == 1 + 14  # the ratios, and no verdict on no school


def test_what_nobody_looked_at_has_no_row(partial, tmp_path):
    rows = cells(written(partial, tmp_path).tables[0])[1:]
    assert len(rows) == 6 + 5
    assert [row[0] for row in rows[-3:]] == ["各校各项全部达标", "没有学校被否决", "未被否决"]


@settings(max_examples=8)
@given(worlds())
def test_whatever_the_county_it_can_be_written(tmp_path_factory, case):
    scenario, county = case
    projection = simulate(scenario, county=county, replications=3, workers=1)
    document = written(projection, tmp_path_factory.mktemp("any"), EN)
    texts = [text for table in document.tables for row in cells(table) for text in row]
    assert not re.search(r"nan|None|[{}]", " ".join(texts))


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_two_pages_even_with_long_names(projection, tmp_path, words):
    require_office()
    at_risk = projection.school_verdicts.query("year == 2025").nlargest(5, "p_failed")["school"]
    long = "阳城县第{}希望实验九年一贯制寄宿学校附属中心小学东校区"
    case = renamed(projection, {name: long.format(n) for n, name in enumerate(at_risk)})
    pairs = [(i, s) for i in case.indicators for s in ("primary", "junior")]
    charts = {f"fan-{i}-{s}": fan(case, i, s, words) for i, s in pairs}
    charts["heat-map"] = heat_map(case, words)
    specs = {name: chart.to_dict() for name, chart in charts.items()}
    written(case, tmp_path, words, {name: png for name, _, png in draw(specs)})
    pdf = convert(tmp_path / "briefing.docx", "pdf", tmp_path).read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == 2
