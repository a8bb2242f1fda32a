"""What tests of decisions share."""

from uuid import UUID

import pytest

from sales_agent.kit.db import Database
from sales_agent.pipeline.approval.models import AutoApprovalRule
from sales_agent.pipeline.approval.rules import RULES
from tests.factories.pipeline import make_rule
from tests.factories.store import store


@pytest.fixture
async def rules(database: Database, tenant_id: UUID) -> list[AutoApprovalRule]:
    """All three rules, switched on, each in a version of its own."""
    rows = [
        make_rule(
            tenant_id,
            rule_type=rule.rule_type,
            priority=rule.priority,
            conditions=dict(rule.conditions),
            mode="on",
            version=rule.priority + 3,
        )
        for rule in RULES
    ]
    await store(database, *rows)
    return rows
