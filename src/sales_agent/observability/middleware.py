"""What every HTTP answer gets: a trace, a request id, a measurement, a log line, headers that keep browsers careful.

Plain ASGI, since a webhook is answered in a few dozen microseconds and each layer costs some of them.
"""

import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

import structlog
from prometheus_client import Histogram

from sales_agent.observability import metrics, tracing

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Header = tuple[bytes, bytes]

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# Asked every few seconds by machines: worth a line only when something is wrong.
QUIET_PATHS = frozenset({"/health", "/health/live", "/health/ready", "/metrics"})

SECURITY_HEADERS: tuple[Header, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
    (b"cache-control", b"no-store"),
)

_log = structlog.stdlib.get_logger()


class Observed:
    """Continues the caller's trace, answers `X-Request-ID` and `traceresponse`, measures and logs every answer.

    Wrap it around everything else. `quiet_paths` are logged at debug level while they succeed.
    """

    def __init__(self, app: App, *, quiet_paths: Iterable[str] = QUIET_PATHS) -> None:
        self._app = app
        self._quiet_paths = frozenset(quiet_paths)
        # Looking a series up by its labels costs more than adding to it.
        self._series: dict[tuple[str, str, int], Histogram] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; other kinds of scope pass untouched."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        trace = tracing.trace_from(scope["headers"])
        own = ((b"x-request-id", trace.request_id.encode()), (b"traceresponse", trace.traceparent().encode()))
        status = 0

        async def send_with_ids(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), *own]
            await send(message)

        began = time.perf_counter()
        token = tracing.enter(trace)
        try:
            await self._app(scope, receive, send_with_ids)
        except Exception:
            status = status or 500
            raise
        finally:
            self._tell(scope, trace, status, time.perf_counter() - began)
            tracing.leave(token)

    def _tell(self, scope: Scope, trace: tracing.Trace, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "other"
        route = route_template(scope)
        self._measure(method, route, status, seconds)
        is_quiet = 0 < status < 400 and scope["path"] in self._quiet_paths  # noqa: PLR2004 - where HTTP's errors begin
        (_log.debug if is_quiet else _log.info)(
            "http.answered",
            method=method,
            route=route,
            status=status,
            seconds=round(seconds, 6),
            request_id=trace.request_id,
        )

    def _measure(self, method: str, route: str, status: int, seconds: float) -> None:
        key = (method, route, status)
        series = self._series.get(key)
        if series is None:
            series = self._series[key] = metrics.HTTP_SECONDS.labels(method, route, metrics.status_class(status))
        series.observe(seconds)


class SecurityHeaders:
    """Adds `headers` to every answer that has not set one of the same name itself (pages bring their own policy)."""

    def __init__(self, app: App, *, headers: Iterable[Header] = SECURITY_HEADERS) -> None:
        self._app = app
        self._headers = tuple(headers)
        self._names = frozenset(name for name, _ in self._headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; other kinds of scope pass untouched."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = self._completed(message.get("headers", ()))
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _completed(self, headers: Iterable[Header]) -> list[Header]:
        given = list(headers)
        taken = self._names.intersection(name.lower() for name, _ in given)
        return [*given, *(header for header in self._headers if header[0] not in taken)]


def route_template(scope: Scope) -> str:
    """The path as the route spells it (`/api/drafts/{draft_id}`): a closed set, and without anybody's data."""
    path: object = getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) else "unmatched"
