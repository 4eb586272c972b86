"""One county of a synthetic province: totals that fit together, and the priors for the rest."""

from __future__ import annotations

import math
from collections.abc import Mapping
from copy import deepcopy
from importlib import resources
from typing import Any

from pydantic import NonNegativeFloat, PositiveInt
from scipy.special import expit, logit, ndtri

from workforce_sim.county.sampling import uniforms
from workforce_sim.county.spec import Sourced
from workforce_sim.law import load_standard
from workforce_sim.scenario.reading import read_yaml
from workforce_sim.scenario.schema import ARTS_PE, STAGES

CUT = 2.5
"""No county is further from the median, in standard deviations."""
MIDDLE_AGE = 40
"""The age at which a county's ageing changes nothing."""
FEWEST_TOWNSHIPS = 3


class Spread(Sourced):
    """How the counties of a province differ: ``province.yaml`` says what each figure means."""

    schools_sigma: NonNegativeFloat
    fewest_schools: PositiveInt
    most_schools: PositiveInt
    pupils_sigma: NonNegativeFloat
    area_sigma: NonNegativeFloat
    village_sd: NonNegativeFloat
    village_pupils: float
    staff_sigma: NonNegativeFloat
    ageing: float
    ageing_sd: NonNegativeFloat
    degree_sd: NonNegativeFloat
    backbone_sd: NonNegativeFloat
    arts_pe_sigma: NonNegativeFloat
    specialist_sd: NonNegativeFloat
    facilities_sigma: NonNegativeFloat


def read_spread() -> Spread:
    """Return how the counties of a province differ."""
    with resources.as_file(resources.files(__package__) / "province.yaml") as path:
        return read_yaml(path, Spread)


class Draws:
    """The draws of one county: a pure function of the seed, the purpose and its number."""

    def __init__(self, seed: int, nth: int) -> None:
        self.seed, self.nth = seed, nth

    def uniform(self, purpose: str) -> float:
        """Return a number between 0 and 1, both excluded."""
        return float(uniforms(self.seed, f"province {purpose}", self.nth + 1)[-1])

    def normal(self, purpose: str) -> float:
        """Return a standard normal number, cut off."""
        return min(max(float(ndtri(self.uniform(purpose))), -CUT), CUT)

    def factor(self, purpose: str, sigma: float) -> float:
        """Return a log-normal factor with median 1."""
        return math.exp(sigma * self.normal(purpose))


def made_after(like: Mapping[str, Any], spread: Spread, draws: Draws) -> dict[str, Any]:
    """Return what a county's file says, but for its name.

    Parameters
    ----------
    like : mapping
        What the file of the county says that this one is made after.
    spread : Spread
    draws : Draws
    """
    villages = draws.normal("villages")
    published = _published(like["published"], spread, villages, draws)
    bigger = _schools(published) / _schools(like["published"])
    synthetic = deepcopy(dict(like["synthetic"]))
    synthetic.pop("calibration", None)
    synthetic["seed"] = int(2**32 * draws.uniform("baseline"))
    schools = synthetic["schools"]
    area = bigger * draws.factor("area", spread.area_sigma)
    schools["area_km2"] = round(schools["area_km2"] * area)
    schools["townships"] = max(round(schools["townships"] * bigger), FEWEST_TOWNSHIPS)
    schools["areas"] = {
        stage: _with_villages(shares, spread.village_sd * villages)
        for stage, shares in schools["areas"].items()
    }
    schools["sources"] = {"names": "design"}
    tilt = spread.ageing + spread.ageing_sd * draws.normal("ageing")
    synthetic["ages"] = {"source": "assumed", "bands": _older(synthetic["ages"]["bands"], tilt)}
    return {
        "census": like["census"],
        "sources": {"census": "assumed"},
        "published": published,
        "synthetic": synthetic,
    }


def _schools(published: Mapping[str, Any]) -> int:
    return sum(published[stage]["schools"] for stage in STAGES)


def _published(
    like: Mapping[str, Any], spread: Spread, villages: float, draws: Draws
) -> dict[str, Any]:
    """Return the totals: schools, then pupils, then staff, and of these parts."""
    median = _schools(like)
    wanted = median * draws.factor("schools", spread.schools_sigma)
    bigger = min(max(wanted, spread.fewest_schools), spread.most_schools) / median
    fuller = draws.factor("pupils", spread.pupils_sigma) * math.exp(
        spread.village_pupils * villages
    )
    staffed = draws.factor("staff", spread.staff_sigma)
    degree = spread.degree_sd * draws.normal("degree")
    backbone = spread.backbone_sd * draws.normal("backbone")
    most, published = load_standard().school_size.one_stage, dict[str, Any](source="assumed")
    for stage in STAGES:
        old = like[stage]
        schools = max(round(old["schools"] * bigger), 1) if old["schools"] else 0
        # Half of what fits, at most: sizes differ, and no school is above the limit.
        pupils = round(min(old["pupils"] / max(old["schools"], 1) * fuller, most / 2) * schools)
        staff = max(round(pupils * old["staff"] / max(old["pupils"], 1) * staffed), schools)
        published[stage] = {
            "schools": schools,
            "pupils": pupils,
            "staff": staff,
            "degree": _part(old["degree"], old["staff"], degree, staff),
            "backbone": _part(old["backbone"], old["staff"], backbone, staff),
        }
    staff, before = (sum(p[stage]["staff"] for stage in STAGES) for p in (published, like))
    trained = spread.specialist_sd * draws.normal("specialists")
    published["arts_pe"] = {}
    for subject in ARTS_PE:
        old = like["arts_pe"][subject]
        share = draws.factor(subject, spread.arts_pe_sigma) / before
        teachers = round(old["teachers"] * share * staff)
        specialists = _part(old["specialists"], old["teachers"], trained, teachers)
        published["arts_pe"][subject] = {"teachers": teachers, "specialists": specialists}
    if "facilities" in like:
        published["facilities"] = {
            stage: {
                item: float(f"{average * draws.factor(item, spread.facilities_sigma):.4g}")
                for item, average in averages.items()
            }
            for stage, averages in like["facilities"].items()
        }
    return published


def _part(part: int, of: int, shift: float, now: int) -> int:
    """Return a part of ``now`` whose log odds are shifted from those of ``part`` in ``of``."""
    if not 0 < part < of:
        return now if part else 0
    return round(float(expit(logit(part / of) + shift)) * now)


def _with_villages(shares: Mapping[str, float], shift: float) -> dict[str, float]:
    """Return shares of schools by area, the log odds of villages shifted; the others give way."""
    village = shares["village"]
    if not 0 < village < 1:
        return dict(shares)
    moved = round(float(expit(logit(village) + shift)), 4)
    rest = (1 - moved) / (1 - village)
    seat = round(shares["county_seat"] * rest, 4)
    return {"county_seat": seat, "town": round(1 - moved - seat, 4), "village": moved}


def _older(bands: list[Mapping[str, Any]], tilt: float) -> list[dict[str, Any]]:
    """Return the shares of ages, an age ten years higher likelier by ``tilt`` (a logarithm)."""
    older = [{"ages": [*band["ages"]]} for band in bands]
    for stage in STAGES:
        weight = [
            band[stage] * math.exp(tilt * (sum(band["ages"]) / 2 - MIDDLE_AGE) / 10)
            for band in bands
        ]
        shares = [round(w / sum(weight), 4) for w in weight]
        largest = shares.index(max(shares))
        shares[largest] = round(shares[largest] + 1 - sum(shares), 4)
        for band, share in zip(older, shares, strict=True):
            band[stage] = share
    return older
