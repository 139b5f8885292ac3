"""The door to SDP: values from `description.py` (RFC 4566), offer and answer from `offer.py` (RFC 3264)."""

from __future__ import annotations

from snomtui.sip.description import DIRECTIONS, STATIC, Codec, Line, Media, Sdp
from snomtui.sip.offer import AudioPlan, answer, audio, offer, sdp_part

__all__ = [
    "DIRECTIONS",
    "STATIC",
    "AudioPlan",
    "Codec",
    "Line",
    "Media",
    "Sdp",
    "answer",
    "audio",
    "offer",
    "sdp_part",
]
