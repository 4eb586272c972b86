"""The controls of the policy page: what can be moved, in the officers' own terms.

A control shows a figure of the draft, and below it what the opened policy has there and where that
comes from. Moving it changes the draft at a dotted path, as ``--set`` would.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd
import streamlit as st

from workforce_sim.app import look
from workforce_sim.app.state import State
from workforce_sim.decision.levers import parse_lever
from workforce_sim.report.assumptions import assumption_name, assumptions_in_words
from workforce_sim.report.narrative.question import rule_name
from workforce_sim.report.narrative.question import share as share_text
from workforce_sim.scenario import Scenario
from workforce_sim.scenario.assumptions import assumptions
from workforce_sim.scenario.forms import ByYear
from workforce_sim.scenario.quantity import Distribution, support
from workforce_sim.words import Words

RULES = ((3, 1), (2, 1), (1, 1), (3, 0))
"""Leavers and joins: 退三增一, 退二增一, 退一增一, 只退不进."""


@dataclass(frozen=True)
class Control:
    """A figure that can be moved.

    Attributes
    ----------
    path : str
        Its dotted path.
    kind : {"number", "share", "range", "choice", "yes"}
        A whole number (by year: of the years not named), a share, the range of an uncertain share,
        one of some values, or yes and no.
    most : int
        The largest number, or percent, unless the scenario has more.
    choices : tuple
        The values to choose from.
    """

    path: str
    kind: Literal["number", "share", "range", "choice", "yes"]
    most: int = 100
    choices: tuple[Any, ...] = ()


GROUPS: dict[str, tuple[Control, ...]] = {
    "replacement": (Control("replacement.arts_pe_share", "share"),),
    "arts_pe": (
        Control("arts_pe.recruits_per_year", "number", 60),
        Control("arts_pe.retraining_per_year", "number", 60),
        Control("arts_pe.within_quota", "yes"),
    ),
    "backbone": (
        Control("backbone.places", "number", 150),
        Control("backbone.term_years", "choice", choices=(3, 5, None)),
        Control("backbone.spread", "choice", choices=("need", "pupils", "merit")),
    ),
    "rotation": (
        Control("rotation.share", "share", 50),
        Control("rotation.backbone_share", "share", 60),
        Control("rotation.destinations", "choice", choices=("need", "random")),
    ),
    "retirement": (
        Control("retirement.reform_2025", "yes"),
        Control("retirement.early_share", "range"),
        Control("retirement.late_share", "range", 50),
        Control("retirement.senior_women_at_55_share", "range"),
    ),
}
"""The controls by rule. That of replacement begins with its rule, which is two numbers in one."""


def controls(state: State, shown: Scenario) -> None:
    """Draw all controls, a tab for each rule.

    Parameters
    ----------
    state : State
    shown : Scenario
        Whose figures they show: the draft's or, while that is not sound, the opened policy's.
    """
    words = state.words
    origins = _origins(state)
    tabs = st.tabs([words(f"rule.{rule}") for rule in GROUPS], key="policy.rules")
    for tab, (rule, group) in zip(tabs, GROUPS.items(), strict=True):
        with tab:
            if rule == "replacement":
                _rule(state, shown, origins)
            for control in group:
                with st.container(gap=None):
                    _DRAWN[control.kind](state, shown, control)
                    look.notes([origins[control.path]])


def told_changes(state: State) -> list[str]:
    """Return what the draft changes, in words: name, value before, value now."""
    words, before, now = state.words, _values(state.unchanged), _values(state.scenario)
    return [
        words(
            "app_policy.change",
            what=assumption_name(path, words),
            before=_in_words(before, path, words),
            now=_in_words(now, path, words),
        )
        for path in now
        if path not in before or before[path].value != now[path].value
    ]


def _values(scenario: Scenario) -> dict[str, Any]:
    return {assumption.path: assumption for assumption in assumptions(scenario)}


def _in_words(found: Mapping[str, Any], path: str, words: Words) -> str:
    if path not in found:
        return words("option.none")
    frame = assumptions_in_words(pd.DataFrame([vars(found[path])]), words)
    return _written(frame["value"].iloc[0])


def _origins(state: State) -> dict[str, str]:
    """Return what the opened policy says at each path that has a control, and its source."""
    words, scenario = state.words, state.unchanged
    paths = {control.path for group in GROUPS.values() for control in group}
    paths.add("replacement.leavers")  # with the joins it is the hiring rule
    rows = [vars(found) for found in assumptions(scenario) if found.path in paths]
    frame = assumptions_in_words(pd.DataFrame(rows), words)
    texts = {}
    for path, value, source in zip(frame["path"], frame["value"], frame["source"], strict=True):
        quantity = _at(scenario, path)
        if isinstance(quantity, float | Distribution):
            value = share_text(quantity, words)
        elif path == "replacement.leavers":
            value = rule_name(quantity, scenario.replacement.joins, words)
        texts[path] = words("app_policy.origin", value=_written(value), source=source)
    return texts


def _written(value: float | str) -> str:
    return f"{value:g}" if isinstance(value, float) else value


def _at(scenario: Scenario, path: str) -> Any:
    value: Any = scenario
    for name in path.split("."):
        value = getattr(value, name)
    return value


def _change(state: State, path: str, text: str, before: str) -> None:
    state.change(path, None if text == before else text)


def _key(state: State, path: str) -> str:
    return f"policy.{state.generation}.{path}"


def _label(path: str, words: Words) -> str:
    return look.escaped(look.capital(assumption_name(path, words)))


def _rule(state: State, shown: Scenario, origins: Mapping[str, str]) -> None:
    """Draw the hiring rule: so many leavers bring so many posts."""
    words, key = state.words, _key(state, "replacement.rule")
    now = (shown.replacement.leavers, shown.replacement.joins)
    if now[1] == 0:
        now = RULES[-1]
    before = state.unchanged.replacement

    def moved() -> None:
        leavers, joins = st.session_state[key]
        if (leavers, joins) == RULES[-1]:
            leavers = before.leavers  # nobody comes: for how many leavers says nothing
        _change(state, "replacement.leavers", str(leavers), str(before.leavers))
        _change(state, "replacement.joins", str(joins), str(before.joins))

    rules: list[tuple[int, int]] = [*dict.fromkeys((*RULES, now))]
    with st.container(gap=None):
        st.radio(
            words("app_policy.rule"),
            rules,
            rules.index(now),
            format_func=lambda rule: rule_name(rule[0], rule[1], words),
            key=key,
            on_change=moved,
            horizontal=True,
        )
        look.notes([origins["replacement.leavers"]])


def _number(state: State, shown: Scenario, control: Control) -> None:
    path, key = control.path, _key(state, control.path)
    lever = parse_lever(f"{path}=0..{control.most}", shown)
    value, before = _at(shown, path), _at(state.unchanged, path)
    first, last = shown.years.first, shown.years.last
    now = value.at(last) if isinstance(value, ByYear) else value
    was = before.at(last) if isinstance(before, ByYear) else before

    def moved() -> None:
        for name in lever.keys:
            _change(state, name, str(st.session_state[key]), str(was))

    label = _label(path, state.words)
    if isinstance(value, ByYear) and value.years and value.later is not None:
        since = next((y for y in range(first, last + 1) if y not in value.years), last)
        label += look.escaped(state.words("app_policy.since", year=since))
    most = max(control.most, now)
    st.slider(label, 0, most, now, key=key, on_change=moved)


def _share(state: State, shown: Scenario, control: Control) -> None:
    path, key = control.path, _key(state, control.path)
    now, before = (support(_at(s, path))[1] for s in (shown, state.unchanged))

    def moved() -> None:
        _change(state, path, _fraction(st.session_state[key]), _fraction(100 * before))

    most = max(float(control.most), 100 * now)
    st.slider(
        _label(path, state.words),
        0.0,
        most,
        round(100 * now, 1),
        step=1.0,
        format="%g%%",
        key=key,
        on_change=moved,
    )


def _range(state: State, shown: Scenario, control: Control) -> None:
    """Draw the range of an uncertain share: moved, every value in it is equally likely."""
    path, key = control.path, _key(state, control.path)
    low, high = (round(100 * end, 1) for end in support(_at(shown, path)))
    before = tuple(round(100 * end, 1) for end in support(_at(state.unchanged, path)))

    def moved() -> None:
        ends = st.session_state[key]
        texts = [_fraction(end) for end in ends]
        spread = f"{{dist: uniform, low: {texts[0]}, high: {texts[1]}}}"
        text = texts[0] if texts[0] == texts[1] else spread
        state.change(path, None if tuple(ends) == before else text)

    st.slider(
        _label(path, state.words),
        0.0,
        max(float(control.most), high),
        (low, high),
        step=1.0,
        format="%g%%",
        key=key,
        on_change=moved,
        help=look.escaped(state.words("app_policy.range_help")),
    )


def _choice(state: State, shown: Scenario, control: Control) -> None:
    path, key, words = control.path, _key(state, control.path), state.words
    now, before = _at(shown, path), _at(state.unchanged, path)
    choices = [*dict.fromkeys((*control.choices, now))]

    def moved() -> None:
        _change(state, path, _yaml(st.session_state[key]), _yaml(before))

    st.radio(
        _label(path, words),
        choices,
        choices.index(now),
        format_func=lambda choice: _option(choice, words),
        key=key,
        on_change=moved,
        horizontal=True,
    )


def _yes(state: State, shown: Scenario, control: Control) -> None:
    path, key = control.path, _key(state, control.path)
    before = _at(state.unchanged, path)

    def moved() -> None:
        _change(state, path, _yaml(st.session_state[key]), _yaml(before))

    st.toggle(_label(path, state.words), _at(shown, path), key=key, on_change=moved)


_DRAWN: dict[str, Callable[[State, Scenario, Control], None]] = {
    "number": _number,
    "share": _share,
    "range": _range,
    "choice": _choice,
    "yes": _yes,
}


def _option(choice: Any, words: Words) -> str:
    if choice is None:
        return words("app_policy.for_life")
    if isinstance(choice, int):
        return words("app_policy.years", n=choice)
    return words(f"option.{choice}")


def _fraction(percent: float) -> str:
    return f"{percent / 100:.4g}"


def _yaml(value: Any) -> str:
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)
