"""Received frames in the order in which they were spoken."""

from __future__ import annotations

from snomtui.media.order import Order


def _frame(n: int) -> bytes:
    return bytes([n]) * 320


def _play(*numbers: int, base: int = 0xFFFFFF00) -> list[int]:
    """Which frames are played after all have come; 0 is a frame of silence."""
    order = Order()
    pcm = b"".join(b"".join(order.put((base + n * 160) & 0xFFFFFFFF, _frame(n))) for n in numbers)
    pcm += b"".join(order.flush())
    return [pcm[at] for at in range(0, len(pcm), 320)]


def test_frames_in_order_are_played_at_once_over_the_wrap() -> None:
    order = Order()
    assert [order.put((0xFFFFFF00 + n * 160) & 0xFFFFFFFF, _frame(n)) for n in (1, 2, 3)] == [
        [_frame(n)] for n in (1, 2, 3)
    ]


def test_frame_that_was_overtaken_finds_its_place() -> None:
    assert _play(1, 3, 2, 4) == [1, 2, 3, 4]


def test_lost_frame_becomes_silence() -> None:
    assert _play(1, 3, 4, 5, 6, 7) == [1, 0, 3, 4, 5, 6, 7]


def test_repeated_and_late_frames_are_dropped() -> None:
    assert _play(1, 2, 2, 1, 3) == [1, 2, 3]


def test_end_gives_what_was_held() -> None:
    assert _play(1, 3) == [1, 0, 3]


def test_long_pause_is_kept_as_two_seconds() -> None:
    order = Order()
    order.put(0, _frame(1))
    order.put(8000 * 600, _frame(2))
    assert len(b"".join(order.flush())) == 2 * 16000 + 320


def test_new_clock_far_behind_is_followed() -> None:
    order = Order()
    order.put(1_000_000, _frame(1))
    assert order.put(500, _frame(2)) == [_frame(2)]
