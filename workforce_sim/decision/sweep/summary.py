"""What a sweep comes to: how many counties pass, the worst ones, what helps each most."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from workforce_sim.decision.outcome import BOTH
from workforce_sim.decision.sweep.counties import BASE
from workforce_sim.decision.sweep.dataset import read_sweep
from workforce_sim.decision.sweep.outcomes import COUNTY, SCHOOLS

SURE, EVEN = 0.95, 0.5
_COUNTY = ["county", "name", "name_en"]
_POLICY = ["policy", "title", "title_en"]


@dataclass(frozen=True)
class Summary:
    """A sweep, summed up in the judged year of each county.

    Attributes
    ----------
    policies : DataFrame
        A row a policy: ``counties`` that have it; of these ``sure`` and ``even``, where the county
        is not ruled out with a probability of at least 95% and 50%; ``expected``, the sum of the
        probabilities; ``schools``, the mean share of schools that have not failed;
        ``most_helpful``, for how many counties no other policy helps more; ``world``: it only
        happens to a county.
    counties : DataFrame
        A row a county, the worst first: by the base's ``p`` (with its error), then by the share of
        ``schools`` that have not failed; the ``indicator`` and ``stage`` that the fewest schools
        meet, and their ``share``; the most helpful policy, if one surely helps, with its ``gain``
        in ``gain_of`` (county or schools).
    years : list of int
        The judged years.
    replications : int
    synthetic : int
        How many counties are synthetic, in part or as a whole.
    """

    policies: pd.DataFrame
    counties: pd.DataFrame
    years: list[int]
    replications: int
    synthetic: int


def summary(folder: str | Path) -> Summary:
    """Sum up the dataset of a sweep.

    A policy is helpful where it surely (by the paired 95% interval) adds to the probability that
    the county is not ruled out, or, where none does, to the share of schools that have not failed.
    What only happens to a county (``world``) is no help.

    Raises
    ------
    InputError
        If there is no sweep.
    """
    judged = read_sweep(folder, outcomes=[COUNTY[0], SCHOOLS[0]], judged_only=True)
    for text in judged.select_dtypes("category"):
        judged[text] = judged[text].astype(object)
    whole = judged[judged["indicator"].isna() & (judged["stage"] == BOTH)]
    county, schools = (whole[whole["outcome"] == key[0]] for key in (COUNTY, SCHOOLS))
    helpful = _helpful(county, schools)
    return Summary(
        policies=_policies(county, schools, helpful),
        counties=_counties(judged, county, schools, helpful),
        years=sorted(judged["year"].unique().tolist()),
        replications=int(judged["replications"].iloc[0]),
        synthetic=int(county[county["policy"] == BASE]["synthetic"].sum()),
    )


def _helpful(county: pd.DataFrame, schools: pd.DataFrame) -> pd.DataFrame:
    """Return the most helpful policy of each county that has one."""
    best = []
    for rows in (county, schools):
        sure = rows[(rows["gain_result"] == "higher") & ~rows["world"] & rows["same_as"].isna()]
        order = sure.sort_values("gain", ascending=False, kind="stable")
        best.append(order.drop_duplicates("county"))
    found = pd.concat(best).drop_duplicates("county")
    columns = ["county", *_POLICY, "outcome", "gain", "gain_low", "gain_high"]
    return found[columns].rename(columns={"outcome": "gain_of"})


def _policies(county: pd.DataFrame, schools: pd.DataFrame, helpful: pd.DataFrame) -> pd.DataFrame:
    rows = county.assign(sure=county["p"] >= SURE, even=county["p"] >= EVEN)
    of_policy = rows.groupby("policy", sort=False)
    table = (
        of_policy[[*_POLICY[1:], "world"]]
        .first()
        .assign(
            counties=of_policy.size(),
            sure=of_policy["sure"].sum(),
            even=of_policy["even"].sum(),
            expected=of_policy["p"].sum(),
            schools=schools.groupby("policy")["mean"].mean(),
            most_helpful=helpful.groupby("policy").size(),
        )
    )
    table["most_helpful"] = table["most_helpful"].fillna(0).astype(int)
    order = table.sort_values(["expected", "schools"], ascending=False, kind="stable")
    return order.reset_index()


def _counties(
    judged: pd.DataFrame, county: pd.DataFrame, schools: pd.DataFrame, helpful: pd.DataFrame
) -> pd.DataFrame:
    base, share = (rows[rows["policy"] == BASE] for rows in (county, schools))
    each = judged[(judged["policy"] == BASE) & judged["indicator"].notna()]
    weakest = each.sort_values("mean", kind="stable").drop_duplicates("county")
    table = (
        base[[*_COUNTY, "p", "p_se", "p_low", "p_high"]]
        .merge(share[["county", "mean"]].rename(columns={"mean": "schools"}), on="county")
        .merge(
            weakest[["county", "indicator", "stage", "mean"]].rename(columns={"mean": "share"}),
            on="county",
            how="left",
        )
        .merge(helpful, on="county", how="left")
    )
    return table.sort_values(["p", "schools"], kind="stable", ignore_index=True)
