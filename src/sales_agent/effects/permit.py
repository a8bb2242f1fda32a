"""The only place that makes permits: after the write is recorded and the switches were read again."""

import math
from uuid import UUID

from sales_agent.connectors.permit import Permit


def mint(effect_id: UUID, kind: str, *, good_until: float = math.inf) -> Permit:
    """The right to make this one write, to be begun before that moment of `time.monotonic()`."""
    return Permit(effect_id=effect_id, kind=kind, good_until=good_until)
