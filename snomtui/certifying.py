"""What `snomtui certificate` does: the web server's certificate by hand, while the phone runs or not.

A running phone looks at its file with each connection, so it shows a new certificate from the next one on.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from platformdirs import user_state_path

from snomtui.errors import LocalError, SettingsError
from snomtui.given import settings_of, to_stderr
from snomtui.settings.registry import Settings
from snomtui.shell.identity import Facts, Identity, facts, joined
from snomtui.shell.identity import request as new_request
from snomtui.shell.papers import Papers, key_pem, read
from snomtui.shell.store import Store
from snomtui.webside.enrolment import obtained
from snomtui.webside.identity import WebIdentity, of_setting

NEXT = "A phone that runs with this state folder shows it from the next connection on."


def request(given: argparse.Namespace) -> int:
    """`snomtui certificate request`: a request for the authority; its key stays in the state folder."""
    who, settings = _who(given)
    pending = who.store.pending()
    if pending is None or given.name:
        old = who.identity if who.facts and not who.facts.own and not given.name else None
        pending = new_request(settings.text("sim_mac"), [*given.name, *who.names()], old)
        who.store.ask(pending)
    if given.out is None:
        print(pending.csr, end="")
        return 0
    try:
        given.out.write_text(pending.csr, "ascii")
    except OSError as error:
        raise LocalError(f"--out {given.out}: {error.strerror}") from None
    print(f"The request is in {given.out}. When the authority has answered: snomtui certificate import FILE")
    return 0


def take(given: argparse.Namespace) -> int:
    """`snomtui certificate import`: the answer of the authority."""
    who, settings = _who(given)
    try:
        papers = read(given.file.read_bytes(), str(given.file))
    except OSError as error:
        raise LocalError(f"{given.file}: {error.strerror}") from None
    made = _fitting(who, papers, given.file)
    seen, now = facts(made), time.time()
    if not seen.begins <= now < seen.ends:
        raise SettingsError(
            f"{given.file}: the certificate is valid from {_day(seen.begins)} to {_day(seen.ends)} only"
        )
    who.store.save(made)
    pending = who.store.pending()
    if pending and pending.key == made.key:
        who.store.ask(None)
    return _done(seen, settings)


def _fitting(who: WebIdentity, papers: Papers, file: Path) -> Identity:
    """The certificate with the key that it is for: that of the request, of the present one, or beside it."""
    pending, present = who.store.pending(), who.identity
    keys = [pending.key if pending else "", present.key if present else "", key_pem(papers.key) if papers.key else ""]
    for key in filter(None, keys):
        try:
            return joined(key, papers.certificates)
        except ValueError:
            continue
    why = "no certificate in it is for a key of this phone; snomtui certificate request makes a key and a request"
    raise SettingsError(f"{file}: {why}")


def enrol(given: argparse.Namespace) -> int:
    """`snomtui certificate enrol`: get one from the EST server of the settings, now."""
    who, settings = _who(given)
    made = asyncio.run(obtained(who, settings))
    who.store.save(made)
    return _done(facts(made), settings)


def show(given: argparse.Namespace) -> int:
    """`snomtui certificate show`."""
    who, settings = _who(given)
    setting = settings.text("webserver_cert")
    identity = of_setting(setting) if setting else who.identity
    if who.store.pending():
        print("A request waits for its certificate: snomtui certificate import FILE")
    if identity is None:
        print("There is no certificate yet; the phone makes one when it starts.", file=sys.stderr)
        return 1
    print("\n".join(_told(facts(identity), bool(setting))))
    return 0


def _done(seen: Facts, settings: Settings) -> int:
    print("\n".join(_told(seen, False)))
    print("The setting webserver_cert wins over it." if settings.text("webserver_cert") else NEXT)
    return 0


def _told(seen: Facts, setting: bool) -> list[str]:
    kind = "the setting webserver_cert" if setting else "made by the phone itself" if seen.own else "an authority's"
    return [
        f"subject   {seen.subject}",
        f"issuer    {seen.issuer}",
        f"names     {', '.join(seen.names)}",
        f"valid     {_day(seen.begins)} to {_day(seen.ends)}, renewed from {_day(seen.renewal)} on",
        f"SHA-256   {seen.fingerprint}",
        f"kind      {kind}",
    ]


def _day(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M")


def _who(given: argparse.Namespace) -> tuple[WebIdentity, Settings]:
    """The phone's certificate as it is kept, and its settings; raises `SettingsError`."""
    folder = given.state_dir or user_state_path("snomtui")
    settings, _ = settings_of(given, Store(folder).settings)
    who = WebIdentity(lambda: settings, folder, "127.0.0.1", time.time, to_stderr, lambda event: None)
    who.look()
    return who, settings
