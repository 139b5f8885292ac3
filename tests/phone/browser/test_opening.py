"""Pages as strangers mark them: who hears the keys, labels, secrets, and pages that lead on for days."""

from __future__ import annotations

import pytest

from snomtui.kit.box import Fetched
from snomtui.phone.browser.reading import LONGEST_TEXT, MOST_LINES, read
from tests.phone.browser.web import Web

BASE = "http://web.example/"


@pytest.mark.parametrize("state", ["only_mb", "relevant", "others_except_mb"])
def test_page_is_shown_whoever_hears_the_keys(state: str) -> None:
    page = f"<SnomIPPhoneText state='{state}'><Title>T</Title><Text>seen</Text></SnomIPPhoneText>"
    menu = "<SnomIPPhoneMenu><MenuItem name='on'><URL>p</URL></MenuItem></SnomIPPhoneMenu>"
    web = Web({f"{BASE}p": page, f"{BASE}m": menu})
    web.show(f"{BASE}p")
    assert web.rows == ["seen"]
    web.tap("CANCEL")
    web.show(f"{BASE}m")
    web.tap("ENTER")
    assert web.rows == ["seen"]


def test_own_name_of_a_key_is_shown_as_a_word() -> None:
    key = "<SoftKeyItem><Name>F4</Name><Label>F_DELETE</Label><URL>d</URL></SoftKeyItem>"
    (document,) = read(f"<SnomIPPhoneText><Text>x</Text>{key}</SnomIPPhoneText>".encode())
    assert document.keys[0].label == "Delete"


def test_endless_text_is_cut() -> None:
    (document,) = read(f"<SnomIPPhoneText><Text>{'a ' * 90_000}</Text></SnomIPPhoneText>".encode())
    assert len(document.text) <= LONGEST_TEXT
    (document,) = read(f"<SnomIPPhoneText><Text>{'a<br/>' * 9000}</Text></SnomIPPhoneText>".encode())
    assert document.text.count("\n") < MOST_LINES


def test_label_with_a_colon_gets_no_second_one() -> None:
    form = "".join(f"<InputItem><DisplayName>{name}</DisplayName></InputItem>" for name in ("Search:", "In"))
    web = Web({f"{BASE}f": f"<SnomIPPhoneInput><Url>x</Url>{form}</SnomIPPhoneInput>"})
    web.show(f"{BASE}f")
    assert web.rows == ["Search: ", "In: "]


@pytest.mark.parametrize("url", ["check", "check/__P__/x"])
@pytest.mark.parametrize("answer", [Fetched("", 404), Fetched("", why="The server cannot be reached")])
def test_typed_secret_stands_on_no_page_and_in_no_log(url: str, answer: Fetched) -> None:
    how = "<InputToken>__P__</InputToken>" if "__" in url else "<QueryStringParam>pin</QueryStringParam>"
    form = f"<InputItem><DisplayName>PIN</DisplayName>{how}<InputFlags>pn</InputFlags></InputItem>"
    web = Web({f"{BASE}f": f"<SnomIPPhoneInput><Url>{BASE}{url}</Url>{form}</SnomIPPhoneInput>"})
    web.show(f"{BASE}f")
    web.press("8", "8", "1", "5", "ENTER")
    assert "8815" in web.urls[-1]
    web.pages[web.urls[-1]] = answer
    web.serve()
    assert web.page.title == "Page not shown"
    assert not any("8815" in line for line in (*web.rows, *web.log))
    web.tap("F1")
    assert web.urls[-1] == web.urls[-2]
    assert not any("8815" in line for line in (*web.rows, *web.log))


def test_lamps_that_are_pushed_all_day_go_on_and_off() -> None:
    web = Web({f"{BASE}next": "<SnomIPPhoneSilent/>"})
    pushed = f'<SnomIPPhoneSilent><fetch mil="1">{BASE}next</fetch></SnomIPPhoneSilent>'.encode()
    for count in range(1, 60):
        web.tell(web.peer.make("NOTIFY", body=("application/snomxml", pushed)))
        web.wait(30)
        assert len(web.urls) == count
