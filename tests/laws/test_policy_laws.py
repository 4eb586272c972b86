"""How results move with the policy and the county, as far as it truly holds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.counties import School, Teacher, county, scenario
from tests.laws.strategies import replications, seeds, worlds
from workforce_sim.assessment import simulate
from workforce_sim.scenario.forms import ByYear
from workforce_sim.simulation.block import simulate_block
from workforce_sim.simulation.ledger import BACKBONE, COUNTS, SPECIALISTS


def with_section(rules, name, **changes):
    """Return a scenario with some fields of a section changed."""
    return rules.model_copy(update={name: getattr(rules, name).model_copy(update=changes)})


def everywhere(rules):
    """Return a scenario in which posts are filled alike in every area."""
    same = {
        kind: getattr(rules.filling, kind).model_copy(
            update=dict.fromkeys(("county_seat", "village"), getattr(rules.filling, kind).town)
        )
        for kind in ("general", "arts_pe")
    }
    return with_section(rules, "filling", **same)


@given(worlds(), seeds, replications, st.integers(0, 4), st.integers(1, 4))
def test_more_recruits_on_top_never_lower_the_county_s_specialists(case, seed, n, few, more):
    """In no replication and no year, where posts are filled alike everywhere and by specialists.

    The recruits there were stay the same people; those on top only add. (Where an area fills its
    posts worse, a specialist more in one school can send a general post to that area, and it may
    stay vacant. Where recruits are not trained, one more of them can take a place of retraining
    from somebody who would have succeeded. In both cases the claim does not hold.)
    """
    rules, place = case
    rules = with_section(everywhere(rules), "arts_pe", within_quota=False)
    rules = with_section(rules, "recruits", specialist_share=1.0)
    counts = [
        simulate_block(
            with_section(rules, "arts_pe", recruits_per_year=ByYear(later=posts)),
            place,
            seed,
            range(n),
        )
        .census[..., SPECIALISTS:]
        .sum(axis=(-1, -2))
        for posts in (few, few + more)
    ]
    assert (counts[1] >= counts[0]).all()


@given(worlds(), seeds, replications, st.integers(0, 4), st.integers(1, 4))
def test_more_places_for_life_never_lower_the_county_s_backbone(case, seed, n, few, more):
    """In no replication and no year, where awards are for life and go county-wide (merit).

    (With terms, an award a year earlier lapses a year earlier; by need, another school is served,
    and whoever is chosen there may leave sooner: then the claim does not hold.)
    """
    rules, place = case
    rules = with_section(rules, "backbone", term_years=None, spread="merit")
    counts = [
        simulate_block(
            with_section(rules, "backbone", places=ByYear(later=places)), place, seed, range(n)
        )
        .census[..., BACKBONE]
        .sum(axis=-1)
        for places in (few, few + more)
    ]
    assert (counts[1] >= counts[0]).all()


def test_the_order_of_the_roster_changes_no_distributional_result():
    """Rows permuted: other people draw other fates, and all means stay within 6 standard errors."""
    schools = [
        School(n, "primary", (size,) * 6) for n, size in (("甲", 30), ("乙", 20), ("丙", 10))
    ]
    teachers = [
        Teacher(
            "甲乙丙"[n % 3],
            f"{1961 + n % 35}-{1 + n % 12:02}",
            subject="music" if n % 5 == 0 else "other",
            specialist=n % 10 == 0,
            degree=1 + n % 2,
        )
        for n in range(60)
    ]
    rules = scenario(
        exits={"all": {"cause": "resign", "share_per_year": 0.05}},
        replacement={"joins": 1},
        backbone={"places": 4, "term_years": 3, "renewed_share": 0.5},
        rotation={"share": 0.2},
        degrees={"all": {"ages": [0, 60], "share_per_year": 0.2}},
    )
    reordered = np.random.default_rng(5).permutation(len(teachers))
    one, other = (
        simulate_block(rules, county(schools, rows), 3, range(1000)).census.astype(float)
        for rows in (teachers, [teachers[n] for n in reordered])
    )
    error = np.sqrt((one.var(axis=1) + other.var(axis=1)) / 1000)
    assert (np.abs(one.mean(axis=1) - other.mean(axis=1)) <= 6 * error + 1e-9).all()


@pytest.mark.parametrize("factor", [2, 3])
def test_a_county_of_several_equal_parts_has_the_ratios_of_one(factor):
    """Chance off, one post for one leaver: every stage's ratio is the same to the last digit."""
    schools = [School("甲", "primary", (20,) * 6), School("乙", "junior", (30,) * 3)]
    teachers = [Teacher("甲乙"[n % 2], f"{1961 + n}-05") for n in range(12)]
    rules = scenario(
        replacement={"leavers": 1, "joins": 1, "pool": "stage"},
        arts_pe={"recruits_per_year": 0},
        backbone={"places": 0},
        recruits={"subjects": {"pe": 1.0}},
    )

    def several(times):
        copies = range(times)
        return county(
            [School(f"{s.name}{c}", s.stage, s.grades) for s in schools for c in copies],
            [Teacher(f"{t.school}{c}", t.birth) for t in teachers for c in copies],
        )

    one, many = (
        simulate(rules, county=several(times), replications=2, workers=1).ratios
        for times in (1, factor)
    )
    assert one["mean"].equals(many["mean"])
    assert one["sd"].max() == 0
    assert len(COUNTS) == 9
