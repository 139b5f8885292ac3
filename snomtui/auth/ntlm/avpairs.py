"""AV pairs: the target information inside NTLM tokens ([MS-NLMP] 2.2.2.1), and FILETIME."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from struct import pack, unpack_from

from snomtui.errors import BadToken

FILETIME_UNIX = 116444736000000000
"""1970-01-01 as FILETIME: in 100 ns since 1601."""


class AvId(IntEnum):
    """The kinds of AV pairs ([MS-NLMP] 2.2.2.1)."""

    END = 0
    COMPUTER = 1
    DOMAIN = 2
    DNS_COMPUTER = 3
    DNS_DOMAIN = 4
    DNS_FOREST = 5
    FLAGS = 6
    TIMESTAMP = 7
    SINGLE_HOST = 8
    TARGET_NAME = 9
    CHANNEL_BINDINGS = 10


MIC_PRESENT = 2
"""The bit of AV pair 6 that announces a MIC."""


def to_filetime(now: float) -> bytes:
    """Seconds since 1970 as the 8 bytes of a FILETIME."""
    return pack("<Q", (round(now * 10_000_000) + FILETIME_UNIX) & 0xFFFFFFFFFFFFFFFF)


def from_filetime(data: bytes) -> float:
    """The 8 bytes of a FILETIME as seconds since 1970."""
    return (int.from_bytes(data, "little") - FILETIME_UNIX) / 10_000_000


_END = int(AvId.END)
"""As a plain number, which is compared ten times as fast."""


@dataclass(frozen=True, slots=True)
class AvPairs:
    """A target information list, in its order, without its end mark."""

    items: tuple[tuple[int, bytes], ...] = ()

    @classmethod
    def parse(cls, data: bytes) -> AvPairs:
        """Read up to the end mark; what follows is left alone. Raises `BadToken` for a list without an end."""
        items: list[tuple[int, bytes]] = []
        at = 0
        while at + 4 <= len(data):
            kind, size = unpack_from("<HH", data, at)
            at += 4
            if kind == _END:
                return cls(tuple(items))
            if at + size > len(data):
                raise BadToken(f"AV pair {kind} of {size} bytes reaches past the end")
            items.append((kind, data[at : at + size]))
            at += size
        raise BadToken("a list of AV pairs has no end mark")

    @classmethod
    def of(cls, *pairs: tuple[int, str]) -> AvPairs:
        """A list of text pairs."""
        return cls(tuple((kind, text.encode("utf-16-le", "surrogatepass")) for kind, text in pairs))

    def get(self, kind: int) -> bytes | None:
        """The first value of this kind."""
        return next((value for found, value in self.items if found == kind), None)

    def text(self, kind: int) -> str:
        """The first value of this kind as text; empty if there is none, or if it is no text."""
        return (self.get(kind) or b"").decode("utf-16-le", "replace")

    @property
    def mic_announced(self) -> bool:
        """Whether the client says that its AUTHENTICATE has a MIC."""
        return bool(int.from_bytes((self.get(AvId.FLAGS) or b"")[:4], "little") & MIC_PRESENT)

    def __bytes__(self) -> bytes:
        body = b"".join(pack("<HH", kind, len(value)) + value for kind, value in self.items)
        return body + bytes(4)

    def words(self) -> list[str]:
        """Each pair in words, for a log."""
        return [self._in_words(kind, value) for kind, value in self.items]

    def _in_words(self, kind: int, value: bytes) -> str:
        known = kind in AvId._value2member_map_
        name = AvId(kind).name.lower().replace("_", " ") if known else f"AV pair {kind}"
        if kind in _TEXTS:
            return f"{name} {value.decode('utf-16-le', 'replace')!r}"
        return f"{name} {value.hex()}"


_TEXTS = {AvId.COMPUTER, AvId.DOMAIN, AvId.DNS_COMPUTER, AvId.DNS_DOMAIN, AvId.DNS_FOREST, AvId.TARGET_NAME}
