"""The pages that study a policy show what the package's own functions return."""

import io
import zipfile
from html import escape

import openpyxl
import pytest

pytest.importorskip("streamlit", reason="the extra `app` is not installed")

from workforce_sim.app.state import State
from workforce_sim.app.views import documents
from workforce_sim.decision.compare import compare
from workforce_sim.decision.policies import load_policies
from workforce_sim.report.decisions.chart_numbers import of_chart
from workforce_sim.report.decisions.compare import points
from workforce_sim.scenario import load_scenario
from workforce_sim.words import Words

from .conftest import FULL


def text(page):
    return " ".join(str(e.proto.body) for e in (*page.get("html"), *page.markdown))


def press(page, label):
    next(button for button in page.button if button.label == label).click()
    page.run()


def test_compare_shows_what_the_comparison_says(opened, when, scenario):
    page = opened("compare")
    assert next(b for b in page.button if b.label == "比较").disabled  # nothing to compare yet
    page.multiselect[0].set_value(["arts-pe-40"]).run()
    press(page, "比较")
    when(page, lambda page: "排第一的是" in text(page))
    base = load_scenario(scenario)
    found = compare(base, load_policies(scenario, ["arts-pe-40"]), replications=FULL, workers=1)
    shown = text(page).replace("\\", "")
    for point in points(found, Words("zh").about(found)):
        assert point in shown
    assert "全县通过的概率" in shown
    for row in of_chart(found, "ranking", Words("zh").about(found)).rows:  # a chart's numbers
        assert all(f">{escape(cell)}</td>" in shown for cell in row)


def test_seek_finds_an_answer_that_can_be_tried(opened, when):
    page = opened("seek")
    press(page, "求解")
    when(page, lambda page: any(b.label == "在政策页试用这个答案" for b in page.button), tries=600)
    press(page, "在政策页试用这个答案")
    changes = page.session_state["workforce_sim"]["changes"]
    assert 0 <= float(changes["arts_pe.recruits_per_year"]) <= 60


def test_explain_and_sensitivity_tell_their_answers(opened, when):
    page = opened("explain", lang="en")
    press(page, "Explain")
    when(page, lambda page: "Raised by" in text(page))
    page = opened("sensitivity", lang="en")
    press(page, "Analyse")
    assert any(button.label == "Stop" for button in page.button)


def test_a_changed_policy_is_studied_not_the_one_on_file(opened, when, scenario):
    page = opened("compare", set="arts_pe.recruits_per_year=33")
    press(page, "比较")
    when(page, lambda page: "排第一的是" in text(page))
    assert "改动" in text(page)


def test_documents_are_those_of_the_draft_and_open(opened, scenario, monkeypatch):
    page = opened("documents", set="arts_pe.recruits_per_year=33")
    assert len(page.get("download_button")) == 5
    state, kept = State.__new__(State), page.session_state["workforce_sim"]
    state.path, state._kept, state.stamp = scenario, kept, ""
    monkeypatch.setattr(State, "opened", None)
    text = documents._scenario(state).decode()
    (scenario.parent / "policies" / "mine.yaml").write_text(text, encoding="utf-8")
    mine = load_scenario(scenario.parent / "policies" / "mine.yaml")
    assert mine.arts_pe.recruits_per_year.at(2023) == 33
    from workforce_sim.assessment import simulate

    projection, words = simulate(mine, replications=20, workers=1), Words("zh")
    book = openpyxl.load_workbook(io.BytesIO(documents._workbook(projection, words)))
    assert book.sheetnames[0] == "结论"
    assert "通过" in documents._report(projection, words).decode()
    with zipfile.ZipFile(io.BytesIO(documents._all(projection, words))) as archive:
        assert {"briefing.docx", "projection.xlsx", "report.html"} <= set(archive.namelist())
