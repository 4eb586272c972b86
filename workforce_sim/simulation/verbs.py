"""The verbs in which the rules are written: choose, happen, place, tally. Compiled by numba.

All work on a block: R replications, each with its own teachers ``i`` and schools ``s``. A list of
people is an int32 array (R, k) of slots; a row ends where its first -1 stands.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from workforce_sim.simulation.draws import fill_uniforms

NOBODY = -1


@njit(inline="always")
def _sift_down(key, slot, first, size):  # type: ignore[no-untyped-def]
    """Let the top of a heap with the largest key on top sink to its place."""
    at = 0
    top_key, top_slot = key[first], slot[first]
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and key[first + child + 1] > key[first + child]:
            child += 1
        if key[first + child] <= top_key:
            break
        key[first + at], slot[first + at] = key[first + child], slot[first + child]
        at = child
    key[first + at], slot[first + at] = top_key, top_slot


@njit(inline="always")
def _sift_up(key, slot, first, at):  # type: ignore[no-untyped-def]
    """Let the last member of that heap rise to its place."""
    new_key, new_slot = key[first + at], slot[first + at]
    while at > 0:
        parent = (at - 1) // 2
        if key[first + parent] >= new_key:
            break
        key[first + at], slot[first + at] = key[first + parent], slot[first + parent]
        at = parent
    key[first + at], slot[first + at] = new_key, new_slot


@njit(cache=True, nogil=True)
def _list(mask, person, slot, number):  # type: ignore[no-untyped-def]
    """List the slots for which ``mask`` holds, and their people's numbers; return how many."""
    n = 0
    for i in range(mask.shape[0]):  # without a branch: what does not hold is written over
        slot[n] = i
        n += mask[i]
    for j in range(n):
        number[j] = person[slot[j]]
    return n


@njit(cache=True, nogil=True)
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
    candidate = np.empty(slots + 1, np.int32)
    numbers = np.empty(slots + 1, np.uint32)
    draws = np.empty(slots, np.float64)
    key = np.empty(longest, np.float64)
    slot = np.empty(longest, np.int32)
    first = np.empty(groups, np.int64)
    size = np.empty(groups, np.int64)
    for r in range(rows):
        total = 0
        for g in range(groups):
            first[g] = total
            size[g] = 0
            total += quota[r, g]
        if total == 0:
            continue
        n = _list(eligible[r], person[r], candidate, numbers)
        fill_uniforms(seed, replications[r], decision, occasion, numbers, n, draws)
        for j in range(n):
            i, u = candidate[j], draws[j]
            g = 0 if groups == 1 else group[r, i]
            places, f = quota[r, g], first[g]
            if size[g] < places:
                key[f + size[g]], slot[f + size[g]] = u, i
                _sift_up(key, slot, f, size[g])
                size[g] += 1
            elif places > 0 and u < key[f]:
                key[f], slot[f] = u, i
                _sift_down(key, slot, f, places)
        out = 0
        for g in range(groups):
            n, f = size[g], first[g]
            for left in range(n - 1, -1, -1):
                chosen[r, out + left] = slot[f]
                key[f], slot[f] = key[f + left], slot[f + left]
                _sift_down(key, slot, f, left)
            out += n
    return chosen


@njit(cache=True, nogil=True)
def happen(eligible, share, person, seed, replications, decision, occasion):  # type: ignore[no-untyped-def]
    """List those of the eligible to whom something happens that has the chance ``share[r]``."""
    rows, slots = eligible.shape
    listed = np.full((rows, slots), NOBODY, np.int32)
    candidate = np.empty(slots + 1, np.int32)
    numbers = np.empty(slots + 1, np.uint32)
    draws = np.empty(slots, np.float64)
    longest = 0
    for r in range(rows):
        candidates = _list(eligible[r], person[r], candidate, numbers)
        fill_uniforms(seed, replications[r], decision, occasion, numbers, candidates, draws)
        n = 0
        for j in range(candidates):
            if draws[j] < share[r]:
                listed[r, n] = candidate[j]
                n += 1
        longest = max(longest, n)
    return listed[:, :longest].copy()


@njit(cache=True, nogil=True)
def members(mask):  # type: ignore[no-untyped-def]
    """List those for whom ``mask`` holds."""
    rows, slots = mask.shape
    listed = np.full((rows, slots), NOBODY, np.int32)
    longest = 0
    for r in range(rows):
        n = 0
        for i in range(slots):
            if mask[r, i]:
                listed[r, n] = i
                n += 1
        longest = max(longest, n)
    return listed[:, :longest].copy()


@njit(cache=True, nogil=True)
def place(wanted, origin, measure, have, need, cap, stage):  # type: ignore[no-untyped-def]
    """Send one after another to the neediest school: the one with the least have / need.

    Of equally needy schools the one with the greater need comes first, then the first in the table.

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
            least = np.inf
            for s in range(schools):
                c = cover[m, s]
                if c > least or c == np.inf:
                    continue
                if c == least and need[r, m, s] <= need[r, m, best]:
                    continue
                if wanted[r, j] >= 0 and stage[s] != wanted[r, j]:
                    continue
                if s == origin[r, j] or taken[s] >= cap[r, s]:
                    continue
                best, least = s, c
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


@njit(cache=True, nogil=True)
def tally(mask, school, schools):  # type: ignore[no-untyped-def]
    """Count by school those for whom ``mask`` holds: int32 (R, S)."""
    rows, slots = mask.shape
    count = np.zeros((rows, schools), np.int32)
    for r in range(rows):
        for i in range(slots):
            if mask[r, i]:
                count[r, school[r, i]] += 1
    return count


@njit(cache=True, nogil=True)
def take(values, people):  # type: ignore[no-untyped-def]
    """Return the values (R, slots) of the people listed; the value at slot 0 past a row's end."""
    rows, k = people.shape
    out = np.empty((rows, k), values.dtype)
    for r in range(rows):
        for j in range(k):
            out[r, j] = values[r, max(people[r, j], 0)]
    return out
