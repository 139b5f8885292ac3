"""What schemathesis may not do to the phone that it fuzzes; loaded by it (SCHEMATHESIS_HOOKS), see test_http."""

from __future__ import annotations

from typing import Any

import schemathesis

DEADLY = ("quit", "reset")
"""The one ends the phone, the other leaves it without anything that could be asked for; each has its own tests."""
LOCKING = ("http_user", "http_pass", "http_scheme", "webserver_type", "admin_mode", "use_hidden_tags", "sim_http_fault")
"""Settings after which the rest of the run would see a closed door."""


@schemathesis.hook
def before_load_schema(context: schemathesis.HookContext, raw_schema: dict[str, Any]) -> None:
    """Take out of the document what would end the run."""
    shapes = raw_schema["components"]["schemas"]
    refs = [{"$ref": f"#/components/schemas/Intent_{do}"} for do in DEADLY]
    shapes["Intent"]["oneOf"] = [ref for ref in shapes["Intent"]["oneOf"] if ref not in refs]
    patch = raw_schema["paths"]["/api/v1/settings"]["patch"]["requestBody"]["content"]["application/json"]["schema"]
    names = patch["propertyNames"]["enum"]
    patch["propertyNames"]["enum"] = [name for name in names if not name.startswith(LOCKING)]
