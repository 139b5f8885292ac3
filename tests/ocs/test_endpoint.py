"""epid, instance and GRUU."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.ocs.endpoint import (
    epid_from_mac,
    epid_of,
    gruu,
    instance_of,
    instance_of_gruu,
    instance_uuid,
)
from snomtui.ocs.publication import instances

UUID = "99e6f9d6-759c-5e9f-a994-0cf1b71dc3de"
GRUU = "sip:heiko@ucc.test;opaque=user:epid:1vnmmZx1n16plAzxtx3D3gAA;gruu"
CONTACT = (
    "<sip:10.1.2.3:2051;transport=tls;ms-opaque=4d1e90c277;ms-received-cid=2600>;expires=7200;"
    f'+sip.instance="<urn:uuid:{UUID.upper()}>";gruu="{GRUU}"'
)


def test_both_sides_compute_the_same_instance_from_an_epid() -> None:
    assert instance_uuid("0004135a2b") == UUID


def test_server_makes_the_gruu_of_an_endpoint() -> None:
    assert gruu("heiko@ucc.test", "0004135a2b") == gruu("sip:heiko@ucc.test", "0004135a2b") == GRUU


def test_server_finds_the_endpoint_that_a_gruu_points_to() -> None:
    assert instance_of_gruu(GRUU) == UUID


@pytest.mark.parametrize(
    "uri",
    ["sip:heiko@ucc.test", GRUU.removesuffix(";gruu"), "sip:a@b;opaque=user:epid:AAAA;gruu", GRUU + "ish", ""],
)
def test_server_takes_no_other_uri_for_a_gruu(uri: str) -> None:
    assert instance_of_gruu(uri) == ""


@given(st.text(alphabet="0123456789abcdef", min_size=1, max_size=16))
def test_gruu_leads_back_to_the_instance_of_any_epid(epid: str) -> None:
    assert instance_of_gruu(gruu("a@b.test", epid)) == instance_uuid(epid)


def test_phone_finds_its_own_contact_in_the_answer() -> None:
    assert instance_of(CONTACT) == UUID
    assert instance_of(f'"<urn:uuid:{UUID}>"') == UUID
    assert instance_of("<sip:a@b>") == ""


@pytest.mark.parametrize(
    ("header", "epid"),
    [
        ("<sip:heiko@ucc.test>;tag=x91kq;epid=0004135a2b", "0004135a2b"),
        ('"a;epid=1>" <sip:heiko@ucc.test>;EPID = 0004135A2B;tag=1', "0004135A2B"),
        ("sip:heiko@ucc.test;epid=77", "77"),
        ("<sip:heiko@ucc.test;epid=77>;tag=1", ""),
        ("<sip:heiko@ucc.test>;tag=1;noepid=3", ""),
    ],
)
def test_server_reads_the_epid_of_a_header(header: str, epid: str) -> None:
    assert epid_of(header) == epid


def test_phone_takes_the_digits_of_its_mac_address_as_epid() -> None:
    assert epid_from_mac("00:04:13-5A.2B:FF") == "5a2bff000413"


def test_two_phones_of_one_maker_publish_under_different_numbers() -> None:
    first, second = (instances(epid_from_mac(mac)) for mac in ("000413260012", "000413260013"))
    assert {first.device, first.machine, first.phone}.isdisjoint({second.device, second.machine, second.phone})
