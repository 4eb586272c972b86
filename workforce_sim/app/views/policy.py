"""The policy page: move a policy, and see at once who passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from workforce_sim.app import background, look
from workforce_sim.app.state import State
from workforce_sim.app.views import policy_files, policy_schools, policy_verdict
from workforce_sim.app.views.policy_controls import controls
from workforce_sim.report import charts, narrative
from workforce_sim.report.page.chart_tables import of_chart
from workforce_sim.scenario import InputError

if TYPE_CHECKING:
    from workforce_sim.assessment import Projection

VIEWS = ("words", "fan", "chances", "heat", "schools", "map", "school")
"""What can be looked at below the verdict."""


def page(state: State) -> None:
    """Draw it."""
    words = state.words
    policy_files.files(state)
    left, right = st.columns([5, 7], gap="medium")
    try:
        scenario = state.scenario
    except InputError as error:
        with left:
            controls(state, state.unchanged)
        with right:
            look.problems(error, words)
        return
    with left:
        controls(state, scenario)
        policy_files.changed(state)
    projection, job = state.answer()
    with right:
        sketch = projection.provenance["replications"] < state.precise
        policy_verdict.verdict(projection, words, sketch=sketch)
        with st.container(key="policy-refining"):  # as high with the bar as without
            if job is not None:
                background.watch(job, words, words("app_policy.refining"))
            if job is not None and job.is_over and sketch:  # it was stopped
                st.button(
                    words("app_policy.go_on"),
                    icon=":material/play_arrow:",
                    on_click=lambda: state.jobs.drop("refine"),
                )
    _views(state, projection)


def _views(state: State, projection: Projection) -> None:
    words = state.words
    view = st.segmented_control(
        words("app_policy.view"),
        VIEWS,
        default=VIEWS[0],
        required=True,
        format_func=lambda view: words(f"app_policy.view_{view}"),
        key="policy.view",
        label_visibility="collapsed",
    )
    if view == "fan":
        indicator, stage = policy_schools.pair(projection, words, "fan")
        name = f"fan-{indicator}-{stage}"
        chart = charts.fan(projection, indicator, stage, words)
        look.chart(name, chart, words, of_chart(name, projection, words))
    elif view == "chances":
        chart = charts.chances(projection, words)
        look.chart(view, chart, words, of_chart(view, projection, words))
    elif view == "heat":
        chart = charts.heat_map(projection, words)
        look.chart("heat-map", chart, words, of_chart("heat-map", projection, words))
    elif view == "schools":
        policy_schools.ranked(projection, words)
    elif view == "map":
        policy_schools.mapped(projection, words)
    elif view == "school":
        policy_schools.one(projection, words)
    else:
        look.say(*narrative.points(projection, words))
