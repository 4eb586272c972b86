"""From a county's file to the county."""

from __future__ import annotations

from pathlib import Path

from workforce_sim.county.model import County
from workforce_sim.county.spec import CountySpec, inconsistencies
from workforce_sim.county.synthetic import build
from workforce_sim.county.synthetic_staff import ImpossibleError
from workforce_sim.scenario.errors import InputError
from workforce_sim.scenario.lines import join
from workforce_sim.scenario.reading import read_mapping
from workforce_sim.scenario.validation import validate


def load_county(path: str | Path) -> County:
    """Read a county's file and return the county.

    A file with ``synthetic:`` gets a synthetic baseline. A roster and a school table, once they can
    be read, stand in its place and are read here.

    Parameters
    ----------
    path : path
        A ``county.yaml``.

    Raises
    ------
    InputError
        With everything that is wrong with the file.
    """
    written = read_mapping(path)
    spec = validate(CountySpec, written.data, written.lines)
    problems = [
        written.lines.problem(join(*place), words) for place, words in inconsistencies(spec)
    ]
    if problems:
        raise InputError(problems)
    try:
        return build(spec)
    except ImpossibleError as error:
        raise InputError([written.lines.problem(join(*error.place), str(error))]) from None
