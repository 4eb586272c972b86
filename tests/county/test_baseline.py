"""The synthetic baseline of Yangcheng: every published count, and priors that can be believed."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from workforce_sim.county import load_county
from workforce_sim.county.model import FEMALE, INDICATOR_OF, MALE
from workforce_sim.law import load_standard
from workforce_sim.scenario.schema import AREAS, FACILITIES, STAGES

ROOT = Path(__file__).parents[2]
FILE = ROOT / "configs" / "yangcheng" / "county.yaml"

COUNTY = load_county(FILE)
SCHOOLS, ROSTER = COUNTY.schools, COUNTY.roster
AGE = (COUNTY.census - ROSTER.birth) // 12


@pytest.mark.parametrize(
    ("of", "what", "published"),
    [
        ("primary", "schools", 44),
        ("primary", "pupils", 13566),
        ("primary", "staff", 1433),
        ("primary", "degree", 784),
        ("primary", "backbone", 400),
        ("junior", "schools", 21),
        ("junior", "pupils", 6849),
        ("junior", "staff", 1095),
        ("junior", "degree", 804),
        ("junior", "backbone", 400),
        ("pe", "teachers", 153),
        ("pe", "specialists", 81),
        ("music", "teachers", 91),
        ("music", "specialists", 53),
        ("art", "teachers", 89),
        ("art", "specialists", 43),
        ("special", "schools", 1),
        ("special", "pupils", 76),
        ("special", "staff", 16),
    ],
)
def test_it_has_every_count_that_the_plan_publishes(of: str, what: str, published: int) -> None:
    if of in STAGES:
        counts = COUNTY.stage_counts(of)
    elif of == "special":
        counts = COUNTY.special.model_dump()
    else:
        counts = COUNTY.subject_counts(of)
    assert counts[what] == published


@pytest.mark.parametrize(
    ("stage", "averages"),
    [("primary", (9.38, 9.99, 3042, 2.1)), ("junior", (9.79, 17.0, 4134, 2.3))],
)
def test_it_has_the_facilities_that_the_plan_states(stage: str, averages: tuple[float]) -> None:
    """To the tenth of a m2, to the yuan, to the room."""
    here = STAGES.index(stage) == SCHOOLS.stage
    facilities, pupils = SCHOOLS.facilities[here], SCHOOLS.size[here].sum()
    total = facilities.sum(axis=0)
    assert np.allclose(total[:2], np.array(averages[:2]) * pupils, rtol=0, atol=0.0501)
    assert total[2] == averages[2] * pupils
    assert round(100 * total[3] / pupils, 1) == averages[3]
    assert (facilities[:, 2:] % 1 == 0).all()
    assert np.allclose(facilities * 10, np.round(facilities * 10), rtol=0, atol=1e-6)
    small = SCHOOLS.size[here] < np.median(SCHOOLS.size[here])
    a_pupil = [
        facilities[rows].sum(axis=0) / SCHOOLS.size[here][rows].sum() for rows in (small, ~small)
    ]
    assert (a_pupil[0] > a_pupil[1]).all()


def test_five_of_the_seven_indicators_are_met_as_the_plan_says() -> None:
    """L4 to L6 in both stages, L7 in neither; L1 and L2 are, L3 is not (test_reconciliation)."""
    for code, stage in enumerate(STAGES):
        pupils = SCHOOLS.size[SCHOOLS.stage == code].sum()
        total = SCHOOLS.facilities[SCHOOLS.stage == code].sum(axis=0)
        for column, item in enumerate(FACILITIES):
            indicator = load_standard().indicator(INDICATOR_OF[item])
            met = total[column] * indicator.per_pupils / pupils >= indicator.threshold[stage]
            assert met == (indicator.id != "L7")


def test_nothing_but_facilities_changed_when_they_came() -> None:
    """The digest of the baseline of schools and staff before there were any."""
    sha = hashlib.sha256(f"{COUNTY.census}\n{SCHOOLS.names}\n".encode())
    for table in (SCHOOLS, ROSTER):
        for name, values in table.columns():
            if name not in ("facilities", "classes", "site"):
                sha.update(name.encode())
                sha.update(values.astype(values.dtype.newbyteorder("<")).tobytes())
    before = "b18a9a9427cf42553c58bb9cfc770e945fe2010a08a0d5ab0779b07130e5d1e9"
    assert sha.hexdigest() == before != COUNTY.digest
    assert np.isnan(SCHOOLS.classes).all()
    assert (SCHOOLS.site == np.arange(len(SCHOOLS))).all()


def test_primary_degrees_are_bachelors_and_junior_ones_bachelors_and_above() -> None:
    primary = COUNTY.staff_stage == STAGES.index("primary")
    assert (ROSTER.degree[primary] == 2).sum() == 784
    assert (ROSTER.degree[~primary] >= 2).sum() == 804


def test_it_is_the_same_in_another_process_with_other_hashes() -> None:
    program = (
        "import sys; from workforce_sim.county import load_county as load; "
        "print(load(sys.argv[1]).digest)"
    )
    for seed in ("1", "2"):
        found = subprocess.run(
            [sys.executable, "-c", program, str(FILE)],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        assert found.stdout.strip() == COUNTY.digest


def test_as_many_retire_in_2021_as_the_plan_implies() -> None:
    assert COUNTY.retirements(2021) == COUNTY.retirements(2021, reform=False) == 84


def test_the_reform_puts_retirements_off() -> None:
    with_it = [COUNTY.retirements(year) for year in range(2025, 2031)]
    without = [COUNTY.retirements(year, reform=False) for year in range(2025, 2031)]
    assert 0.65 < sum(with_it) / sum(without) < 0.9


def test_nobody_could_not_be_on_the_roster() -> None:
    assert AGE.min() >= 18
    assert (ROSTER.legal_retirement() > COUNTY.census).all()
    assert ((ROSTER.service - ROSTER.birth) >= 16 * 12).all()
    assert (ROSTER.arrival >= ROSTER.service).all()
    assert (ROSTER.arrival <= COUNTY.census).all()


def test_backbone_teachers_could_be_selected_when_they_were() -> None:
    chosen = ROSTER.is_backbone
    award, birth, service = ROSTER.award[chosen], ROSTER.birth[chosen], ROSTER.service[chosen]
    assert (award - service >= 5 * 12).all()
    assert (award - birth < 51 * 12).all()
    years = np.bincount(award // 12, minlength=2021)[2016:]
    assert years.sum() == 800
    assert years.min() > 100
    assert not ROSTER.worker_post[chosen].any()


def test_shares_are_those_of_the_priors() -> None:
    for code, women, senior in ((0, 0.71, 0.10), (1, 0.59, 0.20)):
        here = COUNTY.staff_stage == code
        assert (ROSTER.sex[here] == FEMALE).mean() == pytest.approx(women, abs=0.001)
        assert ROSTER.senior_title[here].mean() == pytest.approx(senior, abs=0.001)
    # Nine points were moved to 50 and over, which are then a quarter of the staff.
    assert (AGE >= 50).mean() == pytest.approx(0.26, abs=0.01)


def test_the_priors_tilt_the_way_they_say() -> None:
    young, old = AGE < 35, AGE >= 50
    assert (ROSTER.degree[young] >= 2).mean() > 2 * (ROSTER.degree[old] >= 2).mean()
    assert (ROSTER.sex[young] == MALE).mean() < 0.5 * (ROSTER.sex[old] == MALE).mean()
    assert not ROSTER.senior_title[AGE < 33].any()
    area = SCHOOLS.area[ROSTER.school]
    seat, village = (
        ROSTER.specialist[area == code].sum() / SCHOOLS.size[SCHOOLS.area == code].sum()
        for code in (AREAS.index("county_seat"), AREAS.index("village"))
    )
    assert seat > 1.5 * village


@pytest.mark.parametrize("stage", STAGES)
def test_schools_are_of_the_sizes_of_a_mountain_county(stage: str) -> None:
    here = STAGES.index(stage) == SCHOOLS.stage
    size, area = SCHOOLS.size[here], SCHOOLS.area[here]
    staff = np.bincount(ROSTER.school, minlength=len(SCHOOLS))[here]
    assert (np.diff(size) <= 0).all()
    assert 1000 < size[0] <= load_standard().school_size.one_stage
    assert 25 <= size[-1] < 100
    assert area[0] == AREAS.index("county_seat")
    assert {*area} == {0, 1, 2}
    small, large = size < np.median(size), size >= np.median(size)
    assert size[small].sum() / staff[small].sum() < 0.8 * size[large].sum() / staff[large].sum()
    assert staff.min() >= 4


def test_schools_lie_in_the_county_and_grades_are_even() -> None:
    distance = np.hypot(SCHOOLS.x_km, SCHOOLS.y_km)
    assert (distance[SCHOOLS.area == 0] <= 2.1).all()
    assert 15 < distance.max() < 26  # a circle of 1968 km2 has a radius of 25 km
    for grades in (slice(0, 6), slice(6, 9)):
        of_stage = SCHOOLS.pupils[SCHOOLS.pupils[:, grades].any(axis=1), grades]
        assert np.ptp(of_stage, axis=1).max() <= 1
        assert np.ptp(of_stage.sum(axis=0)) <= 1


def test_it_says_that_it_is_synthetic() -> None:
    assert len(COUNTY.synthetic) > 3
    assert "facilities" in COUNTY.synthetic


def test_its_arrays_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        ROSTER.birth[0] = 0
