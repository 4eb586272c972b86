"""What Streamlit runs for each view of the page; `serve` starts it with the scenario's file."""

import sys
from pathlib import Path

from workforce_sim.app.frame import show

show(Path(sys.argv[1]))
