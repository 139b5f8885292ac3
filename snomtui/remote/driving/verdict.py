"""What a phone's answer means, in words: done, or why not. Each firmware says no in its own way."""

from __future__ import annotations

import re
from json import loads
from typing import Any

from snomtui.remote.driving import strangers
from snomtui.remote.driving.client import Answered, NotASnom, Refused

REFUSAL = "x-phone-refusal"
SMALL = 4096
"""Bytes. A page that says no is short; longer ones may hold any word."""

_LOGIN_PAGE = re.compile(r"(?<!line_)login", re.IGNORECASE)
_TAGS = re.compile(r"hidden[ _-]?tags?|use_hidden_tags|\b(?:xsrf|csrf)\b", re.IGNORECASE)


def said(answer: Answered) -> dict[str, Any] | None:
    """What our own phone says to an intent; None for anything else."""
    try:
        found = loads(answer.body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and isinstance(found.get("ok"), bool) else None


def why(answer: Answered) -> str:
    """Why our own phone refused."""
    found = said(answer)
    return str(found.get("why", "refused")) if found else f"refused (answer {answer.status})"


def check_login(answer: Answered, where: str, has_login: bool, forbidding: bool = True) -> None:
    """Raise `Refused` if the login is missing, wrong, blocked or, with `forbidding`, not enough."""
    if answer.status == 401:
        _check_make(answer, where)
        wrong = "wrong login" if has_login else "a login is needed, give --user NAME"
        raise Refused(f"{where}: {wrong}")
    if _may_be_short_page(answer) and re.search(r"\bblocked\b", answer.text, re.IGNORECASE):
        left = answer.headers.get("retry-after", "")
        when = f"{left} seconds" if re.fullmatch("[0-9]{1,9}", left) else "a few minutes"
        raise Refused(f"{where}: blocked after too many wrong logins; try again in {when}")
    if forbidding and answer.status == 403 and not answer.headers.get(REFUSAL):
        told = said(answer)
        _check_tags(answer, where)
        raise Refused(f"{where}: {told['why'] if told and 'why' in told else 'this login may not do that'}")


def check(answer: Answered, where: str, has_login: bool) -> None:
    """Raise `Refused` or `NotASnom` unless a command was taken; a redirect to a page is success."""
    if answer.headers.get(REFUSAL):
        raise Refused(f"the phone refused: {answer.headers[REFUSAL]}")
    check_login(answer, where, has_login)
    _check_make(answer, where)
    short = _may_be_short_page(answer)
    if short:
        _check_tags(answer, where)
    if answer.status in (404, 405, 501) or _LOGIN_PAGE.search(answer.headers.get("location", "")):
        raise NotASnom(f"{where}: no snom phone with remote control (answer {answer.status})")
    snom = strangers.is_snom(answer.headers.get("server", ""), strangers.title(answer.text))
    if answer.status == 200 and not snom and strangers.asks_for_login(answer.text):
        raise NotASnom(f"{where}: no snom phone with remote control, but a page that asks for a login")
    if answer.status in (307, 308):
        raise Refused(
            f"{where}: sends us to {answer.location[:100] or 'nowhere'}, which was not asked; nothing was done"
        )
    if not (200 <= answer.status < 400):
        later = answer.headers.get("retry-after", "")
        when = f"; it says: again in {later} seconds" if re.fullmatch("[0-9]{1,9}", later) else ""
        raise Refused(f"the phone refused the command (answer {answer.status}{when})")


def _check_make(answer: Answered, where: str) -> None:
    """Raise `NotASnom` if what answers says that it is something else."""
    names = (answer.headers.get("server", ""), answer.headers.get("www-authenticate", ""), strangers.title(answer.text))
    for text in names:
        stranger = strangers.named(text)
        if stranger:
            raise NotASnom(f"{where}: {stranger}")


def _check_tags(answer: Answered, where: str) -> None:
    if _TAGS.search(answer.text):
        raise Refused(
            f"{where}: the phone takes no commands while hidden tags are on; switch them off (use_hidden_tags) "
            "in its web pages under Setup > Advanced > QoS/Security"
        )


def _may_be_short_page(answer: Answered) -> bool:
    """Whether this may be a page that only says no."""
    if answer.status not in (200, 403, 429, 503) or answer.headers.get("content-type", "").startswith("text/ev"):
        return False
    return len(answer.body) < SMALL
