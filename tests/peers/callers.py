"""Who can call whom at the Kamailio: our headless phones, PJSIP, baresip 1.0, Linphone and SIPp."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.peers.linphone import Linphone
from tests.peers.pbx import Pbx, free_port
from tests.phones import PATIENCE, HeadlessPhone, Object, Program, until

HERE = Path(__file__).parent
MODULES = ("/usr/lib/baresip/modules", "/usr/lib/x86_64-linux-gnu/baresip/modules")


class Pjsip(Program):
    """PJSIP 2.15, driven by `pjsua2/peer.py`."""

    def __init__(self, pbx: Pbx, user: str, transport: str, *more: str) -> None:
        python = os.environ.get("PJSUA2_PY")
        if not python or not shutil.which(python):
            pytest.skip("PJSUA2_PY names no interpreter with pjsua2-python")
        registrar = pbx.proxy(transport).partition(";")[0]
        command: list[str | Path] = [python, HERE / "pjsua2" / "peer.py", user, f"{user}-secret", str(free_port())]
        command += ["--transport", transport, "--registrar", registrar, "--rtp", str(free_port()), *more]
        super().__init__(f"pjsip {user}", command, pbx.folder)
        self.first("registered")

    def do(self, order: str) -> None:
        """Give one order and wait until it is obeyed; again if the library is still busy with the last one."""
        until(lambda: self._obeyed(order), what=f"{self.name} obeys {order}")

    def _obeyed(self, order: str) -> bool:
        self.say(order)
        told = self.expect("did", order=order.partition(" ")[0])
        assert told["ok"] or "PJ_EINVALIDOP" in told["text"], told
        return bool(told["ok"])

    def hears(self, least: int = 10) -> int:
        """Wait until so many RTP packets have come in; how many it was."""
        counted = 0

        def enough() -> bool:
            nonlocal counted
            self.do("count")
            counted = int(self.expect("count")["received"])
            return counted >= least

        until(enough, what=f"{self.name} has {least} RTP packets")
        return counted


class Baresip:
    """baresip 1.0.0 with its remote control over TCP (netstrings of JSON)."""

    def __init__(self, pbx: Pbx, folder: Path, user: str, transport: str, answer: str = "manual") -> None:
        modules = next((each for each in MODULES if Path(each).is_dir()), None)
        if not shutil.which("baresip") or modules is None:
            pytest.skip("baresip (baresip-core) is not installed")
        self.name, self._folder = f"baresip {user}", folder
        folder.mkdir()
        port, control = _port_pair(), free_port()
        self._write(pbx, user, transport, answer, modules, port, control)
        with (folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                ["baresip", "-4", "-f", str(folder)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=folder,
                start_new_session=True,
            )
        self._socket: socket.socket | None = None
        until(lambda: self._connected(control), what="baresip listens")
        self._buffer = b""
        self.events: list[Object] = []
        until(lambda: bool(pbx.contacts(user)), what="baresip is registered")

    def _write(self, pbx: Pbx, user: str, transport: str, answer: str, modules: str, port: int, control: int) -> None:
        proxy = pbx.proxy(transport)
        (self._folder / "config").write_text(
            _CONFIG.format(folder=self._folder, modules=modules, port=port, control=control)
        )
        (self._folder / "accounts").write_text(
            f'"{user}" <sip:{user}@pbx.test;transport={transport}>;auth_user={user};auth_pass={user}-secret;'
            f'outbound="sip:{proxy}";regint=300;answermode={answer};audio_codecs=PCMU,PCMA;sipnat=none\n'
        )
        (self._folder / "contacts").write_text("")
        # Without a newline: it goes into the Contact as it is.
        (self._folder / "uuid").write_text(f"e6bb5c9a-0000-4000-8000-{port:012d}")

    def _connected(self, port: int) -> bool:
        assert self._process.poll() is None, self.log()
        try:
            self._socket = socket.create_connection(("127.0.0.1", port), 1)
        except OSError:
            return False
        return True

    def log(self) -> str:
        """What it has written."""
        return (self._folder / "log").read_text("utf-8", "replace")

    def do(self, command: str, params: str = "") -> None:
        """Give one order and wait until it is obeyed."""
        assert self._socket
        order = json.dumps({"command": command, "params": params, "token": "t"}).encode()
        self._socket.sendall(b"%d:%s," % (len(order), order))
        told = self._until(lambda each: each.get("response") is True)
        assert told["ok"], told

    def expect(self, kind: str, within: float = PATIENCE) -> Object:
        """The next event of this type, such as CALL_ESTABLISHED."""
        return self._until(lambda told: told.get("type") == kind, within)

    def _until(self, wanted: Any, within: float = PATIENCE) -> Object:
        end = time.monotonic() + within
        while True:
            for at, told in enumerate(self.events):
                if wanted(told):
                    del self.events[at]
                    return told
            self._read(end)

    def _read(self, end: float) -> None:
        assert self._socket
        left = end - time.monotonic()
        assert left > 0, f"{self.name} does not say so; it said {self.events}\n{self.log()[-3000:]}"
        self._socket.settimeout(left)
        try:
            self._buffer += self._socket.recv(65536)
        except TimeoutError:
            return
        while b":" in self._buffer:
            length, _, rest = self._buffer.partition(b":")
            if len(rest) <= int(length):
                return
            self.events.append(json.loads(rest[: int(length)].decode("utf-8", "replace")))
            self._buffer = rest[int(length) + 1 :]

    def heard(self) -> int:
        """Bytes of sound that it has recorded."""
        return max((file.stat().st_size for file in self._folder.glob("dump-*-dec.wav")), default=0)

    def stop(self) -> None:
        """Have it unregister and end."""
        if self._socket:
            self._socket.close()
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


_CONFIG = """poll_method epoll
sip_listen 127.0.0.1:{port}
sip_trans_def udp
call_local_timeout 60
call_max_calls 8
audio_source ausine,440
ausrc_srate 48000
ausrc_channels 2
audio_buffer 20-160
rtp_ports 20000-24000
jitter_buffer_delay 5-10
net_interface 127.0.0.1
module_path {modules}
module_tmp account.so
module g711.so
module ausine.so
module sndfile.so
snd_path {folder}
module uuid.so
module_app menu.so
module_app ctrl_tcp.so
module_app contact.so
module_app presence.so
ctrl_tcp_listen 127.0.0.1:{control}
sip_verify_server no
"""


def _port_pair() -> int:
    """A port whose follower is free as well: baresip takes that one for TLS."""
    while True:
        port = free_port()
        with socket.socket() as follower:
            try:
                follower.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


class Callers:
    """Makes the callers of one test and ends them."""

    def __init__(self, pbx: Pbx, folder: Path) -> None:
        self._pbx, self._folder = pbx, folder
        self._made: list[Program | Baresip | Linphone] = []
        self._sipp: list[subprocess.Popen[bytes]] = []

    def unregistered(
        self, user: str, transport: str = "udp", contacts: tuple[str, ...] = (), folder: str = "", **settings: str | int
    ) -> HeadlessPhone:
        """A phone of ours that has only just been started; `contacts` are users whose presence it watches."""
        proxy = self._pbx.proxy(transport)
        all_settings: dict[str, str | int] = {
            "user_active1": "on",
            "user_realname1": user.capitalize(),
            "user_name1": user,
            "user_host1": "pbx.test",
            "user_pname1": user,
            "user_pass1": f"{user}-secret",
            "user_outbound1": proxy,
            "sim_media_source": "tone",
            "sim_tls_ca_file": str(self._pbx.ca_file),
            **settings,
        }
        watched = [(each.capitalize(), f"sip:{each}@pbx.test") for each in contacts]
        made = HeadlessPhone(self._folder / (folder or user), all_settings, watched)
        self._made.append(made)
        made.expect("ready")
        return made

    def phone(
        self, user: str, transport: str = "udp", contacts: tuple[str, ...] = (), folder: str = "", **settings: str | int
    ) -> HeadlessPhone:
        """A phone of ours, registered; a second one of the same user needs a folder of its own."""
        made = self.unregistered(user, transport, contacts, folder, **settings)
        made.registered()
        return made

    def pjsip(self, user: str, transport: str = "udp", *more: str) -> Pjsip:
        """A PJSIP, registered."""
        made = Pjsip(self._pbx, user, transport, *more)
        self._made.append(made)
        return made

    def baresip(self, user: str, transport: str = "udp", answer: str = "manual") -> Baresip:
        """A baresip 1.0, registered."""
        made = Baresip(self._pbx, self._folder / user, user, transport, answer)
        self._made.append(made)
        return made

    def linphone(self, user: str, transport: str = "udp", *more: str) -> Linphone:
        """A Linphone 5.1, registered."""
        made = Linphone(self._pbx, self._folder / user, user, transport, *more)
        self._made.append(made)
        return made

    def sipp(self, scenario: str, user: str, port: int, *more: str) -> subprocess.Popen[bytes]:
        """A SIPp that plays one scenario of `sipp/` once; exit status 0 when every message came as written."""
        if not shutil.which("sipp"):
            pytest.skip("sipp (sip-tester) is not installed")
        folder = self._folder / f"sipp-{len(self._sipp)}"
        folder.mkdir()
        (folder / "tone.ul").write_bytes(bytes([0x8F, 0x0F] * 12000))
        credentials = f"[authentication username={user} password={user}-secret]"
        (folder / "users.csv").write_text(f"SEQUENTIAL\n{user};{credentials}\n")
        command = ["sipp", f"127.0.0.1:{self._pbx.port}", "-sf", str(HERE / "sipp" / f"{scenario}.xml")]
        command += ["-inf", "users.csv", "-i", "127.0.0.1", "-mi", "127.0.0.1", "-p", str(port), "-m", "1"]
        command += ["-mp", str(_media_port(port)), "-key", "domain", "pbx.test", "-nostdin", "-timeout", "30s", *more]
        command += ["-trace_msg", "-message_file", "messages", "-trace_err", "-error_file", "errors"]
        with (folder / "log").open("wb") as log:
            made = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder)
        self._sipp.append(made)
        return made

    def stop(self) -> None:
        """End them all, phones first."""
        for made in reversed(self._made):
            made.stop()
        for sipp in self._sipp:
            if sipp.poll() is None:
                sipp.terminate()
            sipp.wait(10)


def _media_port(signalling: int) -> int:
    """An even port for SIPp's media; it takes the next ones too, and none of them may be its own SIP port."""
    while True:
        port = free_port() & ~1
        if not port - 2 <= signalling <= port + 4 and all(_is_free(each) for each in range(port, port + 4)):
            return port


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
