"""Whatever comes from the data is shown as text, and nothing of it runs."""

import pytest

pytest.importorskip("streamlit", reason="the extra `app` is not installed")

from streamlit.testing.v1 import AppTest

from workforce_sim.app import look
from workforce_sim.report.page.table import Table

EVIL = "<img src=x onerror=alert(1)>"


def test_no_markup_and_no_link_is_left_in_a_text():
    assert look.escaped("**a** <b> $x$ :red[c]") == r"\*\*a\*\* \<b\> \$x\$ \:red\[c\]"
    for address in ("https://a.example", "HTTP://a.example", "www.a.example", "a@b.example"):
        assert "\u2060" in look.escaped(address)
    assert look.escaped("2025年25.0%±4.3%") == r"2025年25\.0\%±4\.3\%"


def test_tables_and_tiles_show_names_as_they_are():
    def script(evil):
        from workforce_sim.app import look
        from workforce_sim.report.page.table import Table

        look.tiles([look.Tile(evil, evil, evil)])
        look.table(Table([evil], [[evil]]))
        look.matrix([evil], [evil], [[look.Cell(evil)]])
        look.notes([evil])

    page = AppTest.from_function(script, args=(EVIL,)).run()
    shown = "".join(element.proto.body for element in page.get("html"))
    assert "<img" not in shown and shown.count("&lt;img") == 9


def test_a_table_that_is_downloaded_runs_nothing():
    assert look.csv_of(Table(["学校"], [["=cmd|' /C calc'!A0"], ["甲"]]), "合成") == (
        "\ufeff学校\n'=cmd|' /C calc'!A0\n甲\n\n合成\n".encode()
    )


@pytest.mark.parametrize(
    ("p", "mood"), [(0.95, look.GOOD), (0.94, look.OPEN), (0.5, look.OPEN), (0.49, look.BAD)]
)
def test_a_mood_is_told_by_the_probability(p, mood):
    assert look.mood(p) == mood
    assert look.mood(float("nan")) == look.PLAIN
