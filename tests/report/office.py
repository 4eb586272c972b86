"""LibreOffice, for tests that open what was written: they skip where it is not installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

REQUIRED = "WORKFORCE_SIM_REQUIRE_LIBREOFFICE"
"""With this variable set, a machine without LibreOffice fails instead of skipping."""


def require_office() -> str:
    """Return the program; skip the test, or fail it where the variable asks for that."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        message = "LibreOffice (soffice) is not installed"
        if os.environ.get(REQUIRED):
            pytest.fail(f"{message}, and {REQUIRED} is set")
        pytest.skip(message)
    return program


def convert(path: Path, to: str, folder: Path) -> Path:
    """Convert a file to another kind ("pdf", "csv", ...) into ``folder``; return the new file."""
    program = require_office()
    # A profile of its own: a second LibreOffice of the same profile does nothing, in silence.
    profile = (folder / "office-profile").resolve().as_uri()
    done = subprocess.run(
        [
            program,
            f"-env:UserInstallation={profile}",
            "--headless",
            "--convert-to",
            to,
            "--outdir",
            str(folder),
            str(path),
        ],
        capture_output=True,
        text=True,
        timeout=180,
    )
    made = folder / f"{path.stem}.{to.partition(':')[0]}"
    assert done.returncode == 0 and made.exists(), done.stdout + done.stderr
    return made
