"""Blocks of a hundred replications: the tests of this folder count them."""

import pytest


@pytest.fixture(autouse=True)
def blocks_of_a_hundred(monkeypatch):
    monkeypatch.setattr("workforce_sim.ensemble.blocks.BLOCK", 100)
