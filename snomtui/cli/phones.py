"""The commands that run a phone, a front end, or both; and what is given for them."""

from __future__ import annotations

import argparse
import gc
from typing import TYPE_CHECKING

from snomtui.cli.making import command, path

if TYPE_CHECKING:
    from snomtui.cli.making import Commands

LISTEN = ("tls:HOST:PORT", "tls: or tcp:, port 0 = any free one")
"""How the help writes where a front end listens."""


def phone(commands: Commands) -> None:
    """`snomtui phone`."""
    made = command(commands, "phone", _phone, "the phone, in the terminal (this is also what no command means)")
    phone_options(made)


def demo(commands: Commands) -> None:
    """`snomtui demo`."""
    made = command(commands, "demo", _demo, "phone, simulated front end and colleagues in one; nothing to configure")
    phone_options(made)
    office_options(made)
    made.add_argument("--firmware", choices=["8.1", "8.2"], default=None, help="8.1 knows NTLMv1 only (default 8.2)")


def office(commands: Commands) -> None:
    """`snomtui office`."""
    made = command(commands, "office", _office, "the simulated OCS front end alone")
    office_options(made)
    made.add_argument(
        "--state-dir", type=path, metavar="DIR", help="where contact lists and certificates outlive a restart"
    )
    _output_options(made)


def browse(commands: Commands) -> None:
    """`snomtui browse`."""
    made = command(commands, "browse", _browse, "the phone in a web browser: every tab shows the same phone")
    phone_options(made)
    made.add_argument("--demo", action="store_true", default=False, help="with front end and colleagues, as demo has")
    page = "where the page is (default 127.0.0.1:8081); with --demo also tls:HOST:PORT, where the front end listens"
    office_options(made, ("HOST:PORT", page))
    made.add_argument("--firmware", choices=["8.1", "8.2"], default=None, help="of the demo's phone (default 8.2)")
    made.add_argument("--open", action="store_true", default=False, help="open it in the desktop's browser")


def as_default(top: argparse.ArgumentParser) -> None:
    """No command means the phone."""
    top.set_defaults(command=top, run=_phone, settings=[], set=[], model="snom370", http=None, https=None)
    top.set_defaults(state_dir=None, est=None, browse=False, theme=None, mouse=True, bell=None, keys=None)
    top.set_defaults(headless=False, log_level=None, log_file=None, debug=False)
    phone_options(top)
    top.add_argument("--debug", action="store_true", help="show tracebacks")


def _output_options(made: argparse.ArgumentParser) -> None:
    made.add_argument("--headless", action="store_true", help="no screen: JSON lines on stdout, orders on stdin")
    made.add_argument("--log-level", type=int, choices=range(10), metavar="0..9", help="how much the log holds")
    made.add_argument("--log-file", type=path, metavar="FILE", help="write the log here as well")


def _terminal_options(made: argparse.ArgumentParser) -> None:
    made.add_argument("--theme", choices=["auto", "dark", "light"], help="colours around the phone (default sim_theme)")
    made.add_argument("--no-mouse", dest="mouse", action="store_false", help="leave the mouse to the terminal")
    made.add_argument("--bell", action="store_true", help="the terminal's bell sounds while a call comes in")
    made.add_argument("--keys", type=path, metavar="FILE", help="other keyboard keys (TOML); see snomtui keys list")


def phone_options(made: argparse.ArgumentParser) -> None:
    """What is given for a phone."""
    made.add_argument("--settings", action="append", metavar="FILE", help="settings in TOML; later ones win")
    made.add_argument("--set", action="append", metavar="NAME=VALUE", help="one setting, by snom's name")
    made.add_argument("--model", metavar="NAME", help="skin: a name of `snomtui skins`, or a folder or file of yours")
    made.add_argument("--http", metavar="HOST:PORT|off", help="the phone's web server (default 127.0.0.1:8080)")
    made.add_argument("--https", metavar="HOST:PORT|off", help="the same with TLS (default 8443 beside --http)")
    made.add_argument(
        "--state-dir", type=path, metavar="DIR", help="where settings, call lists and contact lists outlive a restart"
    )
    _terminal_options(made)
    _output_options(made)


def office_options(made: argparse.ArgumentParser, listen: tuple[str, str] = LISTEN) -> None:
    """What is given for a front end."""
    made.add_argument(
        "--lan-manager-level",
        type=_level,
        action="append",
        dest="policy",
        default=[],
        metavar="0..5",
        help="5 = NTLMv2 only (default); short for --policy lan_manager_level=...",
    )
    made.add_argument(
        "--policy",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="what the front end insists on; may be repeated, a wrong NAME lists all",
    )
    made.add_argument("--people", type=path, default=None, metavar="FILE", help="who works there (TOML)")
    made.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="NAME",
        help="something that goes wrong; may be repeated, a wrong NAME lists all",
    )
    made.add_argument("--listen", action="append", default=[], metavar=listen[0], help=listen[1])
    made.add_argument(
        "--ca-file",
        type=path,
        default=None,
        metavar="FILE",
        help="write the certificate here that phones are to trust",
    )
    made.add_argument(
        "--status", default=None, metavar="HOST:PORT|off", help="the status page (default 127.0.0.1, any free port)"
    )
    made.add_argument(
        "--est", default=None, metavar="HOST:PORT|off", help="the certificate server (default 127.0.0.1, any free port)"
    )
    made.add_argument("--seed", type=int, default=None, metavar="N", help="the same colleagues do the same things")


def _level(text: str) -> str:
    """A LAN Manager level as one of the policies."""
    if text not in ("0", "1", "2", "3", "4", "5"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a level from 0 to 5")
    return f"lan_manager_level={text}"


def _hurry() -> None:
    """What a phone loads and builds at its start is there to stay; looking through it for garbage takes a fifth of it.

    `roof` switches that on again once the phone lives.
    """
    gc.disable()


def _phone(given: argparse.Namespace) -> int:
    _hurry()
    from snomtui import roof

    return roof.phone(given)


def _demo(given: argparse.Namespace) -> int:
    _hurry()
    from snomtui import roof

    return roof.demo(given)


def _browse(given: argparse.Namespace) -> int:
    _hurry()
    from snomtui import roof

    return roof.browse(given)


def _office(given: argparse.Namespace) -> int:
    from snomtui import opening

    return opening.office(given)
