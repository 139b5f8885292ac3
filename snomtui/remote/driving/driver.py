"""Commands any snom phone over HTTP, real or simulated.

Our own phone is asked for what is wanted (`POST /api/v1/intents`), a real snom gets keys and settings (`realsnom`);
which of them it is, a harmless GET tells. What may have reached the phone is never sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from snomtui.phone.intents import Intent, Press, Resume
from snomtui.remote import commands
from snomtui.remote.driving import realsnom, strangers, verdict
from snomtui.remote.driving.client import Answered, NotASnom, Refused, Unanswered, httpx
from snomtui.remote.driving.dialling import Dialler
from snomtui.remote.driving.readback import events, in_words, is_snapshot, lines_of, text_of
from snomtui.remote.intentjson import BadIntent, Object, decode, encode, object_of
from snomtui.remote.keys import presses

PHONE, INTENTS, SETTINGS = "/api/v1/phone", "/api/v1/intents", "/api/v1/settings"
JSON = "application/json"


class Remote(Dialler):
    """One phone, by its address, for all commands. Use as a context manager, or call `close`."""

    _ours: bool | None = None

    def press(self, keys: str) -> None:
        """Press keys, `K;K,PRESS,PAUSE;...`; raises `BadKeys` before anything is sent."""
        self._once(commands.target(presses(keys)))

    def do(self, *wanted: Intent) -> None:
        """Have the phone do this; raises `Refused`, or `Cannot` for what no real snom can do."""
        if self.is_ours():
            for intent in wanted:
                self._wish(intent)
        elif all(isinstance(intent, Press) for intent in wanted):
            self._once(commands.target(wanted))
        else:
            for intent in wanted:
                self.send(realsnom.request([intent]))

    def change(self, values: dict[str, str]) -> None:
        """Change settings, in one request: a new login among them counts from the next one on."""
        if self.is_ours():
            self.json("PATCH", SETTINGS, dict(values))
        else:
            self.send(realsnom.settings(values))

    def swap(self) -> None:
        """Take the held call back and put the other one on hold."""
        phone = self.phone()
        if phone is None:
            raise realsnom.Cannot("a real snom has no key of its own for this; press its line key: snomtui press P2")
        held = [str(call["id"]) for call in phone.get("calls", []) if call.get("state") == "holding"]
        if not held:
            raise Refused("the phone refused: There is no call on hold")
        self._wish(Resume(held[0]))

    def send(self, request: realsnom.Request) -> Answered:
        """What a real snom is asked for; a GET, or a POST with a form. Raises `Refused`."""
        form = request.form.encode("ascii") if request.form else None
        answer = self._once(request.target, form)
        for _ in range(3 if request.follow else 0):
            there = urlsplit(answer.location)
            if not there.path or there.netloc != urlsplit(self._client.base).netloc:
                break
            answer = self._command(f"{there.path}?{there.query}" if there.query else there.path)
        if request.note:
            self._note(f"{self.where}: {request.note}")
        return answer

    def is_ours(self) -> bool:
        """Whether a simulated phone stands there, which can be asked for more than keys; asked once, harmless."""
        if self._ours is None:
            try:
                self.phone()
            except Unanswered as error:
                if not error.closed:
                    raise
                self._ours = False  # some firmware hangs up on what it does not know
        return bool(self._ours)

    def phone(self) -> Object | None:
        """The whole phone as our own API tells it; None for a real snom, which has no such thing."""
        answer = self._get(PHONE, forbidding=False)
        self._ours = False
        if not answer.headers.get("content-type", "").startswith(JSON):
            return None
        if answer.status in (403, 429):
            raise Refused(f"{self.where}: {verdict.why(answer)}")
        try:
            found = decode(answer.body) if answer.status == 200 else None
        except BadIntent:
            return None
        if found is not None and not is_snapshot(found):
            return None
        self._ours = found is not None
        return found

    def json(self, method: str, target: str, value: Object | None = None) -> Object | None:
        """Ask our own API; None where there is none (a real snom). Raises `Refused`."""
        body, kind = (None, "") if value is None else (encode(value), JSON)
        try:
            answer = self._ask(method, target, body, kind)
        except Unanswered as error:
            raise error if method == "GET" else _doubtful(error) from None
        verdict.check_login(answer, self.where, self._client.has_login, forbidding=False)
        if not answer.headers.get("content-type", "").startswith(JSON):
            return None
        if answer.status >= 400:
            raise Refused(f"{self.where}: {verdict.why(answer)}")
        try:
            return decode(answer.body)
        except BadIntent as error:
            raise Refused(f"{self.where}: answers with something that is not understood ({error})") from None

    def status(self) -> str:
        """The phone in a few lines of words, from its API or from its information page."""
        phone = self.phone()
        if phone is not None:
            return in_words(phone)
        answer = self._get("/info.htm")
        if answer.status == 404:
            answer = self._get("/index.htm")
        server = answer.headers.get("server", "")
        if answer.status != 200 or not strangers.is_snom(server, answer.text):
            raise NotASnom(f"{self.where}: this is no snom phone (answer {answer.status}){self._who(answer)}")
        return text_of(answer.text)

    def watch(self, begun: Callable[[], None] = lambda: None) -> Iterator[Object]:
        """The events of a simulated phone, until it ends them; takes up a broken stream where it broke.

        `begun` is called when the phone has begun to tell: nothing that happens from then on is missed.
        """
        last, silent = "", 0
        while silent < 3:
            silent += 1
            try:
                headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": last} if last else {})
                with self._client.stream("/api/v1/events", headers) as answer:
                    self._check_stream(answer)
                    begun()
                    for number, event in events(lines_of(answer.iter_text()), last):
                        last, silent = number, 0
                        yield event
                return
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                raise self._client.unreachable(error) from None
            except httpx.TransportError as error:
                broken = error  # once more; if nobody is there any more, that attempt says so
        raise self._client.unreachable(broken)

    def _check_stream(self, answer: httpx.Response) -> None:
        if answer.status_code == 200 and answer.headers.get("content-type", "").startswith("text/event-stream"):
            return
        whole = Answered(answer.status_code, answer.headers, answer.read(), str(answer.url))
        verdict.check_login(whole, self.where, self._client.has_login)
        if answer.headers.get("content-type", "").startswith(JSON):
            raise Refused(f"{self.where}: {verdict.why(whole)}")
        raise NotASnom(f"{self.where}: only a simulated phone can be watched (answer {answer.status_code})")

    def _once(self, target: str, form: bytes | None = None) -> Answered:
        """A command as every snom knows it; if no answer comes nobody knows whether it was done, and that is told."""
        try:
            return self._command(target, form)
        except Unanswered as error:
            raise _doubtful(error) from None

    def _wish(self, wish: Intent) -> None:
        """Ask a simulated phone for just this. A key may mean something else: ENTER at an idle phone dials again."""
        try:
            answer = self._ask("POST", INTENTS, encode(object_of(wish)), JSON)
        except Unanswered as error:
            raise _doubtful(error) from None
        verdict.check_login(answer, self.where, self._client.has_login)
        found = verdict.said(answer)
        if found is None or not found["ok"]:
            raise Refused(f"the phone refused: {verdict.why(answer)}")


def _doubtful(error: Unanswered) -> Unanswered:
    return Unanswered(f"{error}; it was sent, so look at the phone before you do it again", error.closed)
