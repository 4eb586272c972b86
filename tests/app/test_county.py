"""The county page: where figures come from, schools, and one's own tables checked on the spot."""

from dataclasses import dataclass

import pytest

pytest.importorskip("streamlit", reason="the extra `app` is not installed")

from streamlit.testing.v1 import AppTest

from workforce_sim.app.views import county, upload
from workforce_sim.assessment import county_of
from workforce_sim.county.tables.check import check_tables
from workforce_sim.county.tables.export import export_scenario
from workforce_sim.scenario import load_scenario


@dataclass
class File:
    name: str
    content: bytes

    def getbuffer(self):
        return memoryview(self.content)


def checked(*files):
    with upload._on_disk(list(files)) as paths:
        return check_tables(*paths)


def text(page):
    return " ".join(str(e.proto.body) for e in (*page.get("html"), *page.markdown))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_view_is_drawn(opened, language):
    page = opened("county", lang=language)
    shown = text(page)
    for figure in ("1433", "1095", "11.74", "76"):
        assert figure in shown
    for view in county.VIEWS[1:]:
        page.session_state["county.view"] = view
        page.run()
        assert not page.exception, page.exception
        assert len(text(page)) > 60


def test_good_tables_have_no_errors_and_broken_ones_say_where(tmp_path, scenario):
    file = tmp_path / "good.xlsx"
    export_scenario(load_scenario(scenario), file)
    assert not checked(File("花名册 <img src=x>.xlsx", file.read_bytes())).errors
    broken = checked(File("../../etc/passwd.csv", "姓名,学校\n=cmd|' /C calc'!A0,甲\n".encode()))
    assert broken.errors
    assert not any("cmd" in str(finding) for finding in broken.findings)


def test_sound_tables_are_imported_on_purpose_and_nothing_is_replaced_unasked(scenario, tmp_path):
    file = tmp_path / "good.xlsx"
    export_scenario(load_scenario(scenario), file)

    def offered(path, file):
        from pathlib import Path

        from workforce_sim.app.state import State
        from workforce_sim.app.views import importing
        from workforce_sim.county.tables.check import check_tables

        importing.offer(check_tables(file), State(Path(path)))

    page = AppTest.from_function(offered, args=(str(scenario), str(file)), default_timeout=60)
    page.run()
    beside = scenario.parent.parent

    def send(name, replace=False):
        page.text_input[0].set_value(name)
        page.checkbox[0].set_value(replace)
        page.button[0].click()
        page.run()
        assert not page.exception, page.exception
        return " ".join(element.value for element in (*page.markdown, *page.warning, *page.text))

    before = {path.name for path in beside.iterdir()}
    for name in ("", "../outside", "a/b", "县", "C:evil"):
        assert "目录名只能用" in send(name)
    assert "没有导入" in send("county", replace=True)  # it was not imported: not ours to replace
    assert {path.name for path in beside.iterdir()} == before
    assert "workforce\\-sim app" in send("imported")
    assert county_of(load_scenario(beside / "imported" / "scenario.yaml")).size == 2528
    (beside / "imported" / "policies").mkdir()
    (beside / "imported" / "policies" / "mine.yaml").write_text("kept", encoding="utf-8")
    roster = beside / "imported" / "roster.csv"
    roster.write_text("changed", encoding="utf-8")
    assert "没有导入" in send("imported") and roster.read_text(encoding="utf-8") == "changed"
    assert "没有导入" not in send("imported", replace=True)
    assert roster.stat().st_size > 10_000
    assert (beside / "imported" / "policies" / "mine.yaml").read_text(encoding="utf-8") == "kept"
