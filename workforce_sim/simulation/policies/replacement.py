"""Rule 3. Replacement hiring (退三增一): how many posts the leavers bring.

    posts = floor(joins x (carried + counted leavers) / leavers)

The remainder is kept in whole credits: every leaver brings ``joins`` credits, a post costs
``leavers`` credits. All arithmetic is in integers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workforce_sim.scenario.schema import STAGES
from workforce_sim.simulation.ledger import FLOW
from workforce_sim.simulation.world import World


class Replacement:
    """The account of leavers and posts of a block, one column a pool: the county, or each stage."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.rule = world.scenario.replacement
        pools = 1 if self.rule.pool == "county" else len(STAGES)
        self.credits = np.zeros((world.replications, pools), np.int64)
        self.carried_posts = np.zeros((world.replications, pools), np.int64)
        self.counted = np.zeros((world.replications, pools), np.int64)

    def posts(self) -> NDArray[np.int64]:
        """Return the posts of this year: (R, pools)."""
        rule, year = self.rule, self.world.year
        leavers = self._leavers()
        if year in rule.stated_posts:
            # The plan states the number itself; the leavers of the window are used up by it.
            posts = self._shared(rule.stated_posts[year])
        else:
            self.credits += rule.joins * leavers
            posts = self.credits // rule.leavers
            self.credits -= posts * rule.leavers
            if rule.remainder == "dropped":
                self.credits[:] = 0
        return posts + self.carried_posts

    def unfilled(self, posts: NDArray[np.int64]) -> None:
        """Note posts (R, pools) that nobody filled."""
        if self.rule.unfilled == "carried":
            self.carried_posts = posts

    def _leavers(self) -> NDArray[np.int64]:
        """Return the leavers that count this year: (R, pools)."""
        world, rule = self.world, self.rule
        january = 12 * (world.year - world.years.start)
        if rule.window == "since_last_hiring":
            so_far = self._left(world.ledger.leavers)
            since, self.counted = so_far - self.counted, so_far
            return since
        if january > 0:
            return self._left(world.ledger.leavers[january - 12 : january])
        before = [rule.leavers_year_before_start.get(stage, 0) for stage in STAGES]
        return self._by_pool(np.tile(before, (world.replications, 1)))

    def _left(self, months: NDArray[np.int16]) -> NDArray[np.int64]:
        """Sum the months' leavers (months, R, stages, causes) of the causes that count."""
        causes = [FLOW[cause] for cause in self.rule.counted]
        return self._by_pool(months[..., causes].sum(axis=(0, 3), dtype=np.int64))

    def _by_pool(self, by_stage: NDArray[np.int64]) -> NDArray[np.int64]:
        return by_stage if self.rule.pool == "stage" else by_stage.sum(axis=1, keepdims=True)

    def _shared(self, number: int) -> NDArray[np.int64]:
        """Share a stated number of posts among the pools by their staff."""
        pools = self.credits.shape[1]
        if pools == 1:
            return np.full((self.world.replications, 1), number)
        staff = self.world.staff()
        of_stage = np.stack(
            [staff[:, self.world.schools.stage == s].sum(axis=1) for s in range(pools)], axis=1
        )
        staff = np.maximum(of_stage.sum(axis=1, keepdims=True), 1)
        bounds = np.rint(np.cumsum(of_stage, axis=1) * number / staff)
        return np.diff(bounds, axis=1, prepend=0).astype(np.int64)
