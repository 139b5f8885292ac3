"""At which ports the web server is, by option and by setting, and after a reboot."""

from __future__ import annotations

import socket
from pathlib import Path

import httpx
import pytest

from snomtui.settings.registry import Settings
from snomtui.webside.ports import Given, Port, planned
from tests.programs import Program, sets

HOST = "127.0.0.1"
HERE: Given = (HOST, None)


@pytest.mark.parametrize(
    ("settings", "http", "https", "ports"),
    [
        ({}, HERE, HERE, {"http": Port(HOST, 8080), "https": Port(HOST, 8443, moves=True)}),
        ({}, (HOST, 80), None, {"http": Port(HOST, 80)}),
        ({"http_port": "81", "https_port": "444"}, HERE, HERE, {"http": Port(HOST, 81), "https": Port(HOST, 444)}),
        ({"http_port": "81"}, (HOST, 80), None, {"http": Port(HOST, 80)}),
        ({"webserver_type": "off"}, HERE, HERE, {}),
        ({"webserver_type": "off"}, (HOST, 80), HERE, {"http": Port(HOST, 80)}),
        (
            {"webserver_type": "https", "https_port": "444"},
            HERE,
            HERE,
            {"http": Port(HOST, 8080, leads=True), "https": Port(HOST, 444)},
        ),
        (
            {"webserver_type": "http", "https_port": "444"},
            HERE,
            HERE,
            {"http": Port(HOST, 8080), "https": Port(HOST, 444, leads=True)},
        ),
        ({"webserver_type": "https"}, (HOST, 80), None, {"http": Port(HOST, 80)}),
    ],
)
def test_settings_say_what_is_served_and_options_where(
    settings: dict[str, str], http: Given, https: Given, ports: dict[str, Port]
) -> None:
    assert planned({"http": http, "https": https}, Settings(settings)) == ports


def test_demo_moves_both_ports() -> None:
    ports = planned({"http": HERE, "https": (HOST, 9)}, Settings(), moves=True)
    assert all(port.moves for port in ports.values())


def free_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as sock:
        sock.bind((HOST, 0))
        return int(sock.getsockname()[1])


def test_reboot_opens_the_ports_of_the_settings_and_keeps_the_others(tmp_path: Path) -> None:
    first, second, secure = (str(free_port()) for _ in range(3))
    given = sets(http_port=first, https_port=secure)
    with (
        Program("phone", "--headless", "--state-dir", str(tmp_path), *given) as phone,
        httpx.Client(verify=False) as web,
    ):
        ready = phone.wait("ready")
        assert (ready["http"], ready["https"]) == (f"http://{HOST}:{first}", f"https://{HOST}:{secure}")
        saves = f"{ready['https']}/dummy.htm?settings=save&http_port={second}"
        assert web.get(saves).status_code == 200
        assert web.get(f"{ready['http']}/index.htm").status_code == 200
        assert web.get(f"{ready['https']}/advanced_update.htm?reboot=Reboot").status_code < 400
        phone.logs(f"Web server: HTTP at http://{HOST}:{second}")
        assert web.get(f"http://{HOST}:{second}/index.htm").status_code == 200
        assert web.get(f"{ready['https']}/index.htm").status_code == 200
        with pytest.raises(httpx.ConnectError):
            web.get(f"{ready['http']}/index.htm")
        assert phone.quit() == 0


def test_reboot_to_a_taken_port_stays_where_it_was_and_says_so(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        given = sets(http_port=str(free_port()))
        with Program("phone", "--headless", "--state-dir", str(tmp_path), "--https", "off", *given) as phone:
            base = phone.wait("ready")["http"]
            assert phone.do("set", name="http_port", value=str(taken.getsockname()[1]))["ok"]
            assert phone.do("reboot")["ok"]
            phone.logs(f"Web server at {base}")
            assert httpx.get(f"{base}/index.htm").status_code == 200
            assert phone.quit() == 0
