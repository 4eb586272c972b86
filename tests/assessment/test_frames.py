"""The tables of a judgement, computed by hand.

Four replications, two years, three schools of 1,000 pupils: 乙 a junior school, 甲 and 丙
primary schools. In 2022 丙 has no pupils, and 甲 has 500 in two of the replications, too few to be
judged. Thresholds for 1,000 pupils: primary 42, 10, 9; junior 53, 10, 9.
"""

import numpy as np
import pandas as pd
import pytest

from tests.counties import School, Teacher, county, scenario
from workforce_sim.assessment import frames
from workforce_sim.assessment.judgement import Judgement
from workforce_sim.simulation.ledger import FLOW, Ledger

YEARS = (2021, 2022)
SCHOOLS = [
    School("乙", "junior", (1,), "town"),
    School("甲", "primary", (1,), "county_seat"),
    School("丙", "primary", (1,), "village"),
]
# year, school: the items of L1, L2 and L3 in each replication
ITEMS = {
    (2021, "乙"): [[53, 53, 53, 53], [10, 9, 8, 8], [9, 9, 9, 9]],
    (2021, "甲"): [[42, 42, 42, 41], [10, 10, 10, 10], [9, 9, 8, 8]],
    (2021, "丙"): [[50, 50, 50, 50], [12, 12, 12, 12], [9, 10, 9, 10]],
    (2022, "乙"): [[53, 53, 53, 50], [10, 10, 10, 10], [9, 9, 9, 9]],
    (2022, "甲"): [[42, 40, 21, 21], [10, 10, 5, 5], [9, 9, 4, 4]],
    (2022, "丙"): [[0] * 4] * 3,
}
PUPILS = [[[1000, 1000, 1000]] * 4, [[1000, 1000, 0]] * 2 + [[1000, 500, 0]] * 2]
JUNIOR, PRIMARY, BOTH, COUNTY = "junior", "primary", "both", "county"


@pytest.fixture
def judged():
    names = [school.name for school in SCHOOLS]
    items = np.array([[ITEMS[year, name] for name in names] for year in YEARS], float)
    return Judgement(
        scenario(counting={"smallest_school_pupils": 600}),
        county(SCHOOLS, [Teacher("乙", "1980-01")]).schools,
        np.moveaxis(items, 3, 1),  # year, school, indicator, replication
        np.array(PUPILS, np.int32),
    )


def keys(table, *columns):
    """Return the first columns of every row, and check that they are the first."""
    assert tuple(table.columns[: len(columns)]) == columns
    assert table.index.tolist() == list(range(len(table)))
    return list(table[list(columns)].itertuples(index=False, name=None))


def figures(table, name, **where):
    """Return a column of the rows that fit."""
    for column, value in where.items():
        table = table[table[column] == value]
    return pytest.approx(table[name].tolist(), rel=1e-12, nan_ok=True)


def test_ratios(judged):
    table = frames.ratios(judged, YEARS)
    of_year = [(s, i) for s in (PRIMARY, JUNIOR) for i in ("L1", "L2", "L3")]
    of_year += [(BOTH, "L2"), (BOTH, "L3")]  # L1 has a threshold for each stage
    found = keys(table, "year", "stage", "indicator")
    assert found == [(year, *rest) for year in YEARS for rest in of_year]
    assert table.columns.tolist()[3:] == [
        *("mean", "sd", "q05", "q25", "q50", "q75", "q95"),
        *("p_meets", "p_meets_se", "p_meets_low", "p_meets_high", "threshold"),
    ]
    assert figures(table, "threshold") == [4.2, 1, 0.9, 5.3, 1, 0.9, 1, 0.9] * 2
    # 2021: L1 92, 92, 92 and 91 of 2,000; L2 22 of 2,000, L3 18, 19, 17, 18 of 2,000
    assert figures(table, "mean", year=2021, stage=PRIMARY) == [4.5875, 1.1, 0.9]
    assert figures(table, "sd", year=2021, stage=PRIMARY, indicator="L1") == [0.025]
    assert figures(table, "q05", year=2021, stage=PRIMARY, indicator="L1") == [4.5575]
    assert figures(table, "p_meets", year=2021, stage=PRIMARY) == [1, 1, 0.75]
    assert figures(table, "mean", year=2021, stage=JUNIOR) == [5.3, 0.875, 0.9]
    assert figures(table, "p_meets", year=2021, stage=JUNIOR) == [1, 0.25, 1]
    # both: L2 32, 31, 30, 30 of 3,000; L3 27, 28, 26, 27
    assert figures(table, "mean", year=2021, stage=BOTH) == [41 / 40, 0.9]
    assert figures(table, "p_meets", year=2021, stage=BOTH) == [1, 0.75]
    # 2022: 甲 alone
    assert figures(table, "mean", year=2022, stage=PRIMARY) == [4.15, 1, 0.85]
    assert figures(table, "p_meets", year=2022, stage=PRIMARY) == [0.75, 1, 0.5]


def test_ratios_of_one_stage_have_no_both():
    only = Judgement(
        scenario(),
        county(SCHOOLS[:1], [Teacher("乙", "1980-01")]).schools,
        np.array([[[[53.0, 9, 9]]]]),
        np.array([[[1000]]], np.int32),
    )
    found = keys(frames.ratios(only, [2021]), "year", "stage", "indicator")
    assert found == [(2021, JUNIOR, i) for i in ("L1", "L2", "L3")]
    assert set(frames.differences(only, [2021])["stage"]) == {JUNIOR}


def test_ratios_without_pupils_are_no_failure():
    """Where a stage has no pupils in a replication, it is not asked whether it meets."""
    pupils = np.array([[[1000], [0]]], np.int32)
    only = Judgement(
        scenario(),
        county(SCHOOLS[:1], [Teacher("乙", "1980-01")]).schools,
        np.array([[[[53.0, 9, 9]], [[0, 0, 0]]]]),
        pupils,
    )
    assert figures(frames.ratios(only, [2021]), "p_meets") == [1, 0, 1]
    assert figures(frames.differences(only, [2021]), "p_within") == [1, 1, 1]
    assert figures(frames.ratios(only, [2021]), "mean") == [0.53 * 10, 0.9, 0.9]


def test_schools(judged):
    table = frames.schools(judged, YEARS)
    columns = ("year", "school", "stage", "area", "indicator", "pupils", "judged")
    assert tuple(table.columns[:7]) == columns
    assert [tuple(row) for row in table[["year", "school", "indicator"]].to_numpy()] == [
        (year, name, i)
        for year, names in ((2021, "乙甲丙"), (2022, "乙甲"))
        for name in names
        for i in ("L1", "L2", "L3")
    ]
    assert list(dict.fromkeys(zip(table.school, table.stage, table.area, strict=True))) == [
        ("乙", "junior", "town"),
        ("甲", "primary", "county_seat"),
        ("丙", "primary", "village"),
    ]
    assert figures(table, "threshold", year=2022, school="乙") == [5.3, 1, 0.9]
    assert figures(table, "threshold", year=2022, school="甲") == [4.2, 1, 0.9]
    assert figures(table, "pupils", year=2022, school="甲") == [750] * 3
    assert figures(table, "judged", year=2022, school="甲") == [0.5] * 3
    assert figures(table, "judged", year=2021, school="丙") == [1] * 3
    assert figures(table, "mean", year=2021, school="甲") == [4.175, 1, 0.85]
    assert figures(table, "p_meets", year=2021, school="甲") == [0.75, 1, 0.5]
    assert figures(table, "mean", year=2022, school="甲") == [4.15, 1, 0.85]
    assert figures(table, "p_meets", year=2022, school="甲") == [0.5, 1, 1]  # of two judged
    assert figures(table, "p_meets", year=2022, school="乙") == [0.75, 1, 1]


def test_a_single_pupil_is_enough_for_a_row(judged):
    pupils = np.array([[[1000, 1, 0], [1000, 0, 0]]], np.int32)
    one = Judgement(judged.scenario, judged.schools, judged.items[:1, :2], pupils)
    assert frames.school_verdicts(one, [2021])["school"].tolist() == ["乙", "甲"]
    assert frames.schools(one, [2021])["school"].drop_duplicates().tolist() == ["乙", "甲"]


def test_needs(judged):
    table = frames.needs(judged, YEARS)
    assert keys(table, "year", "school", "stage", "area", "indicator") == [
        (year, school.name, school.stage, school.area, i)
        for year in YEARS
        for school in SCHOOLS
        if (year, school.name) != (2022, "丙")
        for i in ("L1", "L2", "L3")
    ]
    assert figures(table, "mean", year=2021, school="甲") == [0.25, 0, 0.5]  # 42 - 41; 9 - 8 twice
    assert figures(table, "p_short", year=2021, school="甲") == [0.25, 0, 0.5]
    assert figures(table, "mean", year=2021, school="乙") == [0, 1.25, 0]  # 0, 1, 2 and 2
    assert figures(table, "p_short", year=2021, school="乙") == [0, 0.75, 0]
    assert figures(table, "mean", year=2022, school="甲") == [1, 0, 0]  # 0 and 2, where judged
    assert figures(table, "p_short", year=2022, school="甲") == [0.5, 0, 0]


def test_school_verdicts(judged):
    """2021: 甲 misses L1 (98%) and L3 (89%) in the last replication: one miss may be repaired."""
    table = frames.school_verdicts(judged, YEARS)
    assert keys(table, "year", "school", "stage", "area", "judged") == [
        (2021, "乙", "junior", "town", 1),
        (2021, "甲", "primary", "county_seat", 1),
        (2021, "丙", "primary", "village", 1),
        (2022, "乙", "junior", "town", 1),
        (2022, "甲", "primary", "county_seat", 0.5),
    ]
    # 乙 in 2021: L2 10, 9 (90%), 8 and 8 (80%); in 2022: L1 50 of 53 (94%) once
    assert figures(table, "p_all_met") == [0.25, 0.5, 1, 0.75, 0.5]
    assert figures(table, "p_open") == [0.5, 0.75, 1, 1, 1]
    assert figures(table, "p_failed") == [0.5, 0.25, 0, 0, 0]


def test_differences(judged):
    """Primary L1 in 2021: 4.2 and 5.0, mean 4.6, S 0.4; L3 the last time: 0.8 and 1.0."""
    table = frames.differences(judged, YEARS)
    assert keys(table, "year", "stage", "indicator") == [
        (year, stage, i)
        for year in YEARS
        for stage in (PRIMARY, JUNIOR)
        for i in ("L1", "L2", "L3")
    ]
    assert figures(table, "limit") == [0.5, 0.5, 0.5, 0.45, 0.45, 0.45] * 2
    l1 = (3 * 0.4 / 4.6 + 0.45 / 4.55) / 4
    l3 = (0 + 0.05 / 0.95 + 0.05 / 0.85 + 0.1 / 0.9) / 4
    assert [l1, 0.1 / 1.1, l3] == figures(table, "mean", year=2021, stage=PRIMARY)
    assert figures(table, "p_within") == [1] * 12
    # In two replications of 2022 no primary school is judged: there is nothing to compare.
    assert figures(table, "mean", year=2022, stage=PRIMARY) == [0] * 3
    two_of_two = 2 / (2 + 1.959963984540054**2)
    assert [two_of_two] * 3 == figures(table, "p_within_low", year=2022, stage=PRIMARY)


def test_verdicts(judged):
    table = frames.verdicts(judged, YEARS)
    names = ("all_met", "open", "failed", "difference_within", "not_ruled_out")
    assert keys(table, "year", "scope", "verdict") == [
        (year, scope, name)
        for year in YEARS
        for scope in (PRIMARY, JUNIOR, COUNTY)
        for name in names
    ]
    # 2021: primary fails the last time; junior the last two times
    assert figures(table, "p", year=2021, scope=PRIMARY) == [0.5, 0.75, 0.25, 1, 0.75]
    assert figures(table, "p", year=2021, scope=JUNIOR) == [0.25, 0.5, 0.5, 1, 0.5]
    assert figures(table, "p", year=2021, scope=COUNTY) == [0.25, 0.5, 0.5, 1, 0.5]
    # 2022: 甲 misses L1 by 5% once, 乙 another time; who is not judged is no obstacle
    assert figures(table, "p", year=2022, scope=COUNTY) == [0.5, 1, 0, 1, 1]


def test_first_year(judged):
    table = frames.first_year(frames.reached(judged), YEARS)
    cases = [(s, i) for s in (PRIMARY, JUNIOR) for i in ("L1", "L2", "L3")]
    cases.append((COUNTY, "not_ruled_out"))
    assert table["year"].dtype == "Int64"
    when = table["year"].astype(object).where(table["year"].notna(), None)
    assert keys(table.assign(year=when), "stage", "indicator", "year") == [
        (*case, year) for case in cases for year in (2021, 2022, None)
    ]
    assert figures(table, "p", stage=PRIMARY, indicator="L1") == [1, 0, 0]
    # 2021: 18, 19, 17 (no), 18; 2022: the third has 4 of 500
    assert figures(table, "p", stage=PRIMARY, indicator="L3") == [0.75, 0, 0.25]
    assert figures(table, "p", stage=JUNIOR, indicator="L2") == [0.25, 0.75, 0]
    assert figures(table, "p", stage=COUNTY, indicator="not_ruled_out") == [0.5, 0.5, 0]


def test_binding(judged):
    """2021: of equal covers the first school binds: 乙 L1, then 乙 L2 at 90%, 80%, 80%."""
    table = frames.binding(judged, YEARS)
    assert keys(table, "year", "school", "stage", "indicator", "p") == [
        (2021, "乙", "junior", "L2", 0.75),
        (2021, "乙", "junior", "L1", 0.25),
        (2022, "乙", "junior", "L1", 0.75),
        (2022, "甲", "primary", "L1", 0.25),
    ]


def test_of_equally_likely_schools_the_first_in_the_table_comes_first():
    """Of thirty schools every second one binds twice, the others once."""
    schools = [School(f"{nth}", "primary", (1,)) for nth in range(30)]
    binds = [nth for nth in range(30) for _ in range(2 - nth % 2)]
    items = np.full((1, 45, 30, 3), 10.0)
    items[0, np.arange(45), binds, 1] = 1
    judged = Judgement(
        scenario(),
        county(schools, [Teacher("0", "1980-01")]).schools,
        items,
        np.full((1, 45, 30), 100, np.int32),
    )
    table = frames.binding(judged, [2021])
    assert table["school"].tolist() == [str(n) for n in (*range(0, 30, 2), *range(1, 30, 2))]
    assert set(table["indicator"]) == {"L2"}


def test_nothing_binds_where_no_school_is_judged(judged):
    none = Judgement(judged.scenario, judged.schools, judged.items, 0 * judged.pupils + 599)
    table = frames.binding(none, YEARS)
    assert table.columns.tolist() == [
        *("year", "school", "stage", "indicator", "p", "p_se", "p_low", "p_high")
    ]
    assert len(table) == 0
    assert len(frames.needs(none, YEARS)) == 0


def test_nothing_binds_in_replications_without_a_judged_school(judged):
    pupils = np.array([[[1000, 0, 0], [0, 0, 0]]], np.int32)
    one = Judgement(judged.scenario, judged.schools, judged.items[:1, :2], pupils)
    table = frames.binding(one, [2021])
    assert table[["school", "indicator", "p"]].to_numpy().tolist() == [["乙", "L1", 0.5]]


@pytest.fixture
def ledger():
    return Ledger.blank(years=2, replications=2, schools=3)


STAGE_OF = np.array([1, 0, 0], np.int8)


def test_flows():
    """Flows before the census and after it are summed; moves are counted where people arrive."""
    ledger = Ledger.blank(years=2, replications=4, schools=3)
    flows = ledger.flows  # year, half, replication, school, flow
    flows[0, 0, 0, 0, FLOW["retirement"]] = 30000
    flows[0, 1, 0, 0, FLOW["retirement"]] = 30000
    flows[1, 0, 1, 1, FLOW["rotated_in"]] = 3
    flows[1, 0, 1, 2, FLOW["rotated_out"]] = 5
    flows[1, 1, 1, 2, FLOW["qualified"]] = 7
    table = frames.flows(ledger, STAGE_OF, YEARS)
    names = [
        *("retired", "resign", "transfer_out", "death"),
        *("posts_general", "posts_arts_pe", "hired_general", "hired_arts_pe"),
        *("rotated", "returned", "moved_by_network", "reallocated"),
        *("awarded", "renewed", "lapsed", "backbone_left"),
        *("degrees", "qualified_left", "retrained"),
    ]
    assert keys(table, "year", "stage", "flow") == [
        (year, stage, name) for year in YEARS for stage in (PRIMARY, JUNIOR, BOTH) for name in names
    ]
    some = table[table["mean"] != 0]
    assert some[["year", "stage", "flow", "mean"]].to_numpy().tolist() == [
        [2021, JUNIOR, "retired", 15000],
        [2021, BOTH, "retired", 15000],
        [2022, PRIMARY, "rotated", 0.75],
        [2022, PRIMARY, "degrees", 1.75],
        [2022, BOTH, "rotated", 0.75],
        [2022, BOTH, "degrees", 1.75],
    ]


def test_rotation(ledger):
    """Eligible, moved, backbone: 10% and 20% just reached, missed, and nobody eligible."""
    ledger.rotation[0] = [[50, 5, 1], [50, 4, 0]]
    ledger.rotation[1] = [[0, 0, 0], [20, 2, 1]]
    table = frames.rotation(ledger, YEARS)
    assert table.columns.tolist() == [
        *("year", "eligible", "moved", "share", "backbone_share"),
        *("p_share_met", "p_share_met_se", "p_share_met_low", "p_share_met_high"),
        *(f"p_backbone_share_met{end}" for end in ("", "_se", "_low", "_high")),
    ]
    assert table["year"].tolist() == [2021, 2022]
    assert table["eligible"].tolist() == [50, 10]
    assert table["moved"].tolist() == [4.5, 1]
    assert figures(table, "share") == [0.09, 0.1]
    assert figures(table, "backbone_share") == [0.1, 0.5]
    assert table["p_share_met"].tolist() == [0.5, 1]
    assert table["p_backbone_share_met"].tolist() == [0.5, 1]


def test_ages(ledger):
    ledger.ages[0, :, 1, 0, 0] = 1, 2  # junior, men, below 25
    ledger.ages[1, :, 0, 1, 8] = 4  # primary, women, from 60
    table = frames.ages(ledger.ages, YEARS)
    assert len(table) == 2 * 2 * 2 * 9
    assert keys(table[:3], "year", "stage", "sex", "age_from", "age_below") == [
        (2021, PRIMARY, "male", 0, 25),
        (2021, PRIMARY, "male", 25, 30),
        (2021, PRIMARY, "male", 30, 35),
    ]
    assert table[table["mean"] > 0].to_numpy().tolist() == [
        [2021, JUNIOR, "male", 0, 25, 1.5],
        [2022, PRIMARY, "female", 60, 100, 4],
    ]


def test_totals():
    counts = np.array([[[1, 20, 300], [3, 20, 300]]], np.int16) * 100
    table = frames.totals(counts, STAGE_OF, [2021])
    assert keys(table, "year", "stage", "mean") == [
        (2021, PRIMARY, 32000),
        (2021, JUNIOR, 200),
        (2021, BOTH, 32200),
    ]
    assert isinstance(table, pd.DataFrame)
    one_stage = frames.totals(counts[:, :, 1:], STAGE_OF[1:], [2021])
    assert keys(one_stage, "year", "stage", "mean") == [(2021, PRIMARY, 32000)]
