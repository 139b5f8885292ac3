"""The Replaces header (RFC 3891): the new call takes the place of one that is there, as after an attended transfer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from snomtui.errors import MalformedMessage
from snomtui.sip.dialog import Dialog
from snomtui.sip.message import Request
from snomtui.sip.params import Params

_WORD = re.compile(r"[^\s,;\x00-\x20\x7f]{1,256}")
_SAFE = "-_.!~*'()[]/?:+$"
"""What may stand in a header of a URI as it is (RFC 3261 25.1, `hvalue`)."""

Key = tuple[str, str, str]
"""Call-ID, our tag, their tag."""


@dataclass(frozen=True, slots=True)
class Replaces:
    """Names a dialog, as the phone sees it that gets this header."""

    call_id: str
    to_tag: str
    """The tag of whoever gets the header."""
    from_tag: str
    """The tag of the other side of that dialog."""
    early_only: bool = False
    """Whether the dialog is to be replaced only while it rings."""

    @classmethod
    def parse(cls, text: str) -> Replaces:
        """Read `425928@bobster;to-tag=7743;from-tag=6472;early-only`; raises `MalformedMessage`."""
        call_id, _, rest = text.strip().partition(";")
        params = Params.parse(rest)
        tags = [[value or "" for name, value in params if name.lower() == wanted] for wanted in ("to-tag", "from-tag")]
        if not _WORD.fullmatch(call_id.strip()) or any(len(each) != 1 for each in tags):
            raise MalformedMessage(f"not a Replaces: {text[:80]!r}")
        (to_tag,), (from_tag,) = tags
        if not (_WORD.fullmatch(to_tag) and _WORD.fullmatch(from_tag)):
            raise MalformedMessage(f"not a tag in Replaces: {text[:80]!r}")
        return cls(call_id.strip(), to_tag, from_tag, "early-only" in params)

    @classmethod
    def of(cls, dialog: Dialog) -> Replaces:
        """What the other side of our dialog must be told, so that it knows the dialog."""
        call_id, ours, theirs = dialog.key
        return cls(call_id, theirs or "0", ours or "0")

    def __str__(self) -> str:
        early = ";early-only" if self.early_only else ""
        return f"{self.call_id};to-tag={self.to_tag};from-tag={self.from_tag}{early}"

    @property
    def escaped(self) -> str:
        """As it stands in a URI: `Replaces=...` with everything escaped that means something there."""
        return f"Replaces={quote(str(self), safe=_SAFE)}"

    def names(self, dialog: Dialog) -> bool:
        """Whether this is the dialog; the tag `0` stands for none (RFC 3891 6.1)."""
        call_id, ours, theirs = dialog.key
        return self.key == (call_id, ours or "0", theirs or "0")

    @property
    def key(self) -> Key:
        """The dialog it names, as we would remember it."""
        return self.call_id, self.to_tag, self.from_tag


def replaces_of(request: Request) -> Replaces | None:
    """The Replaces header of a request, None if it has none.

    Raises `MalformedMessage` if there are several, if it stands with Join, or in another request than an INVITE
    (RFC 3891 3, 6.1).
    """
    lines = request.headers.all("Replaces")
    if not lines:
        return None
    if len(lines) > 1:
        raise MalformedMessage("several Replaces headers")
    if "Join" in request.headers or request.method != "INVITE":
        raise MalformedMessage("Replaces with Join, or in another request than an INVITE")
    return Replaces.parse(lines[0])
