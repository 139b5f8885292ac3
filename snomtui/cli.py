"""The commands. Heavy imports stand inside the commands that need them."""

from __future__ import annotations

import argparse
import gc
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from snomtui import __version__
from snomtui.errors import LocalError, SettingsError, SnomtuiError, Unreachable

if TYPE_CHECKING:
    from snomtui.remote.client import Remote

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

OK, REFUSED, USAGE, UNREACHABLE, INTERRUPTED = 0, 1, 2, 3, 130
REMOTE = "http://127.0.0.1:8080"
LISTEN = ("tls:HOST:PORT", "tls: or tcp:, port 0 = any free one")
"""How the help writes where a front end listens."""


def run(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit code. No traceback reaches a user unless `--debug`."""
    try:
        given, rest = parser().parse_known_args(arguments)
        if rest:
            given.command.error(f"unrecognized arguments: {' '.join(rest)}")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else USAGE
    try:
        return int(given.run(given))
    except KeyboardInterrupt:
        return INTERRUPTED
    except SnomtuiError as error:
        print(f"snomtui: {error}", file=sys.stderr)
        return exit_code(error)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except Exception as error:
        if getattr(given, "debug", False):
            raise
        print(f"snomtui: a defect of this program: {error!r} (--debug shows where)", file=sys.stderr)
        return REFUSED
    finally:
        gc.enable()


def exit_code(error: SnomtuiError) -> int:
    """The exit code of a command that ended with this error."""
    if isinstance(error, Unreachable):
        return UNREACHABLE
    return USAGE if isinstance(error, LocalError) else REFUSED


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(prog="snomtui", description="A snom desk phone in a terminal.")
    top.add_argument("--version", action="version", version=f"snomtui {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND")
    phone = _command(commands, "phone", _phone, "the phone, in the terminal (this is also what no command means)")
    _phone_options(phone)
    demo = _command(commands, "demo", _demo, "phone, simulated front end and colleagues in one; nothing to configure")
    _phone_options(demo)
    _office_options(demo)
    demo.add_argument("--firmware", choices=["8.1", "8.2"], default=None, help="8.1 knows NTLMv1 only (default 8.2)")
    office = _command(commands, "office", _office, "the simulated OCS front end alone")
    _office_options(office)
    office.add_argument(
        "--state-dir", type=_path, metavar="DIR", help="where contact lists and certificates outlive a restart"
    )
    _output_options(office)
    _browse_command(commands)
    keys = _command(commands, "keys", _keys, "the keyboard keys: a list of them, or what is wrong with a file of yours")
    keys.add_argument("what", choices=["list", "check"])
    own = "default: keys.toml in the configuration folder"
    keys.add_argument("file", nargs="?", type=_path, default=None, metavar="FILE", help=own)
    keys.add_argument("--debug", action="store_true", help="show tracebacks")
    _skin_commands(commands)
    _record_command(commands)
    _remote_commands(commands)
    decode = _command(commands, "decode", _decode, "a SIP trace, a capture or an NTLM token in words; SIP as a ladder")
    decode.add_argument("file", nargs="?", default="-", metavar="FILE", help="pcap, pcapng, text or token; - = stdin")
    decode.add_argument("--debug", action="store_true", help="show tracebacks")
    top.set_defaults(command=top, run=_phone, settings=[], set=[], model="snom370", http=None, state_dir=None)
    top.set_defaults(browse=False, theme=None, mouse=True, bell=None, keys=None)
    top.set_defaults(headless=False, log_level=None, log_file=None, debug=False)
    _phone_options(top)
    return top


def _command(
    commands: Commands,
    name: str,
    run: Callable[[argparse.Namespace], int],
    help: str,
) -> argparse.ArgumentParser:
    # Without defaults of its own a command leaves alone what was given in front of it: `snomtui --http off phone`.
    made = commands.add_parser(
        name, help=help, description=help[0].upper() + help[1:] + ".", argument_default=argparse.SUPPRESS
    )
    made.set_defaults(command=made, run=run)
    return made


def _output_options(made: argparse.ArgumentParser) -> None:
    made.add_argument("--headless", action="store_true", help="no screen: JSON lines on stdout, orders on stdin")
    made.add_argument("--log-level", type=int, choices=range(10), metavar="0..9", help="how much the log holds")
    made.add_argument("--log-file", type=_path, metavar="FILE", help="write the log here as well")
    made.add_argument("--debug", action="store_true", help="show tracebacks")


def _terminal_options(made: argparse.ArgumentParser) -> None:
    made.add_argument("--theme", choices=["auto", "dark", "light"], help="colours around the phone (default sim_theme)")
    made.add_argument("--no-mouse", dest="mouse", action="store_false", help="leave the mouse to the terminal")
    made.add_argument("--bell", action="store_true", help="the terminal's bell sounds while a call comes in")
    made.add_argument("--keys", type=_path, metavar="FILE", help="other keyboard keys (TOML); see snomtui keys list")


def _phone_options(made: argparse.ArgumentParser) -> None:
    made.add_argument("--settings", action="append", metavar="FILE", help="settings in TOML; later ones win")
    made.add_argument("--set", action="append", metavar="NAME=VALUE", help="one setting, by snom's name")
    made.add_argument("--model", metavar="NAME", help="skin: a name of `snomtui skins`, or a folder or file of yours")
    made.add_argument("--http", metavar="HOST:PORT|off", help="the phone's web server (default 127.0.0.1:8080)")
    made.add_argument("--https", choices=["off"], help="not served yet: off")
    made.add_argument(
        "--state-dir", type=_path, metavar="DIR", help="where settings, call lists and contact lists outlive a restart"
    )
    _terminal_options(made)
    _output_options(made)


def _office_options(made: argparse.ArgumentParser, listen: tuple[str, str] = LISTEN) -> None:
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
    made.add_argument("--people", type=_path, default=None, metavar="FILE", help="who works there (TOML)")
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
        type=_path,
        default=None,
        metavar="FILE",
        help="write the certificate here that phones are to trust",
    )
    made.add_argument(
        "--status", default=None, metavar="HOST:PORT|off", help="the status page (default 127.0.0.1, any free port)"
    )
    made.add_argument("--seed", type=int, default=None, metavar="N", help="the same colleagues do the same things")


def _browse_command(commands: Commands) -> None:
    made = _command(commands, "browse", _browse, "the phone in a web browser: every tab shows the same phone")
    _phone_options(made)
    made.add_argument("--demo", action="store_true", default=False, help="with front end and colleagues, as demo has")
    page = "where the page is (default 127.0.0.1:8081); with --demo also tls:HOST:PORT, where the front end listens"
    _office_options(made, ("HOST:PORT", page))
    made.add_argument("--firmware", choices=["8.1", "8.2"], default=None, help="of the demo's phone (default 8.2)")
    made.add_argument("--open", action="store_true", default=False, help="open it in the desktop's browser")


def _record_command(commands: Commands) -> None:
    made = _command(commands, "record", _record, "plays a script with a demo: a recording for asciinema, and pictures")
    made.add_argument("script", type=_path, metavar="SCRIPT", help="what happens, one step a line")
    made.add_argument("--cast", type=_path, default=None, metavar="FILE", help="write the recording here (asciicast 2)")
    made.add_argument("--svg", type=_path, default=None, metavar="FILE", help="write the last picture here")
    made.add_argument("--png", type=_path, default=None, metavar="FILE", help="the same as pixels")
    made.add_argument("--debug", action="store_true", help="show tracebacks")


def _skin_commands(commands: Commands) -> None:
    skins = _command(commands, "skins", _skins, "the faces of the phone: list, show, check")
    parts = skins.add_subparsers(title="what", metavar="WHAT")
    for name, help in (
        ("list", "all skins, and where yours belong"),
        ("show", "one of them: model, faces, files, and a picture in text"),
        ("check", "what is wrong with a skin: file, line, key, and what would be right"),
    ):
        part = _command(parts, name, _skins, help)
        part.set_defaults(what=name)
        if name == "show":
            part.add_argument("skin", metavar="NAME|FILE|FOLDER")
        elif name == "check":
            part.add_argument("skin", metavar="NAME|FILE|FOLDER", nargs="*", default=[], help="default: all there are")
    skins.set_defaults(what="list", debug=False)


def _path(text: str) -> Path:
    """A file or folder; the empty text of a variable that nobody has set is neither."""
    if not text:
        raise argparse.ArgumentTypeError("a name is wanted")
    return Path(text)


def _level(text: str) -> str:
    """A LAN Manager level as one of the policies."""
    if text not in ("0", "1", "2", "3", "4", "5"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a level from 0 to 5")
    return f"lan_manager_level={text}"


def _remote_commands(commands: Commands) -> None:
    dial = _remote_command(commands, "dial", "have a phone call a number", lambda r, g: r.dial(g.number, g.identity))
    dial.add_argument("number")
    dial.add_argument("--identity", default="", metavar="USER@HOST", help="the outgoing identity")
    press = _remote_command(
        commands, "press", "press keys of a phone, such as ENTER or 1;2;3", lambda r, g: r.press(g.keys)
    )
    press.add_argument("keys")
    hangup = _remote_command(commands, "hangup", "end the call of a phone", lambda r, g: r.hangup(g.all))
    hangup.add_argument("--all", action="store_true", default=False, help="every call")
    _remote_command(commands, "answer", "take the ringing call of a phone", lambda r, g: r.answer())
    status = _remote_command(commands, "status", "what a phone is doing", _status)
    status.add_argument("--json", action="store_true", default=False, help="the whole snapshot")
    _remote_command(commands, "watch", "what happens on a phone, as JSON lines", _watch)


def _remote_command(
    commands: Commands, name: str, help: str, act: Callable[[Remote, argparse.Namespace], None]
) -> argparse.ArgumentParser:
    made = _command(commands, name, _remotely(act), help)
    made.add_argument(
        "--phone", default=os.environ.get("SNOMTUI_PHONE", REMOTE), metavar="URL", help=f"default {REMOTE}"
    )
    made.add_argument(
        "--user", default="", help="login of the phone's web server; the password by SNOMTUI_PASSWORD or prompt"
    )
    made.add_argument("--timeout", type=float, default=5.0, metavar="SECONDS")
    made.add_argument("--debug", action="store_true", help="show tracebacks")
    return made


# -- the phone and its surroundings


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


def _record(given: argparse.Namespace) -> int:
    from snomtui import roof

    return roof.record(given)


def _keys(given: argparse.Namespace) -> int:
    from snomtui.ui import keymap

    if given.what == "check":
        keymap.read(given.file or keymap.own_file())
        return OK
    for name, keys in keymap.listed(given.file):
        print(f"{name:14}{keys}")
    return OK


def _office(given: argparse.Namespace) -> int:
    from snomtui import opening

    return opening.office(given)


def _skins(given: argparse.Namespace) -> int:
    from snomtui import fitting

    if given.what == "check":
        wrong = fitting.checked(given.skin)
        print("\n".join(wrong) or f"{', '.join(given.skin) or 'All skins'}: nothing is wrong")
        return USAGE if wrong else OK
    size = shutil.get_terminal_size((100, 34))
    text = "\n".join(fitting.listing() if given.what == "list" else fitting.shown(given.skin, size))
    if "utf" not in (sys.stdout.encoding or "").lower():
        from snomtui.ui.simpler import ascii_of

        text = ascii_of(text)
    print(text)
    return OK


def _decode(given: argparse.Namespace) -> int:
    from snomtui import decoding

    return decoding.decode(given)


# -- remote control


def _remotely(act: Callable[[Remote, argparse.Namespace], None]) -> Callable[[argparse.Namespace], int]:
    def run_remote(given: argparse.Namespace) -> int:
        from snomtui.remote.client import Remote

        with Remote(given.phone, given.user, _password(given.user), given.timeout) as remote:
            act(remote, given)
        return OK

    return run_remote


def _password(user: str) -> str:
    if not user:
        return ""
    known = os.environ.get("SNOMTUI_PASSWORD")
    if known is not None:
        return known
    if not sys.stdin.isatty():
        raise SettingsError("--user needs a password: set SNOMTUI_PASSWORD")
    from getpass import getpass

    return getpass(f"Password of {user}: ")


def _status(remote: Remote, given: argparse.Namespace) -> None:
    from snomtui.remote.intentjson import encode

    whole = remote.phone() if given.json else None
    print(encode(whole).decode() if whole is not None else remote.status())


def _watch(remote: Remote, given: argparse.Namespace) -> None:
    from snomtui.remote.intentjson import encode

    for event in remote.watch():
        print(encode(event).decode(), flush=True)
