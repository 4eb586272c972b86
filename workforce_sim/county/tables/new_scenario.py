"""The scenario of an imported county: the packaged one, with what the policy sheet says."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from workforce_sim.county.model import County
from workforce_sim.scenario.forms import Years

YEARS = 5
"""So many years are simulated where the policy sheet does not say."""
FIRST_BIRTHS = 2014
"""The packaged scenario knows births from this year on; entrants are born up to 7 years before."""


def write_scenario(path: Path, name: str, county: County, policy: Mapping[str, object]) -> None:
    """Write a whole scenario, with comments and sources.

    Parameters
    ----------
    path : Path
        The file; the county's is ``county.yaml`` beside it.
    name : str
        The scenario's name.
    county : County
    policy : mapping of str to object
        What the policy sheet says, by dotted path; it gets the source ``bureau``. All else is as in
        the packaged ``scenario.yaml``.
    """
    yaml = YAML()
    yaml.width = 1000
    base = resources.files(__package__) / "scenario.yaml"
    document = yaml.load(base.read_text(encoding="utf-8"))
    first = county.census // 12 + 1
    years = policy.get("years", f"{first}-{first + YEARS - 1}")
    document["name"], document["years"] = name, years
    document["title"] = f"{county.name}义务教育教师队伍 {years}"
    document["title_en"] = f"{county.name_en}, teachers of compulsory education {years}"
    document["judged_year"] = _last(years, first)
    for key, value in policy.items():
        _put(document, key, value)
    if first - 7 < FIRST_BIRTHS:
        del document["enrolment"]["entrants"]
        note = "no births are known here: entrants stay as many as in the baseline"
        document["enrolment"].yaml_add_eol_comment(note, "source")
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f"# {document['title']}\n#\n")
        yaml.dump(document, file)


def _put(document: CommentedMap, path: str, value: object) -> None:
    """Put a value of the policy sheet at its dotted path, with its source."""
    *around, name = path.split(".")
    section = document
    for key in around:
        section = section[key]
    if isinstance(value, Mapping):
        value = CommentedMap(value)
        value.fa.set_flow_style()
    section[name] = value
    section["sources"][name] = "bureau"


def _last(years: object, otherwise: int) -> int:
    try:
        return Years.model_validate(years).last
    except ValueError:
        return otherwise  # whoever loads the scenario tells what is wrong with the years
