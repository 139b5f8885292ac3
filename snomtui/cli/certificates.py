"""The commands for the certificate that the phone's web server shows."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from snomtui.cli.making import Run, command, path

if TYPE_CHECKING:
    from snomtui.cli.making import Commands


def certificate(commands: Commands) -> None:
    """`snomtui certificate`."""
    made = command(commands, "certificate", _run("show"), "the certificate of the phone's web server: show, get, renew")
    _options(made)
    parts = made.add_subparsers(title="what", metavar="WHAT", description="without it: show")
    _part(parts, "show", "what it says, and until when it lasts")
    asks = _part(parts, "request", "ask for one by hand (PKCS#10); the key stays in the state folder")
    asks.add_argument("--out", type=path, default=None, metavar="FILE", help="where the request goes (default: stdout)")
    asks.add_argument(
        "--name", action="append", default=[], metavar="NAME", help="a further DNS name or address; may be repeated"
    )
    takes = _part(parts, "import", "take the authority's answer: PEM, DER or PKCS#7, with its chain or alone")
    takes.add_argument("file", type=path, metavar="FILE")
    _part(parts, "enrol", "get one from the EST server of the setting sim_est_url, now")


def _part(parts: Commands, name: str, help: str) -> argparse.ArgumentParser:
    made = command(parts, name, _run(name), help)
    _options(made)
    return made


def _options(made: argparse.ArgumentParser) -> None:
    made.add_argument("--state-dir", type=path, default=None, metavar="DIR", help="the phone's state folder")
    made.add_argument(
        "--settings", action="append", default=[], metavar="FILE", help="settings in TOML; later ones win"
    )
    made.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="one setting, by snom's name")


def _run(name: str) -> Run:
    def run(given: argparse.Namespace) -> int:
        from snomtui import certifying

        known: dict[str, Callable[[argparse.Namespace], int]] = {
            "show": certifying.show,
            "request": certifying.request,
            "import": certifying.take,
            "enrol": certifying.enrol,
        }
        return known[name](given)

    return run
