"""The policies of the county's folder: open one, save the draft as one, take changes back."""

from __future__ import annotations

import streamlit as st

from workforce_sim.app import look
from workforce_sim.app.state import State
from workforce_sim.app.views.policy_controls import told_changes
from workforce_sim.decision.saving import ChangedError, free_name, save_policy
from workforce_sim.scenario import InputError

BASE = ""
"""Stands for the scenario itself among the policies."""


def files(state: State) -> None:
    """Draw what opens and saves policies, what was changed, and what others did meanwhile."""
    words, saved = state.words, state.saved
    opened = state.opened
    key = f"policy.{state.generation}.open"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            words("app_policy.opened"),
            [BASE, *saved],
            [BASE, *saved].index(opened.key if opened else BASE),
            format_func=lambda k: saved[k].title(words.language) if k else words("app.base"),
            key=key,
            on_change=lambda: state.open(st.session_state[key] or None),
            width="stretch",
        )
        form = f"policy.{state.generation}.form"  # another one, and shut, once it is saved
        with st.popover(
            words("app_policy.save"), icon=":material/save:", width="content", key=form
        ):
            _save(state)
        st.button(
            words("app_policy.undo"),
            icon=":material/undo:",
            on_click=lambda: state.open(opened.key if opened else None),
            disabled=not state.changes,
        )
    about = opened.about(words.language) if opened else words("app_policy.base_about")
    look.notes([about])
    if state.broken:
        look.problems(InputError(state.broken), words)
    if (note := st.session_state.pop("policy.saved", None)) is not None:
        st.toast(look.escaped(note), icon=":material/check:")
    _others(state)


def changed(state: State) -> None:
    """Say what the draft changes."""
    if changes := told_changes(state):
        look.notes([state.words("app_policy.changes"), *changes])


def _others(state: State) -> None:
    """Say if somebody else changed, or took away, the policy that is open."""
    opened = state.opened
    if state.opened_digest is None or (opened and opened.digest == state.opened_digest):
        return
    with st.container(border=True):
        look.warn(state.words("app_policy.others_changed" if opened else "app_policy.others_took"))
        st.button(
            state.words("app_policy.others_take" if opened else "app_policy.others_base"),
            on_click=lambda: state.open(opened.key if opened else None, state.changes),
        )


def _save(state: State) -> None:
    """Draw the form that saves the draft, over the opened policy or under a name of its own."""
    words, opened = state.words, state.opened
    form = f"policy.{state.generation}.save"
    modes = ["new", "over"] if opened and state.opened_digest else ["new"]
    mode = st.radio(
        words("app_policy.save_how"),
        modes,
        format_func=lambda mode: words(f"app_policy.save_{mode}"),
        key=f"{form}.mode",
    )
    kept = opened.variant if opened and mode == "over" else None
    with st.form(f"{form}.{mode}", border=False):
        title = st.text_input(words("app_policy.title"), kept.title if kept else "", 80)
        english = st.text_input(words("app_policy.title_en"), kept.title_en if kept else "", 80)
        about = st.text_area(words("app_policy.about"), kept.about if kept else "", max_chars=500)
        if not st.form_submit_button(words("app_policy.save"), type="primary"):
            return
    if not title.strip():
        look.warn(words("app_policy.no_title"))
        return
    try:
        state.scenario  # noqa: B018 - what is not sound is not saved
        done = save_policy(
            state.path,
            free_name(state.path, english or title),
            title=title,
            title_en=english,
            about=about.strip() or words("mark.list").join(told_changes(state)),
            about_en=kept.about_en if kept and about == kept.about else "",
            changes=state.changes,
            opened=opened,
            replaces=state.opened_digest if kept else None,
        )
    except ChangedError:
        look.warn(words("app_policy.conflict"))
    except InputError as error:
        look.problems(error, words)
    else:
        st.session_state["policy.saved"] = words(
            "app_policy.saved", title=title, file=done.path.name
        )
        state.open(done.key)
        st.rerun()
