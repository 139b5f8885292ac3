"""Links of a desktop without a desktop: xdg-utils, in a home of their own, and a phone that sends an INVITE."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.programs import PATIENCE, ROOT, Program, environment, run

pytestmark = pytest.mark.peer
TEL = "x-scheme-handler/tel"


@dataclass
class Home:
    """A private home: nothing of the person's own desktop is touched, and no desktop is running."""

    folder: Path
    names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names = {
            "HOME": str(self.folder),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "XDG_CONFIG_DIRS": str(self.folder / "etc"),
            "XDG_DATA_HOME": str(self.folder / "data"),
            "XDG_DATA_DIRS": str(self.folder / "share"),
            "XDG_STATE_HOME": str(self.folder / "state"),
            "XDG_RUNTIME_DIR": str(self.folder),
            "XDG_CURRENT_DESKTOP": "X-Generic",
            "DISPLAY": ":99",  # xdg-open looks at schemes only where there is a display; nothing connects to it
            "WAYLAND_DISPLAY": "",
            "BROWSER": "false",
        }

    def snomtui(self, *words: str) -> subprocess.CompletedProcess[str]:
        return run(*words, **self.names)

    def xdg(self, program: str, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [program, *words],
            env=environment(**self.names),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
        )

    def opener(self, scheme: str) -> str:
        return self.xdg("xdg-mime", "query", "default", f"x-scheme-handler/{scheme}").stdout.strip()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    if not (shutil.which("xdg-open") and shutil.which("xdg-mime")):
        pytest.skip("xdg-utils is not installed")
    for name in ("config", "etc", "data", "share", "state"):
        (tmp_path / name).mkdir()
    return Home(tmp_path)


@pytest.fixture(scope="module")
def demo() -> Iterator[Program]:
    with Program(
        "demo", "--headless", "--http", "127.0.0.1:0", "--https", "off", "--listen", "tcp:127.0.0.1:0"
    ) as program:
        program.wait("registration", state="registered")
        yield program
        assert program.quit() == 0


def test_clicked_link_becomes_an_invite(home: Home, demo: Program) -> None:
    installed = home.snomtui("handler", "install", "--phone", demo.events[0]["http"])
    assert (installed.returncode, installed.stderr) == (0, "")
    assert [home.opener(scheme) for scheme in ("tel", "callto", "sip", "sips")] == ["snomtui-handler.desktop"] * 4
    since = demo.mark()
    opened = home.xdg("xdg-open", "tel:+4930123456")
    assert opened.returncode == 0, opened.stderr
    call = demo.wait("call", since, direction="out", number="+4930123456")
    demo.wait("call", since, id=call["id"], state="ringing")  # the other side has got the INVITE
    assert demo.do("hangup", call=call["id"])["ok"]
    demo.wait("call", since, id=call["id"], state="ended")


@pytest.mark.parametrize(
    ("link", "number"),
    [
        ("callto:+49%2030%20123456", "+4930123456"),
        ("sip:jan@ucc.de", "jan@ucc.de"),
        ("tel:+49-30-123456;phone-context=x$(touch evil)`id`", "+4930123456"),
    ],
)
def test_every_kind_of_link_arrives_and_no_shell_reads_it(home: Home, demo: Program, link: str, number: str) -> None:
    home.snomtui("handler", "install", "--phone", demo.events[0]["http"])
    since = demo.mark()
    home.xdg("xdg-open", link)
    call = demo.wait("call", since, direction="out", number=number)
    demo.do("hangup", call=call["id"])
    demo.wait("call", since, id=call["id"], state="ended")
    assert not (ROOT / "evil").exists()


@pytest.mark.parametrize("link", ["tel:*21*0190%23", "tel:--phone=http://evil.test", "tel:"])
def test_harmful_link_dials_nothing(home: Home, demo: Program, link: str) -> None:
    home.snomtui("handler", "install", "--phone", demo.events[0]["http"])
    since = demo.mark()
    assert home.xdg("xdg-open", link).returncode != 0
    demo.do("snapshot")
    asked = [event for event in demo.events[since:] if event["event"] == "command"]
    assert asked == [] and not [event for event in demo.events[since:] if event.get("direction") == "out"]


def test_links_go_back_to_whoever_had_them(home: Home) -> None:
    applications = home.folder / "data" / "applications"
    applications.mkdir()
    (applications / "old.desktop").write_text("[Desktop Entry]\nType=Application\nName=Old\nExec=/bin/true %u\n")
    home.xdg("xdg-mime", "default", "old.desktop", TEL)
    assert home.opener("tel") == "old.desktop"
    home.snomtui("handler", "install")
    assert home.opener("tel") == "snomtui-handler.desktop"
    status = home.snomtui("handler", "status")
    assert status.returncode == 0 and "tel:     snomtui\n" in status.stdout and "handler open -- %u" in status.stdout
    gone = home.snomtui("handler", "uninstall")
    assert gone.returncode == 0 and "tel: old.desktop" in gone.stdout
    assert home.opener("tel") == "old.desktop" and home.opener("sip") == ""
    assert [path.name for path in applications.glob("*.desktop")] == ["old.desktop"]
    assert home.snomtui("handler", "status").returncode == 1


def test_entry_is_valid_for_the_desktop_s_own_checker(home: Home) -> None:
    if not shutil.which("desktop-file-validate"):
        pytest.skip("desktop-file-utils is not installed")
    home.snomtui("handler", "install", "--phone", "http://127.0.0.1:8080")
    said = home.xdg("desktop-file-validate", str(home.folder / "data" / "applications" / "snomtui-handler.desktop"))
    assert (said.returncode, said.stdout) == (0, "")
