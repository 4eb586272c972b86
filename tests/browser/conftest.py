"""A real server on loopback and a real browser that may ask nobody else for anything."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

CONFIGS = Path(__file__).parents[2] / "configs"
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


def _lacking(reason):
    if os.environ.get("WORKFORCE_SIM_REQUIRE_BROWSER"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser():
    try:
        import streamlit  # noqa: F401
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        _lacking(f"not installed: {error.name}")
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        _lacking(f"no browser: none of {', '.join(NAMES)}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


class Server:
    """The command as an officer starts it, for a county's folder of its own."""

    def __init__(self, folder):
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self):
        where = ["--county", str(self.folder), "--port", str(self.port), "--no-browser"]
        program = "from workforce_sim.cli import main; main()"
        self.process = subprocess.Popen(
            [sys.executable, "-c", program, "app", *where],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2):
                    return
            except OSError:
                assert self.process.poll() is None
                time.sleep(0.1)
        raise AssertionError("the server does not answer")

    def kill(self):
        self.process.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
        self.process.wait()


@pytest.fixture(scope="session")
def server(tmp_path_factory, browser):
    folder = tmp_path_factory.mktemp("served") / "county"
    shutil.copytree(CONFIGS / "yangcheng", folder)
    server = Server(folder)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def visit(browser, server, request):
    """Open a page in a window of its own; in the end nothing outside this machine was asked.

    Where WORKFORCE_SIM_SCREENSHOTS names a folder, each window leaves a picture of its end there.
    """
    outside, windows = [], []

    def watch(asked):
        here = asked.url.startswith((server.url, "data:", "blob:"))
        if not here and not asked.url.startswith(server.url.replace("http", "ws")):
            outside.append(asked.url)

    def visit(path="", width=1280, window=None):
        if window is None:
            window = browser.new_context(viewport={"width": width, "height": 900})
            window.on("request", watch)
            windows.append(window)
        page = window.new_page()
        page.set_default_timeout(30_000)
        page.on("dialog", lambda dialog: outside.append(f"dialog: {dialog.message}"))
        page.goto(f"{server.url}/{path}")
        page.wait_for_selector('[data-testid="stMainBlockContainer"]')
        return page

    yield visit
    for nth, window in enumerate(windows, 1):
        if folder := os.environ.get("WORKFORCE_SIM_SCREENSHOTS"):
            name = re.sub(r"\W+", "-", request.node.name.removeprefix("test_")).strip("-")
            path = Path(folder) / f"{name}-{nth}.jpg"
            window.pages[-1].screenshot(path=path, type="jpeg", quality=60)
        window.close()
    assert outside == []
