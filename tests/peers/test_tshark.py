"""Wireshark reads what the desk saves: tshark dissects every message as SIP, finds no mistake, and agrees on all."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from snomtui.trace.decode import records_in
from snomtui.trace.pcapout import pcap
from snomtui.trace.record import Record
from tests.trace.samples import INVITE, REGISTER, START, TAKEN, conversation, record

pytestmark = [
    pytest.mark.peer,
    pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed"),
]
CHECKS = [f"-o{what}.check_checksum:TRUE" for what in ("ip", "tcp", "udp")]


def tshark(file: Path, *fields: str, only: str = "") -> list[list[str]]:
    """These fields of every packet."""
    wanted = [part for field in fields for part in ("-e", field)]
    chosen = ["-Y", only] if only else []
    ran = subprocess.run(
        ["tshark", "-r", str(file), *CHECKS, *chosen, "-T", "fields", *wanted],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return [line.split("\t") for line in ran.stdout.splitlines()]


def saved(folder: Path, records: list[Record]) -> Path:
    """A capture file."""
    file = folder / "trace.pcap"
    file.write_bytes(pcap(records))
    return file


def test_wireshark_sees_every_message_as_sip_at_its_time(tmp_path: Path) -> None:
    file = saved(tmp_path, conversation())
    found = tshark(file, "frame.time_epoch", "sip.CSeq", "sip.Call-ID", only="sip")
    assert [(float(at), cseq, call) for at, cseq, call in found] == [
        (one.at, f"{one.cseq[0]} {one.cseq[1]}", one.call_id) for one in conversation()
    ]


def test_wireshark_finds_no_wrong_checksum_and_no_lost_segment(tmp_path: Path) -> None:
    long = REGISTER.replace(b"Content-Length: 0\r\n\r\n", b"Content-Length: 90000\r\n\r\n" + b"x" * 90000)
    other = ("2001:db8::7", 40000), ("2001:db8::1", 5080)
    tcp = Record(9, START + 9, "tcp", *other, TAKEN, True, "", 3)
    file = saved(tmp_path, [*conversation(), record(7, long, True), record(8, TAKEN, False), tcp])
    assert tshark(file, "frame.number", only="tcp.checksum.status == 0 || udp.checksum.status == 0") == []
    assert tshark(file, "frame.number", only="ip.checksum.status == 0") == []
    assert tshark(file, "frame.number", only="tcp.analysis.flags || _ws.malformed") == []
    assert len(tshark(file, "frame.number", only="sip")) == 9


def test_wireshark_reads_the_ntlm_and_the_sdp_in_it(tmp_path: Path) -> None:
    file = saved(tmp_path, conversation())
    assert tshark(file, "sdp.media.port", only="sdp")[0][0].startswith("4000")
    assert any("gssapi" in row[0] for row in tshark(file, "sip.Authorization", only="sip.Authorization"))


def test_capture_that_wireshark_has_written_is_read_here(tmp_path: Path) -> None:
    file, again = saved(tmp_path, conversation()), tmp_path / "again.pcapng"
    subprocess.run(
        ["tshark", "-r", str(file), "-w", str(again), "-F", "pcapng"], check=True, capture_output=True, timeout=60
    )
    assert [one.data for one in records_in(again.read_bytes())] == [one.data for one in conversation()]
    assert INVITE in [one.data for one in records_in(again.read_bytes())]
