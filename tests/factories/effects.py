"""Rows of the outward writes."""

from uuid import UUID

from sales_agent.effects.models import Effect
from sales_agent.kit.ids import new_id


def make_effect(tenant_id: UUID, **changes: object) -> Effect:
    effect_id = new_id()
    values = {"key": f"task:{effect_id}", "kind": "crm_task", "status": "intended", "payload": {"subject": "Call back"}}
    return Effect(**{"tenant_id": tenant_id, "id": effect_id, **values, **changes})
