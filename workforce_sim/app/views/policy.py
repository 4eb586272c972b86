"""The policy page."""

from __future__ import annotations

from workforce_sim.app import background, look
from workforce_sim.app.state import State
from workforce_sim.report import narrative


def page(state: State) -> None:
    """Draw it."""
    projection, job = state.answer()
    look.say(narrative.answer(projection, state.words))
    if job is not None:
        background.watch(job, state.words, state.words("app_policy.refining"))
