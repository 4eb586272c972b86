"""The programs of `make bench-peers` simulate one workload, and its check would notice another."""

from dataclasses import replace
from importlib import import_module

import pytest

from benchmarks import tables
from benchmarks.peers import turns
from benchmarks.peers.__main__ import ENGINE, MOST_ERRORS, PROGRAMS, Measured, furthest
from benchmarks.peers.turns import Turn
from benchmarks.peers.workload import Workload
from benchmarks.processes import Seconds

SEED = 7
FEW = {"benchmarks.peers.numpy_arrays": 20, "benchmarks.peers.simpy_monthly": 1}
"""Replications; 4 of all others."""


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    file = tmp_path_factory.mktemp("workload") / "workload.pickle"
    assert turns.write_workload(file) == "2,528 teachers, 65 schools, 10 years"
    return file


def measured(module, path, replications):
    turns.prepare(module, path)
    return Measured([turns.turn(module, SEED, replications)], None)


@pytest.fixture(scope="module")
def engine(path):
    return measured(ENGINE, path, 100)


@pytest.mark.parametrize("module", [name for name in PROGRAMS if name != ENGINE])
def test_agrees_with_the_engine(module, path, engine):
    program = PROGRAMS[module]
    if missing := program.missing():
        pytest.skip(f"{', '.join(missing)} not installed: `make bench-peers` installs it")
    assert furthest(measured(module, path, FEW.get(module, 4)), engine) < MOST_ERRORS


@pytest.mark.parametrize("change", [{"renewed": 0.5}, {"leavers_a_post": 2}, {"at_school": 60}])
def test_another_workload_is_noticed(change, path, engine):
    program = import_module("benchmarks.peers.numpy_arrays")
    rows = program.simulate(replace(Workload.load(path), **change), SEED, 20)
    other = Measured([Turn.of(20, Seconds(0.0, 0.0), rows)], None)
    assert furthest(other, engine) > MOST_ERRORS


def test_tables_go_between_their_marks(tmp_path, capsys):
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- begin x -->old<!-- end x -->\nb\n", encoding="utf-8")
    tables.publish("x", tables.table(["n", "s"], [["one", 1]]), page)
    assert "old" not in page.read_text(encoding="utf-8")
    assert page.read_text(encoding="utf-8").startswith("a\n<!-- begin x -->\n\n| n | s |\n")
    with pytest.raises(SystemExit, match="lacks the marks"):
        tables.publish("y", "", page)


def test_the_engine_runs_uncompiled_and_its_draws_are_counted(path):
    from benchmarks.peers import limit_uniforms

    assert limit_uniforms.prepare(path) > 2528 * 5  # years of lapses, choices, hirings
