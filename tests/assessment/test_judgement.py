"""Verdicts on schools and county, in the honest partial form."""

import numpy as np
import pytest

from tests.counties import School, Teacher, county, scenario
from workforce_sim.assessment.judgement import Judgement
from workforce_sim.simulation.ledger import BACKBONE, COUNTS, QUALIFIED, SPECIALISTS, TEACHERS

SCHOOLS = [School("甲", "primary", (100,)), School("乙", "junior", (100,))]


def judged(primary, junior, pupils=(1000, 1000), **counting):
    """Judge one census in which the schools have (L1, L2, L3) teachers."""
    census = np.zeros((1, 1, 2, len(COUNTS)), np.int16)
    for row, (l1, l2, l3) in enumerate((primary, junior)):
        census[0, 0, row, [QUALIFIED, BACKBONE, SPECIALISTS]] = l1, l2, l3
        census[0, 0, row, TEACHERS] = l3 + 1
    case = county(SCHOOLS, [Teacher("甲", "1980-01")])
    rules = scenario(counting=counting)
    return Judgement.of(rules, case.schools, census, np.array([[pupils]], np.int32))


# Thresholds a 1,000 pupils: primary 42, 10, 9; junior 53, 10, 9. 85% of them: 35.7, 8.5, 7.65.
MEETS = (53, 10, 9)


@pytest.mark.parametrize(
    ("primary", "verdict"),
    [
        ((42, 10, 9), "all_met"),
        ((41, 10, 9), "open"),
        ((36, 10, 9), "open"),
        ((35, 10, 9), "failed"),  # 83% of L1
        ((42, 10, 8), "open"),  # 89% of L3
        ((42, 10, 7), "failed"),
        ((41, 9, 9), "failed"),  # two missed: five of seven at most
    ],
)
def test_the_school_rule(primary, verdict):
    """6 of 7 indicators, and 85% of the remaining one; four of them are not looked at."""
    found = judged(primary, MEETS)
    schools = {name: bool(holds[0, 0, 0]) for name, holds in found.school_verdicts.items()}
    assert schools["all_met"] == (verdict == "all_met")
    assert schools["open"] == (verdict != "failed")
    assert schools["failed"] == (verdict == "failed")
    of_county = {name: bool(holds[0, 0]) for name, holds in found.verdicts("county").items()}
    assert of_county["all_met"] == (verdict == "all_met")
    assert of_county["not_ruled_out"] == (verdict != "failed")


def test_exactly_85_percent_is_near_enough():
    """L2: 17 of 2,000 pupils' 20; 16 are 80%."""
    for backbone, is_open in ((17, True), (16, False)):
        found = judged((84, backbone, 18), MEETS, pupils=(2000, 1000))
        assert found.school_verdicts["open"][0, 0, 0] == is_open


def test_small_schools_are_not_judged():
    found = judged((0, 0, 0), MEETS, pupils=(49, 1000), smallest_school_pupils=50)
    assert found.judged.tolist() == [[[False, True]]]
    assert found.verdicts("county")["all_met"].all()
    assert all(np.isnan(found.cover(i)[0, 0, 0]) for i in found.indicators)


def test_a_closed_school_is_not_judged():
    found = judged((0, 0, 0), MEETS, pupils=(0, 1000))
    assert found.verdicts("primary")["all_met"].all()
    assert all(np.isnan(found.ratio(i)[0, 0, 0]) for i in found.indicators)


def test_a_single_pupil_has_a_ratio():
    found = judged((1, 0, 0), MEETS, pupils=(1, 1000))
    assert [found.ratio(i)[0, 0, 0] for i in found.indicators] == [100, 0, 0]
    assert found.judged[0, 0, 0]


def test_what_counts_in_l3():
    specialists = judged((42, 10, 9), MEETS).items[0, 0, 0, 2]
    teachers = judged((42, 10, 9), MEETS, arts_pe="teachers").items[0, 0, 0, 2]
    assert (specialists, teachers) == (9, 10)


def test_the_binding_school_and_indicator():
    found = judged((42, 10, 8), (53, 7, 9))
    assert found.binding.tolist() == [[1 * 3 + 1]]  # 乙, L2: 70%


def shortages(found):
    return [[found.short(i)[0, 0, school] for i in found.indicators] for school in (0, 1)]


def test_people_short_of_the_thresholds():
    """Primary, 1,050 pupils: 44.1, 10.5 and 9.45 are needed, so 45, 11 and 10 people."""
    found = judged((42, 11, 8), MEETS, pupils=(1050, 1000))
    assert shortages(found) == [[3, 0, 2], [0, 0, 0]]
    small = judged((0, 0, 0), MEETS, pupils=(49, 1000), smallest_school_pupils=50)
    assert np.isnan(small.short("L1")[0, 0, 0]).all()


def test_just_met_is_not_short():
    """1,000 pupils need 42, 10 and 9: no rounding error asks for one more."""
    for primary in ((42, 10, 9), (50, 20, 30)):
        assert shortages(judged(primary, MEETS)) == [[0, 0, 0], [0, 0, 0]]


def test_the_difference_counts_in_its_own_stage():
    """Backbone 10 and 30 of 1,000 each: coefficient 0.5, just within; 10 and 31 beyond."""
    schools = [School("甲", "primary", (1,)), School("乙", "primary", (1,))]
    schools.append(School("丙", "junior", (1,)))
    items = np.array([[[[50.0, 10, 10], [50, 30, 10], [60, 10, 10]]] * 2])
    items[0, 1, 1, 1] = 31
    place = county(schools, [Teacher("甲", "1980-01")]).schools
    found = Judgement(scenario(), place, items, np.full((1, 2, 3), 1000, np.int32))
    for scope, within in (("primary", [True, False]), ("junior", [True, True])):
        verdicts = found.verdicts(scope)
        assert verdicts["difference_within"].tolist() == [within]
        assert verdicts["not_ruled_out"].tolist() == [within]
    assert found.verdicts("county")["difference_within"].tolist() == [[True, False]]
    assert found.verdicts("county")["open"].tolist() == [[True, True]]


def test_the_difference_between_schools_is_weighted_by_their_pupils():
    """The worked example of the standard: 0.515; unweighted it would be 0.489."""
    pupils, items = (45, 37, 89, 76, 55), (279, 137, 935, 160, 402)
    schools = [School(f"校{n}", "primary", (p,)) for n, p in enumerate(pupils)]
    case = county(schools, [Teacher("校0", "1980-01")])
    census = np.zeros((1, 1, 5, len(COUNTS)), np.int16)
    census[0, 0, :, QUALIFIED] = items
    found = Judgement.of(scenario(), case.schools, census, np.array([[pupils]], np.int32))
    assert found.difference[0, 0, 0, 0] == pytest.approx(0.515, abs=5e-4)
