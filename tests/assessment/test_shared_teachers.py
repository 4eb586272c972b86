"""Shared PE, music and art teachers: the spare ones of the nearest school of 100 pupils or more."""

import numpy as np

from tests.counties import School, Teacher, county
from workforce_sim.assessment.shared_teachers import with_shared

SCHOOLS = county(
    [
        School("大", "primary", (100,) * 6, "town", (0.0, 0.0)),
        School("村一", "primary", (10,) * 6, "village", (1.0, 0.0)),
        School("村二", "primary", (12,) * 6, "village", (0.0, 2.0)),
        School("远", "primary", (100,) * 6, "town", (9.0, 0.0)),
        School("点", "primary", (5,) * 6, "village", (0.5, 0.0)),
        School("初", "junior", (100,) * 3, "town", (1.0, 0.0)),
    ],
    [Teacher("大", "1985-01")],
).schools
PUPILS = np.array([[[600, 60, 72, 600, 30, 300]]])


def test_what_is_spare_is_shared_in_equal_parts():
    """大 needs 5.4 of its 7.4 teachers: the other two go to its two small village schools."""
    teachers = np.array([[[7.4, 0.0, 1.0, 9.0, 0.0, 9.0]]])
    counted = with_shared(teachers, PUPILS, SCHOOLS, 50)
    assert np.allclose(counted, [[[5.4, 1.0, 2.0, 9.0, 0.0, 9.0]]])
    assert np.isclose(counted.sum(), teachers.sum())


def test_nothing_spare_and_nobody_small():
    teachers = np.array([[[5.0, 0.0, 1.0, 9.0, 0.0, 9.0]]])
    assert (with_shared(teachers, PUPILS, SCHOOLS, 50) == teachers).all()
    larger = np.where(PUPILS < 100, 100, PUPILS)
    assert (with_shared(teachers, larger, SCHOOLS, 50) == teachers).all()


def test_the_nearest_that_is_large_enough_that_year():
    """In the second replication 大 has shrunk, so 远 is the nearest of 100 pupils or more."""
    pupils = np.concatenate([PUPILS, PUPILS], axis=1)
    pupils[0, 1, 0] = 99
    teachers = np.full(pupils.shape, 6.4)
    counted = with_shared(teachers, pupils, SCHOOLS, 50)
    assert np.allclose(counted[0, 0], [5.4, 6.9, 6.9, 6.4, 6.4, 6.4])
    assert np.allclose(counted[0, 1], [6.4, 6.9, 6.9, 5.4, 6.4, 6.4])
