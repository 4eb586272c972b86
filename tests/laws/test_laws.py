"""Laws that hold in every county and scenario, replication and year."""

import numpy as np
from hypothesis import given

from tests.laws.strategies import people_at_censuses, replications, seeds, worlds
from workforce_sim.assessment import judge
from workforce_sim.scenario.schema import FACILITIES, STAGES
from workforce_sim.simulation.block import set_up, simulate_block, start_rules
from workforce_sim.simulation.ledger import (
    BACKBONE,
    CAUSE,
    FLOW,
    FLOWS,
    LEAVING,
    QUALIFIED,
    SPECIALISTS,
    STAFF,
    TEACHERS,
    items,
)

INTO = [
    FLOW[f]
    for f in (
        "hired_general",
        "hired_arts_pe",
        "rotated_in",
        "returned_in",
        "network_in",
        "reallocated_in",
    )
]
OUT = [
    *range(LEAVING),
    *(FLOW[f] for f in ("rotated_out", "returned_out", "network_out", "reallocated_out")),
]


@given(worlds(), seeds, replications)
def test_people_are_conserved(case, seed, n):
    """Opening + entries - exits = closing: each school, year and replication; likewise titles."""
    scenario, county = case
    ledger = simulate_block(scenario, county, seed, range(n))
    opening = set_up(scenario, county, seed, range(n)).pool.counts
    staff, backbone = opening[..., STAFF].astype(int), opening[..., BACKBONE].sum(axis=1)
    for year in range(len(scenario.years.range)):
        for half in (0, 1):
            flows = ledger.flows[year, half].astype(int)
            staff = staff + flows[..., INTO].sum(axis=-1) - flows[..., OUT].sum(axis=-1)
            county_flows = flows.sum(axis=1)
            backbone = (
                backbone
                + county_flows[:, FLOW["awarded"]]
                - county_flows[:, FLOW["lapsed"]]
                - county_flows[:, FLOW["backbone_left"]]
            )
            if half == 0:
                assert (staff == ledger.census[year, ..., STAFF]).all()
                assert (backbone == ledger.census[year, ..., BACKBONE].sum(axis=1)).all()
    assert (staff == ledger.closing).all()


@given(worlds(), seeds, replications)
def test_changes_by_cause_add_up_to_every_census(case, seed, n):
    """Baseline and changes are the census, item by item; each cause moves what it may move."""
    scenario, county = case
    ledger = simulate_block(scenario, county, seed, range(n))
    counted = scenario.counting.arts_pe
    before = items(set_up(scenario, county, seed, range(n)).pool.counts, counted).astype(int)
    for year in range(len(scenario.years.range)):
        after = items(ledger.census[year], counted).astype(int)
        assert (before + ledger.changes[year].sum(axis=2, dtype=int) == after).all()
        before = after
    total = ledger.changes.sum(axis=(0, 2), dtype=int)  # (R, cause, item)
    flows = ledger.flows.sum(axis=(0, 1, 3), dtype=int)
    assert (total[:, [CAUSE[c] for c in ("rotation", "network", "reallocation")]] == 0).all()
    for cause, item, flow in (("awarded", 1, 1), ("lapsed", 1, -1), ("degrees", 0, 1)):
        name = "qualified" if cause == "degrees" else cause
        assert (total[:, CAUSE[cause], item] == flow * flows[:, FLOW[name]]).all()
        assert (np.delete(total[:, CAUSE[cause]], item, axis=-1) == 0).all()
    leaving = total[:, [CAUSE["retirement"], CAUSE["other_exits"]]].sum(axis=1)
    assert (leaving[:, 0] == -flows[:, FLOW["qualified_left"]]).all()
    assert (leaving[:, 1] == -flows[:, FLOW["backbone_left"]]).all()
    retired, hired = flows[:, FLOW["retirement"]], flows[:, FLOW["hired_arts_pe"]]
    assert (-total[:, CAUSE["retirement"]] <= retired[:, None]).all()
    assert (total[:, CAUSE["hired_arts_pe"]] <= hired[:, None]).all()


@given(worlds(), seeds, replications)
def test_counts_equal_a_recount_of_the_people(case, seed, n):
    """The census, and the ratios reported, are those of the people, counted again from scratch."""
    scenario, county = case
    world = set_up(scenario, county, seed, range(n))
    start_rules(world)
    censuses = people_at_censuses(world)
    world.calendar.run()
    projection = judge(scenario, county, world.ledger, seed=seed, requested=n)
    ratios = projection.ratios.set_index(["year", "stage", "indicator"])
    first = SPECIALISTS if scenario.counting.arts_pe == "specialists" else TEACHERS
    for nth, people in enumerate(censuses):
        year = scenario.years.first + nth
        for s in range(len(world.schools.names)):
            here = people["school"] == s
            found = world.ledger.census[nth, :, s]
            assert (found[:, STAFF] == here.sum(axis=1)).all()
            assert (found[:, QUALIFIED] == (here & people["qualified"]).sum(axis=1)).all()
            assert (found[:, BACKBONE] == (here & (people["award"] >= 0)).sum(axis=1)).all()
            for subject in (1, 2, 3):
                teaches = here & (people["subject"] == subject)
                trained = teaches & people["specialist"]
                assert (found[:, TEACHERS - 1 + subject] == teaches.sum(axis=1)).all()
                assert (found[:, SPECIALISTS - 1 + subject] == trained.sum(axis=1)).all()
        for code, stage in enumerate(("primary", "junior")):
            of_stage = world.schools.stage == code
            if not of_stage.any():
                assert (year, stage, "L1") not in ratios.index
                continue
            here = (people["school"] >= 0) & of_stage[people["school"]]
            counted = (people["subject"] > 0) & (people["specialist"] | (first == TEACHERS))
            pupils = world.ledger.pupils[nth][:, of_stage].sum(axis=1)
            for indicator, holds in (
                ("L1", people["qualified"]),
                ("L2", people["award"] >= 0),
                ("L3", counted),
            ):
                reported = ratios.loc[(year, stage, indicator), "mean"]
                if (pupils > 0).any():
                    each = 100 * (here & holds).sum(axis=1)[pupils > 0] / pupils[pupils > 0]
                    assert np.isclose(reported, each.mean(), rtol=1e-12, atol=0)
                else:
                    assert np.isnan(reported)


@given(worlds(), seeds, replications)
def test_hires_never_exceed_the_allowance(case, seed, n):
    """Posts follow floor(joins x leavers / leavers-per-post), from the ledger's own leavers."""
    scenario, county = case
    ledger = simulate_block(scenario, county, seed, range(n))
    rule, programme = scenario.replacement, scenario.arts_pe
    flows = ledger.flows.sum(axis=(1, 3), dtype=int)
    hired = flows[..., FLOW["hired_general"]] + flows[..., FLOW["hired_arts_pe"]]
    on_top = [
        0 if programme.within_quota else programme.recruits_per_year.at(year)
        for year in scenario.years.range
    ]
    counted = ledger.leavers[..., [FLOW[c] for c in rule.counted]].sum(axis=(2, 3), dtype=int)
    before = sum(rule.leavers_year_before_start.values())
    for y, year in enumerate(scenario.years.range):
        # Everybody who left before this hiring day, and every number the plan stated, at most.
        left = counted[: 12 * y + 7].sum(axis=0) + before
        stated = sum(posts for when, posts in rule.stated_posts.items() if when <= year)
        allowed = rule.joins * left // rule.leavers + stated + sum(on_top[: y + 1])
        assert (hired[: y + 1].sum(axis=0) <= allowed).all()


@given(worlds(), seeds, replications)
def test_titles_and_training_belong_to_the_living(case, seed, n):
    """Nobody is gone and counted, trained in no subject, or over the number of the staff."""
    scenario, county = case
    census = simulate_block(scenario, county, seed, range(n)).census
    staff = census[..., STAFF]
    assert (census >= 0).all()
    assert (census[..., BACKBONE] <= staff).all()
    assert (census[..., QUALIFIED] <= staff).all()
    teachers = census[..., TEACHERS : TEACHERS + 3]
    assert (teachers.sum(axis=-1) <= staff).all()
    assert (census[..., SPECIALISTS : SPECIALISTS + 3] <= teachers).all()


@given(worlds(), seeds, replications)
def test_rotation_keeps_its_legal_shares(case, seed, n):
    """At least the share of the eligible moves, and never one more than that takes.

    By need, somebody may find that no other school has pupils, and stays: the ledger says so.
    """
    scenario, county = case
    ledger = simulate_block(scenario, county, seed, range(n))
    eligible, moved, backbone = np.moveaxis(ledger.rotation.astype(int), -1, 0)
    rotated = ledger.flows[..., FLOW["rotated_in"]].sum(axis=(1, 3))
    if scenario.rotation.destinations == "random":
        assert (moved >= scenario.rotation.share * eligible - 1e-9).all()
    assert ((moved - 1 < scenario.rotation.share * eligible) | (moved == 0)).all()
    assert (rotated == moved).all()
    assert (backbone <= moved).all()


@given(worlds(), seeds)
def test_a_replication_does_not_depend_on_its_block(case, seed):
    """Replication 2 alone, and among five, is the same to the byte."""
    scenario, county = case
    together = simulate_block(scenario, county, seed, range(5))
    alone = simulate_block(scenario, county, seed, range(2, 3))
    assert together.census[:, 2:3].tobytes() == alone.census.tobytes()
    assert together.flows[:, :, 2:3].tobytes() == alone.flows.tobytes()
    assert together.pupils[:, 2:3].tobytes() == alone.pupils.tobytes()
    assert len(FLOWS) == together.flows.shape[-1]


@given(worlds(), seeds, replications)
def test_facilities_are_conserved(case, seed, n):
    """Without wear and losses on closing, what a county has is what it had and what was added."""
    scenario, county = case
    keeps_all = scenario.facilities.model_copy(
        update={"wear_per_year": {}, "kept_on_closing": dict.fromkeys(FACILITIES, 1.0)}
    )
    rules = scenario.model_copy(update={"facilities": keeps_all})
    ledger = simulate_block(rules, county, seed, range(n))
    assert np.isnan(ledger.facilities).any() == (not county.schools.known.all())
    if not county.schools.known.all():
        return
    for nth, year in enumerate(rules.years):
        day = rules.dates.on("census", year)
        for item, name in enumerate(FACILITIES):
            added = sum(
                row.amount
                for row in rules.facilities.investments
                if row.item == name and row.date <= day and _receives(rules, county, row)
            )
            have = ledger.facilities[nth, :, :, item].sum(axis=1)
            assert np.allclose(have, county.schools.facilities[:, item].sum() + added)


def _receives(rules, county, row):
    """Say whether any school may have an investment: in these worlds the first is always open."""
    return row.stage in (None, STAGES[county.schools.stage[0]])
