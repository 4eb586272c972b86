"""The page seek."""

from __future__ import annotations

from workforce_sim.app import look
from workforce_sim.app.state import State


def page(state: State) -> None:
    """Draw it."""
    look.say(state.words("app.page_seek"))
