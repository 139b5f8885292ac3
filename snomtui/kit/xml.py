"""XML in and out: a guard in front of the parser, and a writer that cannot forget to escape.

Reading: `parse` refuses what no honest presence document needs. Namespaces are read by local name, because programs
in the field disagree about them. Writing: `tag` escapes every content that is not `Markup` already.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element as Element

from snomtui.errors import MalformedXml

LIMIT = 256 * 1024
"""The longest document that is read, in bytes."""

DEPTH = 64
"""The deepest nesting that is copied."""

XSI = "http://www.w3.org/2001/XMLSchema-instance"

_PREFIXES = {XSI: "xsi", "http://www.w3.org/XML/1998/namespace": "xml"}
_ILLEGAL = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NUMBER = re.compile(r"\s*([0-9]{1,10})\s*")


def parse(data: bytes) -> Element:
    """Read a document and return its root; raises `MalformedXml` for anything odd.

    The encoding declaration is ignored, since some senders declare utf-16 over utf-8 text. This also closes the
    hole behind the search for a document type: no other encoding can hide one.
    """
    if len(data) > LIMIT:
        raise MalformedXml(f"XML of {len(data)} bytes; at most {LIMIT} are read")
    if b"\0" in data:
        raise MalformedXml("XML with a NUL byte")
    try:
        text = data.decode("utf-8")
        if "<!DOCTYPE" in text:
            raise MalformedXml("XML with a document type")
        # Given as str, the parser takes UTF-8 whatever the declaration says.
        return ElementTree.fromstring(text)
    except (UnicodeDecodeError, ElementTree.ParseError) as error:
        raise MalformedXml(f"XML that cannot be read: {error}") from None


def parse_root(data: bytes, *names: str) -> Element:
    """Read a document whose root has one of these local names; raises `MalformedXml` otherwise."""
    root = parse(data)
    if local(root) not in names:
        raise MalformedXml(f"XML with <{local(root)[:40]}> where <{names[0]}> was expected")
    return root


def local(element: Element) -> str:
    """The element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def children(element: Element | None, name: str) -> Iterator[Element]:
    """The children with this local name; none of a missing element."""
    return (child for child in (element if element is not None else ()) if local(child) == name)


def child(element: Element | None, *path: str) -> Element | None:
    """The first descendant along this path of local names, or None."""
    for name in path:
        element = next(children(element, name), None)
    return element


def content(element: Element | None, *path: str) -> str:
    """The text of the element at the end of the path, blanks around it removed; empty if it is not there."""
    found = child(element, *path)
    return (found.text or "").strip() if found is not None else ""


def attribute(element: Element, name: str) -> str | None:
    """The attribute with this local name, or None."""
    value = element.get(name)
    if value is None:
        value = next((value for key, value in element.items() if key.endswith("}" + name)), None)
    return value


def number(text: str | None, default: int = 0) -> int:
    """A decimal number of at most ten digits; `default` for anything else."""
    found = _NUMBER.fullmatch(text or "")
    return int(found[1]) if found else default


class Markup(str):
    """Text that is XML already. `tag` takes it as it is and escapes any other text."""

    __slots__ = ()


def escape(text: str) -> Markup:
    """Text as it may stand between tags; characters that XML 1.0 does not know are dropped."""
    text = _ILLEGAL.sub("", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return Markup(text.replace("\r", "&#13;"))


def quote(text: str) -> Markup:
    """Text as an attribute in quotation marks; line ends survive."""
    escaped = escape(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
    return Markup(f'"{escaped}"')


def tag(name: str, attributes: Mapping[str, str | int | bool | None] | None = None, *content: str) -> Markup:
    """One element. Attributes that are None are left out; content is escaped unless it is `Markup`.

    `name` and the names of attributes are ours and are written as they are.
    """
    head = "".join(f" {key}={quote(_plain(value))}" for key, value in (attributes or {}).items() if value is not None)
    inner = "".join(part if isinstance(part, Markup) else escape(part) for part in content)
    return Markup(f"<{name}{head}>{inner}</{name}>" if inner else f"<{name}{head}/>")


def join(parts: Iterator[Markup] | list[Markup] | tuple[Markup, ...]) -> Markup:
    """Pieces of markup one after the other."""
    return Markup("".join(parts))


def copy(element: Element, around: str = "", depth: int = 0) -> Markup:
    """A parsed element as markup again, without prefixes on elements; raises `MalformedXml` if nested too deeply.

    `around` is the namespace in force where the markup will stand.
    """
    if depth > DEPTH:
        raise MalformedXml(f"XML nested more than {DEPTH} deep")
    namespace, _, name = element.tag[1:].rpartition("}") if element.tag[:1] == "{" else ("", "", element.tag)
    head: dict[str, str | int | bool | None] = {} if namespace == around else {"xmlns": namespace}
    for index, (key, value) in enumerate(element.items()):
        head |= _attribute(key, value, index)
    inner = escape(element.text or "")
    inner = Markup(inner + "".join(copy(each, namespace, depth + 1) + escape(each.tail or "") for each in element))
    return tag(name, head, inner)


def _attribute(key: str, value: str, index: int) -> dict[str, str]:
    if not key.startswith("{"):
        return {key: value}
    namespace, _, name = key[1:].rpartition("}")
    prefix = _PREFIXES.get(namespace, f"n{index}")
    return {f"{prefix}:{name}": value} if prefix == "xml" else {f"xmlns:{prefix}": namespace, f"{prefix}:{name}": value}


def _plain(value: str | int | bool | None) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
