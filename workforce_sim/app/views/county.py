"""The county page: where its figures come from, its people, its schools - and one's own tables."""

from __future__ import annotations

import dataclasses

import pandas as pd
import streamlit as st

from workforce_sim.app import background, look
from workforce_sim.app.state import State
from workforce_sim.app.views import county_schools, upload
from workforce_sim.county import County, reconcile
from workforce_sim.law import format_month
from workforce_sim.report import charts, narrative
from workforce_sim.report.page import tables
from workforce_sim.report.page.chart_tables import of_chart
from workforce_sim.report.page.table import Table
from workforce_sim.report.tables import heading
from workforce_sim.scenario.forms import Section
from workforce_sim.scenario.schema import STAGES
from workforce_sim.words import Words

VIEWS = ("figures", "ages", "retirements", "schools", "network", "tables")
"""What can be looked at."""


def page(state: State) -> None:
    """Draw it."""
    words = state.words
    view = st.segmented_control(
        words("app_county.view"),
        VIEWS,
        default=VIEWS[0],
        required=True,
        format_func=lambda view: words(f"app_county.view_{view}"),
        key="county.view",
        label_visibility="collapsed",
    )
    if view in ("ages", "retirements"):
        _chart(state, view)
    elif view == "schools":
        county_schools.schools(state.county, words)
    elif view == "network":
        look.heading(words("network.title"))
        look.table(tables.network(state.county, words))
        look.notes([words("network.note")])
    elif view == "tables":
        upload.tables(state)
    else:
        _figures(state.county, words)


def _chart(state: State, name: str) -> None:
    """Draw a chart of the staff; the county as it will be is that of the policy at hand."""
    words = state.words
    projection, job = state.answer()
    drawn = charts.ages if name == "ages" else charts.retirements
    look.chart(name, drawn(projection, words), words, of_chart(name, projection, words))
    if job is not None and name == "ages":
        background.watch(job, words, words("app_county.refining"))


# --- where the figures come from ------------------------------------------------------------------


def _figures(county: County, words: Words) -> None:
    look.tiles(list(_counted(county, words)))
    look.heading(words("app_county.sources"))
    look.say(origin := narrative.synthetic(county, words))
    look.table(_sources(county, words))
    figures = reconcile(county)
    look.heading(words("term.reconciliation"))
    if not figures:
        look.say(words("app_county.nothing_stated"))
        return
    differing = sum(not figure.agrees for figure in figures)
    look.say(words("app_county.reconciled", n=len(figures), differing=differing))
    shown = _reconciliation(pd.DataFrame(figures), words)
    look.table(shown)
    look.download(words("app.csv"), lambda: look.csv_of(shown, origin), "reconciliation.csv")


def _counted(county: County, words: Words) -> list[look.Tile]:
    shown = [look.Tile(words("app_county.census"), format_month(county.census))]
    for stage in STAGES:
        counts = county.stage_counts(stage)
        value = words("app_county.schools", n=counts["schools"])
        shown.append(look.Tile(words(f"stage.{stage}"), value, _people(counts, words)))
    special = county.special
    if special.schools:
        counts = {"pupils": special.pupils, "staff": special.staff}
        note = _people(counts, words) + words("app_county.on_the_books")
        value = words("app_county.schools", n=special.schools)
        shown.append(look.Tile(words("app_county.special"), value, note))
    return shown


def _people(counts: dict[str, int], words: Words) -> str:
    return words("app_county.people", pupils=counts["pupils"], staff=counts["staff"])


def _sources(county: County, words: Words) -> Table:
    """Say of each kind of data where it comes from: stated, out of tables, or made up."""
    rows = [
        [words(f"app_county.data_{name}"), _source(section, words)]
        for name, section in (
            ("published", county.published),
            ("stated", county.stated),
            ("goals", county.goals),
        )
        if section is not None and section.model_fields_set
    ]
    if "school_table" not in county.synthetic:
        rows.append([words("app_county.data_tables"), words("source.bureau")])
    made_up = []
    for mark in county.synthetic:
        made_up.append(len(rows))
        rows.append([words(f"synthetic.{mark}"), words("app_county.synthetic")])
    heads = [words("app_county.data"), words("column.source")]
    return Table(heads, rows, texts=2, marked=frozenset(made_up))


def _source(section: Section, words: Words) -> str:
    labels = [section.source] if section.source else list(section.sources.values())
    return words("mark.list").join(dict.fromkeys(narrative.source_name(x, words) for x in labels))


def _reconciliation(figures: pd.DataFrame, words: Words) -> Table:
    """Return the figures that the county states, what they add up to, and what explains it."""
    shown = tables.reconciliation(figures, words)
    notes = figures["note" if words.language == "zh" else "note_en"]
    return dataclasses.replace(
        shown,
        heads=[shown.heads[0], heading("note", words), *shown.heads[1:]],
        rows=[[row[0], note, *row[1:]] for row, note in zip(shown.rows, notes, strict=True)],
        texts=2,
        marked=frozenset(nth for nth, agrees in enumerate(figures["agrees"]) if not agrees),
    )
