"""What HTML pages are written on: templates, one script of our own, and headers that let no other script run."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import cache
from hashlib import sha256
from importlib import resources

from jinja2 import Environment, PackageLoader
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from snomtui.remote.intentjson import whole_text

NO_FILTERS: Mapping[str, Callable[..., object]] = {}


class Paper:
    """The templates of one package, with one file beside them as the only script in them."""

    def __init__(
        self, package: str, filters: Mapping[str, Callable[..., object]] = NO_FILTERS, script: str = "live.js"
    ) -> None:
        """`script` is the name of that file."""
        code = (resources.files(package) / "templates" / script).read_text("utf-8")
        self._headers = _headers(b64encode(sha256(code.encode()).digest()).decode())
        self.templates = _templates(package)
        self.templates.filters.update(filters)
        self.templates.globals["script"] = Markup(code)  # our own file, and its hash is in the policy

    def page(self, name: str, status: int, **values: object) -> Response:
        """Fill a template in."""
        text = self.templates.get_template(name).render(**values)
        return HTMLResponse(whole_text(text), status, self._headers)


@cache
def _templates(package: str) -> Environment:
    """One for all servers of a program. A page is compiled when it is first opened: a phone has far more than are."""
    return Environment(loader=PackageLoader(package), autoescape=True, trim_blocks=True, lstrip_blocks=True)


def _headers(script_hash: str) -> dict[str, str]:
    return {
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "content-security-policy": (
            f"default-src 'none'; script-src 'sha256-{script_hash}'; style-src 'unsafe-inline'; connect-src 'self'; "
            "img-src 'self' data:; "
            "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
    }
