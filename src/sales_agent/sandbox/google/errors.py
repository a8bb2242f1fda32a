"""Google's error bodies: one object with code, message, status and the older list of errors."""

from collections.abc import Mapping
from http import HTTPStatus

from sales_agent.sandbox.json_value import JsonObject
from sales_agent.sandbox.wire import Answer, Refused

_STATUS_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    410: "FAILED_PRECONDITION",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}
_REASONS = {
    400: "badRequest",
    401: "authError",
    403: "insufficientPermissions",
    404: "notFound",
    409: "duplicate",
    410: "deleted",
    429: "rateLimitExceeded",
    503: "backendError",
}
_MESSAGES = {
    400: "Bad Request",
    401: "Request had invalid authentication credentials. Expected OAuth 2 access token.",
    403: "Request had insufficient authentication scopes.",
    404: "Requested entity was not found.",
    429: "Resource has been exhausted (e.g. check quota).",
    500: "Internal error encountered.",
    503: "The service is currently unavailable.",
}
# Reasons that speak of a quota, wherever they come with 403 or 429.
_QUOTA_MESSAGES = {
    "rateLimitExceeded": "Rate Limit Exceeded",
    "userRateLimitExceeded": "User-rate limit exceeded. Retry later.",
    "dailyLimitExceeded": "Daily Limit Exceeded",
    "quotaExceeded": "The user has exceeded their quota.",
}


def error(
    status: int,
    message: str = "",
    reason: str = "",
    *,
    place: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """The body for a status; `reason` is the word clients branch on, `place` says which header or parameter."""
    reason = reason or _REASONS.get(status, "backendError")
    message = message or _QUOTA_MESSAGES.get(reason) or _MESSAGES.get(status, "Internal error encountered.")
    domain = "usageLimits" if reason in _QUOTA_MESSAGES else "global"
    body: JsonObject = {
        "error": {
            "code": status,
            "message": message,
            "errors": [{"message": message, "domain": domain, "reason": reason, **(place or {})}],
            "status": _STATUS_NAMES.get(status, "UNKNOWN"),
        }
    }
    return Answer(body, status, headers or {})


def unauthenticated(*, is_expired: bool = False) -> Answer:
    """401 for a missing, unknown, expired or revoked token; Google does not tell them apart."""
    message = "Invalid Credentials" if is_expired else ""
    place = {"location": "Authorization", "locationType": "header"}
    return error(HTTPStatus.UNAUTHORIZED, message, place=place)


def not_found(message: str = "") -> Refused:
    return Refused(error(HTTPStatus.NOT_FOUND, message))


def invalid(message: str, reason: str = "invalidArgument") -> Refused:
    return Refused(error(HTTPStatus.BAD_REQUEST, message, reason))
