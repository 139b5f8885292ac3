"""Click-to-dial helpers, tray tools and scripts: what they send, what it does, what they look at."""

from __future__ import annotations

import pytest

from snomtui.phone.intents import Dial, Dtmf, HangUp, Press
from tests.remote.test_server import running
from tests.remote.wild.talk import LOGIN, ask, basic


@pytest.mark.parametrize(
    ("target", "wanted"),
    [
        # a test library: the parameters form-encoded; it wants exactly 302
        ("/command.htm?number=100&outgoing_uri=heiko%40ucc.test", Dial("100", 1)),
        # a browser add-on fills a template in, escaping the plus, and leaves the identity empty
        ("/command.htm?number=%2B49301234&outgoing_uri=", Dial("+49301234")),
        # the same with the escaping switched off
        ("/command.htm?number=+49301234&outgoing_uri=", Dial("+49301234")),
        # a tray tool puts a zero in front and names the user part alone
        ("/command.htm?number=00301234&outgoing_uri=49301", Dial("00301234", 2)),
        # an ERP client, with and without identity
        ("/command.htm?number=0301234&outgoing_uri=49301@voip.test", Dial("0301234", 2)),
        # a groupware lets its library encode the international form
        ("/command.htm?number=%2B49%2030%201234", Dial("+49 30 1234")),
        # a PowerShell dialler with an identity that the phone does not have
        ("/command.htm?number=0301234&outgoing_uri=123@domain1", Dial("0301234")),
        # a page that was escaped for HTML before it was sent
        ("/command.htm?number=0301234&amp;outgoing_uri=heiko@ucc.test", Dial("0301234", 1)),
        # a JavaScript image with something to keep caches out
        ("/command.htm?number=0301234&_=1258538400000", Dial("0301234")),
        # a base address that ended in a slash
        ("//command.htm?number=0301234", Dial("0301234")),
        ("/command.htm/?number=0301234", Dial("0301234")),
        ("/COMMAND.HTM?NUMBER=0301234", Dial("0301234")),
        # tel: and callto: handlers hand over what the page has
        ("/command.htm?number=tel:+49-30-1234", Dial("tel:+49-30-1234")),
        ("/command.htm?number=callto%3A%2F%2F%2B49301234", Dial("callto:+49301234")),
        ("/command.htm?number=sip%3Ajan%40ucc.test", Dial("sip:jan@ucc.test")),
        ("/command.htm?number=%2B49%20(0)%2030%2F12-34", Dial("+49 (0) 30/12-34")),
        # codes for the exchange
        ("/command.htm?number=*21*030%23", Dial("*21*030#")),
        ("/command.htm?number=%252A21%2523", Dial("*21#")),
        # the home page's form by GET, with the button in German
        ("/index.htm?NUMBER=0301234&DIAL=Waehlen", Dial("0301234")),
        ("/index.htm?number=0301234", Dial("0301234")),
    ],
)
@pytest.mark.parametrize("login", [False, True], ids=["open", "basic at once"])
async def test_dialler_makes_one_call_and_is_led_to_the_home_page(target: str, wanted: Dial, login: bool) -> None:
    async with running(**(LOGIN if login else {})) as web:
        answer = await ask(web, target, *([basic()] if login else []))
        assert (answer.status, answer.location) == (302, "/index.htm")
        assert "x-phone-refusal" not in answer.headers
        assert web.phone.done == [wanted]


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        (b"GET /command.htm?number=*21# HTTP/1.0\r\n\r\n", "*21#"),
        (b"GET /command.htm?number=030 12 34 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "030 12 34"),
        (b"GET /command.htm?number=0301234\r\n\r\n", "0301234"),
        # a sketch for a door bell: no version, but fields
        (
            b"GET /command.htm?number=122&outgoing_uri=104@192.0.2.3\r\nHost: 192.0.2.7\r\nConnection: close\r\n\r\n",
            "122",
        ),
        # Java sends a URL with a blank at its end as it is
        (b"GET /command.htm?number=0301234  HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "0301234"),
        (b"GET /command.htm?number=0301234 HTTP/1.1\r\nAccept: */*\r\n\r\n", "0301234"),
        (
            b"GET http://admin:geheim@127.0.0.1/command.htm?number=0301234 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
            "0301234",
        ),
        (b"GET /command.htm?number=0301234 HTTP/1.1\r\nHost: snom.office\r\nUser-Agent: \r\n\r\n", "0301234"),
        (b"GET /command.htm?number=0301234 HTTP/1.1\nHost: phone\n\n", "0301234"),
    ],
)
async def test_socket_program_that_writes_its_own_http_dials(raw: bytes, number: str) -> None:
    async with running() as web:
        answer = await web.raw(raw)
        assert b" 302 " in answer.split(b"\r\n")[0] and web.phone.done == [Dial(number)]
        assert (await ask(web, "/command.htm?key=1")).status == 200


@pytest.mark.parametrize(
    ("target", "fields", "body"),
    [
        ("/command.htm?number=0301234", (), ""),  # everything in the query, an empty body
        ("/command.htm", ("Content-Type: application/x-www-form-urlencoded",), "number=0301234"),
        ("/command.htm", ("Content-Type: application/x-www-form-urlencoded; charset=UTF-8",), "number=0301234"),
        ("/command.htm?number=0301234", ("Content-Type: application/x-www-form-urlencoded",), "number=0301234"),
        ("/command.htm", (), "number=0301234"),
        ("/command.htm", ("Content-Type: text/plain",), "number=0301234\r\n"),
        ("/command.htm", ("Content-Type: application/json",), '{"number": "0301234"}'),
        ("/command.htm?number=0301234", ("Content-Type: application/json",), "{}"),
        ("/command.htm?number=0301234", ("Content-Type: text/xml",), "<nothing/>"),
        (
            "/command.htm",
            ("Content-Type: multipart/form-data; boundary=----b",),
            '------b\r\nContent-Disposition: form-data; name="number"\r\n\r\n0301234\r\n------b--\r\n',
        ),
        ("/command.htm", ("Content-Type: application/x-www-form-urlencoded", "Expect: 100-continue"), "number=0301234"),
        ("/index.htm", ("Content-Type: application/x-www-form-urlencoded",), "NUMBER=0301234&DIAL=Dial"),
        ("/index.htm", ("Content-Type: application/x-www-form-urlencoded",), "NUMBER:0301234"),  # a library in Dart
    ],
)
async def test_program_that_posts_makes_one_call(target: str, fields: tuple[str, ...], body: str) -> None:
    async with running() as web:
        lines = [f"POST {target} HTTP/1.1", "Host: 127.0.0.1", *fields, f"Content-Length: {len(body)}"]
        answer = await web.raw(("\r\n".join([*lines, "Connection: close", "", body])).encode())
        assert b" 302 " in answer.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n").split(b"\r\n")[0] + b" "
        assert web.phone.done == [Dial("0301234")]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("key=ENTER", [Press("ENTER")]),
        ("key=CANCEL=", [Press("CANCEL")]),  # a tray tool's test of the login puts one = too many
        ("key=p5", [Press("P5")]),
        ("key=VOLUME_DOWN%20", [Press("VOLUME_DOWN")]),
        ("key=F_HOLD", [Press("F_HOLD")]),
        ("KEY=offhook", [Press("OFFHOOK")]),
        ("key=%23", [Press("#")]),
        ("key=1%2C100%2C100%3B2%2C100%2C100", [Press("1", 100, 100), Press("2", 100, 100)]),
        ("key=OFFHOOK;0;3;0;ENTER", [Press(key) for key in ("OFFHOOK", "0", "3", "0", "ENTER")]),
        ("key=ENTER,,1000;%23", [Press("ENTER", 0, 1000), Press("#")]),
        ("key_dtmf=12%23", [Dtmf("12#")]),
        ("RELEASE_ALL_CALLS", [HangUp(every=True)]),
        ("RELEASE_ALL_CALLS=1", [HangUp(every=True)]),
        ("FIX_LIL=true", []),  # a page of keys wants the whole display in its picture
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_key_is_answered_with_a_plain_200(query: str, wanted: list[Press], method: str) -> None:
    async with running(**LOGIN) as web:
        answer = await ask(web, f"/command.htm?{query}", basic(), method=method)
        assert (answer.status, answer.location) == (200, "")
        assert web.phone.done == wanted


async def test_same_digit_in_one_request_each_is_pressed_each_time() -> None:
    async with running() as web:
        for digit in "5511":
            assert (await ask(web, f"/command.htm?key={digit}")).status == 200
        assert web.phone.done == [Press(digit) for digit in "5511"]


async def test_program_follows_the_redirect_in_its_own_ways_and_makes_one_call() -> None:
    async with running(**LOGIN) as web:
        assert (await ask(web, "/command.htm?number=1", basic())).status == 302
        assert (await ask(web, "/index.htm")).status == 401  # the login was lost on the way
        assert (await ask(web, "/command.htm?number=1", basic())).status == 302  # so it begins anew
        assert (await ask(web, "/index.htm?number=1", basic())).status == 200  # or takes the query along
        assert (await ask(web, "/index.htm", basic())).status == 200
        assert web.phone.done == [Dial("1")]


async def test_connection_manager_finds_the_identities_on_the_home_page_line_by_line() -> None:
    async with running() as web:
        lines = iter((await ask(web, "/index.htm")).text.split("\n"))
        assert any("Outgoing Identity:" in line for line in lines)
        options = [line for line in lines if "<option value=" in line and "@" in line]
        names = [line[line.index(">") + 1 : line.index("<", line.index(">"))] for line in options]
        chosen = [name for name, line in zip(names, options, strict=True) if "selected" in line]
        assert names[0].startswith("heiko@ucc.test") and chosen == names[:1]
