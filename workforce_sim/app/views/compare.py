"""The draft beside saved policies: paired differences on common random numbers."""

from __future__ import annotations

import streamlit as st

from workforce_sim.app import background, look
from workforce_sim.app.background import Progress
from workforce_sim.app.state import State
from workforce_sim.decision.compare import compare
from workforce_sim.decision.comparison import Comparison
from workforce_sim.report.decisions import compare as report


def page(state: State) -> None:
    """Draw it: which policies, and once they are compared, what came out."""
    words, saved = state.words, state.saved
    look.say(words("app_compare.about", title=state.title()))
    keys = st.multiselect(
        words("app_compare.policies"),
        list(saved),
        default=[key for key in st.session_state.get("compare.policies", []) if key in saved],
        format_func=lambda key: saved[key].title(words.language),
        key="compare.policies",
        placeholder=words("app_compare.choose"),
    )
    # The draft comes first where it is not the scenario itself: that is the base.
    draft = [state.policy] if state.changes or state.opened else []
    chosen = [key for key in keys if state.changes or saved[key] != state.opened]
    key = (state.policy.effect, tuple(keys), state.precise, state.seed)
    if st.button(words("app_compare.start"), type="primary", disabled=not (draft or chosen)):
        policies = [*draft, *state.policies(chosen)]
        base, county, n, seed = state.base, state.county, state.precise, state.seed

        def work(progress: Progress) -> Comparison:
            return compare(
                base,
                policies,
                county=county,
                replications=n,
                seed=seed,
                workers=1,
                progress=progress,
            )

        state.jobs.start("compare", key, work, n * (1 + len(policies)))
    found = background.outcome(state.jobs, "compare", key, words, words("app_compare.working"))
    if found is not None:
        look.study(found, report, words)
