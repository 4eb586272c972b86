"""Classes, rooms, grounds and equipment in the school table: of a school as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from workforce_sim.county.sections import whole_of
from workforce_sim.county.tables.columns import AMOUNTS
from workforce_sim.scenario.schema import FACILITIES, STAGES

if TYPE_CHECKING:
    from workforce_sim.county.tables.units import Row, Unit

MOST_A_PUPIL = {"rooms_m2": 1000, "sports_m2": 1000, "equipment_yuan": 1e6, "multimedia_rooms": 1}
"""Who has more for each pupil has written something else."""
LEAST_YUAN_A_PUPIL = 10
"""Who has less has probably written 10,000 yuan (万元)."""


def amounts_of(unit: Unit) -> list[dict[str, float]]:
    """Return what is known of each section of a school, in order: ``AMOUNTS``.

    Facilities are the whole school's and stand at its first section. Classes too if they are in one
    row; where the sections have a row each, they have classes each.
    """
    given = np.array([row.amounts for row in unit.rows])
    first = dict(zip(AMOUNTS, whole_of(given).tolist(), strict=True))
    amounts = [first, *({**dict.fromkeys(FACILITIES, 0.0), "classes": 0.0} for _ in STAGES[1:])]
    if len(unit.rows) > 1:
        classes = {row.kind: row.amounts[AMOUNTS.index("classes")] for row in unit.rows}
        for section, stage in zip(amounts, unit.sections, strict=False):
            section["classes"] = classes[stage]
    elif np.isnan(first["classes"]):
        amounts[1]["classes"] = np.nan
    return amounts[: len(unit.sections)]


def tell_facilities(units: Sequence[Unit], pupils: Sequence[int]) -> None:
    """Tell what some schools do not say and others do, and sizes that cannot be.

    ``pupils`` are those of the rows of `SchoolTable.frame`.
    """
    open_ = [unit for unit in units if unit.sections]
    whole = {unit.name: whole_of(np.array([row.amounts for row in unit.rows])) for unit in open_}
    for column, item in enumerate(AMOUNTS):
        known = [not np.isnan(whole[unit.name][column]) for unit in open_]
        for unit, is_known in zip(open_, known, strict=True):
            if not is_known and any(known):
                unit.rows[0].tell("amount_blank", item)
    for unit in open_:
        size = sum(pupils[row] for row in unit.sections.values())
        for item, most in MOST_A_PUPIL.items():
            amount = whole[unit.name][AMOUNTS.index(item)]
            row = _where(unit, item)
            if amount > most * size:
                row.tell("amount_large", item, pupils=size, most=f"{most:g}")
            elif item == "equipment_yuan" and 0 < amount < LEAST_YUAN_A_PUPIL * size:
                row.tell("equipment_small", item, pupils=size, least=LEAST_YUAN_A_PUPIL)


def _where(unit: Unit, item: str) -> Row:
    """Return the row that says most of an item."""
    column = AMOUNTS.index(item)
    return max(unit.rows, key=lambda row: np.nan_to_num(row.amounts[column]))
