"""Why the ratios change: what raised them, and what lowered them."""

from __future__ import annotations

import streamlit as st

from workforce_sim.app import background, look
from workforce_sim.app.background import Progress
from workforce_sim.app.state import State
from workforce_sim.decision.explain import Explanation, explain
from workforce_sim.decision.policies import Policy
from workforce_sim.report.decisions import explain as report


def page(state: State) -> None:
    """Draw it: against what, for which school, and what came out."""
    words, saved = state.words, state.saved
    look.say(words("app_explain.about", title=state.title()))
    left, right = st.columns(2)
    with left:
        others = ["", "base", *saved]
        names = {"": words("app_explain.baseline"), "base": words("app.base")}
        against = st.selectbox(
            words("app_explain.against"),
            others,
            format_func=lambda key: names.get(key) or saved[key].title(words.language),
            key="explain.against",
        )
    with right:
        school = st.selectbox(
            words("app_explain.school"),
            list(dict.fromkeys(state.county.schools.names)),
            index=None,
            placeholder=words("app_explain.no_school"),
            key="explain.school",
        )
    key = (state.policy.effect, against, state.precise, state.seed)
    if st.button(words("app_explain.start"), type="primary"):
        draft, county, n, seed = state.policy, state.county, state.precise, state.seed
        other = _other(state, against)

        def work(progress: Progress) -> Explanation:
            return explain(
                draft,
                against=other,
                county=county,
                replications=n,
                seed=seed,
                workers=1,
                progress=progress,
            )

        state.jobs.start("explain", key, work, n * (1 if other is None else 2))
    found = background.outcome(state.jobs, "explain", key, words, words("app_explain.working"))
    if found is not None:
        look.study(found, report, words, school)


def _other(state: State, key: str) -> Policy | None:
    if not key:
        return None
    return Policy.of(state.base) if key == "base" else state.policies([key])[0]
