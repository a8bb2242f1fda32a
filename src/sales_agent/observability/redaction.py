"""Keeps people and secrets out of log lines: the last processor before a line is written."""

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import cast

from structlog.types import EventDict, WrappedLogger

BLANK = "[redacted]"

# What a person wrote, or where to reach one: the value is dropped whatever it is.
_PRIVATE_KEYS = frozenset(
    {
        "body", "text", "html", "subject", "content", "snippet", "payload", "fields", "field_values", "raw",
        "email", "e_mail", "address", "recipient", "sender", "to", "cc", "bcc", "from", "reply_to",
        "phone", "first_name", "last_name", "full_name", "prompt", "completion", "answer", "headers", "query",
    }
)  # fmt: skip
_SECRET_KEY = re.compile(
    r"password|passwd|secret|token|authorization|cookie|api_?key|credential|signature|dsn", re.IGNORECASE
)

_ADDRESS = re.compile(r"[^\s<>\"'(),;:]+(?:@|%40)[^\s<>\"'(),;:&/?]+")
_SECRET = re.compile(
    r"""(?ix)
      \b(?:bearer|basic)\s+[a-z0-9._~+/=-]{8,}
    | \b(?:pat-[a-z]{2,4}\d?-|sk-|ya29\.|1//0|xox[abprs]-|gh[opsu]_|sa_)[a-z0-9._-]{8,}
    | \beyj[a-z0-9_-]{8,}\.[a-z0-9_-]+(?:\.[a-z0-9_-]+)?
    | ://[^\s/@:]+:[^\s/@]+@
    | [?&](?:access_token|refresh_token|token|key|api_?key|code|signature|client_secret|password)=[^&\s]+
    """
)
# Most values hold none of these, and looking for a mark costs a fraction of running the patterns.
_MARKS = re.compile(r"@|%40|[Bb]earer |[Bb]asic |pat-|sk-|ya29\.|1//0|xox|gh[opsu]_|eyJ|sa_|[?&]")
# Made by ourselves or by structlog.
_HARMLESS_KEYS = frozenset({"at", "level", "trace_id", "request_id", "tenant_id", "run_id", "draft_id", "job_id"})


def redact_event(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The same event without addresses, secrets and people's words; numbers and ids stay."""
    for key, value in event.items():
        if value.__class__ is str and not _is_private(key) and _MARKS.search(value) is None:
            continue
        if key not in _HARMLESS_KEYS:
            event[key] = _redacted(key, value)
    return event


def redact_text(text: str) -> str:
    """The text with addresses and secrets blanked."""
    if _MARKS.search(text) is None:
        return text
    return _ADDRESS.sub(BLANK, _SECRET.sub(BLANK, text))


def _redacted(key: str, value: object) -> object:
    if value is None or isinstance(value, int | float):
        return value
    if _is_private(key):
        return BLANK
    if isinstance(value, Mapping):
        items = cast("Mapping[object, object]", value).items()
        return {str(name): _redacted(str(name), item) for name, item in items}
    if isinstance(value, list | tuple | set | frozenset):
        return [_redacted(key, item) for item in cast("Collection[object]", value)]
    return f"[{len(value)} bytes]" if isinstance(value, bytes) else redact_text(str(value))


# Keys are written in code, so there are few; the limit guards against one that is made at run time.
@lru_cache(maxsize=1024)
def _is_private(key: str) -> bool:
    lowered = key.lower()
    if lowered in _PRIVATE_KEYS:
        return True
    return not lowered.endswith(("_id", "_ids", "_count", "_kind")) and _SECRET_KEY.search(lowered) is not None
