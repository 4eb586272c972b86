"""Sentences about a projection, the same on the terminal, in the report and elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workforce_sim.law import load_retirement_law, load_standard
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.assessment.projection import Projection


def origin(projection: Projection, words: Words) -> str:
    """Return the line that names the law, the seed and the number of replications."""
    return words(
        "term.law",
        retirement=load_retirement_law().version,
        standard=load_standard().version,
        seed=projection.provenance["seed"],
        n=projection.provenance["replications"],
    )
