"""Many blocks of replications, over any ``concurrent.futures`` executor."""

from workforce_sim.ensemble.blocks import BLOCK, Interrupted, run

__all__ = ["BLOCK", "Interrupted", "run"]
