from __future__ import annotations

import re
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

import workforce_sim
from workforce_sim.assessment import costs, duties, frames, judgement, projection, staffing
from workforce_sim.county.model import SUBJECTS
from workforce_sim.county.synthetic import MARKS
from workforce_sim.county.tables import columns, findings, workbook
from workforce_sim.decision import observed, paired, parts, posts, shortage
from workforce_sim.report.tables import for_people
from workforce_sim.scenario.schema import AREAS, FACILITIES, STAGES
from workforce_sim.simulation.ledger import FLOWS
from workforce_sim.words import LANGUAGES, Words, catalogue

KEYS = [f"{section}.{name}" for section, names in catalogue().items() for name in names]
SOURCE = "\n".join(
    path.read_text(encoding="utf-8")
    for path in Path(workforce_sim.__file__).parent.rglob("*")
    if path.suffix in (".py", ".html")
)
VERDICTS = {"all_met", "open", "failed", "difference_within", "not_ruled_out"}
SHEETS = (columns.ROSTER, columns.SCHOOLS, columns.ENROLMENT)


def keys_of(layout: columns.Layout) -> set[str]:
    return {column.key for column in layout.columns} - {"number"}


# Sections whose names are codes of the tables; all others are written out where they are used.
CODES = {
    "stage": {*STAGES, "both", "county"},
    "scope": {*STAGES, "county"},
    "area": set(AREAS),
    "sex": {"male", "female"},
    "indicator": {*judgement.INDICATORS, "not_ruled_out"},
    "short": {*judgement.INDICATORS, "not_ruled_out"},
    "unit": set(judgement.INDICATORS),
    "ratio": set(judgement.INDICATORS),
    "lack": set(judgement.INDICATORS),
    "invested": set(FACILITIES),
    "verdict": VERDICTS,
    "verdict_whole": VERDICTS,
    "indicator_whole": {"not_ruled_out"},
    "short_whole": {"not_ruled_out"},
    "named_whole": {"value_schools", "holds_schools", "holds_school", "holds_county"},
    "column_whole": {"schools"},
    "compare_whole": {
        *("best", "best_base", "p", "against", "note_ranking"),
        *("chart_ranking", "chart_ranking_note"),
    },
    "flow": {frames.FLOW_NAMES.get(f, f) for f in FLOWS if f not in frames.LEFT_OUT_FLOWS},
    "table": set(projection.TABLES),
    "result": set(get_args(paired.Result)),
    "part": {*parts.PARTS, parts.START, "change", "none"},
    "allocation": {*posts.ALLOCATIONS, posts.NONE, posts.SIMULATED, "listed"},
    "measure": set(shortage.MEASURES),
    "quantity": set(observed.QUANTITIES),
    "direction": {"higher", "lower", "none"},
    "subject": {*SUBJECTS, staffing.ALL},
    "duty": set(duties.DUTIES),
    "item": set(costs.ITEMS),
    "subject_short": set(SUBJECTS),
    "synthetic": set(MARKS),
    **{f"example_{layout.name}": keys_of(layout) for layout in SHEETS},
    **{f"help_{layout.name}": keys_of(layout) for layout in SHEETS},
    "finding": set(findings.SEVERITY),
    "severity": set(findings.SEVERITIES),
    "reason": {
        *(code.removeprefix("left_") for code in findings.SEVERITY if code.startswith("left_")),
        *(code for code in findings.SEVERITY if code.startswith("row_")),
    },
    "template_guide": set(workbook.GUIDE),
    "template_note": {
        *(entry.key for entry in columns.POLICY_ENTRIES),
        *(entry.key.partition(".")[0] for entry in columns.COUNTY_ENTRIES),
        "not_said",
    },
}


def test_both_languages_say_it_with_the_same_blanks():
    wrong = []
    for key in KEYS:
        section, _, name = key.partition(".")
        texts = catalogue()[section][name]
        whole = set(texts) == set(LANGUAGES) and all(str(t).strip() for t in texts.values())
        blanks = {language: _blanks(text) for language, text in texts.items()}
        same = blanks["zh"] | ({"date"} if key == "chart.provenance" else set()) == blanks["en"]
        wrong += [] if whole and same else [key]
    assert wrong == []


def _blanks(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field}


@pytest.mark.parametrize("section", CODES)
def test_every_code_of_the_tables_has_its_word(section):
    assert set(catalogue()[section]) == CODES[section]


def test_no_word_is_unused():
    built = set(re.findall(r'f"(\w+\.\w*)\{', SOURCE))  # such as f"chart.class_{group}"
    unused = [
        key
        for key in KEYS
        if key.split(".")[0] not in (*CODES, "column")
        and f'"{key}"' not in SOURCE
        and not any(key.startswith(prefix) for prefix in built)
    ]
    assert unused == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_are_known_distinct_and_all_used(projection, studies, language):
    words, used = Words(language), set()
    for frame in (table for study in (projection, *studies) for table in study.tables.values()):
        headings = list(for_people(frame, words).columns)
        assert len(set(headings)) == len(headings)
        used.update(headings)
    columns = {texts[language] for texts in catalogue()["column"].values()}
    assert columns - used == {words("column.synthetic")}


def test_words_for_a_pass_stand_beside_those_for_not_being_ruled_out():
    for section, names in catalogue().items():
        if section.endswith("_whole"):
            assert set(names) <= set(catalogue()[section.removesuffix("_whole")])
    assert Words("zh")("named.holds_county") == "全县未被否决"
    assert Words("zh", whole=True)("named.holds_county") == "全县通过"
    assert Words("zh", whole=True)("stage.primary") == "小学"


def test_unknown_language_and_key():
    with pytest.raises(ValueError, match="zh, en"):
        Words("fr")
    with pytest.raises(KeyError):
        Words("zh")("stage.senior")
