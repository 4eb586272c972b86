"""Counts of schools summed by stage."""

import numpy as np
import pytest

from workforce_sim.assessment.stages import by_stage, scopes

STAGE_OF = np.array([1, 0, 1], np.int8)


def test_both_only_where_there_are_two():
    assert scopes(STAGE_OF) == {"primary": [0], "junior": [1], "both": [0, 1]}
    assert scopes(STAGE_OF[:1]) == {"junior": [1]}


@pytest.mark.parametrize("axis", [1, 2, 3])
def test_sums_of_the_schools(axis):
    """Sums of 16-bit counts may be larger than 16 bits hold."""
    counts = np.full((2, 4, 5, 3), 30_000, np.int16).swapaxes(axis, 3)
    sums = np.moveaxis(by_stage(counts, STAGE_OF, axis), axis, 0)
    assert (sums[0] == 30_000).all()
    assert (sums[1] == 60_000).all()
