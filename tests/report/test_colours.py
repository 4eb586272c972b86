"""Colours that stand beside each other are told apart by eyes that see no red, green or blue.

The matrices are those of Machado, Oliveira and Fernandes (2009, doi:10.1109/TVCG.2009.113) for full
dichromacy; differences are of CIE L*a*b* (CIE76), in which about 2 can just be seen.
"""

from itertools import combinations

import numpy as np
import pytest

from workforce_sim.report.charts import style

EYES = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TOGETHER = {
    "kinds": (style.DARK_BLUE, style.ORANGE, style.VERMILLION),
    "bands": (style.DARK_BLUE, style.BLUE, style.LIGHT_BLUE),
    "moods": ("#0072b2", "#e69f00", "#b03a00"),  # of the page's tiles: app/page.css
}


def seen(colour, eye):
    """Return L*a*b* of a colour as the eye sees it."""
    shown = np.array([int(colour[n : n + 2], 16) for n in (1, 3, 5)]) / 255
    linear = np.where(shown <= 0.04045, shown / 12.92, ((shown + 0.055) / 1.055) ** 2.4)
    x = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    xyz = np.array(x) @ np.clip(np.array(EYES[eye]) @ linear, 0, 1) / [0.9505, 1, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("group", TOGETHER)
def test_they_are_told_apart(group, eye):
    for one, other in combinations(TOGETHER[group], 2):
        assert np.linalg.norm(seen(one, eye) - seen(other, eye)) > 20, (one, other)


def test_moods_are_those_of_the_page_and_have_signs():
    pytest.importorskip("streamlit", reason="the extra `app` is not installed")
    from workforce_sim.app import look

    sheet = look._style()
    assert all(f"border-left-color: {colour}" in sheet for colour in TOGETHER["moods"])
    signs = [look._SIGNS[mood] for mood in (look.GOOD, look.OPEN, look.BAD)]
    assert len(set(signs)) == 3 and all(signs)
