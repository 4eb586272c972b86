"""Keyed uniform numbers: common random numbers by construction.

Why. To compare two policies, the same teacher must meet the same fate under both, unless the policy
changes it. A stream of random numbers cannot promise that: one more draw, by one more recruit, and
everybody after it draws something else. Here a draw is a pure function instead,

    uniform(seed, replication, decision, occasion, person),

so nothing can shift it: not a policy, not a block's size, not a worker. The function is
Philox 4x32-10 of the Random123 family (Salmon, Moraes, Dror and Shaw 2011, "Parallel random
numbers: as easy as 1, 2, 3"): the key is the seed, the counter the four other arguments.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from zlib import crc32

import numpy as np
from numba import njit
from numpy.typing import NDArray

from workforce_sim.simulation.compiled import compiled

_LOW = np.uint64(0xFFFFFFFF)
_WORD = np.uint64(32)
_MULTIPLY_0 = np.uint64(0xD2511F53)
_MULTIPLY_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
_SHIFT_5 = np.uint64(5)
_SHIFT_6 = np.uint64(6)

BASELINE_LIMIT = 2**31
"""People of the roster are numbered below this; those hired during a run above it."""


@njit(inline="always")
def philox(c0, c1, c2, c3, k0, k1):  # type: ignore[no-untyped-def]
    """Return four 32-bit words for a counter (four words) and a key (two words), all uint64."""
    for _ in range(10):
        product_0 = _MULTIPLY_0 * c0
        product_1 = _MULTIPLY_1 * c2
        c0 = (product_1 >> _WORD) ^ c1 ^ k0
        c1 = product_1 & _LOW
        c2 = (product_0 >> _WORD) ^ c3 ^ k1
        c3 = product_0 & _LOW
        k0 = (k0 + _WEYL_0) & _LOW
        k1 = (k1 + _WEYL_1) & _LOW
    return c0, c1, c2, c3


@njit(inline="always")
def uniform(seed, replication, decision, occasion, person):  # type: ignore[no-untyped-def]
    """Return the uniform number in [0, 1) of one decision: 53 random bits of one Philox block."""
    word_0, word_1, _, _ = philox(
        np.uint64(person),
        np.uint64(occasion),
        np.uint64(decision),
        np.uint64(replication),
        seed & _LOW,
        seed >> _WORD,
    )
    high, low = np.int64(word_0 >> _SHIFT_5), np.int64(word_1 >> _SHIFT_6)
    return (high * 67108864.0 + low) * (1.0 / 9007199254740992.0)


@compiled
def fill_uniforms(seed, replication, decision, occasion, person, n, out):  # type: ignore[no-untyped-def]
    """Write the uniform numbers of the first ``n`` of ``person`` to ``out``.

    The loop does nothing else, so that the compiler draws several at once (six times faster).
    """
    for j in range(n):
        out[j] = uniform(seed, replication, decision, occasion, person[j])


@compiled
def _uniforms(seed, replications, decision, occasion, person, out):  # type: ignore[no-untyped-def]
    for r in range(out.shape[0]):
        for_whom = person[r % len(person)]
        fill_uniforms(seed, replications[r], decision, occasion, for_whom, out.shape[1], out[r])


@cache
def decision_code(decision: str) -> int:
    """Return the 32-bit code of a decision's name (its CRC-32, the same on every machine)."""
    return crc32(decision.encode("utf-8"))


def hired_person(channel: int, year: int, nth: NDArray[np.int64]) -> NDArray[np.uint32]:
    """Return the numbers of people hired: by channel (0-7), year and post (nth of that year).

    A recruit is known by the post, never by a place in an array: one post more under another policy
    changes nobody else.
    """
    return (BASELINE_LIMIT + (channel << 28) + ((year - 1950) % 256 << 20) + nth).astype(np.uint32)


class Draws:
    """The uniform numbers of a block of replications.

    Parameters
    ----------
    seed : int
        The run's seed, 0 to 2**64 - 1.
    replications : sequence of int
        Numbers of the block's replications within the run.
    """

    def __init__(self, seed: int, replications: Sequence[int] | NDArray[np.int64]) -> None:
        self.seed = np.uint64(seed)
        self.replications = np.asarray(replications, dtype=np.uint32)

    def uniforms(
        self, decision: str, occasion: int, person: NDArray[np.uint32]
    ) -> NDArray[np.float64]:
        """Return one uniform number for each person.

        Parameters
        ----------
        decision : str
            What is decided, such as ``"exit.month"``.
        occasion : int
            When: the year, or 0 for what is decided once in a life.
        person : array of uint32, shape (replications, k) or (k,)
            For whom.

        Returns
        -------
        array of float64, shape (replications, k)
        """
        number = np.ascontiguousarray(np.atleast_2d(person), np.uint32)
        out = np.empty((len(self.replications), person.shape[-1]))
        _uniforms(self.seed, self.replications, decision_code(decision), occasion, number, out)
        return out

    def once(self, decision: str) -> NDArray[np.float64]:
        """Return one uniform number a replication, for what concerns the county as a whole."""
        return self.uniforms(decision, 0, np.zeros(1, np.uint32))[:, 0]
