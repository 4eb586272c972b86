"""Stated against recomputed: the plan's own arithmetic."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.counties import School, Teacher, county
from workforce_sim.county import load_county, reconcile
from workforce_sim.county.reconciliation import rounds_to
from workforce_sim.county.spec import Published

FILE = Path(__file__).parents[2] / "configs" / "yangcheng" / "county.yaml"
FIGURES = {figure.figure_en: figure for figure in reconcile(load_county(FILE))}


@pytest.mark.parametrize(
    ("figure", "stated", "recomputed", "agrees"),
    [
        ("Staff of both stages", 2528, 2528, True),
        ("Primary: share with 本科 and above, %", 54.7, 54.7104, True),
        ("Primary: staff with 本科 and above per 100 pupils", 5.8, 5.7792, True),
        ("Primary: backbone teachers per 100 pupils", 3, 2.9485, True),
        ("Junior: share with 本科 and above, %", 73.42, 73.4247, True),
        ("Junior: staff with 本科 and above per 100 pupils", 10.7, 11.7389, False),
        ("Junior: backbone teachers per 100 pupils", 5.2, 5.8403, False),
        ("Specialists of PE, music and art per 100 pupils", 0.4, 0.8670, False),
        ("Special education: pupils", 76, 76, True),
        ("Music: specialists", 53, 53, True),
        ("Primary: teaching and auxiliary rooms per pupil, m2", 9.38, 9.38, True),
        ("Junior: sports grounds and halls per pupil, m2", 17.0, 17.0, True),
        ("Primary: value of teaching equipment per pupil, yuan", 3042, 3042, True),
        ("Junior: networked multimedia classrooms per 100 pupils, rooms", 2.3, 2.3069, True),
    ],
)
def test_stated_and_recomputed(figure: str, stated: float, recomputed: float, agrees: bool) -> None:
    row = FIGURES[figure]
    assert row.stated == stated
    assert row.recomputed == pytest.approx(recomputed, abs=0.0001)
    assert row.agrees is agrees


def test_only_the_three_known_figures_differ() -> None:
    assert sum(not figure.agrees for figure in FIGURES.values()) == 3
    assert len(FIGURES) == 35


def test_notes_say_what_would_explain_a_difference() -> None:
    specialists = FIGURES["Specialists of PE, music and art per 100 pupils"]
    assert "PE alone is 0.397" in specialists.note_en
    assert "仅体育一科为0.397" in specialists.note
    junior = FIGURES["Junior: staff with 本科 and above per 100 pupils"]
    assert "804 / 6849" in junior.note_en
    assert "733" in junior.note_en
    assert "not simulated" in FIGURES["Special education: staff"].note_en


def test_every_figure_has_its_words_in_both_languages() -> None:
    for figure in FIGURES.values():
        assert figure.figure != figure.figure_en
        assert bool(figure.note) == bool(figure.note_en)


def test_a_nine_year_school_counts_for_both_stages() -> None:
    """Of 1,000 m2 the 100 primary pupils have 1000 / 2.1, the 100 junior ones the rest."""
    small = county(
        [
            School("九年（小学部）", "primary", (100,), facilities=(1000.0, np.nan, 0, 0)),
            School("九年（初中部）", "junior", (100,), site="九年（小学部）"),
        ],
        [Teacher("九年（小学部）", "1980-01"), Teacher("九年（初中部）", "1980-01")],
    )
    counts = {"schools": 1, "pupils": 100, "staff": 1, "degree": 1, "backbone": 0}
    averages = {"rooms_m2": 4.76, "sports_m2": 7}
    published = {
        **{"source": "plan", "primary": counts, "junior": counts},
        "arts_pe": {s: {"teachers": 0, "specialists": 0} for s in ("pe", "music", "art")},
        "facilities": {"primary": averages, "junior": {**averages, "rooms_m2": 5.0}},
    }
    told = replace(small, published=Published.model_validate(published))
    primary, grounds, junior, _ = reconcile(told)[-4:]
    assert primary.recomputed == pytest.approx(10 / 2.1) and primary.agrees
    assert junior.recomputed == pytest.approx(11 / 2.1) and not junior.agrees
    assert np.isnan(grounds.recomputed) and grounds.note_en == "not told of every school"


@pytest.mark.parametrize(
    ("value", "written", "agrees"),
    [
        (2.949, 3, True),
        (2.949, 3.0, False),
        (5.84, 5.8, True),
        (5.86, 5.8, False),
        (73.4247, 73.42, True),
        (73.4251, 73.42, False),
        (1433, 1433, True),
        (1434, 1433, False),
        (float("nan"), 3, False),
    ],
)
def test_agreement_is_to_the_decimals_as_written(
    value: float, written: float, agrees: bool
) -> None:
    assert rounds_to(value, written) is agrees
