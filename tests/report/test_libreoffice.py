"""The workbook opens clean in an office program, and shows what was written."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.report.office import REQUIRED, convert, require_office
from workforce_sim.report.workbook import SHEETS, write_workbook
from workforce_sim.words import LANGUAGES, Words


@pytest.mark.parametrize("language", LANGUAGES)
def test_libreoffice_shows_every_sheet_without_an_error(projection, language, tmp_path):
    require_office()
    words = Words(language)
    write_workbook(projection, tmp_path / "projection.xlsx", words)
    pages = _text(convert(tmp_path / "projection.xlsx", "pdf", tmp_path))
    assert not re.search(r"Err:\d|#(REF|NAME|VALUE|DIV/0|N/A|NUM)|##", pages)
    for name in ("summary", *SHEETS):
        assert words(f"sheet.{name}") in pages
    county = projection.verdicts.query("scope == 'county' and verdict == 'not_ruled_out'")
    for p in county["p"][county["year"] > 2020]:
        assert f"{p:.1%}" in pages
    ratios = projection.ratios.query("year == 2025")
    for figure in [*ratios["q05"], *ratios["q50"], *ratios["q95"]]:
        assert (f"{figure:,.0f}" if figure >= 100 else f"{figure:.2f}") in pages
    for school in ("垚镇小学", "=HYPERLINK(1)小学", "<script>alert(1)</script>"):
        assert school in pages.replace("\n", "")


def _text(pdf: Path) -> str:
    program = shutil.which("pdftotext")
    if program is None:
        give_up = pytest.fail if os.environ.get(REQUIRED) else pytest.skip
        give_up("pdftotext (poppler-utils) is not installed")
    done = subprocess.run([program, "-layout", "-enc", "UTF-8", pdf, "-"], capture_output=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode("utf-8")
