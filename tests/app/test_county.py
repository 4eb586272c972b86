"""The county page: where figures come from, schools, and one's own tables checked on the spot."""

from dataclasses import dataclass

import pytest

pytest.importorskip("streamlit", reason="the extra `app` is not installed")

from workforce_sim.app.views import county, upload
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
