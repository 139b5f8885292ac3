"""Bodies of requests are shown without what is secret in them."""

from __future__ import annotations

import pytest

from snomtui.remote.blanking import LONGEST, shown_body

FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@pytest.mark.parametrize(
    ("kind", "body", "shown"),
    [
        (FORM, b"NUMBER=1&http_pass=hush", "NUMBER=1&http_pass=********"),
        ("", b"user_pass1=hush&x=http://a:hush@b/", "user_pass1=********&x=http://b/"),
        (JSON, b'{"do":"dial","number":"1"}', '{"do":"dial","number":"1"}'),
        (JSON, b'{"do":"set","name":"http_pass","value":"hush"}', '{"do":"set","name":"http_pass","value":"********"}'),
        (JSON, b'{"settings":{"user_pass1":"hush","a":[1]}}', '{"settings":{"user_pass1":"********","a":[1]}}'),
        (FORM, b'{"password":"hush"}', '{"password":"********"}'),
        (JSON, b'{"password":["hush"]', ""),
        ("text/xml", b"<a>1</a>", "<a>1</a>"),
        ("text/xml", b"<password>hush</password>", ""),
        ("multipart/form-data; boundary=x", b"hush", ""),
        (FORM, b"NUMBER:1\r\nhttp_pass:hush", "NUMBER=1&http_pass=********&"),
        (FORM, b"", ""),
        (FORM, b"a=" + LONGEST * b"x", ""),
    ],
)
def test_secret_in_a_body_is_stars(kind: str, body: bytes, shown: str) -> None:
    assert shown_body(kind, body) == shown
