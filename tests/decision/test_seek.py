"""The search for the smallest change that passes."""

from __future__ import annotations

import itertools

import pytest
from ruamel.yaml import YAML

from tests.counties import School, Teacher, county, scenario
from workforce_sim.decision import seek as seeking
from workforce_sim.decision.levers import parse_lever
from workforce_sim.decision.outcome import parse_goal
from workforce_sim.decision.seek import seek
from workforce_sim.scenario import InputError

YEARS = "2021-2022"
COUNTY = county(
    [School("甲", "primary", (150,) * 6)],
    [Teacher("甲", "1990-01") for _ in range(60)]
    + [Teacher("甲", f"1961-{month:02d}") for month in range(1, 13)],  # twelve retire in 2021
)
RECRUITS = "arts_pe.recruits_per_year"


@pytest.fixture
def file(tmp_path):
    """Write a scenario without chance; sections replace those of the hand-made one."""

    def write(**sections):
        text = scenario(
            years=YEARS,
            judged_year=2022,
            recruits={"bachelor_share": 1.0, "specialist_share": 1.0},
            **sections,
        ).model_dump(mode="json", exclude_defaults=True)
        text["years"] = YEARS
        for section in ("arts_pe", "backbone"):
            for key, value in text.get(section, {}).items():
                if isinstance(value, dict) and "later" in value:
                    text[section][key] = value["later"]
        path = tmp_path / "scenario.yaml"
        with path.open("w", encoding="utf-8") as out:
            YAML().dump(text, out)
        return path

    return write


def search(path, levers, goal, **more):
    return seek(path, levers, goal, county=COUNTY, replications=10, workers=1, **more)


def test_the_answer_that_can_be_worked_out_by_hand(file):
    """900 pupils need 8.1 specialists; there are none, and two years of recruits: five a year."""
    found = search(file(), f"{RECRUITS}=0..20", "P(L3 primary, 2022) >= 0.95")
    assert (found.status, found.answer, found.method) == ("found", {RECRUITS: 5}, "bisection")
    assert found.fresh[RECRUITS].tolist() == [4, 5]
    assert found.fresh["meets"].tolist() == [False, True]
    assert found.tried["p"].isin([0, 1]).all()


def test_a_goal_that_is_met_already(file):
    """60 young graduates are more than the 37.8 that 900 pupils need, whoever is hired."""
    path = file(replacement={"joins": 1, "leavers": 3})
    found = search(path, "replacement.leavers=1..10", "P(L1 primary, 2022) >= 0.9")
    assert (found.status, found.answer) == ("already_met", {"replacement.leavers": 1})


def test_the_largest_value_is_the_answer_where_more_is_worse(monkeypatch, file):
    pretend(monkeypatch, lambda value: 1.0 if value <= 7 else 0.0)
    found = search(file(), f"{RECRUITS}=0..20", "P(L3 primary, 2022) >= 0.95")
    assert found.answer == {RECRUITS: 7}
    assert found.bracket == (7, 7)


@pytest.mark.parametrize("least", [0.2, 0.5, 0.97])
@pytest.mark.parametrize(
    "curve",
    [
        lambda v: v / 40,
        lambda v: min(1, (v / 30) ** 3),
        lambda v: 0.0 if v < 13 else 0.98,
        lambda v: 1 - v / 40,
    ],
)
def test_it_agrees_with_an_exhaustive_scan(monkeypatch, file, curve, least):
    pretend(monkeypatch, curve)
    found = search(file(), f"{RECRUITS}=0..40", f"P(L3 primary, 2022) >= {least}")
    meeting = [value for value in range(41) if curve(value) >= least]
    expected = max(meeting) if curve(0) > curve(40) else min(meeting)
    assert found.answer == {RECRUITS: expected}
    assert len(found.tried) <= 14


def test_it_agrees_with_an_exhaustive_scan_of_a_real_simulation(file):
    path = file(filling={"arts_pe": {"county_seat": 0.5, "town": 0.5, "village": 0.5}})
    for goal in (0.3, 0.6, 0.9):
        text = f"P(L3 primary, 2022) >= {goal}"
        found = seek(path, f"{RECRUITS}=0..30", text, county=COUNTY, replications=100, workers=1)
        p = [
            seeking._Search.tried(_search(path, text), (float(n),), 2021, 400)["p"]
            for n in range(31)
        ]
        assert found.answer == {RECRUITS: next(n for n in range(31) if p[n] >= goal)}


def _search(path, goal):
    rules = seeking.load_scenario(path)
    return seeking._Search(
        build=lambda changes: seeking.load_scenario(path, overrides=changes),
        county=COUNTY,
        goal=parse_goal(goal, 2022),
        levers=(parse_lever(f"{RECRUITS}=0..30", rules),),
        costs={},
        replications=100,
        seed=2021,
        workers=1,
        progress=None,
        expected=1,
    )


def test_a_hump_is_scanned(monkeypatch, file):
    """Met only in the middle: both ends fail, so bisection alone would say: never."""
    pretend(monkeypatch, lambda value: 1.0 if 14 <= value <= 30 else 0.0)
    found = search(file(), f"{RECRUITS}=0..40", "P(L3 primary, 2022) >= 0.95")
    assert (found.method, found.answer) == ("scan", {RECRUITS: 14})


def test_a_goal_that_cannot_be_reached(monkeypatch, file):
    pretend(monkeypatch, lambda value: value / 100)
    found = search(file(), f"{RECRUITS}=0..40", "P(L3 primary, 2022) >= 0.95")
    assert (found.status, found.answer) == ("not_reached", None)
    assert found.best[RECRUITS] == 40
    assert found.bracket == (None, None)


def test_an_early_stop_does_not_decide(file):
    """Both sides of the answer are simulated in full."""
    path = file(filling={"arts_pe": {"county_seat": 0.5, "town": 0.5, "village": 0.5}})
    text = "P(L3 primary, 2022) >= 0.5"
    found = seek(path, f"{RECRUITS}=0..30", text, county=COUNTY, replications=100, workers=1)
    edge = found.tried.set_index(RECRUITS).loc[[found.answer[RECRUITS] - 1, found.answer[RECRUITS]]]
    assert edge["replications"].tolist() == [400, 400]
    assert edge["meets"].tolist() == [False, True]


def test_the_cheapest_of_two_levers(monkeypatch, file):
    """Both levers bring people; the frontier is the one that brute force finds, with its costs."""
    path = file(costs={"per_unit": {RECRUITS: 80, "replacement.arts_pe_posts": 30}})
    pretend(monkeypatch, lambda a, b: 1.0 if 2 * a + b >= 11 else 0.0)
    levers = [f"{RECRUITS}=0..6", "replacement.arts_pe_posts=0..9"]
    found = search(path, levers, "P(L3 primary, 2022) >= 0.95")
    meeting = {(a, b) for a, b in itertools.product(range(7), range(10)) if 2 * a + b >= 11}
    lowest = {
        p for p in meeting if not any(q != p and q[0] <= p[0] and q[1] <= p[1] for q in meeting)
    }
    assert (
        set(found.frontier[[RECRUITS, "replacement.arts_pe_posts"]].itertuples(index=False))
        == lowest
    )
    assert found.answer == min(
        ({RECRUITS: a, "replacement.arts_pe_posts": b} for a, b in lowest),
        key=lambda p: 80 * p[RECRUITS] + 30 * p["replacement.arts_pe_posts"],
    )
    assert found.frontier["cost"].is_monotonic_increasing


def test_a_stopped_search_gives_the_best_so_far(monkeypatch, file):
    curve = iter([0.1, 0.9, 0.4])

    def p(value):
        try:
            return next(curve)
        except StopIteration:
            raise KeyboardInterrupt from None

    pretend(monkeypatch, p)
    found = search(file(), f"{RECRUITS}=0..40", "P(L3 primary, 2022) >= 0.8")
    assert found.status == "unfinished" and not found.provenance["complete"]
    assert found.answer == {RECRUITS: 40} and len(found.tried) == 3


def test_a_stopped_search_where_more_is_worse_gives_the_largest_so_far(monkeypatch, file):
    curve = iter([0.9, 0.1, 0.85, 0.2])

    def p(value):
        try:
            return next(curve)
        except StopIteration:
            raise KeyboardInterrupt from None

    pretend(monkeypatch, p)
    found = search(file(), f"{RECRUITS}=1..41", "P(L3 primary, 2022) >= 0.8")
    assert found.status == "unfinished" and found.answer == {RECRUITS: 21}


def test_progress_counts_replications_and_is_never_above_the_whole(file):
    told = []
    goal = "P(L3 primary, 2022) >= 0.95"
    search(file(), f"{RECRUITS}=0..20", goal, progress=lambda *done: told.append(done))
    assert [done for done, _ in told] == list(range(10, 10 * len(told) + 1, 10))
    assert all(done <= whole for done, whole in told)


@pytest.mark.parametrize(
    ("lever", "message"),
    [
        ("arts_pe.recruit_per_year", "did you mean 'arts_pe.recruits_per_year'"),
        ("nothing", "there are arts_pe.recruits_per_year"),
        ("arts_pe.recruits_per_year=20..3", "lower bound 20 is not below the upper bound 3"),
        ("arts_pe.recruits_per_year=0..1.5", "it is a whole number"),
        ("arts_pe.recruits_per_year=0-9", "expected a path and bounds"),
        ("rotation.share=0..1/0.000001", "values; 2 to 10,000 can be tried"),
    ],
)
def test_levers_that_are_none(file, lever, message):
    with pytest.raises(InputError, match=message):
        search(file(), lever, "P(L3, 2022) >= 0.95")


def test_years_that_are_named_are_left_alone():
    rules = scenario(arts_pe={"recruits_per_year": {2021: 0, "later": 10}})
    assert parse_lever(RECRUITS, rules).overrides(7) == [f"{RECRUITS}.later=7"]
    rules = scenario(backbone={"places": dict.fromkeys(range(2021, 2026), 50)})
    lever = parse_lever("backbone.places=0..10", rules)
    assert lever.now == 50
    assert lever.overrides(7) == [f"backbone.places.{year}=7" for year in range(2021, 2026)]
    assert parse_lever("rotation.share", rules).values[1] == 0.01


def pretend(monkeypatch, curve):
    """Let P(event) be a given function of the levers, as if simulated without error."""

    def tried(self, point, seed, least):
        p = curve(*point)
        row = {lever.path: value for lever, value in zip(self.levers, point, strict=True)}
        cost = sum(self.costs.get(path, 0) * value for path, value in row.items())
        errors = {"p_se": 0.0, "p_low": p, "p_high": p}
        settled = {"meets": p >= self.goal.least, "settled": True, "cost": cost}
        return row | {"replications": 4 * self.replications, "p": p} | errors | settled

    monkeypatch.setattr(seeking._Search, "tried", tried)
