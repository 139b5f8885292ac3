"""Linphone 5.1 (linphonec of Debian's `linphone-cli`), driven by its prompt; it plays files instead of a sound card."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
import time
from pathlib import Path

import pytest

from tests.peers.pbx import Pbx, free_port
from tests.phones import until

HELLO = Path("/usr/share/sounds/linphone/hello8000.wav")


class Linphone:
    """One linphonec that is registered."""

    def __init__(self, pbx: Pbx, folder: Path, user: str, transport: str, *more: str) -> None:
        """`more` are lines for the end of its configuration's [sip] part."""
        if not shutil.which("linphonec"):
            pytest.skip("linphonec (linphone-cli) is not installed")
        self.name = f"linphone {user}"
        # Without these folders it has no socket and does not say so.
        for each in (folder, folder / "linphone", folder / ".local" / "share" / "linphone"):
            each.mkdir(parents=True)
        self.config = folder / "linphonerc"
        self.config.write_text(_config(pbx, user, transport, more))
        home = {f"XDG_{kind}_HOME": str(folder) for kind in ("DATA", "CONFIG", "CACHE")}
        self._process = subprocess.Popen(
            ["linphonec", "-c", str(self.config)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "HOME": str(folder), **home},
            cwd=folder,
        )
        self._text = ""
        self._read = 0
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self.say("soundcard use files")
        until(lambda: bool(pbx.contacts(user)), what=f"{self.name} is registered")

    def _listen(self) -> None:
        assert self._process.stdout
        while data := os.read(self._process.stdout.fileno(), 65536):
            self._text += data.decode("utf-8", "replace")

    def say(self, order: str) -> None:
        """Type one line at its prompt."""
        assert self._process.stdin
        self._process.stdin.write(f"{order}\n".encode())
        self._process.stdin.flush()

    def expect(self, pattern: str) -> str:
        """Wait until it prints something that fits; what was printed before that is done with."""
        found: list[re.Match[str]] = []

        def printed() -> bool:
            match = re.compile(pattern).search(self._text, self._read)
            found.extend([match] if match else [])
            return bool(match)

        until(printed, what=f"{self.name} prints {pattern!r}; it printed {self._text[-2000:]!r}")
        self._read = found[0].end()
        return found[0][0]

    def ask(self, order: str, pattern: str) -> None:
        """Give an order that changes nothing until its answer fits; a line typed too soon after another is lost."""
        asked = 0.0

        def answered() -> bool:
            nonlocal asked
            if time.monotonic() > asked + 0.5:
                asked = time.monotonic()
                self.say(order)
            return re.compile(pattern).search(self._text, self._read) is not None

        until(answered, what=f"{self.name} answers {order} with {pattern!r}")
        self._read = len(self._text)

    def stop(self) -> None:
        """Have it unregister and end."""
        if self._process.poll() is None:
            self.say("quit")
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._listener.join(5)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()


def _config(pbx: Pbx, user: str, transport: str, more: tuple[str, ...]) -> str:
    ports = {kind: free_port() if kind == transport else -1 for kind in ("udp", "tcp", "tls")}
    place = pbx.proxy(transport)
    sip = [f"sip_port={ports['udp']}", f"sip_tcp_port={ports['tcp']}", f"sip_tls_port={ports['tls']}"]
    sip += ["default_proxy=0", "guess_hostname=0", "bind_address=127.0.0.1", "use_ipv6=0", "media_encryption=none"]
    sip += ["register_only_when_network_is_up=0", "verify_server_certs=0", "verify_server_cn=0", *more]
    rooms = {
        "sip": sip,
        "net": ["firewall_policy=0", "mtu=1300"],
        "rtp": [f"audio_rtp_port={free_port() & ~1}", "disable_upnp=1", "symmetric=1"],
        "sound": ["remote_ring=", "local_ring=", "ec=0"],
        "video": ["enabled=0"],
        "misc": ["log_collection_upload_server_url=", f"uuid=2a1b0000-0000-4000-8000-{free_port():012d}"],
        "auth_info_0": [f"username={user}", f"passwd={user}-secret", "realm=pbx.test"],
        "proxy_0": [
            f"reg_proxy=<sip:{place}>",
            f"reg_route=<sip:{place};lr>",
            f'reg_identity="{user}" <sip:{user}@pbx.test>',
            "reg_expires=300",
            "reg_sendregister=1",
            "publish=0",
        ],
    }
    return "".join(f"[{room}]\n" + "".join(f"{line}\n" for line in lines) for room, lines in rooms.items())
