"""URLs of the minibrowser: variables in them, what their fragments order, and how answers are sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import quote, unquote, urljoin, urlsplit

from snomtui.phone.browser.values import Field

LONGEST = 2000
"""The longest URL, characters."""
INTERNAL = ("snom", "phone")
DIALLED = ("tel", "callto", "sip", "sips", "dial")
_VALUE = "-_.~:@,!*()"
"""What stays as it is in a value that is put into a URL."""
_URL = "-_.~:/?#[]@!$&'()*+,;=%"
_NAMED = re.compile(
    r"\$\((?P<how>[a-z_]+):(?P<what>[^()]*)\)|\$sip_header\((?P<header>[^()]*)\)"
    r"|\$(?P<name>call-id|csta-id|[A-Za-z_][A-Za-z0-9_]*(?:\[[0-9]{1,3}\])?)"
)
_SECRET = re.compile(r"([?&;][^=&;#]*(?:pass|pwd|secret|token)[^=&;#]*=)[^&;#]+", re.IGNORECASE)
_ID = re.compile(r"@id\s*=\s*[\"']([^\"']*)[\"']")

Lookup = Callable[[str], str | None]
"""The value of a variable by name (`mac`, `user_name1`, `remote`); None = there is no such variable."""


@dataclass(frozen=True, slots=True)
class Order:
    """One thing that the fragment of a URL asks for: `key=F_HOLD`, `set:dnd_mode=on`."""

    name: str
    """In small letters: `key numberdial set toggleset var sub menu reboot reregister calllistclear ...`."""
    what: str = ""
    """What stands behind the colon: the name of a setting or variable."""
    value: str = ""


def expanded(url: str, value: Lookup, own: Lookup) -> str:
    """The URL with all variables in it replaced; unknown ones stay as they are.

    `own`: the variables that documents have set. In the path the `&` that ends a name goes with it.
    """
    path = re.match(r"[^?#]*", url)
    end = path.end() if path else 0
    return _replaced(url[:end], value, own, True) + _replaced(url[end:], value, own, False)


def _replaced(text: str, value: Lookup, own: Lookup, path: bool) -> str:
    parts, at = [], 0
    for found in _NAMED.finditer(text):
        said = _value(found, value, own)
        if said is None:
            continue
        parts += [text[at : found.start()], quote(said, safe=_VALUE)]
        at = found.end()
        if path and text[at : at + 1] == "&":
            at += 1
    return "".join([*parts, text[at:]])


def spelled(text: str, value: Lookup, own: Lookup) -> str:
    """A text with `$(set:NAME)` and `$(var:NAME)` replaced; a plain `$` is only a dollar there."""
    return _NAMED.sub(lambda found: (_value(found, value, own) or "") if found["how"] else found[0], text)


def _value(found: re.Match[str], value: Lookup, own: Lookup) -> str | None:
    if found["header"] is not None:
        return value(f"sip_header({found['header'].strip().lower()})") or ""
    if found["name"]:
        return value(found["name"].replace("[", "").replace("]", ""))
    what = found["what"].strip()
    match found["how"]:
        case "var":
            return own(what) or ""
        case "set" | "setcache":
            return value(what) or ""
        case "urlencode" | "lang":
            return what
        case _:
            return None


def orders(fragment: str) -> tuple[Order, ...]:
    """What a fragment asks for, one after the other."""
    found = []
    for part in fragment.split("&"):
        part = part.removeprefix("amp;")
        head, _, value = part.partition("=") if "*[" not in part.partition("=")[0] else (part, "", "")
        name, _, what = head.partition(":")
        if name.strip():
            found.append(Order(unquote(name).strip().lower(), unquote(what).strip(), unquote(value).strip()))
    return tuple(found)


def last_id(path: str) -> str:
    """The id that a path such as `*[@id="a"]/*[@id="b"]` ends with, or nothing."""
    found = _ID.findall(path)
    return str(found[-1]) if found else ""


def joined(base: str, url: str) -> str:
    """A URL of a document as a whole one."""
    url = url.strip()
    try:
        return urljoin(base, url) if urlsplit(base).scheme in ("http", "https") else url
    except ValueError:
        return url


def scheme(url: str) -> str:
    """`http`, `snom`, `tel` ... in small letters, or nothing."""
    found = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", url)
    return found[1].lower() if found else ""


def completed(url: str) -> str:
    """The URL with `http://` in front if a person has left that out: `web.example:8080/menu.xml`."""
    return url if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:(?![0-9]+(?:[/?#]|$))", url) else f"http://{url}"


def host(url: str) -> str:
    """The host of a URL in small letters, or nothing."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def fetchable(url: str) -> str:
    """The URL as it goes onto the wire: without fragment, odd characters escaped; empty if it is none."""
    where = quote(url.partition("#")[0].strip(), safe=_URL)
    try:
        parts = urlsplit(where)
        good = parts.scheme.lower() in ("http", "https") and parts.hostname and (parts.port or 1)
    except ValueError:
        good = None
    return where if good and len(where) <= LONGEST else ""


def blanked(url: str) -> str:
    """A URL as it may be shown: without a login in it."""
    return re.sub(r"(?<=://)[^/@?#]*@", "", url)


def hushed(url: str) -> str:
    """The same, with stars for what stands behind names of secrets in its query: `?user=me&password=***`."""
    return _SECRET.sub(r"\1***", blanked(url))


def submitted(url: str, answers: Iterable[tuple[Field, str]], open_: bool = True) -> str:
    """Where an input page leads with these answers; not `open_`: as it may be shown, with stars for secret ones."""
    base, mark, fragment = url.partition("#")
    for field, answer in answers:
        said = quote(answer, safe="") if open_ or not field.secret else "***"
        if field.token:
            base, fragment = base.replace(field.token, said), fragment.replace(field.token, said)
        elif field.param:
            base += ("&" if "?" in base else "?") + f"{field.param}={said}"
        else:
            base += said
    return base + mark + fragment
