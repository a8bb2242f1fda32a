"""HubSpot's error bodies: a message, a category, a correlation id, sometimes details."""

import json
import uuid
from collections.abc import Iterable, Mapping
from http import HTTPStatus

from sales_agent.sandbox.hubspot.properties import InvalidValue
from sales_agent.sandbox.json_value import JsonObject
from sales_agent.sandbox.wire import Answer, Refused

_AUTH_HELP = "https://developers.hubspot.com/docs/methods/auth/oauth-overview"
_SCOPES_HELP = "https://developers.hubspot.com/scopes"
_RATE_POLICIES = {
    "TEN_SECONDLY_ROLLING": "You have reached your ten_secondly_rolling limit.",
    "SECONDLY": "You have reached your secondly limit.",
    "DAILY": "You have reached your daily limit.",
}
# Categories that a plain status carries when a fault order names no reason.
_CATEGORIES: dict[int, tuple[str, str]] = {
    400: ("VALIDATION_ERROR", "Invalid input JSON"),
    404: ("OBJECT_NOT_FOUND", "resource not found"),
    409: ("CONFLICT", "Conflict"),
    423: ("LOCKED", "The resource is locked, try again later"),
    477: ("MIGRATION_IN_PROGRESS", "This account is being migrated"),
}


def error(
    status: int,
    message: str,
    category: str,
    *,
    extra: JsonObject | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    body: JsonObject = {
        "status": "error",
        "message": message,
        "correlationId": str(uuid.uuid4()),
        "category": category,
        **(extra or {}),
    }
    return Answer(body, status, headers or {})


def error_of_status(status: int, reason: str = "") -> Answer:
    """The body HubSpot sends with a bare status; `reason` may name a rate policy or a category."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        policy = reason or "TEN_SECONDLY_ROLLING"
        message = _RATE_POLICIES.get(policy, _RATE_POLICIES["SECONDLY"])
        return error(status, message, "RATE_LIMITS", extra={"policyName": policy})
    if status == HTTPStatus.UNAUTHORIZED:
        return unauthenticated(is_expired=reason == "EXPIRED_AUTHENTICATION")
    if status == HTTPStatus.FORBIDDEN:
        return missing_scopes(reason or "crm.objects.contacts.read")
    category, message = _CATEGORIES.get(status, ("INTERNAL_ERROR", "internal error"))
    return error(status, message, reason or category)


def unauthenticated(*, is_expired: bool = False) -> Answer:
    if is_expired:
        message, category = "The OAuth token used to make this call expired.", "EXPIRED_AUTHENTICATION"
    else:
        message = f"Authentication credentials not found. This API supports OAuth 2.0 authentication: {_AUTH_HELP}"
        category = "INVALID_AUTHENTICATION"
    return error(HTTPStatus.UNAUTHORIZED, message, category)


def missing_scopes(scope: str) -> Answer:
    message = (
        "This app hasn't been granted all required scopes to make this call. "
        f"Read more about required scopes here: {_SCOPES_HELP}."
    )
    detail: JsonObject = {
        "message": "One or more of the following scopes are required.",
        "context": {"requiredGranularScopes": [scope]},
    }
    extra: JsonObject = {"errors": [detail], "links": {"scopes": _SCOPES_HELP}}
    return error(HTTPStatus.FORBIDDEN, message, "MISSING_SCOPES", extra=extra)


def not_found(what: str = "resource not found") -> Refused:
    return Refused(error(HTTPStatus.NOT_FOUND, what, "OBJECT_NOT_FOUND"))


def invalid(message: str, details: list[JsonObject] | None = None) -> Refused:
    extra: JsonObject = {"errors": details} if details else {}
    return Refused(error(HTTPStatus.BAD_REQUEST, message, "VALIDATION_ERROR", extra=extra))


def invalid_values(problems: Iterable[InvalidValue]) -> Refused:
    """Property values HubSpot would not store: the message holds a JSON list, `errors` the same in parts."""
    found = list(problems)
    listed = [{"isValid": False, "message": p.message, "error": p.code, "name": p.name} for p in found]
    details: list[JsonObject] = [
        {"message": p.message, "code": p.code, "context": {"propertyName": [p.name]}} for p in found
    ]
    return invalid(f"Property values were not valid: {json.dumps(listed)}", details)


def conflict(existing_id: str) -> Refused:
    message = f"Contact already exists. Existing ID: {existing_id}"
    return Refused(error(HTTPStatus.CONFLICT, message, "CONFLICT"))
