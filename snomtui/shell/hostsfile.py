"""Names that this machine knows without any server: its hosts file, and those that RFC 6761 gives a fixed meaning."""

from __future__ import annotations

import os
from collections.abc import Mapping
from ipaddress import ip_address

from snomtui.sip.locating import Answer, Question

FILE = "/etc/hosts"
LARGEST = 1024 * 1024
"""Bytes of the file that are read."""


class HostsFile:
    """`/etc/hosts`, read again when it has changed."""

    def __init__(self, path: str = FILE) -> None:
        self._path = path
        self._stamp: tuple[int, int] | None = None
        self._names: dict[str, tuple[str, ...]] = {}

    def addresses(self, name: str) -> tuple[str, ...]:
        """The addresses of a name, of both families; none if it does not stand there."""
        try:
            found = os.stat(self._path)
            stamp = (found.st_mtime_ns, found.st_size)
            if stamp != self._stamp:
                with open(self._path, encoding="utf-8", errors="replace") as file:
                    self._names = parsed(file.read(LARGEST))
                self._stamp = stamp
        except OSError:
            self._stamp, self._names = None, {}
        return self._names.get(name.casefold(), ())


def parsed(text: str) -> dict[str, tuple[str, ...]]:
    """Names in small letters with their addresses, in the order of the lines; what cannot be read is left out."""
    names: dict[str, tuple[str, ...]] = {}
    for line in text.splitlines():
        words = line.partition("#")[0].split()
        if len(words) < 2 or not _version(words[0]):
            continue
        for name in words[1:]:
            known = names.get(name.casefold(), ())
            names[name.casefold()] = known if words[0] in known else (*known, words[0])
    return names


def known(question: Question, given: Mapping[str, str], file: HostsFile) -> Answer | None:
    """The answer, if no DNS server need be asked: of such a name nothing but its addresses is known.

    `given` is asked first; `localhost` and what ends so is this machine, `invalid` is nothing (RFC 6761 6).
    """
    labels = question.name.casefold().rstrip(".").split(".")
    while labels and labels[0].startswith("_"):
        del labels[0]
    name = ".".join(labels)
    addresses = (given[name],) if name in given else file.addresses(name)
    if not addresses and labels[-1:] == ["localhost"]:
        addresses = ("127.0.0.1", "::1")
    if not addresses and labels[-1:] != ["invalid"]:
        return None
    version = {"a": 4, "aaaa": 6}.get(question.kind)
    return Answer(tuple(each for each in addresses if _version(each) == version)) if version else Answer()


def _version(address: str) -> int:
    try:
        return ip_address(address).version
    except ValueError:
        return 0
