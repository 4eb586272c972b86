"""Rules 3 to 5 at work: the year's posts are counted, sent to schools and filled."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workforce_sim.scenario.errors import InputError
from workforce_sim.scenario.schema import STAGES
from workforce_sim.simulation.calendar import Process, Wait
from workforce_sim.simulation.draws import hired_person
from workforce_sim.simulation.ledger import STAFF
from workforce_sim.simulation.policies.arts_pe import programme_posts
from workforce_sim.simulation.policies.exits import hazards
from workforce_sim.simulation.policies.filling import recruit, subjects
from workforce_sim.simulation.policies.replacement import Replacement
from workforce_sim.simulation.world import World, rows

ANY_STAGE = -1
MOST = 30_000
GENERAL, RESERVED, PROGRAMME = 0, 3, 6
"""Channels of hiring; the first two have one for the county (+0) and one a stage (+1, +2)."""


def hiring(world: World, wait: Wait) -> Process:
    """Each year: count the posts, reserve some for PE, music and art, place and fill them all."""
    account, hazard = Replacement(world), hazards(world)
    rule, programme = world.scenario.replacement, world.scenario.arts_pe
    for year in world.years:
        yield wait(world.date("hiring", year))
        posts = account.posts()
        share = world.numbers["replacement.arts_pe_share"][:, None]
        reserved = np.floor(posts * share + 1e-9).astype(np.int64)
        reserved += _taken(posts - reserved, np.full(world.replications, rule.arts_pe_posts))
        on_top = programme_posts(world)
        if programme.within_quota:
            inside = _taken(posts - reserved, on_top)
            on_top = inside.sum(axis=1)
        else:
            inside = np.zeros_like(posts)
        general = posts - reserved - inside

        vacant = np.zeros_like(posts)
        hire(world, hazard, PROGRAMME, "arts_pe", on_top, ANY_STAGE)
        for pool in range(posts.shape[1]):
            code, stage = (0, ANY_STAGE) if rule.pool == "county" else (1 + pool, pool)
            for channel, kind, n in (
                (RESERVED, "arts_pe", reserved[:, pool]),
                (GENERAL, "general", general[:, pool]),
            ):
                vacant[:, pool] += hire(world, hazard, channel + code, kind, n, stage)
        account.unfilled(vacant)


def hire(
    world: World,
    hazard: object,
    channel: int,
    kind: str,
    posts: NDArray[np.int64],
    stage: int,
) -> NDArray[np.int64]:
    """Send posts (R,) of a stage (or any) to schools and fill them; return how many stay vacant."""
    _refuse_beyond(world, posts, "posts in one year")
    wanted = rows(posts, stage)
    if wanted.shape[1] == 0:
        return np.zeros_like(posts)
    person = hired_person(channel, world.year, np.arange(wanted.shape[1]))
    if kind == "arts_pe":
        subject = subjects(world, "arts_pe", person)
        school = world.place(wanted, world.arts_pe(), world.needed("L3"))
    else:
        subject = subjects(world, "recruits", person)
        school = _general_schools(world, wanted, posts)
    comes = recruit(world, hazard, kind, person, school, subject)  # type: ignore[arg-type]
    _refuse_beyond(world, world.pool.counts[..., STAFF], "teachers at one school")
    return posts - comes.sum(axis=1)


def _refuse_beyond(world: World, numbers: NDArray[np.integer], what: str) -> None:
    """Refuse a scenario whose numbers outgrow any county, and the ledger's 16 bits."""
    if numbers.max(initial=0) > MOST:
        message = f"{numbers.max():,} {what} ({world.year}); no county has {MOST:,}"
        raise InputError([world.scenario.problem("replacement", message)])


def _general_schools(
    world: World, wanted: NDArray[np.int8], posts: NDArray[np.int64]
) -> NDArray[np.int16]:
    """Send general posts to stages and schools as the replacement rule says."""
    rule = world.scenario.replacement
    if rule.pool == "county" and isinstance(rule.stages, dict):
        share = np.cumsum([world.numbers[f"replacement.stages.{s}"] for s in STAGES], axis=0).T
        bounds = np.rint(share * posts[:, None])
        stage = (np.arange(wanted.shape[1])[None, :, None] >= bounds[:, None, :-1]).sum(axis=2)
        wanted = np.where(wanted == ANY_STAGE, stage, wanted).astype(np.int8)
    have = world.staff()
    if rule.schools == "pupils":
        # Whole posts by pupils, after Webster: whoever has the fewest of these posts a pupil.
        have = np.full_like(have, 0.5)
    return world.place(wanted, have, world.staff_needed())


def _taken(posts: NDArray[np.int64], number: NDArray[np.int64]) -> NDArray[np.int64]:
    """Take ``number`` (R,) posts, or all, out of the pools' (R, pools), in proportion."""
    total = posts.sum(axis=1, keepdims=True)
    share = np.cumsum(posts, axis=1) * np.minimum(number[:, None], total) / np.maximum(total, 1)
    return np.diff(np.floor(share + 1e-9), axis=1, prepend=0).astype(np.int64)
