"""The tables of the page that are no chart's: verdicts, indicators, schools, what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from workforce_sim.assessment.costs import TOTAL
from workforce_sim.report import narrative
from workforce_sim.report.assumptions import assumptions_in_words
from workforce_sim.report.charts.style import of
from workforce_sim.report.narrative.phrases import (
    baseline_year,
    codes,
    counted,
)
from workforce_sim.report.network import network_in_words
from workforce_sim.report.numbers import chance, number, tenths
from workforce_sim.report.page.table import Table, by_year, plain
from workforce_sim.report.tables import heading
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.assessment.projection import Projection

AT_RISK = 15
"""So many schools are listed."""
VERDICTS = ("all_met", "open", "difference_within", "not_ruled_out")


def verdicts(projection: Projection, words: Words) -> Table:
    """Return the probability of every verdict by year."""
    frame = projection.verdicts[projection.verdicts["verdict"].isin(VERDICTS)]
    # Of the county alone it is said that it passes.
    frame = frame[(frame["verdict"] != VERDICTS[-1]) | (frame["scope"] == "county")]
    names = {verdict: words(f"verdict.{verdict}") for verdict in VERDICTS}
    frame = frame.assign(verdict=frame["verdict"].map(names))
    order = {scope: nth for nth, scope in enumerate(("county", "primary", "junior"))}
    frame = frame.sort_values("scope", key=lambda scope: scope.map(order), kind="stable")
    return by_year(frame, ["scope", "verdict"], "p", words)


def baseline(projection: Projection, words: Words) -> tuple[str, Table]:
    """Return where the county stands at the beginning, in a few words and as a table."""
    year = baseline_year(projection)
    frame = of(projection.ratios, year=year)
    frame = frame[(frame["stage"] != "both") & frame["p_meets"].notna()]
    meets = frame.groupby("indicator", sort=False)["p_meets"].min() == 1
    missed = list(meets.index[~meets])
    found = {
        "year": year,
        "met": counted(int(meets.sum()), words),
        "n": counted(len(meets), words),
        "missed": codes(missed, words),
    }
    title = words("page.baseline_missed" if missed else "page.baseline_met", **found)
    by_stage = {stage: part.set_index("indicator") for stage, part in frame.groupby("stage")}
    stages = list(dict.fromkeys(frame["stage"]))
    rows = []
    for indicator in meets.index:
        cells = [words(f"indicator.{indicator}"), words(f"unit.{indicator}")]
        for stage in stages:
            row = by_stage[stage].loc[indicator]
            said = words("chart.met" if row["p_meets"] else "chart.not_met")
            cells += [number(row["mean"]), f"{row['threshold']:g}", said]
        rows.append(cells)
    heads = [heading("indicator", words), words("page.unit")]
    for stage in stages:
        heads += [words(f"stage.{stage}"), heading("threshold", words), words("page.met")]
    return title, Table(heads, rows, texts=2)


def network(projection: Projection, words: Words) -> Table:
    """Return the facts of the school network beside what is asked."""
    frame = network_in_words(projection.county, words)
    heads = [words(f"network.{name}") for name in frame]
    rows = frame.assign(value=[number(value) for value in frame["value"]]).to_numpy().tolist()
    return Table(heads, rows, texts=len(heads))


def ratios(projection: Projection, words: Words) -> Table:
    """Return every ratio of the county in the judged year, and when it is first met."""
    key = ["stage", "indicator"]
    before = of(projection.ratios, year=baseline_year(projection)).set_index(key)["mean"]
    rows = []
    for _, row in of(projection.ratios, year=projection.scenario.judged_year).iterrows():
        stage, indicator = row["stage"], row["indicator"]
        if stage == "both":
            continue
        first = narrative.first_years(projection, stage, indicator)
        rows.append(
            [
                words(f"stage.{stage}"),
                words(f"short.{indicator}"),
                words(f"unit.{indicator}"),
                number(float(before[stage, indicator])),
                number(row["q50"]),
                f"{number(row['q05'])}–{number(row['q95'])}",
                f"{row['threshold']:g}",
                chance(row, "p_meets"),
                *(str(year or words("term.never")) for year in first),
            ]
        )
    heads = [
        *(heading(name, words) for name in key),
        words("page.unit"),
        words("chart.baseline"),
        heading("q50", words),
        words("chart.band_90"),
        heading("threshold", words),
        heading("p_meets", words),
        words("page.even"),
        words("page.safe"),
    ]
    return Table(heads, rows, texts=3)


def differences(projection: Projection, words: Words) -> Table:
    """Return every coefficient of difference in the judged year."""
    frame = of(projection.differences, year=projection.scenario.judged_year)
    columns = ["stage", "indicator", "q05", "q50", "q95", "limit", "p_within"]
    return plain(frame, columns, words, texts=2)


def at_risk(projection: Projection, words: Words) -> Table:
    """Return the schools most likely to have failed in the judged year."""
    frame = narrative.schools_at_risk(projection, AT_RISK)
    columns = ["school", "stage", "area", "indicator", "p_failed", "q50", "threshold"]
    return plain(frame, columns, words, texts=4, schools=True)


def staffing(projection: Projection, words: Words) -> Table:
    """Return posts and staff by stage and subject in the judged year: schools over, schools short.

    What schools have too many and what others lack are summed apart: one does not teach at the
    other.
    """
    frame = of(projection.staffing, year=projection.scenario.judged_year)
    numbers = ["norm", "mean", "surplus", "shortage"]
    summed = frame.groupby(["stage", "subject"], sort=False)[numbers].sum().reset_index()
    heads = [heading(name, words) for name in ("stage", "subject", "norm")]
    heads += [words("workbook.staff"), heading("surplus", words), heading("shortage", words)]
    rows = [
        [
            words(f"stage.{row['stage']}"),
            words(f"subject.{row['subject']}"),
            *(f"{row[name]:.0f}" for name in numbers),
        ]
        for _, row in summed.iterrows()
    ]
    return Table(heads, rows, texts=2)


def duties(projection: Projection, words: Words) -> Table:
    """Return the share of each duty that is met, by year."""
    return by_year(projection.duties, ["duty", "stage"], "mean", words, tenths)


def costs(projection: Projection, words: Words) -> Table:
    """Return what each item costs a year; no rows where nothing has a price."""
    return by_year(projection.costs, ["item"], "mean", words, "{:,.0f}".format)


def spread_of_costs(projection: Projection) -> str:
    """Return the 90% interval of the judged year's total."""
    total = of(projection.costs, item=TOTAL, year=projection.scenario.judged_year).iloc[0]
    return f"{total['q05']:,.0f}–{total['q95']:,.0f}"


def assumptions(projection: Projection, words: Words) -> Table:
    """Return every assumption in words, with its source."""
    frame = assumptions_in_words(projection.assumptions, words)
    rows = [
        [f"{cell:.10g}" if isinstance(cell, float) else str(cell) for cell in row]
        for row in frame[["rule", "assumption", "value", "source", "default"]].to_numpy()
    ]
    columns = ("path", "value", "source", "default")
    heads = [words("page.rule"), *(heading(name, words) for name in columns)]
    return Table(heads, rows, texts=len(heads))


def reconciliation(projection: Projection, words: Words) -> Table:
    """Return the figures that the county states beside those recomputed."""
    name = "figure" if words.language == "zh" else "figure_en"
    rows = [
        [
            row[name],
            f"{row['stated']:g}",
            f"{row['recomputed']:.4g}" if row["recomputed"] % 1 else f"{row['recomputed']:.0f}",
            words("value.yes" if row["agrees"] else "value.no"),
        ]
        for _, row in projection.reconciliation.iterrows()
    ]
    return Table([heading(c, words) for c in ("figure", "stated", "recomputed", "agrees")], rows)


def origin(projection: Projection, words: Words) -> Iterator[tuple[str, str]]:
    """Yield what the page says of its origin: names and values."""
    run = projection.provenance
    yield words("page.scenario"), run["scenario"]
    yield words("page.scenario_digest"), run["scenario_digest"]
    yield words("page.county_digest"), run["county_digest"]
    yield words("page.seed"), str(run["seed"])
    yield words("page.replications"), str(run["replications"])
    yield words("page.versions"), ", ".join(f"{k} {v}" for k, v in run["versions"].items())
