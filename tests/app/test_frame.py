from __future__ import annotations

import pytest

pytest.importorskip("streamlit", reason="the extra `app` is not installed")

from workforce_sim.app.frame import PAGES


def texts(page):
    return " ".join(element.value for element in page.markdown)


def test_every_page_can_be_drawn_in_both_languages(opened):
    for name in PAGES:
        for lang in ("zh", "en"):
            assert opened(name, lang=lang).main


def test_a_sketch_comes_first_and_the_full_answer_later(opened, when):
    page = opened()
    first = texts(page)
    assert page.button
    when(page, lambda page: texts(page) != first)
    assert not page.exception
