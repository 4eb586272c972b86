"""This engine on all rules of the shipped scenario: its counts are those of another county."""

from __future__ import annotations

from pathlib import Path

from benchmarks.peers.engine import State, all_rules, blocks


def prepare(path: Path) -> State:
    state = all_rules()
    simulate(state, 0, 2)
    return state


def simulate(state: State, seed: int, replications: int) -> None:
    for _ in blocks(state, seed, replications):
        pass
