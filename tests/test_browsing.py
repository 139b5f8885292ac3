"""`snomtui browse`: what may be given, and what is said when it is wrong."""

from __future__ import annotations

import pytest

from snomtui.browsing import BROWSE, split, where
from snomtui.errors import LocalError
from tests.programs import run


def test_listen_of_the_page_and_of_the_front_end_are_told_apart() -> None:
    given = ["127.0.0.1:9000", "tls:127.0.0.1:5061", "[::1]:9001", "tcp:127.0.0.1:0"]
    assert split(given) == (["127.0.0.1:9000", "[::1]:9001"], ["tls:127.0.0.1:5061", "tcp:127.0.0.1:0"])


def test_page_is_at_8081_unless_told_otherwise_and_the_last_one_wins() -> None:
    assert where([]) == BROWSE == ("127.0.0.1", 8081)
    assert where(["127.0.0.1:1", "[::1]:2"]) == ("::1", 2)


@pytest.mark.parametrize("wrong", ["off", "8081", "host:", "127.0.0.1:99999"])
def test_page_needs_an_address(wrong: str) -> None:
    with pytest.raises(LocalError, match="--listen .*HOST:PORT"):
        where([wrong])


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (["--listen", "nowhere"], "--listen nowhere: must be HOST:PORT"),
        (["--listen", "tls:127.0.0.1:0"], "a front end is only there with --demo"),
        (["--headless"], "--headless is for phone and demo"),
        (["--model", "nothing"], "nothing"),
    ],
)
def test_wrong_option_is_named_in_one_line(given: list[str], why: str) -> None:
    done = run("browse", *given)
    assert done.returncode == 2
    assert why in done.stderr and done.stderr.count("\n") == 1


def test_address_that_this_machine_does_not_have_is_told() -> None:
    done = run("browse", "--demo", "--listen", "192.0.2.1:8081", "--http", "off", "--listen", "tls:127.0.0.1:0")
    assert done.returncode == 2
    assert "phone in the browser" in done.stderr and "Traceback" not in done.stderr
