"""What conditions and outcomes are called."""

from __future__ import annotations

from workforce_sim.decision.measures import PEOPLE
from workforce_sim.decision.outcome import Condition, parse_condition
from workforce_sim.words import Words


def outcome_name(outcome: str, words: Words) -> str:
    """Return the name of an outcome of ``decision.measures``: a number, or a probability."""
    if outcome in PEOPLE:
        return words(f"named.{outcome}")
    inner = outcome.removeprefix("P(").removesuffix(")")
    if inner != outcome:
        return words("named.probability", what=condition_name(parse_condition(inner), words))
    condition = parse_condition(outcome)
    name = _filled(words(f"named.value_{_kind(condition)}"), condition, words)
    return name[0].upper() + name[1:]


def condition_name(condition: Condition, words: Words) -> str:
    """Return what a condition says, as a clause: ``primary L3 PE/arts meets``."""
    return _filled(words(f"named.holds_{_kind(condition)}"), condition, words)


def _kind(condition: Condition) -> str:
    each = condition.of in ("schools", "school") and condition.indicator is not None
    return f"{condition.of}_each" if each else condition.of


def _filled(text: str, condition: Condition, words: Words) -> str:
    chinese = words.language == "zh"
    stage = words(f"stage.{condition.stage}") if condition.stage else words("named.all_stages")
    indicator = condition.indicator
    return text.format(
        stage=stage if chinese else stage.lower(),
        schools=words("named.schools_of", stage=stage if chinese else stage.lower())
        if condition.stage
        else words("named.schools_all"),
        indicator=words(f"short.{indicator}") if indicator else words("named.all_indicators"),
        school=condition.school,
    )
