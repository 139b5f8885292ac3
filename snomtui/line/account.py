"""One identity's data: who it is, where its server stands, what it may do."""

from __future__ import annotations

import re
from dataclasses import dataclass

from snomtui.auth.credentials import Credentials
from snomtui.auth.ntlm.policy import LmLevel
from snomtui.errors import SettingsError
from snomtui.kit.secret import Secret
from snomtui.line.controls import Controls, controls_of
from snomtui.line.interests import Interests, interests_of
from snomtui.ocs.endpoint import epid_from_mac, instance_uuid
from snomtui.settings.registry import Settings

PORTS = {"udp": 5060, "tcp": 5060, "tls": 5061}
_PROXY = re.compile(r"(sips?:)?(\[[0-9A-Fa-f:.]+\]|[^:;\[\]\s<>]+)(?::(\d{1,5}))?((?:;[^;\s<>]+)*)", re.IGNORECASE)
_USER = re.compile(r"[^\s<>\"@:/\[\]\\^`{|}\x00-\x1f\x7f]+")
_HOST = re.compile(r"(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")


@dataclass(frozen=True, slots=True)
class Server:
    """Where to connect; what was not given is found out (RFC 3263)."""

    host: str
    port: int | None = None
    transport: str | None = None
    """`udp`, `tcp`, `tls`."""

    @classmethod
    def parse(cls, text: str) -> Server:
        """Read snom's outbound proxy syntax, `sip.ucc.de:5061;transport=tls`, in angle brackets or not.

        Raises `SettingsError`.
        """
        found = _PROXY.fullmatch(text.strip().removeprefix("<").removesuffix(">"))
        if not found:
            raise SettingsError(f"must be host:port;transport=udp, tcp or tls, not {text!r}")
        scheme, host, port, params = found.groups()
        given = re.search(r";transport=([^;]*)", params, re.IGNORECASE)
        secure = (scheme or "").lower() == "sips:" or port == "5061"
        transport = given[1].lower() if given else ("tls" if secure else None)
        if transport not in (*PORTS, None):
            raise SettingsError(f"transport must be udp, tcp or tls, not {transport!r}")
        if port and not 0 < int(port) < 65536:
            raise SettingsError(f"port must be from 1 to 65535, not {port}")
        return cls(host, int(port) if port else None, transport)

    def __str__(self) -> str:
        port = f":{self.port}" if self.port else ""
        transport = f";transport={self.transport}" if self.transport else ""
        return f"sip:{self.host}{port}{transport}"


@dataclass(frozen=True, slots=True)
class Account:
    """One identity, ready to register."""

    number: int
    """1 to 12."""
    user: str
    host: str
    name: str
    """The display name; empty = none is sent."""
    credentials: Credentials
    attempts: tuple[LmLevel, ...]
    """LAN Manager levels to try, in order."""
    server: Server
    proxied: bool
    """Whether the server is an outbound proxy rather than the registrar itself."""
    ocs: bool
    """Whether Microsoft's dialect is spoken."""
    expiry: int
    """Seconds asked for."""
    retry: int
    """Seconds until a refused registration is tried again."""
    local_port: int
    """The local UDP port, 0 = any."""
    epid: str
    instance: str
    """The endpoint's UUID, without `urn:uuid:`."""
    user_agent: str
    max_forwards: int
    t1: float
    """Timer T1 of RFC 3261, seconds."""
    codecs: tuple[str, ...]
    """`PCMA` and `PCMU`, in the order offered."""
    ptime: int
    """Milliseconds of audio in one packet."""
    ringing_time: int
    """Seconds that an incoming call may ring."""
    user_phone: bool
    publishes: bool
    watches: bool
    mailbox: str
    """The number of the voice mail; empty = none."""
    source: str
    """What is sent in a call: `silence`, `tone`, `wav:FILE` or `echo`."""
    record_dir: str
    """Where received audio goes; empty = nowhere."""
    address: str
    """The address that others are told for media; empty = the one of the connection."""
    pins: tuple[str, ...] = ()
    """SHA-256 fingerprints of certificates that a person has accepted."""
    keepalive: int = 0
    """Seconds of silence until a sign of life; 0 = as the server or the way to it needs."""
    gruu: bool = False
    """Whether an ordinary registrar is asked for a GRUU (RFC 5627)."""
    interests: Interests = Interests()
    """What else an ordinary server is asked to tell."""
    private: bool = False
    """Whether our calls are anonymous."""
    accepts_refer: bool = False
    """Whether anybody may have us make a call with a REFER outside of one."""
    session_timer: int = 3600
    """Seconds after which a call must have been refreshed (RFC 4028); 0 = we ask for no refresh."""
    controls: Controls = Controls()
    """What others may make the phone do by SIP."""

    @property
    def aor(self) -> str:
        """`user@host`."""
        return f"{self.user}@{self.host}"

    @property
    def uri(self) -> str:
        """`sip:user@host`."""
        return f"sip:{self.aor}"


_PAYLOAD = {"8": "PCMA", "0": "PCMU"}
AUTO = (LmLevel.SEND_NTLM_ONLY, LmLevel.SEND_NTLMV2_ONLY)
"""What `auto` tries in turn; LM, which is weaker still, is never sent."""
FIRMWARE = {"8.1": "8.1.18", "8.2": "8.2.19"}


def account_of(settings: Settings, number: int, model: str) -> Account | None:
    """The account of identity `number`, or None if it is not set up or switched off.

    Raises `SettingsError` that names the setting.
    """
    user, host = settings.text("user_name", number).strip(), settings.text("user_host", number).strip()
    if not (user and host and settings.on("user_active", number)):
        return None
    _check_address(number, user, host)
    ocs = settings.text("user_server_type", number) == "ocs"
    epid = _epid(settings)
    outbound = settings.text("user_outbound", number).strip()
    return Account(
        number=number,
        user=user,
        host=host,
        name=settings.text("user_realname", number) if settings.on("user_send_local_name", number) else "",
        credentials=_credentials(settings, number, f"{user}@{host}" if ocs else user),
        attempts=_attempts(settings),
        server=_server(number, outbound or host),
        proxied=bool(outbound),
        ocs=ocs,
        expiry=settings.number("user_expiry", number),
        retry=settings.number("retry_after_failed_register"),
        local_port=settings.number("network_id_port") if number == settings.number("active_line") else 0,
        epid=epid,
        instance=instance_uuid(epid),
        user_agent=f"{model}/{FIRMWARE[settings.text('sim_firmware')]}",
        max_forwards=settings.number("max_forwards"),
        t1=settings.number("sip_retry_t1") / 1000,
        codecs=_codecs(settings, number),
        ptime=settings.number("codec_size", number),
        ringing_time=settings.number("ringing_time"),
        user_phone=settings.on("user_phone"),
        publishes=settings.on("user_publish_presence_bootup", number),
        watches=settings.on("user_presence_subscription", number),
        mailbox=settings.text("user_mailbox", number),
        source=settings.text("sim_media_source"),
        record_dir=settings.text("sim_record_dir"),
        address=settings.text("sim_local_address"),
        private=settings.on("privacy_out"),
        accepts_refer=settings.on("sim_accept_refer"),
        session_timer=settings.number("session_timer"),
        controls=controls_of(settings),
        pins=tuple(settings.text("sim_tls_pins").split()),
        keepalive=settings.number("keepalive_interval", number),
        gruu=settings.on("offer_gruu"),
        interests=interests_of(settings, number),
    )


def _credentials(settings: Settings, number: int, otherwise: str) -> Credentials:
    """The login as it was typed; `otherwise` is the one of an account that names none."""
    login = settings.text("user_pname", number).strip() or otherwise
    password, realm = Secret(settings.text("user_pass", number)), settings.text("sim_realm", number)
    return Credentials.parse(login, password, realm)


def _codecs(settings: Settings, number: int) -> tuple[str, ...]:
    """Each codec once, in the order of the settings."""
    names = (settings.text(f"codec{n}_name", number) for n in (1, 2))
    return tuple(dict.fromkeys(_PAYLOAD[name] for name in names if name))


def _epid(settings: Settings) -> str:
    epid = epid_from_mac(settings.text("sim_mac"))
    if not epid:
        raise SettingsError(f"sim_mac: {settings.text('sim_mac')!r} is no MAC address")
    return epid


def _check_address(number: int, user: str, host: str) -> None:
    if not _USER.fullmatch(user):
        raise SettingsError(f"user_name{number}: {user!r} cannot stand before the @ of an address")
    if not _HOST.fullmatch(host):
        raise SettingsError(f"user_host{number}: {host!r} is no host name")


def _attempts(settings: Settings) -> tuple[LmLevel, ...]:
    """Firmware 8.1 knows NTLMv1 only; 8.2 does as the level says, or tries NTLMv1 and then NTLMv2."""
    word = settings.text("sim_lan_manager_level")
    levels = AUTO if word == "auto" else (LmLevel(int(word)),)
    if settings.text("sim_firmware") == "8.1":
        return (min(levels[0], LmLevel.SEND_NTLM_ONLY),)
    return levels


def _server(number: int, text: str) -> Server:
    try:
        return Server.parse(text)
    except SettingsError as error:
        raise SettingsError(f"user_outbound{number}: {error}") from None
