from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import replace

import pytest

from workforce_sim.report import write_outputs
from workforce_sim.report.manifest import write_readme
from workforce_sim.scenario.errors import InputError
from workforce_sim.words import Words


@pytest.fixture(scope="module")
def written(projection, tmp_path_factory):
    folder = tmp_path_factory.mktemp("outputs") / "yangcheng"
    return folder, write_outputs(projection, folder, "zh")


def test_everything_is_there_and_returned(projection, written):
    folder, paths = written
    assert sorted(paths) == sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder).as_posix() for path in paths}
    tables = {
        f"tables/{name}.{ending}" for name in projection.tables for ending in ("csv", "parquet")
    }
    assert tables < names
    documents = {"manifest.json", "README.txt", "projection.xlsx", "report.html", "briefing.docx"}
    assert documents < names
    charts = names - tables - documents
    assert len(charts) == 2 * 36 and all(name.startswith("charts/") for name in charts)
    assert {name.removesuffix(".svg") for name in charts if name.endswith(".svg")} == {
        name.removesuffix(".png") for name in charts if name.endswith(".png")
    }


def test_the_manifest_lists_origin_and_checksums_and_no_clock(projection, written):
    folder, paths = written
    text = (folder / "manifest.json").read_text(encoding="utf-8")
    manifest = json.loads(text)
    assert manifest["provenance"] == projection.provenance
    assert manifest["synthetic"] == list(projection.county.synthetic)
    assert set(manifest) == {
        "program",
        "provenance",
        "synthetic",
        "assumptions_sha256",
        "files",
    }
    assert len(manifest["files"]) == len(paths) - 1
    for file in manifest["files"]:
        content = (folder / file["path"]).read_bytes()
        assert (file["bytes"], file["sha256"]) == (
            len(content),
            hashlib.sha256(content).hexdigest(),
        )
    assert "阳城县" in text  # readable, not escaped


@pytest.mark.parametrize(
    ("case", "said"), [("projection", "社会认可度未核查"), ("partial", "L4—L7未核查")]
)
def test_the_readme_says_what_is_synthetic_and_what_nobody_looked_at(request, tmp_path, case, said):
    write_readme(request.getfixturevalue(case), tmp_path, Words("zh"))
    text = (tmp_path / "README.txt").read_text(encoding="utf-8-sig")
    assert "合成数据：学校名称、规模、位置；各校教职工人数" in text
    assert said in text and "种子 2021" in text and "优质均衡标准（2017-04-19）" in text
    assert "ratios" in text and "reconciliation" in text


def test_same_projection_same_bytes_over_an_earlier_output(projection, written):
    folder, paths = written
    before = {path: path.read_bytes() for path in paths}
    assert write_outputs(projection, folder, "zh") == paths
    assert {path: path.read_bytes() for path in paths} == before


def test_a_failure_among_the_charts_leaves_the_earlier_output(projection, written, monkeypatch):
    folder, paths = written
    before = {path: path.read_bytes() for path in paths}

    def fail(*_):
        raise RuntimeError("stopped")

    monkeypatch.setattr("workforce_sim.report.pictures.draw", fail)
    with pytest.raises(RuntimeError, match="stopped"):
        write_outputs(projection, folder, "zh")
    assert {path: path.read_bytes() for path in paths} == before


def test_a_name_that_cannot_be_drawn_is_told_before_anything_is_written(projection, tmp_path):
    schools = projection.schools.assign(school="\U0002a6a5小学")
    with pytest.raises(InputError, match=r"U\+2A6A5"):
        write_outputs(replace(projection, schools=schools), tmp_path / "out", "zh")
    assert list(tmp_path.iterdir()) == []


def test_importing_the_room_costs_nothing_heavy():
    code = "import sys, workforce_sim.report; print(*sys.modules)"
    run = [sys.executable, "-c", code]
    loaded = subprocess.run(run, capture_output=True, text=True, check=True).stdout.split()
    heavy = {"altair", "pandas", "pyarrow", "vl_convert", "fontTools", "rich"}
    assert "workforce_sim.report.folder" in loaded and heavy.isdisjoint(loaded)
