"""`snomtui qa`: a session recorded as a script, and scripts run as tests."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from snomtui.cli.making import command, path, seconds
from snomtui.cli.phones import office_options, phone_options

if TYPE_CHECKING:
    from snomtui.cli.making import Commands


def qa(commands: Commands) -> None:
    """`snomtui qa`."""
    made = command(commands, "qa", _do_run, "quality assurance of remote control: record a session, run scripts")
    parts = made.add_subparsers(title="what", metavar="WHAT", required=True)
    _run(command(parts, "run", _do_run, "runs scripts on fresh demos, and says what is not as they expect"))
    _record(command(parts, "record", _do_record, "a demo in the terminal, and a script of everything that happens"))


def _run(made: argparse.ArgumentParser) -> None:
    made.add_argument("files", nargs="+", type=path, metavar="FILE", help="scripts")
    made.add_argument("--junit-xml", type=path, default=None, metavar="OUT.xml", help="the results for a CI system")
    made.add_argument(
        "--timeout", type=seconds, default=10.0, metavar="S", help="how long it waits for each thing (10)"
    )
    var = "the value of a variable of the script; secrets by SNOMTUI_QA_NAME in the environment"
    made.add_argument("--var", action="append", default=[], metavar="NAME=VALUE", help=var)
    _elsewhere(made, "run them on this phone, not on a fresh demo")


def _record(made: argparse.ArgumentParser) -> None:
    made.add_argument("file", type=path, metavar="FILE", help="the script that is written")
    _elsewhere(made, "record what happens at this phone, until Ctrl+C")
    phone_options(made)
    office_options(made)
    made.add_argument("--firmware", choices=["8.1", "8.2"], default=None, help="8.1 knows NTLMv1 only (default 8.2)")


def _elsewhere(made: argparse.ArgumentParser, help: str) -> None:
    made.add_argument("--phone", default="", metavar="URL", help=help)
    made.add_argument("--user", default="", help="its login; the password by SNOMTUI_PASSWORD or prompt")


def _do_run(given: argparse.Namespace) -> int:
    from snomtui.cli.asking import password
    from snomtui.qa.command import run

    return run(given, lambda: password(given.user))


def _do_record(given: argparse.Namespace) -> int:
    from snomtui import roof
    from snomtui.cli.asking import password

    return roof.qa_record(given, lambda: password(given.user))
