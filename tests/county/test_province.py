"""A synthetic province: ordinary county folders, all marked, the same from the same seed."""

from pathlib import Path

import pytest

from workforce_sim.assessment import county_of
from workforce_sim.county import load_county
from workforce_sim.county.province import write_province
from workforce_sim.decision.policies import load_policies
from workforce_sim.scenario import InputError, load_scenario

YANGCHENG = Path(__file__).parents[2] / "configs" / "yangcheng"
LIKE = YANGCHENG / "scenario.yaml"


def contents(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_every_county_is_whole_differs_and_is_marked(tmp_path):
    scenarios = write_province(tmp_path / "p", LIKE, counties=5, seed=3)
    counties = [county_of(load_scenario(path)) for path in scenarios]
    assert len({county.digest for county in counties}) == len(counties) == 5
    assert all(20 <= len(county.schools) <= 200 for county in counties)
    assert len({len(county.schools) for county in counties}) > 3
    assert all("totals" in county.synthetic for county in counties)
    assert "totals" not in load_county(YANGCHENG / "county.yaml").synthetic


def test_what_the_plan_states_goes_with_the_staff(tmp_path):
    (path,) = write_province(tmp_path / "p", LIKE, counties=1, seed=3)
    size = county_of(load_scenario(path)).size / load_county(YANGCHENG / "county.yaml").size
    assert abs(size - 1) > 0.05
    scenario, like = load_scenario(path), load_scenario(LIKE)
    assert scenario.replacement.stated_posts == {2021: round(28 * size)}
    assert scenario.backbone.places.later == round(50 * size)
    rows = list(zip(scenario.facilities.investments, like.facilities.investments, strict=True))
    assert all(row.amount == round(old.amount * size) for row, old in rows)
    (twenty,) = load_policies(path, ["arts-pe-20"])
    assert twenty.scenario.arts_pe.recruits_per_year.later == round(20 * size)
    assert twenty.title_en.endswith("(scaled to size)")


def test_same_seed_same_bytes_and_the_first_counties_stay(tmp_path):
    write_province(tmp_path / "a", LIKE, counties=2, seed=3)
    write_province(tmp_path / "b", LIKE, counties=3, seed=3)
    write_province(tmp_path / "c", LIKE, counties=2, seed=4)
    a, b, c = (contents(tmp_path / name) for name in "abc")
    first = {name for name in a if name != "README.txt"}
    assert {name: b[name] for name in first} == {name: a[name] for name in first}
    assert c["county-001/county.yaml"] != a["county-001/county.yaml"]


def test_what_cannot_be_made_is_told_and_leaves_nothing(tmp_path):
    variant = YANGCHENG / "policies" / "one-out-one-in.yaml"
    with pytest.raises(InputError, match="is a variant"):
        write_province(tmp_path / "p", variant)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="is there already"):
        write_province(tmp_path / "full", LIKE, counties=1)
    assert [path.name for path in tmp_path.rglob("*")] == ["full", "mine.txt"]
