"""Messages as they may be shown to others: proofs of passwords, keys of media and passwords in addresses are stars.

The stars are as many as the bytes were, so that lengths stay true and a pcap file of such messages is a right one.
"""

from __future__ import annotations

import re
from dataclasses import replace

from snomtui.trace.record import Record

_LOGIN = re.compile(
    rb"^(?:(?:proxy-)?authorization|(?:proxy-)?authentication-info)[ \t]*:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*",
    re.IGNORECASE | re.MULTILINE,
)
_PROOF = re.compile(rb"(\b(?:response|rspauth|gssapi-data)[ \t]*=[ \t]*\"?|\bbasic[ \t]+)([^\",\s]+)", re.IGNORECASE)
_KEY = re.compile(rb"^(a=crypto:[^\r\n]*?inline:|k=(?:clear|base64):)([^\s|;]+)", re.IGNORECASE | re.MULTILINE)
_PASSWORD = re.compile(rb"((?:\bsips?:|://)[^\s:@/;?<>\"]{1,100}:)([^\s:@/;?<>\"]{1,100})(?=@)", re.IGNORECASE)


def blanked(record: Record) -> Record:
    """The same message without its secrets."""
    data = _LOGIN.sub(lambda found: _PROOF.sub(_stars, found[0]), record.data)
    for pattern in (_KEY, _PASSWORD):
        data = pattern.sub(_stars, data)
    return record if data == record.data else replace(record, data=data)


def _stars(found: re.Match[bytes]) -> bytes:
    return found[1] + b"*" * len(found[2])
