from __future__ import annotations

import sys

import pytest
from typer.testing import CliRunner

pytest.importorskip("streamlit", reason="the extra `app` is not installed")

from streamlit import config
from streamlit.web import bootstrap

from workforce_sim import cli
from workforce_sim.app.serve import OPTIONS, serve
from workforce_sim.scenario import InputError


@pytest.fixture
def started(monkeypatch):
    """What Streamlit was asked to start: its arguments and its settings."""
    calls = []
    monkeypatch.setattr(bootstrap, "load_config_options", lambda options: calls.append(options))
    monkeypatch.setattr(bootstrap, "run", lambda *arguments: calls.append(arguments))
    return calls


def test_it_is_served_to_this_machine_alone_and_says_nothing_to_others(started, scenario, capsys):
    serve(scenario.parent, address="127.0.0.1", port=8599, browser=False)
    settings, (main, _, arguments, _) = started
    assert settings["server.address"] == "127.0.0.1"
    assert settings["server.allowedHosts"] == ["localhost", "127.0.0.1"]
    assert settings["browser.gatherUsageStats"] is False
    assert main.endswith("main.py") and arguments == [str(scenario)]
    told = capsys.readouterr()
    assert "http://127.0.0.1:8599" in told.out and not told.err


def test_another_address_is_served_with_a_warning(started, scenario, capsys):
    serve(scenario, address="0.0.0.0", port=8599, browser=False, language="en")
    assert "no login" in capsys.readouterr().err
    assert "server.allowedHosts" not in started[0]


def test_streamlit_knows_every_setting():
    assert set(OPTIONS) <= set(config.get_config_options())


def test_without_a_scenario_or_the_extra_it_says_what_to_do(monkeypatch, scenario, tmp_path):
    run = CliRunner().invoke(cli.app, ["app", "--county", str(tmp_path)])
    assert isinstance(run.exception, InputError) and "scenario.yaml" in str(run.exception)
    monkeypatch.setitem(sys.modules, "streamlit.web", None)
    run = CliRunner().invoke(cli.app, ["app", "--county", str(scenario.parent)])
    assert isinstance(run.exception, InputError) and "[app]" in str(run.exception)
