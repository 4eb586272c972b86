"""The commands: thin; what they do is done in the rooms below."""

from __future__ import annotations

import sys

import typer

from workforce_sim.cli import ensembles, files, studies
from workforce_sim.cli.common import BAD_INPUT

app = typer.Typer(
    help="Will a county's schools have the teachers the standard asks for? 县域教师队伍仿真",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for group in (ensembles, studies, files):
    app.add_typer(group.commands)


def main() -> None:
    """Run the command line: exit code 0, or one of ``common`` with a message for each problem."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # an old console lacks some characters
    from workforce_sim.scenario.errors import InputError

    try:
        app()
    except InputError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(BAD_INPUT)
