"""How long to wait before a provider is asked again: what it said, else our own schedule."""

import datetime as dt
import random
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

# Workers that failed together must not come back together: each waits up to this share longer.
_JITTER_SHARE = 0.25

_RANDOM = random.SystemRandom()


def with_jitter(seconds: float) -> float:
    """At least `seconds`, and up to a quarter more."""
    return seconds * (1 + _JITTER_SHARE * _RANDOM.random())


def retry_after_seconds(headers: Mapping[str, str], now: dt.datetime) -> float | None:
    """Seconds the Retry-After header asks for (a number of seconds, or a date), or None without a usable one.

    A date is measured against the answer's own Date header where it has one: their clock, not ours.
    """
    text = headers.get("Retry-After", "").strip()
    if not text:
        return None
    if text.replace(".", "", 1).isascii() and text.replace(".", "", 1).isdigit():
        return float(text)
    until = _http_date(text)
    if until is None:
        return None
    return max(0.0, (until - (_http_date(headers.get("Date", "")) or now)).total_seconds())


def _http_date(text: str) -> dt.datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
