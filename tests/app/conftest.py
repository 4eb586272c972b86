"""Pages of the app without a browser: the page's script runs, and its elements can be asked."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

CONFIGS = Path(__file__).parents[2] / "configs"


@pytest.fixture
def scenario(tmp_path):
    """A county's folder of one's own."""
    shutil.copytree(CONFIGS / "yangcheng", tmp_path / "county")
    return tmp_path / "county" / "scenario.yaml"


FULL = 300
"""Replications of a full answer in these tests."""


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch):
    """What the process keeps for all sessions would tell one test the answers of another."""
    pytest.importorskip("streamlit", reason="the extra `app` is not installed")
    from workforce_sim.app import store

    monkeypatch.setattr(store, "_PROJECTIONS", store._Kept(store.KEPT))
    for room in ("frame", "state"):
        monkeypatch.setattr(f"workforce_sim.app.{room}.PRECISE", (FULL, 2 * FULL))


def _frame(path, name):
    from pathlib import Path

    from workforce_sim.app.frame import draw, show
    from workforce_sim.app.state import State

    if name is None:
        show(Path(path))
    else:
        draw(State(Path(path)), name)


@pytest.fixture
def opened(scenario):
    """Open a page, by default the whole frame, with what stands in its address."""
    testing = pytest.importorskip("streamlit.testing.v1", reason="the extra `app` is not installed")

    def opened(name=None, path=scenario, **asked):
        page = testing.AppTest.from_function(_frame, args=(str(path), name), default_timeout=60)
        for key, value in asked.items():
            page.query_params[key] = value
        page.run()
        assert not page.exception, page.exception
        return page

    return opened


@pytest.fixture
def when():
    """Run a page until something holds."""

    def when(page, holds, tries=150):
        for _ in range(tries):
            if holds(page):
                return page
            time.sleep(0.1)
            page.run()
        raise AssertionError("it never held")

    return when
