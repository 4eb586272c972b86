"""What conditions and outcomes are called."""

from __future__ import annotations

from workforce_sim.decision.measures import PEOPLE
from workforce_sim.decision.outcome import Condition, Event, parse_condition, parse_event
from workforce_sim.words import Words


def outcome_name(outcome: str, words: Words) -> str:
    """Return the name of an outcome of a study: a number, or a probability; perhaps with a year."""
    if outcome in PEOPLE:
        return words(f"named.{outcome}")
    if outcome.startswith("P(") and ", " in outcome:
        event = parse_event(outcome.removeprefix("P(").removesuffix(")"), 0)
        return words("named.probability", what=event_name(event, words))
    outcome, _, year = outcome.partition(", ")
    if year:
        return words("named.in_year", what=outcome_name(outcome, words), year=year)
    inner = outcome.removeprefix("P(").removesuffix(")")
    if inner != outcome:
        return words("named.probability", what=condition_name(parse_condition(inner), words))
    condition = parse_condition(outcome)
    name = _filled(words(f"named.value_{_kind(condition)}"), condition, words)
    return name[0].upper() + name[1:]


def event_name(event: Event, words: Words) -> str:
    """Return what an event says, as a clause with its year."""
    what = words("named.both_hold").join(condition_name(c, words) for c in event.conditions)
    return words("named.in_year", what=what, year=event.year)


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
