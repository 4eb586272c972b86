"""Many blocks of replications: on threads or a cluster, kept on disk as they are finished."""

from workforce_sim.ensemble.blocks import BLOCK, run
from workforce_sim.ensemble.checkpoint import Checkpoint
from workforce_sim.ensemble.errors import (
    BlockError,
    ClusterError,
    Failure,
    Interrupted,
    StorageError,
)
from workforce_sim.ensemble.gathering import let_go
from workforce_sim.ensemble.identity import identity_of

__all__ = [
    "BLOCK",
    "BlockError",
    "Checkpoint",
    "ClusterError",
    "Failure",
    "Interrupted",
    "StorageError",
    "identity_of",
    "let_go",
    "run",
]
