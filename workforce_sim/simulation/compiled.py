"""What numba compiles, and whether the first run on this machine, which compiles it, is to come."""

from __future__ import annotations

import functools
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from numba import njit


def compiled(function: Callable[..., Any]) -> Any:
    """Compile a function on its first call, and keep the result for later runs.

    It is kept beside its source or else in the user's cache folder. Where neither can be written,
    each run compiles anew.
    """
    try:
        kept = njit(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError:  # no place to keep it
        return njit(nogil=True, error_model="numpy")(function)
    if hasattr(kept, "_cache"):  # it has not with NUMBA_DISABLE_JIT=1
        # Numba looks only at the function's own file, but what it calls may stand in another.
        kept._cache._cache_file._source_stamp = _source()
    return kept


@functools.cache
def _source() -> str:
    """Return a digest of the source that what is compiled may use.

    It is that of the room, but for the rules: nothing compiled calls one, unless it is itself one.
    """
    room = Path(__file__).parent
    sources = ((file.parent == room, file.read_bytes()) for file in sorted(room.rglob("*.py")))
    return sha256(
        b"".join(source for in_room, source in sources if in_room or b"@compiled" in source)
    ).hexdigest()


def is_compiled() -> bool:
    """Return whether the verbs, as they are now, have been compiled (or are not to be at all)."""
    from workforce_sim.simulation import verbs  # which needs this module

    cache = getattr(verbs.choose, "_cache", None)
    if cache is None:
        return True
    return hasattr(cache, "_cache_file") and bool(cache._cache_file._load_index())
