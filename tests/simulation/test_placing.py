"""The verb that sends people to schools, against its rule worked out in fractions."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from workforce_sim.simulation import placing

NOBODY, ANY = -2, -1


def neediest(wanted, origin, measure, have, need, cap, stage, is_open):
    """Send the people of one replication, one after another; every list is Python's own."""
    sent = []
    for of, home, m in zip(wanted, origin, measure, strict=True):
        may = [
            s
            for s in range(len(stage))
            if is_open[s] and cap[s] > 0 and need[m][s] > 0 and s != home and of in (ANY, stage[s])
        ]
        if of == NOBODY or not may:
            sent.append(-1)
            continue
        best = min(may, key=lambda s: (Fraction(have[m][s], need[m][s]), -need[m][s], s))
        sent.append(best)
        cap[best] -= 1
        for each in {0, m}:
            have[each][best] += 1
    return sent


@st.composite
def rooms(draw):
    """Return arguments of ``place``: few distinct numbers, so that many schools are as needy."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    schools = draw(st.sampled_from([1, 2, 3, 8, 9, 40, 65, 130]))
    rows, people = draw(st.integers(1, 20)), draw(st.integers(0, 30))
    measures, most = draw(st.integers(1, 2)), draw(st.sampled_from([1, 3, 50]))
    wanted = rng.integers(ANY, 2, (rows, people)).astype(np.int8)
    wanted[rng.random((rows, people)) < 0.1] = NOBODY
    return (
        wanted,
        rng.integers(-1, schools, (rows, people)).astype(np.int16),
        rng.integers(0, measures, (rows, people)).astype(np.int8),
        rng.integers(0, most, (rows, measures, schools)).astype(float),
        rng.integers(0, most + 1, (rows, measures, schools)).astype(float),
        rng.choice([0, 1, 2, 2**31 - 1], (rows, schools)).astype(np.int32),
        rng.integers(0, draw(st.integers(1, 2)), schools).astype(np.int8),
        rng.random(schools) < draw(st.sampled_from([1.0, 0.7])),
    )


@given(rooms())
def test_each_goes_to_the_neediest_school(room):
    wanted, origin, measure, have, need, cap, stage, is_open = room
    expected = [
        neediest(
            wanted[r].tolist(),
            origin[r].tolist(),
            measure[r].tolist(),
            have[r].astype(int).tolist(),
            need[r].astype(int).tolist(),
            cap[r].tolist(),
            stage.tolist(),
            is_open.tolist(),
        )
        for r in range(len(wanted))
    ]
    assert placing.place(*room).tolist() == expected
