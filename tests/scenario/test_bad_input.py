"""Bad scenarios: every problem at once, in plain English, with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.files import problems, told, write
from workforce_sim.scenario.schema import Scenario


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # unknown keys
        (
            "backbone:\n  plcaes: 3",
            "6: backbone.plcaes: unknown key 'plcaes'; did you mean 'places'?",
        ),
        ("2021: 5", "5: 2021: unknown key '2021'; the keys here are source, sources, name"),
        (
            "arts_pe: {subjects: {pe: 1, maths: 0.1}}",
            "5: arts_pe.subjects.maths: unknown key 'maths'; the keys here are source, sources",
        ),
        (
            "exits:\n  a: {cause: death, share_per_year: {dist: uniform, lo: 0, high: 0.1}}",
            "6: exits.a.share_per_year.lo: unknown key 'lo'; did you mean 'low'?",
        ),
        (
            "replacement: {stages: {primry: 0.5, junior: 0.5}}",
            "5: replacement.stages.primry: unknown key 'primry'; did you mean 'primary'?",
        ),
        ("backbone:\n  places: {2021: 1, latr: 3}", "6: backbone.places.latr: the key is 'latr'"),
        # shares, numbers and their units
        (
            "retirement:\n  early_share: 1.4",
            "6: retirement.early_share: found 1.4, expected a share between 0 and 1",
        ),
        (
            "retirement: {early_share: 10%}",
            "5: retirement.early_share: found '10%', expected a number; write 0.1 for 10%",
        ),
        (
            'retirement: {early_share: "0.1"}',
            "5: retirement.early_share: found '0.1', expected a number",
        ),
        (
            "retirement: {early_share: true}",
            "5: retirement.early_share: found true, expected a number",
        ),
        (
            "enrolment: {level: -1}",
            "5: enrolment.level: found -1, expected a factor between 0 and 10",
        ),
        ("replacement: {leavers: 0}", "5: replacement.leavers: found 0, expected more than 0"),
        (
            "replacement: {leavers: 2.5}",
            "5: replacement.leavers: found 2.5, expected a whole number",
        ),
        ("retirement: {reform_2025: maybe}", "found 'maybe', expected true or false"),
        (
            "backbone: {places: many}",
            "5: backbone.places: found 'many', expected a whole number, or numbers by year such as "
            "{2021: 28, later: 20}",
        ),
        ("backbone: {places: {2021: -3}}", "5: backbone.places.2021: found -3, expected 0 or more"),
        ("backbone: {places: {20210: 3}}", "the key is 20210, expected 2150 or less"),
        (
            "enrolment: {survival: {9: 1.0}}",
            "5: enrolment.survival.9: the key is 9, expected 8 or less",
        ),
        # distributions
        (
            "rotation:\n  share: {dist: normal, mean: 0.1, sd: -0.1, low: 0, high: 1}",
            "6: rotation.share.sd: found -0.1, expected more than 0",
        ),
        ("rotation: {share: {dist: uniform, low: 0.3, high: 0.1}}", "low must be below high"),
        (
            "rotation: {share: {dist: normal, mean: 0.1, sd: 0.1}}",
            "found a distribution 'normal', expected a share between 0 and 1; "
            "give the distribution low and high",
        ),
        ("rotation: {share: {dist: nomal, mean: 0.1}}", "did you mean 'normal'?"),
        ("rotation: {share: {mean: 0.1}}", "found a mapping, expected a number, or a distribution"),
        ("rotation: {share: {dist: beta, a: 1}}", "5: rotation.share.b: is missing"),
        # words
        (
            "counting: {arts_pe: specialist}",
            "5: counting.arts_pe: found 'specialist', expected 'specialists' or 'teachers'; "
            "did you mean 'specialists'?",
        ),
        (
            "replacement: {counted: [retired]}",
            "5: replacement.counted.0: found 'retired', expected 'retirement' or 'resign', "
            "'transfer_out' or 'death'; did you mean 'retirement'?",
        ),
        (
            "replacement: {stages: 3}",
            "5: replacement.stages: found 3, expected 'shortage' or a mapping",
        ),
        (
            "title: 2021",
            "5: title: found 2021, expected text (in quotes, if it looks like a number)",
        ),
        # dates
        ("dates: {census: 02-29}", "5: dates.census: found '02-29', expected a day of every year"),
        ("dates: {census: 9-1}", "5: dates.census: found '9-1', expected a day of every year"),
        (
            "network:\n  - {date: 2021-02-30, close: [A]}",
            "6: network.0.date: found '2021-02-30', expected a date such as 2021-08-01",
        ),
        # shapes
        ("rotation:", "5: rotation: found nothing, expected a mapping"),
        (
            "network: [{date: 2021-08-01, close: A}]",
            "5: network.0.close: found 'A', expected a list; write [A]",
        ),
        (
            "degrees: {a: {ages: [30], share_per_year: 0.1}}",
            "5: degrees.a.ages: the list is too short",
        ),
        ("degrees:\n  a:\n    ages: [0, 30]", "6: degrees.a.share_per_year: is missing"),
        # sums and orders
        (
            "recruits:\n  subjects: {other: 0.5}",
            "6: recruits.subjects: the shares sum to 0.5, not to 1",
        ),
        ("replacement: {stages: {primary: 1}}", "replacement.stages: no share is given for junior"),
        (
            "retirement: {early_share: 0.6, late_share: 0.5}",
            "5: retirement: early_share and late_share sum to more than 1",
        ),
        (
            "degrees: {a: {ages: [40, 30], share_per_year: 0.1}}",
            "5: degrees.a.ages: are written [from, below], the first smaller",
        ),
        (
            "exits: {a: {cause: death, share_per_year: 1}}",
            "5: exits.a.share_per_year: must be below 1",
        ),
        # schools
        ("network: [{date: 2021-08-01}]", "an event either opens a school or closes some"),
        (
            "network: [{date: 2021-08-01, close: [A, A]}]",
            "5: network.0.close: a school is named twice",
        ),
        (
            "network: [{date: 2021-08-01, close: [A], into: []}]",
            "expected 'nearest' or a list of 1",
        ),
        (
            "network: [{date: 2021-08-01, into: [B], open: {name: A, stage: junior, area: town}}]",
            "5: network.0.into: belongs to schools that close",
        ),
        # labels
        (
            "backbone: {sources: {plcaes: plan}}",
            "5: backbone.sources: this section has no field named",
        ),
    ],
)
def test_a_problem_is_told_with_its_line_and_in_plain_words(
    tmp_path: Path, text: str, expected: str
) -> None:
    assert [line for line in told(tmp_path, text) if expected in line], told(tmp_path, text)


@pytest.mark.parametrize("words", ["Value error", "pydantic", "Input should", "literal["])
def test_no_word_of_the_machinery_is_told(tmp_path: Path, words: str) -> None:
    text = "rotation: {share: {dist: uniform, low: 2, high: 1}}\nreplacement: {stages: x, pool: y}"
    found = told(tmp_path, text)
    assert len(found) == 3
    assert not [line for line in found if words in line]


def test_everything_is_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        """\
        name: a b
        county: county.yaml
        years: 2025-2021
        backbone:
          plcaes: 3
          renewed_share: 1.4
        rotation:
          share: {dist: normal, mean: 0.1, sd: -1}
        network:
          - {date: 2021-13-01, close: [A]}
        """,
    )
    assert [(p.line, p.where) for p in problems(path)] == [
        (1, "name"),
        (1, "judged_year"),
        (3, "years"),
        (5, "backbone.plcaes"),
        (6, "backbone.renewed_share"),
        (8, "rotation.share.sd"),
        (10, "network.0.date"),
    ]


@pytest.mark.parametrize("name", ["..", ".", "a/b", "a b", "阳城", "a.", "", "a\n"])
def test_a_name_that_is_no_folder_everywhere_is_told(tmp_path: Path, name: str) -> None:
    text = f"name: {name!r}\ncounty: c\nyears: 2021\njudged_year: 2021\n".replace("\\n", "\n\n")
    (problem,) = problems(write(tmp_path, text))
    assert (problem.line, problem.where) == (1, "name")
    assert "expected a name of Latin letters" in problem.message


def test_a_problem_of_a_scenario_without_a_file(tmp_path: Path) -> None:
    scenario = Scenario(name="x", county="c", years=2021, judged_year=2021)
    assert str(scenario.problem("backbone.places", "too many")) == "backbone.places: too many"
