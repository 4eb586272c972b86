"""What studies say: one file a study, each with ``print_<study>`` and ``charts``."""
