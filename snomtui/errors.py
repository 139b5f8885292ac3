"""All exceptions of the house.

    SnomtuiError
    ├── LocalError              we, our caller or one of our files broke a rule
    │   ├── IllegalStep         a machine got an input that its state does not know
    │   ├── SettingsError       a settings file or value is wrong (names file and key)
    │   ├── SkinError           a skin file is wrong (names file, line or key)
    │   ├── LanguageError       a language file is wrong, or there is none of that name
    │   ├── PeopleError         a people file is wrong (names file and key)
    │   ├── TraceError          a file is no trace, capture or token that can be read
    │   ├── DrawingError        no picture can be made of the phone
    │   ├── ListenError         a port cannot be listened on
    │   └── NoMediaPort         no RTP port is left
    └── RemoteError             the other side broke a rule; costs one message or one conversation
        ├── MalformedMessage    not SIP as RFC 3261 has it; carries the status to answer with
        ├── MalformedSdp        not SDP as RFC 4566 has it
        ├── MalformedXml        a body that is not the XML it says it is
        ├── BadToken            an NTLM token that cannot be read
        └── Unreachable         nobody answered where the other side should be

A refusal by the phone ("no such identity") is a value, `phone.intents.Refusal`, not an exception.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self


class SnomtuiError(Exception):
    """The root: its text can be shown to a person."""


class LocalError(SnomtuiError):
    """We, our caller or one of our files broke a rule."""


class IllegalStep(LocalError):
    """A machine got an input that its state does not know."""

    def __init__(self, machine: str, state: object, given: object) -> None:
        super().__init__(f"{machine}: state {state} does not know {given}")
        self.machine, self.state, self.given = machine, state, given


class SettingsError(LocalError):
    """A settings file or value is wrong; the text names file and key.

    `template` and `values` are what is wrong with the value alone, so that a display can say it in its language;
    the template is empty where only files can have the mistake.
    """

    def __init__(self, why: str, template: str = "", values: Mapping[str, object] | None = None) -> None:
        super().__init__(why)
        self.template, self.values = template, dict(values or {})

    @classmethod
    def of(cls, template: str, /, **values: object) -> Self:
        """A mistake with something in it: `SettingsError.of("must be {form}", form=...)`."""
        return cls(template.format(**values), template, values)

    def at(self, place: str) -> SettingsError:
        """The same with its place in front, such as the name of the setting."""
        return SettingsError(f"{place}: {self}", self.template, self.values)


class SkinError(LocalError):
    """A skin file is wrong; the text names file and line or key."""


class LanguageError(LocalError):
    """A language file is wrong (the text names file and words), or there is none of that name."""


class PeopleError(LocalError):
    """A people file is wrong; the text names file and key."""


class TraceError(LocalError):
    """A file is no trace, capture or token that can be read; the text says why."""


class DrawingError(LocalError):
    """No picture can be made of the phone; the text says why."""


class ListenError(LocalError):
    """A port cannot be listened on."""


class NoMediaPort(LocalError):
    """No RTP port is left."""


class RemoteError(SnomtuiError):
    """The other side broke a rule; costs one message or one conversation, never the program."""


class MalformedMessage(RemoteError):
    """Not SIP as RFC 3261 has it; `status` is what a server answers with."""

    def __init__(self, why: str, status: int = 400) -> None:
        super().__init__(why)
        self.status = status


class MalformedSdp(RemoteError):
    """Not SDP as RFC 4566 has it."""


class MalformedXml(RemoteError):
    """A body that is not the XML it says it is."""


class BadToken(RemoteError):
    """An NTLM token that cannot be read ([MS-NLMP] 2.2)."""


class Unreachable(RemoteError):
    """Nobody answered where the other side should be."""
