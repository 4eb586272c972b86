"""One roster: what each row says of somebody, and what is wrong among those on the staff."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

import numpy as np
import pandas as pd

from workforce_sim.county.model import NO_MONTH, OTHER_SUBJECT, retirement_category
from workforce_sim.county.tables.cells import Bools, Cells, Ints, Reading
from workforce_sim.county.tables.dates import read_month
from workforce_sim.county.tables.identity import Identities, written
from workforce_sim.county.tables.placing import place
from workforce_sim.county.tables.rows import Objects
from workforce_sim.county.tables.schools import SchoolTable
from workforce_sim.county.tables.text import as_text, plain
from workforce_sim.county.tables.values import (
    BACKBONE,
    BLANK,
    DUTIES,
    SENIOR,
    STAFFINGS,
    read_backbone,
    read_degree,
    read_duty,
    read_post,
    read_sex,
    read_staffing,
    read_subject,
    read_title,
    read_yes_no,
)
from workforce_sim.law import legal_retirement_month

YOUNGEST, OLDEST = 18, 70
"""Ages that are taken without a question."""
ENTRY_AGE = 16
SENIOR_AGE = 30
"""A senior title at a younger age is odd."""


class People:
    """The rows of one roster: each step reads some columns and tells what is wrong with them.

    Parameters
    ----------
    reading : Reading
    schools : SchoolTable or None
    census : int
        Month as at which the roster stands.
    fill, lacking : collection of str
        Columns to fill from priors, and columns that no roster has.
    """

    def __init__(
        self,
        reading: Reading,
        schools: SchoolTable | None,
        census: int,
        fill: Collection[str],
        lacking: Collection[str],
    ) -> None:
        self.reading, self.census, self.fill, self.lacking = reading, census, fill, lacking
        self.left_out: Counter[str] = Counter()
        self.filled: set[str] = set()
        self.kept = np.ones(len(reading), dtype=bool)
        self.fields: dict[str, Ints] = {}
        self.missing: dict[str, Bools] = {}
        self._duty()
        self.school_names = reading.names()
        self.fields["school"] = place(reading, self.school_names, schools, self.kept, self._leave)
        self._birth_and_sex()
        self._careers()
        self._titles_and_posts()
        self._subjects()
        self._backbone()
        self._degrees()
        self._staffing()
        self._ages()

    def people(self) -> pd.DataFrame:
        """Return those kept, a row each; NA where something is to be filled."""
        frame = pd.DataFrame({name: values[self.kept] for name, values in self.fields.items()})
        for name, missing in self.missing.items():
            if missing[self.kept].any():
                frame[name] = frame[name].astype("Int64").mask(missing[self.kept])
        return frame

    # --- the steps --------------------------------------------------------------------------------

    def _leave(self, where: Bools, reason: str) -> None:
        """Leave people out, and say how many."""
        where = where & self.kept
        if count := int(where.sum()):
            self.left_out[reason] += count
            self.kept &= ~where
            self.reading.tell_table(f"left_{reason}", count=count)

    def _duty(self) -> None:
        duty = self.reading.read("duty", read_duty)
        for code, reason in enumerate(DUTIES[1:], 1):
            self._leave(duty.good & (duty.codes == code), reason)
        self.reading.tell_bad(duty, "duty", self.kept)

    def _birth_and_sex(self) -> None:
        reading, kept = self.reading, self.kept
        identity = Identities(reading, kept)
        self.identified = identity.good
        birth, sex = reading.read("birth", read_month), reading.read("sex", read_sex)
        told = identity.month != BLANK
        # 1975.1 is January or October: the number knows.
        either = birth.bad & (birth.said == "date_ambiguous") & told
        for cells, key, known in ((birth, "birth", identity.month), (sex, "sex", identity.sex)):
            here = kept & ~either if key == "birth" else kept
            reading.tell_bad(cells, key, here)
            reading.tell(
                here & cells.good & told & (cells.codes != known), f"id_differs_{key}", key
            )
            taken = cells.blank | (either if key == "birth" else False)
            self.fields[key] = np.where(taken, known, cells.codes)
            # A number that cannot be read is told already.
            nothing = here & cells.blank & ~told & ~identity.bad
            if reading.has("id_number"):
                reading.tell(nothing, "blank", key)
            else:
                reading.tell_blank(nothing, key)
            if count := int((kept & cells.blank & told).sum()):
                reading.tell_table(f"id_{key}_taken", key, count=count)

    def _careers(self) -> None:
        for key in ("service", "arrival"):
            self._needed(key, self.reading.read(key, read_month))
        service, birth, arrival = (self.fields[key] for key in ("service", "birth", "arrival"))
        known = self.kept & (birth != BLANK) & (service != BLANK)
        too_early = known & (service < birth)
        self.reading.tell(too_early, "service_before_birth", "service")
        young = known & ~too_early & (service - birth < ENTRY_AGE * 12)
        self.reading.tell(young, "service_young", "service", age=ENTRY_AGE)
        known = self.kept & (arrival != BLANK) & (service != BLANK)
        self.reading.tell(known & (arrival < service), "arrival_before_service", "arrival")

    def _titles_and_posts(self) -> None:
        reading = self.reading
        title, level = reading.read("title", read_title), reading.read("title_post", read_title)
        either = Cells(
            np.where(title.blank, level.codes, title.codes),
            title.blank & ~level.good,
            title.bad,
            title.said,
        )
        reading.tell_bad(title, "title", self.kept)
        if not reading.has("title"):
            reading.tell_bad(level, "title_post", self.kept)
        self._optional("title", "senior_title", either, "title_blank")
        post = reading.read("post", read_post)
        reading.tell_bad(post, "post", self.kept)
        self._optional("post", "worker_post", post)

    def _subjects(self) -> None:
        reading = self.reading
        subject = reading.read("subject", read_subject)
        reading.tell_bad(subject, "subject", self.kept)
        worker = self.fields["worker_post"] > 0
        self._optional("subject", "subject", subject, "subject_blank", silent=worker)
        specialist = reading.read("specialist", read_yes_no)
        reading.tell_bad(specialist, "specialist", self.kept)
        arts = self.fields["subject"] != OTHER_SUBJECT
        self._optional("specialist", "specialist", specialist, "specialist_blank", silent=~arts)
        other = (self.fields["specialist"] > 0) & ~arts & ~self._absent("subject")
        reading.tell(self.kept & other, "specialist_other", "specialist")
        self.fields["specialist"] = np.where(other, 0, self.fields["specialist"])

    def _backbone(self) -> None:
        """Read who is a backbone teacher since when; a level below the county's does not count."""
        reading = self.reading
        level, award = reading.read("backbone", read_backbone), reading.read("award", read_month)
        reading.tell_bad(level, "backbone", self.kept)
        reading.tell_bad(award, "award", self.kept)
        below = level.good & (level.codes == BACKBONE.index("below_county"))
        reading.tell(self.kept & below, "backbone_below_county", "backbone")
        is_backbone = level.good & (level.codes == BACKBONE.index("county"))
        if reading.has("backbone"):
            neither = self.kept & award.good & ~is_backbone & ~below & ~level.bad
            reading.tell(neither, "award_without_level", "award")
        else:
            is_backbone = award.good
        month = np.where(is_backbone, award.codes, NO_MONTH)
        without = is_backbone & award.blank
        if "award" in self.fill:
            self.filled |= {"award"} if (without & self.kept).any() else set()
            self.missing["award"] = without
        elif "award" not in self.lacking:
            reading.tell(self.kept & without, "award_missing", "award")
        if "backbone" in self.lacking:
            self.missing["award"] = np.ones(len(reading), dtype=bool)
        else:
            self.fields["backbone"] = is_backbone
        self.fields["award"] = month
        service = self.fields["service"]
        known = self.kept & (month != NO_MONTH) & (service != BLANK)
        reading.tell(known & (month < service), "award_before_service", "award")

    def _degrees(self) -> None:
        self._needed("degree", self.reading.read("degree", read_degree))

    def _staffing(self) -> None:
        staffing = self.reading.read("staffing", read_staffing)
        codes = staffing.codes[self.kept & staffing.good]
        if len(codes):
            numbers = np.bincount(codes, minlength=len(STAFFINGS)).tolist()
            self.reading.tell_table(
                "staffing", "staffing", established=numbers[0], contract=numbers[1]
            )

    def _ages(self) -> None:
        reading, kept = self.reading, self.kept
        for key in ("birth", "service", "arrival", "award"):
            reading.tell(kept & (self.fields[key] > self.census), "in_future", key)
        birth, senior = self.fields["birth"], self.fields["senior_title"] == SENIOR
        known = kept & (birth != BLANK) & (birth <= self.census)
        age = (self.census - birth) // 12
        reading.tell(known & (age < YOUNGEST), "age_young", "birth", age=YOUNGEST)
        reading.tell(known & (age > OLDEST), "age_old", "birth", age=OLDEST)
        reading.tell(known & senior & (age < SENIOR_AGE), "title_young", "title", age=SENIOR_AGE)
        sex, worker = self.fields["sex"], self.fields["worker_post"] > 0
        month = legal_retirement_month(
            retirement_category(sex, senior, worker), np.where(known, birth, self.census), True
        )
        sure = ~self._absent("title") & ~self._absent("post") & (sex != BLANK)
        retired = known & sure & (month <= self.census) & (age <= OLDEST)
        reading.tell(retired, "age_retired", "birth")

    # --- blanks -----------------------------------------------------------------------------------

    def _absent(self, key: str) -> Bools:
        """Say where a field is yet to be filled, or cannot be, since the column is lacking."""
        missing = self.missing.get({"title": "senior_title", "post": "worker_post"}.get(key, key))
        lacking = np.full(len(self.reading), key in self.lacking)
        return lacking if missing is None else lacking | missing

    def _needed(self, key: str, cells: Cells) -> None:
        """Take a field that everybody must have."""
        self.reading.tell_bad(cells, key, self.kept)
        self.fields[key] = cells.codes
        if key in self.lacking or key in self.fill:
            self._to_fill(key, key, cells)
        else:
            self.reading.tell_blank(self.kept & cells.blank, key)

    def _optional(
        self, key: str, name: str, cells: Cells, code: str = "", silent: Bools | None = None
    ) -> None:
        """Take a field whose blanks mean no; the code, if any, says so but where it is silent."""
        self.fields[name] = np.maximum(cells.codes, 0)
        if key in self.lacking or key in self.fill:
            self._to_fill(key, name, cells)
        elif code:
            told = cells.blank if silent is None else cells.blank & ~silent
            self.reading.tell(self.kept & told, code, key)

    def _to_fill(self, key: str, name: str, cells: Cells) -> None:
        self.missing[name] = cells.blank
        if (cells.blank & self.kept).any() and key in self.fill and key not in self.lacking:
            self.filled.add(key)
            count = int((cells.blank & self.kept).sum())
            self.reading.tell_table("cells_filled", key, count=count)

    # --- who is who -------------------------------------------------------------------------------

    def keys(self) -> Objects:
        """Return what tells people apart: the number, else name, birth and school; None if not."""
        numbers, names = self.reading.body.column("id_number"), self.reading.body.column("name")
        births, keys = self.fields["birth"], np.empty(len(self.reading), dtype=object)
        for i in np.flatnonzero(self.kept):
            if self.identified[i]:
                keys[i] = written(numbers[i])
            elif names[i] is not None and births[i] != BLANK:
                keys[i] = (plain(as_text(names[i])), int(births[i]), self.school_names[i])
        return keys
