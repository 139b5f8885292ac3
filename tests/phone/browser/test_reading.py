"""Documents as strangers write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.phone.browser.reading import Broken, looks_like_xml, read
from snomtui.phone.browser.values import Document, DocumentKey, Field, Item, Light
from snomtui.phone.snapshot import Led, Pattern

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def one(text: str) -> Document:
    """The only document in a text."""
    (document,) = read(text.encode())
    return document


def test_text_page_has_lines_where_it_says_so() -> None:
    document = one(
        f"{HEAD}<SnomIPPhoneText><Title>Weather</Title><Prompt>Prompt Text</Prompt>"
        "<Text>\n  Berlin<br/>12 &#176;C\n  and rain<br />Wind: 3 &amp; 4</Text>"
        "<LocationX>5</LocationX><Nonsense><Deep/></Nonsense></SnomIPPhoneText>"
    )
    assert (document.kind, document.title) == ("text", "Weather")
    assert document.text == "Berlin\n12 °C and rain\nWind: 3 & 4"


def test_line_ends_count_in_a_text_without_marks() -> None:
    assert one("<SnomIPPhoneText><Text>\n  one\n\n  two  \n</Text></SnomIPPhoneText>").text == "one\n\ntwo"
    assert one("<SnomIPPhoneText><Text><![CDATA[a < b\nc]]></Text></SnomIPPhoneText>").text == "a < b\nc"


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("<MenuItem><Name>A</Name><URL>a.xml</URL></MenuItem>", [("A", "a.xml")]),
        ("<MenuItem><URL>a.xml</URL><Name>A</Name></MenuItem>", [("A", "a.xml")]),
        ('<MenuItem name="A"><Url>a.xml</Url></MenuItem>', [("A", "a.xml")]),
        ("<menuitem><NAME>A</NAME><url>a.xml</url></menuitem>", [("A", "a.xml")]),
        ("<MenuItem><Name>A</Name></MenuItem>", [("A", "")]),
        ("<MenuItem><URL>a.xml</URL></MenuItem>", [("a.xml", "a.xml")]),
        ('<If condition="on"><MenuItem name="A"/></If><Other/><MenuItem name="B"/>', [("A", ""), ("B", "")]),
    ],
)
def test_menu_is_read_in_every_spelling(text: str, items: list[tuple[str, str]]) -> None:
    for name in ("SnomIPPhoneMenu", "IPPhoneMenu", "snomipphonemenu"):
        document = one(f"<{name}>{text}</{name}>")
        assert [(item.name, item.url) for item in document.items] == items


def test_menus_stand_in_menus() -> None:
    document = one(
        '<SnomIPPhoneMenu><Menu name="Light"><MenuItem name="On"><URL>on</URL></MenuItem></Menu>'
        '<Menu name="Heat" id="h"><Menu name="More"><MenuItem name="x"/></Menu></Menu></SnomIPPhoneMenu>'
    )
    light, heat = document.items
    assert light.items == (Item("On", "on", id="_0.0"),)
    assert (heat.id, heat.items[0].items[0].name) == ("h", "x")


def test_second_text_of_a_row_stands_at_its_right() -> None:
    document = one('<IPPhoneMenu><MenuItem name="Ada"><SubText>110</SubText><Url>a</Url></MenuItem></IPPhoneMenu>')
    assert document.items == (Item("Ada", "a", "110", "_0"),)


def test_directory_entries_dial() -> None:
    document = one(
        "<SnomIPPhoneDirectory><DirectoryEntry><Telephone>+49 30 1</Telephone><Name>Ada</Name></DirectoryEntry>"
        "<DirectoryEntry><Name>Nobody</Name></DirectoryEntry></SnomIPPhoneDirectory>"
    )
    assert document.items == (Item("Ada", "tel:+49 30 1", "+49 30 1"), Item("Nobody"))


def test_input_page_asks_for_several_things() -> None:
    document = one(
        "<SnomIPPhoneInput><Title>Who</Title><Prompt>Prompt</Prompt><URL>http://x/?a=1</URL>"
        "<InputItem><DisplayName>Name</DisplayName><QueryStringParam>m=1&amp;q</QueryStringParam>"
        "<DefaultValue/><InputFlags>a</InputFlags></InputItem>"
        "<InputItem><InputToken>__P__</InputToken><InputFlags>PN</InputFlags></InputItem></SnomIPPhoneInput>"
    )
    assert document.fields == (Field("Name", "m=1&q", flags="a"), Field("", token="__P__", flags="pn"))
    assert (document.text, document.url) == ("", "http://x/?a=1")
    assert [field.mode for field in document.fields] == ["abc", "123"]
    assert document.fields[1].secret and document.fields[1].digits


def test_keys_and_lights_are_read_in_every_spelling() -> None:
    document = one(
        "<SnomIPPhoneText><SoftKeyItem><Name>F1</Name><Label>Go</Label><URL>go.xml</URL></SoftKeyItem>"
        "<SoftKeyItem><Name>F_UP</Name><Url>up.xml</Url></SoftKeyItem>"
        "<SoftKeyItem><Name>recall</Name><Softkey>F_REDIAL</Softkey></SoftKeyItem>"
        "<SoftKeyItem><Name>F4</Name><SoftKey>F_MINIBROWSER_EXIT</SoftKey></SoftKeyItem>"
        '<Led number="6" color="Green">Blink</Led><LED number="07">Off</LED><led number="1">blinkfast</led>'
        '<Led number="99">On</Led><Led>On</Led></SnomIPPhoneText>'
    )
    assert document.keys == (
        DocumentKey("F1", "Go", "go.xml"),
        DocumentKey("UP", "", "up.xml"),
        DocumentKey("F_HOLD", "Redial", "", "F_REDIAL"),
        DocumentKey("F4", "Exit", "snom://mb_exit"),
    )
    assert document.lights == (
        Light("P6", Led("green", Pattern.MEDIUM)),
        Light("P7", None),
        Light("P1", Led("", Pattern.FAST)),
    )


def test_fetch_has_its_time_and_attributes_their_meaning() -> None:
    document = one(
        '<SnomIPPhoneImageFile track="no" state="relevant" document_id="cam" id="i"><URL>a.jpg</URL>'
        '<fetch mil="500">next.xml</fetch></SnomIPPhoneImageFile>'
    )
    assert (document.kind, document.image, document.after, document.onward) == ("image", "a.jpg", 0.5, "next.xml")
    assert (document.track, document.state, document.document_id, document.id) == (False, "relevant", "cam", "i")


def test_picture_may_stand_in_the_document_itself() -> None:
    document = one('<SnomIPPhoneImage><Data encoding="base64">\nQk0A\nAAAA\n</Data></SnomIPPhoneImage>')
    assert document.image == "data:;base64,Qk0AAAAA"


def test_batch_holds_several_documents() -> None:
    found = read(b'<SnomIPPhoneBatch><SnomIPPhoneText id="a"/><X/><IPPhoneSilent/><exit/></SnomIPPhoneBatch>')
    assert [(each.kind, each.id) for each in found] == [("text", "a"), ("silent", ""), ("exit", "")]


@pytest.mark.parametrize(
    "text",
    [
        "<SnomIPPhoneMenu><MenuItem><Name>A</Name><URL>http://x/?m=1&u=2&lang</URL></MenuItem></SnomIPPhoneMenu>",
        "\n\n <?xml version='1.0'?><SnomIPPhoneMenu track=no><MenuItem name=A><URL>http://x/?m=1&u=2&lang</URL>"
        "</MenuItem></SnomIPPhoneMenu>",
        "<SnomIPPhoneMenu><MenuItem><Name>A</Name><URL>http://x/?m=1&amp;u=2&lang</URL></MenuItem></SnomIPPhoneText>",
    ],
)
def test_usual_mistakes_are_mended(text: str) -> None:
    assert one(text).items[0].url == "http://x/?m=1&u=2&lang"


def test_names_of_signs_that_only_html_knows_are_read() -> None:
    assert one("<SnomIPPhoneText><Text>&uuml;&nbsp;&euro; &foo; a&b</Text></SnomIPPhoneText>").text == "ü € &foo; a&b"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (
            '<?xml version="1.0" encoding="ISO-8859-1"?><SnomIPPhoneText><Title>Grüße</Title></SnomIPPhoneText>',
            "latin-1",
        ),
        ("<SnomIPPhoneText><Title>Grüße</Title></SnomIPPhoneText>", "cp1252"),
        ("\ufeff<SnomIPPhoneText><Title>Grüße</Title></SnomIPPhoneText>", "utf-8"),
        ("<SnomIPPhoneText><Title>Grüße</Title></SnomIPPhoneText>", "utf-16"),
        ('<?xml version="1.0" encoding="UTF-16"?><SnomIPPhoneText><Title>Grüße</Title></SnomIPPhoneText>', "utf-8"),
        ('<?xml version="1.0" encoding="klingon"?><SnomIPPhoneText><Title>Grüße</Title></SnomIPPhoneText>', "utf-8"),
    ],
)
def test_document_is_read_in_its_encoding(body: str, kind: str) -> None:
    assert read(body.encode(kind))[0].title == "Grüße"


def test_content_type_tells_the_encoding_where_the_document_does_not() -> None:
    body = "<SnomIPPhoneText><Title>Ж</Title></SnomIPPhoneText>".encode("koi8-r")
    assert read(body, 'text/xml; charset="KOI8-R"')[0].title == "Ж"


@pytest.mark.parametrize(
    ("body", "why", "line", "column"),
    [
        (b"<SnomIPPhoneText>\n<Title>x</Text>\n</SnomIPPhoneText>", "mismatched tag", 2, 11),
        (b"\n\n<SnomIPPhoneText>\n<Title>x</Text>\n</SnomIPPhoneText>", "mismatched tag", 4, 11),
        (b"<SnomIPPhoneText><Title>x", "no element found", 1, 26),
        (b"<SnomIPPhoneText><Text>a < b</Text></SnomIPPhoneText>", "not well-formed (invalid token)", 1, 27),
        (b"<Banana/>", "<{name}> is no document for the minibrowser", 0, 0),
        (b"<SnomIPPhoneBatch/>", "There is nothing to show in this batch", 0, 0),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><SnomIPPhoneText/>', "A document type is not allowed", 0, 0),
        (b"<SnomIPPhoneText>" + b"x" * 300_000, "The document is longer than {size} KiB", 0, 0),
        (b"", "no element found", 1, 1),
    ],
)
def test_broken_document_is_named_with_the_place(body: bytes, why: str, line: int, column: int) -> None:
    with pytest.raises(Broken) as caught:
        read(body)
    assert (caught.value.why, caught.value.line, caught.value.column) == (why, line, column)


TAGS = st.sampled_from(
    [
        "<SnomIPPhoneText>",
        "</SnomIPPhoneText>",
        "<SnomIPPhoneMenu>",
        "<MenuItem>",
        "</MenuItem>",
        "<Name>",
        "&",
        "&amp;",
    ]
    + [
        "<Menu name=a>",
        "</Menu>",
        "<Text>",
        "</Text>",
        "<br/>",
        "<Led number='1'>",
        "</Led>",
        "]]>",
        "<![CDATA[",
        "<!--",
    ]
    + ["<fetch mil=1>", "</fetch>", "x", "<", ">", '"', "'", "\0", "\n", "<?xml version='1.0' encoding='x'?>"]
)


@pytest.mark.parametrize("name", ["punycode", "IDNA", "unicode_escape", "no-such-charset"])
def test_name_that_is_no_charset_is_passed_over(name: str) -> None:
    """Python would take a quarter of a minute to read this much as punycode."""
    head, text = f'<?xml version="1.0" encoding="{name}"?>', "a" * 100_000 + "-" + "b" * 100_000
    (document,) = read(f"{head}<SnomIPPhoneText><Title>\\u00e4</Title><Text>{text}</Text></SnomIPPhoneText>".encode())
    assert document.title == "\\u00e4"


@given(st.lists(TAGS, max_size=40).map("".join).map(str.encode) | st.binary(max_size=200))
def test_garbage_is_read_or_refused_and_nothing_else(body: bytes) -> None:
    try:
        found = read(body)
    except Broken as error:
        assert str(error)
    else:
        assert found


def test_deep_and_wide_documents_are_bounded() -> None:
    deep = "<Menu>" * 4000 + "</Menu>" * 4000
    assert one(f"<SnomIPPhoneMenu>{deep}</SnomIPPhoneMenu>").items
    wide = "<MenuItem name='a'/>" * 5000
    assert len(one(f"<SnomIPPhoneMenu>{wide}</SnomIPPhoneMenu>").items) == 1000


@pytest.mark.parametrize(
    ("body", "is_xml"),
    [(b" \n<a/>", True), (b"\xef\xbb\xbf<?xml?>", True), (b"OK", False), (b"", False), (b"<HTML>", False)],
)
def test_web_pages_and_plain_answers_are_told_from_documents(body: bytes, is_xml: bool) -> None:
    assert looks_like_xml(body) is is_xml
