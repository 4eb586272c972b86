"""Compare policies with a base on common random numbers, and rank them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pandas as pd

from workforce_sim.assessment import county_of
from workforce_sim.assessment.projection import provenance
from workforce_sim.county import County, check_scenario
from workforce_sim.decision.comparison import Comparison, comparison
from workforce_sim.decision.measures import outcomes
from workforce_sim.decision.policies import Policy
from workforce_sim.decision.trial import run_trial
from workforce_sim.scenario import InputError, Scenario
from workforce_sim.scenario.errors import Problem
from workforce_sim.words import LANGUAGES, Words

CHUNK = 4000
"""Replications simulated at a time: of these only the outcomes are kept."""


def compare(
    scenario: Scenario,
    policies: Sequence[Policy | Scenario],
    *,
    replications: int = 1000,
    seed: int = 2021,
    workers: int | None = None,
    county: County | None = None,
    progress: Callable[[int], None] | None = None,
) -> Comparison:
    """Compare policies with a base.

    Parameters
    ----------
    scenario : Scenario
        The base.
    policies : sequence of Policy or Scenario
        At least one, as of `load_policies`; for the base's county, years and judged year.
    replications, seed, workers, county
        As of ``simulate``; every policy is simulated with the same seed.
    progress : callable, optional
        Is told how many replications are done, those of the base and of all policies together.

    Returns
    -------
    Comparison
        After Ctrl-C that of the policies which are done, and not ``complete``.

    Raises
    ------
    InputError
        If policies do not fit to the base or to the county, or share a name.
    KeyboardInterrupt
        On Ctrl-C before any policy is done.
    """
    if replications < 1:
        raise ValueError(f"replications must be at least 1, not {replications}")
    zh, en = (Words(language) for language in LANGUAGES)
    base = Policy(
        name=scenario.name,
        title=zh("base.title"),
        title_en=en("base.title"),
        about=zh("base.about"),
        about_en=en("base.about"),
        scenario=scenario,
    )
    wanted = [base, *(Policy.of(p) if isinstance(p, Scenario) else p for p in policies)]
    county = county or county_of(scenario)
    if problems := [*_unlike(wanted, county)]:
        raise InputError(problems)
    samples: dict[str, pd.DataFrame] = {}
    done: dict[str, str] = {}  # by effect: what two policies share is simulated once
    try:
        for nth, policy in enumerate(wanted):

            def told(finished: int, before: int = nth * replications) -> None:
                if progress is not None:
                    progress(before + finished)

            same = done.setdefault(policy.effect, policy.name)
            if same in samples:
                samples[policy.name] = samples[same]
            else:
                samples[policy.name] = _sample(policy, county, replications, seed, workers, told)
            told(replications)
    except KeyboardInterrupt:
        if len(samples) < 2:
            raise
    compared = tuple(policy for policy in wanted if policy.name in samples)
    origin = provenance(
        scenario, county, seed=seed, replications=replications, requested=replications
    )
    origin |= {
        "complete": len(compared) == len(wanted),
        "policies": {policy.name: policy.scenario.digest for policy in compared},
        "policies_missing": [p.name for p in wanted if p.name not in samples],
    }
    return comparison(county, compared, samples, seed, origin)


def _unlike(policies: Sequence[Policy], county: County) -> Iterator[Problem]:
    """Find policies for another county or other years, and names that occur twice."""
    base = policies[0].scenario
    if len(policies) < 2:
        yield base.problem("", "there is no policy to compare it with")
    for nth, policy in enumerate(policies[1:], 1):
        other = policy.scenario
        for called in ("name", "title", "title_en"):
            own = getattr(policy, called)
            if own in (getattr(p, called) for p in policies[:nth]):
                yield other.problem(called, f"two policies (or the base) are called {own!r}")
                break
        for path in ("years", "judged_year", "county"):
            ours, theirs = getattr(base, path), getattr(other, path)
            if ours != theirs:
                message = f"is {theirs}, but {ours} in the base: they cannot be compared"
                yield other.problem(path, message)
        yield from check_scenario(other, county)


def _sample(
    policy: Policy,
    county: County,
    replications: int,
    seed: int,
    workers: int | None,
    told: Callable[[int], None],
) -> pd.DataFrame:
    """Simulate a policy, chunk by chunk, and keep its outcomes."""
    parts = []
    for first in range(0, replications, CHUNK):

        def so_far(finished: int, before: int = first) -> None:
            told(before + finished)

        trial = run_trial(
            policy.scenario,
            county,
            replications=min(CHUNK, replications - first),
            seed=seed,
            workers=workers,
            first=first,
            progress=so_far,
        )
        parts.append(outcomes(trial))
    return pd.concat(parts, ignore_index=True)
