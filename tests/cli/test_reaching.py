"""Which phones a command means, how it gets at them, and what it tells of each."""

from __future__ import annotations

import io
import json
import ssl
import sys
from pathlib import Path

import pytest
import trustme

from snomtui.cli import run
from tests.remote.driving.oddphones import FOUND, NOT_FOUND, OK, logged_in, odd, page

Said = pytest.CaptureFixture[str]
NOBODY = "http://127.0.0.1:1"


def book(folder: Path, text: str) -> None:
    """Write the phone book."""
    path = folder / "config" / "snomtui" / "phones.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text)


def test_phone_of_the_book_is_meant_by_name_or_by_default(own_folders: Path, capsys: Said) -> None:
    with odd(lambda request: FOUND) as phone:
        book(own_folders, f"default = 'desk'\n[phones.desk]\nurl = '{phone.url}'\nidentity = '49301@voip.test'\n")
        assert run(["dial", "030 12"]) == 0
        assert run(["dial", "--phone", "desk", "--identity", "me@x", "5"]) == 0
        assert phone.lines == [
            "GET /command.htm?number=03012&outgoing_uri=49301%40voip.test",
            "GET /command.htm?number=5&outgoing_uri=me%40x",
        ]
    assert capsys.readouterr().out == "dialled 03012\n"
    assert run(["dial", "--phone", "dsk", "5"]) == 2
    assert capsys.readouterr().err == "snomtui: no phone is called 'dsk', did you mean desk?\n"


def test_variable_names_the_phone_before_the_book_does(own_folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with odd(lambda request: OK) as phone:
        book(own_folders, f"default = 'desk'\n[phones.desk]\nurl = '{NOBODY}'\n")
        monkeypatch.setenv("SNOMTUI_PHONE", phone.url)
        assert run(["press", "1"]) == 0 and phone.lines == ["GET /command.htm?key=1"]


def test_several_phones_are_asked_at_once_and_the_worst_code_counts(own_folders: Path, capsys: Said) -> None:
    refused = page("403 Forbidden", "")
    with odd(lambda request: FOUND) as one, odd(lambda request: refused) as two:
        text = f"[phones.one]\nurl = '{one.url}'\n[phones.two]\nurl = '{two.url}'\n[phones.three]\nurl = '{NOBODY}'\n"
        book(own_folders, f"{text}[groups]\nboth = ['one', 'two']\n")
        assert run(["dial", "--phone", "both", "--phone", "one", "5"]) == 1
        told = capsys.readouterr()
        assert (told.out, told.err) == ("one: dialled 5\n", f"two: 127.0.0.1:{two.port}: this login may not do that\n")
        assert run(["dial", "--phone", "both", "--phone", "three", "--json", "5"]) == 3
        rows = {row["phone"]: row for row in map(json.loads, capsys.readouterr().out.splitlines())}
        assert rows["one"] == {"phone": "one", "ok": True, "said": "dialled 5"}
        assert not rows["two"]["ok"] and "could not connect" in rows["three"]["why"]
        assert one.dials() == two.dials() == 2


def test_password_comes_from_where_the_book_says(own_folders: Path) -> None:
    secret = own_folders / "config" / "snomtui" / "desk.secret"
    program = [sys.executable, "-c", "print('geheim')"]
    with odd(logged_in("Basic realm=x", OK, "Basic bWU6Z2VoZWlt")) as phone:
        both = f"url = '{phone.url}'\nuser = 'me'\n"
        book(
            own_folders,
            f"[phones.a]\n{both}password_file = 'desk.secret'\n[phones.b]\n{both}password_command = {program}\n",
        )
        assert run(["press", "--phone", "a", "1"]) == 2
        secret.write_text("geheim\nmore\n")
        assert run(["press", "--phone", "a", "1"]) == run(["press", "--phone", "b", "1"]) == 0


def test_password_comes_from_the_environment_or_a_file(own_folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with odd(logged_in("Basic realm=x", OK, "Basic bWU6Z2VoZWlt")) as phone:
        monkeypatch.setattr(sys, "stdin", io.StringIO())
        reach = ["press", "--phone", phone.url, "--user", "me", "1"]
        assert run(reach) == 2 and phone.asked == []
        monkeypatch.setenv("SNOMTUI_PASSWORD", "geheim")
        assert run(reach) == 0
        monkeypatch.setenv("SNOMTUI_PASSWORD", "wrong")
        assert run(reach) == 1
        (own_folders / "secret").write_text("geheim")
        assert run([*reach, "--password-file", str(own_folders / "secret")]) == 0


def test_number_rules_come_from_the_book_and_the_command_line(own_folders: Path, capsys: Said) -> None:
    with odd(lambda request: FOUND) as phone:
        book(own_folders, f"[numbers]\ncountry = '49'\n[phones.desk]\nurl = '{phone.url}'\n")
        run(["dial", "--phone", "desk", "(030) 12 34 56"])
        run(["dial", "--phone", "desk", "--prefix", "0", "0301234567"])
        assert [line.rpartition("=")[2] for line in phone.lines] == ["%2B4930123456", "000493012345" + "67"]
    assert run(["dial", "--country", "x", "5"]) == 2
    assert "country: up to 8 digits" in capsys.readouterr().err


def test_number_is_found_in_text_from_stdin(monkeypatch: pytest.MonkeyPatch, capsys: Said) -> None:
    with odd(lambda request: FOUND) as phone:
        monkeypatch.setattr(sys, "stdin", io.StringIO("Call me: (030) 123-456, thanks\n"))
        assert run(["dial", "--phone", phone.url, "-"]) == 0
        assert capsys.readouterr().out == "dialled 030123456\n"
        monkeypatch.setattr(sys, "stdin", io.StringIO("030 12345 or 030 12346"))
        assert run(["dial", "--phone", phone.url, "-"]) == 2 and phone.dials() == 1


def test_new_certificate_is_accepted_by_its_fingerprint(own_folders: Path, capsys: Said) -> None:
    made = [ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) for _ in range(2)]
    for context in made:
        trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    known = own_folders / "state" / "snomtui" / "known_phones"
    with odd(lambda request: FOUND, made[0]) as phone:
        assert run(["dial", "--phone", phone.url, "5"]) == 0 and "first time" in capsys.readouterr().err
        known.write_text(known.read_text().replace("sha256:", "sha256:00")[:-3] + "\n")
        assert run(["dial", "--phone", phone.url, "5"]) == 1
        accept = capsys.readouterr().err.split("--accept-certificate ")[1].strip()
        assert run(["dial", "--phone", phone.url, "--accept-certificate", accept, "5"]) == 0
        assert run(["dial", "--phone", phone.url, "5"]) == 0 and accept in known.read_text()
        assert phone.dials() == 3 and capsys.readouterr().err == ""


def test_phones_are_added_listed_checked_and_removed(own_folders: Path, capsys: Said) -> None:
    with odd(lambda request: NOT_FOUND if b"/api/" in request else page("200 OK", "<p>snom370-SIP</p>")) as phone:
        assert run(["phones", "add", "desk", phone.url, "--default", "--country", "49"]) == 0
        assert run(["phones", "add", "hall", NOBODY, "--user", "me", "--password-command", "echo", "-n", "x"]) == 0
        assert run(["phones", "add", "x", NOBODY, "--password-file", "here", "--ca-file", "system"]) == 0
        written = (own_folders / "config" / "snomtui" / "phones.toml").read_text()
        assert f'password_file = "{Path.cwd() / "here"}"' in written and 'ca_file = "system"' in written
        assert run(["phones", "remove", "x"]) == 0
        assert run(["phones", "list"]) == 0
        assert capsys.readouterr().out == f"* desk             {phone.url}\n  hall             {NOBODY}  as me\n"
        assert run(["phones", "check"]) == 3
        told = capsys.readouterr()
        assert told.out == "desk: there, snom370-SIP\n" and told.err.startswith("hall: could not connect")
        assert run(["phones", "remove", "hall"]) == 0 and run(["phones", "remove", "hall"]) == 2
        assert run(["phones", "add", "x", "http://me:geheim@x"]) == 2
        assert "geheim" not in capsys.readouterr().err


def test_login_that_somebody_wrote_into_an_address_is_not_told(tmp_path: Path, capsys: Said) -> None:
    book = tmp_path / "phones.toml"
    book.write_text('[phones.desk]\nurl = "http://me:geheim@192.0.2.7"\n')
    assert run(["phones", "list", "--book", str(book)]) == 0
    assert run(["phones", "list", "--json", "--book", str(book)]) == 0
    assert run(["phones", "trust", "http://me:geheim@192.0.2.7", "--yes"]) == 2
    told = capsys.readouterr()
    assert told.out.count("http://192.0.2.7") == 2 and "geheim" not in told.out + told.err


def test_phone_book_that_cannot_be_written_is_told_in_words(tmp_path: Path, capsys: Said) -> None:
    (tmp_path / "file").write_text("")
    assert run(["phones", "add", "desk", NOBODY, "--book", str(tmp_path / "file" / "phones.toml")]) == 2
    assert "defect" not in capsys.readouterr().err


def test_time_that_is_none_is_refused(capsys: Said) -> None:
    for command in (["status"], ["phones", "trust", NOBODY], ["qa", "run", "x.qa"]):
        assert run([*command, "--timeout", "-1"]) == 2
        assert "must be seconds" in capsys.readouterr().err


def test_phone_is_trusted_only_when_told_so(own_folders: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    known = own_folders / "state" / "snomtui" / "known_phones"
    with odd(lambda request: OK, context) as phone:
        assert run(["phones", "trust", phone.url]) == 2 and not known.exists()
        assert run(["phones", "trust", phone.url, "--yes"]) == 0 and known.exists()
        assert run(["phones", "trust", phone.url, "--yes"]) == 0 and "known already" in capsys.readouterr().out
        assert phone.asked == []
    assert run(["phones", "trust", "https://127.0.0.1:1"]) == 3
