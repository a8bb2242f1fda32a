"""Rows about rules: versions, moves, observations, counted replies."""

from uuid import UUID

from sales_agent.kit.ids import new_id
from sales_agent.pipeline.approval.models import (
    AutoApprovalRuleMove,
    AutoApprovalRuleVersion,
    CountedReply,
    RuleObservation,
)


def make_rule_version(tenant_id: UUID, **changes: object) -> AutoApprovalRuleVersion:
    values = {"rule_type": "replied_before", "version": 1, "conditions": {}, "confidence": 0.95, "priority": 1}
    return AutoApprovalRuleVersion(
        **{"tenant_id": tenant_id, "id": new_id(), "created_by": "seed", **values, **changes}
    )


def make_rule_move(tenant_id: UUID, **changes: object) -> AutoApprovalRuleMove:
    values = {"rule_type": "replied_before", "rule_version": 1, "before": "shadow", "after": "on", "cause": "enabled"}
    words = {"reason": "It has earned it.", "actor": "user:mara"}
    return AutoApprovalRuleMove(**{"tenant_id": tenant_id, "id": new_id(), **values, **words, **changes})


def make_rule_observation(tenant_id: UUID, draft_id: UUID, **changes: object) -> RuleObservation:
    values = {"rule_type": "replied_before", "rule_version": 1, "agreed": True}
    return RuleObservation(**{"tenant_id": tenant_id, "id": new_id(), "draft_id": draft_id, **values, **changes})


def make_counted_reply(tenant_id: UUID, contact_id: UUID, **changes: object) -> CountedReply:
    values = {"provider_id": new_id().hex, "contact_id": contact_id}
    return CountedReply(**{"tenant_id": tenant_id, "id": new_id(), **values, **changes})
