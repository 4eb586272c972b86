"""Whatever a scenario can say has its words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from inspect import isclass
from typing import Any, Literal, get_args, get_origin

import pandas as pd

from workforce_sim.report.assumptions import assumptions_in_words
from workforce_sim.scenario.assumptions import NAMES
from workforce_sim.scenario.digest import LABELS
from workforce_sim.scenario.forms import Section
from workforce_sim.scenario.schema import Scenario
from workforce_sim.words import Words, catalogue


def parts(kind: Any) -> Iterator[Any]:
    """A type and all types inside it."""
    yield kind
    for part in get_args(kind) if get_origin(kind) is not Literal else ():
        yield from parts(part)


def fields(model: type[Section], path: str = "") -> Iterator[tuple[str, Any]]:
    """The dotted path and the type of every figure; ``*`` for what its author names."""
    for name, field in model.model_fields.items():
        if name in LABELS or (not path and name in NAMES):
            continue
        kind, here = field.annotation, f"{path}.{name}".lstrip(".")
        inside = [p for p in parts(kind) if isclass(p) and issubclass(p, Section)]
        many = any(get_origin(p) in (dict, tuple, Mapping) for p in parts(kind))
        if inside:
            yield from fields(inside[0], f"{here}.*" if many else here)
        else:
            yield here, kind


def test_every_field_and_option_of_a_scenario_has_its_words():
    known = dict(fields(Scenario))
    words = catalogue()
    # An event's `into` stands beside its `close`; the others are one row of a table each.
    rows = {name for name in words["assumption"] if name.removesuffix(".*") in known}
    assert set(known) <= rows
    assert set(words["assumption"]) == rows
    assert {path.partition(".")[0] for path in known} == set(words["rule"])
    options = {
        option
        for kind in known.values()
        for part in parts(kind)
        if get_origin(part) is Literal
        for option in get_args(part)
    }
    assert options <= set(words["option"]), options - set(words["option"])


def test_figures_are_numbers_and_all_else_is_words(projection):
    frame = assumptions_in_words(projection.assumptions, Words("zh")).set_index("path")
    assert frame.loc["replacement.leavers", "value"] == 3.0
    assert frame.loc["retirement.reform_2025", "value"] == "是"
    assert frame.loc["retirement.early_share", "value"] == "均匀分布(最低: 0.1, 最高: 0.4)"
    assert frame.loc["dates.hiring", "value"] == "08-20"
    assert frame.loc["exits.death.cause", "assumption"] == "离开原因（death）"
    assert frame.loc["network.0.close", "assumption"] == "撤并的学校（1）"
    assert frame.loc["replacement.leavers", ["rule", "source"]].tolist() == ["补充招聘", "本县规划"]


def test_what_nobody_knows_stands_as_it_is():
    written = {"path": "new.figure", "value": "strange(low: 1)", "source": "letter of 3 May"}
    frame = pd.DataFrame([{**written, "default": False}])
    (row,) = assumptions_in_words(frame, Words("en")).to_dict("records")
    assert (row["rule"], row["assumption"], row["value"]) == (
        "new",
        "new.figure",
        "strange(low: 1)",
    )
    assert row["source"] == "letter of 3 May"
