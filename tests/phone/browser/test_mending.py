"""Repairs of documents, and what they may cost."""

from __future__ import annotations

import pytest

from snomtui.phone.browser.mending import mended


@pytest.mark.parametrize("kept", ["<![CDATA[a & b=c]]>", "<!-- a & b -->", "<?php a & b ?>"])
def test_pieces_that_are_no_markup_stay_as_they_are(kept: str) -> None:
    assert mended(f"<a>& {kept} &</a>") == f"<a>&amp; {kept} &amp;</a>"


@pytest.mark.parametrize("begin", ["<!--", "<?", "<![CDATA["])
def test_beginnings_without_end_are_not_searched_again_and_again(begin: str) -> None:
    """Looking to the end of the document at each of them takes minutes for a page of the size that is read."""
    text = f"<a>&{begin * 60_000}"
    assert mended(text) == text.replace("&", "&amp;")


def test_piece_after_one_without_end_still_stays() -> None:
    assert mended("<a><?x & <!-- & --> </a>") == "<a><?x &amp; <!-- & --> </a>"
