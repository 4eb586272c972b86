from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings

from tests.laws.strategies import worlds
from workforce_sim.assessment import simulate
from workforce_sim.report import narrative
from workforce_sim.report.charts import charts
from workforce_sim.report.numbers import chance, number
from workforce_sim.report.page import page
from workforce_sim.words import LANGUAGES, Words

SECTIONS = (
    *("asked", "answer", "verdict", "baseline", "evidence"),
    *("schools", "duties", "assumptions", "limits", "origin"),
)
VOID = {"meta", "link", "br", "input"}
SCRIPT, FORMULA = "<script>alert(1)</script>", "=HYPERLINK(1)小学"


class Page(HTMLParser):
    """A page as a browser reads it: elements, the text of each section, tables, scripts, styles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.path: list[str] = []
        self.sections: dict[str, str] = {}
        self.rows: list[list[str]] = []
        self.scripts: list[str] = []
        self.styles = ""
        self._section = ""
        self.feed(html)
        self.close()
        assert self.path == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag in VOID:
            return
        self.path.append(tag)
        self._section = dict(attrs).get("id") or "" if tag == "section" else self._section
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
        elif tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag):
        assert self.path.pop() == tag
        self._section = "" if tag == "section" else self._section

    def handle_data(self, data):
        inside = self.path[-1] if self.path else ""
        if inside == "script":
            self.scripts[-1] += data
        elif inside == "style":
            self.styles += data
        else:
            self.sections[self._section] = self.sections.get(self._section, "") + data
            if inside in ("td", "th"):
                self.rows[-1][-1] += data


def described(projection, language: str) -> dict[str, dict]:
    return {n: c.to_dict(validate=False) for n, c in charts(projection, Words(language))}


@pytest.fixture(scope="module")
def specs(projection) -> dict[str, dict]:
    return {language: described(projection, language) for language in LANGUAGES}


@pytest.fixture(scope="module")
def html(projection, specs) -> dict[str, str]:
    return {name: page(projection, specs[name], Words(name)) for name in LANGUAGES}


@pytest.fixture(scope="module")
def pages(html) -> dict[str, Page]:
    return {language: Page(text) for language, text in html.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_section_is_there_and_says_what_the_narrative_says(projection, pages, language):
    words, found = Words(language), pages[language].sections
    assert [name for name in found if name] == list(SECTIONS)
    assert narrative.question(projection, words) in found["asked"]
    assert narrative.paragraph(projection, words) in found["answer"]
    for name, sentences in (
        ("evidence", narrative.evidence(projection, words)),
        ("assumptions", narrative.assumptions_text(projection, words)),
        ("limits", narrative.limits(projection, words)),
        ("origin", [narrative.origin(projection, words), projection.provenance["county_digest"]]),
    ):
        assert sentences and all(sentence in found[name] for sentence in sentences)
    whole = "".join(found.values())
    assert "nan" not in whole.lower().split() and "None" not in whole


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chart_has_a_heading_a_caption_and_its_numbers(specs, pages, language):
    tags = pages[language].tags
    drawn = [a["data-chart"] for tag, a in tags if tag == "div" and "data-chart" in a]
    assert sorted(drawn) == sorted(specs[language])
    for tag, n in (("figure", 36), ("figcaption", 36), ("details", 37)):  # and all assumptions
        assert sum(t == tag for t, _ in tags) == n


def test_the_numbers_are_those_of_the_frames(projection, pages):
    rows = pages["zh"].rows
    verdicts = projection.verdicts.set_index(["year", "scope", "verdict"])
    [row] = [r for r in rows if r[:2] == ["全县", "资源配置通过"]][:1]
    assert row[2] in ("0%", "100%")  # the baseline is known
    assert row[3:] == [
        chance(verdicts.loc[year, "county", "not_ruled_out"]) for year in range(2021, 2026)
    ]
    ratio = projection.ratios.set_index(["year", "stage", "indicator"]).loc[2025, "primary", "L3"]
    interval = f"{number(ratio.q05)}–{number(ratio.q95)}"
    [row] = [r for r in rows if r[:3] == ["小学", "L3 体艺", "人/每百名学生"] and interval in r]
    assert row[4:8] == [number(ratio.q50), interval, "0.9", chance(ratio, "p_meets")]
    cv = projection.differences.set_index(["year", "stage", "indicator"]).loc[2025, "junior", "L2"]
    assert [
        "初中", "L2 骨干", number(cv.q05), number(cv.q50), number(cv.q95), "0.45",
        chance(cv, "p_within"),
    ] in rows  # fmt: skip
    worst = narrative.schools_at_risk(projection, 1).iloc[0]
    assert [r for r in rows if r[0] == worst.school and chance(worst, "p_failed") in r]
    assert ["2021", "84", "84"] in rows  # the wave


def test_the_baseline_is_set_against_the_standard(pages):
    """As the plan has it: five are met, L3 and L7 are not."""
    found = pages["zh"].sections["baseline"]
    assert "2020年（基线）：七项中五项达标，L3、L7未达" in found
    row = ["L7 网络多媒体教室", "间/每百名学生", "2.10", "2.3", "未达", "2.31", "2.4", "未达"]
    assert row in pages["zh"].rows
    row = ["L6 教学仪器设备值", "元/每名学生", "3042", "2000", "达标", "4134", "2500", "达标"]
    assert row in pages["zh"].rows
    assert "2020 (baseline): five of seven met, not L3, L7" in pages["en"].sections["baseline"]


def test_the_network_is_set_against_what_is_asked(pages):
    rows = pages["zh"].rows
    assert ["小学：最大规模（人）", "1747", "≤ 2000", "是", ""] in rows
    assert ["小学：学校在乡镇和县城的比例（%）", "56.8", "≥ 80", "否", "25÷44"] in rows
    assert [r[1:4] for r in rows if r[0] == "小学：最大平均班额（人）"] == [["–", "≤ 45", "不详"]]


def test_where_three_are_looked_at_nobody_passes(partial):
    found = Page(page(partial, described(partial, "zh"), Words("zh")))
    assert "三项中二项达标，L3未达" in found.sections["baseline"]
    assert "L4—L7未核查" in found.sections["verdict"]
    verdicts = {row[1] for row in found.rows if row[0] == "全县"}
    assert "未被否决" in verdicts and not any("通过" in name for name in verdicts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_asked_of_any_address(html, pages, language):
    found = pages[language]
    for tag, attributes in found.tags:
        for name, value in attributes.items():
            if name in ("src", "href", "action", "data", "poster", "srcset", "background"):
                assert value.startswith(("#", "data:")), (tag, name, value)
    assert not {tag for tag, _ in found.tags} & {"iframe", "object", "embed", "base", "img"}
    assert re.findall(r"url\(([^)]{0,11})", found.styles) == ["data:font/w"]
    assert "@import" not in found.styles
    [policy] = [a["content"] for t, a in found.tags if a.get("http-equiv")]
    assert policy.startswith("default-src 'none';")
    assert "http" not in policy and "*" not in policy and "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
    specs = found.scripts[0]
    assert "http" not in specs and '"url"' not in specs
    for address in re.findall(r"https?://[\w./-]+", html[language]):  # names, and two hints
        assert address.startswith(("http://www.w3.org/", "https://github.com/vega", "https://vega"))


def test_only_the_two_scripts_whose_digests_are_named_may_run(html, pages):
    found = pages["zh"]
    kinds = [a.get("type") for t, a in found.tags if t == "script"]
    assert kinds == ["application/json", None, None]
    [policy] = [a["content"] for t, a in found.tags if a.get("http-equiv")]
    for script in found.scripts[1:]:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert not [a for _, a in found.tags if any(name.startswith("on") for name in a)]
    assert "\r" not in html["zh"]  # a browser would change it, and with it the digest


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_school_named_like_a_script_or_a_formula_is_only_a_name(html, pages, language):
    assert "<script>alert" not in html[language] and "</script>alert" not in html[language]
    found = pages[language]
    for name in (SCRIPT, FORMULA):
        assert any(row[0] == name for row in found.rows)
    specs = json.loads(found.scripts[0])
    data = json.dumps(specs["schools-L1-primary"], ensure_ascii=False)
    assert json.dumps(SCRIPT)[1:-1] in data and FORMULA in data


def test_words_of_the_scenario_are_escaped(projection, specs):
    scenario = projection.scenario.model_copy(update={"title": "</title><img src=x onerror=y>&"})
    found = Page(page(replace(projection, scenario=scenario), specs["zh"], Words("zh")))
    assert "img" not in {tag for tag, _ in found.tags}
    assert "</title><img src=x onerror=y>&" in found.sections[""]


def test_the_letters_are_in_the_page(pages):
    from io import BytesIO

    from fontTools.ttLib import TTFont

    [font] = re.findall(r"url\(data:font/woff;base64,([A-Za-z0-9+/=]+)\)", pages["zh"].styles)
    letters = TTFont(BytesIO(base64.b64decode(font))).getBestCmap()
    shown = {*"".join(pages["zh"].sections.values()), *pages["zh"].scripts[0]} - {"\n"}
    assert {c for c in shown if ord(c) not in letters} == set()
    assert len(font) < 400_000


def test_same_projection_same_bytes_and_not_too_many(projection, specs, html):
    assert page(projection, specs["zh"], Words("zh")) == html["zh"]
    assert max(len(text.encode()) for text in html.values()) < 3_000_000


@settings(max_examples=4)
@given(worlds())
def test_a_page_of_whatever_county_has_no_holes(case):
    scenario, county = case
    projection = simulate(scenario, county=county, replications=3, workers=1)
    found = Page(page(projection, described(projection, "en"), Words("en")))
    assert not {cell for row in found.rows for cell in row} & {"nan", "None", "nan%", "<NA>"}
