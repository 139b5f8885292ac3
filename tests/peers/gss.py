"""Debian's gss-ntlmssp, an NTLM library in C, as a client in datagram mode; called through libgssapi."""

from __future__ import annotations

import ctypes
from ctypes.util import find_library
from typing import Any

from snomtui.auth.doorman import Doorman
from snomtui.auth.ntlm.keys import SIP_SEQUENCE
from tests.auth.stranger import LOGIN, Stranger
from tests.auth.wire import PASSWORD, TARGET

NTLM = bytes.fromhex("2b06010401823702020a")
SET_NUMBER = bytes.fromhex("2b06010401b77d850f0101")
"""An option of this library: the sequence number of the next signature, which the application chooses."""
USER_NAME, HOST_SERVICE = bytes.fromhex("2a864886f71201020101"), bytes.fromhex("2a864886f71201020104")
FLAGS = 0x10000 | 0x2000 | 0x20 | 0x8 | 0x4
"""Datagram, identify, integrity, sequence, replay."""
FOR_EVER, INITIATE = 0xFFFFFFFF, 1


class Piece(ctypes.Structure):
    """A buffer: length and address."""

    _fields_ = [("length", ctypes.c_size_t), ("value", ctypes.c_void_p)]  # noqa: RUF012


class Oid(ctypes.Structure):
    """A name of an algorithm, in DER."""

    _fields_ = [("length", ctypes.c_uint32), ("elements", ctypes.c_void_p)]  # noqa: RUF012


class Mechs(ctypes.Structure):
    """A set with one name in it."""

    _fields_ = [("count", ctypes.c_size_t), ("elements", ctypes.POINTER(Oid))]  # noqa: RUF012


class GssError(Exception):
    """The library says no."""


class Library:
    """libgssapi; every call raises `GssError` if it fails."""

    def __init__(self) -> None:
        name = find_library("gssapi_krb5")
        if not name:
            raise GssError("libgssapi-krb5 is not installed")
        self._library = ctypes.CDLL(name)
        self._kept: list[Any] = []
        """What the library may still point to."""

    def call(self, name: str, *arguments: Any) -> None:
        """Call a function with its minor status in front."""
        minor = ctypes.c_uint32()
        major = getattr(self._library, name)(ctypes.byref(minor), *arguments) & 0xFFFF0000
        if major:
            raise GssError(f"{name}: {major:#010x}, {minor.value:#x}")

    def piece(self, data: bytes) -> Any:
        """A buffer with this in it."""
        held = ctypes.create_string_buffer(data, len(data))
        made = Piece(len(data), ctypes.cast(held, ctypes.c_void_p))
        self._kept += [held, made]
        return ctypes.byref(made)

    def oid(self, data: bytes) -> Oid:
        """A name."""
        held = ctypes.create_string_buffer(data, len(data))
        made = Oid(len(data), ctypes.cast(held, ctypes.c_void_p))
        self._kept += [held, made]
        return made

    def name(self, text: str, kind: bytes) -> ctypes.c_void_p:
        """A principal."""
        made = ctypes.c_void_p()
        self.call("gss_import_name", self.piece(text.encode()), ctypes.byref(self.oid(kind)), ctypes.byref(made))
        return made


class GssStranger(Stranger):
    """gss-ntlmssp, at the level that LM_COMPAT_LEVEL says. Raises `GssError` where it is not installed."""

    def __init__(self, doorman: Doorman, now: float, login: str = LOGIN, password: str = PASSWORD, **more: Any) -> None:
        super().__init__(doorman, now, login, password, **more)
        self._gss = Library()
        self._mech = self._gss.oid(NTLM)
        self._target = self._gss.name(f"sip@{TARGET}", HOST_SERVICE)
        self._cred, self._context = ctypes.c_void_p(), ctypes.c_void_p()
        mechs = Mechs(1, ctypes.pointer(self._mech))
        user, secret = self._gss.name(login, USER_NAME), self._gss.piece(password.encode())
        self._gss.call(
            "gss_acquire_cred_with_password", user, secret, ctypes.c_uint32(FOR_EVER), ctypes.byref(mechs),
            ctypes.c_int(INITIATE), ctypes.byref(self._cred), None, None,
        )  # fmt: skip
        self._step(b"")

    def _step(self, token: bytes) -> bytes:
        out = Piece()
        self._gss.call(
            "gss_init_sec_context", self._cred, ctypes.byref(self._context), self._target, ctypes.byref(self._mech),
            ctypes.c_uint32(FLAGS), ctypes.c_uint32(0), None, self._gss.piece(token), None, ctypes.byref(out),
            None, None,
        )  # fmt: skip
        return ctypes.string_at(out.value, out.length) if out.length else b""

    def answer(self, challenge: bytes) -> bytes:
        return self._step(challenge)

    def _number(self) -> None:
        value = self._gss.piece(SIP_SEQUENCE.to_bytes(4, "little"))
        option = self._gss.oid(SET_NUMBER)
        self._gss.call("gss_set_sec_context_option", ctypes.byref(self._context), ctypes.byref(option), value)

    def sign(self, text: bytes) -> bytes:
        self._number()
        out = Piece()
        self._gss.call("gss_get_mic", self._context, ctypes.c_uint32(0), self._gss.piece(text), ctypes.byref(out))
        return ctypes.string_at(out.value, out.length)

    def accepts(self, text: bytes, signature: bytes) -> bool:
        self._number()
        try:
            self._gss.call("gss_verify_mic", self._context, self._gss.piece(text), self._gss.piece(signature), None)
        except GssError:
            return False
        return True
