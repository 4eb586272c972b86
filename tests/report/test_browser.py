"""The page in a real browser: it draws, it answers, it asks nobody for anything."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import pytest

import workforce_sim.report.page as room
from workforce_sim.report.charts import charts
from workforce_sim.words import Words

CHROMIUM = next(
    (
        path
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (path := shutil.which(name))
    ),
    None,
)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


def opened(path, folder) -> tuple[str, list[str], list[str]]:
    """The document after its scripts, what the console said, and what the page asked for."""
    log = folder / "net.json"
    run = subprocess.run(
        [
            CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--disable-background-networking", "--no-first-run", "--enable-logging=stderr",
            "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={folder / 'profile'}",
            f"--log-net-log={log}", "--virtual-time-budget=20000", "--dump-dom", path.as_uri(),
        ],
        capture_output=True, encoding="utf-8", timeout=120, check=True,
    )  # fmt: skip
    console = [line for line in run.stderr.splitlines() if "CONSOLE" in line]
    events = json.loads(log.read_text(encoding="utf-8"))["events"]
    # The browser's own requests have no origin; a page's has one, which of a file is "null".
    asked = [
        parameters["url"]
        for event in events
        if "url" in (parameters := event.get("params") or {})
        and parameters.get("initiator", "not an origin") != "not an origin"
    ]
    return run.stdout, console, asked


USE = """
const waiting = setInterval(() => {
  if (!document.documentElement.dataset.drawn) return;
  clearInterval(waiting);
  const search = document.getElementById("search");
  search.value = "ALERT(1)";
  search.dispatchEvent(new Event("input"));
  const at = (selector) => document.querySelector(selector);
  at('[data-chart="flows"] .role-legend-symbol path').dispatchEvent(
    new MouseEvent("click", { bubbles: true }));
  at('[data-chart="fan-L3-primary"] path[aria-roledescription="point"]').dispatchEvent(
    new PointerEvent("pointermove", { bubbles: true }));
}, 20);
"""
"""Look for a school, click a legend, point at a chart."""


@pytest.fixture(scope="module")
def dom(projection, tmp_path_factory):
    """The page after somebody has used it."""
    folder = tmp_path_factory.mktemp("browser")
    words = Words("zh")
    with pytest.MonkeyPatch.context() as patch:
        part = room._part
        patch.setattr(room, "_part", lambda n: part(n) + (USE if n == "page.js" else ""))
        specs = {name: chart.to_dict(validate=False) for name, chart in charts(projection, words)}
        html = room.page(projection, specs, words)
    path = folder / "report.html"
    path.write_text(html, encoding="utf-8", newline="\n")
    return opened(path, folder)


def test_every_chart_is_drawn_and_nothing_is_wrong(projection, dom):
    document, console, _ = dom
    assert console == []
    assert 'data-drawn="36"' in document
    shown = re.sub(r"<(script|style).*?</\1>", "", document, flags=re.DOTALL)
    assert shown.count("<svg") == 36
    assert "达标线 0.9" in shown and "NaN" not in shown and "undefined" not in shown


def test_nothing_is_asked_of_any_address(dom, tmp_path):
    assert dom[2] == []
    path = tmp_path / "asks.html"  # that such a request would be seen
    path.write_text('<img src="http://127.0.0.1:9/seen.png">', encoding="utf-8")
    assert opened(path, tmp_path)[2] == ["http://127.0.0.1:9/seen.png"]


def test_a_school_can_be_looked_for(dom):
    document = dom[0]
    rows = re.findall(r'<tr data-school="([^"]*)"( hidden="")?>', document)
    assert rows and all(bool(hidden) == ("alert(1)" not in name) for name, hidden in rows)
    assert any("alert(1)" in name for name, _ in rows)
    chart = document.split('data-chart="schools-L1-primary"')[1].split("</svg>")[0]
    points = re.findall(r'<path aria-label="[^"]*"[^>]*aria-roledescription="point"[^>]*>', chart)
    faint = [point for point in points if 'opacity="0.12"' in point]
    assert len(points) == 41 and len(faint) == 40


def test_a_legend_and_a_point_answer(dom):
    document = dom[0]
    chart = document.split('data-chart="flows"')[1].split("</svg>")[0]
    assert chart.count('opacity="0.2"') == 3 * 2 * 5  # the other three kinds, by stage and year
    [tooltip] = re.findall(r'<div id="vg-tooltip-element"[^>]*>(.*?)</div>', document)
    assert '<td class="key">中位数</td>' in tooltip
