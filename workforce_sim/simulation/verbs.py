"""The verbs in which the rules are written: choose, happen, place, tally. Compiled by numba.

All work on a block: R replications, each with its own teachers ``i`` and schools ``s``. A list of
people is an int32 array (R, k) of slots; a row ends where its first -1 stands.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from workforce_sim.scenario.schema import STAGES
from workforce_sim.simulation.compiled import compiled
from workforce_sim.simulation.draws import fill_uniforms

NOBODY = -1
EQUAL = 1e-9
NEAR = 2**25
"""What differs by more than three times `EQUAL`, differs by more in its bits."""
LEAF = 2**20 - 1
"""The last bits of a cover, which decide nothing, hold the number of its leaf instead."""
INFINITE = np.int64(0x7FF0000000000000)
"""The bits of infinity."""
AT_ONCE = 8
"""Replications that take turns."""


@compiled
def members(mask):  # type: ignore[no-untyped-def]
    """List those for whom ``mask`` (R, slots) holds."""
    rows, slots = mask.shape
    longest = 0
    for r in range(rows):
        n = 0
        for i in range(slots):
            n += mask[r, i]
        longest = max(longest, n)
    # One place more than anybody needs: whoever does not belong is written there, or written over.
    listed = np.empty((rows, longest + 1), np.int32)
    for r in range(rows):
        n = 0
        for i in range(slots):
            listed[r, n] = i
            n += mask[r, i]
        listed[r, n:] = NOBODY
    return listed


@compiled
def keep(people, which):  # type: ignore[no-untyped-def]
    """Return a list of those of ``people`` for whom ``which`` (R, k) holds."""
    rows, k = people.shape
    kept = np.empty((rows, k + 1), np.int32)
    for r in range(rows):
        n = 0
        for j in range(k):
            kept[r, n] = people[r, j]
            n += which[r, j] & (people[r, j] >= 0)
        kept[r, n:] = NOBODY
    return kept


@compiled
def without(people, others, slots):  # type: ignore[no-untyped-def]
    """Return a list of those of ``people`` who are not among ``others``; ``slots`` bounds both."""
    rows, k = people.shape
    kept = np.empty((rows, k + 1), np.int32)
    stays = np.ones(slots + 1, np.bool_)  # the last is NOBODY's
    for r in range(rows):
        for j in range(others.shape[1]):
            stays[others[r, j]] = False
        stays[NOBODY] = False
        n = 0
        for j in range(k):
            kept[r, n] = people[r, j]
            n += stays[people[r, j]]
        kept[r, n:] = NOBODY
        for j in range(others.shape[1]):
            stays[others[r, j]] = True
    return kept


@njit(inline="always")
def _draw(people, person, seed, replication, decision, occasion, numbers, draws):  # type: ignore[no-untyped-def]
    """Draw for each of a row's people; return how many there are."""
    n = 0
    for j in range(len(people)):
        n += people[j] >= 0
    for j in range(n):
        numbers[j] = person[people[j]]
    fill_uniforms(seed, replication, decision, occasion, numbers, n, draws)
    return n


@compiled
def _number_below(draws, n, limit):  # type: ignore[no-untyped-def]
    """Count, of ``n`` draws, those below the limit."""
    below = 0
    for j in range(n):
        below += draws[j] < limit
    return below


@compiled
def _keep_below(slot, draws, n, limit):  # type: ignore[no-untyped-def]
    """Keep, of ``n`` slots and their draws, those with a draw below the limit; return how many."""
    kept = 0
    for j in range(n):
        slot[kept], draws[kept] = slot[j], draws[j]
        kept += draws[j] < limit
    return kept


@compiled
def _sort(slot, draws, n, limit, near, ordered, key):  # type: ignore[no-untyped-def]
    """Write ``n`` slots to ``ordered`` by their draws, which are uniform below the limit.

    Such a draw tells about where its slot belongs: all are put near their places at once (on a
    scale twice as fine as their number), and then a few neighbours change places. ``near`` and
    ``key`` are room to work in.
    """
    marks = 2 * n
    scale = marks / limit
    near[: marks + 2] = 0
    for j in range(n):
        near[int(draws[j] * scale) + 1] += 1
    for mark in range(marks):
        near[mark + 1] += near[mark]
    for j in range(n):
        mark = int(draws[j] * scale)
        at = near[mark]
        near[mark] += 1
        ordered[at], key[at] = slot[j], draws[j]
    for j in range(1, n):
        i, u, at = ordered[j], key[j], j
        while at > 0 and key[at - 1] > u:
            ordered[at], key[at] = ordered[at - 1], key[at - 1]
            at -= 1
        ordered[at], key[at] = i, u


@compiled
def choose(people, quota, person, seed, replications, decision, occasion):  # type: ignore[no-untyped-def]
    """Choose ``quota`` (R,) of the people listed: those with the smallest draws, in their order.

    Every subset of the right size is equally likely, and whoever may be chosen under two policies
    draws the same number under both.
    """
    rows, k = people.shape
    chosen = np.full((rows, max(quota.max(), 0)), NOBODY, np.int32)
    numbers = np.empty(k, np.uint32)
    draws, key = np.empty(k + 1, np.float64), np.empty(k, np.float64)
    candidate, ordered = np.empty(k + 1, np.int32), np.empty(k, np.int32)
    near = np.empty(2 * k + 2, np.int64)
    for r in range(rows):
        if quota[r] == 0:
            continue
        n = _draw(people[r], person, seed, replications[r], decision, occasion, numbers, draws)
        candidate[:n] = people[r, :n]
        # Few more than the quota will do. Should it be fewer, once in a while, all are kept.
        limit = 1.0
        enough = (quota[r] + 3 * np.sqrt(quota[r]) + 3) / max(n, 1)
        if enough < 1 and _number_below(draws, n, enough) >= quota[r]:
            limit = enough
            n = _keep_below(candidate, draws, n, limit)
        _sort(candidate, draws, n, limit, near, ordered, key)
        for j in range(min(n, quota[r])):
            chosen[r, j] = ordered[j]
    return chosen


@compiled
def choose_by_school(people, school, quota, person, seed, replications, decision, occasion):  # type: ignore[no-untyped-def]
    """Choose ``quota`` (R, S) of those listed at each school: those with the smallest draws.

    The list runs school by school, within a school by draw.
    """
    rows, k = people.shape
    schools = quota.shape[1]
    longest = 0
    for r in range(rows):
        longest = max(longest, quota[r].sum())
    chosen = np.full((rows, longest + 1), NOBODY, np.int32)
    numbers = np.empty(k, np.uint32)
    draws, key = np.empty(k, np.float64), np.empty(longest + 1, np.float64)
    wanted, best = np.empty(k + 1, np.int32), np.empty(longest + 1, np.int32)
    first, found = np.empty(schools, np.int64), np.empty(schools, np.int64)
    enough = np.empty(schools, np.float64)  # whoever draws less is among the best so far
    for r in range(rows):
        total = 0
        for s in range(schools):
            first[s], found[s] = total, 0
            total += quota[r, s]
            enough[s] = 1.0
        if total == 0:
            continue
        n = 0
        for j in range(k):
            i = people[r, j]
            wanted[n] = i
            n += i >= 0 and quota[r, school[r, i]] > 0
        n = _draw(wanted[:n], person, seed, replications[r], decision, occasion, numbers, draws)
        for j in range(n):
            s = school[r, wanted[j]]
            if draws[j] >= enough[s]:
                continue
            at = first[s] + min(found[s], quota[r, s] - 1)
            while at > first[s] and key[at - 1] > draws[j]:
                best[at], key[at] = best[at - 1], key[at - 1]
                at -= 1
            best[at], key[at] = wanted[j], draws[j]
            found[s] += 1
            if found[s] >= quota[r, s]:
                enough[s] = key[first[s] + quota[r, s] - 1]
        filled = 0
        for s in range(schools):
            for at in range(first[s], first[s] + min(found[s], quota[r, s])):
                chosen[r, filled] = best[at]
                filled += 1
    return chosen


@compiled
def happen(people, share, person, seed, replications, decision, occasion):  # type: ignore[no-untyped-def]
    """List those of the people listed to whom it happens; it has the chance ``share`` (R,)."""
    rows, k = people.shape
    listed = np.empty((rows, k + 1), np.int32)
    numbers = np.empty(k, np.uint32)
    draws = np.empty(k, np.float64)
    longest = 0
    for r in range(rows):
        n = _draw(people[r], person, seed, replications[r], decision, occasion, numbers, draws)
        happens = 0
        for j in range(n):
            listed[r, happens] = people[r, j]
            happens += draws[j] < share[r]
        listed[r, happens:] = NOBODY
        longest = max(longest, happens)
    return listed[:, : longest + 1].copy()


@compiled
def place(wanted, origin, measure, have, need, cap, stage, is_open):  # type: ignore[no-untyped-def]
    """Send one after another to the neediest school: the one with the least have / need.

    Of equally needy schools the one with the greater need comes first, then the first in the table;
    what differs by less than a billionth is equal, so that no rounding decides.

    Parameters
    ----------
    wanted : int8 (R, k)
        Stage each is for; -1 for any, and -2 for nobody: the row's end.
    origin : int16 (R, k)
        School each must not go to (-1 for none).
    measure : int8 (R, k)
        By which of the M measures of need each is sent. Whoever arrives counts in the first
        measure, and in the own one.
    have, need : float64 (R, M, S)
        What schools have and need; a need of 0 receives nobody. ``have`` is changed.
    cap : int32 (R, S)
        How many each can take.
    stage : int8 (S,)
        Stages of the schools.
    is_open : bool (S,)
        The others receive nobody.

    Returns
    -------
    int16 (R, k)
        Schools; -1 where none can take anybody.
    """
    rows, k = wanted.shape
    measures, schools = have.shape[1], have.shape[2]
    sent = np.full((rows, k), -1, np.int16)
    cover = np.empty((AT_ONCE, measures, schools), np.float64)  # infinite where nobody can go
    bits = cover.view(np.int64)
    left = np.empty((AT_ONCE, schools), np.int64)
    # A tree a measure: each node is the least cover of the two below it, and a stage is a branch.
    leaf, school_at, branch = _leaves(stage)
    leaves = branch * len(STAGES)
    tree = np.empty((AT_ONCE, measures, 2 * leaves), np.int64)
    # Each waits for the one before in the same replication, but not for those in others: several
    # replications take turns, and the machine works at all of them.
    for start in range(0, rows, AT_ONCE):
        several = min(AT_ONCE, rows - start)
        for nth in range(several):
            r = start + nth
            for s in range(schools):
                left[nth, s] = cap[r, s] if is_open[s] else 0
            for m in range(measures):
                tree[nth, m, leaves:] = INFINITE
                for s in range(schools):
                    can = need[r, m, s] > 0 and left[nth, s] > 0
                    cover[nth, m, s] = have[r, m, s] / need[r, m, s] if can else np.inf
                for s in range(schools):
                    tree[nth, m, leaves + leaf[s]] = (bits[nth, m, s] & ~LEAF) | leaf[s]
                for node in range(leaves - 1, 0, -1):
                    below = tree[nth, m, 2 * node], tree[nth, m, 2 * node + 1]
                    tree[nth, m, node] = min(below[0], below[1])
        for j in range(k):
            for nth in range(several):
                r = start + nth
                of = wanted[r, j]
                if of == -2:
                    continue
                m, home = measure[r, j], origin[r, j]
                root = 1 if of < 0 else len(STAGES) + of
                least = tree[nth, m, root]
                if least >= INFINITE:
                    continue
                best = school_at[least & LEAF]
                second, node = INFINITE, leaves + leaf[best]
                while node > root:
                    second = min(second, tree[nth, m, node ^ 1])
                    node >>= 1
                if best == home or second - least <= NEAR:
                    best = _neediest(cover, nth, m, stage, of, home, need, r)
                    if best < 0:
                        continue
                sent[r, j] = best
                left[nth, best] -= 1
                have[r, 0, best] += 1
                if m > 0:
                    have[r, m, best] += 1
                for m in range(measures):
                    can = need[r, m, best] > 0 and left[nth, best] > 0
                    cover[nth, m, best] = have[r, m, best] / need[r, m, best] if can else np.inf
                    node = leaves + leaf[best]
                    tree[nth, m, node] = (bits[nth, m, best] & ~LEAF) | leaf[best]
                    while node > 1:
                        tree[nth, m, node >> 1] = min(tree[nth, m, node], tree[nth, m, node ^ 1])
                        node >>= 1
    return sent


@njit(inline="always")
def _leaves(stage):  # type: ignore[no-untyped-def]
    """Return each school's leaf, the school of each leaf, and the leaves of a stage's branch."""
    branch = 1
    for code in range(len(STAGES)):
        while branch < np.sum(stage == code):
            branch *= 2
    leaf = np.empty(len(stage), np.int64)
    school_at = np.full(branch * len(STAGES), -1, np.int64)
    for code in range(len(STAGES)):
        at = code * branch
        for s in range(len(stage)):
            if stage[s] == code:
                leaf[s], school_at[at] = at, s
                at += 1
    return leaf, school_at, branch


@njit(inline="always")
def _neediest(cover, nth, m, stage, of, home, need, r):  # type: ignore[no-untyped-def]
    """Return the school with the least cover, equals told apart; -1 if nobody can go to any."""
    best = -1
    less = more = most = np.inf  # below `less` is needier, above `more` is not as needy
    for s in range(len(stage)):
        c = cover[nth, m, s]
        if c > more or c == np.inf or (c >= less and need[r, m, s] <= most):
            continue
        if s == home or (of >= 0 and stage[s] != of):
            continue
        best, less, more = s, c * (1 - EQUAL), c * (1 + EQUAL)
        most = need[r, m, s] * (1 + EQUAL)
    return best


@compiled
def place_near(origin, cap, nearest):  # type: ignore[no-untyped-def]
    """Send one after another to the nearest school that can still take somebody.

    Parameters
    ----------
    origin : int16 (R, k)
        School that each comes from; a row ends where its first -1 stands.
    cap : int32 (R, S)
        How many each can take; it is changed.
    nearest : int16 (S, n)
        For each school those it may be left for, the nearest first; -1 past the row's end.

    Returns
    -------
    int16 (R, k)
        Schools; -1 where none can take anybody.
    """
    sent = np.full(origin.shape, -1, np.int16)
    for r in range(origin.shape[0]):
        for j in range(origin.shape[1]):
            s = origin[r, j]
            if s < 0:
                break
            for nth in range(nearest.shape[1]):
                to = nearest[s, nth]
                if to < 0:
                    break
                if cap[r, to] > 0:
                    cap[r, to] -= 1
                    sent[r, j] = to
                    break
    return sent


@compiled
def number(mask):  # type: ignore[no-untyped-def]
    """Count those for whom ``mask`` holds: int64 (R,)."""
    count = np.zeros(mask.shape[0], np.int64)
    for r in range(mask.shape[0]):
        for i in range(mask.shape[1]):
            count[r] += mask[r, i]
    return count


@compiled
def tally(school, schools):  # type: ignore[no-untyped-def]
    """Count by school those who are at one, and not at -1: int32 (R, S)."""
    rows, k = school.shape
    count = np.zeros((rows, schools + 1), np.int32)
    for r in range(rows):
        for j in range(k):  # without a branch: -1 is the last
            count[r, school[r, j]] += 1
    return count[:, :schools].copy()


@compiled
def take(values, people, nothing):  # type: ignore[no-untyped-def]
    """Return the values (R, slots) of the people listed; ``nothing`` past a row's end."""
    rows, k = people.shape
    out = np.empty((rows, k), values.dtype)
    for r in range(rows):
        for j in range(k):
            out[r, j] = values[r, people[r, j]] if people[r, j] >= 0 else nothing
    return out


def share_out(weight: NDArray[np.float64], total: NDArray[np.float64]) -> NDArray[np.int32]:
    """Share whole numbers ``total`` (...) by ``weight`` (..., n); equally where all are 0.

    Their running sums are rounded, halves to even: the parts sum up, and none is off by one.
    """
    flat = np.ascontiguousarray(weight).reshape(np.size(total), weight.shape[-1])
    return _share_out(flat, np.ravel(total)).reshape(weight.shape)


@compiled
def _share_out(weight, total):  # type: ignore[no-untyped-def]
    rows, n = weight.shape
    parts = np.empty((rows, n), np.int32)
    upto = np.empty(n, np.float64)
    for r in range(rows if n > 0 else 0):
        running = 0.0
        for s in range(n):
            running += weight[r, s]
            upto[s] = running
        if running <= 0:
            for s in range(n):
                upto[s] = s + 1.0
        last = upto[n - 1]
        for s in range(n):
            # Multiplied first: then halves of whole numbers are exact.
            upto[s] = np.rint(upto[s] * total[r] / last)
        before = 0.0
        for s in range(n):
            parts[r, s] = np.int32(upto[s] - before)
            before = upto[s]
    return parts
