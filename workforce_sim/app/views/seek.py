"""What is needed to pass: the smallest change of one or two measures that meets a goal."""

from __future__ import annotations

import streamlit as st

from workforce_sim.app import background, look
from workforce_sim.app.background import Progress
from workforce_sim.app.state import GO, State
from workforce_sim.decision.seek import Seek, seek
from workforce_sim.report.assumptions import assumption_name
from workforce_sim.report.decisions import seek as report

EVENTS = ("county", "schools", "L1", "L2", "L3", "L7")
"""What is asked for, as goals name it."""
SURE = (0.5, 0.9, 0.95, 0.99)
LEVERS = {
    "arts_pe.recruits_per_year": 60,
    "arts_pe.retraining_per_year": 60,
    "backbone.places": 120,
    "replacement.arts_pe_posts": 60,
}
"""Measures that can be sought, each with the most that is tried."""


def page(state: State) -> None:
    """Draw it: the goal, the measures, and the answer."""
    words = state.words
    look.say(words("app_seek.about", title=state.title()))
    left, middle, right = st.columns(3)
    with left:
        event = st.selectbox(
            words("app_seek.goal"),
            EVENTS,
            format_func=lambda event: words(f"app_seek.goal_{event}"),
            index=EVENTS.index("L3"),
            key="seek.goal",
        )
    with middle:
        least = st.selectbox(
            words("app_seek.sure"),
            SURE,
            format_func=lambda p: f"{p:.0%}",
            index=SURE.index(0.95),
            key="seek.sure",
        )
    with right:
        paths = st.multiselect(
            words("app_seek.levers"),
            list(LEVERS),
            default=[next(iter(LEVERS))],
            format_func=lambda path: assumption_name(path, words),
            max_selections=2,
            key="seek.levers",
        )
    year = state.scenario.judged_year
    goal = f"P({event}, {year}) >= {least:g}"
    levers = [f"{path}=0..{LEVERS[path]}" for path in paths]
    key = (state.policy.effect, goal, tuple(levers), state.precise, state.seed)
    if st.button(words("app_seek.start"), type="primary", disabled=not levers):
        file = state.opened.path if state.opened else state.path
        overrides = [f"{path}={value}" for path, value in state.changes.items()]
        county, n, seed = state.county, state.precise, state.seed

        def work(progress: Progress) -> Seek:
            return seek(
                file,
                levers,
                goal,
                overrides=overrides,
                county=county,
                replications=n,
                seed=seed,
                workers=1,
                progress=lambda done, whole: progress(round(1000 * done / whole)),
            )

        state.jobs.start("seek", key, work, 1000)
    found = background.outcome(state.jobs, "seek", key, words, words("app_seek.working"))
    if found is not None:
        look.study(found, report, words)
        if found.answer:
            st.button(
                words("app_seek.try"),
                icon=":material/play_arrow:",
                on_click=_try,
                args=(state, found),
            )


def _try(state: State, found: Seek) -> None:
    """Lay the answer over the draft, and show the policy page."""
    changes = {path: f"{value:g}" for path, value in (found.answer or {}).items()}
    state.open(state.opened.key if state.opened else None, {**state.changes, **changes})
    st.session_state[GO] = "policy"
