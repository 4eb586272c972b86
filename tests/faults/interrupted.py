"""A run in a process of its own, for tests that kill it: ``interrupted.py FOLDER [local]``.

It goes on from the blocks in the folder, says when the first block is done and, at the end, what
the run came to.
"""

import hashlib
import os
import sys
from contextlib import nullcontext
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.ensemble.test_ensemble import COUNTY, SCENARIO
from workforce_sim import ensemble

REPLICATIONS, SEED = 5000, 5


def digest(ledger):
    """Return the SHA-256 of all arrays."""
    sha = hashlib.sha256()
    for name in type(ledger).__dataclass_fields__:
        sha.update(getattr(ledger, name).tobytes())
    return sha.hexdigest()


def run(folder, cluster=None, progress=None):
    """Return the ledger, going on from what the folder holds."""
    identity = ensemble.identity_of(SCENARIO, COUNTY, SEED)
    kept = ensemble.Checkpoint(folder, identity, resume=True)
    return kept, ensemble.run(
        SCENARIO,
        COUNTY,
        replications=REPLICATIONS,
        seed=SEED,
        workers=2,
        checkpoint=kept,
        cluster=cluster,
        progress=progress,
    )


def main():
    folder, *local = sys.argv[1:]
    if local:
        from workforce_sim.ensemble.cluster import connect

        place = connect("local", 2)
    else:
        place = nullcontext()
    said = []

    def progress(done):
        if not said:
            said.append(done)
            print("running", flush=True)

    with place as cluster:
        if cluster is not None:
            print(*cluster._client.run(os.getpid).values(), flush=True)
        try:
            _, ledger = run(Path(folder), cluster, progress)
        except ensemble.StorageError as error:
            print(error, flush=True)
            sys.exit(3)
    print(digest(ledger), flush=True)


if __name__ == "__main__":
    main()
