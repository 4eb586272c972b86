"""Whatever county is simulated: a summary without holes, and charts that can be drawn."""

import io

from hypothesis import given, settings
from rich.console import Console

from tests.laws.strategies import worlds
from workforce_sim.assessment import simulate
from workforce_sim.report import print_summary
from workforce_sim.report.charts import charts
from workforce_sim.words import Words


@given(worlds())
def test_the_summary_has_no_holes(case):
    scenario, county = case
    projection = simulate(scenario, county=county, replications=3, workers=1)
    for language in ("zh", "en"):
        console = Console(file=io.StringIO(), width=100)
        print_summary(projection, console, language)
        text = console.file.getvalue()
        assert "nan" not in text.lower()
        assert "Traceback" not in text


@settings(max_examples=4)
@given(worlds())
def test_the_charts_can_be_described(case):
    scenario, county = case
    projection = simulate(scenario, county=county, replications=3, workers=1)
    names = [name for name, chart in charts(projection, Words("zh")) if chart.to_dict()]
    assert "heat-map" in names
