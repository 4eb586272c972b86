"""The charts of a projection, one kind a file; the look they share is in ``style``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import altair as alt

from workforce_sim.report.charts.chances import chances
from workforce_sim.report.charts.differences import differences
from workforce_sim.report.charts.fan import fan
from workforce_sim.report.charts.heat_map import heat_map
from workforce_sim.report.charts.pupils import pupils
from workforce_sim.report.charts.retirements import retirements
from workforce_sim.report.charts.school_map import school_map
from workforce_sim.report.charts.school_staff import school_staff
from workforce_sim.report.charts.schools import schools
from workforce_sim.report.charts.staff import ages, flows
from workforce_sim.report.charts.waterfall import waterfall
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.assessment.projection import Projection

__all__ = [
    "ages",
    "chances",
    "charts",
    "differences",
    "fan",
    "flows",
    "heat_map",
    "pupils",
    "retirements",
    "school_map",
    "school_staff",
    "schools",
    "waterfall",
]


def charts(projection: Projection, words: Words) -> Iterator[tuple[str, alt.TopLevelMixin]]:
    """Yield the name of the file (without its ending) and the chart, for every chart."""
    county = projection.ratios[projection.ratios["stage"] != "both"]
    pairs = list(county[["indicator", "stage"]].drop_duplicates().itertuples(index=False))
    yield "heat-map", heat_map(projection, words)
    yield "chances", chances(projection, words)
    for indicator, stage in pairs:
        yield f"fan-{indicator}-{stage}", fan(projection, indicator, stage, words)
    yield "differences", differences(projection, words)
    for indicator, stage in pairs:
        yield f"schools-{indicator}-{stage}", schools(projection, indicator, stage, words)
    yield "pupils", pupils(projection, words)
    yield "flows", flows(projection, words)
    yield "waterfall", waterfall(projection, words)
    yield "ages", ages(projection, words)
    yield "retirements", retirements(projection, words)
