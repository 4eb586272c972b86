"""From a county's file to the county."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from workforce_sim.county.folder import read_tables
from workforce_sim.county.model import County
from workforce_sim.county.spec import SyntheticSpec, TabledSpec, inconsistencies
from workforce_sim.county.synthetic import MARKS, build
from workforce_sim.county.synthetic_staff import ImpossibleError
from workforce_sim.scenario.errors import InputError, Problem
from workforce_sim.scenario.lines import Lines, join
from workforce_sim.scenario.reading import Written, read_mapping
from workforce_sim.scenario.validation import nearest, validate


def load_county(path: str | Path) -> County:
    """Read a county's file and return the county.

    A file with ``tables:`` names a roster and a school table beside it, such as an import writes;
    one with ``synthetic:`` gets a synthetic baseline from priors. The two are the same kind of
    thing: ``County.synthetic`` tells what is not real.

    Parameters
    ----------
    path : path
        A ``county.yaml``.

    Raises
    ------
    InputError
        With everything that is wrong with the file and its tables.
    """
    written = read_mapping(path)
    given = [key for key in ("tables", "synthetic") if key in written.data]
    if len(given) != 1:
        message = (
            "a county has either `tables:`, a roster and a school table, or `synthetic:`, priors "
            f"for a synthetic baseline; here it has {' and '.join(given) or 'neither'}"
        )
        raise InputError([written.lines.problem(given[-1] if given else "", message)])
    return _from_tables(Path(path), written) if given == ["tables"] else _synthetic(written)


def _synthetic(written: Written) -> County:
    spec = validate(SyntheticSpec, written.data, written.lines)
    problems = [
        written.lines.problem(join(*place), words) for place, words in inconsistencies(spec)
    ]
    if problems:
        raise InputError(problems)
    try:
        return build(spec)
    except ImpossibleError as error:
        raise InputError([written.lines.problem(join(*error.place), str(error))]) from None


def _from_tables(path: Path, written: Written) -> County:
    spec = validate(TabledSpec, written.data, written.lines)
    problems = list(_unknown_marks(spec, written.lines))
    roster, schools = (path.parent / name for name in (spec.tables.roster, spec.tables.schools))
    try:
        found = read_tables(roster, schools, spec.census)
    except InputError as error:
        raise InputError([*problems, *error.problems]) from None
    if problems:
        raise InputError(problems)
    return County(
        name=spec.name,
        name_en=spec.name_en,
        census=spec.census,
        schools=found[0],
        roster=found[1],
        published=spec.published,
        stated=spec.stated,
        special=spec.special,
        goals=spec.goals,
        synthetic=spec.tables.synthetic,
    )


def _unknown_marks(spec: TabledSpec, lines: Lines) -> Iterator[Problem]:
    for position, mark in enumerate(spec.tables.synthetic):
        if mark not in MARKS:
            hint = nearest(mark, MARKS) or f"; expected some of {', '.join(MARKS)}"
            yield lines.problem(join("tables.synthetic", position), f"unknown mark {mark!r}{hint}")
