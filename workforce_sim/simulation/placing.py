"""The verb that sends people to schools. Compiled by numba; lists are as in ``verbs``."""

from __future__ import annotations

import numpy as np
from numba import njit

from workforce_sim.scenario.schema import STAGES
from workforce_sim.simulation.compiled import compiled
from workforce_sim.simulation.verbs import EQUAL

NEAR = 2**25
"""What differs by more than three times `EQUAL`, differs by more in its bits."""
LEAF = 2**20 - 1
"""The last bits of a key, which decide nothing, hold the number of its leaf instead."""
INFINITE = np.int64(0x7FF0000000000000)
"""The bits of infinity."""
AT_ONCE = 8
"""Replications that take turns."""


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
    bits, need_bits = cover.view(np.int64), need.view(np.int64)
    left = np.empty((AT_ONCE, schools), np.int64)
    # A tree a measure: each node is the least cover of the two below it, and a stage is a branch.
    leaf, school_at, branch = _leaves(stage)
    leaves = branch * len(STAGES)
    tree = np.empty((AT_ONCE, measures, 2 * leaves), np.int64)
    stack = np.empty(128, np.int64)
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
                    key = _key(bits, need_bits, r, nth, m, s)
                    tree[nth, m, leaves + leaf[s]] = key + leaf[s]
                for node in range(leaves - 1, 0, -1):
                    tree[nth, m, node] = min(tree[nth, m, 2 * node], tree[nth, m, 2 * node + 1])
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
                if best == home and second >= INFINITE:
                    continue
                if best == home or second - least <= NEAR:
                    least = second if best == home else least
                    best = _first_of_equals(
                        tree, leaves, root, least, nth, m, school_at, home, cover, need, r, stack
                    )
                sent[r, j] = best
                left[nth, best] -= 1
                have[r, 0, best] += 1
                if m > 0:
                    have[r, m, best] += 1
                for m in range(measures):
                    can = need[r, m, best] > 0 and left[nth, best] > 0
                    cover[nth, m, best] = have[r, m, best] / need[r, m, best] if can else np.inf
                    node = leaves + leaf[best]
                    tree[nth, m, node] = _key(bits, need_bits, r, nth, m, best) + leaf[best]
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
def _key(bits, need_bits, r, nth, m, s):  # type: ignore[no-untyped-def]
    """Return a school's key in the tree, before its leaf's number is added: the least is neediest.

    It is the cover's bits, which compare as covers do. Of schools that have nothing the one with
    the greater need comes first: theirs are those of the need, negative.
    """
    key = bits[nth, m, s]
    return key & ~LEAF if key != 0 else -(need_bits[r, m, s] & ~LEAF)


@njit(inline="always")
def _first_of_equals(tree, leaves, root, least, nth, m, school_at, home, cover, need, r, stack):  # type: ignore[no-untyped-def]
    """Return, of the schools with about the least key, the one that comes first.

    Branches whose keys are greater are not looked at.
    """
    best = -1
    less = more = 0.0  # below `less` is needier, above `more` is not as needy
    stack[0], waiting = root, 1
    while waiting > 0:
        waiting -= 1
        node = stack[waiting]
        if tree[nth, m, node] > least + NEAR:
            continue
        if node < leaves:
            stack[waiting], stack[waiting + 1] = 2 * node + 1, 2 * node
            waiting += 2
            continue
        s = school_at[node - leaves]
        if s == home:
            continue
        c, n = cover[nth, m, s], need[r, m, s]
        if best >= 0 and c >= less:
            most = need[r, m, best]
            first = s < best and n * (1 + EQUAL) >= most
            if c > more or (n <= most * (1 + EQUAL) and not first):
                continue
        best, less, more = s, c * (1 - EQUAL), c * (1 + EQUAL)
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
