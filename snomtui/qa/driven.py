"""What a script drives: a fresh demo in this process, or a phone that runs already."""

from __future__ import annotations

import threading
from base64 import b64decode
from collections.abc import Mapping
from functools import partial
from typing import Any, Protocol

from snomtui.errors import LocalError, SnomtuiError
from snomtui.phone.intents import Press
from snomtui.qa.events import Happenings, Object
from snomtui.qa.lab import Lab, LabOffice, Refused
from snomtui.qa.script import QaScript
from snomtui.remote.intentjson import intents_of

TIMEOUT = 30.0
"""Seconds that an HTTP request may take: faults on purpose may be slow."""


class Driven(Protocol):
    """A phone, and what is around it."""

    happenings: Happenings

    def snapshot(self) -> Object:
        """The phone at this moment."""

    def do(self, wish: Object) -> None:
        """Have it do something; raises `Refused`."""

    def press(self, key: str) -> None:
        """Press a key, also one that types a character (`TEXT:x`); raises `Refused`."""

    def number(self, who: str) -> str:
        """The address of a contact by name, else what stands there."""

    def http(self, method: str, target: str, headers: Mapping[str, str], body: bytes, login: bool) -> tuple[int, str]:
        """Ask its web server, with a login if there is one; status and location of the answer, 0 if there is none."""

    def order(self, **order: object) -> None:
        """Order something of the front end; raises `Refused`."""

    def stop(self) -> None:
        """It is over."""


class Demo:
    """A fresh phone, at a fresh front end unless the script's settings lead elsewhere."""

    def __init__(self, lab: Lab, script: QaScript) -> None:
        self._lab = lab
        self._office: LabOffice | None = None
        if "user_host1" in script.settings:
            self._phone = lab.phone(script.settings, script.skin)
        else:
            people = script.people
            self._office = lab.office(people, tuple(script.faults), tuple(script.policies))
            registered = not script.faults and not script.policies
            self._phone = self._office.phone("", script.settings, script.skin, registered)
        self.happenings = self._phone.happenings

    def snapshot(self) -> Object:
        """The phone at this moment."""
        return self._phone.snapshot()

    def do(self, wish: Object) -> None:
        """Have it do something; raises `Refused`."""
        self._phone.do(**wish)

    def press(self, key: str) -> None:
        """Press a key; raises `Refused`."""
        self._phone.intend(Press(key))

    def number(self, who: str) -> str:
        """The address of a contact by name, else what stands there."""
        return self._phone.number(who)

    def http(self, method: str, target: str, headers: Mapping[str, str], body: bytes, login: bool) -> tuple[int, str]:
        """Ask its web server, with the login that it wants."""
        if not login:
            return asked(self._phone.url, None, method, target, headers, body)
        user, password = self._phone.setting("http_user"), self._phone.setting("http_pass")
        return asked(self._phone.url, (user, password), method, target, headers, body)

    def order(self, **order: object) -> None:
        """Order something of the front end; raises `Refused`."""
        if self._office is None:
            raise Refused("there is no front end here: the settings lead to another server")
        self._office.do(**order)

    def stop(self) -> None:
        """Switch it off."""
        self._lab.end(self._phone)
        if self._office:
            self._lab.end(self._office)


class Running:
    """A phone that runs somewhere, real sockets between us; keys and orders go through its JSON API."""

    def __init__(self, url: str, user: str, password: str) -> None:
        """Raises `Unreachable`, or `LocalError` for what is no URL."""
        from snomtui.remote.driving.driver import Remote

        self._login = (user, password)
        self._make = partial(Remote, url, user, password, TIMEOUT)
        self._remote = self._make()
        self._url = url if "://" in url else f"http://{url}"
        self.snapshot()
        self._over = False
        self.happenings = Happenings()
        self._listening = threading.Event()
        threading.Thread(target=self._listen, name="snomtui-qa", daemon=True).start()
        self._listening.wait(TIMEOUT)

    def _listen(self) -> None:
        try:
            with self._make() as remote:
                for event in remote.watch(self._listening.set):
                    if self._over:
                        return
                    self.happenings.add(event)
            self.happenings.end("the phone ended its event stream")
        except SnomtuiError as error:
            self.happenings.end(str(error))
        finally:
            self._listening.set()

    def snapshot(self) -> Object:
        """The phone at this moment."""
        found = self._remote.phone()
        if found is None:
            raise LocalError(f"{self._url}: only a simulated phone can be asked what it shows")
        return found

    def do(self, wish: Object) -> None:
        """Have it do something; raises `Refused`."""
        self._remote.do(*intents_of(wish))

    def press(self, key: str) -> None:
        """Press a key; raises `Refused`."""
        if key.startswith("TEXT:"):
            raise Refused("texts cannot be typed on a phone that runs elsewhere")
        self.do({"do": "press", "keys": key})

    def number(self, who: str) -> str:
        """The address of a contact by name, else what stands there."""
        known = self.snapshot()["contacts"]
        return next((str(one["uri"]) for one in known if str(one["name"]).lower() == who.lower()), who)

    def http(self, method: str, target: str, headers: Mapping[str, str], body: bytes, login: bool) -> tuple[int, str]:
        """Ask its web server."""
        return asked(self._url, self._login if login else None, method, target, headers, body)

    def order(self, **order: object) -> None:
        """There is no front end in reach."""
        raise Refused("the front end of a phone that runs elsewhere cannot be asked: leave --phone out")

    def stop(self) -> None:
        """Hang up the line to it; the stream of events ends with the next one that comes."""
        self._over = True
        self._remote.close()


def asked(
    url: str,
    login: tuple[str, str] | None,
    method: str,
    target: str,
    headers: Mapping[str, str],
    body: bytes,
) -> tuple[int, str]:
    """One HTTP request, with the target just as it is; `login` is user and password, Basic or Digest as it is asked."""
    from snomtui.remote.driving.client import httpx, trusting

    given: dict[str, Any] = {"content": body or None, "headers": dict(headers), "follow_redirects": False}
    given["extensions"] = {"target": target.encode("utf-8")}
    with httpx.Client(trust_env=False, verify=trusting(), timeout=TIMEOUT) as client:
        try:
            answer = client.request(method, url + target, **given)
            asks = answer.headers.get("www-authenticate", "").lower()
            if answer.status_code == 401 and login and any(login):
                auth = httpx.DigestAuth(*login) if asks.startswith("digest") else httpx.BasicAuth(*login)
                answer = client.request(method, url + target, auth=auth, **given)
        except httpx.TransportError:
            return 0, ""
    return answer.status_code, answer.headers.get("location", "")


def body_of(fields: Mapping[str, str]) -> bytes:
    """The body of an `http` step; raises ValueError for a `body64` that is none."""
    if "body64" in fields:
        return b64decode(fields["body64"], validate=True)
    return fields.get("body", "").encode()
