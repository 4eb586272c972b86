"""Sound tables become a county's folder: when asked, and nothing is replaced without a tick."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import streamlit as st

from workforce_sim.app import look
from workforce_sim.app.state import State
from workforce_sim.county.tables.importing import import_county, told
from workforce_sim.scenario import InputError
from workforce_sim.scenario.forms import FILE_NAME

if TYPE_CHECKING:
    from workforce_sim.county.tables.check import Check


def offer(check: Check, state: State) -> None:
    """Draw the form; once it is sent, import into a folder beside that of the county on show."""
    words = state.words
    look.heading(words("app_county.import"))
    look.say(words("app_county.import_about"))
    with st.form("county.import"):
        name = st.text_input(
            words("app_county.import_name"),
            max_chars=40,
            placeholder="mycounty",
            key="county.import_name",
        ).strip()
        replace = st.checkbox(words("app_county.import_replace"), key="county.import_replace")
        if not st.form_submit_button(words("app_county.import"), type="primary"):
            return
    if not re.fullmatch(FILE_NAME, name):  # nor can it lead out of the folder
        look.warn(words("app_county.import_bad_name"))
        return
    folder = state.path.resolve().parent.parent / name
    try:
        done = import_county(check, folder, words=words, replace=replace)
    except InputError as error:
        look.warn(words("app_county.import_refused"))
        look.problems(error, words)
        return
    with st.container(border=True):
        look.say(*told(check, done, words), words("app_county.import_open", folder=folder))
