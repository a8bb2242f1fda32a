"""Every error of the API becomes problem details: ours by name, the framework's by status, a bug by request id."""

import http
import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from sales_agent.bootstrap.refusals import RefusalLog, note_refusal
from sales_agent.kit.errors import AppError, NotAuthenticated, TemporarilyUnavailable, TooManyRequests
from sales_agent.kit.http import PROBLEM_TYPE, problem, problem_bytes
from sales_agent.observability.middleware import App, Message, Receive, Scope, Send
from sales_agent.observability.tracing import current_trace

log = structlog.get_logger()

# A database that restarts is back by then; sooner would only add to its work.
RETRY_AFTER_SECONDS = 10


class RequestInvalid(AppError):
    """The request does not have the shape this route takes; `errors` says where."""

    status = 422


class UnexpectedError(AppError):
    """Something went wrong on our side; the request id finds it in our logs."""


def install(app: FastAPI) -> None:
    """Give the application its answers to errors."""
    app.state.refusals = RefusalLog()
    app.add_exception_handler(AppError, _on_app_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_exception)


class BugsAnswered:
    """Answers 500 for what nobody expected, within the trace of the request, and logs where it came from."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; other kinds of scope pass untouched."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_begun = False

        async def send_noted(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_noted)
        except Exception:
            if has_begun:
                raise
            log.exception("http.failed")
            await _answer(UnexpectedError())(scope, receive, send)


async def _on_app_error(request: Request, error: Exception) -> Response:
    raised = cast("AppError", error)
    await note_refusal(request, status=raised.status, code=raised.code(), error=raised)
    return _answer(raised)


async def _on_invalid_request(_: Request, error: Exception) -> Response:
    """What was sent is not repeated: it may hold what a person wrote, or a secret in the wrong place."""
    found = cast("Sequence[Mapping[str, Any]]", cast("RequestValidationError", error).errors())
    places = [{"at": [str(part) for part in item["loc"]], "says": item["msg"], "type": item["type"]} for item in found]
    return _answer(RequestInvalid(errors=places))


async def _on_http_exception(request: Request, error: Exception) -> Response:
    """The framework's own refusals: no such route, no such method, a body that is no JSON."""
    raised = cast("HTTPException", error)
    phrase = http.HTTPStatus(raised.status_code).phrase
    await note_refusal(request, status=raised.status_code, code=_code(phrase))
    body = {
        **problem(AppError(), request_id=_request_id()),
        "type": f"https://sales-agent.example/problems/{_code(phrase)}",
        "title": phrase,
        "status": raised.status_code,
        "code": _code(phrase),
    }
    if raised.detail and raised.detail != phrase:
        body["detail"] = raised.detail
    return _json(body, raised.status_code, dict(raised.headers or {}))


def _answer(error: AppError) -> Response:
    headers: dict[str, str] = {}
    if isinstance(error, TemporarilyUnavailable):
        headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    if isinstance(error, TooManyRequests):
        headers["Retry-After"] = str(error.retry_after_seconds)
    if isinstance(error, NotAuthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    content = problem_bytes(error, request_id=_request_id())
    return Response(content, status_code=error.status, media_type=PROBLEM_TYPE, headers=headers)


def _json(body: Mapping[str, object], status: int, headers: Mapping[str, str]) -> Response:
    return Response(json.dumps(body), status_code=status, media_type=PROBLEM_TYPE, headers=dict(headers))


def _code(phrase: str) -> str:
    return phrase.lower().replace(" ", "_").replace("-", "_")


def _request_id() -> str:
    trace = current_trace()
    return trace.request_id if trace is not None else ""
