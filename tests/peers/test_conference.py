"""A conference of our phone with two PJSIPs: what one says, the other one hears."""

from __future__ import annotations

import wave
from contextlib import suppress
from pathlib import Path

import pytest

from tests.media.ears import loudness
from tests.peers.callers import Callers
from tests.phones import until

pytestmark = pytest.mark.peer


def test_pjsip_hears_the_tone_of_another_pjsip_through_the_conference_of_our_phone(
    callers: Callers, tmp_path: Path
) -> None:
    """Bob sends back what he hears. So what our phone records of him is what Carol has said, or nothing."""
    phone = callers.phone("alice", "udp", sim_media_source="silence", sim_record_dir=str(tmp_path / "kept"))
    callers.pjsip("carol", "udp", "--audio", "tone", "--answer", "auto")
    callers.pjsip("bob", "udp", "--audio", "echo", "--answer", "auto")
    phone.do("dial", number="carol")
    phone.call("talking", number="carol")
    phone.do("dial", number="bob")
    phone.call("holding", number="carol")
    bob = phone.call("talking", number="bob")["id"]

    def heard() -> bytes:
        with suppress(OSError, EOFError), wave.open(str(tmp_path / "kept" / f"{bob}.wav")) as kept:
            return bytes(kept.readframes(kept.getnframes()))
        return b""  # its header is not written yet

    def tone() -> float:
        return loudness(heard()[-8000:], 440)

    until(lambda: len(heard()) > 16000, what="a second of bob is recorded")
    assert tone() < 0.01
    phone.do("conference")
    phone.call("talking", number="carol")
    until(lambda: tone() > 0.1, what="bob sends carol's tone back")
    phone.do("conference", on=False)
    phone.call("holding", number="carol")
    until(lambda: tone() < 0.01, what="bob is alone again")
