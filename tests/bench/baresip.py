"""baresip as the yardstick of an HTTP dial, where it is installed (Debian: `baresip-core`)."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

from tests.bench.sink import Sink

LIBRARIES = ("/usr/lib", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu")
CONFIG = """\
poll_method epoll
sip_listen 127.0.0.1:{sip}
sip_trans_def udp
call_max_calls 4
audio_source ausine,440
ausrc_srate 48000
ausrc_channels 2
net_interface 127.0.0.1
module_path {modules}
module_tmp account.so
module g711.so
module ausine.so
module aufile.so
module_app menu.so
module_app httpd.so
http_listen 127.0.0.1:{http}
"""


def installed() -> bool:
    """Whether it can be measured here."""
    return shutil.which("baresip") is not None and _modules() is not None


class Baresip:
    """One baresip without registration and without sound hardware; a context manager."""

    def __init__(self, folder: Path, sink: Sink) -> None:
        sip, self.port = _free_ports()
        modules = _modules()
        assert modules
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config").write_text(CONFIG.format(sip=sip, http=self.port, modules=modules), "utf-8")
        account = f"<sip:bench@127.0.0.1:{sink.port};transport=udp>;regint=0;answermode=manual;audio_codecs=PCMA\n"
        (folder / "accounts").write_text(account, "utf-8")
        (folder / "contacts").write_text("", "utf-8")
        self.target = f"/?dsip:nobody%40127.0.0.1:{sink.port}"
        self._log = (folder / "log").open("wb")
        self._process = subprocess.Popen(
            ("baresip", "-4", "-f", str(folder)),
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            env={**os.environ, "HOME": str(folder)},
        )
        _wait_for(self.port, self._process)

    def __enter__(self) -> Baresip:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(3)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()


def _modules() -> str | None:
    folders = (f"{library}/baresip/modules" for library in LIBRARIES)
    return next((folder for folder in folders if Path(folder).is_dir()), None)


def _free_ports() -> tuple[int, int]:
    """A port for SIP and one for HTTP. baresip also takes the port after its SIP port, so the two are kept apart."""
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        second.bind(("127.0.0.1", 0))
        sip, http = int(first.getsockname()[1]), int(second.getsockname()[1])
    return (sip, http) if http != sip + 1 else _free_ports()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 5
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError("baresip did not open its HTTP port")
