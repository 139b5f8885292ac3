"""Every published vector of tests/vectors/ntlm-vectors.json against our own arithmetic."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from snomtui.auth.ntlm import crypto
from snomtui.auth.ntlm.avpairs import AvPairs
from snomtui.auth.ntlm.keys import mac_with_ess, mac_without_ess, seal_key, sign_key
from snomtui.auth.ntlm.messages import Authenticate, Challenge, Flags
from snomtui.auth.ntlm.policy import ResponseKind, classify
from snomtui.auth.ntlm.server import key_exchange_key

Values = dict[str, Any]
VECTORS: list[Values] = json.loads((Path(__file__).parents[2] / "vectors" / "ntlm-vectors.json").read_text())["vectors"]
KINDS = {"ntlmv1": ResponseKind.NTLMV1, "ntlmv1-ess": ResponseKind.NTLM2_SESSION, "ntlmv2": ResponseKind.NTLMV2}


def hexes(values: Values, *names: str) -> list[bytes]:
    return [bytes.fromhex(values[name]) for name in names]


def flags(values: Values) -> Flags:
    return Flags(int(values["flags"], 16))


def digest(given: Values) -> Values:
    data, key = bytes.fromhex(given["data"]), bytes.fromhex(given.get("key", ""))
    made: dict[str, Callable[[], bytes]] = {
        "md4": lambda: crypto.md4(data),
        "md5": lambda: crypto.md5(data),
        "hmac-md5": lambda: crypto.hmac_md5(key, data),
        "crc32le": lambda: crypto.crc32(data),
        "des": lambda: crypto.des(key, data),
        # RC4 repeats its key; 24 bytes is the next length that the library takes.
        "rc4": lambda: crypto.rc4(key * 8, data),
    }
    return {"out": made[given["alg"]]()}


def v1_response(given: Values) -> Values:
    server, client = hexes(given, "server_challenge", "client_challenge")
    password, ess = given["password"], Flags.ESS in flags(given)
    lm_hash = crypto.lmowf_v1(password)
    assert lm_hash is not None
    return {
        "nt": crypto.nt_response_v1(password, server, client if ess else None),
        "lm": client + bytes(16) if ess else crypto.desl(lm_hash, server),
        "session_base_key": crypto.session_base_key_v1(password),
    }


def kxkey(given: Values) -> Values:
    server, lm = hexes(given, "server_challenge", "lm")
    password = given["password"]
    base, lm_hash = crypto.session_base_key_v1(password), crypto.lmowf_v1(password)
    return {"out": crypto.kxkey_v1(flags(given), base, lm_hash, server, lm)}


def encrypted_key(given: Values) -> Values:
    return {"out": crypto.rc4(kxkey(given)["out"], bytes.fromhex(given["exported_session_key"]))}


def build_challenge(given: Values) -> Values:
    server, info, version = hexes(given, "server_challenge", "target_info", "version")
    made = Challenge(flags(given), server, given["target_name"], info, version)
    assert Challenge.parse(bytes(made)) == made
    return {"out": bytes(made)}


def verify_authenticate(given: Values) -> Values:
    challenge_token, token = hexes(given, "challenge", "authenticate")
    challenge, message = Challenge.parse(challenge_token), Authenticate.parse(token)
    assert bytes(message) == token
    password, kind = given["password"], classify(message)
    key = key_exchange_key(message, kind, password, challenge.server_challenge)
    assert key is not None
    exchanged = Flags.KEY_EXCH in message.flags
    return {
        "kind": next(name for name, one in KINDS.items() if one is kind),
        "user": message.user,
        "domain": message.domain,
        "host": message.workstation,
        "exported_session_key": crypto.rc4(key, message.session_key) if exchanged else key,
        "lm_ok": lm_right(message, kind, password, challenge.server_challenge),
    }


def lm_right(message: Authenticate, kind: ResponseKind, password: str, server: bytes) -> bool:
    if kind is ResponseKind.NTLMV2:
        key = crypto.ntowf_v2(password, message.user, message.domain)
        return message.lm == crypto.lm_response_v2(key, server, message.nt[32:40])
    if kind is ResponseKind.NTLM2_SESSION:
        return message.lm[8:] == bytes(16)
    return message.lm == crypto.desl(crypto.lmowf_v1(password) or b"", server)


def seal(given: Values) -> Values:
    exported, message = hexes(given, "exported_session_key", "message")
    used = flags(given)
    stream = crypto.rc4_stream(seal_key(used, exported, client=True))
    sealed = stream(message)
    if Flags.ESS in used:
        running = stream if Flags.KEY_EXCH in used else None
        return {
            "sealed": sealed,
            "signature": mac_with_ess(running, sign_key(exported, True), given["seq"], message),
        }
    made = mac_without_ess(stream, given["seq"], message)
    other = crypto.rc4_stream(seal_key(used, exported, client=True))
    other(message)
    # The printed signature keeps the encrypted pad, which nobody may look at.
    return {"sealed": sealed, "signature": made[:4] + other(bytes.fromhex(given["pad"])) + made[8:]}


def mac(given: Values) -> Values:
    exported, message = hexes(given, "exported_session_key", "message_hex")
    used = flags(given)
    stream = crypto.rc4_stream(seal_key(used, exported, given["client"])) if Flags.KEY_EXCH in used else None
    return {"out": mac_with_ess(stream, sign_key(exported, given["client"]), given["seq"], message)}


def mac_rawkeys(given: Values) -> Values:
    key, message, pad = hexes(given, "seal_key", "message_hex", "pad")
    return {"out": mac_without_ess(crypto.rc4_stream(key), given["seq"], message, pad)}


def v2_response(given: Values) -> Values:
    server, client, time, info = hexes(given, "server_challenge", "client_challenge", "timestamp", "target_info")
    key = crypto.ntowf_v2(given["password"], given["user"], given["domain"])
    temp = crypto.v2_temp(time, client, info)
    proof = crypto.nt_proof(key, server, temp)
    return {
        "temp": temp,
        "nt_proof": proof,
        "lm": crypto.lm_response_v2(key, server, client),
        "session_base_key": crypto.hmac_md5(key, proof),
    }


RUN: dict[str, Callable[[Values], Values]] = {
    "digest": digest,
    "lmowf_v1": lambda given: {"out": crypto.lmowf_v1(given["password"])},
    "ntowf_v1": lambda given: {"out": crypto.ntowf_v1(given["password"])},
    "ntowf_v2": lambda given: {"out": crypto.ntowf_v2(given["password"], given["user"], given["domain"])},
    "v1_response": v1_response,
    "v2_response": v2_response,
    "kxkey_v1": kxkey,
    "encrypted_key_v1": encrypted_key,
    "rc4k": lambda given: {"out": crypto.rc4(*hexes(given, "key", "data"))},
    "build_challenge": build_challenge,
    "verify_authenticate": verify_authenticate,
    "av_build": lambda given: {"out": bytes(AvPairs.of(*map(tuple, given["pairs"])))},
    "signkey": lambda given: {"out": sign_key(bytes.fromhex(given["exported_session_key"]), given["client"])},
    "sealkey": lambda given: {
        "out": seal_key(flags(given), bytes.fromhex(given["exported_session_key"]), given["client"])
    },
    "seal": seal,
    "mac": mac,
    "mac_rawkeys": mac_rawkeys,
}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["id"]))
def test_our_arithmetic_gives_what_was_published(vector: Values) -> None:
    made = RUN[vector["kind"]](vector["input"])
    printed = {name: value.hex() if isinstance(value, bytes) else value for name, value in made.items()}
    assert printed == vector["expect"]
