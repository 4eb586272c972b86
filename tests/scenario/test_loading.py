"""Variants, changes on the command line, other years; and what a scenario keeps of its origin."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.scenario.files import HEAD, problems, scenario, told, write
from workforce_sim.scenario import InputError, load_scenario

BASE = (
    HEAD
    + """\
backbone:
  places: {2021: 100, later: 50}
  renewed_share: {dist: normal, mean: 0.7, sd: 0.1, low: 0, high: 1}
exits:
  young: {cause: resign, ages: [0, 30], share_per_year: 0.02}
  death: {cause: death, share_per_year: 0.001}
replacement:
  counted: [retirement, resign]
"""
)


def variant(folder: Path, patch: str, base: str = "../scenario.yaml") -> Path:
    """Write the base and, in a folder below it, a variant: ``patch`` begins in line 5."""
    write(folder, BASE)
    lines = "".join(f"  {line}\n" for line in patch.splitlines())
    head = f"base: {base}\nname: other\nabout: Something else.\npatch:\n"
    return write(folder, head + lines, "policies/other.yaml")


def test_a_patch_merges_mappings_and_replaces_the_rest(tmp_path: Path) -> None:
    path = variant(
        tmp_path,
        "backbone:\n"
        "  places: {2022: 80}\n"
        "  renewed_share: {sd: 0.2}\n"
        "exits:\n"
        "  death: {share_per_year: {dist: beta, a: 1, b: 999}}\n"
        "replacement: {counted: [death]}\n"
        "rotation: {share: 0.2}",
    )
    base, other = load_scenario(tmp_path / "scenario.yaml"), load_scenario(path)
    assert (other.name, other.about) == ("other", "Something else.")
    assert [other.backbone.places.at(y) for y in (2021, 2022, 2023)] == [100, 80, 50]
    assert other.backbone.renewed_share == base.backbone.renewed_share.model_copy(
        update={"sd": 0.2}
    )
    assert other.exits["death"].share_per_year.dist == "beta"
    assert other.exits["young"] == base.exits["young"]
    assert other.replacement.counted == ("death",)
    assert other.rotation.share == 0.2
    assert load_scenario(tmp_path / "scenario.yaml", patch=path) == other
    assert base != other


def test_a_distribution_replaces_another(tmp_path: Path) -> None:
    path = variant(tmp_path, "backbone: {renewed_share: {dist: uniform, low: 0.1, high: 0.3}}")
    assert load_scenario(path).backbone.renewed_share.support() == (0.1, 0.3)


def test_null_removes_a_row_or_a_year_but_is_a_value_elsewhere(tmp_path: Path) -> None:
    path = variant(
        tmp_path, "exits: {young: null}\nbackbone: {places: {2021: null}, term_years: null}"
    )
    loaded = load_scenario(path)
    assert list(loaded.exits) == ["death"]
    assert loaded.backbone.places.at(2021) == 50
    assert loaded.backbone.term_years is None


def test_null_for_a_row_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = variant(tmp_path, "exits:\n  yuong: null")
    (problem,) = problems(path)
    assert (problem.file, problem.line, problem.where) == (str(path), 6, "exits.yuong")
    assert problem.message == "there is no 'yuong' that null could remove; did you mean 'young'?"


@pytest.mark.parametrize(
    ("patch", "line", "where"),
    [
        ("backbone:\n  plcaes: 3", 6, "backbone.plcaes"),
        ("exits:\n  death:\n    share_per_year: 1.4", 7, "exits.death.share_per_year"),
        ("backbone:\n  places:\n    later: null", 6, "backbone.places"),
        ("degrees:\n  a: {ages: [0, 40]}", 6, "degrees.a.share_per_year"),
    ],
)
def test_problems_of_a_patch_are_told_in_the_patch(
    tmp_path: Path, patch: str, line: int, where: str
) -> None:
    path = variant(tmp_path, patch)
    (problem,) = problems(path)
    assert (problem.file, problem.line, problem.where) == (str(path), line, where)


def test_problems_of_the_base_are_told_in_the_base(tmp_path: Path) -> None:
    path = variant(tmp_path, "backbone: {places: x}")
    base = write(tmp_path, BASE + "rotation: {share: 2}\n")
    found = problems(path)
    assert {(Path(p.file), p.line) for p in found} == {(base, 13), (path, 5)}


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ("base: none.yaml\nname: a\nabout: b\npatch: {}\n", "base", "there is no file"),
        ("name: a\nabout: b\npatch: {}\n", "base", "is missing"),
        ("base: other.yaml\nname: a\nabout: b\npatch: {}\n", "base", "its own base"),
        ("base: x\nname: a\nabout: b\npatch: {}\nptach: 1\n", "ptach", "did you mean 'patch'?"),
        ("base: x\nname: a\nabout: b\npatch: 3\n", "patch", "expected a mapping"),
    ],
)
def test_a_broken_variant_is_told(tmp_path: Path, text: str, where: str, message: str) -> None:
    (problem,) = problems(write(tmp_path, text, "other.yaml"))
    assert problem.where == where
    assert message in problem.message


def test_a_variant_of_a_variant(tmp_path: Path) -> None:
    variant(tmp_path, "rotation: {share: 0.2}")
    text = "base: other.yaml\nname: third\nabout: Both.\npatch: {backbone: {max_age: 45}}\n"
    loaded = load_scenario(write(tmp_path, text, "policies/third.yaml"))
    assert (loaded.rotation.share, loaded.backbone.max_age, loaded.name) == (0.2, 45, "third")


def test_the_countys_file_is_relative_to_the_file_that_names_it(tmp_path: Path) -> None:
    assert load_scenario(variant(tmp_path, "{}")).county_path == tmp_path / "county.yaml"
    moved = load_scenario(variant(tmp_path, "county: c.yaml"))
    assert moved.county_path == tmp_path / "policies" / "c.yaml"


def test_overrides(tmp_path: Path) -> None:
    loaded = load_scenario(
        write(tmp_path, BASE),
        overrides=[
            "backbone.renewed_share=0.8",
            "backbone.places.2022 = 7",
            "exits.young=null",
            "enrolment.survival.6={dist: uniform, low: 0.9, high: 1}",
            "rotation.stay_years=3",
            "rotation.stay_years=2",
        ],
    )
    assert loaded.backbone.renewed_share == 0.8
    assert [loaded.backbone.places.at(y) for y in (2021, 2022, 2023)] == [100, 7, 50]
    assert list(loaded.exits) == ["death"]
    assert loaded.enrolment.survival[6].support() == (0.9, 1)
    assert loaded.rotation.stay_years == 2


def test_problems_of_overrides_say_so_all_at_once(tmp_path: Path) -> None:
    overrides = ["backbone.plcaes=3", "rotation.share=1.4", "judged_year=[1"]
    path = write(tmp_path, BASE)
    assert [str(p) for p in problems(path, overrides=overrides[:2])] == [
        "--set: backbone.plcaes: unknown key 'plcaes'; did you mean 'places'?",
        "--set: rotation.share: found 1.4, expected a share between 0 and 1",
    ]
    assert [str(p)[:40] for p in problems(path, overrides=["nothing", "=3", *overrides[2:]])] == [
        "--set: nothing: expected key=value, such",
        "--set: =3: expected key=value, such as b",
        "--set: judged_year: not valid YAML: expe",
    ]


NETWORK = """\
network:
  - {date: 2023-08-01, close: [A]}
  - {date: 2021-08-01, close: [B], into: [C]}
"""
SHORTER: dict[str, Any] = {"years": "2021-2022", "overrides": ["judged_year=2022"]}


def test_years_replace_those_of_the_scenario_and_end_its_network(tmp_path: Path) -> None:
    shorter = scenario(tmp_path, NETWORK, **SHORTER)
    assert str(shorter.years) == "2021-2022"
    assert [event.close for event in shorter.network] == [("B",)]
    assert shorter.problem("network.0.into.0", "").line == 7
    without_last = "network: [{date: 2021-08-01, close: [B], into: [C]}]"
    assert shorter.digest == scenario(tmp_path, without_last, **SHORTER).digest
    assert list(scenario(tmp_path, years="2023").years) == [2023]


@pytest.mark.parametrize(
    ("years", "expected"),
    [
        ("2021-2022", "4: judged_year: 2023 is not one of the simulated years 2021-2022"),
        ("2022-2023", "7: network.1.date: 2021-08-01 is outside of the simulated years 2022-2023"),
        ("soon", "None: years: found 'soon', expected years, first-last, such as 2021-2025"),
        ("2023-2021", "None: years: the first year is after the last (found '2023-2021')"),
    ],
)
def test_years_that_do_not_fit_are_told(tmp_path: Path, years: str, expected: str) -> None:
    assert told(tmp_path, NETWORK, years=years) == [expected]


def test_a_scenario_survives_pickling_with_its_lines(tmp_path: Path) -> None:
    loaded = load_scenario(variant(tmp_path, "backbone:\n  places: 3"))
    copy = pickle.loads(pickle.dumps(loaded))
    assert copy == loaded
    assert copy.digest == loaded.digest
    assert copy.problem("backbone.places", "x") == loaded.problem("backbone.places", "x")
    assert copy.county_path == loaded.county_path


def test_where_a_scenario_was_written_makes_no_difference(tmp_path: Path) -> None:
    one = load_scenario(write(tmp_path, BASE))
    other = load_scenario(write(tmp_path, "# a note\n\n" + BASE, "elsewhere.yaml"))
    assert one == other
    assert one.problem("name", "").line != other.problem("name", "").line


def test_loading_imports_nothing_heavy() -> None:
    heavy = "pandas", "scipy.stats", "numba", "matplotlib", "simpy"
    code = f"import sys, workforce_sim.scenario; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_input_errors_are_one_exception(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"scenario\.yaml:6: rotation\.share: found 3"):
        scenario(tmp_path, "rotation:\n  share: 3\n")


def test_a_variant_adds_its_title_to_that_of_the_base(tmp_path: Path) -> None:
    write(tmp_path, HEAD + "title: 某县\ntitle_en: A county\n")
    head = "base: scenario.yaml\nname: a\nabout: b\ntitle: 少招\ntitle_en: Fewer\n"
    loaded = load_scenario(write(tmp_path, head + "patch: {}\n", "a.yaml"))
    assert (loaded.title, loaded.title_en) == ("某县：少招", "A county: Fewer")
    own = load_scenario(write(tmp_path, head + "patch: {title: 新}\n", "b.yaml"))
    assert (own.title, own.title_en) == ("新", "A county: Fewer")
    write(tmp_path, HEAD)
    assert load_scenario(tmp_path / "a.yaml").title == "少招"
    write(tmp_path, HEAD + "title: 3\n")
    assert problems(tmp_path / "a.yaml")[0].where == "title"
