"""The frame: every page in both languages, a sketch before the full answer."""

import threading

import pytest

pytest.importorskip("streamlit", reason="the extra `app` is not installed")

from workforce_sim.app import background
from workforce_sim.app.frame import PAGES


def texts(page):
    return " ".join(str(element.proto.body) for element in (*page.get("html"), *page.markdown))


def test_every_page_can_be_drawn_in_both_languages(opened):
    for name in PAGES:
        for lang in ("zh", "en"):
            assert opened(name, lang=lang).main


def test_a_sketch_comes_first_and_the_full_answer_later(opened, when, monkeypatch):
    monkeypatch.setattr(background, "TURNS", threading.BoundedSemaphore(1))
    with background.TURNS:  # the full answer has to wait
        page = opened()
        assert "草算" in texts(page) and "完整模拟：" not in texts(page)
    when(page, lambda page: "完整模拟：" in texts(page))
    assert "草算" not in texts(page)
    assert not page.exception
