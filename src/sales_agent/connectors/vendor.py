"""What the transport is told about a vendor: its name, and how it words a refusal."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeAlias

from sales_agent.connectors.answer import JsonObject
from sales_agent.connectors.errors import (
    AlreadyExists,
    AuthExpired,
    Missing,
    Permanent,
    ProviderError,
    RateLimited,
    Transient,
)

# A vendor that asks to slow down without saying for how long is left alone this long.
UNTOLD_WAIT_SECONDS = 5.0

# Words a vendor uses as codes; anything longer or odder may be free text that quotes what we sent.
_CODE = re.compile(r"[A-Za-z0-9_.:\-]{1,80}")


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer other than 2xx: headers with lower-case-blind look-up, the body as JSON ({} when it is none)."""

    vendor: str
    status: int
    headers: Mapping[str, str]
    body: JsonObject
    asked_wait_seconds: float | None

    @property
    def wait_seconds(self) -> float:
        """What the vendor asked for, else a cautious guess."""
        return UNTOLD_WAIT_SECONDS if self.asked_wait_seconds is None else self.asked_wait_seconds

    def permanent(self, detail: str) -> Permanent:
        return Permanent(detail, provider=self.vendor, http_status=self.status)

    def transient(self, detail: str, wait_seconds: float = 0.0) -> Transient:
        wait = self.asked_wait_seconds or wait_seconds
        return Transient(detail, provider=self.vendor, http_status=self.status, retry_after_seconds=wait)

    def rate_limited(self, detail: str, wait_seconds: float | None = None) -> RateLimited:
        wait = self.wait_seconds if wait_seconds is None else wait_seconds
        return RateLimited(detail, provider=self.vendor, http_status=self.status, retry_after_seconds=wait)


Reading: TypeAlias = Callable[[Refusal], ProviderError | None]


def _nothing_special(_refusal: Refusal) -> ProviderError | None:
    return None


def _no_code(_body: JsonObject) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Vendor:
    """`read_refusal` may know better than the bare status; `code_of` finds the vendor's own word in an error body."""

    name: str
    read_refusal: Reading = _nothing_special
    code_of: Callable[[JsonObject], str] = _no_code

    def error(self, refusal: Refusal) -> ProviderError:
        """The error class of a refusal. Its detail is the vendor's code, never free text."""
        return self.read_refusal(refusal) or _by_status(refusal, clean_code(self.code_of(refusal.body)))


def clean_code(text: str) -> str:
    """The text if it is a code, else nothing: error messages quote addresses and bodies."""
    return text if _CODE.fullmatch(text) else ""


_NAMED: Mapping[int, type[AuthExpired | Missing]] = {
    HTTPStatus.UNAUTHORIZED: AuthExpired,
    HTTPStatus.NOT_FOUND: Missing,
    HTTPStatus.GONE: Missing,
}


def _by_status(refusal: Refusal, detail: str) -> ProviderError:
    status = refusal.status
    if status in _NAMED:
        return _NAMED[status](detail, provider=refusal.vendor, http_status=status)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return refusal.rate_limited(detail)
    if status == HTTPStatus.CONFLICT:
        return AlreadyExists(detail, provider=refusal.vendor)
    if status in {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY} or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return refusal.transient(detail)
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        detail = "redirected: the base URL is not the API's own"
    return refusal.permanent(detail)
