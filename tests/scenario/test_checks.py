"""Checks of a scenario as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.files import scenario, told

BIRTHS = "enrolment: {entrants: {births: {2014: 5, 2015: 5, 2016: 5}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "backbone:\n  places: {2021: 3, 2019: 1}",
            "6: backbone.places: has no number for 2022-2023; add it, or `later: N`",
        ),
        ("arts_pe: {recruits_per_year: {2022: 1}}", "has no number for 2021, 2023; add it"),
        ("arts_pe: {retraining_per_year: {2022: 1}}", "5: arts_pe.retraining_per_year: has no"),
        (
            BIRTHS + "}}",
            "5: enrolment.entrants.births: has no number for 2017, which is needed for the "
            "entrants of 2021-2023; add it, or `births_later: held`",
        ),
        (
            "enrolment: {entrants: {births_later: held, births: {2015: 5, 2017: 5}}}",
            "has no number for 2014, 2016, which is needed for the entrants of 2021-2023; add it",
        ),
        ("enrolment: {entrants: {births: {}, births_later: held}}", "has no number for 2014-2017"),
        (
            "enrolment: {entrants: {table: {2021: 9, 2024: 8}}}",
            "5: enrolment.entrants.table: has no number for 2022-2023; add it",
        ),
        (
            "replacement:\n  window: calendar_year_before",
            "5: replacement.leavers_year_before_start: has no number for primary and junior; "
            "`window: calendar_year_before` needs the leavers of 2020, unless stated_posts",
        ),
        (
            "degrees:\n  a: {ages: [30, 40], share_per_year: 0}\n"
            "  b: {ages: [39, 50], share_per_year: 0}",
            "7: degrees.b.ages: the ages [39, 50] overlap those of 'a', [30, 40]",
        ),
        (
            "network:\n  - {date: 2024-08-01, close: [A]}",
            "6: network.0.date: 2024-08-01 is outside of the simulated years 2021-2023",
        ),
        (
            "network: [{date: 2020-08-01, close: [A]}]",
            "2020-08-01 is outside of the simulated years",
        ),
    ],
)
def test_what_does_not_fit_together_is_told(tmp_path: Path, text: str, expected: str) -> None:
    (line,) = told(tmp_path, text)
    assert expected in line


@pytest.mark.parametrize(
    "text",
    [
        "backbone: {places: {2021: 3, later: 1}}\nreplacement: {stated_posts: {2015: 3, 2031: 3}}",
        BIRTHS + ", births_later: held}}",
        "enrolment: {entrants: {births: {2014: 5, 2015: 5, 2016: 5, 2017: 5}}}",
        "enrolment: {entrants: {table: {2021: 9, 2022: 8, 2023: 7}}}",
        "replacement:\n  window: calendar_year_before\n"
        "  leavers_year_before_start: {primary: 3, junior: 0}",
        "replacement: {window: calendar_year_before, stated_posts: {2021: 28}}",
        "degrees: {a: {ages: [30, 40], share_per_year: 0}, b: {ages: [40, 50], share_per_year: 0}}",
    ],
)
def test_what_fits_together_is_loaded(tmp_path: Path, text: str) -> None:
    scenario(tmp_path, text)


NETWORK = """\
network:
  - {date: 2022-08-01, close: [A], into: [B]}
  - {date: 2021-08-01, open: {name: N, stage: primary, area: town, pupils_from: {B: 0.5}}}
  - {date: 2022-08-01, close: [C], into: [N]}
"""


def test_a_network_in_any_order_of_its_lines(tmp_path: Path) -> None:
    scenario(tmp_path, NETWORK)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (
            "{date: 2023-08-01, close: [D, A]}",
            "9: network.3.close.1: A has been closed since 2022-08-01",
        ),
        (
            "{date: 2023-08-01, close: [D], into: [A]}",
            "9: network.3.into.0: A has been closed since",
        ),
        (
            "{date: 2023-08-01, close: [D, E], into: [E]}",
            "network.3.into.0: E closes by the same event",
        ),
        (
            "{date: 2021-03-01, close: [D], into: [N]}",
            "network.3.into.0: N opens only on 2021-08-01",
        ),
        ("{date: 2021-03-01, close: [N]}", "network.3.close.0: N opens only on 2021-08-01"),
        (
            "{date: 2023-08-01, open: {name: N, stage: primary, area: town}}",
            "9: network.3.open.name: N opens a second time",
        ),
        (
            "{date: 2023-08-01, open: {name: A, stage: primary, area: town}}",
            "9: network.3.open.name: A opens a second time",
        ),
        (
            "{date: 2023-08-01, open: {name: M, stage: junior, area: town, pupils_from: {A: 1}}}",
            "9: network.3.open.pupils_from.A: A has been closed since 2022-08-01",
        ),
    ],
)
def test_a_network_that_contradicts_itself_is_told(
    tmp_path: Path, event: str, expected: str
) -> None:
    found = told(tmp_path, f"{NETWORK}  - {event}\n")
    assert [line for line in found if expected in line], found


def test_all_that_does_not_fit_is_told_at_once(tmp_path: Path) -> None:
    found = told(
        tmp_path,
        "backbone: {places: {2021: 3}}\nenrolment: {entrants: {table: {}}}\n"
        "network: [{date: 2030-08-01, close: [A]}]\n",
        overrides=["judged_year=2030"],
    )
    assert [line.partition(":")[0] for line in found] == ["None", "5", "6", "7"]
