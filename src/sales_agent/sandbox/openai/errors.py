"""OpenAI's error bodies: message, type, param, code."""

from http import HTTPStatus

from sales_agent.sandbox.json_value import JsonObject
from sales_agent.sandbox.wire import Answer, Refused

_QUOTA = (
    "You exceeded your current quota, please check your plan and billing details. "
    "For more information on this error, read the docs."
)


def error(status: int, message: str, kind: str, code: str | None = None, param: str | None = None) -> Answer:
    body: JsonObject = {"error": {"message": message, "type": kind, "param": param, "code": code}}
    return Answer(body, status)


def error_of_status(status: int, reason: str = "") -> Answer:
    """The body that comes with a bare status; with 429 `reason` tells a full minute from an empty account."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        if reason == "insufficient_quota":
            return error(status, _QUOTA, "insufficient_quota", "insufficient_quota")
        message = "Rate limit reached for requests. Please try again in 1s."
        return error(status, message, "requests", "rate_limit_exceeded")
    if status == HTTPStatus.UNAUTHORIZED:
        return unauthenticated()
    if status == HTTPStatus.FORBIDDEN:
        return forbidden()
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return error(status, "The request could not be processed.", "invalid_request_error", reason or None)
    message = "The server had an error while processing your request. Sorry about that!"
    return error(status, message, "server_error", reason or None)


def unauthenticated(*, is_expired: bool = False) -> Answer:
    if is_expired:
        message = "Incorrect API key provided."
        return error(HTTPStatus.UNAUTHORIZED, message, "invalid_request_error", "invalid_api_key")
    message = "You didn't provide an API key. You need to provide your API key in an Authorization header."
    return error(HTTPStatus.UNAUTHORIZED, message, "invalid_request_error")


def forbidden() -> Answer:
    message = "You have insufficient permissions for this operation."
    return error(HTTPStatus.FORBIDDEN, message, "invalid_request_error", "insufficient_permissions")


def invalid(message: str, param: str | None = None, code: str | None = None) -> Refused:
    return Refused(error(HTTPStatus.BAD_REQUEST, message, "invalid_request_error", code, param))
