"""A person and programs use the minibrowser."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snomtui.kit.box import Digits, Fetched
from snomtui.phone.intents import Press, Select, SetSetting, Show
from snomtui.phone.snapshot import GROUND, INK, Led, Pattern
from snomtui.skin import Shape
from tests.line.peer import Peer, accepted, says
from tests.phone.browser.web import Web

BASE = "http://web.example/snom/"
MENU = """<SnomIPPhoneMenu><Title>Services</Title>
<MenuItem><Name>Weather</Name><URL>weather.xml?mac=$mac</URL></MenuItem>
<MenuItem><Name>People</Name><URL>/people.xml</URL></MenuItem>
<Menu name="Light"><MenuItem name="On"><URL>light.xml?on</URL></MenuItem><MenuItem name="Off"/></Menu>
</SnomIPPhoneMenu>"""
WEATHER = """<SnomIPPhoneText><Title>Weather</Title><Text>Sun<br/>and rain</Text>
<SoftKeyItem><Name>F1</Name><Label>Again</Label><URL>weather.xml</URL></SoftKeyItem>
<SoftKeyItem><Name>5</Name><URL>tel:110</URL></SoftKeyItem></SnomIPPhoneText>"""
PEOPLE = """<SnomIPPhoneDirectory><Title>People</Title>
<DirectoryEntry><Name>Ada</Name><Telephone>+4930111</Telephone></DirectoryEntry>
<DirectoryEntry><Name>Bob</Name><Telephone>+4930222</Telephone></DirectoryEntry></SnomIPPhoneDirectory>"""
PAGES = {
    f"{BASE}menu.xml": MENU,
    f"{BASE}weather.xml?mac=0004132E1D2A": WEATHER,
    f"{BASE}weather.xml": WEATHER,
    "http://web.example/people.xml": PEOPLE,
}
KEYS = {"fkey1": "url http://web.example/snom/menu.xml", "fkey2": "xml web.example/people.xml"}


def text(body: str, more: str = "") -> str:
    """A text page."""
    return f"<SnomIPPhoneText><Title>T</Title><Text>{body}</Text>{more}</SnomIPPhoneText>"


def test_function_key_opens_a_menu_and_its_rows_lead_on() -> None:
    web = Web(PAGES, settings=KEYS)
    web.press("P2")
    assert web.snapshot.status == "Loading"
    web.serve()
    assert (web.page.name, web.page.title, web.snapshot.status) == ("minibrowser", "Services", "")
    assert web.rows == ["1 Weather", "2 People", "3 Light"]
    web.tap("ENTER")
    assert (web.page.title, web.rows) == ("Weather", ["Sun", "and rain"])
    assert [key.label if key else "" for key in web.page.softkeys] == ["Again", "", "", "Back"]
    web.tap("F4", "DOWN", "RIGHT")
    assert web.page.title == "People"
    web.tap("LEFT", "CANCEL")
    assert web.page.name == "idle"
    assert web.phone.model.browser.pages == {}


def test_digits_mark_rows_and_enter_dials() -> None:
    web = Web(PAGES, Peer(INVITE=accepted), settings=KEYS)
    web.tap("P3")
    assert [(row.text, row.right) for row in web.page.rows] == [("1 Ada", "+4930111"), ("2 Bob", "+4930222")]
    web.tap("2")
    assert web.page.cursor == 1
    web.tap("ENTER")
    assert [call.number for call in web.calls] == ["+4930222"]
    assert web.page.name == "call"


def test_click_marks_a_row() -> None:
    web = Web(PAGES)
    web.show(f"{BASE}menu.xml")
    assert web.do(Select(1)) is None
    assert web.page.cursor == 1


def test_number_of_two_digits_marks_its_row() -> None:
    items = "".join(f"<MenuItem name='row {n}'><URL>{n}</URL></MenuItem>" for n in range(1, 31))
    web = Web({f"{BASE}m": f"<SnomIPPhoneMenu>{items}</SnomIPPhoneMenu>"})
    web.show(f"{BASE}m")
    web.tap("2", "3")
    assert web.rows[web.page.cursor or 0] == "23 row 23"
    web.wait(2)
    web.tap("3")
    assert web.rows[web.page.cursor or 0] == "3 row 3"


def test_menu_may_take_a_row_by_its_digit() -> None:
    page = MENU.replace("<SnomIPPhoneMenu>", '<SnomIPPhoneMenu speedselect="enter">')
    web = Web(PAGES | {f"{BASE}menu.xml": page})
    web.show(f"{BASE}menu.xml")
    web.tap("2")
    assert web.page.title == "People"


def test_menu_in_a_menu_opens_without_asking_the_server() -> None:
    web = Web(PAGES)
    web.show(f"{BASE}menu.xml")
    web.tap("3", "ENTER")
    assert (web.page.title, web.rows) == ("Light", ["1 On", "2 Off"])
    assert len(web.fetches) == 1
    web.tap("ENTER")
    assert web.urls[-1] == f"{BASE}light.xml?on"


def test_keys_of_the_document_come_first() -> None:
    web = Web(PAGES, Peer(INVITE=accepted))
    web.show(f"{BASE}weather.xml")
    web.tap("F1")
    assert web.urls == [f"{BASE}weather.xml"] * 2
    web.tap("5")
    assert [call.number for call in web.calls] == ["110"]


def test_long_text_is_scrolled_line_by_line_and_not_beyond_its_ends() -> None:
    web = Web({f"{BASE}t": text("<br/>".join(map(str, range(12))))})
    web.show(f"{BASE}t")
    assert (web.rows[0], web.page.above, web.page.below) == ("0", 0, 4)
    web.tap("UP", *["DOWN"] * 9)
    assert (web.rows[0], web.page.above, web.page.below) == ("4", 4, 0)


INPUT = """<SnomIPPhoneInput><Title>Search</Title><URL>find.xml?x=1</URL>
<InputItem><DisplayName>Name</DisplayName><QueryStringParam>m=a&amp;name</QueryStringParam>
<DefaultValue>Ada</DefaultValue><InputFlags>a</InputFlags></InputItem>
<InputItem><DisplayName>PIN</DisplayName><QueryStringParam>pin</QueryStringParam><InputFlags>pn</InputFlags></InputItem>
</SnomIPPhoneInput>"""


def test_form_sends_all_its_fields() -> None:
    web = Web({f"{BASE}i": INPUT})
    web.show(f"{BASE}i")
    assert (web.rows, web.page.entry, web.page.cursor) == (["Name: Ada", "PIN: "], "Ada", 0)
    web.write(" & Söhne")
    web.tap("ENTER")
    web.write("1x23")
    assert (web.rows[1], web.page.entry, web.page.mode) == ("PIN: ***", "***", "")
    web.tap("ENTER")
    assert web.urls[-1] == f"{BASE}find.xml?x=1&m=a&name=Ada%20%26%20S%C3%B6hne&pin=123"


def test_form_with_one_field_takes_digits_by_the_keypad_and_a_place_in_the_url() -> None:
    page = (
        "<SnomIPPhoneInput><Prompt>How warm?</Prompt><Url>heat/__Y__/set</Url><InputItem>"
        "<InputToken>__Y__</InputToken><InputFlags>n</InputFlags></InputItem></SnomIPPhoneInput>"
    )
    web = Web({f"{BASE}i": page})
    web.show(f"{BASE}i")
    assert web.rows == ["How warm?"]
    web.tap("2", "1", "5", "LEFT", "ENTER")
    assert web.urls[-1] == f"{BASE}heat/21/set"
    assert web.page.title == "Page not shown"


def test_click_on_a_field_marks_it() -> None:
    web = Web({f"{BASE}i": INPUT})
    web.show(f"{BASE}i")
    web.do(Select(1))
    web.write("7")
    web.tap("UP")
    assert (web.page.entry, web.rows[1]) == ("Ada", "PIN: *")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Fetched(why="The server cannot be reached"), "The server cannot be reached"),
        (Fetched(status=500, body=b"<html>"), "The server answered 500"),
        (Fetched(status=200, kind="text/html; charset=x", body=b"<html>"), "This is no page for a phone (text/html)"),
        (
            Fetched(status=200, body=b"<SnomIPPhoneText>\n<Title>x</Text></SnomIPPhoneText>"),
            "The document cannot be read: mismatched tag, line 2, column 11",
        ),
        (Fetched(status=200, body=b"<Banana/>"), "<Banana> is no document for the minibrowser"),
    ],
)
def test_what_cannot_be_shown_is_said_with_its_address(answer: Fetched, words: str) -> None:
    web = Web({"http://me:secret@web.example/x": answer})
    web.do(Show("http://me:secret@web.example/x"))
    web.serve()
    assert web.page.title == "Page not shown"
    assert f"{words} http://web.example/x" in " ".join(web.rows)
    web.pages["http://me:secret@web.example/x"] = text("better")
    web.tap("F1")
    assert web.rows == ["better"]
    web.tap("CANCEL")
    assert web.page.name == "idle"


def test_answer_that_is_nothing_opens_no_page() -> None:
    web = Web({f"{BASE}menu.xml": "", f"{BASE}x": ""}, settings=KEYS)
    web.tap("P2")
    assert (web.page.name, web.snapshot.status) == ("idle", "")
    web.show(f"{BASE}x")
    assert (web.page.name, web.snapshot.status) == ("idle", "The server sent nothing to show")


def test_only_the_page_that_was_wanted_last_is_shown() -> None:
    web = Web({f"{BASE}a": text("old"), f"{BASE}b": text("new")})
    web.do(Show(f"{BASE}a"))
    web.do(Show(f"{BASE}b"))
    web.serve()
    assert (web.rows, len(web.phone.model.browser.pages)) == (["new"], 1)


def test_variables_are_replaced_and_secrets_are_empty() -> None:
    web = Web(settings={"user_pass1": "hush", "http_pass": "hush"})
    web.show(
        "http://x/$mac&/$user_name1?a=$user_name&b=$user_name[1]&c=$user_pass1&d=$http_pass&e=$nosuch&f=$language&g=$5"
    )
    assert web.urls == ["http://x/0004132E1D2A/heiko?a=heiko&b=heiko&c=&d=&e=$nosuch&f=English&g=$5"]


def test_page_leads_on_by_itself_and_takes_its_own_place() -> None:
    camera = text("one", '<fetch mil="500">camera.xml</fetch>')
    web = Web({f"{BASE}camera.xml": camera})
    web.show(f"{BASE}camera.xml")
    web.pages[f"{BASE}camera.xml"] = camera.replace(">one", ">two")
    web.wait(0.4)
    assert web.rows == ["one"]
    web.wait(0.2)
    assert (web.rows, len(web.phone.model.browser.pages)) == (["two"], 1)
    web.tap("CANCEL")
    asked = len(web.fetches)
    web.wait(5)
    assert (web.page.name, len(web.fetches)) == ("idle", asked)


def test_pages_that_lead_on_at_once_do_so_slowly() -> None:
    web = Web({f"{BASE}a": text("a", '<fetch mil="0">a</fetch>')})
    web.show(f"{BASE}a")
    for _ in range(10):
        web.wait(0.1)
    assert len(web.fetches) <= 6


def test_documents_that_show_nothing_do_not_lead_on_for_ever() -> None:
    web = Web({f"{BASE}a": '<SnomIPPhoneSilent><fetch mil="1">http://web.example/snom/a</fetch></SnomIPPhoneSilent>'})
    web.show(f"{BASE}a")
    for _ in range(100):
        web.wait(0.3)
    assert len(web.fetches) == 21
    assert any("without end" in line for line in web.log)
    assert web.page.name == "idle"


@pytest.mark.parametrize("document", ["<exit/>", text("x", '<fetch mil="1">snom://mb_exit</fetch>')])
def test_document_ends_the_minibrowser(document: str) -> None:
    web = Web(PAGES | {f"{BASE}x": document})
    web.show(f"{BASE}menu.xml")
    web.show(f"{BASE}x")
    web.wait(0.1)
    assert web.page.name == "idle"


def test_page_without_track_is_not_come_back_to() -> None:
    once = MENU.replace("<SnomIPPhoneMenu>", '<SnomIPPhoneMenu track="no">')
    web = Web(PAGES | {f"{BASE}menu.xml": once})
    web.show(f"{BASE}menu.xml")
    web.tap("ENTER", "CANCEL")
    assert web.page.name == "idle"


@pytest.mark.parametrize("scheme", ["snom", "phone"])
def test_fragment_dials(scheme: str) -> None:
    web = Web(PAGES, Peer(INVITE=accepted))
    web.show(f"{BASE}menu.xml")
    web.show(f"{scheme}://mb_exit#numberdial=%2B4930333")
    assert [call.number for call in web.calls] == ["+4930333"]


def test_fragment_presses_keys() -> None:
    web = Web(PAGES)
    web.show(f"{BASE}menu.xml")
    web.show("snom://mb_exit#key=DND")
    assert (web.page.name, web.phone.settings.on("dnd_mode")) == ("idle", True)


def test_page_changes_settings_only_where_its_host_is_trusted() -> None:
    page = text("x", "<SoftKeyItem><Name>F1</Name><URL>snom://mb_nop#set:dnd_mode=on</URL></SoftKeyItem>")
    web = Web({f"{BASE}p": page})
    web.show(f"{BASE}p")
    refusal = web.do(Press("F1"))
    assert refusal is not None and "mb_trusted_hosts" in refusal.why
    web.do(SetSetting("mb_trusted_hosts", "other.example WEB.example"))
    web.tap("F1")
    assert web.phone.settings.on("dnd_mode")


def test_batch_is_one_answer_with_several_pages() -> None:
    batch = (
        '<SnomIPPhoneBatch><SnomIPPhoneMenu id="m"><MenuItem name="Two"><URL>b#sub=*[@id="two"]&amp;var:who=Ada</URL>'
        '</MenuItem></SnomIPPhoneMenu><SnomIPPhoneText id="two"><Text>Hello $(var:who), $(set:language), $5</Text>'
        "</SnomIPPhoneText></SnomIPPhoneBatch>"
    )
    web = Web({f"{BASE}b": batch})
    web.show(f"{BASE}b")
    web.tap("ENTER")
    assert (web.rows, len(web.fetches)) == (["Hello Ada, English, $5"], 1)
    web.tap("CANCEL")
    assert web.rows == ["1 Two"]
    web.show(f'{BASE}b#sub=*[@id="two"]')
    assert web.rows[0].startswith("Hello")


def test_document_of_the_same_id_takes_the_place_of_the_older_one() -> None:
    page = "<SnomIPPhoneText document_id='7'><Text>%s</Text></SnomIPPhoneText>"
    web = Web({f"{BASE}a": page % "a", f"{BASE}b": page % "b"})
    web.show(f"{BASE}a")
    web.show(f"{BASE}b")
    assert (web.rows, len(web.phone.model.browser.pages)) == (["b"], 1)


def test_lights_of_a_document_stay_until_it_says_off() -> None:
    web = Web(
        {
            f"{BASE}on": text("x", '<Led number="3">BlinkFast</Led><Led number="4" color="green">On</Led>'),
            f"{BASE}off": text("x", '<Led number="3">Off</Led>'),
        }
    )
    web.show(f"{BASE}on")
    web.tap("CANCEL")
    assert web.snapshot.leds["P3"] == Led("orange", Pattern.FAST)
    assert web.snapshot.leds["P4"] == Led("orange", Pattern.ON)
    web.show(f"{BASE}off")
    assert "P3" not in web.snapshot.leds


def test_green_light_is_green_where_the_model_has_that() -> None:
    shape = Shape("snom820", 9, 34, 4, 4, ("red", "green", "orange"))
    web = Web({f"{BASE}on": text("x", '<Led number="1" color="green">On</Led>')}, shape=shape)
    web.show(f"{BASE}on")
    assert web.snapshot.leds["P1"] == Led("green", Pattern.ON)


def test_picture_is_asked_for_in_the_size_of_the_display() -> None:
    page = "<SnomIPPhoneImageFile><URL>cam.jpg</URL></SnomIPPhoneImageFile>"
    web = Web({f"{BASE}p": page, f"{BASE}cam.jpg": Fetched(status=200, pixels=((INK, GROUND), (GROUND, INK)))})
    web.do(Show(f"{BASE}p"))
    web.serve()
    fetch = web.fetches[-1]
    assert (fetch.url, fetch.pixels, fetch.tones) == (f"{BASE}cam.jpg", (38, 16), "grey")
    assert web.page.picture is not None and web.page.picture.rows == ((INK, GROUND), (GROUND, INK))


def test_display_of_one_line_says_that_it_shows_no_pictures() -> None:
    page = "<SnomIPPhoneImageFile><URL>cam.jpg</URL></SnomIPPhoneImageFile>"
    web = Web({f"{BASE}p": page}, shape=Shape("snom320", 1, 40, 4, 12))
    web.show(f"{BASE}p")
    assert (web.rows, len(web.fetches)) == (["This display shows no pictures"], 1)


def test_picture_in_the_document_is_unpacked_outside_as_well() -> None:
    web = Web({f"{BASE}p": '<SnomIPPhoneImage><Data encoding="base64">Qk0=</Data></SnomIPPhoneImage>'})
    web.show(f"{BASE}p")
    assert web.urls[-1] == "data:;base64,Qk0="
    assert "The server answered 404" in web.rows


def test_phone_names_itself_as_a_snom_does() -> None:
    web = Web(settings={"language": "Deutsch"})
    web.show("http://x/")
    fetch = web.fetches[0]
    assert fetch.agent == "Mozilla/4.0 (compatible; snom370-SIP 8.2.19 1.1.3-s)"
    assert fetch.language == "de"


@pytest.mark.parametrize(
    "url", ["", "file:///etc/passwd", "ftp://x/", "http://", "javascript:x", "http://[::1", "x" * 3000]
)
def test_address_of_nothing_is_refused(url: str) -> None:
    web = Web()
    refusal = web.do(Show(url))
    assert refusal is not None and refusal.why
    assert web.fetches == []


@pytest.mark.parametrize("rows", [1, 4, 10])
@pytest.mark.parametrize("page", [MENU, WEATHER, PEOPLE, INPUT, "<SnomIPPhoneMenu/>", "<banana/>", "x"])
def test_every_page_fits_every_display(rows: int, page: str) -> None:
    web = Web({f"{BASE}p": page}, shape=Shape("any", rows, 24, 4, 12))
    web.show(f"{BASE}p")
    assert 0 < len(web.page.rows) <= rows
    web.tap("DOWN", "DOWN", "UP", "ENTER", "CANCEL", "CANCEL")


def test_ringing_call_is_taken_while_a_page_lies_over_it() -> None:
    peer = Peer(BYE=says(200))
    web = Web({f"{BASE}p": "<SnomIPPhoneText state='relevant'><Text>Ada calls</Text></SnomIPPhoneText>"}, peer)
    web.ring()
    web.show(f"{BASE}p")
    assert web.rows == ["Ada calls"]
    assert [key.label if key else "" for key in web.page.softkeys] == ["Answer", "Deny", "", "Back"]
    web.tap("ENTER")
    assert peer.answers("INVITE")[-1] == 200


def test_call_below_a_page_has_its_keys() -> None:
    web = Web({f"{BASE}p": text("Ada")}, Peer(BYE=says(200)))
    web.talk()
    web.show(f"{BASE}p")
    web.tap("5", "TRANSFER")
    assert [output.digits for output in web.done(Digits)] == ["5"]
    assert web.page.name == "transfer"
    web.tap("CANCEL")
    assert web.page.name == "minibrowser"
    web.tap("ONHOOK")
    assert web.states == ["ended"]


def test_page_that_belongs_to_a_call_goes_with_it() -> None:
    web = Web({f"{BASE}p": "<SnomIPPhoneText state='relevant'><Text>Ada</Text></SnomIPPhoneText>"}, Peer(BYE=says(200)))
    web.talk()
    web.show(f"{BASE}p")
    web.do(Press("DISCONNECT"))
    web.wait(10)
    assert web.page.name == "idle"


PARTS = st.sampled_from(
    ["<Title>a</Title>", "<Text>a b<br/>c</Text>", "<MenuItem name='a'><URL>menu.xml</URL></MenuItem>", "<MenuItem/>"]
    + ["<Menu name='m'><MenuItem name='x'/></Menu>", "<DirectoryEntry><Telephone>1</Telephone></DirectoryEntry>"]
    + ["<InputItem><InputFlags>n</InputFlags></InputItem>", "<InputItem><DisplayName>b</DisplayName></InputItem>"]
    + ["<SoftKeyItem><Name>F1</Name><URL>menu.xml</URL></SoftKeyItem>", "<SoftKeyItem><Name>5</Name></SoftKeyItem>"]
    + ["<SoftKeyItem><Name>ENTER</Name><Softkey>F_CANCEL</Softkey></SoftKeyItem>", "<URL>menu.xml</URL>"]
    + ["<fetch mil='100'>snom://mb_back</fetch>", "<fetch/>", "<Image><Url>i.png</Url></Image>", "<Led number='1'/>"]
)
ROOTS = st.sampled_from(["Text", "Menu", "Directory", "Input", "ImageFile", "Image", "Silent"])
STROKES = st.sampled_from(
    ["UP", "DOWN", "LEFT", "RIGHT", "ENTER", "CANCEL", "F1", "F2", "F3", "F4", "1", "5", "0", "*", "#", "OFFHOOK"]
    + ["ONHOOK", "MENU", "TEXT:a", "BACKSPACE", "TRANSFER", "P1", "DND", "SPEAKER"]
)


@settings(max_examples=60, deadline=None)
@given(ROOTS, st.lists(PARTS, max_size=8), st.lists(STROKES, max_size=15), st.sampled_from([1, 4, 8]), st.booleans())
def test_any_document_stands_any_keys(root: str, parts: list[str], keys: list[str], rows: int, call: bool) -> None:
    document = f"<SnomIPPhone{root}>{''.join(parts)}</SnomIPPhone{root}>"
    web = Web(PAGES | {f"{BASE}p": document}, Peer(INVITE=accepted, BYE=says(200)), Shape("any", rows, 24, 4, 12))
    if call:
        web.talk()
    web.show(f"{BASE}p")
    for key in keys:
        web.do(Press(key))
        web.serve()
        page = web.page
        assert len(page.rows) <= max(rows, 1) and (page.cursor is None or 0 <= page.cursor < len(page.rows))
    web.wait(1)
