"""Scenarios for SIPp, put together from steps, and a SIPp that is registrar, proxy and far end of one phone at once.

SIPp fails when a message comes that is not written down, so a scenario that ends well says exactly what the phone sent.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

from tests.peers.pbx import free_port

KEPT = ("Via", "From", "To", "CSeq")
"""Headers of a request that are kept, so that it can be answered again after others have come."""
CONTACT = "Contact: <sip:far@[local_ip]:[local_port]>"
SDP = """Content-Type: application/sdp
Content-Length: [len]

v=0
o=far 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio [media_port] RTP/AVP 8 0
a=rtpmap:8 PCMA/8000
a=rtpmap:0 PCMU/8000"""
NONE = "Content-Length: 0"
CLIENT = "Via: SIP/2.0/UDP [local_ip]:[local_port];branch="


def takes(request: str, kept: str = "", *checks: tuple[str, str], timeout: int = 8000) -> str:
    """Wait for a request; `kept` is the word under which its headers are kept; `checks`: header, regular expression."""
    actions = "".join(
        f'<ereg regexp=".*" search_in="hdr" header="{name}:" assign_to="{kept}{name.lower()}"/>'
        for name in (KEPT if kept else ())
    )
    keep = ' rrs="true"' if request in ("INVITE", "REGISTER") else ""
    return f'<recv request="{request}" timeout="{timeout}"{keep}><action>{actions}{_checked(checks)}</action></recv>'


def hears(status: int, *checks: tuple[str, str]) -> str:
    """Wait for a response."""
    return f'<recv response="{status}" timeout="8000"><action>{_checked(checks)}</action></recv>'


def _checked(checks: Iterable[tuple[str, str]]) -> str:
    """`ereg` for each header, or for the whole message if the name of the header is empty."""
    return "".join(
        f"<ereg regexp={quoteattr(wanted)} "
        + (f'search_in="hdr" header="{name}:"' if name else 'search_in="msg"')
        + ' check_it="true" assign_to="checked"/>'
        for name, wanted in checks
    )


def says(start: str, *lines: str, last: str = NONE) -> str:
    """Send a message; `last` are its last lines, with or without a body."""
    text = "\n".join((start, *lines, last))
    return f"<send><![CDATA[\n\n{text}\n\n]]></send>"


def answers(status: str, kept: str, tag: str = "far", *lines: str, last: str = NONE) -> str:
    """Answer a kept request; the tag is left out if To has one already."""
    to = f"To:[${kept}to]" + (f";tag={tag}" if tag else "")
    head = (f"Via:[${kept}via]", f"From:[${kept}from]", to, "Call-ID: [call_id]", f"CSeq:[${kept}cseq]")
    return says(f"SIP/2.0 {status}", *head, *lines, last=last)


def asks(method: str, number: int, kept: str = "inv", tag: str = "far", *, branch: str = "", last: str = NONE) -> str:
    """A request of the far end inside the dialog of a kept INVITE of the phone."""
    return says(
        f"{method} [next_url] SIP/2.0",
        CLIENT + (branch or f"[branch]-{method}-{number}"),
        f"From:[${kept}to];tag={tag}",
        f"To:[${kept}from]",
        "Call-ID: [call_id]",
        f"CSeq: {number} {method}",
        "Max-Forwards: 70",
        CONTACT,
        last=last,
    )


def waits(milliseconds: int) -> str:
    """Let time pass in which nothing may come."""
    return f'<pause milliseconds="{milliseconds}"/>'


def dialogue(*steps: str, register: tuple[str, ...] = ()) -> str:
    """A scenario for a phone that registers and then calls; `register` replaces how its REGISTER is answered."""
    registering = register or (answers("200 OK", "reg", "reg", "Contact: <sip:x@y>;expires=600", "Expires: 600"),)
    first = takes("REGISTER", "reg").replace("<recv ", '<recv optional="true" next="1" ')
    return _scenario(first, *steps, '<nop next="2"/>', '<label id="1"/>', *registering, '<label id="2"/>', "<nop/>")


def _scenario(*steps: str) -> str:
    names = [f"{word}{name.lower()}" for word in ("reg", "inv", "bye", "can", "two", "three", "four") for name in KEPT]
    used = [name for name in [*names, "checked"] if any(f'assign_to="{name}"' in step for step in steps)]
    unread = [name for name in used if not any(f"[${name}]" in step for step in steps)]
    told = f'<Reference variables="{",".join(unread)}"/>' if unread else ""
    start = '<?xml version="1.0" encoding="UTF-8" ?>\n<scenario name="nasty">'
    return "\n".join((start, *steps, told, "</scenario>"))


def calling(*steps: str) -> str:
    """A scenario for a phone that registers and then is called."""
    granted = answers("200 OK", "reg", "reg", "Contact: [next_url];expires=600", "Expires: 600")
    return _scenario(takes("REGISTER", "reg"), granted, *steps)


def calls(method: str, number: int, *lines: str, last: str = NONE, branch: str = "") -> str:
    """A request of the far end in a call that it makes; SIPp leaves out of a Call-ID what stands before `///`."""
    return says(
        f"{method} [next_url] SIP/2.0",
        CLIENT + (branch or f"z9hG4bK-[call_number]-{method}-{number}"),
        "From: <sip:far@far.test>;tag=far",
        "To: <sip:phone@far.test>" if method == "INVITE" and number == 1 else "[last_To:]",
        "Call-ID: in///[call_id]",
        f"CSeq: {number} {method}",
        "Max-Forwards: 70",
        CONTACT,
        *lines,
        last=last,
    )


class Sipp:
    """One SIPp with one scenario."""

    def __init__(self, folder: Path, scenario: str, *more: str, calls: int = 2, port: int = 0) -> None:
        """`calls`: how many Call-IDs the scenario is played with."""
        if not shutil.which("sipp"):
            pytest.skip("sipp (sip-tester) is not installed")
        self.port = port or free_port()
        self._folder = folder / f"sipp-{self.port}"
        self._folder.mkdir()
        (self._folder / "scenario.xml").write_text(scenario, "utf-8")
        command = ["sipp", *more, "-sf", "scenario.xml", "-i", "127.0.0.1", "-p", str(self.port), "-m", str(calls)]
        command += [
            "-nostdin",
            "-nr",
            "-timeout",
            "40s",
            "-mp",
            str(free_port() & ~1),
            "-nd",
            "-default_behaviors",
            "none",
        ]
        command += ["-trace_msg", "-message_file", "messages", "-trace_err", "-error_file", "errors"]
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self._folder
            )

    def went_well(self) -> None:
        """Wait for its end; every message must have come as written."""
        status = self._process.wait(45)
        assert status == 0, f"SIPp ended with {status}\n{self._read('errors')}\n{self._read('messages')[-6000:]}"

    def _read(self, name: str) -> str:
        file = self._folder / name
        return file.read_text("utf-8", "replace") if file.exists() else ""

    def stop(self) -> None:
        """End it."""
        if self._process.poll() is None:
            self._process.terminate()
        self._process.wait(10)
