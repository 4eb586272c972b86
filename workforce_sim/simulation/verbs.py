"""The verbs in which the rules are written: choose, happen, place, tally. Compiled by numba.

All work on a block: R replications, each with its own teachers ``i`` and schools ``s``. A list of
people is an int32 array (R, k) of slots; a row ends where its first -1 stands.
"""

from __future__ import annotations

import numpy as np

from workforce_sim.simulation.compiled import compiled
from workforce_sim.simulation.draws import fill_uniforms

NOBODY = -1
EQUAL = 1e-9


@compiled
def _list(mask, slot):  # type: ignore[no-untyped-def]
    """List the slots for which ``mask`` holds; return how many."""
    n = 0
    for i in range(mask.shape[0]):  # without a branch: what does not hold is written over
        slot[n] = i
        n += mask[i]
    return n


@compiled
def _keep_wanted(slot, n, group, quota):  # type: ignore[no-untyped-def]
    """Keep, of ``n`` slots, those of groups with a quota; return how many."""
    wanted = 0
    for j in range(n):
        slot[wanted] = slot[j]
        wanted += quota[group[slot[j]]] > 0
    return wanted


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
def _rows(listed, length):  # type: ignore[no-untyped-def]
    """Return the rows of a list, of which ``length`` (R,) count, cut and filled up with NOBODY."""
    out = np.full((len(length), length.max()), NOBODY, np.int32)
    for r in range(len(length)):
        for j in range(length[r]):
            out[r, j] = listed[r, j]
    return out


@compiled
def choose(eligible, group, quota, person, seed, replications, decision, occasion):  # type: ignore[no-untyped-def]
    """Choose ``quota[r, g]`` of the eligible of each group: those with the smallest draws.

    Every subset of the right size is equally likely, and whoever is eligible under two policies
    draws the same number under both. The list runs group by group, within a group by draw. With a
    single group (``quota`` of shape (R, 1)), ``group`` is not looked at.
    """
    rows, slots = eligible.shape
    groups = quota.shape[1]
    longest = 0
    for r in range(rows):
        longest = max(longest, quota[r].sum())
    chosen = np.full((rows, longest), NOBODY, np.int32)
    candidate, ordered = np.empty(slots + 1, np.int32), np.empty(slots, np.int32)
    numbers = np.empty(slots, np.uint32)
    draws, key = np.empty(slots + 1, np.float64), np.empty(slots, np.float64)
    near = np.empty(2 * slots + 2, np.int64)
    first, last = np.empty(groups, np.int64), np.empty(groups, np.int64)
    for r in range(rows):
        total = 0
        for g in range(groups):
            first[g] = total
            total += quota[r, g]
            last[g] = total
        if total == 0:
            continue
        n = _list(eligible[r], candidate)
        if groups > 1:
            n = _keep_wanted(candidate, n, group[r], quota[r])
        for j in range(n):
            numbers[j] = person[r, candidate[j]]
        fill_uniforms(seed, replications[r], decision, occasion, numbers, n, draws)
        limit = 1.0
        if groups == 1:
            # Few more than the quota will do. Should it be fewer, once in a while, all are kept.
            enough = (total + 3 * np.sqrt(total) + 3) / max(n, 1)
            if enough < 1 and _number_below(draws, n, enough) >= total:
                limit = enough
                n = _keep_below(candidate, draws, n, limit)
        _sort(candidate, draws, n, limit, near, ordered, key)
        for j in range(n):
            g = 0 if groups == 1 else group[r, ordered[j]]
            if first[g] < last[g]:
                chosen[r, first[g]] = ordered[j]
                first[g] += 1
        filled = 0
        for place in range(total):
            i = chosen[r, place]
            chosen[r, place] = NOBODY
            chosen[r, filled] = i
            filled += i != NOBODY
    return chosen


@compiled
def happen(eligible, share, person, seed, replications, decision, occasion):  # type: ignore[no-untyped-def]
    """List those of the eligible to whom something happens that has the chance ``share[r]``."""
    rows, slots = eligible.shape
    listed = np.empty((rows, slots + 1), np.int32)
    length = np.empty(rows, np.int64)
    numbers = np.empty(slots, np.uint32)
    draws = np.empty(slots + 1, np.float64)
    for r in range(rows):
        n = _list(eligible[r], listed[r])
        for j in range(n):
            numbers[j] = person[r, listed[r, j]]
        fill_uniforms(seed, replications[r], decision, occasion, numbers, n, draws)
        length[r] = _keep_below(listed[r], draws, n, share[r])
    return _rows(listed, length)


@compiled
def members(mask):  # type: ignore[no-untyped-def]
    """List those for whom ``mask`` holds."""
    rows, slots = mask.shape
    listed = np.empty((rows, slots + 1), np.int32)
    length = np.empty(rows, np.int64)
    for r in range(rows):
        length[r] = _list(mask[r], listed[r])
    return _rows(listed, length)


@compiled
def place(wanted, origin, measure, have, need, cap, stage):  # type: ignore[no-untyped-def]
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

    Returns
    -------
    int16 (R, k)
        Schools; -1 where none can take anybody.
    """
    rows, k = wanted.shape
    measures, schools = have.shape[1], have.shape[2]
    sent = np.full((rows, k), -1, np.int16)
    cover = np.empty((measures, schools), np.float64)
    taken = np.empty(schools, np.int64)
    for r in range(rows):
        taken[:] = 0
        for m in range(measures):
            for s in range(schools):
                cover[m, s] = have[r, m, s] / need[r, m, s] if need[r, m, s] > 0 else np.inf
        for j in range(k):
            if wanted[r, j] == -2:
                break
            m = measure[r, j]
            best = -1
            less = more = most = np.inf  # below `less` is needier, above `more` is not as needy
            for s in range(schools):
                c = cover[m, s]
                if c > more or c == np.inf:
                    continue
                if c >= less and need[r, m, s] <= most:
                    continue
                if wanted[r, j] >= 0 and stage[s] != wanted[r, j]:
                    continue
                if s == origin[r, j] or taken[s] >= cap[r, s]:
                    continue
                best, less, more = s, c * (1 - EQUAL), c * (1 + EQUAL)
                most = need[r, m, s] * (1 + EQUAL)
            if best < 0:
                continue
            sent[r, j] = best
            taken[best] += 1
            have[r, m, best] += 1
            cover[m, best] = have[r, m, best] / need[r, m, best]
            if m > 0:
                have[r, 0, best] += 1
                if need[r, 0, best] > 0:
                    cover[0, best] = have[r, 0, best] / need[r, 0, best]
    return sent


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
def tally(mask, school, schools):  # type: ignore[no-untyped-def]
    """Count by school those for whom ``mask`` holds: int32 (R, S)."""
    rows, slots = mask.shape
    count = np.zeros((rows, schools), np.int32)
    for r in range(rows):
        for i in range(slots):  # without a branch: who does not count adds nothing
            count[r, school[r, i]] += mask[r, i]
    return count


@compiled
def take(values, people):  # type: ignore[no-untyped-def]
    """Return the values (R, slots) of the people listed; the value at slot 0 past a row's end."""
    rows, k = people.shape
    out = np.empty((rows, k), values.dtype)
    for r in range(rows):
        for j in range(k):
            out[r, j] = values[r, max(people[r, j], 0)]
    return out
