from __future__ import annotations

import pickle

import pytest

from snomtui.kit.secret import Secret


def test_secret_shows_stars_however_it_is_printed() -> None:
    secret = Secret("geheim")
    assert [str(secret), f"{secret}", f"{secret:>7}", f"{secret!r}", f"{[secret]}"] == [
        "*****",
        "*****",
        "  *****",
        "Secret(*****)",
        "[Secret(*****)]",
    ]
    assert secret.reveal() == "geheim"


def test_secrets_compare_by_their_text_only_with_secrets() -> None:
    assert Secret("a\ud800") == Secret("a\ud800")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2
    assert not Secret("") and Secret("x")


def test_secret_is_not_pickled() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(Secret("geheim"))
