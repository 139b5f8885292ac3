"""What the front end insists on: the domain's policy and the server's, as one value, and its knobs by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from snomtui.auth.ntlm.messages import Flags
from snomtui.auth.ntlm.policy import LmLevel
from snomtui.errors import LocalError

REALM = "SIP Communications Service"
Value = str | int | float | bool
"""A knob's value as JSON has it."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The knobs of a front end; the defaults are those of OCS 2007 R2 in a strict domain."""

    level: LmLevel = LmLevel.REFUSE_LM_AND_NTLM
    """LAN Manager authentication level: 5 takes NTLMv2 only."""
    minimum_session_security: Flags = Flags(0)
    """What the flags of an AUTHENTICATE must have: ESS, KEY_128, both or nothing (Windows: NtlmMinServerSec)."""
    version: int = 4
    """Protocol version of [MS-SIPAE]: 2 (LCS 2005), 3 (OCS 2007) or 4 (OCS 2007 R2)."""
    kerberos: bool = True
    """Whether Kerberos is offered beside NTLM; nobody gets in with it."""
    tls_dsk: bool = False
    """Whether TLS-DSK is offered, as Lync 2010 does; nobody gets in with it."""
    digest: bool = True
    """Ordinary phones may sign in with Digest (RFC 2617); an OCS client never does."""
    encryption: str = "SupportEncryption"
    """What provisioning says of encrypted media (ucPC2PCAVEncryption)."""
    realm: str = REALM
    server_header: str = "RTC/3.5"
    """3.0 is OCS 2007, 3.5 OCS 2007 R2, 4.0 Lync 2010."""
    shortest: int = 60
    """Seconds; a shorter registration gets 423 with Min-Expires (RFC 3261 10.3 step 7)."""
    longest: int = 7200
    """Seconds; the most a registration is good for, and what is granted unasked."""
    longest_phone: int = 900
    """The same for desk phones."""
    subscription: int = 37000
    """Seconds; the most a subscription is good for."""
    keep_alive: int = 300
    """Seconds of silence after which a client says CRLF CRLF."""
    timer_c: float = 180.0
    """Seconds that an INVITE may ring without a word from the callee (RFC 3261 16.6 step 11)."""
    settle: float = 0.05
    """Seconds for which presence changes are gathered before watchers are told."""

    def longest_for(self, user_agent: str) -> int:
        """The most that a registration by this program is good for, in seconds."""
        return self.longest_phone if user_agent.lower().startswith("snom") else self.longest

    def with_(self, name: str, value: Value) -> Policy:
        """The same with one knob turned; raises `LocalError` that names it and says what would be right."""
        knob = knob_of(name)
        made = replace(self, **{knob.field: knob.parse(value)})
        least = min(made.longest, made.longest_phone)
        if made.shortest > least:  # every registration would be too short, and nobody could sign in
            raise LocalError(f"{knob.name}={value}: shortest ({made.shortest}) must not be above longest ({least})")
        return made

    def values(self) -> dict[str, Value]:
        """All knobs by name, as JSON has them."""
        return {knob.name: knob.show(getattr(self, knob.field)) for knob in KNOBS.values()}


@dataclass(frozen=True, slots=True)
class Knob:
    """One policy that can be turned while the front end runs."""

    name: str
    """As in `--policy NAME=VALUE`."""
    field: str
    """The field of `Policy`."""
    wanted: str
    """The values that are right, in words."""
    help: str
    read: Callable[[str], object]
    """Makes a field's value of a text; raises ValueError or KeyError for a wrong one."""
    show: Callable[[Any], Value]
    choices: tuple[str, ...] = ()
    """All values, where they can be counted."""

    def parse(self, value: Value) -> Any:
        """The field's value for a text, number or truth value; raises `LocalError`."""
        text = ("on" if value else "off") if isinstance(value, bool) else str(value).strip()
        try:
            return self.read(text)
        except (ValueError, KeyError):
            raise LocalError(f"{self.name}={text[:60]}: must be {self.wanted}") from None


def knob_of(name: str) -> Knob:
    """The knob with this name, with `_` or `-`; raises `LocalError` that lists the names there are."""
    try:
        return KNOBS[name.strip().lower().replace("-", "_")]
    except KeyError:
        raise LocalError(f"policy {name[:60]}: there are only {', '.join(KNOBS)}") from None


_SECURITY = {
    "none": Flags(0),
    "ess": Flags.ESS,
    "128": Flags.KEY_128,
    "both": Flags.ESS | Flags.KEY_128,
}
_ENCRYPTION = ("SupportEncryption", "DoNotSupportEncryption", "RequireEncryption")
_SWITCH = {"on": True, "off": False}


def _one_of(name: str, field: str, words: Mapping[str, Any], help: str, show: Callable[[Any], Value]) -> Knob:
    return Knob(name, field, f"one of {', '.join(words)}", help, lambda text: words[text], show, tuple(words))


def _switch(name: str, help: str) -> Knob:
    return Knob(name, name, "on or off", help, lambda text: _SWITCH[text.lower()], bool, ("on", "off"))


def _number(name: str, low: float, high: float, help: str, kind: type[int] | type[float] = int) -> Knob:
    def read(text: str) -> int | float:
        value = kind(text)
        if not low <= value <= high:
            raise ValueError
        return value

    what = "a whole number" if kind is int else "a number"
    return Knob(name, name, f"{what} of seconds from {low} to {high}", help, read, kind)


def _line(name: str, help: str) -> Knob:
    def read(text: str) -> str:
        if not text.isascii() or not text.isprintable() or not 0 < len(text) <= 80 or set(text) & set('"\\'):
            raise ValueError
        return text

    return Knob(name, name, "one line of 1 to 80 ASCII characters without quotes", help, read, str)


KNOBS: Mapping[str, Knob] = {
    knob.name: knob
    for knob in (
        _one_of(
            "lan_manager_level", "level", {str(int(each)): each for each in LmLevel},
            "LAN Manager authentication level; 5 takes NTLMv2 only", int,
        ),
        _one_of(
            "minimum_session_security", "minimum_session_security", _SECURITY,
            "what a client's NTLM flags must have: extended session security (ess), 128 bit keys, or both",
            lambda flags: next(word for word, each in _SECURITY.items() if each == flags),
        ),
        _one_of(
            "signature_version", "version", {"2": 2, "3": 3, "4": 4},
            "version of the signatures: 2 is LCS 2005, 3 OCS 2007, 4 OCS 2007 R2", int,
        ),
        _switch("kerberos", "Kerberos is offered beside NTLM (and refused)"),
        _switch("tls_dsk", "TLS-DSK is offered (and refused), as Lync 2010 does"),
        _switch("digest", "ordinary phones may sign in with Digest"),
        _one_of(
            "encryption", "encryption", {each: each for each in _ENCRYPTION},
            "what clients are told about encrypted media", str,
        ),
        _number("keep_alive", 30, 86_400, "silence after which a client gives a sign of life"),
        _line("server_header", "the Server header: RTC/3.0 is OCS 2007, RTC/3.5 OCS 2007 R2, RTC/4.0 Lync 2010"),
        _line("realm", "the realm of NTLM and Kerberos"),
        _number("shortest", 0, 86_400, "a shorter registration is answered with 423"),
        _number("longest", 60, 864_000, "the most a registration is good for"),
        _number("longest_phone", 60, 864_000, "the same for snom phones"),
        _number("subscription", 60, 864_000, "the most a subscription is good for"),
        _number("timer_c", 10, 3600, "how long a call may ring without a word", float),
        _number("settle", 0, 60, "for how long presence changes are gathered", float),
    )
}  # fmt: skip
"""All policies by name."""
