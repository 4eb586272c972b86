"""The frame around every page: navigation, language, precision."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st

from workforce_sim.app import look
from workforce_sim.app.state import GO, PRECISE, State
from workforce_sim.app.views import (
    compare,
    county,
    documents,
    explain,
    policy,
    seek,
    sensitivity,
)
from workforce_sim.scenario import InputError
from workforce_sim.words import LANGUAGES

PAGES: dict[str, Callable[[State], None]] = {
    "policy": policy.page,
    "county": county.page,
    "compare": compare.page,
    "seek": seek.page,
    "explain": explain.page,
    "sensitivity": sensitivity.page,
    "documents": documents.page,
}
"""The pages by the end of their address, each with what draws it; the first is the front page."""


def show(path: Path) -> None:
    """Draw the page that is asked for.

    Parameters
    ----------
    path : Path
        The scenario's file.
    """
    st.set_page_config(page_title="workforce-sim", layout="wide")
    look.style()
    state = State(path)
    words = state.words
    # No page has an icon: for the browser's tab Streamlit would fetch it from an outside address.
    pages = [
        st.Page(
            partial(draw, state, name),
            title=words(f"app.page_{name}"),
            url_path=name,
            default=name == next(iter(PAGES)),
        )
        for name in PAGES
    ]
    chosen = st.navigation(pages, position="top")
    if (name := st.session_state.pop(GO, None)) is not None:
        st.switch_page(pages[list(PAGES).index(name)])
    _head(state)
    chosen.run()
    state.to_address()


def draw(state: State, name: str) -> None:
    """Draw what is within the frame; what is wrong with an input is told in its place."""
    try:
        PAGES[name](state)
    except InputError as error:
        look.problems(error, state.words)


def _head(state: State) -> None:
    words = state.words
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(look.escaped(_title(state)), anchor=False, width="stretch")
        with st.popover(words("app.settings"), icon=":material/settings:", width="content"):
            st.segmented_control(
                words("app.precise"),
                PRECISE,
                default=state.precise,
                format_func=lambda n: f"{n:,}",
                key="precise",
                on_change=lambda: state.choose_precise(st.session_state["precise"] or PRECISE[0]),
                help=words("app.precise_help"),
            )
        st.segmented_control(
            words("app.language"),
            LANGUAGES,
            default=words.language,
            format_func=lambda language: words(f"app.language_{language}"),
            key="language",
            on_change=lambda: state.choose_language(st.session_state["language"] or words.language),
            label_visibility="collapsed",
            width="content",
        )


def _title(state: State) -> str:
    try:
        county = state.county
    except InputError:  # told in place of the page
        return state.words("app.title")
    name = county.name if state.words.language == "zh" else county.name_en or county.name
    return state.words("app.title_of", county=name)
