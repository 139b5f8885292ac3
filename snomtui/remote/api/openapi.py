"""openapi.json: the HTTP door in words for programs (OpenAPI 3.1), made from the tables that it goes by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus

from snomtui.remote.api import accounts, directory, intents, lists, settings, told, wishes
from snomtui.remote.api.oldpages import paths as old_paths
from snomtui.remote.api.operation import Answer, Asked, Operation
from snomtui.remote.api.shapes import Shape, by_name, named, row_of, text, thing
from snomtui.remote.doors import Doors
from snomtui.settings.registry import Settings

_ABOUT = """\
A snom desk phone, simulated. Under `/api/v1/` it speaks JSON; beside it are the pages that remote control programs of
real snom phones use. Every address may ask for the login of the web server. Requests that a page of another site makes
are answered with 403, and so is what must not be asked over plain HTTP: accounts, and passwords from elsewhere."""
_WORDS = {
    401: "No login, or a wrong one.",
    403: "Not for a page of another site, or not over this connection.",
    404: "There is no such thing.",
    406: "The Accept header leaves this media type out.",
    408: "The body did not come in time.",
    409: "The phone refuses, and says why.",
    414: "The address is too long.",
    413: "The body is too large.",
    415: "Not a media type that is taken here.",
    422: "What was sent cannot be understood; `why` says what would be right.",
    429: "Blocked after too many wrong logins; Retry-After tells for how long.",
    503: "Too many are there already, or it cannot be had now.",
}


def document(operations: Iterable[Operation], doors: Doors, pictures: bool = True) -> Shape:
    """The whole document; `pictures` tells whether there is somebody to draw the phone."""
    locked = bool(doors.settings.text("http_user") or doors.settings.text("http_pass"))
    paths: dict[str, dict[str, Shape]] = {}
    for row in operations:
        paths.setdefault(row.path, {})[row.method.lower()] = _operation(row, locked)
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{doors.model} (snomtui)", "version": "1", "description": _ABOUT},
        "servers": [{"url": "/"}],
        "security": _security(doors.settings) if locked else [],
        "tags": [{"name": "api", "description": "JSON"}, {"name": "snom", "description": "As on the real phone"}],
        "paths": {**paths, **_document_itself(locked), **old_paths(locked, pictures)},
        "components": {"schemas": _schemas(), "securitySchemes": _SCHEMES},
    }


_SCHEMES = {
    "basic": {"type": "http", "scheme": "basic", "description": "http_user and http_pass, when http_scheme is off."},
    "digest": {"type": "http", "scheme": "digest", "description": "The same, when http_scheme is on."},
    "certificate": {"type": "mutualTLS", "description": "A client certificate, over HTTPS."},
}


def _security(settings: Settings) -> list[Shape]:
    return [{"digest" if settings.on("http_scheme") else "basic": []}]


def _schemas() -> Mapping[str, Shape]:
    error = {
        "ok": {"const": False},
        "why": text("In words."),
        "do": text(),
        "wrong": by_name(text(), "What is wrong with each field or setting."),
        "results": row_of({"type": "object"}, "Of an array of intents: each that was tried."),
    }
    fixed: dict[str, Shape] = {
        "Error": thing(error, ("do", "wrong", "results")),
        "Done": intents.done_shape(),
        "ListedCall": lists.shape(),
        "Setting": settings.shape(),
        **directory.components(),
        **accounts.components(),
    }
    return {**fixed, **told.components(), **wishes.components()}


def _operation(row: Operation, locked: bool) -> Shape:
    answers = {str(status): _answer(row, status, shape) for status, shape in row.gives.items()}
    errors = {403, *row.errors} | ({406} if row.method == "GET" else set()) | ({401, 429} if locked else set())
    errors |= {414} if row.asks else set()
    said: Shape = {
        "operationId": row.name,
        "tags": ["api"],
        "summary": row.summary,
        "responses": {**answers, **{str(status): _error(status) for status in sorted(errors)}},
    }
    if row.asks:
        said["parameters"] = list(row.asks)
    if row.takes is not None:
        content: Shape = {"schema": row.takes} | ({"example": row.example} if row.example is not None else {})
        said["requestBody"] = {"required": True, "content": {"application/json": content}}
    return said


def _answer(row: Operation, status: int, shape: Shape) -> Shape:
    said: Shape = {"description": HTTPStatus(status).phrase, "content": {row.kind: {"schema": shape}}}
    headers = {name: {"schema": {"type": "string"}} for name in row.headers.get(status, ())}
    return said | ({"headers": headers} if headers else {})


def _error(status: int) -> Shape:
    return {"description": _WORDS[status], "content": {"application/json": {"schema": named("Error")}}}


def _document_itself(locked: bool) -> dict[str, Shape]:
    row = Operation("GET", "/openapi.json", "openapi", "This document.", _never, {200: {"type": "object"}})
    return {row.path: {"get": _operation(row, locked)}}


async def _never(asked: Asked) -> Answer:
    raise AssertionError("answered elsewhere")
