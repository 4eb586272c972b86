"""Reading YAML: plain values, each with its line; what cannot be read is told with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from tests.scenario.files import HEAD, problems, scenario, write
from workforce_sim.scenario import InputError
from workforce_sim.scenario.reading import parse_value, read_mapping, read_yaml


def the_problem(path: Path) -> tuple[int | None, str]:
    (problem,) = problems(path)
    assert problem.file == str(path)
    return problem.line, f"{problem.where} {problem.message}".strip()


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    assert the_problem(tmp_path / "none.yaml") == (None, "there is no such file")


def test_a_folder_is_told(tmp_path: Path) -> None:
    assert the_problem(tmp_path) == (None, "is a folder; a YAML file is expected")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", None, "the file is empty"),
        ("# a note\n", None, "the file is empty"),
        ("- a\n- b\n", 1, "the file must consist of `key: value` lines"),
        ("a: 1\nb:2\nc: 3\n", 2, "after the colon of a key stands a space"),
        ("a: 1\nyears：2021-2025\n", 2, "half-width colon"),
        ("a: {b: 1\nc: 2\n", 2, "expected ',' or '}', but got ':' (while parsing a flow mapping"),
        ("a:\n\tb: 1\n", 2, "indent with spaces, not with tabs"),
        ("a:\n   b: 1\n  c: 2\n", 3, "check the indentation of this line"),
        ("a: 1\nb: *c\n", 2, "found undefined alias 'c'"),
        ("a: 1\n---\nb: 2\n", 2, "found another document"),
        ("a: !!python/name:os.system\n", 1, "could not determine a constructor"),
        ("a: 1\nb: \x01\n", 2, "a character that no YAML file may have: U+0001"),
        ("a: &loop {b: *loop}\n", None, "an alias (*name) stands inside of what it names"),
        ("a: " + "[" * 3000, None, "nested too deeply"),
        ("a: 1\nb: 2\na: 3\n", 3, "a the key is already in line 1"),
        ("a:\n  b: 1\n  b: 2\n", 3, "a.b the key is already in line 2"),
        ("x: 1\na: {b: 1, b: 1}\n", 2, "a.b the key is already in line 2"),
        ("a: 1\nb: 阳城\n".encode("gb18030"), 2, "the file is not UTF-8; save it as UTF-8"),
        ("a: 1\n".encode("utf-16"), 1, "the file is not UTF-8; save it as UTF-8"),
    ],
)
def test_what_is_no_mapping_in_yaml_is_told_with_its_line(
    tmp_path: Path, text: str | bytes, line: int | None, message: str
) -> None:
    found_line, found = the_problem(write(tmp_path, text))
    assert found_line == line
    assert message in found


def test_all_keys_written_twice_are_told_at_once(tmp_path: Path) -> None:
    found = problems(write(tmp_path, "a: 1\na: 2\nb:\n  - {c: 1}\n  - {c: 1, c: 2}\n"))
    assert [(p.line, p.where) for p in found] == [(2, "a"), (5, "b.1.c")]


def test_a_byte_order_mark_is_tolerated(tmp_path: Path) -> None:
    path = write(tmp_path, b"\xef\xbb\xbf" + "name: 阳城\r\nyears: 2021\r\n".encode())
    assert read_mapping(path).data == {"name": "阳城", "years": 2021}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2021-2025", "2021-2025"),
        ("2020-09", "2020-09"),
        ("06-15", "06-15"),
        ("2021-08-01", "2021-08-01"),
        ("12:30", "12:30"),
        ("no", "no"),
        ("012", 12),
        ("1e-3", 0.001),
        ("true", True),
        ("null", None),
        ("{dist: beta, a: 2, b: 8}", {"dist": "beta", "a": 2, "b": 8}),
        ('"0.1"', "0.1"),
    ],
)
def test_values_are_plain_and_what_their_author_expects(text: str, value: object) -> None:
    found = parse_value(text)
    assert found == value
    assert type(found) is type(value)


def test_a_value_that_is_no_yaml_is_told() -> None:
    with pytest.raises(ValueError, match="not valid YAML: expected ',' or ']'"):
        parse_value("[1")


def test_dates_of_every_form_arrive(tmp_path: Path) -> None:
    loaded = scenario(
        tmp_path,
        """\
        dates: {census: 09-10, hiring: "08-21"}
        network:
          - {date: 2022-08-01, close: [A]}
          - {date: "2022-08-02", close: [B]}
        """,
    )
    assert (loaded.years.first, loaded.years.last) == (2021, 2023)
    assert loaded.dates.on("census", 2022).isoformat() == "2022-09-10"
    assert [event.date.isoformat() for event in loaded.network] == ["2022-08-01", "2022-08-02"]


def test_anchors_and_merge_keys_work_and_keep_their_lines(tmp_path: Path) -> None:
    loaded = scenario(
        tmp_path,
        """\
        exits:
          young: &young
            cause: resign
            ages: [0, 30]
            share_per_year: 0.02
          moved:
            <<: *young
            cause: transfer_out
        """,
    )
    assert loaded.exits["moved"].share_per_year == 0.02
    assert loaded.exits["moved"].cause == "transfer_out"
    lines = {
        path: loaded.problem(f"exits.moved.{path}", "").line for path in ("cause", "share_per_year")
    }
    assert lines == {"cause": 12, "share_per_year": 9}


class School(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    pupils: int | None = None


class Schools(BaseModel):
    schools: list[School]


def test_any_model_can_be_read(tmp_path: Path) -> None:
    good = write(tmp_path, "schools:\n  - {name: 一小, pupils: 300}\n")
    assert read_yaml(good, Schools).schools == [School(name="一小", pupils=300)]
    bad = write(tmp_path, "schools:\n  - {name: 一小}\n  - pupls: 3\n    pupils: many\n")
    with pytest.raises(InputError) as caught:
        read_yaml(bad, Schools)
    assert [str(p).removeprefix(f"{bad}:") for p in caught.value.problems] == [
        "3: schools.1.name: is missing",
        "3: schools.1.pupls: unknown key 'pupls'; did you mean 'pupils'?",
        "4: schools.1.pupils: found 'many', expected a whole number",
    ]


def test_the_line_of_a_path_or_of_what_is_around_it(tmp_path: Path) -> None:
    path = write(
        tmp_path, "# note\n" + HEAD + "network:\n  - date: 2021-08-01\n    close:\n    - A\n"
    )
    lines = read_mapping(path).lines
    assert {p: lines.at(p).line for p in ("", "name", "network.0.close.0", "network.0.into")} == {
        "": 2,
        "name": 2,
        "network.0.close.0": 9,
        "network.0.into": 7,
    }
    problem = lines.problem("network.0.date", "too early")
    assert str(problem) == f"{path}:7: network.0.date: too early"
