"""What an officer is told of finished blocks, failures, disks and clusters."""

from __future__ import annotations

from collections.abc import Iterator

from workforce_sim.ensemble.checkpoint import Checkpoint
from workforce_sim.ensemble.errors import BlockError, ClusterError, Interrupted, StorageError
from workforce_sim.words import Words


def before(kept: Checkpoint, say: Words) -> Iterator[str]:
    """Tell, before a run, what becomes of the blocks that are there."""
    if kept.removed:
        yield say("ensemble.removed", folder=kept.folder, count=kept.removed)
    elif kept.resume and not kept.found:
        yield say("ensemble.nothing_there", folder=kept.folder)
    elif kept.found and not kept.resume:
        yield say("ensemble.not_used", folder=kept.folder)


def after(kept: Checkpoint, say: Words) -> Iterator[str]:
    """Tell, after a run, which of the blocks that were there could be used."""
    if kept.used:
        yield say("ensemble.resumed", used=kept.used, folder=kept.folder)
    if kept.damaged:
        files = say("mark.list").join(kept.damaged[:3])
        more = len(kept.damaged) > 3
        yield say("ensemble.damaged", count=len(kept.damaged), files=files + " ..." * more)


def unfinished(
    error: Interrupted | BlockError | StorageError | ClusterError,
    kept: Checkpoint,
    replications: int,
    say: Words,
) -> Iterator[str]:
    """Tell why a run is not finished, what is kept, and how to go on."""
    if isinstance(error, BlockError):
        count, failed = len(error.failures), error.failures[:3]
        yield say("ensemble.failed", count=count, kept=error.kept, replications=replications)
        for failure in failed:
            first, last = failure.block.start, failure.block.stop - 1
            told = {"seed": error.seed, "error": failure.error}
            yield say("ensemble.failed_block", first=first, last=last, **told)
        yield say("ensemble.log", file=kept.log(error.log))
    elif isinstance(error, StorageError):
        yield say("ensemble.not_saved", folder=error.folder, reason=error.reason)
    elif isinstance(error, ClusterError):
        yield say("ensemble.cluster_lost")
    elif error.kept:
        yield say("run.stopped_kept", kept=error.kept, replications=replications)
    yield say("ensemble.kept", folder=kept.folder)
