"""Mutated scenario files and --set values: a projection or a clear error, never anything else."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workforce_sim.assessment import county_of, simulate
from workforce_sim.scenario import InputError, load_scenario

YANGCHENG = Path(__file__).parents[2] / "configs" / "yangcheng"
LINES = (YANGCHENG / "scenario.yaml").read_text(encoding="utf-8").splitlines()
PATHS = [
    "rotation.share",
    "backbone.places",
    "backbone.term_years",
    "exits.death.share_per_year",
    "enrolment.level",
    "arts_pe.recruits_per_year",
    "replacement.leavers",
    "years",
    "network",
    "name",
    "retirement",
    "counting.arts_pe",
    "dates.census",
    "no.such.key",
    "",
]
words = st.sampled_from(
    [
        *("", "null", "-1", "0", "1.4", "1e999", ".nan", "true", "[]", "{}", "99999999999", "2021"),
        *("abc", "中文", "'", "*x", "&x 1", "!!python/object:os.system", "2021-02-30", "{2021: 5}"),
        *("{dist: normal, mean: 1}", "{dist: uniform, low: 0, high: 2}", "\t", "\x00", "- a"),
    ]
)


@st.composite
def mutated(draw):
    """Return the shipped scenario with a few lines deleted, doubled, swapped or overwritten."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        what = draw(st.sampled_from(["delete", "double", "indent", "value", "key", "cut"]))
        if what == "delete":
            del lines[at]
        elif what == "double":
            lines.insert(at, lines[at])
        elif what == "indent":
            lines[at] = "  " + lines[at]
        elif what == "cut":
            lines[at] = lines[at][: draw(st.integers(0, len(lines[at])))]
        elif ":" in lines[at]:
            key, _, value = lines[at].partition(":")
            new = draw(words)
            lines[at] = f"{key}: {new}" if what == "value" else f"{key}{new}:{value}"
    return "\n".join(lines)


def projected_or_refused(load):
    """Load, and simulate what can be loaded; what is refused names its problems."""
    try:
        scenario = load()
        county = county_of(scenario)
    except InputError as error:
        assert error.problems
        for problem in error.problems:
            assert problem.message
            assert "Traceback" not in str(problem)
            assert "pydantic" not in str(problem).lower()
        return
    if len(scenario.years.range) > 15:
        return
    projection = simulate(scenario, county=county, replications=2, workers=1)
    judged = projection.ratios[projection.ratios["year"] >= scenario.years.first]
    assert np.isfinite(judged["mean"]).all()
    assert projection.verdicts["p"].between(0, 1).all()


@given(text=mutated())
def test_mutated_files(tmp_path_factory, text):
    folder = tmp_path_factory.mktemp("fuzz")
    (folder / "county.yaml").write_bytes((YANGCHENG / "county.yaml").read_bytes())
    path = folder / "scenario.yaml"
    path.write_text(text, encoding="utf-8", newline="\n")
    projected_or_refused(lambda: load_scenario(path))


@given(st.lists(st.tuples(st.sampled_from(PATHS), words), min_size=1, max_size=3))
def test_mutated_set_values(changes):
    overrides = [f"{path}={value}" for path, value in changes]
    projected_or_refused(lambda: load_scenario(YANGCHENG / "scenario.yaml", overrides=overrides))


@given(st.binary(max_size=200))
def test_any_bytes(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("bytes") / "scenario.yaml"
    path.write_bytes(content)
    with pytest.raises(InputError):
        load_scenario(path)
