"""What a comparison says, as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from workforce_sim.assessment.uncertainty import Columns, probability, spread
from workforce_sim.county import County
from workforce_sim.decision.measures import COUNTY, PEOPLE, SCHOOLS, margin
from workforce_sim.decision.paired import difference
from workforce_sim.decision.policies import Policy
from workforce_sim.decision.ranking import Ranking, ranking
from workforce_sim.scenario import Scenario
from workforce_sim.scenario.assumptions import Assumption, assumptions

Samples = dict[str, pd.DataFrame]
"""By policy the outcomes of every replication, a row each: float64, or bool for events."""


@dataclass(frozen=True)
class Comparison:
    """What policies come to in the judged year, set against the base, replication by replication.

    Attributes
    ----------
    scenario : Scenario
        The base.
    county : County
    compared : tuple of Policy
        The base and the policies, the base first.
    samples : dict of str to DataFrame
        See `Samples`.
    policies : DataFrame
        What each stands for; ``same_as``: the policy before it that does exactly the same.
    changes : DataFrame
        What each changes in the base, with the sources of the new values.
    outcomes : DataFrame
        Outcomes that are numbers: mean and quantiles.
    chances : DataFrame
        Outcomes that are events: probability and its Monte Carlo error.
    differences : DataFrame
        Each outcome of a policy minus that of the base: see `paired.Difference`. ``margin`` is the
        largest difference that does not matter.
    ranking : DataFrame
        Best first: by the probability that the county is not ruled out and, where that is equal, by
        the share of schools that have not failed; see `ranking.Ranking`.
    pairwise : DataFrame
        The same two outcomes between any two policies, the one that ranks higher first.
    provenance : dict
    """

    scenario: Scenario
    county: County
    compared: tuple[Policy, ...]
    samples: Samples
    policies: pd.DataFrame
    changes: pd.DataFrame
    outcomes: pd.DataFrame
    chances: pd.DataFrame
    differences: pd.DataFrame
    ranking: pd.DataFrame
    pairwise: pd.DataFrame
    provenance: dict[str, Any]

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name."""
        names = (
            *("ranking", "differences", "outcomes", "chances", "pairwise"),
            *("policies", "changes"),
        )
        return {name: getattr(self, name) for name in names}


def comparison(
    county: County,
    compared: tuple[Policy, ...],
    samples: Samples,
    seed: int,
    origin: dict[str, Any],
) -> Comparison:
    """Return the comparison of policies, the base first; ``seed`` is that of the ranking."""
    base = compared[0]
    first: dict[str, Policy] = {}  # equals are one in the ranking
    for p in compared:
        first.setdefault(p.effect, p)
    criteria = [
        np.array([samples[p.name][name].to_numpy(float) for p in first.values()])
        for name in (COUNTY, SCHOOLS)
    ]
    ranked = ranking(criteria, seed)
    place = {p.name: list(first).index(p.effect) for p in compared}
    return Comparison(
        scenario=base.scenario,
        county=county,
        compared=compared,
        samples=samples,
        policies=pd.DataFrame(
            {
                **_named(p),
                "about": p.about,
                "about_en": p.about_en,
                "same_as": "" if first[p.effect] is p else first[p.effect].name,
            }
            for p in compared
        ),
        changes=_changes(compared),
        outcomes=_summaries(compared, samples, bool_=False),
        chances=_summaries(compared, samples, bool_=True),
        differences=pd.DataFrame(
            row for p in compared[1:] for row in _differences(p, base, samples, [*samples[p.name]])
        ),
        ranking=_ranking(compared, ranked, place, samples),
        pairwise=_pairwise(compared, ranked, place, samples),
        provenance=origin,
    )


def _named(policy: Policy) -> dict[str, str]:
    return {"policy": policy.name, "title": policy.title, "title_en": policy.title_en}


def _plain(columns: Columns) -> dict[str, float]:
    return {name: float(value) for name, value in columns.items()}


def _changes(compared: Sequence[Policy]) -> pd.DataFrame:
    """Return what each policy changes in the base."""

    def figures(policy: Policy) -> dict[str, Assumption]:
        return {figure.path: figure for figure in assumptions(policy.scenario)}

    before = figures(compared[0])
    rows = []
    for policy in compared[1:]:
        after = figures(policy)
        for path in dict.fromkeys([*before, *after]):
            old, new = before.get(path), after.get(path)
            if (old and old.value) != (new and new.value):
                rows.append(
                    {
                        **_named(policy),
                        "path": path,
                        "base_value": old.value if old else "",
                        "value": new.value if new else "",
                        "source": new.source if new else "",
                    }
                )
    columns = [*_named(compared[0]), "path", "base_value", "value", "source"]
    return pd.DataFrame(rows, columns=columns)


def _summaries(compared: Sequence[Policy], samples: Samples, bool_: bool) -> pd.DataFrame:
    rows = []
    for policy in compared:
        for name, values in samples[policy.name].items():
            if (values.dtype == bool) == bool_:
                numbers = values.to_numpy()
                told = probability(numbers, 0) if bool_ else spread(numbers, 0)
                rows.append({**_named(policy), "outcome": name, **_plain(told)})
    return pd.DataFrame(rows)


def _differences(
    policy: Policy, other: Policy, samples: Samples, names: Sequence[str]
) -> Iterator[dict[str, Any]]:
    for name in names:
        here, there = (samples[p.name][name].to_numpy() for p in (policy, other))
        found = difference(here, there, margin(name), identical=policy.effect == other.effect)
        yield {
            **_named(policy),
            "outcome": name,
            **asdict(found),
            "enough": found.enough,
            "margin": margin(name),
        }


def _ranking(
    compared: Sequence[Policy], ranked: Ranking, place: dict[str, int], samples: Samples
) -> pd.DataFrame:
    rows = []
    for policy in compared:
        nth, sample = place[policy.name], samples[policy.name]
        p = probability(sample[COUNTY].to_numpy(), 0)
        rows.append(
            {
                "rank": ranked.rank[nth],
                **_named(policy),
                **_plain(p),
                **{name: float(sample[name].mean()) for name in (SCHOOLS, *PEOPLE)},
                "p_best": ranked.p_best[nth],
                "rank_low": ranked.low[nth],
                "rank_high": ranked.high[nth],
            }
        )
    return pd.DataFrame(rows).sort_values("rank", kind="stable", ignore_index=True)


def _pairwise(
    compared: Sequence[Policy], ranked: Ranking, place: dict[str, int], samples: Samples
) -> pd.DataFrame:
    order = sorted(compared, key=lambda policy: ranked.rank[place[policy.name]])
    rows = []
    for nth, policy in enumerate(order):
        for other in order[nth + 1 :]:
            named = {
                "other": other.name,
                "other_title": other.title,
                "other_title_en": other.title_en,
            }
            p_better = ranked.p_better[place[policy.name], place[other.name]]
            for row in _differences(policy, other, samples, (COUNTY, SCHOOLS)):
                rows.append({**_named(policy), **named, **row, "p_better": p_better})
    return pd.DataFrame(rows)
