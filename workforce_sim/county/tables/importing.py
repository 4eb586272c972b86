"""From checked tables to a folder under configs: the county, its tables, and a scenario to run."""

from __future__ import annotations

import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from workforce_sim.county.checks import check_scenario
from workforce_sim.county.folder import write_tables
from workforce_sim.county.loading import load_county
from workforce_sim.county.model import County
from workforce_sim.county.spec import NO_GOALS, NO_SPECIAL_SCHOOLS, NOTHING_STATED
from workforce_sim.county.tables.check import Check
from workforce_sim.county.tables.columns import POLICY_ENTRIES, Entry
from workforce_sim.county.tables.new_scenario import write_scenario
from workforce_sim.county.tables.template import label
from workforce_sim.law import format_month
from workforce_sim.scenario.errors import InputError, Problem
from workforce_sim.scenario.forms import FILE_NAME
from workforce_sim.scenario.loading import load_scenario
from workforce_sim.scenario.schema import STAGES
from workforce_sim.words import Words

COUNTY, SCENARIO, PREVIOUS = "county.yaml", "scenario.yaml", "scenario-previous.yaml"
OURS = (COUNTY, SCENARIO, "roster.csv", "schools.csv", "README.txt")


@dataclass(frozen=True)
class Imported:
    """What was written.

    Attributes
    ----------
    folder : Path
    scenario : Path
        To run next.
    defaults : tuple of Entry
        What the policy sheet does not say: the scenario has a default for each.
    kept : bool
        Whether an earlier scenario was kept beside the new one, as `PREVIOUS`.
    """

    folder: Path
    scenario: Path
    defaults: tuple[Entry, ...]
    kept: bool


def import_county(check: Check, folder: Path, *, words: Words, replace: bool = False) -> Imported:
    """Write a checked county into a folder; all of it, or nothing.

    Parameters
    ----------
    check : Check
        Without errors.
    folder : Path
        Such as ``configs/<name>``: it does not exist yet, is empty, or holds an imported county.
    words : Words
        The language of ``README.txt`` and of problems with the policy sheet.
    replace : bool
        Whether an imported county that is there is replaced. Files that the import did not write,
        such as variants, stay; a scenario that was changed is kept beside the new one.

    Raises
    ------
    InputError
        If the folder cannot be used, or the policy sheet makes no scenario.
    ValueError
        If the tables have errors.
    """
    if check.county is None:
        raise ValueError("the tables have errors")
    check_folder(folder, replace=replace)
    with _unfinished(folder) as work:
        _write_county(work, check.county)
        write_scenario(work / SCENARIO, folder.name, check.county, check.policy)
        _check(work, words)
        text = words("importing.readme", county=check.county.name, folder=folder.name)
        (work / "README.txt").write_text(text + "\n", encoding="utf-8-sig", newline="\n")
        kept = _keep_what_is_theirs(folder, work)
    defaults = tuple(entry for entry in POLICY_ENTRIES if entry.key not in check.policy)
    return Imported(folder, folder / SCENARIO, defaults, kept)


def check_folder(folder: Path, *, replace: bool) -> None:
    """Refuse a folder that is not ours to write; nothing is changed.

    Raises
    ------
    InputError
    """

    def refuse(message: str) -> InputError:
        return InputError([Problem("--into", None, str(folder), message)])

    if not re.fullmatch(FILE_NAME, folder.name):
        raise refuse("the folder's name names the scenario: Latin letters, digits, _ and - only")
    if not folder.exists():
        return
    if not folder.is_dir():
        raise refuse("a file of this name is in the way")
    if not any(folder.iterdir()):
        return
    if not _is_imported(folder / COUNTY):
        raise refuse("the folder holds something else than an imported county: choose another")
    if not replace:
        raise refuse("a county was imported there before: add --replace to replace it")


def _is_imported(county: Path) -> bool:
    return county.is_file() and "\ntables:" in county.read_text(encoding="utf-8", errors="replace")


def told(check: Check, imported: Imported, words: Words) -> Iterator[str]:
    """Say what was imported, what is not real, what got a default, and what to do next."""
    county = check.county
    assert county is not None
    yield words(
        "importing.done",
        county=county.name,
        census=format_month(county.census),
        people=county.size,
        schools=len(county.schools),
        **{stage: county.stage_counts(stage)["schools"] for stage in STAGES},
    )
    if county.synthetic:
        yield words("importing.marked", what=words.listed("synthetic", county.synthetic))
    if imported.defaults:
        names = words("mark.list").join(label(entry, words) for entry in imported.defaults)
        yield words("importing.defaults", scenario=imported.scenario, what=names)
    if imported.kept:
        yield words("importing.kept", file=imported.folder / PREVIOUS)
    yield words("importing.next", scenario=imported.scenario)


def _check(folder: Path, words: Words) -> None:
    """Load what was written; a problem is told by the policy sheet's label that it is about."""
    try:
        scenario = load_scenario(folder / SCENARIO)
        if problems := check_scenario(scenario, load_county(folder / COUNTY)):
            raise InputError(problems)
    except InputError as error:
        raise InputError([_as_of_tables(problem, words) for problem in error.problems]) from None


def _as_of_tables(problem: Problem, words: Words) -> Problem:
    for entry in POLICY_ENTRIES:
        if problem.where.startswith(entry.key):
            sheet = words("importing.policy_sheet")
            return Problem(sheet, None, label(entry, words), problem.message)
    return Problem(words("importing.tables"), None, problem.where, problem.message)


# --- the county -----------------------------------------------------------------------------------


def _write_county(folder: Path, county: County) -> None:
    write_tables(county, folder)
    tables: dict[str, Any] = {"roster": "roster.csv", "schools": "schools.csv"}
    if county.synthetic:
        tables["synthetic"] = list(county.synthetic)
    document: dict[str, Any] = {
        "name": county.name,
        "name_en": county.name_en,
        "census": format_month(county.census),
        "tables": tables,
    }
    if county.published is not None:
        document["published"] = county.published.model_dump(exclude_defaults=True)
    if county.stated != NOTHING_STATED:
        document["stated"] = county.stated.model_dump(exclude_defaults=True)
    if county.special != NO_SPECIAL_SCHOOLS:
        document["special"] = county.special.model_dump()
    if county.goals != NO_GOALS:
        document["goals"] = county.goals.model_dump(exclude_defaults=True)
    head = (
        f"# {county.name}: made by `workforce-sim import`; roster.csv and schools.csv hold the\n"
        "# baseline, without names and identity numbers. docs/county-tables.md says more.\n\n"
    )
    with (folder / COUNTY).open("w", encoding="utf-8", newline="\n") as file:
        file.write(head)
        yaml = YAML()
        yaml.indent(mapping=2, sequence=4, offset=2)
        yaml.dump(document, file)


# --- the folder -----------------------------------------------------------------------------------


@contextmanager
def _unfinished(folder: Path) -> Iterator[Path]:
    """Give an empty folder beside ``folder``, which takes its place if the block ends well."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        mark = uuid.uuid4().hex[:8]
        work, before = (folder.with_name(f".{folder.name}-{mark}-{x}") for x in ("new", "old"))
        work.mkdir()
        try:
            yield work
            if folder.exists():
                folder.rename(before)
            try:
                work.rename(folder)
            except OSError:
                if before.exists():
                    before.rename(folder)
                raise
        finally:
            shutil.rmtree(work, ignore_errors=True)
        shutil.rmtree(before, ignore_errors=True)
    except OSError as error:
        message = f"cannot be written; is a file in it open in another program? ({error.strerror})"
        raise InputError([Problem("--into", None, str(folder), message)]) from None


def _keep_what_is_theirs(folder: Path, work: Path) -> bool:
    """Copy what the import did not write; and an earlier scenario, if it is another."""
    if not folder.is_dir():
        return False
    for path in folder.iterdir():
        if path.name in OURS:
            continue
        if path.is_dir():
            shutil.copytree(path, work / path.name)
        else:
            shutil.copy2(path, work / path.name)
    earlier = folder / SCENARIO
    if not earlier.is_file() or earlier.read_bytes() == (work / SCENARIO).read_bytes():
        return False
    shutil.copy2(earlier, work / PREVIOUS)
    return True
