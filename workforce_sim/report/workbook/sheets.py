"""The sheets of results that show one table each: what its rows and columns are."""

from __future__ import annotations

import pandas as pd

from workforce_sim.report.network import COLUMNS, network_in_words
from workforce_sim.report.workbook.book import Book
from workforce_sim.report.workbook.look import (
    BAD,
    COEFFICIENT,
    COUNT,
    ERROR,
    FIGURE,
    GOOD,
    MONEY,
    PEOPLE,
    RATIO,
    SHARE,
    TEXT,
    YEAR,
)
from workforce_sim.report.workbook.table import Column, beside, columns, sheet_of

SCHOOL = ["year", "school", "stage", "area"]
STAGE_FIRST = ["stage", "indicator"]


def years(book: Book) -> None:
    """County ratios, and what the schools together lack."""
    frame = _by_stage(book.projection.ratios)
    needs = book.projection.needs
    needs = pd.concat([needs, needs.assign(stage="both")])
    short = needs.groupby([*STAGE_FIRST, "year"])["mean"].sum().rename("short").reset_index()
    frame = frame.merge(short, on=[*STAGE_FIRST, "year"], how="left")
    table = columns(
        frame,
        book.words,
        stage=TEXT,
        indicator=TEXT,
        year=YEAR,
        mean=RATIO,
        q05=RATIO,
        q25=RATIO,
        q50=RATIO,
        q75=RATIO,
        q95=RATIO,
        threshold=RATIO,
        p_meets=GOOD,
        p_meets_se=ERROR,
        p_meets_low=SHARE,
        p_meets_high=SHARE,
    )
    units = [book.words(f"unit.{indicator}") for indicator in frame["indicator"]]
    table.insert(2, Column("unit", book.words("page.unit"), units, TEXT))
    items = [book.words(f"item_of.{indicator}") for indicator in frame["indicator"]]
    group = book.words("workbook.short")
    table += [
        Column("short", book.words("column.mean"), frame["short"].tolist(), PEOPLE, group),
        Column("items", book.words("page.unit"), items, TEXT, group),
    ]
    sheet_of(book, "years", table, frozen=4)


def differences(book: Book) -> None:
    """Coefficients of difference against their limits."""
    table = columns(
        _by_stage(book.projection.differences),
        book.words,
        stage=TEXT,
        indicator=TEXT,
        year=YEAR,
        mean=COEFFICIENT,
        q05=COEFFICIENT,
        q50=COEFFICIENT,
        q95=COEFFICIENT,
        limit=RATIO,
        p_within=GOOD,
        p_within_se=ERROR,
        p_within_low=SHARE,
        p_within_high=SHARE,
    )
    sheet_of(book, "differences", table, frozen=3)


def schools(book: Book) -> None:
    """Verdicts on the schools, the judged year first and in it those most likely to fail."""
    words, ratios = book.words, book.projection.schools
    sizes = ratios[[*SCHOOL, "pupils"]].drop_duplicates()
    verdicts = book.projection.school_verdicts.merge(sizes, on=SCHOOL, how="left")
    rows = _judged_year_first(verdicts, "p_failed", book)
    table = columns(rows, words, year=YEAR, school=TEXT, stage=TEXT, area=TEXT, pupils=COUNT)
    table += columns(
        rows,
        words,
        judged=SHARE,
        p_failed=BAD,
        p_failed_se=ERROR,
        p_all_met=GOOD,
        p_all_met_se=ERROR,
    )
    for indicator, part in beside(ratios, SCHOOL, "indicator", rows):
        group = words(f"indicator.{indicator}")
        table += columns(part, words, group, q50=RATIO, p_meets=GOOD, p_meets_se=ERROR)
    sheet_of(book, "schools", table, frozen=2)


def indicators(book: Book) -> None:
    """Ratios of the schools with their intervals."""
    table = columns(
        _judged_year_first(book.projection.schools, "p_meets", book, ascending=True),
        book.words,
        year=YEAR,
        school=TEXT,
        stage=TEXT,
        area=TEXT,
        indicator=TEXT,
        pupils=COUNT,
        judged=SHARE,
        q05=RATIO,
        q50=RATIO,
        q95=RATIO,
        threshold=RATIO,
        p_meets=GOOD,
        p_meets_se=ERROR,
        p_meets_low=SHARE,
        p_meets_high=SHARE,
    )
    sheet_of(book, "indicators", table, frozen=2)


def needs(book: Book) -> None:
    """List what each school lacks, the judged year first and in it those that lack most often."""
    words, frame = book.words, book.projection.needs
    total = frame.groupby(SCHOOL, sort=False)["p_short"].sum().rename("short").reset_index()
    rows = _judged_year_first(total, "short", book)
    table = columns(rows, words, year=YEAR, school=TEXT, stage=TEXT, area=TEXT)
    for indicator, part in beside(frame, SCHOOL, "indicator", rows):
        what = words(f"indicator.{indicator}")
        group = words("mark.with", what=what, which=words(f"item_of.{indicator}"))
        table += columns(
            part, words, group, mean=PEOPLE, q50=COUNT, q95=COUNT, p_short=BAD, p_short_se=ERROR
        )
    sheet_of(book, "needs", table, frozen=2)


def network(book: Book) -> None:
    """Sizes and places of the schools beside what is asked."""
    frame, words = network_in_words(book.projection.county, book.words), book.words
    frame["value"] = frame["value"].round(1)
    table = [
        Column(
            name,
            words(f"network.{name}"),
            frame[name].tolist(),
            FIGURE if name == "value" else TEXT,
        )
        for name in COLUMNS
    ]
    sheet_of(book, "network", table, frozen=1)


def flows(book: Book) -> None:
    """Who left, came, moved and was awarded: the mean and the 90% interval of each year."""
    table: list[Column] = []
    for year, part in beside(_by_stage(book.projection.flows, "flow"), ["stage", "flow"], "year"):
        table = table or columns(part, book.words, stage=TEXT, flow=TEXT)
        table += columns(part, book.words, str(year), mean=PEOPLE, q05=COUNT, q95=COUNT)
    sheet_of(book, "flows", table, frozen=2)


def rotation(book: Book) -> None:
    """Rotation against its legal shares."""
    table = columns(
        book.projection.rotation,
        book.words,
        year=YEAR,
        eligible=PEOPLE,
        moved=PEOPLE,
        share=SHARE,
        p_share_met=GOOD,
        p_share_met_se=ERROR,
        backbone_share=SHARE,
        p_backbone_share_met=GOOD,
        p_backbone_share_met_se=ERROR,
    )
    sheet_of(book, "rotation", table, frozen=1)


def size(book: Book) -> None:
    """Pupils and staff of the stages."""
    words, projection = book.words, book.projection
    pupils, staff = _by_stage(projection.pupils), _by_stage(projection.staff)
    table = columns(pupils, words, stage=TEXT, year=YEAR)
    for name, frame in (("pupils", pupils), ("staff", staff)):
        group = words(f"table.{name}")
        table += columns(frame, words, group, mean=PEOPLE, q05=COUNT, q50=COUNT, q95=COUNT)
    ratio = (pupils["mean"] / staff["mean"].where(staff["mean"] > 0)).tolist()
    table.append(Column("per_staff", words("workbook.per_staff"), ratio, RATIO))
    sheet_of(book, "size", table, frozen=2)


def staffing(book: Book) -> None:
    """Write posts by the norm and staff of every school, by subject; those that lack most first."""
    frame = _judged_year_first(book.projection.staffing, "shortage", book)
    table = columns(
        frame,
        book.words,
        year=YEAR,
        school=TEXT,
        stage=TEXT,
        area=TEXT,
        subject=TEXT,
        norm=PEOPLE,
        mean=PEOPLE,
        q05=COUNT,
        q50=COUNT,
        q95=COUNT,
        surplus=PEOPLE,
        shortage=PEOPLE,
        p_short=BAD,
        p_short_se=ERROR,
    )
    sheet_of(book, "staffing", table, frozen=2)


def duties(book: Book) -> None:
    """Share of the hours due that are given, and of the staff with certificates."""
    table = columns(
        book.projection.duties,
        book.words,
        year=YEAR,
        duty=TEXT,
        stage=TEXT,
        mean=SHARE,
        q05=SHARE,
        q50=SHARE,
        q95=SHARE,
        target=SHARE,
        p_met=GOOD,
        p_met_se=ERROR,
    )
    sheet_of(book, "duties", table, frozen=1)


def costs(book: Book) -> None:
    """Write what each item costs a year, with its spread."""
    rule, frame = book.projection.scenario.costs, book.projection.costs
    table = columns(
        frame,
        book.words,
        year=YEAR,
        item=TEXT,
        mean=MONEY,
        sd=MONEY,
        q05=MONEY,
        q50=MONEY,
        q95=MONEY,
    )
    stated = {"currency": rule.currency, "price_year": rule.price_year or ""}
    for name, value in stated.items():
        heading = book.words(f"workbook.{name}")
        table.append(Column(name, heading, [value] * len(frame), TEXT))
    sheet_of(book, "costs", table, frozen=2)


def _by_stage(frame: pd.DataFrame, *then: str) -> pd.DataFrame:
    """Return the rows stage by stage in the order in which these occur, and year by year."""
    keys = [key for key in ("stage", "indicator", *then) if key in frame]
    codes = {key: pd.factorize(frame[key])[0] for key in keys}
    order = pd.DataFrame({**codes, "year": frame["year"]}, index=frame.index)
    return frame.loc[order.sort_values([*keys, "year"], kind="stable").index].reset_index(drop=True)


def _judged_year_first(
    frame: pd.DataFrame, by: str, book: Book, ascending: bool = False
) -> pd.DataFrame:
    """Return the rows of the judged year, then the other years, each sorted by a column."""
    other = frame["year"] != book.projection.scenario.judged_year
    return (
        frame.assign(_other=other)
        .sort_values(["_other", "year", by], ascending=[True, True, ascending], kind="stable")
        .drop(columns="_other")
        .reset_index(drop=True)
    )
