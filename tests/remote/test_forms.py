"""Bodies as programs send them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.remote import forms, query

MULTIPART = (
    b'--xx\r\nContent-Disposition: form-data; name="number"\r\n\r\n+49 30\r\n'
    b"--xx\r\ncontent-disposition: form-data; name=key\r\nContent-Type: text/plain\r\n\r\n5\r\n"
    b'--xx\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nnumber=666\r\n--xx--\r\n'
)


@pytest.mark.parametrize(
    ("body", "kind", "wanted"),
    [
        (b"number=1&key=2", "application/x-www-form-urlencoded", [("number", "1"), ("key", "2")]),
        (b"number=+491", "", [("number", "+491")]),
        (b"?number=1", "text/plain", [("number", "1")]),
        (b"number=1\r\n", "application/octet-stream", [("number", "1")]),
        (MULTIPART, "multipart/form-data; boundary=xx", [("number", "+49 30"), ("key", "5")]),
        (MULTIPART, 'Multipart/Form-Data; Boundary="xx"', [("number", "+49 30"), ("key", "5")]),
        (MULTIPART, "multipart/form-data", None),
        (
            b'{"number": "+491", "n": 5, "on": true, "deep": {}}',
            "application/json",
            [("number", "+491"), ("n", "5"), ("on", "on")],
        ),
        (b' {"number": "1"}', "", [("number", "1")]),
        (b"[1]", "application/json", None),
        (b"<a/>", "text/xml", None),
        (b"NUMBER:100", "application/x-www-form-urlencoded", [("NUMBER", "100")]),
        (
            b"a_url:http%3A%2F%2Fh%2F%3Fx%3D%24y\r\nSettings:Apply",
            "",
            [("a_url", "http://h/?x=$y"), ("Settings", "Apply")],
        ),
        (b"", "", []),
    ],
)
def test_reader_finds_the_fields_whatever_the_type_says(body: bytes, kind: str, wanted: query.Pairs | None) -> None:
    assert forms.fields(body, kind) == wanted


@given(st.binary(), st.sampled_from(["", "multipart/form-data; boundary=x", "application/json", "text/xml", "a/b"]))
def test_reader_never_fails(body: bytes, kind: str) -> None:
    forms.fields(body, kind)


def test_form_of_very_many_parts_is_read_in_part() -> None:
    body = b'\r\n--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n1' * 2000
    assert len(forms.multipart(body, "multipart/form-data; boundary=x") or []) <= forms.MOST_PARTS
