"""The tabs with remote commands and with the audio of each call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from snomtui.trace.chronicle import Chronicle
from snomtui.trace.detail import Fact
from snomtui.trace.ladder import Span
from snomtui.trace.words import clock, narrow
from snomtui.ui.desk.tabs import Say, Tab

WIDE = 76
"""From this width on all figures of a call stand in its row."""


class EventTab(Tab):
    """Rows made of event objects."""

    def __init__(self, say: Say, chronicle: Chronicle) -> None:
        super().__init__(say)
        self.chronicle, self._seen = chronicle, -1

    def poll(self) -> bool:
        """Look for news."""
        if self.chronicle.count == self._seen:
            return False
        self._seen = self.chronicle.count
        low = self.wanted.casefold()
        self.rows = [one for one in self.events() if low in self.text(one).casefold()]
        return True

    def events(self) -> Any:
        """All event objects."""
        return ()

    def look_for(self, text: str) -> None:
        """Show only events with this text."""
        super().look_for(text)
        self._seen = -1
        self.poll()


class HttpTab(EventTab):
    """Commands that came in over HTTP and what they did or why not; action URLs that went out."""

    name = "http"

    @property
    def title(self) -> str:
        """What stands on the tab."""
        return "HTTP"

    def events(self) -> Any:
        """The commands."""
        return self.chronicle.commands()

    def heading(self, width: int) -> str:
        """What the web server does wrong on purpose."""
        fault = self.chronicle.fault
        return f"{self.say('Faults on purpose:')} {fault}" if fault else ""

    def draw(self, row: Any, width: int) -> list[Span]:
        """Time, status, what it did, and what was asked."""
        good = 0 < int(row["status"]) < 400 and not row.get("why")
        did = narrow(self.outcome(row))
        return [
            (f"{clock(row['at'], False)} ", "time"),
            (f"{row['status'] or '---'} ", "title" if good else "alert"),
            (did, "label" if good else "alert"),
            (f"  {_line(narrow, row)}", "text"),
        ]

    def outcome(self, row: Any) -> str:
        """What a command did, or why not; of an action URL which one it is, and what went wrong."""
        if row["event"] == "action":
            return f"{row['setting']}: {self.say(row['why'])}" if row["why"] else str(row["setting"])
        if row.get("why"):
            return self.say("refused: {why}", why=row["why"])
        return ", ".join(_words(one) for one in row["did"]) or self.say("nothing to do")

    def text(self, row: Any) -> str:
        """One line."""
        who = " ".join(str(row[name]) for name in ("peer", "user") if row.get(name))
        head = f"{clock(row['at'])} {who} {_line(str, row)} {row.get('body', '')}".rstrip()
        return f"{head} -> {row['status']} {self.outcome(row)}"

    def facts(self, row: Any) -> list[Fact]:
        """The command in all its parts."""
        say = self.say
        found = [
            Fact("", _line(str, row), "start"),
            Fact(say("When"), clock(row["at"])),
            Fact(say("From"), str(row.get("peer", say("Action URL")))),
            Fact(say("Status"), str(row["status"] or "---")),
        ]
        found += [Fact(say("Login"), str(row["user"]))] if row.get("user") else []
        found += [Fact(say("Form"), str(row["body"]))] if row.get("body") else []
        if row["event"] == "action":
            return [*found, Fact(say("Did"), self.outcome(row), "bad" if row["why"] else "")]
        if row.get("why"):
            found.append(Fact(say("Refused"), str(row["why"]), "bad"))
        for one in row["did"]:
            found.append(Fact(say("Did"), str(one.get("do", ""))))
            found += [Fact(f"  {name}", str(value)) for name, value in one.items() if name != "do"]
        return found

    def empty(self) -> str:
        """What stands there at first."""
        return self.say("No command has come in over HTTP yet.")


def _line(narrowed: Callable[[str], str], row: Any) -> str:
    """The request line of a command, or of an action URL."""
    return f"{row.get('method', 'GET')} {narrowed(row.get('target') or row.get('url', ''))}"


class MediaTab(EventTab):
    """How the audio of each call is doing."""

    name = "media"

    @property
    def title(self) -> str:
        """What stands on the tab."""
        return self.say("Media")

    def events(self) -> Any:
        """The newest report of each call."""
        return self.chronicle.media()

    def heading(self, width: int) -> str:
        """The names of the figures."""
        if not self.rows:
            return ""
        if width < WIDE:
            return ""
        say = self.say
        names = (say("Sent"), say("Came in"), say("Lost"), say("Jitter"), "MOS")
        return f"{say('With'):<18.18} {say('Codec'):<6.6}" + "".join(f" {name:>8.8}" for name in names)

    def draw(self, row: Any, width: int) -> list[Span]:
        """One call; where there is little room only how it is, as the pane has the figures."""
        if width < WIDE:
            style = "alert" if float(row["mos"]) < 3.1 else "text"
            text = f" {row['codec']}  MOS {row['mos']:.1f}  {self.verdict(row)}"
            return [(narrow(str(row.get("remote") or row["id"]))[: width // 2], "label"), (text, style)]
        figures = (row["sent"], row["received"], row["lost"], f"{row['jitter_ms']:.1f} ms", f"{row['mos']:.1f}")
        who = narrow(str(row.get("remote") or row["id"]))
        bad = float(row["mos"]) < 3.1
        return [
            (f"{who:<18.18} {row['codec']:<6.6}", "label"),
            ("".join(f" {figure!s:>8}" for figure in figures), "alert" if bad else "text"),
            ("  " + self.verdict(row), "alert" if bad else "text"),
        ]

    def facts(self, row: Any) -> list[Fact]:
        """The figures of a call in words."""
        say = self.say
        sent, received = (say("{count} packets", count=row[name]) for name in ("sent", "received"))
        return [
            Fact("", str(row.get("remote") or row["id"]), "start"),
            Fact(say("Codec"), str(row["codec"])),
            Fact(say("Sent"), sent),
            Fact(say("Came in"), received),
            Fact(say("Lost"), say("{count} packets", count=row["lost"])),
            Fact(say("Jitter"), f"{row['jitter_ms']:.1f} ms"),
            Fact("MOS", f"{row['mos']:.2f} ({self.verdict(row)})"),
        ]

    def verdict(self, row: Any) -> str:
        """The MOS in a word."""
        say, mos = self.say, float(row["mos"])
        if not row["received"]:
            return say("nothing heard")
        return say("good") if mos >= 4 else say("fair") if mos >= 3.1 else say("poor")

    def text(self, row: Any) -> str:
        """One line."""
        who = row.get("remote") or row["id"]
        figures = f"sent {row['sent']} received {row['received']} lost {row['lost']}"
        return f"{clock(row['at'])} {who} {row['codec']} {figures} jitter {row['jitter_ms']} ms MOS {row['mos']}"

    def empty(self) -> str:
        """What stands there at first."""
        return self.say("There has been no call with audio yet.")


def _words(did: dict[str, Any]) -> str:
    values = " ".join(str(value) for name, value in did.items() if name != "do" and value not in ("", None))
    return f"{did.get('do', '')} {values}".strip()
