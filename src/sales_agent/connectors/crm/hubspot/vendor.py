"""How HubSpot words a refusal: categories, rate policies, missing scopes, the id of the record that exists already."""

import re
from http import HTTPStatus

from sales_agent.connectors.answer import JsonObject, count_at, objects_at, text_at, texts_at
from sales_agent.connectors.errors import AlreadyExists, ProviderError
from sales_agent.connectors.vendor import Refusal, Vendor, clean_code

# How long each policy's window is where no Retry-After says it. The day ends in the portal's zone, which we do not
# know here, so a spent day is looked at again every hour.
_POLICY_WAIT_SECONDS = {"SECONDLY": 1.0, "TEN_SECONDLY_ROLLING": 10.0, "DAILY": 3600.0}

# HubSpot asks for at least two seconds after 423, and its own clients wait ten for a portal that is being moved.
_LOCKED, _LOCKED_WAIT_SECONDS = HTTPStatus.LOCKED, 2.0
_MIGRATING, _MIGRATION_WAIT_SECONDS = 477, 10.0

# A create may be refused for a dozen properties; the first few say enough.
_LONGEST_CODE = 80

_EXISTING_ID = re.compile(r"Existing ID:\s*(\d+)")
_INTERVAL = "X-HubSpot-RateLimit-Interval-Milliseconds"


def _read_refusal(refusal: Refusal) -> ProviderError | None:
    if refusal.status == HTTPStatus.TOO_MANY_REQUESTS:
        return refusal.rate_limited(_policy(refusal), _wait(refusal))
    if refusal.status == HTTPStatus.FORBIDDEN:
        return refusal.permanent(_missing_scope(refusal.body))
    if refusal.status == HTTPStatus.CONFLICT:
        found = _EXISTING_ID.search(text_at(refusal.body, "message"))
        return AlreadyExists("CONFLICT", provider=refusal.vendor, existing_id=found.group(1) if found else "")
    if refusal.status == _LOCKED:
        return refusal.transient("LOCKED", _LOCKED_WAIT_SECONDS)
    if refusal.status == _MIGRATING:
        return refusal.transient("MIGRATION_IN_PROGRESS", _MIGRATION_WAIT_SECONDS)
    return None


def _policy(refusal: Refusal) -> str:
    return clean_code(text_at(refusal.body, "policyName")) or "RATE_LIMITS"


def _wait(refusal: Refusal) -> float | None:
    if refusal.asked_wait_seconds is not None:
        return refusal.asked_wait_seconds
    known = _POLICY_WAIT_SECONDS.get(text_at(refusal.body, "policyName"))
    return known or count_at(dict(refusal.headers), _INTERVAL) / 1000 or None


def _missing_scope(body: JsonObject) -> str:
    scopes = [scope for error in objects_at(body, "errors") for scope in _scopes(error)]
    return f"missing scope {' '.join(scopes)}" if scopes else _code(body)


def _scopes(error: JsonObject) -> list[str]:
    return [clean_code(scope) for scope in texts_at(error, "context", "requiredGranularScopes")]


def _code(body: JsonObject) -> str:
    """The category, and for a refused value the properties with what was wrong; never the value itself."""
    wrong = [
        "-".join([*texts_at(error, "context", "propertyName"), text_at(error, "code")])
        for error in objects_at(body, "errors")
    ]
    return ":".join([text_at(body, "category"), *wrong])[:_LONGEST_CODE]


HUBSPOT = Vendor("hubspot", read_refusal=_read_refusal, code_of=_code)
