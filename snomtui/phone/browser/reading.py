"""Reads documents of the minibrowser as strangers write them; the fact file's chapter 6 has the elements.

Names are matched without regard to case, `Snom` in front of them may be missing, order does not matter, and what is
not known is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from snomtui.errors import MalformedXml
from snomtui.kit.xml import LIMIT, local
from snomtui.phone.browser.conditions import settle
from snomtui.phone.browser.mending import mended
from snomtui.phone.browser.values import Document, DocumentKey, Field, Item, Light
from snomtui.phone.keys import Unknown, canonical
from snomtui.phone.snapshot import Led, Pattern

MOST = 1000
"""So many rows, fields, keys or documents are read of each kind; the rest is left out."""
DEEPEST = 16
"""So deep may menus stand in menus."""
LONGEST_TEXT, MOST_LINES = 16_000, 500
"""Characters and lines of one text; the rest is left out, since nobody reads on and every look at it costs time."""
KINDS = ("text", "menu", "directory", "input", "imagefile", "image", "silent")
_MAIN = re.compile(r"(?:snom)?ipphone([a-z]+)")
_ENCODING = re.compile(rb"\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._-]{1,40})", re.IGNORECASE)
_NO_CHARSETS = ("punycode", "idna", "unicode_escape", "unicode-escape", "raw_unicode_escape", "raw-unicode-escape")
"""Names that Python knows and no web page means; a page in `punycode` would take minutes."""
_PATTERNS = {
    "on": Pattern.ON,
    "blink": Pattern.MEDIUM,
    "blinkslow": Pattern.SLOW,
    "blinkmedium": Pattern.MEDIUM,
    "blinkfast": Pattern.FAST,
}
_KEY_NAMES = {"RECALL": "F_HOLD", "F_RECALL": "F_HOLD"}
_MINIBROWSER = {
    "F_MINIBROWSER_SELECT": "ENTER",
    "F_MINIBROWSER_DIAL": "ENTER",
    "F_MINIBROWSER_SEARCH": "ENTER",
    "F_MINIBROWSER_CANCEL": "CANCEL",
    "F_MINIBROWSER_BACK": "CANCEL",
    "F_MINIBROWSER_EDIT_NEXT": "DOWN",
    "F_EDIT_NEXT": "DOWN",
    "F_BACK": "CANCEL",
    "F_SELECT": "ENTER",
}


class Broken(MalformedXml):
    """A document that cannot be read, with the place of the mistake where there is one."""

    def __init__(self, why: str, line: int = 0, column: int = 0, **values: object) -> None:
        """`line` and `column` count from 1; 0 = the document as a whole. `values` are for the braces in `why`."""
        said = why.format(**values) if values else why
        super().__init__(f"{said}, line {line}, column {column}" if line else said)
        self.why, self.line, self.column, self.values = why, line, column, values


def looks_like_xml(body: bytes) -> bool:
    """Whether somebody wanted this to be XML: it begins with a tag that is none of HTML's."""
    start = body[:512].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").lower()
    return start.startswith(b"<") and not start.startswith((b"<html", b"<!doctype html", b"<head", b"<body"))


def read(body: bytes, kind: str = "", said: Callable[[str], str] = str) -> tuple[Document, ...]:
    """The documents in a body, one but for a batch; `kind` is its Content-Type.

    `said` replaces the variables in conditions. Raises `Broken`.
    """
    if len(body) > LIMIT:
        raise Broken("The document is longer than {size} KiB", size=LIMIT // 1024)
    text = _decoded(body, kind)
    if "\0" in text:
        raise Broken("There is a NUL character in it")
    if re.search("<!(?:DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise Broken("A document type is not allowed")
    root = _parsed(text)
    settle(root, said)
    return _documents(root)


def _decoded(body: bytes, kind: str) -> str:
    """The text; a byte order mark wins, then the declaration, then the Content-Type, then UTF-8."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace")
    declared, told = _ENCODING.match(body), _CHARSET.search(kind)
    names = [found for found in (declared and declared[1].decode(), told and told[1]) if found]
    for name in (*(name for name in names if name.lower() not in _NO_CHARSETS), "utf-8", "cp1252"):
        try:
            return body.decode(name if not name.lower().startswith("utf-16") else "utf-8").removeprefix("\ufeff")
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    return body.decode("latin-1")


def _parsed(text: str) -> Element:
    try:
        return _tree(text)
    except ElementTree.ParseError:
        try:
            return _tree(mended(text))
        except ElementTree.ParseError as error:
            line, column = error.position
            skipped = text[: len(text) - len(text.lstrip())].count("\n")
            raise Broken(_words(error), line + skipped, column + 1) from None


def _tree(text: str) -> Element:
    try:
        return ElementTree.fromstring(text)
    except (UnicodeEncodeError, ValueError) as error:
        raise Broken("There are characters in it that XML does not know") from error


def _words(error: ElementTree.ParseError) -> str:
    return str(error).partition(":")[0]


# -- elements


def _name(element: Element) -> str:
    return local(element).lower()


def _main(element: Element) -> str:
    """What kind of document an element is, or nothing."""
    found = _MAIN.fullmatch(_name(element))
    kind = found[1] if found else _name(element)
    return kind if (found and kind in (*KINDS, "batch", "exit")) or kind == "exit" else ""


def _documents(root: Element) -> tuple[Document, ...]:
    kind = _main(root)
    if kind == "batch":
        found = [_document(each, _main(each)) for each in root if _main(each) in (*KINDS, "exit")]
        if not found:
            raise Broken("There is nothing to show in this batch")
        return tuple(found[:MOST])
    if not kind:
        raise Broken("<{name}> is no document for the minibrowser", name=local(root)[:40])
    return (_document(root, kind),)


def _document(element: Element, kind: str) -> Document:
    fetch = _child(element, "fetch")
    image = _image(element, kind)
    return Document(
        kind="image" if kind == "imagefile" else kind,
        title=_line(_child(element, "title")) or _attribute(element, "title"),
        text=_prompt(element) if kind == "input" else _text(_child(element, "text")),
        url=_line(_child(element, "url")),
        items=tuple(_entries(element) if kind == "directory" else _items(element)),
        fields=tuple(_fields(element)),
        keys=tuple(_keys(element)),
        lights=tuple(_lights(element)),
        image=image,
        after=_milliseconds(fetch) if fetch is not None else None,
        onward=_line(fetch),
        track=_attribute(element, "track").lower() not in ("no", "off", "false"),
        speed=_attribute(element, "speedselect").lower() or "select",
        state=_attribute(element, "state").lower(),
        id=_attribute(element, "id"),
        document_id=_attribute(element, "document_id"),
    )


def _children(element: Element, *names: str) -> Iterator[Element]:
    return (each for each in element if _name(each) in names)


def _child(element: Element, *names: str) -> Element | None:
    return next(_children(element, *names), None)


def _attribute(element: Element, *names: str) -> str:
    values = {key.rpartition("}")[2].lower(): value for key, value in element.items()}
    return next((values[name].strip() for name in names if name in values), "")


def _line(element: Element | None) -> str:
    """The text of an element in one line."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def _text(element: Element | None) -> str:
    """A text of several lines.

    Where line breaks are marked by `<br/>`, line ends in the source are blanks, as in HTML.
    """
    if element is None:
        return ""
    marked = _child(element, "br", "p") is not None
    parts = [element.text or ""]
    for each in element:
        inner = "".join(each.itertext())
        parts += ["\v" + inner if _name(each) in ("br", "p") else inner, each.tail or ""]
    text = "".join(parts).replace("\r\n", "\n").replace("\r", "\n").strip(" \t\n")
    lines = (text.replace("\n", " ").split("\v")) if marked else text.split("\n")
    return "\n".join(" ".join(line.split()) for line in lines[:MOST_LINES])[:LONGEST_TEXT].rstrip()


def _prompt(element: Element) -> str:
    """What an input page asks; many write the word Prompt there and mean nothing."""
    said = _line(_child(element, "prompt"))
    return "" if said.lower() in ("prompt", "prompt text") else said


def _items(element: Element, path: tuple[int, ...] = ()) -> Iterator[Item]:
    """The rows of a menu; `path` says where it stands in others."""
    for count, each in enumerate(element):
        if count >= MOST or len(path) > DEEPEST:
            return
        name, here = _name(each), (*path, count)
        if name in ("menu", "menuitem"):
            label = _line(_child(each, "name", "label", "title", "prompt")) or _attribute(each, "name", "title")
            inner = tuple(_items(each, here)) if name == "menu" else ()
            url, id = _line(_child(each, "url", "action")), _attribute(each, "id")
            known = id if re.fullmatch(r"[\w.-]{1,80}", id) else "_" + ".".join(map(str, here))
            yield Item(label or url, url, _line(_child(each, "subtext", "extratext")), known, inner)


def _entries(element: Element) -> Iterator[Item]:
    for count, each in enumerate(_children(element, "directoryentry", "entry")):
        if count >= MOST:
            return
        number = _line(_child(each, "telephone", "number", "phone"))
        name = _line(_child(each, "name")) or _attribute(each, "name") or number
        url = f"tel:{number}" if number else _line(_child(each, "url"))
        yield Item(name, url, right=number if number != name else "")


def _fields(element: Element) -> Iterator[Field]:
    for count, each in enumerate(_children(element, "inputitem")):
        if count >= MOST:
            return
        yield Field(
            label=_line(_child(each, "displayname", "name")),
            param=_line(_child(each, "querystringparam")),
            token=_line(_child(each, "inputtoken")),
            default=_line(_child(each, "defaultvalue")),
            flags=_line(_child(each, "inputflags")).lower(),
        )


def _keys(element: Element) -> Iterator[DocumentKey]:
    for count, each in enumerate(_children(element, "softkeyitem", "softkey")):
        if count >= MOST:
            return
        given = (_line(_child(each, "name")) or _attribute(each, "name")).upper()
        key = canonical(_KEY_NAMES.get(given, given)) if given else Unknown("")
        url = _line(_child(each, "url", "action"))
        press = _line(_child(each, "softkey")).upper()
        label = _label(_line(_child(each, "label")) or press)
        if isinstance(key, Unknown):
            key = f"F{count + 1}" if not given and count < 4 else ""
        if press in ("F_MINIBROWSER_EXIT", "F_EXIT") and not url:
            url = "snom://mb_exit"
        if press == "F_MINIBROWSER_UPDATE" and not url:
            url = "snom://mb_update"
        if key:
            yield DocumentKey(key, label, url, "" if url else _MINIBROWSER.get(press, press))


def _label(text: str) -> str:
    """What stands on a soft key; some write the phone's own name for it, such as `F_DELETE`."""
    if not re.fullmatch("F_[A-Z_]+", text):
        return text
    return text.removeprefix("F_MINIBROWSER_").removeprefix("F_").replace("_", " ").capitalize()


def _lights(element: Element) -> Iterator[Light]:
    for count, each in enumerate(_children(element, "led")):
        number = _attribute(each, "number")
        if count >= MOST or not re.fullmatch("0*([1-9]|1[0-2])", number):
            continue
        pattern = _PATTERNS.get(_line(each).lower().replace(" ", "").replace("_", ""))
        color = _attribute(each, "color", "colour").lower()
        yield Light(f"P{int(number)}", Led(color, pattern) if pattern else None)


def _milliseconds(fetch: Element) -> float:
    """After how many seconds to fetch."""
    given = _attribute(fetch, "mil", "ms")
    return min(int(given), 86_400_000) / 1000 if re.fullmatch("[0-9]{1,9}", given) else 0.0


def _image(element: Element, kind: str) -> str:
    """The picture of a document: a URL, or its data."""
    if kind == "imagefile":
        return _line(_child(element, "url"))
    if kind == "image":
        data = _child(element, "data")
        if data is None:
            return _line(_child(element, "url"))
        return "data:;base64," + re.sub(r"\A\s*data:[^,]{0,80},|\s+", "", "".join(data.itertext()))
    inside = _child(element, "image") if kind == "text" else None
    if inside is None:
        return ""
    return _line(_child(inside, "url")) or ("" if len(inside) else _line(inside))
