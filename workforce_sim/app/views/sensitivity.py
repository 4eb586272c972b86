"""Which uncertain assumption drives the risk: takes minutes, with progress and a way to stop."""

from __future__ import annotations

import streamlit as st

from workforce_sim.app import background, look
from workforce_sim.app.background import Progress
from workforce_sim.app.state import State
from workforce_sim.decision.sensitivity import Sensitivity, sensitivity
from workforce_sim.report.decisions import sensitivity as report

POINTS = (64, 256, 1024)
"""Points of the Sobol sequence: quick, usual, exact."""


def page(state: State) -> None:
    """Draw it: how exactly, and what came out."""
    words = state.words
    look.say(words("app_sensitivity.about", title=state.title()))
    points = st.segmented_control(
        words("app_sensitivity.points"), POINTS, default=POINTS[0], key="sensitivity.points"
    )
    points = points or POINTS[0]
    key = (state.policy.effect, points, state.seed)
    if st.button(words("app_sensitivity.start"), type="primary"):
        scenario, county, seed = state.scenario, state.county, state.seed

        def work(progress: Progress) -> Sensitivity:
            return sensitivity(
                scenario,
                points=points,
                replications=max(100, points),
                county=county,
                seed=seed,
                workers=1,
                progress=lambda done, whole: progress(round(1000 * done / whole)),
            )

        state.jobs.start("sensitivity", key, work, 1000)
    found = background.outcome(
        state.jobs, "sensitivity", key, words, words("app_sensitivity.working")
    )
    if found is not None:
        look.study(found, report, words)
