"""What every study hands on to the reports."""

from __future__ import annotations

from typing import Any, Protocol

import pandas as pd

from workforce_sim.county import County
from workforce_sim.scenario import Scenario

CHANCE = "chance"
"""The factor that is no assumption: everything that happens by chance."""


class Study(Protocol):
    """A study, or a projection: what was looked at, what was found, and where it comes from."""

    @property
    def scenario(self) -> Scenario:
        """The scenario."""

    @property
    def county(self) -> County:
        """The county."""

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Its tables by name, tidy."""

    @property
    def provenance(self) -> dict[str, Any]:
        """Seed, replications, digests, versions, and whether it is ``complete``."""
