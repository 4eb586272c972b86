"""What a roster lacks, drawn from stated priors: only when asked for, and marked ever after.

The same priors and the same machinery make a synthetic baseline; here they fill single columns
of real people. Every draw is keyed by the priors' own seed, the purpose and the row: the same
roster is filled in the same way, and a value does not depend on which other cells are blank.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt
import pandas as pd

from workforce_sim.county.model import FEMALE, NO_MONTH, Schools
from workforce_sim.county.sampling import Ints, choose, uniforms
from workforce_sim.county.spec import (
    ArtsPEPriors,
    BackbonePriors,
    DegreePriors,
    Fraction,
    Part,
    SeniorPriors,
    ServicePriors,
    Sourced,
    StageFractions,
    WorkerPriors,
)
from workforce_sim.county.synthetic_staff import (
    Draw,
    People,
    arrival_at_school,
    award_month,
    award_weight,
    degrees,
    entry_to_service,
    met_at_past_awards,
    quota,
    senior_titles,
    specialists,
    subjects,
    worker_posts,
)
from workforce_sim.county.tables.columns import FILLABLE
from workforce_sim.scenario.reading import read_yaml
from workforce_sim.scenario.schema import ARTS_PE, STAGES

Bools = npt.NDArray[np.bool_]


class SubjectShares(Part):
    """Shares of the staff that teach PE, music and art."""

    pe: Fraction
    music: Fraction
    art: Fraction


class Priors(Sourced):
    """The whole of ``priors.yaml``."""

    seed: int
    senior_titles: SeniorPriors
    worker_posts: WorkerPriors
    bachelor_share: StageFractions
    degrees: DegreePriors
    service: ServicePriors
    backbone_share: StageFractions
    backbone: BackbonePriors
    subject_shares: SubjectShares
    specialist_share: Fraction
    arts_pe: ArtsPEPriors


@cache
def priors() -> Priors:
    """Return the packaged priors, each with its source: ``workforce_sim/county/priors.yaml``."""
    with resources.as_file(resources.files("workforce_sim.county") / "priors.yaml") as path:
        return read_yaml(path, Priors)


def fill(
    people: pd.DataFrame, columns: Collection[str], schools: Schools, census: int
) -> pd.DataFrame:
    """Fill blank columns, and blank cells of columns, of a roster from the stated priors.

    Parameters
    ----------
    people : DataFrame
        A row a person, with the fields of `Roster` that are known: at least ``school`` (a row of
        ``schools``), ``sex`` and ``birth``. A missing cell is NA. ``backbone`` (bool) may say who
        is a backbone teacher where the month of the award is not known.
    columns : collection of str
        What to fill, of `FILLABLE`; nothing else is touched. With ``backbone`` goes ``award``.
    schools : Schools
    census : int
        Month as at which the roster stands.

    Returns
    -------
    DataFrame
        The same people, with the fields of `Roster` that were to be filled complete.
    """
    if unknown := set(columns) - set(FILLABLE):
        raise ValueError(f"cannot fill {', '.join(sorted(unknown))}")
    filling = _Filling(people, schools, census)
    for column, step in _STEPS.items():
        if column in columns:
            step(filling)
    return filling.people


class _Filling:
    """A roster on the way: each step fills one column where it is blank."""

    def __init__(self, people: pd.DataFrame, schools: Schools, census: int) -> None:
        self.people, self.schools, self.census = people.copy(), schools, census
        self.priors = priors()
        self.school = people["school"].to_numpy(np.int64)
        self.stage = schools.stage[self.school].astype(np.int64)
        self.area = schools.area[self.school].astype(np.int64)
        self.birth = people["birth"].to_numpy(np.int64)
        self.age = (census - self.birth + 0.5) / 12
        self.woman = people["sex"].to_numpy(np.int64) == FEMALE

    def known(self, field: str, none: int = 0) -> tuple[Ints, Bools]:
        """Return a field's values, ``none`` where it is blank, and where it is not."""
        if field not in self.people:
            return np.full(len(self.people), none), np.zeros(len(self.people), dtype=bool)
        values = self.people[field].astype("Int64")
        known = np.asarray(values.notna(), dtype=bool)
        return np.array(values.fillna(none), dtype=np.int64), known

    def blank(self, field: str) -> Ints:
        """Return the rows in which a field is blank."""
        return np.flatnonzero(~self.known(field)[1])

    def draws(self, rows: Ints) -> Draw:
        """Return the draws of some rows."""
        return lambda purpose: uniforms(self.priors.seed, purpose, len(self.people))[rows]

    def staff(self, rows: Ints) -> People:
        """Return what the machinery of the synthetic baseline wants to know of people."""
        senior, worker = (self.known(field)[0] > 0 for field in ("senior_title", "worker_post"))
        sex = self.people["sex"].to_numpy(np.int64)
        return People(self.age[rows], sex[rows], senior[rows], worker[rows])

    def put(self, field: str, rows: Ints, values: npt.ArrayLike, dtype: type = np.int64) -> None:
        """Put values into the blank rows of a field."""
        whole, _ = self.known(field)
        whole[rows] = values
        self.people[field] = whole.astype(dtype)

    def number(self, rows: Ints) -> Ints:
        """Count rows by stage."""
        return np.bincount(self.stage[rows], minlength=len(STAGES))


def _title(of: _Filling) -> None:
    rows = of.blank("senior_title")
    senior = senior_titles(
        of.priors.senior_titles,
        of.census,
        of.age[rows],
        of.woman[rows],
        of.stage[rows],
        of.draws(rows)("senior title"),
    )
    of.put("senior_title", rows, senior & ~of.staff(rows).worker, bool)


def _post(of: _Filling) -> None:
    rows = of.blank("worker_post")
    worker = worker_posts(
        of.priors.worker_posts,
        of.census,
        of.age[rows],
        of.woman[rows],
        of.staff(rows).senior,
        of.stage[rows],
        of.draws(rows)("worker post"),
    )
    of.put("worker_post", rows, worker, bool)


def _service(of: _Filling) -> None:
    rows = of.blank("service")
    entry = entry_to_service(of.priors.service, of.census, of.age[rows], of.draws(rows))
    for field in ("arrival", "award"):  # nobody came, or was selected, before
        month, known = of.known(field)
        before = (known & (month > of.birth))[rows]
        entry = np.where(before, np.minimum(entry, month[rows]), entry)
    of.put("service", rows, entry)


def _arrival(of: _Filling) -> None:
    rows = of.blank("arrival")
    service = of.known("service")[0][rows]
    prior = of.priors.service
    of.put("arrival", rows, arrival_at_school(prior, of.census, service, of.draws(rows)))


def _degree(of: _Filling) -> None:
    rows = of.blank("degree")
    have = quota(of.priors.bachelor_share, of.number(rows))
    prior, staff, draw = of.priors.degrees, of.staff(rows), of.draws(rows)
    of.put("degree", rows, degrees(prior, of.stage[rows], staff, of.area[rows], have, draw))


def _subject(of: _Filling) -> None:
    shares = np.array([getattr(of.priors.subject_shares, name) for name in ARTS_PE])
    trained, _ = of.known("specialist")
    blank = of.blank("subject")
    rows = blank[trained[blank] == 0]
    teachers = np.rint(shares * len(rows)).astype(int).tolist()
    of_rest = subjects(
        of.priors.arts_pe,
        of.priors.seed,
        of.schools,
        of.school[rows],
        of.staff(rows),
        teachers,
        of.draws(rows),
    )
    # A specialist of a subject that is not told teaches one of the three.
    special = blank[trained[blank] > 0]
    u = of.draws(special)("subject of a specialist")
    one_of_three = 1 + np.searchsorted(np.cumsum(shares / shares.sum())[:-1], u)
    of.put("subject", np.concatenate([rows, special]), np.concatenate([of_rest, one_of_three]))


def _specialist(of: _Filling) -> None:
    rows = of.blank("specialist")
    subject = of.known("subject")[0][rows]
    trained = np.rint(of.priors.specialist_share * np.bincount(subject, minlength=4))
    trained[0] = 0
    prior, staff, draw = of.priors.arts_pe, of.staff(rows), of.draws(rows)
    chosen = specialists(prior, subject, staff, of.area[rows], trained.astype(np.int64), draw)
    of.put("specialist", rows, chosen, bool)


def _backbone(of: _Filling) -> None:
    """Choose who is a backbone teacher, where neither that nor an award is known."""
    _, known = of.known("award")
    rows = np.flatnonzero(~known & ~of.known("backbone")[1])
    prior, staff = of.priors.backbone, of.staff(rows)
    met = met_at_past_awards(prior, of.census, staff, of.known("service")[0][rows])
    weight = award_weight(prior, staff, of.area[rows], met)
    wanted = quota(of.priors.backbone_share, of.number(rows))
    of.put(
        "backbone", rows, choose(of.draws(rows)("backbone"), weight, of.stage[rows], wanted), bool
    )
    _award(of)


def _award(of: _Filling) -> None:
    """Draw the month of the award of each backbone teacher; the others have none."""
    rows = of.blank("award")
    prior, staff = of.priors.backbone, of.staff(rows)
    is_backbone, _ = of.known("backbone")
    met = met_at_past_awards(prior, of.census, staff, of.known("service")[0][rows])
    month = award_month(prior, of.census, met, of.draws(rows)("award"))
    of.put("award", rows, np.where(is_backbone[rows] > 0, month, NO_MONTH))


# In this order: a title and a post bear on degrees and awards, entry to service on awards.
_STEPS: dict[str, Callable[[_Filling], None]] = {
    "title": _title,
    "post": _post,
    "service": _service,
    "arrival": _arrival,
    "degree": _degree,
    "subject": _subject,
    "specialist": _specialist,
    "backbone": _backbone,
    "award": _award,
}
