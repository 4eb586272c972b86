"""A synthetic baseline: schools and staff that reproduce every published count exactly.

What is published is met to the last person; what is not is filled in from the priors. Counts are
met by choosing so many by weight (`sampling.choose`), never by drawing each person on their own,
so that the priors can tilt a group (the young more often have 本科) but cannot change its size.
"""

from __future__ import annotations

from workforce_sim.county.model import County
from workforce_sim.county.spec import CountySpec
from workforce_sim.county.synthetic_schools import build_schools, build_staff
from workforce_sim.county.synthetic_staff import build_roster

SYNTHETIC = (
    "学校名称、规模、位置 (names, sizes and places of schools)",
    "各校教职工人数 (staff of each school)",
    "年龄、性别、职称、岗位类别 (ages, sexes, titles, kinds of post)",
    "学历、骨干、音体美的分布 (who has a degree, an award, a subject)",
    "参加工作、到校、评选的时间 (months of entry to service, to the school, and of awards)",
)


def build(spec: CountySpec) -> County:
    """Return the synthetic county; the same specification gives the same bytes.

    Raises
    ------
    ImpossibleError
        If the priors cannot give a number that is asked for.
    """
    schools = build_schools(spec)
    return County(
        name=spec.name,
        name_en=spec.name_en,
        census=spec.census,
        schools=schools,
        roster=build_roster(spec, schools, build_staff(spec, schools)),
        published=spec.published,
        stated=spec.stated,
        special=spec.published.special,
        synthetic=SYNTHETIC,
    )
