"""The facts of the school network in words, for every form in which they are shown."""

from __future__ import annotations

import pandas as pd

from workforce_sim.county import County, network_facts
from workforce_sim.words import Words

COLUMNS = ("fact", "value", "limit", "holds", "note_on")


def network_in_words(county: County, words: Words) -> pd.DataFrame:
    """Return what is compared, its value (a number), what is asked, whether it holds, notes."""
    chinese = words.language == "zh"
    said = {True: words("value.yes"), False: words("value.no"), None: words("network.unknown")}
    rows = [
        (
            fact.name if chinese else fact.name_en,
            fact.value,
            f"{'≤' if fact.at_most else '≥'} {fact.limit:g}",
            said[fact.holds],
            fact.note if chinese else fact.note_en,
        )
        for fact in network_facts(county)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))
