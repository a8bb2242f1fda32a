"""Step 10.5: may it go by itself? The kill switch, the switches and the rules by priority, all of it logged."""

from sales_agent.controls.kill_switch import KillSwitch
from sales_agent.controls.settings import Switches, read_switches
from sales_agent.kit.clock import Clock
from sales_agent.kit.db import TenantDatabase
from sales_agent.observability import metrics
from sales_agent.pipeline.approval.decide import decide
from sales_agent.pipeline.approval.inputs import DecisionSwitches
from sales_agent.pipeline.workflow.state import DecidedVersion, WrittenVersion


async def decide_approval(draft: WrittenVersion, ceiling: Switches, db: TenantDatabase, clock: Clock) -> DecidedVersion:
    """The decision about exactly these words; a second call gives the logged one."""
    async with db.transaction() as session:
        stopped = await KillSwitch(session, db.tenant_id).is_stopped()
        switches = await read_switches(session, db.tenant_id, ceiling)
        decision = await decide(
            session,
            db.tenant_id,
            draft.draft_id,
            switches=DecisionSwitches(
                kill_switch=stopped,
                auto_approve_enabled=switches.auto_approve_enabled,
                operator_approval_required=switches.operator_approval_required,
            ),
            now=clock.now(),
        )
    metrics.DECISIONS.labels(rule=decision.rule_type or "none", decision=decision.decision.value).inc()
    metrics.DRAFTS_CREATED.labels(state=decision.decision.value).inc()
    return DecidedVersion(
        decision=decision.decision.value,
        rule_type=decision.rule_type,
        confidence=decision.confidence,
        reasons=decision.reasons,
    )
