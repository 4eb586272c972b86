"""Every study as a workbook, a page and a briefing: one code for all."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from types import SimpleNamespace
from zipfile import ZipFile

import numpy as np
import pandas as pd
import pytest
from docx import Document
from openpyxl import load_workbook
from rich.markup import escape

from tests.report.office import convert, require_office
from tests.report.test_briefing import pixel
from tests.report.test_browser import CHROMIUM, opened
from tests.report.test_report_html import Page
from workforce_sim.report.console import new_table, wrapped
from workforce_sim.report.decisions import backtest, compare, explain, posts, seek, sensitivity
from workforce_sim.report.decisions.figures import as_text, of_terminal
from workforce_sim.report.decisions.folder import write_study
from workforce_sim.report.decisions.page import study_page
from workforce_sim.report.decisions.told import kind
from workforce_sim.report.numbers import chance
from workforce_sim.report.tables import in_words
from workforce_sim.words import LANGUAGES, Words

MODULES = {
    "comparison": compare,
    "explanation": explain,
    "placement": posts,
    "sought": seek,
    "sought_several": seek,
    "driven": sensitivity,
    "backtested": backtest,
}
DOCUMENTS = ("study.xlsx", "report.html", "briefing.docx")
SCRIPT, FORMULA = "</script><script>alert(1)</script>", '=HYPERLINK("http://a")'
ZH = Words("zh")
HEADINGS = 5  # the row of headings; the values follow
CHARTS = 2
UTF8 = "csv:Text - txt - csv (StarCalc):44,34,76"  # commas, quotes, encoding


def write(name, study, folder, words, charts=CHARTS):
    """Write a study with its first charts; return what is told of it, and their names."""
    module = MODULES[name]
    told = module.told(study, words, *([[2022]] if name == "placement" else []))
    some = [chart for _, chart in zip(range(charts), module.charts(study, words), strict=False)]
    write_study(study, told, some, folder, words)
    return told, [name for name, _ in some]


def blank(specs):
    return ((name, "", pixel()) for name in specs)


@pytest.fixture(scope="module", params=[(n, x) for n in MODULES for x in LANGUAGES], ids="-".join)
def written(request, tmp_path_factory):
    """A study in a language, what is told of it, the names of its charts, its documents."""
    name, language = request.param
    study, words = request.getfixturevalue(name), Words(language)
    if name == "explanation":  # 2,772 rows take long to read again
        study = replace(study, school_parts=study.school_parts.head(100))
    folder = tmp_path_factory.mktemp("study") / "out"
    with pytest.MonkeyPatch.context() as patched:  # other tests draw, and have letters
        patched.setattr("workforce_sim.report.decisions.folder.draw", blank)
        patched.setattr("workforce_sim.report.page.web_font", lambda text: b"")
        told, charts = write(name, study, folder, words)
    return SimpleNamespace(
        folder=folder,
        study=study,
        told=told,
        charts=charts,
        words=words,
        book=load_workbook(folder / "study.xlsx"),
        page=Page((folder / "report.html").read_text(encoding="utf-8")),
        briefing=Document(str(folder / "briefing.docx")),
    )


def values_of(sheet) -> list[tuple]:
    return [tuple(row) for row in sheet.iter_rows(min_row=HEADINGS + 1, values_only=True)]


def test_the_workbook_says_the_answer_and_holds_every_number(written):
    study, told, words, book = written.study, written.told, written.words, written.book
    names = [f"{kind(study)}_{name}" for name in study.tables]
    sheets = [words(f"sheet.{name}") for name in ("summary", "charts", *names, "provenance")]
    assert book.sheetnames == sheets
    cells = [cell.value for row in book.worksheets[0] for cell in row if cell.value]
    assert {told.asked, *told.points, *told.notes, told.origin} <= set(cells)
    links = [
        cell.hyperlink.location for row in book.worksheets[0] for cell in row if cell.hyperlink
    ]
    assert links == [f"'{name}'!A1" for name in sheets[1:]]
    for sheet, frame in zip(book.worksheets[2:-1], study.tables.values(), strict=True):
        shown = in_words(frame, words)
        assert [cell.value for cell in sheet[HEADINGS]] == list(shown)
        assert sheet.freeze_panes.endswith(str(HEADINGS + 1))
        for heading, column in zip(shown, zip(*values_of(sheet), strict=True), strict=True):
            expected = list(shown[heading])
            if pd.api.types.is_numeric_dtype(shown[heading]):
                column = [np.nan if x is None else math.inf if x == "∞" else x for x in column]
                np.testing.assert_allclose(column, expected, rtol=1e-12)
            else:
                assert [x or "" for x in column] == expected
    origin = dict(values_of(book.worksheets[-1]))
    assert study.provenance["scenario_digest"] in origin.values()
    if "levers" in study.provenance:
        assert "".join(study.provenance["levers"][:1]) in str(origin[words("provenance.levers")])


def test_the_workbook_holds_the_charts(written):
    """Read from the file itself: openpyxl leaves pictures out where Pillow is missing."""
    with ZipFile(written.folder / "study.xlsx") as file:
        drawing = file.read("xl/drawings/drawing1.xml").decode("utf-8")
    assert drawing.count("<xdr:pic>") == len(written.charts) > 0
    rows, ends = (
        [int(row) for row in re.findall(rf"<xdr:{end}>.*?<xdr:row>(\d+)", drawing)]
        for end in ("from", "to")
    )
    assert len(rows) == len(ends) == len(written.charts)
    assert all(end < row for end, row in zip(ends, rows[1:], strict=False))


def test_the_page_has_every_section_and_asks_nothing_of_any_address(written):
    study, told, words, page = written.study, written.told, written.words, written.page
    sections = {name: text for name, text in page.sections.items() if name}
    assert [*sections] == ["answer", *(["results"] if told.tables else []), "charts", "tables",
                           "notes", "origin"]  # fmt: skip
    assert told.asked in sections["answer"] and told.origin in page.sections[""]
    assert all(point in sections["answer"] for point in told.points)
    assert all(note in sections["notes"] for note in told.notes)
    assert study.provenance["county_digest"] in sections["origin"]
    assert [a["data-chart"] for _, a in page.tags if "data-chart" in a] == written.charts
    for name, frame in study.tables.items():
        assert words(f"study_table.{kind(study)}_{name}") in sections["tables"]
        assert str(len(frame)) in sections["tables"]
    assert not {cell for row in page.rows for cell in row} & {"nan", "None", "inf", "<NA>"}
    for tag, attributes in page.tags:
        assert tag not in ("iframe", "object", "embed", "base", "img")
        for name in {"src", "href", "action", "srcset"} & attributes.keys():
            assert attributes[name].startswith(("#", "data:"))
    [policy] = [a["content"] for _, a in page.tags if a.get("http-equiv")]
    assert policy.startswith("default-src 'none';") and "http" not in policy
    assert "http" not in page.scripts[0] and '"url"' not in page.scripts[0]


def test_the_page_shows_the_tables_of_the_terminal(written):
    rows = written.page.rows
    for table in map(of_terminal, written.told.tables):
        assert table.heads in rows and all(row in rows for row in table.rows)


def test_the_briefing_has_answer_table_charts_and_notes(written):
    told, words, document = written.told, written.words, written.briefing
    texts = {paragraph.text for paragraph in document.paragraphs}
    assert {told.asked, *told.points, *told.notes, words("page.notes")} <= texts
    shown = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    main = [of_terminal(table) for table in told.tables[:1]]
    for table in main:
        assert shown == [[re.sub(r"\s", " ", c) for c in row] for row in (table.heads, *table.rows)]
    assert len(document.tables) == len(main)
    described = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert len(described) == len(written.charts) and all(told.origin in text for text in described)
    assert document.sections[0].footer.paragraphs[0].text.startswith(told.origin)


def test_names_are_only_names(placement, tmp_path):
    names = dict(zip(placement.moves["to"].unique(), (SCRIPT, FORMULA), strict=False))
    frames = {name: frame.replace(names) for name, frame in placement.tables.items()}
    write("placement", replace(placement, **frames), tmp_path / "out", ZH, charts=1)
    page = Page((tmp_path / "out" / "report.html").read_text(encoding="utf-8"))
    assert len(page.scripts) == 3
    for name in names.values():
        assert any(name in row for row in page.rows)
    book = load_workbook(tmp_path / "out" / "study.xlsx")
    cells = [cell for sheet in book for row in sheet for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    assert {SCRIPT, FORMULA} <= {cell.value for cell in cells}


def test_words_of_the_scenario_are_escaped(sought, tmp_path):
    scenario = sought.scenario.model_copy(update={"title": "</title><img src=x onerror=y>&"})
    write("sought", replace(sought, scenario=scenario), tmp_path / "out", ZH, charts=0)
    page = Page((tmp_path / "out" / "report.html").read_text(encoding="utf-8"))
    assert "img" not in {tag for tag, _ in page.tags} and "charts" not in page.sections
    document = Document(str(tmp_path / "out" / "briefing.docx"))
    assert document.paragraphs[0].text.startswith("</title><img src=x onerror=y>&：")


def test_same_study_same_bytes(sought, tmp_path):
    for folder in ("one", "two"):
        write("sought", sought, tmp_path / folder, ZH)
    for name in DOCUMENTS:
        one, two = (tmp_path / folder / name for folder in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()


def test_a_table_too_long_for_its_page_says_how_many_rows_are_left(comparison, tmp_path):
    frame = comparison.ranking
    longer = pd.concat([frame, *[frame.tail(1)] * 60], ignore_index=True)
    told, _ = write("comparison", replace(comparison, ranking=longer), tmp_path / "out", ZH)
    document = Document(str(tmp_path / "out" / "briefing.docx"))
    left = len(of_terminal(told.tables[0]).rows) - (len(document.tables[0].rows) - 1)
    assert left > 20
    assert ZH("documents.more_rows", n=left) in [p.text for p in document.paragraphs]


def test_tables_as_text():
    frame = pd.DataFrame(
        {"year": [2025, 2026], "p": [0.5, 1.0], "p_se": [0.01, 0.0], "p_low": 0.4, "p_high": 1.0,
         "p_best": [0.0, 1.0], "mean": [-1.234, np.nan], "replications_needed": [12345.0, np.inf]}
    )  # fmt: skip
    table = as_text(frame, ZH)
    assert table.heads == ["年份", "概率", "最好的把握", "均值", "所需次数"]
    assert table.rows[0] == ["2025", chance(frame.iloc[0]), "<0.1%", "−1.23", "12,345"]
    assert table.rows[1] == ["2026", "100%", ">99.9%", "–", "∞"]  # no error: it is known


def test_a_table_of_the_terminal_loses_its_marks_and_its_lines():
    table = new_table("t", ["学校"], ["比值\nL1"])
    table.add_row(escape(wrapped("[b]阳城县第一小学", 10)), "[bold]1\n2[/bold]", style="bold")
    table.add_row(wrapped("degree in service", 7), "3")
    found = of_terminal(table)
    assert found.heads == ["学校", "比值 L1"] and found.texts == 1 and found.marked == {0}
    assert found.rows == [["[b]阳城县第一小学", "1\n2"], ["degree in service", "3"]]


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_a_browser_draws_the_charts_and_finds_nothing_wrong(comparison, tmp_path):
    told, charts = compare.told(comparison, ZH), dict(compare.charts(comparison, ZH))
    specs = {name: chart.to_dict(validate=False) for name, chart in charts.items()}
    path = tmp_path / "report.html"
    path.write_text(study_page(comparison, told, specs, ZH), encoding="utf-8", newline="\n")
    document, console, asked = opened(path, tmp_path)
    assert console == [] and asked == []
    assert len(charts) > 2 and f'data-drawn="{len(charts)}"' in document


def test_libreoffice_opens_the_documents(comparison, sought, tmp_path):
    require_office()
    write("comparison", comparison, tmp_path / "out", Words("en"), charts=3)
    pdf = convert(tmp_path / "out" / "briefing.docx", "pdf", tmp_path).read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == 2
    write("sought", sought, tmp_path / "sought", ZH)
    first = convert(tmp_path / "sought" / "study.xlsx", UTF8, tmp_path)
    shown = first.read_text(encoding="utf-8")
    assert ZH("seek.asked") in shown and "Err:" not in shown
