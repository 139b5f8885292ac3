"""Kamailio as a small PBX on free ports of loopback: registrar with Digest, presence server, call routing.

Its configuration is in `kamailio/kamailio.cfg`: domain `pbx.test`, users alice, bob, carol and dave (password: name and
`-secret`), numbers that answer by themselves (busy, decline, gone, ...), and options such as `WITH_SHA256`.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import trustme

from tests.phones import until

KAMAILIO = Path("/usr/sbin/kamailio")
TABLES = Path("/usr/share/kamailio/db_sqlite")
TRIES = 5
"""A port that is free now may be somebody else's a moment later."""
CONFIG = Path(__file__).parent / "kamailio" / "kamailio.cfg"


def free_port(kinds: Sequence[int] = (socket.SOCK_STREAM, socket.SOCK_DGRAM)) -> int:
    """A port of loopback that nobody has, for TCP and for UDP."""
    while True:
        with socket.socket(socket.AF_INET, kinds[0]) as first:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                for kind in kinds[1:]:
                    with socket.socket(socket.AF_INET, kind) as other:
                        other.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


class Pbx:
    """One running Kamailio."""

    def __init__(self, folder: Path, options: Sequence[str] = (), also: str = "") -> None:
        """`also`: a further address to listen at."""
        self.folder, self._also = folder, also
        self.ca_file = folder / "ca.pem"
        self._options = options
        self._certify()
        self._database()
        for _ in range(TRIES):
            self.port, self.tls_port, self.echo_port = free_port(), free_port(), free_port()
            if self._started():
                return
        raise AssertionError(f"kamailio does not start:\n{self.log()}")

    def start(self) -> None:
        """Start it again, at the same ports as before; registrations are in its memory, so it has none."""
        until(self._started, what="kamailio starts")

    def _started(self) -> bool:
        """Start it; False if it ended at once, as it does when another program was quicker to take a port."""
        with (self.folder / "kamailio.log").open("wb") as log:
            self._process = subprocess.Popen(
                self._command(self._options), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        until(lambda: self._process.poll() is not None or self._alive(), what="kamailio answers")
        return self._process.poll() is None

    def _command(self, options: Sequence[str]) -> list[str]:
        words = [str(KAMAILIO), "-f", str(CONFIG), "-DD", "-E", "-m", "64", "-M", "8"]
        words += ["-w", str(self.folder), "-Y", str(self.folder), "-P", str(self.folder / "kamailio.pid")]
        for kind, port in (("udp", self.port), ("tcp", self.port), ("tls", self.tls_port)):
            words += ["-l", f"{kind}:127.0.0.1:{port}"]
            words += ["-l", f"{kind}:{self._also}:{port}"] if self._also else []
        values = {"SIP_PORT": self.port, "RUNDIR": self.folder, "UAS_PORT": self.echo_port, "DBGLEVEL": 1}
        for name, value in values.items():
            words += ["--substdef", f"!{name}!{value}!g"]
        for option in options:
            words += ["-A", option]
        return words

    def _certify(self) -> None:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(self.ca_file)
        made = authority.issue_cert("pbx.test", "127.0.0.1")
        made.private_key_pem.write_to_path(self.folder / "key.pem")
        for part in made.cert_chain_pems:
            part.write_to_path(self.folder / "cert.pem", append=True)

    def _database(self) -> None:
        with closing(sqlite3.connect(self.folder / "kamailio.sqlite")) as database:
            for name in ("standard", "presence"):
                database.executescript((TABLES / f"{name}-create.sql").read_text("utf-8"))

    def _alive(self) -> bool:
        assert self._process.poll() is None, self.log()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/alive", timeout=1) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def proxy(self, transport: str) -> str:
        """`host:port;transport=...`, as phones want it."""
        return f"127.0.0.1:{self.tls_port if transport == 'tls' else self.port};transport={transport}"

    def ask(self, method: str, *params: str) -> Any:
        """The result of one JSON-RPC command, or None if it fails."""
        order = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, "id": 1}).encode()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/rpc", order, timeout=5) as answer:
                return json.load(answer).get("result")
        except urllib.error.HTTPError as error:
            error.close()
            return None

    def throw_out(self, user: str) -> None:
        """Forget where a user is."""
        self.ask("ul.rm", "location", user)

    def contacts(self, user: str) -> list[dict[str, Any]]:
        """The contacts at which a user is registered."""
        found = self.ask("ul.lookup", "location", user)
        return [each["Contact"] for each in found["Contacts"]] if found else []

    def log(self) -> str:
        """What it has written."""
        return (self.folder / "kamailio.log").read_text("utf-8", "replace")

    def stop(self) -> None:
        """End it with all its children."""
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
