"""The last look before the call, by our own rows: the approval, the list of the suppressed, the words."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.controls.suppression import is_suppressed
from sales_agent.kit.addresses import canonical_address
from sales_agent.pipeline.approval.approvals import valid_approval
from sales_agent.pipeline.drafting.models import DraftState
from sales_agent.pipeline.drafting.repository import DraftRepository
from sales_agent.pipeline.sending.models import SendStatus
from sales_agent.pipeline.sending.repository import SendRepository

_ON_ITS_WAY = frozenset({DraftState.SENDING, DraftState.UNKNOWN})
_CLAIMED = frozenset({SendStatus.BEGUN, SendStatus.UNKNOWN})


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
    if await is_suppressed(session, tenant_id, address):
        return "the recipient is on the suppression list"
    return None
