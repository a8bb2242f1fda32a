"""HubSpot's rate limit of ten seconds: always told in headers, enforced only when asked for."""

from sales_agent.sandbox.hubspot.errors import error_of_status
from sales_agent.sandbox.wire import Answer

# What a free or starter account may call in ten seconds, per app; and any account in a day.
USUAL_LIMIT, DAILY_LIMIT = 100, 250_000
WINDOW_MS = 10_000


class RateLimit:
    """Counts calls in windows of ten seconds; `enforced` is the limit above which calls are refused, 0 for none."""

    def __init__(self) -> None:
        self.enforced = 0
        self._window = -1
        self._count = 0
        self._today = 0

    def refusal(self, now_ms: int) -> Answer | None:
        """Count this call; 429 when it is one too many."""
        window = now_ms // WINDOW_MS
        if window != self._window:
            self._window, self._count = window, 0
        self._count += 1
        self._today += 1
        return error_of_status(429) if self.enforced and self._count > self.enforced else None

    def headers(self) -> dict[str, str]:
        """What HubSpot tells with every answer but those of search."""
        limit = self.enforced or USUAL_LIMIT
        return {
            "X-HubSpot-RateLimit-Max": str(limit),
            "X-HubSpot-RateLimit-Remaining": str(max(0, limit - self._count)),
            "X-HubSpot-RateLimit-Interval-Milliseconds": str(WINDOW_MS),
            "X-HubSpot-RateLimit-Daily": str(DAILY_LIMIT),
            "X-HubSpot-RateLimit-Daily-Remaining": str(max(0, DAILY_LIMIT - self._today)),
        }
