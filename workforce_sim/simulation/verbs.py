"""The verbs in which the rules are written: choose, happen, draw, tally. Compiled by numba.

Another one, place, has a file of its own.

All work on a block: R replications, each with its own teachers ``i`` and schools ``s``. A list of
people is an int32 array (R, k) of slots; a row ends where its first -1 stands.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from workforce_sim.simulation.compiled import compiled
from workforce_sim.simulation.draws import fill_uniforms

NOBODY = -1
EQUAL = 1e-9


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
def draw(people, person, seed, replications, decision, occasion):  # type: ignore[no-untyped-def]
    """Return one uniform number for each of the people listed: (R, k); 0 past a row's end."""
    rows, k = people.shape
    draws = np.zeros((rows, k), np.float64)
    numbers = np.empty(k, np.uint32)
    for r in range(rows):
        _draw(people[r], person, seed, replications[r], decision, occasion, numbers, draws[r])
    return draws


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
