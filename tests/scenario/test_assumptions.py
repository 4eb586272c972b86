"""Digest, assumptions and quantities of a scenario."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.files import HEAD, scenario, write
from workforce_sim.scenario import Scenario, load_scenario
from workforce_sim.scenario.assumptions import assumptions, quantities
from workforce_sim.scenario.quantity import Distribution

TEXT = """\
source: whole
backbone:
  source: plan
  places: {2021: 100, 2022: 50, 2023: 50}
  renewed_share: {dist: normal, mean: 0.7, sd: 0.1, low: 0, high: 1}
  max_age: 50
  sources: {max_age: bureau}
exits:
  young: {cause: resign, source: recalled, share_per_year: 0.02}
  death: {cause: death, share_per_year: 0.001}
rotation:
  max_age: {male: 52}
enrolment:
  survival: {6: 0.99}
  entrants: {births: {2014: 5, 2015: 5, 2016: 5, 2017: 4}}
"""


def labels(loaded: Scenario) -> dict[str, tuple[str, str, bool]]:
    return {a.path: (a.value, a.source, a.default) for a in assumptions(loaded)}


def test_the_digest_is_that_of_what_is_said(tmp_path: Path) -> None:
    digest = scenario(tmp_path, TEXT).digest
    said_otherwise = """\
        # another layout
        rotation: {max_age: {female: 45, male: 52}}
        exits:
          death: {share_per_year: 1e-3, cause: death}
          young: {share_per_year: 0.020, cause: resign, ages: [0, 100]}
        enrolment:
          entrants: {births: {2017: 4.0, 2016: 5, 2015: 5, 2014: 5}}
          survival: {6: 0.99}
        backbone:
          renewed_share: {dist: normal, low: 0.0, high: 1.0, sd: 0.1, mean: 0.7}
          places: {2023: 50, 2022: 50, 2021: 100}
        """
    assert scenario(tmp_path, said_otherwise).digest == digest
    assert len(digest) == 64


@pytest.mark.parametrize(
    "override",
    ["backbone.renewed_share.sd=0.11", "exits.old={cause: death, share_per_year: 0}", "name=b"],
)
def test_the_digest_changes_with_what_is_said(tmp_path: Path, override: str) -> None:
    path = write(tmp_path, HEAD + TEXT)
    assert load_scenario(path).digest != load_scenario(path, overrides=[override]).digest


def test_what_is_written_has_the_nearest_label(tmp_path: Path) -> None:
    found = labels(scenario(tmp_path, TEXT))
    assert found["backbone.places"] == ("2021: 100, 2022: 50, 2023: 50", "plan", False)
    assert found["backbone.max_age"] == ("50", "bureau", False)
    assert found["backbone.renewed_share"] == (
        "normal(mean: 0.7, sd: 0.1, low: 0, high: 1)",
        "plan",
        False,
    )
    assert found["exits.young.share_per_year"] == ("0.02", "recalled", False)
    assert found["exits.death.share_per_year"] == ("0.001", "whole", False)
    assert found["enrolment.entrants.births"] == (
        "2014: 5, 2015: 5, 2016: 5, 2017: 4",
        "whole",
        False,
    )
    assert labels(scenario(tmp_path))["years"] == ("2021-2023", "scenario", False)


def test_what_is_not_written_has_the_label_of_the_default(tmp_path: Path) -> None:
    found = labels(scenario(tmp_path, TEXT))
    assert found["backbone.term_years"] == ("5", "recalled", True)
    assert found["rotation.share"] == ("0.1", "law", True)
    assert found["rotation.max_age.male"] == ("52", "whole", False)
    assert found["rotation.max_age.female"] == ("45", "found", True)
    assert found["arts_pe.subjects.pe"] == ("0.4", "assumed", True)
    assert found["filling.arts_pe.town"] == ("0.8", "recalled", True)
    assert found["network"] == ("none", "assumed", True)


def test_a_variants_figure_does_not_keep_the_bases_label(tmp_path: Path) -> None:
    write(tmp_path, HEAD + TEXT)
    text = (
        "base: scenario.yaml\nname: b\nabout: c\npatch:\n"
        "  backbone: {places: {2022: 60}, max_age: 45}\n"
        "  exits: {young: {share_per_year: 0.03, source: survey}}\n"
    )
    path = write(tmp_path, text, "b.yaml")
    found = labels(load_scenario(path, overrides=["backbone.min_service_years=3"]))
    assert found["backbone.places"] == ("2021: 100, 2022: 60, 2023: 50", "variant", False)
    assert found["backbone.max_age"] == ("45", "variant", False)
    assert found["backbone.min_service_years"] == ("3", "--set", False)
    assert found["backbone.renewed_share"][1] == "plan"
    assert found["exits.young.share_per_year"][1] == "survey"
    assert found["exits.young.cause"][1] == "whole"
    assert found["exits.death.share_per_year"][1] == "whole"


def test_network_events_are_listed_field_by_field(tmp_path: Path) -> None:
    text = """\
        network:
          - {source: plan, date: 2021-08-01, close: [A, B], sources: {close: assumed}}
          - date: 2021-08-01
            open: {name: N, stage: primary, area: town, pupils_from: {C: 0.5}}
        """
    found = {k: v[:2] for k, v in labels(scenario(tmp_path, text)).items() if "network" in k}
    assert found["network.0.date"] == ("2021-08-01", "plan")
    assert found["network.0.close"] == ("A, B", "assumed")
    assert found["network.0.into"] == ("nearest", "assumed")
    assert found["network.1.open.pupils_from.C"] == ("0.5", "scenario")
    assert "network.1.close" not in found


def test_quantities_are_every_number_or_distribution_that_is_assumed(tmp_path: Path) -> None:
    loaded = scenario(
        tmp_path,
        TEXT + "replacement: {stages: {primary: 0.5, junior: 0.5}}\n"
        "network: [{date: 2021-08-01, open: {name: N, stage: primary, area: town, x_km: 1.5}}]\n",
    )
    found = quantities(loaded)
    assert list(found) == sorted(found)
    assert found["backbone.renewed_share"] == loaded.backbone.renewed_share
    assert found["exits.young.share_per_year"] == 0.02
    assert found["enrolment.survival.6"] == 0.99
    assert found["replacement.stages.primary"] == 0.5
    assert found["filling.general.town"] == 0.9
    assert found["recruits.subjects.pe"] == 0.06
    assert {type(value) for value in found.values()} - {float} == {
        type(loaded.backbone.renewed_share)
    }
    assert not [path for path in found if "births" in path or "network" in path or "places" in path]


def test_every_quantity_is_an_assumption(tmp_path: Path) -> None:
    loaded = scenario(tmp_path, TEXT)
    listed = labels(loaded)
    assert set(quantities(loaded)) <= set(listed)
    assert all(source for _, source, _ in listed.values())
    assert any(isinstance(q, Distribution) for q in quantities(loaded).values())
