"""Structured log lines: dotted events with ids, every library through the same door, nothing personal in them."""

import json
import logging
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Literal, TextIO

import structlog
from structlog.types import EventDict, ExcInfo, Processor, WrappedLogger

from sales_agent.kit.errors import traceback_of
from sales_agent.observability import tracing
from sales_agent.observability.redaction import redact_event

_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}

# Libraries that tell at INFO what our own events tell better (or, for uvicorn.access, with the query in it).
_QUIETER = {
    "uvicorn.access": logging.CRITICAL,
    "aiohttp.access": logging.CRITICAL,
    "celery.worker.strategy": logging.WARNING,
    "celery.app.trace": logging.WARNING,
    "kombu": logging.WARNING,
    "sqlalchemy.engine": logging.WARNING,
}
# They bring handlers of their own, which would print every line a second time.
_OWN_HANDLERS = ("uvicorn", "uvicorn.error", "uvicorn.access", "celery", "celery.task", "celery.redirected")

# Made once: json.dumps would build an encoder for every line.
_encode = json.JSONEncoder(default=str).encode


class _Stream:
    """Writes where stderr points at that moment, so that a replaced stderr is honoured. Answers belong to stdout."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return (self._stream or sys.stderr).write(text)

    def flush(self) -> None:
        (self._stream or sys.stderr).flush()


def configure_logging(
    level: Literal["debug", "info", "warning", "error"] = "info",
    form: Literal["json", "console"] = "json",
    *,
    stream: TextIO | None = None,
) -> None:
    """Set up structlog and the standard library's logging for this process; call once, early. Lines go to stderr.

    Celery must be told to leave the root logger alone (`worker_hijack_root_logger = False`).
    """
    target = _Stream(stream)
    least = _LEVELS[level]
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        _add_trace,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.ExceptionRenderer(_exception_text),
        redact_event,
    ]
    structlog.configure(
        processors=[*shared, _renderer(form)],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.WriteLoggerFactory(file=target),  # pyright: ignore[reportArgumentType] - write and flush are all it calls
        # A cached logger would keep the first configuration for ever; making one costs two microseconds a line.
        cache_logger_on_first_use=False,
    )
    _route_standard_library(shared, form, target, least)


@contextmanager
def bind(**ids: object) -> Generator[None]:
    """Every line logged inside the block carries these ids (tenant_id, run_id, draft_id, job_id, ...)."""
    with structlog.contextvars.bound_contextvars(
        **{name: str(value) for name, value in ids.items() if value is not None}
    ):
        yield


def _exception_text(exc_info: ExcInfo) -> str:
    return traceback_of(exc_info[1])


def _add_trace(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    trace = tracing.current_trace()
    if trace is not None and "trace_id" not in event:
        event["trace_id"] = trace.trace_id
    return event


def _as_json(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    return _encode(event)


def _renderer(form: str) -> Processor:
    if form == "console":
        return structlog.dev.ConsoleRenderer(colors=False, event_key="event", timestamp_key="at")
    return _as_json


def _route_standard_library(shared: list[Processor], form: str, target: _Stream, least: int) -> None:
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, redact_event, _renderer(form)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(least)
    for name in _OWN_HANDLERS:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    for name, quiet in _QUIETER.items():
        logging.getLogger(name).setLevel(max(quiet, least))
