"""The numbers that a chart shows, as a table below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workforce_sim.report.charts.retirements import BEYOND, wave
from workforce_sim.report.charts.staff import band
from workforce_sim.report.charts.style import of
from workforce_sim.report.charts.waterfall import steps
from workforce_sim.report.narrative.phrases import baseline_year, people
from workforce_sim.report.page.table import Table, by_year, plain
from workforce_sim.report.page.tables import verdicts
from workforce_sim.report.tables import heading
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.assessment.projection import Projection


def of_chart(name: str, projection: Projection, words: Words) -> Table:
    """Return the numbers of the chart of this name."""
    if name in SINGLE:
        return SINGLE[name](projection, words)
    kind, indicator, stage = name.split("-")
    return PAIRED[kind](projection, indicator, stage, words)


def _fan(projection: Projection, indicator: str, stage: str, words: Words) -> Table:
    frame = of(projection.ratios, indicator=indicator, stage=stage)
    columns = ["year", "q05", "q25", "q50", "q75", "q95", "threshold", "p_meets"]
    return plain(frame, columns, words)


def _schools(projection: Projection, indicator: str, stage: str, words: Words) -> Table:
    year = projection.scenario.judged_year
    frame = of(projection.schools, indicator=indicator, stage=stage, year=year)
    columns = ["school", "area", "q05", "q50", "q95", "p_meets"]
    return plain(frame.sort_values(["q50", "school"]), columns, words, texts=2, schools=True)


def _chances(projection: Projection, words: Words) -> Table:
    frame = projection.ratios[projection.ratios["stage"] != "both"]
    return by_year(frame, ["stage", "indicator"], "p_meets", words)


def _differences(projection: Projection, words: Words) -> Table:
    columns = ["year", "stage", "indicator", "q05", "q50", "q95", "limit", "p_within"]
    return plain(projection.differences, columns, words, texts=3)


def _pupils(projection: Projection, words: Words) -> Table:
    columns = ["year", "stage", "q05", "q25", "q50", "q75", "q95"]
    return plain(projection.pupils, columns, words, texts=2, write=people)


def _flows(projection: Projection, words: Words) -> Table:
    return by_year(projection.flows, ["stage", "flow"], "mean", words, people)


def _waterfall(projection: Projection, words: Words) -> Table:
    years = projection.flows["year"]
    named = {
        "opening": words("chart.opening", year=years.min()),
        "closing": words("chart.closing", year=years.max()),
    }
    stages = list(dict.fromkeys(projection.staff["stage"]))
    tables = [steps(projection, stage) for stage in stages]
    rows = [
        [
            named.get(step) or words(f"flow.{step}"),
            *(f"{table['people'][nth]:,.1f}".replace("-", "−") for table in tables),
        ]
        for nth, step in enumerate(tables[0]["step"])
    ]
    return Table([heading("flow", words), *(words(f"stage.{stage}") for stage in stages)], rows)


def _ages(projection: Projection, words: Words) -> Table:
    frame = projection.ages
    ends = (int(frame["year"].min()), int(frame["year"].max()))
    columns = [(year, sex) for year in ends for sex in ("male", "female")]
    mean = frame.set_index(["stage", "age_from", "year", "sex"])["mean"]
    rows = [
        [
            words(f"stage.{stage}"),
            band(low, below),
            *(people(float(mean[stage, low, year, sex])) for year, sex in columns),
        ]
        for stage, low, below in frame[["stage", "age_from", "age_below"]]
        .drop_duplicates()
        .itertuples(index=False)
    ]
    heads = [f"{year} {words(f'sex.{sex}')}" for year, sex in columns]
    return Table([heading("stage", words), words("chart.age"), *heads], rows, texts=2)


def _retirements(projection: Projection, words: Words) -> Table:
    first, last = baseline_year(projection) + 1, int(projection.ratios["year"].max())
    frame = wave(projection.county.roster, first, last + BEYOND)
    sums = frame.groupby(["year", "reform"])["people"].sum()
    rows = [
        [str(year), str(sums[year, False]), str(sums[year, True])]
        for year in range(first, last + BEYOND + 1)
    ]
    names = [words(f"chart.{law}_reform") for law in ("without", "with")]
    return Table([heading("year", words), *names], rows)


PAIRED = {"fan": _fan, "schools": _schools}
"""Charts of one indicator and stage."""
SINGLE = {
    "heat-map": verdicts,
    "chances": _chances,
    "differences": _differences,
    "pupils": _pupils,
    "flows": _flows,
    "waterfall": _waterfall,
    "ages": _ages,
    "retirements": _retirements,
}
"""Charts of the whole county."""
