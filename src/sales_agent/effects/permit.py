"""The only place that makes permits: after the write is recorded and the switches were read again."""

import math
from uuid import UUID

from sales_agent.connectors.permit import Permit

# A call begins at most this long after the last look at the switches, or not at all. Time for a token to be renewed and
# for what a writer looks up first; and so long a stop waits at most until nothing can begin any more.
PERMIT_SECONDS = 2.0


def mint(effect_id: UUID, kind: str, *, good_until: float = math.inf) -> Permit:
    """The right to make this one write, to be begun before that moment of `time.monotonic()`."""
    return Permit(effect_id=effect_id, kind=kind, good_until=good_until)
