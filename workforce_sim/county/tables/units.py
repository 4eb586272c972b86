"""What is known of a school while its table is read."""

from __future__ import annotations

from dataclasses import dataclass, field

from workforce_sim.county.tables.cells import Ints, Reading
from workforce_sim.county.tables.values import BLANK


@dataclass
class Row:
    """A row of the school table; what cannot be read is None."""

    reading: Reading
    position: int
    name: str
    kind: str
    senior_high: bool
    area: str | None
    place: tuple[float, float]
    totals: tuple[int, int]
    grades: Ints
    staff: int
    amounts: tuple[float, ...]

    def tell(self, code: str, key: str = "school", **details: object) -> None:
        """Add a finding at this row."""
        self.reading.tell_row(self.position, code, key, **details)


@dataclass
class Unit:
    """A school, of one row or, where its sections are listed apart, of two.

    Attributes
    ----------
    name : str
    rows : list of Row
    sections : dict of str to int
        The row of `SchoolTable.frame` of each stage that it teaches.
    state : str
        open, outside (compulsory education), special, closed (no pupils), or bad (told already).
    """

    name: str
    rows: list[Row]
    sections: dict[str, int] = field(default_factory=dict)
    state: str = "open"

    @property
    def kinds(self) -> set[str]:
        """The kinds of its rows."""
        return {row.kind for row in self.rows}

    @property
    def needs_stage(self) -> bool:
        """Whether its teachers must say which stage they teach."""
        return len(self.sections) > 1 or any(row.senior_high for row in self.rows)

    @property
    def staff(self) -> int | None:
        """Its staff as the table states, if it does."""
        stated = [row.staff for row in self.rows if row.staff != BLANK]
        return sum(stated) if stated else None
