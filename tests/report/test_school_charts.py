from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from workforce_sim.report.charts import school_map, school_staff
from workforce_sim.report.charts.school_map import has_places, placed
from workforce_sim.words import Words

ZH, EN = Words("zh"), Words("en")


def data(spec):
    (rows,) = spec["datasets"].values()
    return rows


def test_the_map_has_every_school_of_the_judged_year_where_it_lies(projection):
    spec = school_map(projection, ZH).to_dict()
    points = {row["school"]: row for row in data(spec)}
    judged = projection.school_verdicts.query("year == 2025")
    assert set(points) == set(judged["school"])
    schools = projection.county.schools
    first = schools.names[0]
    assert (points[first]["x_km"], points[first]["y_km"]) == (schools.x_km[0], schools.y_km[0])
    assert (points["午亭小学"]["x_km"], points["午亭小学"]["y_km"]) == (
        -10.2,
        -8.4,
    )  # opens in 2022
    x, y = (spec["spec"]["encoding"][axis]["scale"]["domain"] for axis in "xy")
    assert np.ptp(x) == pytest.approx(np.ptp(y))  # a kilometre is as long one way as the other
    frame = placed(projection)
    assert frame["x_km"].between(*x).all() and frame["y_km"].between(*y).all()


def test_without_coordinates_there_is_no_map(projection):
    assert has_places(projection)
    schools = projection.county.schools
    nowhere = replace(schools, x_km=schools.x_km * 0, y_km=schools.y_km * 0)
    county = replace(projection.county, schools=nowhere)
    assert not has_places(replace(projection, county=county))


@pytest.mark.parametrize("words", [ZH, EN])
def test_a_school_s_shortage_is_to_the_left_and_its_surplus_to_the_right(projection, words):
    rows = data(school_staff(projection, "小学39", "primary", words).to_dict())
    table = projection.staffing.query("year == 2025 and school == '小学39'").set_index("subject")
    for kind, sign in (("shortage", -1), ("surplus", 1)):
        named = [row for row in rows if row["kind"] == words(f"column.{kind}")]
        shown = {row["name"]: row["people"] for row in named}
        for subject, value in table[kind].items():
            assert shown[words(f"subject.{subject}")] == pytest.approx(sign * value)
