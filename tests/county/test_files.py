"""What is wrong with a county's file is told at once, each with its line."""

from pathlib import Path

import pytest

from workforce_sim.county import load_county
from workforce_sim.scenario import InputError, Problem

FILE = Path(__file__).parents[2] / "configs" / "yangcheng" / "county.yaml"
TEXT = FILE.read_text(encoding="utf-8")


def problems(folder: Path, *edits: tuple[str, str]) -> list[tuple[Problem, str]]:
    """Return the problems of the edited file, each with the text of its line."""
    text = TEXT
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = folder / "county.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_county(path)
    lines = text.splitlines()
    assert all(p.file == str(path) and p.line is not None for p in caught.value.problems)
    return [(p, lines[(p.line or 0) - 1]) for p in caught.value.problems]


@pytest.mark.parametrize(
    ("old", "new", "where", "message"),
    [
        ("specialists: 81", "specialists: 181", "published.arts_pe.pe.specialists", "among 153"),
        ("teachers: 89", "teachers: 8900", "published.arts_pe", "among 2528 staff"),
        ("degree: 784", "degree: 1500", "published.primary.degree", "1500 of 1433"),
        ("backbone: 400 } # 初", "backbone: 2000 } # 初", "published.junior.backbone", "of 1095"),
        ("pupils: 13566", "pupils: 0", "published.primary.pupils", "0 pupils in 44 schools"),
        ("pupils: 13566", "pupils: 43", "published.primary.pupils", "would have none"),
        ("pupils: 13566", "pupils: 88001", "published.primary.pupils", "at most 2000"),
        ("schools: 21", "schools: 0", "published.junior.schools", "no schools for 6849"),
        ("staff: 1095", "staff: 0", "published.junior.staff", "no staff for 6849"),
        ("staff: 1095", "staff: 20", "published.junior.staff", "would have nobody"),
        ("town: 0.42", "town: 0.52", "synthetic.schools.areas.primary", "sum to 1.1"),
        ("primary: 0.164", "primary: 0.264", "synthetic.ages.bands", "primary sum to 1.1"),
        ("[25, 30]", "[26, 30]", "synthetic.ages.bands.1.ages", "ends at 25"),
        ("[55, 60]", "[55, 61]", "synthetic.ages.bands.7.ages", "nobody of 60"),
        ("retirements: 84", "retirements: 999", "synthetic.calibration.retirements", "reach"),
        ("backbone: 400 } # 初", "backbone: 1000 } # 初", "published.junior.backbone", "eligible"),
        ("schools: 44", "schools: -1", "published.primary.schools", "found -1"),
        ("pupils: 6849", "pupls: 6849", "published.junior.pupls", "'pupils'"),
        ("rooms_m2: 9.79", "rooms_m2: -9.79", "published.facilities.junior.rooms_m2", "-9.79"),
        ("exponent: 0.85, sigma: 0.10", "exponent: 2.5, sigma: 0.10", "pupils_exponent", "2.5"),
        ("junior_in_county_seat_share: 0.9", "junior_in_county_seat_share: 90", "goals", "90"),
        ("census: 2020-12 #", "census: 2020-13 #", "census", "not a month"),
        ("seed: 20210101", "seed: yes", "synthetic.seed", "expected"),
        ("master_share: { primary: 0.0,", "master_share: { primary: 1.4,", "primary", "1.4"),
        ("source: computed, year", "source: hearsay, year", "source", "begin with one of law"),
        ("source: computed, year: 2021", "year: 2021", "synthetic.calibration", "no source"),
    ],
)
def test_a_problem_names_its_place(
    tmp_path: Path, old: str, new: str, where: str, message: str
) -> None:
    found = problems(tmp_path, (old, new))
    assert len(found) <= 3  # a number can contradict several others
    problem, line = next((p, text) for p, text in found if where in p.where)
    assert message in problem.message
    if where != "published.arts_pe" and "bands" not in where and "pupls" not in new:
        assert new.split(",")[0] in line


def test_averages_of_facilities_need_priors(tmp_path: Path) -> None:
    begin, end = TEXT.index("  # 校舍、场地、设备"), TEXT.index("  # 年龄")
    ((problem, line),) = problems(tmp_path, (TEXT[begin:end], ""))
    assert problem.where == "published.facilities"
    assert "no priors" in problem.message
    assert "facilities:" in line


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    edits = (
        ("specialists: 81", "specialists: 181"),
        ("degree: 784", "degree: 1500"),
        ("pupils: 6849", "pupils: 0"),
        ("town: 0.42", "town: 0.52"),
    )
    found = problems(tmp_path, *edits)
    assert len(found) == 4
    for _, new in edits:
        assert any(new in line for _, line in found)


def test_every_figure_of_the_shipped_file_has_a_source() -> None:
    load_county(FILE)  # a section without one is a problem
    assert TEXT.count("source: plan") == 3
