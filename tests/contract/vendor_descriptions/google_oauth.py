"""Google's token endpoint, which no discovery document describes: the refresh of RFC 6749, section 6."""

from collections.abc import Iterator, Mapping
from typing import Any

_FIELDS = {"grant_type", "client_id", "client_secret", "refresh_token"}


def complaints(method: str, path: str, query: Mapping[str, Any], body: Any) -> Iterator[str]:
    if (method, path) != ("POST", "/token"):
        yield "no such method"
        return
    if query:
        yield "secrets do not belong in a query"
    if not isinstance(body, dict) or set(body) != _FIELDS:
        yield f"the form is not {sorted(_FIELDS)}"
    elif body["grant_type"] != "refresh_token":
        yield f"grant_type is {body['grant_type']}"
