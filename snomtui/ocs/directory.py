"""Searching the company's directory over SIP: SOAP in SERVICE to the domain ([MS-PRES] 2.2.1).

A search has rows, each an attribute of the directory and how its value begins; whoever fits all of them is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from snomtui.errors import MalformedXml
from snomtui.kit.xml import Element, attribute, child, children, content, local, number, tag
from snomtui.ocs.contacts import address
from snomtui.ocs.soap import envelope, soap_body
from snomtui.presence import Contact

METHOD = "directorySearch"
MOST_FOUND = 100
"""What a client asks for at most, and what is told if it does not say."""
MOST_ROWS = 20
"""A search with more rows is refused."""

GIVEN_NAME, SURNAME, DISPLAY_NAME, MAIL = "givenName", "sn", "displayName", "mail"
NUMBER, ADDRESS = "telephoneNumber", "msRTCSIP-PrimaryUserAddress"
_ARRAY = "searchArray"
_DIGITS = re.compile(r"\+?[0-9 ()./-]*[0-9][0-9 ()./-]*")


@dataclass(frozen=True, slots=True)
class Search:
    """A wish to find people."""

    rows: tuple[tuple[str, str], ...]
    """Attributes of the directory, such as `givenName`, and how their values begin."""
    most: int = MOST_FOUND
    """More people than this are not told."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody who was found."""

    uri: str
    """`sip:user@host`."""
    name: str = ""
    phone: str = ""
    email: str = ""
    title: str = ""
    office: str = ""
    company: str = ""
    city: str = ""
    state: str = ""
    country: str = ""


def rows_for(text: str) -> tuple[tuple[str, str], ...]:
    """What to look for when a person types this: a number, an address, two names, or one name of somebody."""
    words = text.split()
    if _DIGITS.fullmatch(text.strip()):
        return ((NUMBER, re.sub(r"[^0-9+]", "", text)),)
    if len(words) == 1 and "@" in text:
        return ((ADDRESS, address(words[0])),)
    if len(words) == 2:
        return ((GIVEN_NAME, words[0].rstrip(",")), (SURNAME, words[1]))
    return ((DISPLAY_NAME, " ".join(words)),)


def build_search(text: str, most: int = MOST_FOUND) -> bytes:
    """The body of a SERVICE to `sip:domain`, of the type `application/SOAP+xml`, for what a person typed."""
    return build_rows(Search(rows_for(text), most))


def build_rows(search: Search) -> bytes:
    """The same for a search that is made already."""
    wanted = [
        tag("m:filter", {"m:href": f"#{_ARRAY}"}),
        tag("m:maxResults", None, str(search.most)),
    ]
    rows = [tag("m:row", {"m:attrib": name, "m:value": value}) for name, value in search.rows]
    return envelope(tag(f"m:{METHOD}", None, *wanted), tag("m:Array", {"m:id": _ARRAY}, *rows))


def search_in(body: Element) -> Search:
    """The search in the body of an envelope; raises `MalformedXml`, also if it looks for nothing or for too much."""
    method = child(body, METHOD)
    if method is None:
        raise MalformedXml(f"SOAP without {METHOD}")
    named = child(method, "filter")
    wanted = (attribute(named, "href") or "").removeprefix("#") if named is not None else ""
    arrays = [each for each in children(body, "Array") if not wanted or attribute(each, "id") in (wanted, None)]
    found = ((attribute(row, "attrib") or "", attribute(row, "value") or "") for each in arrays for row in each)
    rows = tuple((name.strip(), value.strip()) for name, value in found if name.strip() and value.strip())
    if not rows or len(rows) > MOST_ROWS:
        raise MalformedXml(f"a search with {len(rows)} rows; wanted are 1 to {MOST_ROWS}")
    return Search(rows, number(content(method, "maxResults")) or MOST_FOUND)


def build_found(entries: Iterable[Entry], more: bool) -> bytes:
    """The answer to a search; `more`: there are others who fit."""
    method = tag(f"m:{METHOD}", None, tag("m:moreAvailable", None, "true" if more else "false"))
    rows = [tag("m:row", _attributes(each)) for each in entries]
    return envelope(method, tag("m:Array", {"m:id": _ARRAY}, *rows))


def parse_found(data: bytes) -> tuple[tuple[Contact, ...], bool]:
    """Who was found, and whether there are more; rows without an address are left out. Raises `MalformedXml`."""
    body = soap_body(data)
    rows = [row for each in children(body, "Array") for row in each if local(row) == "row"]
    contacts = tuple(_contact(row) for row in rows if attribute(row, "uri"))
    return contacts, content(body, METHOD, "moreAvailable").lower() == "true"


def _attributes(entry: Entry) -> dict[str, str | int | bool | None]:
    """The attributes of a row; empty ones are there too, as a client may read them without asking."""
    return {
        "m:uri": entry.uri,
        "m:displayName": entry.name,
        "m:title": entry.title,
        "m:office": entry.office,
        "m:phone": entry.phone,
        "m:company": entry.company,
        "m:city": entry.city,
        "m:state": entry.state,
        "m:country": entry.country,
        "m:email": entry.email,
    }


def _contact(row: Element) -> Contact:
    phone = (attribute(row, "phone") or "").strip().removeprefix("tel:").partition(";")[0]
    numbers = (re.sub(r"[^0-9+]", "", phone),) if _DIGITS.fullmatch(phone) else ()
    return Contact(address(attribute(row, "uri") or ""), (attribute(row, "displayName") or "").strip(), numbers)
