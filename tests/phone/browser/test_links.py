"""URLs: variables, fragments, answers of forms, and what may go onto the wire."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.phone.browser.links import (
    Order,
    blanked,
    completed,
    expanded,
    fetchable,
    joined,
    last_id,
    orders,
    spelled,
    submitted,
)
from snomtui.phone.browser.values import Field

VALUES = {"mac": "0004", "call-id": "a&b", "name": "Jürgen Ö", "user_name1": "x", "number": "+49 30", "empty": ""}
OWN = {"who": "Ada"}


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("http://x/$mac&/a?m=$mac&n=1", "http://x/0004/a?m=0004&n=1"),
        ("http://x/a?id=$call-id&n=$number", "http://x/a?id=a%26b&n=%2B49%2030"),
        ("http://x/a?n=$name&u=$user_name[1]", "http://x/a?n=J%C3%BCrgen%20%C3%96&u=x"),
        ("http://x/a?e=$empty&f=$nosuch", "http://x/a?e=&f=$nosuch"),
        ("http://x/a#var:a=$mac&var:b=$mac", "http://x/a#var:a=0004&var:b=0004"),
        ("http://x/$(var:who)?s=$(set:mac)&u=$(urlencode:a b)&h=$sip_header(From)", "http://x/Ada?s=0004&u=a%20b&h="),
        ("$", "$"),
    ],
)
def test_variables_are_replaced_where_they_stand(url: str, wanted: str) -> None:
    assert expanded(url, VALUES.get, OWN.get) == wanted


def test_dollar_in_a_text_is_only_a_dollar() -> None:
    assert spelled("$5, $mac, $(var:who), $(set:mac), $(x)", VALUES.get, OWN.get) == "$5, $mac, Ada, 0004, $(x)"


@pytest.mark.parametrize(
    ("fragment", "wanted"),
    [
        ("numberdial=%2B49", (Order("numberdial", "", "+49"),)),
        ("set:dnd_mode=on&amp;key=F_HOLD;1", (Order("set", "dnd_mode", "on"), Order("key", "", "F_HOLD;1"))),
        ('sub=*[@id="a"]&var:x=1', (Order("sub", "", '*[@id="a"]'), Order("var", "x", "1"))),
        ("reboot", (Order("reboot"),)),
        ("", ()),
        ("&&=5", ()),
    ],
)
def test_fragment_is_read_as_orders(fragment: str, wanted: tuple[Order, ...]) -> None:
    assert orders(fragment) == wanted


def test_path_names_what_stands_at_its_end() -> None:
    assert last_id("/SnomIPPhoneMenu/*[@id=\"m1\"]/*[@id='m2']") == "m2"
    assert last_id("nothing") == ""


@pytest.mark.parametrize(
    ("base", "url", "wanted"),
    [
        ("http://x/a/b.xml?q", "c.xml", "http://x/a/c.xml"),
        ("http://x/a/b.xml", "/c.xml", "http://x/c.xml"),
        ("http://x/a/b.xml", "?q=1", "http://x/a/b.xml?q=1"),
        ("http://x/a", "https://y/", "https://y/"),
        ("http://x/a", "snom://mb_exit", "snom://mb_exit"),
        ("", "c.xml", "c.xml"),
    ],
)
def test_relative_url_belongs_to_its_page(base: str, url: str, wanted: str) -> None:
    assert joined(base, url) == wanted


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("http://x/a b?c=ü#d", "http://x/a%20b?c=%C3%BC"),
        ("http://x/%41", "http://x/%41"),
        ("HTTPS://x:444/", "HTTPS://x:444/"),
        ("ftp://x/", ""),
        ("http://", ""),
        ("http://x:99999/", ""),
        ("http://x/\r\nHost: y", "http://x/%0D%0AHost:%20y"),
    ],
)
def test_only_whole_addresses_of_web_pages_are_fetched(url: str, wanted: str) -> None:
    assert fetchable(url) == wanted


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("web.example:81/x", "http://web.example:81/x"),
        ("192.0.2.1/x", "http://192.0.2.1/x"),
        ("localhost:80", "http://localhost:80"),
        ("https://x", "https://x"),
        ("ftp:x", "ftp:x"),
    ],
)
def test_address_without_a_scheme_is_one_of_the_web(url: str, wanted: str) -> None:
    assert completed(url) == wanted


def test_login_in_a_url_is_not_shown() -> None:
    assert blanked("http://me:secret@x/a@b") == "http://x/a@b"


def test_answers_go_where_the_document_wants_them() -> None:
    name, pin, free = Field("", "a=1&name"), Field("", token="__P__"), Field("")
    assert submitted("http://x/__P__", [(name, "ä b"), (pin, "1/2")]) == "http://x/1%2F2?a=1&name=%C3%A4%20b"
    assert submitted("http://x/?q=", [(free, "5")]) == "http://x/?q=5"
    assert submitted("snom://mb_exit#numberdial=__P__", [(pin, "5")]) == "snom://mb_exit#numberdial=5"


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_taken_as_a_url_without_harm(base: str, url: str) -> None:
    whole = fetchable(completed(joined(f"http://{base}", expanded(url, VALUES.get, OWN.get))))
    assert whole == "" or (whole.isascii() and whole.isprintable() and " " not in whole)
    assert isinstance(orders(url), tuple)
