"""Rule 5. Filling posts: is somebody found, and who comes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workforce_sim.county.model import ASSOCIATE, BACHELOR
from workforce_sim.law import CATEGORIES
from workforce_sim.scenario.schema import AREAS, ARTS_PE
from workforce_sim.simulation.ledger import FLOW
from workforce_sim.simulation.policies.exits import Hazards, exit_month
from workforce_sim.simulation.policies.retirement import retirement_months
from workforce_sim.simulation.pool import BLANK, GONE
from workforce_sim.simulation.world import World

SUBJECTS = ("other", *ARTS_PE)
MALE, FEMALE55 = CATEGORIES.index("male"), CATEGORIES.index("female55")


def subjects(world: World, section: str, person: NDArray[np.uint32]) -> NDArray[np.int8]:
    """Draw the subjects of posts by the shares of a section of the scenario: (R, k)."""
    shares = np.stack([world.numbers[f"{section}.subjects.{s}"] for s in SUBJECTS], axis=1)
    bounds = np.cumsum(shares, axis=1)[:, :-1]
    u = world.draws.uniforms("recruit.subject", 0, person)
    subject = np.zeros(u.shape, np.int8)
    for bound in bounds.T:  # subjects without a share come to nobody, also where sums round
        subject += u >= bound[:, None]
    return subject


def filled(
    world: World, kind: str, person: NDArray[np.uint32], school: NDArray[np.int16]
) -> NDArray[np.bool_]:
    """Say which posts at ``school`` (R, k) are filled; a school of -1 is no post.

    Parameters
    ----------
    world : World
    kind : {"general", "arts_pe"}
    person : uint32 (k,)
        Whoever would come.
    school : int16 (R, k)
    """
    by_area = np.stack([world.numbers[f"filling.{kind}.{area}"] for area in AREAS], axis=1)
    replication = np.arange(world.replications)[:, None]
    share = by_area[replication, world.schools.area[np.maximum(school, 0)]]
    return (world.draws.uniforms("post.filled", 0, person) < share) & (school >= 0)


def recruit(
    world: World,
    hazard: Hazards,
    kind: str,
    person: NDArray[np.uint32],
    school: NDArray[np.int16],
    subject: NDArray[np.int8],
) -> NDArray[np.bool_]:
    """Fill posts and let those who come join; return which posts were filled.

    A recruit is a man or a woman, aged and trained by the stated shares; one number decides each.
    """
    rule, numbers, draws = world.scenario.recruits, world.numbers, world.draws
    comes = filled(world, kind, person, school)

    def chance(what: str) -> NDArray[np.bool_]:
        return (
            draws.uniforms(f"recruit.{what}", 0, person)
            < numbers[f"recruits.{what}_share"][:, None]
        )

    span = 12 * (rule.oldest_age - rule.youngest_age + 1)
    age = 12 * rule.youngest_age + (draws.uniforms("recruit.age", 0, person) * span).astype(int)
    month = np.array(world.month, np.int16)
    birth = (world.month - age).astype(np.int16)
    woman = chance("women")
    category = np.where(woman, FEMALE55, MALE).astype(np.int8)
    stage = world.schools.stage[np.maximum(school, 0)]
    degree = np.where(chance("bachelor"), BACHELOR, ASSOCIATE)
    joins = np.where(comes, school, np.int16(GONE))
    legal, retires = retirement_months(world, person, category, birth)
    exits, cause = exit_month(world, hazard, person, birth, stage, world.month + 1)
    world.pool.enrol(
        BLANK._replace(
            person=person,
            sex=woman.astype(np.int8),
            birth=birth,
            school=joins,
            subject=subject,
            specialist=chance("specialist") & (subject > 0),
            qualified=world.qualifies(degree, np.maximum(school, 0)),
            service=month,
            arrival=month,
            legal=legal,
            leave=np.minimum(retires, exits),
            cause=np.where(retires <= exits, 0, cause),
        ),
        f"hired_{kind}",
    )
    for flow, where in (("posts", school), ("hired", joins)):
        world.pool.flows[:, :, FLOW[f"{flow}_{kind}"]] += world.count(where).astype(np.int16)
    return comes
