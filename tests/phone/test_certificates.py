"""A server shows a certificate for which nobody vouches: what the phone asks, and what a person answers."""

from __future__ import annotations

import pytest

from snomtui.kit.box import Certificate, Conn, Down, Log, Open
from snomtui.line.events import CertificateDoubted
from snomtui.phone.certificates import MOST
from snomtui.phone.intents import AcceptCertificate, Go, Refusal, Register, RejectCertificate, Select, SetSetting
from snomtui.phone.pages.certificate import grouped
from snomtui.skin import Shape
from tests.phone.bench import SHAPE, Bench

PRINT = "0123456789abcdef" * 4
OTHER = "fedcba9876543210" * 4
SHAPES = [SHAPE, Shape("snom320", 2, 24, 4, 12), Shape("odd", 1, 10, 4, 4), Shape("snom870", 12, 48, 0, 0)]


def certificate(fingerprint: str = PRINT) -> Certificate:
    """What a server shows."""
    problem = "nobody we trust vouches for it"
    return Certificate(fingerprint, "CN=sip.ucc.de", "CN=Our own authority,O=UCC", "2026-11-23", problem)


def conn(bench: Bench, identity: int = 1) -> Conn:
    """The number of a line's connection."""
    line = bench.phone.line(identity)
    assert line is not None
    return next(n for n in range(1, 1000) if line.owns(n))


def doubt(bench: Bench, fingerprint: str = PRINT) -> None:
    """The connection fails because of a certificate."""
    why = "The certificate of sip.ucc.de:5061 is not trusted"
    bench.wire.refusing = True
    bench.phone.linked(conn(bench), Down(why, certificate(fingerprint)), bench.now)
    bench.wire.settle()


@pytest.fixture
def bench() -> Bench:
    bench = Bench()
    doubt(bench)
    return bench


def test_phone_asks_about_an_unknown_certificate(bench: Bench) -> None:
    assert bench.page.name == "certificate" and bench.page.title == "Unknown certificate"
    text = " ".join(bench.rows)
    assert "nobody we trust vouches for it" in text and "CN=sip.ucc.de" in text
    assert [key.label if key else "" for key in bench.page.softkeys] == ["", "", "Accept", "Reject"]
    (told,) = bench.events(CertificateDoubted)
    assert (told.identity, told.certificate) == (1, certificate())


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: str(shape.model))
def test_whole_fingerprint_can_be_read_on_every_display(shape: Shape) -> None:
    bench = Bench(shape=shape)
    doubt(bench)
    seen = list(bench.rows)
    for _ in range(60):
        bench.press("DOWN")
        seen += [bench.rows[-1]]
        assert len(bench.rows) <= shape.rows and all(len(row) <= shape.columns for row in bench.rows)
    digits = "".join(dict.fromkeys(seen)).replace(" ", "")
    assert bench.page.below == 0 and bench.page.name == "certificate"
    assert all(row in seen for row in grouped(PRINT, shape.columns)) and PRINT[-4:] in digits
    bench.press(*["UP"] * 60)
    assert bench.page.above == 0


def test_fingerprint_stands_in_groups() -> None:
    assert grouped(PRINT, 38) == ["0123 4567 89ab cdef"] * 4
    assert grouped(PRINT, 48) == ["0123 4567 89ab cdef 0123 4567 89ab cdef"] * 2
    assert grouped(PRINT, 10)[:2] == ["0123 4567", "89ab cdef"]
    assert grouped(PRINT, 3)[0] == "0123"


@pytest.mark.parametrize("key", ["ENTER", "5", "P1", "F1", "F2", "RIGHT", "OFFHOOK"])
def test_no_key_but_the_soft_key_accepts(bench: Bench, key: str) -> None:
    bench.press(key)
    assert bench.phone.settings.text("sim_tls_pins") == ""


def test_accepted_certificate_is_remembered_and_the_identity_registers_at_once(bench: Bench) -> None:
    bench.wire.refusing = False
    opened = len(bench.done(Open))
    bench.press("F3")
    assert bench.phone.settings.text("sim_tls_pins") == PRINT
    assert bench.kept["setting:sim_tls_pins"] == PRINT
    assert bench.page.name == "idle" and opened <= len(bench.done(Open))
    line = bench.phone.line(1)
    assert line is not None and line.account.pins == (PRINT,) and line.registered


def test_accepted_certificates_do_not_grow_without_end() -> None:
    bench = Bench(settings={"sim_tls_pins": " ".join(f"{n:064x}" for n in range(MOST))})
    doubt(bench)
    assert bench.do(AcceptCertificate(PRINT)) is None
    pins = bench.phone.settings.text("sim_tls_pins").split()
    assert (len(pins), pins[0], pins[-1]) == (MOST, f"{1:064x}", PRINT)


@pytest.mark.parametrize("key", ["F4", "CANCEL"])
def test_rejected_certificate_is_not_asked_about_again_before_the_next_sign_in(bench: Bench, key: str) -> None:
    bench.press(key)
    assert bench.page.name == "idle"
    doubt(bench)
    assert bench.page.name == "idle"
    assert bench.phone.settings.text("sim_tls_pins") == ""
    doubt(bench, OTHER)
    assert bench.page.name == "certificate"
    bench.press(key)
    bench.do(Register(1))
    doubt(bench)
    assert bench.page.name == "certificate"


def test_same_question_is_put_once(bench: Bench) -> None:
    doubt(bench)
    bench.press("F4")
    assert bench.page.name == "idle"


def test_question_waits_behind_a_call() -> None:
    bench = Bench()
    bench.talk()
    doubt(bench)
    assert bench.page.name == "call"
    assert [screen.name for screen in bench.phone.model.screens][:2] == ["idle", "certificate"]


def test_question_is_withdrawn_when_the_server_is_trusted_after_all(bench: Bench) -> None:
    bench.wire.refusing = False
    bench.do(Register(1))
    assert bench.phone.model.doubts == {} and bench.page.name == "idle"


@pytest.mark.parametrize("wish", [AcceptCertificate(OTHER), RejectCertificate(OTHER)])
def test_answer_to_a_question_that_was_not_put_is_refused(
    bench: Bench, wish: AcceptCertificate | RejectCertificate
) -> None:
    assert bench.do(wish) == Refusal("The phone has not asked about such a certificate")
    assert bench.phone.settings.text("sim_tls_pins") == ""


def test_certificate_accepted_for_one_identity_needs_no_question_for_another(bench: Bench) -> None:
    bench = Bench()
    bench.phone.settings.set("sim_tls_pins", PRINT)  # as another identity's answer does
    bench.wire.refusing = False
    bench.phone.linked(conn(bench), Down("not trusted", certificate()), bench.now)
    bench.advance(1)
    line = bench.phone.line(1)
    assert line is not None and line.account.pins == (PRINT,) and bench.page.name == "idle"


def test_pins_can_be_set_like_any_setting_and_are_checked(bench: Bench) -> None:
    assert bench.do(SetSetting("sim_tls_pins", f"{PRINT} {OTHER}")) is None
    bench.advance(1)
    line = bench.phone.line(1)
    assert line is not None and line.account.pins == (PRINT, OTHER)
    refusal = bench.do(SetSetting("sim_tls_pins", PRINT[:-1]))
    assert refusal is not None and "64 hexadecimal digits" in refusal.why


def test_page_without_a_question_says_so() -> None:
    bench = Bench()
    bench.do(Go("certificate"))
    assert bench.rows == ["Nothing to decide"]
    bench.do(Select(0))
    bench.press("F4")
    assert bench.page.name == "idle"


def test_rejection_leaves_a_trace_of_why_nobody_is_registered(bench: Bench) -> None:
    bench.press("F4")
    assert any("not trusted" in log.text for log in bench.done(Log))
