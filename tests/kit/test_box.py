"""The five doors: both boxes have them, and orders are plain values."""

from __future__ import annotations

import inspect
from dataclasses import FrozenInstanceError
from typing import get_args

import pytest

from snomtui.kit.box import Box, Close, Output, Send, host_port
from snomtui.office.office import Office
from snomtui.phone.phone import Phone

DOORS = ("receive", "linked", "tick", "outbox", "next_wake")


@pytest.mark.parametrize("box", [Phone, Office])
@pytest.mark.parametrize("door", DOORS)
def test_both_boxes_have_the_five_doors(box: type, door: str) -> None:
    wanted, made = inspect.signature(getattr(Box, door)), inspect.signature(getattr(box, door))
    assert list(made.parameters) == list(wanted.parameters)


@pytest.mark.parametrize(
    ("place", "written"),
    [(("::1", 5061), "[::1]:5061"), (("[::1]", 5061), "[::1]:5061"), (("127.0.0.1", 1), "127.0.0.1:1")],
)
def test_ipv6_addresses_stand_in_brackets(place: tuple[str, int], written: str) -> None:
    assert host_port(place) == written


def test_orders_are_values_that_nobody_can_change() -> None:
    assert Send(1, b"x") == Send(1, b"x") != Send(2, b"x")
    with pytest.raises(FrozenInstanceError):
        Close(1).conn = 2  # type: ignore[misc]


def test_every_order_is_a_frozen_value_with_slots() -> None:
    for kind in get_args(Output):
        assert kind.__dataclass_params__.frozen and "__slots__" in vars(kind), kind.__name__
