"""What is secret goes into the phone and never comes out: not in a page, an answer, an event, the log or a picture."""

from __future__ import annotations

import base64
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urldefrag

import httpx
import pytest

from snomtui.settings.registry import Kind, registry
from tests.phones import ROOT, Object, Program, until

MARK = "Hush-4711"
"""Begins every secret that is set."""
PICKY = ("webserver_cert",)
"""Secrets that are not any text."""
DANGEROUS = re.compile(r"[?&](reboot|reset|settings|fault|.*del|PLAY_RINGER|hangup|answer|number)=", re.IGNORECASE)
MOST_PAGES = 400


def secrets() -> list[str]:
    """The full names of all secret settings."""
    rows = [row for row in registry().values() if row.kind is Kind.SECRET]
    return [f"{row.name}{row.first}" if row.first is not None else row.name for row in rows]


def leaks(data: bytes) -> bool:
    """Whether a secret stands in it, in one of the spellings in which it could."""
    inner = (base64.b64encode(b" " * before + MARK.encode())[4:12] for before in range(3))
    return any(each in data for each in (MARK.encode(), MARK.lower().encode(), *inner))


def pages(client: httpx.Client) -> Iterator[tuple[str, bytes]]:
    """Every page that can be reached by links, each once, with its headers and what is in it."""
    todo, seen = ["/index.htm", "/settings.htm", "/info.htm", "/dummy.htm", "/phone", "/screen.svg"], set[str]()
    while todo and len(seen) < MOST_PAGES:
        page = urldefrag(todo.pop())[0]
        if page in seen or DANGEROUS.search(page) or not page.startswith("/"):
            continue
        seen.add(page)
        answer = client.get(page)
        yield page, str(answer.headers).encode() + answer.content
        if "html" in answer.headers.get("content-type", ""):
            found = re.findall(r'(?:href|src|action)="([^"]*)"', answer.text)
            todo += [each if each.startswith("/") else f"/{each}" for each in found if "://" not in each]
    assert len(seen) > 20


def answers(client: httpx.Client) -> Iterator[tuple[str, bytes]]:
    """Every answer to a GET of the API."""
    document = client.get("/openapi.json").json()
    places = {"name": secrets(), "list": ["missed"], "identity": ["1"], "id": ["1-1"], "uri": ["tel:1"]}
    for path, methods in document["paths"].items():
        if "get" not in methods or path == "/api/v1/events" or path.endswith("htm"):
            continue
        name = re.search(r"\{(.*)\}", path)
        for place in places[name[1]] if name else [""]:
            target = path.replace(f"{{{name[1]}}}", quote(place, safe="")) if name else path
            yield target, client.get(target).content


def stream(client: httpx.Client) -> bytes:
    """All events that are still kept."""
    data = b""
    with client.stream("GET", "/api/v1/events?since=0", timeout=1) as answer:
        try:
            for part in answer.iter_bytes():
                data += part
        except httpx.ReadTimeout:
            pass
    return data


def told_in_every_way(client: httpx.Client) -> int:
    """Give the phone secrets through every door there is; how many it took."""
    taken = 0
    for name in secrets():
        value = f"{MARK}-{name.removesuffix('_confirm')}"
        if name == "http_pass":
            continue  # after this one all must log in
        done = client.patch("/api/v1/settings", json={name: value})
        assert done.status_code == 200 or name in PICKY, done.text
        taken += done.status_code == 200
        client.post("/api/v1/intents", json={"do": "set", "name": name, "value": value})
        client.post("/api/v1/intents", content=json.dumps([{"do": "set", "name": name, "value": value}]))
        client.get("/dummy.htm", params={"settings": "save", name: value})
        client.post("/dummy.htm", data={"settings": "save", name: value})
        client.post(
            "/api/v1/intents", json={"do": "set", "name": name, "value": value, "banana": [{"password": value}]}
        )
    client.get("/minibrowser.htm", params={"url": f"http://me:{MARK}@127.0.0.1:9/a"})
    client.post("/api/v1/intents", json={"do": "show", "url": f"http://me:{MARK}@127.0.0.1:9/b"})
    client.patch("/api/v1/settings", json={"action_hold": f"http://me:{MARK}@127.0.0.1:9/c"})
    client.get("/command.htm?key=1", auth=("me", MARK))
    client.patch("/api/v1/accounts/1", json={"password": MARK})
    client.put("/api/v1/login", json={"user": "me", "password": MARK})
    assert client.patch("/api/v1/settings", json={"http_pass": f"{MARK}-web", "http_user": "me"}).status_code == 200
    return taken + 1


@pytest.mark.timeout(180)
def test_no_secret_leaves_the_phone(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "snomtui", "demo", "--headless", "--http", "127.0.0.1:0", "--log-level", "9"]
    with Program("demo", [*command, "--state-dir", tmp_path], ROOT) as demo:
        url = demo.first("ready")["http"]
        with httpx.Client(base_url=url, timeout=10) as client:
            assert told_in_every_way(client) > 4
            assert client.get("/api/v1/phone").status_code == 401
            client.get("/api/v1/phone", auth=("me", MARK))  # wrong, and told as such
            client.auth = httpx.BasicAuth("me", f"{MARK}-web")
            leaking = [name for name, data in (*pages(client), *answers(client)) if leaks(data)]
            assert leaking == []
            heard = stream(client)
            assert b'"command"' in heard and not leaks(heard)
        events: list[Object] = demo.events
        until(lambda: sum(each["event"] == "command" for each in events) > 20)
        assert [each for each in events if leaks(json.dumps(each).encode())] == []
        assert [line for line in demo.log if leaks(line.encode())] == []
        assert any("dummy.htm" in str(each.get("target")) for each in events)
