"""Whether the first run on this machine, which compiles the verbs, is still to come."""

from __future__ import annotations

from pathlib import Path

from workforce_sim.simulation import verbs


def is_compiled() -> bool:
    """Return whether numba has kept compiled verbs on this machine (or does not compile at all)."""
    kept = getattr(verbs.choose, "_cache", None)
    return kept is None or any(Path(kept.cache_path).glob("verbs.choose-*.nbi"))
