"""What happened (flows) and what was found (censuses), counted by school."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workforce_sim.scenario.schema import FACILITIES

COUNTS = (
    "staff",
    "qualified",
    "backbone",
    "pe_teachers",
    "music_teachers",
    "art_teachers",
    "pe_specialists",
    "music_specialists",
    "art_specialists",
)
"""What is counted at each school; ``qualified`` are those whose degree counts in L1."""
STAFF, QUALIFIED, BACKBONE, TEACHERS, SPECIALISTS = 0, 1, 2, 3, 6

FLOWS = (
    "retirement",
    "resign",
    "transfer_out",
    "death",
    "posts_general",
    "posts_arts_pe",
    "hired_general",
    "hired_arts_pe",
    "rotated_in",
    "rotated_out",
    "returned_in",
    "returned_out",
    "network_in",
    "network_out",
    "reallocated_in",
    "reallocated_out",
    "awarded",
    "renewed",
    "lapsed",
    "backbone_left",
    "qualified",
    "qualified_left",
    "retrained",
)
"""What is recorded at each school. The first four are the causes of leaving, by their codes."""
FLOW = {name: code for code, name in enumerate(FLOWS)}
LEAVING = 4
"""Number of causes of leaving."""

CAUSES = (
    "retirement",
    "other_exits",
    "hired_general",
    "hired_arts_pe",
    "rotation",
    "network",
    "reallocation",
    "awarded",
    "lapsed",
    "degrees",
    "retrained",
)
"""Why the items of the indicators change."""
CAUSE = {name: code for code, name in enumerate(CAUSES)}
ITEMS = 3
"""Items whose changes are recorded, those of L1, L2 and L3: qualified, backbone, arts and PE."""

AGE_BANDS = (0, 25, 30, 35, 40, 45, 50, 55, 60)
"""Lower ends of the age bands of the pyramid, in years."""


def arts_pe(counts: NDArray[np.integer], counted: str) -> NDArray[np.integer]:
    """Sum PE, music and art in counts (..., len(COUNTS)): ``specialists``, or all ``teachers``."""
    first = SPECIALISTS if counted == "specialists" else TEACHERS
    return counts[..., first] + counts[..., first + 1] + counts[..., first + 2]


def items(counts: NDArray[np.integer], arts_pe_counted: str) -> NDArray[np.integer]:
    """Return the teachers that count for L1, L2 and L3 in counts (..., len(COUNTS)): (..., 3)."""
    arts = arts_pe(counts, arts_pe_counted)
    return np.stack([counts[..., QUALIFIED], counts[..., BACKBONE], arts], axis=-1)


@dataclass(frozen=True)
class Ledger:
    """Records of a block of replications: R replications, Y years, S schools.

    Attributes
    ----------
    flows : int16 (Y, 2, R, S, len(FLOWS))
        Flows of each calendar year, before its census and after it.
    changes : int16 (Y + 1, R, S, len(CAUSES), ITEMS)
        Changes of the items by cause, up to the first census, from each census to the next, and
        after the last: with the baseline they add up to every census.
    leavers : int16 (12 Y, R, stages, causes)
        Leavers of each calendar month.
    census : int16 (Y, R, S, len(COUNTS))
        Counts at each year's census.
    pupils : int32 (Y, R, S)
        Pupils at each year's census.
    ages : int16 (Y, R, stages, sexes, len(AGE_BANDS))
        Staff by age at each year's census.
    facilities : float64 (Y, R, S, 4)
        Items of L4 to L7 at each year's census; NaN where the county does not know them.
    rotation : int16 (Y, R, 3)
        Eligible, moved, and backbone teachers among the moved.
    closing : int16 (R, S)
        Staff on 31 December of the last year.
    """

    flows: NDArray[np.int16]
    changes: NDArray[np.int16]
    leavers: NDArray[np.int16]
    census: NDArray[np.int16]
    pupils: NDArray[np.int32]
    ages: NDArray[np.int16]
    facilities: NDArray[np.float64]
    rotation: NDArray[np.int16]
    closing: NDArray[np.int16]

    @classmethod
    def blank(cls, years: int, replications: int, schools: int) -> Ledger:
        """Return an empty ledger, all arrays in one piece of memory.

        The system hands out one large piece much faster than many small ones.
        """
        shapes: dict[str, tuple[type, tuple[int, ...]]] = {
            "flows": (np.int16, (years, 2, replications, schools, len(FLOWS))),
            "changes": (np.int16, (years + 1, replications, schools, len(CAUSES), ITEMS)),
            "leavers": (np.int16, (12 * years, replications, 2, LEAVING)),
            "census": (np.int16, (years, replications, schools, len(COUNTS))),
            "pupils": (np.int32, (years, replications, schools)),
            "ages": (np.int16, (years, replications, 2, 2, len(AGE_BANDS))),
            "facilities": (np.float64, (years, replications, schools, len(FACILITIES))),
            "rotation": (np.int16, (years, replications, 3)),
            "closing": (np.int16, (replications, schools)),
        }
        kinds = [(name, kind, shape) for name, (kind, shape) in shapes.items()]
        memory = np.zeros((), np.dtype(kinds, align=True))
        memory["facilities"] = np.nan
        return cls(**{name: memory[name] for name in shapes})

    @classmethod
    def joined(cls, blocks: list[Ledger]) -> Ledger:
        """Return one ledger of all replications, in the order of the blocks."""
        return cls(
            **{
                name: np.concatenate([getattr(b, name) for b in blocks], cls.axis(name))
                for name in cls.__dataclass_fields__
            }
        )

    @staticmethod
    def axis(name: str) -> int:
        """Return which axis of an array is that of the replications."""
        return {"flows": 2, "closing": 0}.get(name, 1)
