"""The command that starts the page: on this machine only, unless told otherwise."""

from __future__ import annotations

import contextlib
import ipaddress
import sys
from pathlib import Path
from typing import Any

from workforce_sim.scenario import InputError, Problem
from workforce_sim.words import LANGUAGES, Words

SCENARIO = "scenario.yaml"
UPLOAD_MB = 50
"""The largest file that can be uploaded."""

OPTIONS: dict[str, Any] = {
    # Nothing leaves this machine: no statistics, no links to ask others about an error.
    "browser.gatherUsageStats": False,
    "server.showEmailPrompt": False,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "minimal",
    # Frames would be exported with texts that Excel runs; the page has its own downloads.
    "client.disableDataExport": True,
    "server.enableXsrfProtection": True,
    "server.enableCORS": True,
    "server.maxUploadSize": UPLOAD_MB,
    "server.fileWatcherType": "none",
    "server.runOnSave": False,
    "runner.magicEnabled": False,
    "logger.hideWelcomeMessage": True,
    "theme.base": "light",
    "theme.primaryColor": "#0b5394",
    "theme.textColor": "#222222",
    "theme.baseFontSize": 15,
}
"""Streamlit's settings, as written here whatever its own files on this machine say."""


def serve(folder: Path, *, address: str, port: int, browser: bool, language: str = "zh") -> None:
    """Serve the page until Ctrl-C.

    Parameters
    ----------
    folder : Path
        A county's folder, with ``scenario.yaml``; or a scenario's file.
    address : str
        The address to listen at.
    port : int
    browser : bool
        Whether to open the page in a browser.
    language : str
        The language of what is said on the terminal.

    Raises
    ------
    InputError
        If there is no scenario, or Streamlit is not installed.
    """
    words = Words(language)
    path = folder if folder.suffix in (".yaml", ".yml") else folder / SCENARIO
    if not path.is_file():
        problem = Problem("--county", None, str(folder), words("app.no_scenario", folder=folder))
        raise InputError([problem])
    try:
        from streamlit.web import bootstrap
    except ImportError:
        messages = dict.fromkeys(Words(known)("app.no_extra") for known in LANGUAGES)
        raise InputError([Problem("", None, "", text) for text in messages]) from None
    local = _is_local(address)
    if not local:
        sys.stderr.write(words("app.not_local", address=address) + "\n")
    sys.stdout.write(words("app.serving", url=f"http://{address}:{port}") + "\n")
    sys.stdout.flush()
    options: dict[str, Any] = {
        **OPTIONS,
        "server.address": address,
        "server.port": port,
        "server.headless": not browser,
        "browser.serverAddress": address,
    }
    if local:  # a page elsewhere that gives itself a name for this address is not answered
        options["server.allowedHosts"] = ["localhost", address]
    bootstrap.load_config_options(options)
    main = Path(__file__).with_name("main.py")
    bootstrap.run(str(main), False, [str(path)], options)


def _is_local(address: str) -> bool:
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(address).is_loopback
    return address == "localhost"
