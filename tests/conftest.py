"""Hypothesis profiles: quick for a commit, deep for the night (HYPOTHESIS_PROFILE=deep).

With ``mutation`` a few examples, always the same, judge each of many mutants.
"""

import os

from hypothesis import HealthCheck, Phase, settings

_COMMON = {
    "deadline": None,  # the first example of a run compiles
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
    "print_blob": True,
}
settings.register_profile("quick", max_examples=25, **_COMMON)
settings.register_profile("deep", max_examples=2000, **_COMMON)
settings.register_profile(
    "mutation",
    max_examples=8,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    **_COMMON,
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
