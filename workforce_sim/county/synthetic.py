"""A synthetic baseline: schools and staff that reproduce every published count exactly.

What is published is met to the last person; what is not is filled in from the priors. Counts are
met by choosing so many by weight (`sampling.choose`), never by drawing each person on their own,
so that the priors can tilt a group (the young more often have 本科) but cannot change its size.
"""

from __future__ import annotations

from workforce_sim.county.model import County
from workforce_sim.county.spec import SyntheticSpec
from workforce_sim.county.synthetic_schools import build_schools, build_staff
from workforce_sim.county.synthetic_staff import build_roster
from workforce_sim.county.tables.columns import FILLABLE

SYNTHETIC = ("school_table", "school_staff", "people", "qualities", "careers", "facilities")
"""What is synthetic, by the keys that the reports put into words."""

FILLED = tuple(f"filled_{column}" for column in FILLABLE)
"""What of an imported roster was filled from priors, by the same kind of keys."""

TOTALS = "totals"
"""What is synthetic of a county that is made up as a whole: nobody published its counts."""

MARKS = (*SYNTHETIC, *FILLED, TOTALS)
"""Everything that ``County.synthetic`` may hold."""


def build(spec: SyntheticSpec) -> County:
    """Return the synthetic county; the same specification gives the same bytes.

    Raises
    ------
    ImpossibleError
        If the priors cannot give a number that is asked for.
    """
    schools = build_schools(spec)
    made_up = {"facilities": spec.published.facilities is not None, TOTALS: _assumed(spec)}
    return County(
        name=spec.name,
        name_en=spec.name_en,
        census=spec.census,
        schools=schools,
        roster=build_roster(spec, schools, build_staff(spec, schools)),
        published=spec.published,
        stated=spec.stated,
        special=spec.published.special,
        goals=spec.goals,
        synthetic=tuple(m for m in (*SYNTHETIC, TOTALS) if made_up.get(m, True)),
    )


def _assumed(spec: SyntheticSpec) -> bool:
    """Return whether what should be published is only assumed."""
    return (spec.published.source or "").startswith("assumed")
