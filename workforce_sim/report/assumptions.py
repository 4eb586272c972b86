"""The assumptions in words: what a scenario's paths, options and sources mean."""

from __future__ import annotations

import re

import pandas as pd

from workforce_sim.report.narrative.grounds import source_name
from workforce_sim.words import Words, catalogue

_NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?")
_TERM = re.compile(r"[a-z_]+(\.[a-z_]+)*")


def assumptions_in_words(assumptions: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Return the assumptions of a projection as people read them.

    Returns
    -------
    DataFrame
        ``rule`` and ``assumption``: what it is. ``value``: a number where it is one, else words.
        ``source``, ``default``: in words. ``path``: as in the scenario.
    """
    return pd.DataFrame(
        {
            "rule": [_rule(path, words) for path in assumptions["path"]],
            "assumption": [assumption_name(path, words) for path in assumptions["path"]],
            "value": pd.Series(
                [_value(text, words) for text in assumptions["value"]], dtype=object
            ),
            "source": [source_name(source, words) for source in assumptions["source"]],
            "default": [words(f"value.{'yes' if d else 'no'}") for d in assumptions["default"]],
            "path": list(assumptions["path"]),
        }
    )


def _rule(path: str, words: Words) -> str:
    rule = path.partition(".")[0]
    return words(f"rule.{rule}") if rule in catalogue()["rule"] else rule


def assumption_name(path: str, words: Words) -> str:
    """Return what a path is; the names in it that its author chose follow in brackets."""
    steps = path.split(".")
    for known in catalogue()["assumption"]:
        pattern = known.split(".")
        if len(pattern) == len(steps) and all(
            step in (part, "*") for part, step in zip(steps, pattern, strict=True)
        ):
            chosen = [
                _chosen(part, steps, words)
                for part, step in zip(steps, pattern, strict=True)
                if step == "*"
            ]
            name = words(f"assumption.{known}")
            return words("mark.with", what=name, which=", ".join(chosen)) if chosen else name
    return path


def _chosen(part: str, steps: list[str], words: Words) -> str:
    """Return a name that stands for ``*``: events are numbered from 1, stages and items named."""
    if part.isdecimal() and steps[0] in ("network", "facilities"):
        return str(int(part) + 1)
    return _term(part, words) if part == steps[-1] else part


def _value(text: str, words: Words) -> float | str:
    """Return a number, or a text with its options, and the figures it names, in words."""
    if _NUMBER.fullmatch(text):
        return float(text)
    return _TERM.sub(lambda term: _term(term[0], words), text)


def _term(term: str, words: Words) -> str:
    if "." in term:
        return assumption_name(term, words)
    return words(f"option.{term}") if term in catalogue()["option"] else term
