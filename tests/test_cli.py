"""The commands, run as a user runs them: in a process of their own."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from workforce_sim.county import load_county
from workforce_sim.scenario import load_scenario

ROOT = Path(__file__).parents[1]
YANGCHENG = ROOT / "configs" / "yangcheng" / "scenario.yaml"


def command(*arguments, **environment):
    """Run ``workforce-sim`` and return its result; a traceback is never right."""
    done = subprocess.run(
        [sys.executable, "-m", "workforce_sim.cli", *map(str, arguments)],
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "100", **environment},
        timeout=300,
    )
    done.out = done.stdout.decode("utf-8", "replace")
    done.err = done.stderr.decode("utf-8", "replace")
    assert "Traceback" not in done.err
    return done


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    out = tmp_path_factory.mktemp("run") / "out"
    done = command("run", YANGCHENG, "--replications", 40, "--out", out)
    return done, out


def test_run_prints_the_verdict_and_writes_the_outputs(finished):
    done, out = finished
    assert done.returncode == 0, done.err
    for expected in ("阳城县2025年", "L3", "达标概率", "合成数据", "L4"):
        assert expected in done.out
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["provenance"]["seed"] == 2021
    assert manifest["provenance"]["replications"] == 40
    ratios = pd.read_parquet(out / "tables" / "ratios.parquet")
    assert {"primary", "junior", "both"} == set(ratios["stage"])
    assert (out / "tables" / "ratios.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    charts = {path.name for path in (out / "charts").iterdir()}
    for stage in ("primary", "junior"):
        for indicator in ("L1", "L2", "L3"):
            for kind in ("fan", "schools"):
                assert {f"{kind}-{indicator}-{stage}.{s}" for s in ("png", "svg")} <= charts
    assert {"heat-map.png", "heat-map.svg"} <= charts


def test_same_seed_same_bytes(finished, tmp_path):
    """Another process, another hash seed, two workers: every file is the same."""
    _, out = finished
    again = tmp_path / "again"
    done = command(
        "run", YANGCHENG, "--replications", 40, "--out", again, "--workers", 2, PYTHONHASHSEED="7"
    )
    assert done.returncode == 0, done.err
    files = sorted(path.relative_to(out) for path in out.rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(again) for path in again.rglob("*") if path.is_file())
    for file in files:
        assert (out / file).read_bytes() == (again / file).read_bytes(), file


def test_english_and_changes(tmp_path):
    done = command(
        "run", YANGCHENG, "--replications", 10, "--lang", "en", "--out", tmp_path / "o",
        "--years", "2021-2026", "--set", "arts_pe.recruits_per_year=20",
    )  # fmt: skip
    assert done.returncode == 0, done.err
    assert "P(meets)" in done.out
    ratios = pd.read_parquet(tmp_path / "o" / "tables" / "ratios.parquet")
    assert ratios["year"].max() == 2026
    assumed = pd.read_parquet(tmp_path / "o" / "tables" / "assumptions.parquet")
    value = assumed.set_index("path").loc["arts_pe.recruits_per_year", "value"]
    assert "20" in value


def test_validate_and_reconcile():
    assert command("validate", YANGCHENG).returncode == 0
    shown = command("reconcile", YANGCHENG)
    assert shown.returncode == 0
    for stated, recomputed in (("10.7", "11.74"), ("5.2", "5.84"), ("0.4", "0.867")):
        line = next(li for li in shown.out.splitlines() if stated in li and recomputed in li)
        assert line


def test_the_example_in_git_is_of_today_s_scenario():
    """If this fails after a change of the county or the scenario: `make example`."""
    kept = json.loads((ROOT / "outputs" / "example" / "manifest.json").read_text(encoding="utf-8"))
    scenario = load_scenario(YANGCHENG)
    assert kept["provenance"]["scenario_digest"] == scenario.digest
    assert kept["provenance"]["county_digest"] == load_county(scenario.county_path).digest


def test_schema_prints_json():
    assert json.loads(command("schema").out)["title"]


def broken(tmp_path, old, new):
    """Copy Yangcheng with something in the scenario written wrong."""
    folder = tmp_path / "broken"
    folder.mkdir()
    for file in YANGCHENG.parent.glob("*.yaml"):
        (folder / file.name).write_bytes(file.read_bytes())
    path = folder / "scenario.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("rotation:\n", "rotation:\n  shear: 1\n", "did you mean"),
        ("  share: 0.10", "  share: 1.4", "between 0 and 1"),
        ("close: [初中20, 初中21]", "close: [初中20, 初中99]", "初中99"),
        ("date: 2021-08-01", "date: 2031-08-01", "2031"),
        ("sd: 0.01", "sd: -0.01", "sd"),
        ("counting:\n", "counting: [\n", "scenario.yaml"),
        ("judged_year: 2025", "judged_year: 2035", "judged_year"),
        ("pe: 0.4,", "pe: 0.5,", "sum"),
    ],
)
@pytest.mark.parametrize("verb", ["run", "validate"])
def test_bad_input_gives_one_clear_message(tmp_path, verb, old, new, said):
    path = broken(tmp_path, old, new)
    out = tmp_path / "out"
    more = ["--out", out] if verb == "run" else []
    done = command(verb, path, *more)
    assert done.returncode == 2
    assert said in done.err
    assert "scenario.yaml" in done.err
    assert any(part.isdigit() for part in done.err.split("scenario.yaml")[1].split(":"))
    assert not out.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "no-such-file.yaml"],
        ["run", YANGCHENG, "--replications", "0"],
        ["run", YANGCHENG, "--lang", "fr"],
        ["run", YANGCHENG, "--set", "rotation.shear=1"],
        ["run", YANGCHENG, "--years", "2025-2021"],
        ["run", YANGCHENG, "--out", YANGCHENG],
        ["run", YANGCHENG, "--seed", "-1"],
    ],
    ids=lambda a: " ".join(map(str, a[-2:])),
)
def test_bad_arguments(arguments):
    done = command(*arguments)
    assert done.returncode == 2
    assert done.err.strip()


def test_several_problems_at_once(tmp_path):
    path = broken(tmp_path, "  share: 0.10", "  share: 1.4\n  shear: 2")
    text = path.read_text(encoding="utf-8").replace("sd: 0.01", "sd: -1")
    path.write_text(text, encoding="utf-8")
    err = command("validate", path).err
    assert len(err.strip().splitlines()) == 3


@pytest.mark.skipif(os.name == "nt", reason="a process on Windows cannot be sent Ctrl-C alone")
def test_ctrl_c_says_what_was_kept(tmp_path):
    """A real interrupt: the finished blocks are written, and marked as not the whole run."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "workforce_sim.cli", "run", str(YANGCHENG), "--workers", "1"),
            *("--replications", "100000", "--out", str(tmp_path / "o")),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    time.sleep(15)
    process.send_signal(signal.SIGINT)
    out, err = (text.decode("utf-8") for text in process.communicate(timeout=120))
    assert process.returncode == 130
    assert "Traceback" not in err
    assert "100000" in out.replace(",", "")
    manifest = json.loads((tmp_path / "o" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["provenance"]["complete"] is False
    assert 0 < manifest["provenance"]["replications"] < 100_000


def test_help_does_not_wait_for_heavy_parts():
    """What ``--help`` imports holds no numpy, pandas, numba or altair."""
    heavy = "{'numpy', 'scipy', 'pandas', 'numba', 'altair', 'pydantic'}"
    code = f"import sys, workforce_sim.cli; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_an_old_console_does_not_crash():
    """Characters that the console lacks become question marks."""
    assert command("reconcile", YANGCHENG, PYTHONIOENCODING="ascii").returncode == 0
    assert command("validate", YANGCHENG, PYTHONIOENCODING="gbk").returncode == 0
