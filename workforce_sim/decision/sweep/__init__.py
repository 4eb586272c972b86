"""Many counties under many policies: one dataset, county by county."""

from workforce_sim.decision.sweep.counties import BASE
from workforce_sim.decision.sweep.dataset import read_sweep
from workforce_sim.decision.sweep.running import Sweep, sweep
from workforce_sim.decision.sweep.summary import Summary, summary

__all__ = ["BASE", "Summary", "Sweep", "read_sweep", "summary", "sweep"]
