"""PJSIP as a far end, without sound hardware (package pjsua2-python; run by an interpreter that has it).

python peer.py USER PASSWORD SIP_PORT [--transport udp|tcp|tls] [--registrar HOST:PORT] [--audio tone|echo|silence]
    [--answer auto|manual] [--buddies "alice bob"] [--publish] [--lock-codec] [--timers] [--100rel]
    [--srtp optional|mandatory]

Events are JSON objects, one a line, on stdout. Orders come one a line on stdin: dial URI, answer, reject CODE, hangup,
hold, resume, update, transfer URI, atransfer, dtmf DIGITS, info DIGITS, presence open|closed|busy|away, count, quit.
`atransfer` sends the other side of the first call into the place of the last one; `count` tells the RTP packets of the
last one.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import queue
import sys
import threading
import time
from typing import Any

pj: Any = importlib.import_module("pjsua2")
given = argparse.Namespace()
calls: list[Any] = []
kept: list[Any] = []
"""Objects that the library must not lose."""
account: Any = None
endpoint: Any = None
_MEDIA = {0: "none", 1: "active", 2: "local-hold", 3: "remote-hold", 4: "error"}


def say(event: str, **fields: object) -> None:
    """Print one event."""
    sys.stdout.write(json.dumps({"event": event, **fields}) + "\n")
    sys.stdout.flush()


class Call(pj.Call):  # type: ignore[misc]
    """One call; its audio is bound as soon as it is there."""

    def onCallState(self, _: Any) -> None:
        told = self.getInfo()
        say("call", state=told.stateText, code=told.lastStatusCode, reason=told.lastReason, peer=told.remoteUri)
        if told.state == pj.PJSIP_INV_STATE_DISCONNECTED and self in calls:
            calls.remove(self)
            kept.append(self)

    def onCallMediaState(self, _: Any) -> None:
        told = self.getInfo()  # kept: its media list dies with it
        for media in told.media:
            if media.type == pj.PJMEDIA_TYPE_AUDIO:
                say("media", status=_MEDIA.get(media.status, media.status))
                if media.status in (pj.PJSUA_CALL_MEDIA_ACTIVE, pj.PJSUA_CALL_MEDIA_REMOTE_HOLD):
                    self.sound(self.getAudioMedia(media.index))

    def sound(self, audio: Any) -> None:
        """Send what was asked for."""
        if given.audio == "echo":
            audio.startTransmit(audio)
        elif given.audio == "tone":
            tone, tones, one = pj.ToneGenerator(), pj.ToneDescVector(), pj.ToneDesc()
            tone.createToneGenerator(8000, 1)
            one.freq1, one.freq2, one.on_msec, one.off_msec = 440, 0, 1000, 0
            tones.append(one)
            tone.play(tones, True)
            tone.startTransmit(audio)
            kept.append(tone)

    def onDtmfDigit(self, told: Any) -> None:
        say("dtmf", digit=told.digit)

    def onCallTransferRequest(self, told: Any) -> None:
        say("transfer-request", to=told.dstUri)
        told.newCall = self.following()

    def onCallReplaceRequest(self, told: Any) -> None:
        say("replace-request")
        told.newCall = self.following()

    def following(self) -> Any:
        """The call that comes after this one."""
        made = Call(account)
        calls.append(made)
        return made

    def onCallTransferStatus(self, told: Any) -> None:
        say("transfer-status", code=told.statusCode, final=told.finalNotify)


class Account(pj.Account):  # type: ignore[misc]
    """The identity."""

    def onRegState(self, told: Any) -> None:
        up = told.code // 100 == 2 and told.expiration
        say("registered" if up else "registration", code=told.code, reason=told.reason)

    def onIncomingCall(self, told: Any) -> None:
        call = Call(self, told.callId)
        calls.append(call)
        say("incoming", peer=call.getInfo().remoteUri)
        respond(call, 180)
        if given.answer == "auto":
            respond(call, 200)


class Buddy(pj.Buddy):  # type: ignore[misc]
    """Somebody whose presence is watched."""

    def onBuddyState(self) -> None:
        told = self.getInfo()
        seen = told.presStatus
        status = {0: "unknown", 1: "online", 2: "offline"}.get(seen.status)
        activity = {0: "", 1: "away", 2: "busy"}.get(seen.activity)
        say("presence", of=told.uri, status=status, activity=activity, note=seen.note)


def respond(call: Any, code: int) -> None:
    """Answer an incoming call with this code."""
    how = pj.CallOpParam()
    how.statusCode = code
    call.answer(how)


def arguments() -> argparse.Namespace:
    """The command line."""
    line = argparse.ArgumentParser()
    line.add_argument("user")
    line.add_argument("password")
    line.add_argument("port", type=int)
    for name, default in (
        ("transport", "udp"),
        ("registrar", "127.0.0.1:15060"),
        ("domain", "pbx.test"),
        ("audio", "tone"),
        ("answer", "manual"),
        ("buddies", ""),
        ("srtp", "off"),
    ):
        line.add_argument(f"--{name}", default=default)
    line.add_argument("--rtp", type=int, default=24000)
    line.add_argument("--log", type=int, default=0)
    for name in ("publish", "lock-codec", "timers", "100rel"):
        line.add_argument(f"--{name}", dest=name.replace("-", "_"), action="store_true")
    return line.parse_args()


def library() -> Any:
    """The endpoint: one transport on loopback, no sound device, G.711 only."""
    made = pj.Endpoint()
    made.libCreate()
    config = pj.EpConfig()
    config.logConfig.level = config.logConfig.consoleLevel = given.log
    config.uaConfig.threadCnt, config.uaConfig.mainThreadOnly, config.uaConfig.maxCalls = 0, False, 8
    config.medConfig.noVad, config.medConfig.ecTailLen = True, 0
    config.medConfig.clockRate = config.medConfig.sndClockRate = 8000
    made.libInit(config)
    transport = pj.TransportConfig()
    transport.port, transport.boundAddress = given.port, "127.0.0.1"
    made.transportCreate(getattr(pj, f"PJSIP_TRANSPORT_{given.transport.upper()}"), transport)
    made.audDevManager().setNullDev()
    made.libStart()
    for codec in made.codecEnum2():
        first = {"PCMU": 255, "PCMA": 254}.get(codec.codecId[:4], 0)
        made.codecSetPriority(codec.codecId, first)
    return made


def identity() -> Any:
    """The account, which registers at once."""
    config = pj.AccountConfig()
    config.idUri = f'"{given.user}" <sip:{given.user}@{given.domain}>'
    config.sipConfig.authCreds.append(pj.AuthCredInfo("digest", "*", given.user, 0, given.password))
    config.regConfig.registrarUri, config.regConfig.timeoutSec = f"sip:{given.domain}", 300
    config.sipConfig.proxies.append(f"sip:{given.registrar};lr;transport={given.transport}")
    config.mediaConfig.transportConfig.port, config.mediaConfig.transportConfig.boundAddress = given.rtp, "127.0.0.1"
    config.mediaConfig.lockCodecEnabled = given.lock_codec
    config.mediaConfig.srtpUse, config.mediaConfig.srtpSecureSignaling = (
        {"off": 0, "optional": 1, "mandatory": 2}[given.srtp],
        0,
    )
    config.presConfig.publishEnabled = given.publish
    always, never = pj.PJSUA_SIP_TIMER_ALWAYS, pj.PJSUA_SIP_TIMER_INACTIVE
    config.callConfig.timerUse = always if given.timers else never
    config.callConfig.prackUse = pj.PJSUA_100REL_MANDATORY if getattr(given, "100rel") else pj.PJSUA_100REL_NOT_USED
    made = Account()
    made.create(config)
    return made


def watch() -> None:
    """Subscribe to the buddies."""
    for name in given.buddies.split():
        config, buddy = pj.BuddyConfig(), Buddy()
        config.uri, config.subscribe = f"sip:{name}@{given.domain}", True
        buddy.create(account, config)
        kept.append(buddy)


def show(word: str) -> None:
    """Publish a presence."""
    status = pj.PresenceStatus()
    status.status = pj.PJSUA_BUDDY_STATUS_OFFLINE if word == "closed" else pj.PJSUA_BUDDY_STATUS_ONLINE
    if word == "busy":
        status.activity, status.note = pj.PJRPID_ACTIVITY_BUSY, "On the phone"
    if word == "away":
        status.activity, status.note = pj.PJRPID_ACTIVITY_AWAY, "Away"
    account.setOnlineStatus(status)


def obey(word: str, rest: str) -> None:
    """Carry out one order."""
    how = pj.CallOpParam(True)
    if word == "dial":
        call = Call(account)
        call.makeCall(rest, how)
        calls.append(call)
        return
    if word == "presence":
        show(rest)
        return
    if not calls:
        raise ValueError("no call")
    in_call(calls[-1], how, word, rest)


def in_call(call: Any, how: Any, word: str, rest: str) -> None:
    """Carry out one order that is about a call."""
    match word:
        case "answer" | "reject":
            respond(call, int(rest or (200 if word == "answer" else 486)))
        case "hangup":
            call.hangup(pj.CallOpParam())
        case "hold":
            call.setHold(pj.CallOpParam())
        case "resume":
            how.opt.flag = pj.PJSUA_CALL_UNHOLD
            call.reinvite(how)
        case "update":
            call.update(how)
        case "transfer":
            call.xfer(rest, pj.CallOpParam())
        case "atransfer":
            calls[0].xferReplaces(call, pj.CallOpParam())
        case "dtmf":
            call.dialDtmf(rest)
        case "info":
            digits = pj.CallSendDtmfParam()
            digits.method, digits.digits = pj.PJSUA_DTMF_METHOD_SIP_INFO, rest
            call.sendDtmf(digits)
        case "count":
            told = call.getStreamStat(0).rtcp
            say("count", received=told.rxStat.pkt, sent=told.txStat.pkt, lost=told.rxStat.loss)
        case _:
            raise ValueError("unknown order")


def listen(orders: queue.Queue[str | None]) -> None:
    """Read stdin in a thread of its own."""
    for line in sys.stdin:
        orders.put(line)
    orders.put(None)


def live() -> None:
    """Until the order to quit or the end of stdin."""
    orders: queue.Queue[str | None] = queue.Queue()
    threading.Thread(target=listen, args=(orders,), daemon=True).start()
    silent = given.publish
    while True:
        endpoint.libHandleEvents(20)
        if silent and account.getInfo().regIsActive:
            silent = False
            show("open")
        try:
            line = orders.get_nowait()
        except queue.Empty:
            continue
        if line is None or line.strip() == "quit":
            return
        word, _, rest = line.strip().partition(" ")
        try:
            obey(word, rest)
            say("did", order=word, ok=True)
        except Exception as error:
            say("did", order=word, ok=False, text=str(getattr(error, "reason", error)))


def settle(seconds: float) -> None:
    """Let the library work."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        endpoint.libHandleEvents(20)


if __name__ == "__main__":
    given = arguments()
    endpoint = library()
    account = identity()
    watch()
    say("ready", version=endpoint.libVersion().full)
    live()
    endpoint.hangupAllCalls()
    settle(0.3)
    account.setRegistration(False)
    settle(0.3)
    os._exit(0)  # the library's own end crashes on objects that are left over
