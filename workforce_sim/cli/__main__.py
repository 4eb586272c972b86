"""``python -m workforce_sim.cli``."""

from workforce_sim.cli import main

if __name__ == "__main__":
    main()
