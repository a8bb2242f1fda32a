"""How Google words a refusal: shared by Gmail, Drive and Calendar, which are three vendors with one error shape."""

from http import HTTPStatus

from sales_agent.connectors.answer import JsonObject, objects_at, text_at
from sales_agent.connectors.errors import ProviderError
from sales_agent.connectors.vendor import Refusal, Vendor, clean_code

# Google hides quotas behind 403 as well; a spent day is looked at again every hour.
_QUOTA_WAIT_SECONDS: dict[str, float | None] = {
    "rateLimitExceeded": None,
    "userRateLimitExceeded": None,
    "sharingRateLimitExceeded": None,
    "dailyLimitExceeded": 3600.0,
    "quotaExceeded": 3600.0,
}


def _reason(body: JsonObject) -> str:
    """The word clients branch on, else the status' name."""
    listed = objects_at(body, "error", "errors")
    return (text_at(listed[0], "reason") if listed else "") or text_at(body, "error", "status")


def _read_refusal(refusal: Refusal) -> ProviderError | None:
    reason = clean_code(_reason(refusal.body))
    if refusal.status in {HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS} and reason in _QUOTA_WAIT_SECONDS:
        wait = refusal.asked_wait_seconds
        return refusal.rate_limited(reason, _QUOTA_WAIT_SECONDS[reason] if wait is None else wait)
    return None


def _vendor(name: str) -> Vendor:
    return Vendor(name, read_refusal=_read_refusal, code_of=_reason)


GMAIL = _vendor("gmail")
DRIVE = _vendor("drive")
CALENDAR = _vendor("calendar")
