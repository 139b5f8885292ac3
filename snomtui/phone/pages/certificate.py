"""The page that asks whether a server's certificate is to be trusted although nobody vouches for it.

Only the soft key accepts: who presses OK without reading has decided nothing.
"""

from __future__ import annotations

from dataclasses import replace
from textwrap import wrap

from snomtui.line.events import CertificateDoubted
from snomtui.phone.intents import AcceptCertificate, RejectCertificate
from snomtui.phone.model import Model, Screen
from snomtui.phone.pages.choosing import back, labelled
from snomtui.phone.pages.page import Back, Kind, Step, soft_keys
from snomtui.phone.snapshot import Page, Row
from snomtui.skin import Shape

_GROUPS = (8, 4, 2, 1)
"""How many groups of a fingerprint may stand in a row: all rows shall be of one length."""


def grouped(fingerprint: str, columns: int) -> list[str]:
    """A fingerprint in groups of four digits, in rows that fit; it is compared with one on paper."""
    groups = [fingerprint[n : n + 4] for n in range(0, len(fingerprint), 4)]
    count = next((each for each in _GROUPS if each * 5 - 1 <= columns), 1)
    return [" ".join(groups[n : n + count]) for n in range(0, len(groups), count)]


def draw(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """Who shows what, why it is doubted, and the fingerprint; the rows scroll."""
    doubt, title = model.doubt(screen.subject), model.say("Unknown certificate")
    if doubt is None:
        nothing = (Row(model.say("Nothing to decide"), style="dim"),)
        return Page("certificate", title, nothing, soft_keys(None, None, None, back(model)))
    rows = _rows(model, doubt, shape.columns)
    top = max(0, min(screen.cursor, len(rows) - shape.rows))
    shown = rows[top : top + max(1, shape.rows)]
    fingerprint = doubt.certificate.fingerprint
    # Accept is not where the sign-in form has its own key: who presses that twice must not have accepted.
    accept, reject = (
        labelled(model, "Accept", AcceptCertificate(fingerprint)),
        labelled(model, "Reject", RejectCertificate(fingerprint)),
    )
    below = max(0, len(rows) - top - len(shown))
    return Page("certificate", title, shown, soft_keys(None, None, accept, reject), above=top, below=below)


def press(model: Model, screen: Screen, key: str, now: float) -> Step:
    """Up and down scroll, OK scrolls too; ✗ rejects."""
    doubt = model.doubt(screen.subject)
    if key in ("CANCEL", "ONHOOK", "back"):
        return RejectCertificate(doubt.certificate.fingerprint) if doubt else Back()
    if key in ("UP", "DOWN", "ENTER"):
        count = len(_rows(model, doubt, model.shape.columns)) if doubt else 1
        step = -1 if key == "UP" else 1
        return replace(screen, cursor=max(0, min(screen.cursor + step, count - max(1, model.shape.rows))))
    return None


def _rows(model: Model, doubt: CertificateDoubted, columns: int) -> tuple[Row, ...]:
    shown, say = doubt.certificate, model.say
    texts = (
        say("{server} shows a certificate: {problem}", server=doubt.server, problem=say(shown.problem)),
        say("For: {name}", name=shown.subject),
        say("From: {name}", name=shown.issuer),
        say("Ends: {date}", date=shown.ends),
    )
    rows = [
        Row(line, style="alert" if n == 0 else "") for n, text in enumerate(texts) for line in _lines(text, columns)
    ]
    rows += [Row("SHA-256:"), *(Row(line) for line in grouped(shown.fingerprint, columns))]
    return tuple(rows)


def _lines(text: str, columns: int) -> list[str]:
    return wrap(text, max(10, columns)) or [""]


KIND = Kind(draw, press)
