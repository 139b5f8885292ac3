"""The two whole sessions that were worked out by hand and agreed by two other implementations."""

from __future__ import annotations

from snomtui.auth.ntlm import crypto
from snomtui.auth.ntlm.avpairs import AvPairs
from snomtui.auth.ntlm.context import ClientContext
from snomtui.auth.ntlm.keys import SessionKeys, seal_key
from snomtui.auth.ntlm.messages import Authenticate, Challenge, Flags
from snomtui.auth.ntlm.policy import LmLevel
from snomtui.auth.ntlm.signature import Stamp, sign, signed_text, verify
from snomtui.kit.secret import Secret
from snomtui.sip.message import Message, parse

REALM, TARGET = "SIP Communications Service", "sip.ucc.test"
NOW = 1256669010.0  # 2009-10-27T18:43:30Z
CHALLENGE = bytes.fromhex(
    "4e544c4d53535000020000000000000038000000f38298e21122334455667788"
    "000000000000000048004800380000000502ce0e0000000f0200060055004300"
    "430001000600530049005000040010007500630063002e007400650073007400"
    "030018007300690070002e007500630063002e00740065007300740000000000"
)
AUTHENTICATE = bytes.fromhex(
    "4e544c4d53535000030000001800180074000000780078008c00000006000600"
    "48000000180018004e0000000e000e0066000000100010000401000055829862"
    "0501280a0000000f7500630063004800650069006b006f002e00520069006500"
    "640065006c0053004e004f004d00380032003000a7d1c1f8f50c4848d5c077d3"
    "1355decdffeeddccbbaa99886634735ae102ec8f0dae567b7acdf06201010000"
    "000000000035a8603557ca01ffeeddccbbaa9988000000000200060055004300"
    "430001000600530049005000040010007500630063002e007400650073007400"
    "030018007300690070002e007500630063002e00740065007300740000000000"
    "00000000554ea11667f05f72e273bb2f37035bca"
)
KEYS = SessionKeys.derive(bytes(range(16)), Flags(0x62988255))
CLIENT = ("1a2b3c4d", "1", REALM, TARGET)
SERVER = ("5E6F7A8B", "1", REALM, TARGET)


def message(start: str, *lines: str) -> Message:
    return parse("\r\n".join((start, *lines, "", "")).encode())


def register(cseq: int = 3) -> Message:
    return message(
        "REGISTER sip:ucc.test SIP/2.0",
        "From: <sip:Heiko.Riedel@ucc.test>;tag=x91kq;epid=0004135a2b",
        "To: <sip:Heiko.Riedel@ucc.test>",
        "Call-ID: 2b7c9f@snom820",
        f"CSeq: {cseq} REGISTER",
        "Expires: 900",
    )


def ok() -> Message:
    return message(
        "SIP/2.0 200 OK",
        "From: <sip:Heiko.Riedel@ucc.test>;tag=x91kq;epid=0004135a2b",
        "To: <sip:Heiko.Riedel@ucc.test>;tag=7D01C3",
        "Call-ID: 2b7c9f@snom820",
        "CSeq: 3 REGISTER",
        "Expires: 900",
    )


def invite() -> Message:
    return message(
        "INVITE sip:heiko@10.0.0.1 SIP/2.0",
        'From: "Clara"<sip:clara@ucc.test>;tag=c1;epid=00aa11bb22',
        "To: <sip:Heiko.Riedel@ucc.test>;epid=0004135a2b",
        "Call-ID: 77aa@fe",
        "CSeq: 1 INVITE",
        'P-Asserted-Identity: "Clara" <sip:clara@ucc.test>,<tel:+493055512>',
    )


def test_client_answers_the_challenge_byte_for_byte() -> None:
    random = iter((bytes.fromhex("ffeeddccbbaa9988"), bytes(range(16))))
    context = ClientContext("Heiko.Riedel", "ucc", Secret("Sommer2009!"), LmLevel(3), "SNOM820")
    answer = context.answer(CHALLENGE, NOW, lambda size: next(random))
    assert answer.token == AUTHENTICATE
    assert answer.keys == KEYS


def test_both_tokens_survive_reading_and_writing() -> None:
    assert bytes(Challenge.parse(CHALLENGE)) == CHALLENGE
    assert bytes(Authenticate.parse(AUTHENTICATE)) == AUTHENTICATE
    assert Authenticate.parse(AUTHENTICATE).time == NOW
    pairs = Challenge.parse(CHALLENGE).pairs
    assert pairs == AvPairs.of((2, "UCC"), (1, "SIP"), (4, "ucc.test"), (3, "sip.ucc.test"))


def test_keys_of_both_directions() -> None:
    assert KEYS.client_sign.hex() == "9b52e70996bd32c71f2398b552d207d2"
    assert KEYS.server_sign.hex() == "24708083b479de7c5807cac27aeefbce"
    assert KEYS.client_seal.hex() == "157cc91ead98fd67ff4911a6c338be2c"
    assert KEYS.server_seal.hex() == "537dc0b821115fd8177313be127b7d90"


def test_client_signs_the_authenticate_register_in_both_forms() -> None:
    text = signed_text(register(), Stamp(*CLIENT))
    assert text == (
        b"<NTLM><1a2b3c4d><1><SIP Communications Service><sip.ucc.test><2b7c9f@snom820><3><REGISTER>"
        b"<sip:Heiko.Riedel@ucc.test><x91kq><sip:Heiko.Riedel@ucc.test><><><><900>"
    )
    assert sign(register(), Stamp(*CLIENT), KEYS, client=True) == "010000008c4e44c9f7fb0cb664000000"
    assert sign(register(), Stamp(*CLIENT, 3), KEYS, client=True) == "010000008c4e44c9f7fb0cb664000000"
    assert sign(register(), Stamp(*CLIENT, 2), KEYS, client=True) == "01000000ca313df418aca73d64000000"


def test_server_signs_its_answer_in_both_forms() -> None:
    assert sign(ok(), Stamp(*SERVER), KEYS, client=False) == "01000000da669537851fd20f64000000"
    assert sign(ok(), Stamp(*SERVER, 2), KEYS, client=False) == "0100000087f545671b121fdc64000000"
    assert verify(ok(), Stamp(*SERVER), KEYS, "01000000DA669537851FD20F64000000", client=False)
    assert not verify(ok(), Stamp(*SERVER), KEYS, "01000000DA669537851FD20F64000000", client=True)


def test_server_signs_an_invite_with_two_identities() -> None:
    stamp = Stamp("0C0C0C0C", "9", REALM, TARGET)
    assert sign(invite(), stamp, KEYS, client=False) == "010000005603cdad8f755c2164000000"


def test_signature_without_extended_session_security() -> None:
    keys = SessionKeys.derive(bytes(range(16)), Flags(0x62988255) & ~Flags.ESS)
    stamp = Stamp(*CLIENT, 2)
    text = signed_text(register(cseq=4), stamp)
    assert crypto.crc32(text) == 0xF3EC9CB2.to_bytes(4, "little")
    assert crypto.rc4(keys.client_seal, bytes(12)).hex() == "e99c40f947e219cc06db97c6"
    assert sign(register(cseq=4), stamp, keys, client=True) == "0100000000000000f57ef53f62db97c6"
    assert verify(register(cseq=4), stamp, keys, "01000000deadbeeff57ef53f62db97c6", client=True)
    assert not verify(register(cseq=4), stamp, keys, "0100000000000000f57ef53f62db97c7", client=True)


def test_seal_keys_without_extended_session_security() -> None:
    key, base = bytes(range(1, 17)), Flags.SIGN | Flags.KEY_EXCH | Flags.DATAGRAM
    weak = base | Flags.LM_KEY
    assert seal_key(weak | Flags.KEY_56 | Flags.KEY_128, key, True) == key[:7] + b"\xa0"
    assert seal_key(weak | Flags.KEY_128, key, True) == key[:5] + b"\xe5\x38\xb0"
    assert {seal_key(base | more, key, True) for more in (Flags(0), Flags.KEY_56, Flags.KEY_128)} == {key}


def test_second_session_of_another_origin() -> None:
    key = crypto.ntowf_v2("Secret-2009!", "Heiko.Riedel", "UCC")
    assert key.hex() == "c34cbc687e490d95c1ccd25ec8bf72e2"
    info = bytes(AvPairs.of((2, "UCC"), (1, "OCS")))
    assert info.hex() == "02000600550043004300010006004f004300530000000000"
    temp = crypto.v2_temp(bytes(8), b"\xaa" * 8, info)
    proof = crypto.nt_proof(key, bytes.fromhex("0123456789abcdef"), temp)
    assert proof.hex() == "7be1aa227b96aca7bf0970d5cc9fd23a"
    exchange = crypto.hmac_md5(key, proof)
    assert exchange.hex() == "3d29872d90cfebd1778b4e5d103bb728"
    assert crypto.rc4(exchange, b"\x55" * 16).hex() == "4ffc8af4c228059ed02b05439caff138"
    keys = SessionKeys.derive(b"\x55" * 16, Flags(0xE28A8233))
    assert keys.server_sign.hex() == "d04d6f10741041d1d246d64188d7a8ad"
    assert keys.server_seal.hex() == "9355f3a957c1583d25c4c2f11e40390e"
    text = (
        b"<NTLM><13317733><1><SIP Communications Service><ocs.ucc.example><4037df92><3><REGISTER>"
        b"<sip:heiko@ucc.example><3e49177a52><sip:heiko@ucc.example><><><><>"
    )
    assert keys.sign(text, client=True).hex() == "010000002b01244122eab15364000000"
    assert keys.sign(text, client=False).hex() == "0100000047c38e545ed30cc564000000"
