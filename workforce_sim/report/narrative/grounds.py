"""What the answer rests on: the assumptions that matter, the limits, the origin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from workforce_sim.law import load_retirement_law, load_standard
from workforce_sim.report.narrative.phrases import codes, counted, joined, when_judged
from workforce_sim.report.narrative.question import by_year, rule_name, share
from workforce_sim.report.numbers import number
from workforce_sim.words import Words, catalogue

if TYPE_CHECKING:
    from workforce_sim.assessment.projection import Projection
    from workforce_sim.county import County
    from workforce_sim.decision.study import Study

DIFFERENCES = 3
"""So many stated figures that differ are named."""


def assumptions_text(projection: Projection, words: Words) -> list[str]:
    """Return the assumptions that matter most, each with the source of its figure."""
    sources = projection.assumptions.set_index("path")["source"]
    return [
        words("premise.sourced", text=text, source=source_name(sources[path], words))
        for path, text in _assumptions(projection, words)
    ]


def source_name(label: str, words: Words) -> str:
    """Return the words for a source; a label that the author made up stands as it is."""
    if label.startswith("--"):
        return words("premise.command_line", option=label)
    return words(f"source.{label}") if label in catalogue()["source"] else label


def _assumptions(projection: Projection, words: Words) -> Iterator[tuple[str, str]]:
    """Yield the path of a figure and the sentence about it."""
    scenario = projection.scenario
    nobody = words("premise.nobody")
    yield (
        "replacement.leavers",
        words(
            "premise.hiring",
            rule=rule_name(scenario.replacement.leavers, scenario.replacement.joins, words),
        ),
    )
    yield (
        "arts_pe.recruits_per_year",
        words(
            "premise.arts_pe",
            recruits=by_year(scenario.arts_pe.recruits_per_year, scenario, words) or nobody,
            retrained=by_year(scenario.arts_pe.retraining_per_year, scenario, words) or nobody,
        ),
    )
    term = scenario.backbone.term_years
    if term is None:
        yield "backbone.term_years", words("premise.backbone_for_life")
    else:
        renewed = share(scenario.backbone.renewed_share, words)
        yield "backbone.term_years", words("premise.backbone", n=term, renewed=renewed)
    yield (
        "retirement.early_share",
        words(
            "premise.retirement" if scenario.retirement.reform_2025 else "premise.no_reform",
            early=share(scenario.retirement.early_share, words),
            senior=share(scenario.retirement.senior_women_at_55_share, words),
        ),
    )
    entrants = scenario.enrolment.entrants
    if entrants.table is not None:
        yield "enrolment.entrants.table", words("premise.pupils_table")
    elif entrants.births is not None:
        yield "enrolment.entrants.births", words("premise.pupils_births")
    else:
        yield "enrolment.entrants.births", words("premise.pupils_held")
    counting = scenario.counting
    yield (
        "counting.arts_pe",
        words(
            "premise.counting",
            primary=words(f"option.{counting.degree_primary}"),
            junior=words(f"option.{counting.degree_junior}"),
            arts_pe=words(f"option.{counting.arts_pe}"),
        ),
    )


def limits(projection: Projection, words: Words) -> list[str]:
    """Return what the answer does not say, or says with reserve; each a sentence or two."""
    found = [incomplete(projection, words)] if not projection.provenance["complete"] else []
    found += [scope(projection, words), synthetic(projection.county, words)]
    found.append(words("limit.error", n=projection.provenance["replications"]))
    verdicts = when_judged(projection.school_verdicts, projection)
    if small := int((verdicts["judged"] == 0).sum()):
        smallest = projection.scenario.counting.smallest_school_pupils
        found.append(words("limit.small", n=small, pupils=smallest))
    if disagrees := reconciled(projection, words):
        found.append(disagrees)
    found.append(words("limit.defaults", n=int(projection.assumptions["default"].sum())))
    return found


def unlooked(projection: Projection, words: Words) -> str:
    """Return, in a sentence or three, what nobody has looked at and what is synthetic."""
    sentences = [scope(projection, words)]
    if "school_table" in projection.county.synthetic:
        sentences.append(words("limit.all_synthetic"))
        if projection.whole and "facilities" in projection.county.synthetic:
            sentences.append(words("limit.facilities"))
    elif projection.county.synthetic:
        sentences.append(synthetic(projection.county, words))
    if not projection.provenance["complete"]:
        sentences.append(incomplete(projection, words))
    return joined(sentences, words)


def scope(study: Study, words: Words) -> str:
    """Return which indicators nobody has looked at; where none, that others remain."""
    missing = study.provenance["indicators_not_looked_at"]
    if not missing:
        return words("limit.resources")
    n = counted(len(load_standard().indicators) - len(missing), words)
    return words("limit.partial", n=n, which=codes(missing, words))


def synthetic(county: County, words: Words) -> str:
    """Return what is synthetic, or that nothing is."""
    parts = county.synthetic
    if not parts:
        return words("limit.real")
    return words("limit.synthetic", what=words.listed("synthetic", parts))


def incomplete(projection: Projection, words: Words) -> str:
    """Return how many replications were asked for, and how many are done."""
    run = projection.provenance
    requested, done = run["replications_requested"], run["replications"]
    return words("limit.incomplete", requested=requested, done=done)


def reconciled(projection: Projection, words: Words) -> str | None:
    """Return the stated figures that differ from the recomputed ones; None if there are none.

    The first are named and the others counted: the table of the reconciliation has them all.
    """
    differing = projection.reconciliation[~projection.reconciliation["agrees"]]
    figures = [
        words(
            "limit.against",
            figure=row["figure" if words.language == "zh" else "figure_en"],
            stated=f"{row['stated']:g}",
            recomputed=number(row["recomputed"]),
        )
        for _, row in differing[:DIFFERENCES].iterrows()
    ]
    if len(differing) > DIFFERENCES:
        figures.append(words("limit.more", n=len(differing) - DIFFERENCES))
    return words("limit.disagrees", figures=words("mark.list").join(figures)) if figures else None


def origin(projection: Projection, words: Words) -> str:
    """Return the line that names the law, the seed and the number of replications."""
    return words(
        "limit.law",
        retirement=load_retirement_law().version,
        standard=load_standard().version,
        seed=projection.provenance["seed"],
        n=projection.provenance["replications"],
    )
