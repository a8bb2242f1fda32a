"""The only place that makes permits: after the write is recorded and the switches were read again."""

from uuid import UUID

from sales_agent.connectors.permit import Permit


def mint(effect_id: UUID, kind: str) -> Permit:
    """The right to make this one write."""
    return Permit(effect_id=effect_id, kind=kind)
