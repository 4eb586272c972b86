"""The schools of the county as its tables have them, to be searched and sorted."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import streamlit as st

from workforce_sim.app import look
from workforce_sim.county import County
from workforce_sim.county.tables.columns import SCHOOLS
from workforce_sim.report import narrative
from workforce_sim.report.numbers import NONE
from workforce_sim.report.page.table import Table
from workforce_sim.scenario.schema import AREAS, FACILITIES, STAGES
from workforce_sim.words import Words


def schools(county: County, words: Words) -> None:
    """Draw the table of the schools, with search and filters."""
    look.heading(words("app_county.schools_title", n=len(county.schools)))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        search = st.text_input(words("app_county.search"), key="county.search", max_chars=80)
        stages = look.several("stage", STAGES, words, "county.stages")
        areas = look.several("area", AREAS, words, "county.areas")
    table = county.schools
    kept = np.array([search.strip().lower() in name.lower() for name in table.names])
    kept &= np.isin(table.stage, [STAGES.index(stage) for stage in stages])
    kept &= np.isin(table.area, [AREAS.index(area) for area in areas])
    shown = _table(county, np.flatnonzero(kept), words)
    if not shown.rows:
        look.say(words("app_county.none_found"))
        return
    look.table(shown)
    origin = narrative.synthetic(county, words)
    look.notes([words("app_county.schools_note"), origin])
    look.download(words("app.csv"), lambda: look.csv_of(shown, origin), "schools.csv")


def _table(county: County, rows: npt.NDArray[np.int64], words: Words) -> Table:
    schools, staff = county.schools, county.roster
    columns: dict[str, npt.NDArray[np.float64]] = {
        words("check.pupils"): schools.size.astype(float),
        _header("classes", words): schools.classes,
    }
    for name, who in (
        ("staff", np.ones(len(staff), dtype=bool)),
        ("backbone", staff.is_backbone),
        ("specialists", staff.specialist),
    ):
        counts = np.bincount(staff.school[who], minlength=len(schools)).astype(float)
        columns[words(f"check.{name}")] = counts
    for nth, item in enumerate(FACILITIES):
        columns[_header(item, words)] = schools.facilities[:, nth]
    columns = {head: values for head, values in columns.items() if not np.isnan(values).all()}
    cells = [
        [
            schools.names[row],
            words(f"stage.{STAGES[schools.stage[row]]}"),
            words(f"area.{AREAS[schools.area[row]]}"),
            *(_number(values[row]) for values in columns.values()),
        ]
        for row in rows
    ]
    texts = [words("check.school"), words("check.stage"), words("app_county.area")]
    return Table([*texts, *columns], cells, texts=3, schools=True)


def _header(key: str, words: Words) -> str:
    column = SCHOOLS.by_key[key]
    return column.header if words.language == "zh" else column.header_en


def _number(value: float) -> str:
    return NONE if np.isnan(value) else f"{value:,.0f}"
