"""What the numbers of a scenario are called in a study, and how their values are written."""

from __future__ import annotations

from collections.abc import Iterable

from workforce_sim.decision.study import CHANCE
from workforce_sim.report.assumptions import assumption_name
from workforce_sim.report.numbers import NONE
from workforce_sim.scenario import Scenario
from workforce_sim.scenario.schema import STAGES
from workforce_sim.words import Words, catalogue

OLD = 60
"""From this upper age on, an age band is open."""
PEOPLE = (
    "arts_pe.recruits_per_year",
    "arts_pe.retraining_per_year",
    "replacement.arts_pe_posts",
    "replacement.leavers",
    "replacement.joins",
    "backbone.places",
)
SHARES = ("share", "trend", "drift")
"""What the last step of a path holds if it is a share."""


def factor_name(path: str, words: Words, scenario: Scenario | None = None) -> str:
    """Return the name of an assumption, or of chance.

    The rows of a scenario that bear names of its author's, exits and degrees, are named by what
    they say, if the scenario is given.
    """
    if path in (CHANCE, ""):
        return words(f"factor.{path or 'none'}")
    rule, *rest = path.split(".")
    if scenario is not None and rule in ("exits", "degrees") and rest[-1] == "share_per_year":
        if rule == "degrees":
            return words("factor.degree", ages=_ages(scenario.degrees[rest[0]].ages, words))
        row = scenario.exits[rest[0]]
        of = "" if len(row.stages) == len(STAGES) else words.listed("stage", row.stages)
        cause = words(f"option.{row.cause}")
        return words("factor.exit", stage=of, cause=cause, ages=_ages(row.ages, words)).strip()
    return assumption_name(path, words)


def factor_names(paths: Iterable[str], words: Words, scenario: Scenario) -> dict[str, str]:
    """Return names by path, all different: of those alike, the paths follow in brackets."""
    names = {path: factor_name(path, words, scenario) for path in paths}
    several = [name for name in names.values() if list(names.values()).count(name) > 1]
    return {
        path: words("mark.with", what=name, which=path) if name in several else name
        for path, name in names.items()
    }


def lever_sentence(path: str, value: float, words: Words, extreme: str = "") -> str:
    """Say what is done if a number is set: ``at least 3``, where ``extreme`` is ``least``."""
    known = path in catalogue()["lever"]
    least = words(f"factor.{extreme}") if extreme else ""
    return words(
        f"lever.{path if known else 'other'}",
        least=least,
        value=value_text(path, value, words),
        name=assumption_name(path, words),
    )


def value_text(path: str, value: float, words: Words) -> str:
    """Write a value of a number: people, years, a share in percent, or as it is."""
    if value != value:
        return NONE
    last = path.rpartition(".")[2]
    if path in PEOPLE:
        return words("factor.people", n=f"{value:g}")
    if last.endswith("_years"):
        return words("factor.years", n=f"{value:g}")
    if path.startswith("filling.") or any(part in last for part in SHARES):
        return f"{100 * value:.3g}%".replace("-", "−")
    return f"{value:.4g}".replace("-", "−")


def _ages(ages: tuple[int, int], words: Words) -> str:
    first, below = ages
    if below >= OLD:
        return words("factor.from_age", first=first) if first else words("factor.all_ages")
    return (
        words("factor.ages", first=first, last=below - 1)
        if first
        else words("factor.below_age", below=below)
    )
