"""TLS servers that can be trusted, that cannot, and that a person has decided to trust all the same."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import socket
import ssl
import warnings
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from snomtui.errors import SettingsError
from snomtui.kit.box import Certificate, Down, Open, Send, Up
from snomtui.shell import connecting
from snomtui.shell.strangers import described
from snomtui.shell.tls import Trust
from snomtui.shell.transport import Transport
from tests.shell.test_transport import HOST, Ear, nothing_is_left
from tests.shell.test_transport import Side as Both

DOMAIN, SIP = "ucc.test", "sip.ucc.test"
YESTERDAY = datetime.now(UTC) - timedelta(days=1)


@dataclass
class Server:
    """One TLS server on the loopback interface, with an authority of its own."""

    ear: Ear = field(default_factory=Ear)
    ca: trustme.CA = field(default_factory=trustme.CA)
    port: int = 0

    def __post_init__(self) -> None:
        self.wires = Transport(self.ear)

    async def listen(self, leaf: trustme.LeafCert, wants_certificate: bool = False) -> None:
        """Listen with this certificate, at the same port as before if there was one."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        leaf.configure_cert(context)
        if wants_certificate:
            self.ca.configure_trust(context)
            context.verify_mode = ssl.CERT_REQUIRED
        await self.use(context)

    async def use(self, context: ssl.SSLContext) -> None:
        """Listen with this context."""
        _, self.port = await self.wires.listen("tls", HOST, self.port, context)

    async def restart(self, leaf: trustme.LeafCert) -> None:
        """Come back with another certificate."""
        await self.wires.stop()
        self.wires = Transport(self.ear)
        await self.listen(leaf)


@dataclass
class Client:
    """One who connects."""

    server: Server
    ear: Ear = field(default_factory=Ear)
    count: int = 0

    def __post_init__(self) -> None:
        self.wires = Transport(self.ear)

    def trust(self, tmp_path: Path, **more: str) -> None:
        """Believe the server's authority."""
        file = tmp_path / "ca.pem"
        self.server.ca.cert_pem.write_to_path(str(file))
        self.wires.trust = Trust(str(file), **more)

    async def connect(
        self, host: str = SIP, name: str = "", pins: tuple[str, ...] = (), address: str = HOST
    ) -> Up | Down:
        """Connect and tell how it went."""
        self.count += 1
        self.wires.open(Open(self.count, "tls", host, self.server.port, address=address, name=name, pins=pins))
        state = await self.ear.next(self.count)
        assert isinstance(state, Up | Down)
        return state

    async def doubt(self, host: str = SIP, name: str = "", pins: tuple[str, ...] = ()) -> Certificate:
        """Connect, fail, and return the certificate that a person is to judge."""
        state = await self.connect(host, name, pins)
        assert isinstance(state, Down) and state.certificate is not None, state
        return state.certificate


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    yield server
    await server.wires.stop()


@pytest.fixture
async def client(server: Server) -> AsyncIterator[Client]:
    client = Client(server)
    yield client
    await client.wires.stop()
    await nothing_is_left(Both(client.ear, client.wires))


def fingerprint(leaf: trustme.LeafCert) -> str:
    """SHA-256 of the certificate itself."""
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(leaf.cert_chain_pems[0].bytes().decode())).hexdigest()


# -- names


@pytest.mark.parametrize(
    ("certified", "host", "name", "trusted"),
    [
        (SIP, SIP, "", True),
        (DOMAIN, SIP, "", False),
        (SIP, SIP, DOMAIN, True),
        (DOMAIN, SIP, DOMAIN, True),
        (DOMAIN, "pool.elsewhere.test", DOMAIN, True),
        ("pool.elsewhere.test", "pool.elsewhere.test", DOMAIN, False),
        ("other.ucc.test", SIP, DOMAIN, False),
        ("notucc.test", "notucc.test", DOMAIN, False),
        ("*.ucc.test", SIP, DOMAIN, True),
        (HOST, HOST, "", True),
        (SIP, HOST, "", False),
    ],
)
async def test_certificate_must_be_for_the_host_or_for_the_domain_that_led_to_it(
    server: Server, client: Client, tmp_path: Path, certified: str, host: str, name: str, trusted: bool
) -> None:
    client.trust(tmp_path)
    await server.listen(server.ca.issue_cert(certified))
    state = await client.connect(host, name)
    assert isinstance(state, Up) is trusted, state
    if isinstance(state, Down):
        assert state.certificate is not None
        assert state.certificate.problem == f"it is not for {DOMAIN if name else host}"
        assert "not trusted" in state.why


async def test_server_hears_which_name_is_wanted_but_never_an_address(
    server: Server, client: Client, tmp_path: Path
) -> None:
    heard: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.ca.issue_cert(SIP, HOST).configure_cert(context)
    context.sni_callback = lambda sock, name, context: heard.append(name)
    await server.use(context)
    client.trust(tmp_path)
    assert isinstance(await client.connect(SIP, DOMAIN), Up)
    assert isinstance(await client.connect(HOST), Up)
    assert heard == [SIP, None]


# -- strangers


@pytest.mark.parametrize(
    ("make", "known", "problem"),
    [
        (lambda ca: ca.issue_cert(SIP), False, "nobody we trust vouches for it"),
        (lambda ca: ca.issue_cert(SIP, not_after=YESTERDAY), True, "it has expired"),
        (lambda ca: ca.issue_cert("other.test"), True, f"it is not for {SIP}"),
    ],
)
async def test_stranger_is_shown_and_comes_in_only_when_accepted(
    server: Server,
    client: Client,
    tmp_path: Path,
    make: Callable[[trustme.CA], trustme.LeafCert],
    known: bool,
    problem: str,
) -> None:
    leaf = make(server.ca)
    await server.listen(leaf)
    if known:
        client.trust(tmp_path)
    shown = await client.doubt()
    assert (shown.fingerprint, shown.problem) == (fingerprint(leaf), problem)
    assert shown.subject and "trustme" in shown.issuer and date.fromisoformat(shown.ends).year >= 2000
    assert server.ear.data == {}
    state = await client.connect(pins=("0" * 64, shown.fingerprint))
    assert isinstance(state, Up)
    client.wires.send(Send(client.count, b"hello"))
    await server.ear.until(lambda: b"hello" in server.ear.data.values())


async def test_certificate_that_vouches_for_itself_is_shown(server: Server, client: Client, tmp_path: Path) -> None:
    file = tmp_path / "self.pem"
    file.write_bytes(server.ca.private_key_pem.bytes() + server.ca.cert_pem.bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    await server.use(context)
    shown = await client.doubt()
    assert shown.problem == "only it vouches for itself" and shown.subject == shown.issuer
    assert isinstance(await client.connect(pins=(shown.fingerprint,)), Up)


async def test_accepted_certificate_that_has_changed_is_asked_about_again(server: Server, client: Client) -> None:
    await server.listen(server.ca.issue_cert(SIP))
    pins = ((await client.doubt()).fingerprint,)
    assert isinstance(await client.connect(pins=pins), Up)
    assert isinstance(await client.connect(pins=pins), Up)
    await server.restart(server.ca.issue_cert(SIP))
    changed = await client.doubt(pins=pins)
    assert changed.fingerprint not in pins
    assert changed.problem.endswith("; it is another one than the one that was accepted")


async def test_pin_of_another_server_is_no_pin_for_this_one(server: Server, client: Client) -> None:
    await server.listen(server.ca.issue_cert(SIP))
    shown = await client.doubt(pins=("ab" * 32,))
    assert shown.problem == "nobody we trust vouches for it; it is none of those that were accepted"


async def test_pinned_server_with_a_better_certificate_needs_no_pin(
    server: Server, client: Client, tmp_path: Path
) -> None:
    leaf = server.ca.issue_cert("other.test")
    await server.listen(leaf)
    client.trust(tmp_path)
    pins = (fingerprint(leaf),)
    assert isinstance(await client.connect(pins=pins), Up)
    await server.restart(server.ca.issue_cert(SIP))
    assert isinstance(await client.connect(pins=pins), Up)


async def test_stranger_hears_nothing_and_is_heard_by_nobody(server: Server, client: Client) -> None:
    await server.listen(server.ca.issue_cert(SIP))
    pins = ((await client.doubt()).fingerprint,)
    client.wires.send(Send(client.count, b"REGISTER"))
    assert isinstance(await client.connect(pins=pins), Up)
    client.wires.send(Send(client.count, b"at last"))
    await server.ear.until(lambda: bool(server.ear.data))
    assert [*server.ear.data.values()] == [b"at last"] and client.ear.data == {} and client.ear.links == []


def test_certificate_that_cannot_be_read_is_shown_all_the_same() -> None:
    shown = described(b"rubbish", "odd")
    assert (shown.subject, shown.issuer, shown.ends, shown.problem) == ("?", "?", "?", "odd")
    assert shown.fingerprint == hashlib.sha256(b"rubbish").hexdigest()


# -- who we are


async def test_server_that_asks_for_our_certificate_gets_it(server: Server, client: Client, tmp_path: Path) -> None:
    await server.listen(server.ca.issue_cert(SIP), wants_certificate=True)
    leaf, file, key = server.ca.issue_cert("phone.test"), tmp_path / "phone.pem", tmp_path / "phone.key"
    leaf.private_key_and_cert_chain_pem.write_to_path(str(file))
    client.trust(tmp_path, certificate=str(file))
    assert isinstance(await client.connect(), Up)
    file.write_bytes(leaf.cert_chain_pems[0].bytes())
    leaf.private_key_pem.write_to_path(str(key))
    client.trust(tmp_path, certificate=str(file), key=str(key))
    assert isinstance(await client.connect(), Up)


def objecting(listener: socket.socket, context: ssl.SSLContext) -> None:
    """A server that says why it refuses; the one of asyncio hangs up before it has said so."""
    plain, _ = listener.accept()
    with plain, contextlib.suppress(ssl.SSLError):
        context.wrap_socket(plain, server_side=True).close()


async def test_server_that_asks_for_our_certificate_in_vain_is_told(
    server: Server, client: Client, tmp_path: Path
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.ca.issue_cert(SIP).configure_cert(context)
    context.verify_mode = ssl.CERT_REQUIRED
    client.trust(tmp_path)
    with socket.create_server((HOST, 0)) as listener:
        server.port = listener.getsockname()[1]
        objection = asyncio.create_task(asyncio.to_thread(objecting, listener, context))
        assert isinstance(await client.connect(), Up)  # TLS 1.3: we are through before the server objects
        await objection
        why = f"{HOST}:{server.port} wants a certificate of ours (sim_tls_certificate)"
        assert await client.ear.next(client.count) == Down(why)


async def test_certificate_of_ours_that_cannot_be_used_is_told(server: Server, client: Client, tmp_path: Path) -> None:
    client.trust(tmp_path, certificate="/nowhere/phone.pem")
    state = await client.connect()
    assert state == Down("sim_tls_certificate: /nowhere/phone.pem: No such file or directory")


def encrypted(leaf: trustme.LeafCert) -> bytes:
    """The key of a certificate under a password."""
    from cryptography.hazmat.primitives import serialization as form

    key = form.load_pem_private_key(leaf.private_key_pem.bytes(), None)
    return key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.BestAvailableEncryption(b"secret"))


@pytest.mark.parametrize(
    ("certificate", "key", "words"),
    [
        ("key", "", "sim_tls_certificate: {certificate}: it holds no PEM certificate"),
        ("certificate", "", "sim_tls_certificate: {certificate}: it holds no PEM private key"),
        ("certificate", "rubbish", "sim_tls_key: {key}: it holds no PEM private key"),
        ("certificate", "other", "sim_tls_key: {key}: it is not the key of the certificate"),
        ("certificate", "locked", "sim_tls_key: {key}: the key is encrypted; one without a password is needed"),
        ("certificate", "broken", "sim_tls_key: {key}: it is damaged"),
        ("certificate", "missing", "sim_tls_key: {key}: No such file or directory"),
        ("", "key", "sim_tls_key: a key without a certificate (sim_tls_certificate)"),
    ],
)
def test_key_that_does_not_fit_is_told_with_its_setting(tmp_path: Path, certificate: str, key: str, words: str) -> None:
    ca = trustme.CA()
    leaf, other = ca.issue_cert("phone.test"), ca.issue_cert("other.test")
    texts = {
        "certificate": leaf.cert_chain_pems[0].bytes(),
        "key": leaf.private_key_pem.bytes(),
        "other": other.private_key_pem.bytes(),
        "locked": encrypted(leaf),
        "rubbish": b"rubbish",
        "broken": b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_bytes(text)
    files = [str(tmp_path / name) if name else "" for name in (certificate, key)]
    with pytest.raises(SettingsError) as told:
        Trust(certificate=files[0], key=files[1]).context()
    assert str(told.value) == words.format(certificate=files[0], key=files[1])


# -- old servers, slow servers


async def test_server_of_2009_is_reached_only_when_that_is_wanted(
    server: Server, client: Client, tmp_path: Path
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.ca.issue_cert(SIP).configure_cert(context)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
        await server.use(context)
        client.trust(tmp_path)
        assert isinstance(await client.connect(), Down)
        client.trust(tmp_path, minimum="1.0")
        assert isinstance(await client.connect(), Up)


async def test_address_that_says_nothing_is_given_up_soon(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "SHORT", 0.05)
    with socket.create_server((HOST, 0)) as mute:
        client.server.port = mute.getsockname()[1]
        assert await client.connect() == Down(f"{SIP}:{client.server.port} does not answer")
