"""One call to a provider as data: what is asked, how often it may be asked, and what is told about it afterwards."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias
from urllib.parse import quote, urlencode

from sales_agent.connectors.errors import Permanent
from sales_agent.connectors.vendor import Vendor

Query: TypeAlias = Sequence[tuple[str, str]]

# Segments that would change which endpoint a path names, quoted or not.
_NO_SEGMENTS = frozenset({"", ".", ".."})


class Retry(StrEnum):
    """Whether the transport may ask again by itself. A write is asked once: only the effects ledger may repeat it."""

    READ = "read"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class ProviderCall:
    """One request. `path` is a template whose `{names}` are filled from `params`, quoted; logs show the template only.

    At most one of `json` and `form`. `patience` multiplies the time the whole call may take. `begins_within_seconds`:
    a write whose connection is not open by then is not begun.
    """

    vendor: Vendor
    method: str
    base_url: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict[str, str])
    query: Query = ()
    json: object = None
    form: Mapping[str, str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    retry: Retry = Retry.NEVER
    patience: float = 1.0
    begins_within_seconds: float | None = None

    def url(self) -> str:
        """The full URL, encoded; raises Permanent for a parameter that is no path segment."""
        if not _NO_SEGMENTS.isdisjoint(self.params.values()):
            raise Permanent("an id is not a path segment", provider=self.vendor.name)
        path = self.path.format_map({name: quote(value, safe="") for name, value in self.params.items()})
        query = f"?{urlencode(self.query, quote_via=quote)}" if self.query else ""
        return f"{self.base_url.rstrip('/')}{path}{query}"


@dataclass(frozen=True, slots=True)
class CallRecord:
    """What became of one attempt: for metrics. `outcome` is `ok` or an error class; status None: no answer came."""

    vendor: str
    method: str
    path: str
    outcome: str
    status: int | None
    seconds: float


OnCall: TypeAlias = Callable[[CallRecord], None]


def tell_nobody(_record: CallRecord) -> None:
    """The default: no metrics."""
