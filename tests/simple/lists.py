"""Bodies of resource lists, as servers send them."""

from __future__ import annotations

RELATED = 'multipart/related;type="application/rlmi+xml";start="<list@h>";boundary="=_b"'


def member(uri: str, cid: str = "", name: str = "", state: str = "active") -> str:
    """One member of a list."""
    named = f"<name>{name}</name>" if name else ""
    part = f' cid="{cid}"' if cid else ""
    return f'<resource uri="{uri}">{named}<instance id="i" state="{state}"{part}/></resource>'


def rlmi(*members: str, version: int = 1, full: bool = True, uri: str = "sip:friends@pbx.test") -> bytes:
    """The list itself."""
    inner = "".join(members)
    space = "urn:ietf:params:xml:ns:rlmi"
    state = str(full).lower()
    return f'<list xmlns="{space}" uri="{uri}" version="{version}" fullState="{state}">{inner}</list>'.encode()


def related(root: bytes, *parts: tuple[str, str, bytes], boundary: str = "=_b", name: str = "list@h") -> bytes:
    """The whole body; each part is its Content-ID, its type and its bytes."""
    each = [(name, "application/rlmi+xml;charset=UTF-8", root), *parts]
    text = [
        f"--{boundary}\r\nContent-ID: <{cid}>\r\nContent-Type: {kind}\r\n\r\n".encode() + body + b"\r\n"
        for cid, kind, body in each
    ]
    return b"".join(text) + f"--{boundary}--\r\n".encode()
