"""The last look before the call, by our own rows: the approval, the list of the suppressed, the words."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.controls.settings import Switches, read_switches
from sales_agent.controls.suppression import is_suppressed
from sales_agent.kit.addresses import canonical_address
from sales_agent.pipeline.approval.approvals import valid_approval
from sales_agent.pipeline.approval.inputs import RuleMode
from sales_agent.pipeline.approval.models import Approval
from sales_agent.pipeline.approval.repository import RuleRepository
from sales_agent.pipeline.drafting.models import DraftState
from sales_agent.pipeline.drafting.repository import DraftRepository
from sales_agent.pipeline.sending.models import SendStatus
from sales_agent.pipeline.sending.repository import SendRepository

_ON_ITS_WAY = frozenset({DraftState.SENDING, DraftState.UNKNOWN})
_CLAIMED = frozenset({SendStatus.BEGUN, SendStatus.UNKNOWN})

# What the environment forbids was asked at the claim, minutes ago at most; it cannot change while a worker runs.
_OPEN = Switches(draft_only=False, allow_real_sends=True, auto_approve_enabled=True, operator_approval_required=False)


async def send_guard(
    session: AsyncSession, tenant_id: UUID, draft_id: UUID, *, send_id: UUID, version: int, body_hash: str, address: str
) -> str | None:
    """Why this mail must not go now, None where it may. Locks the draft, so that nothing changes until it is said."""
    draft = await DraftRepository(session, tenant_id).locked(draft_id)
    send = await SendRepository(session, tenant_id).get(send_id)
    if draft is None or draft.state not in _ON_ITS_WAY or send is None or send.status not in _CLAIMED:
        return "the draft is not on its way any more"
    approval = await valid_approval(session, tenant_id, draft_id)
    approved = (
        None if approval is None else (approval.id, approval.draft_version, approval.body_hash, approval.recipient)
    )
    if approved != (send.approval_id, version, body_hash, canonical_address(address)):
        return "the approval does not hold any more"
    if approval is not None:
        objection = await rule_objection(session, tenant_id, approval, await read_switches(session, tenant_id, _OPEN))
        if objection is not None:
            return objection
    if await is_suppressed(session, tenant_id, address):
        return "the recipient is on the suppression list"
    return None


async def rule_objection(session: AsyncSession, tenant_id: UUID, approval: Approval, switches: Switches) -> str | None:
    """Why what a rule let go must not go now: an admin has said no since. None where a person approved it."""
    if approval.rule_type is None:
        return None
    if switches.operator_approval_required:
        return "every draft waits for a person"
    if not switches.auto_approve_enabled:
        return "auto-approval is off"
    rule = next((r for r in await RuleRepository(session, tenant_id).all() if r.rule_type == approval.rule_type), None)
    if rule is None or rule.mode != RuleMode.ON or rule.version != approval.rule_version:
        return "the rule that approved it is not on any more"
    return None
