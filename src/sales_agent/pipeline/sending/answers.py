"""A person's answer to "did this arrive?", for a send of which the mailbox shows neither the draft nor the mail."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.effects.models import EffectStatus
from sales_agent.effects.repository import EffectRepository
from sales_agent.kit.errors import Conflict
from sales_agent.ledger.audit.record import AuditEntry, record
from sales_agent.pipeline.drafting.create import DraftNotFound
from sales_agent.pipeline.drafting.repository import DraftRepository
from sales_agent.pipeline.sending.keys import send_key
from sales_agent.pipeline.sending.outcome import fail, record_sent
from sales_agent.pipeline.sending.repository import SendRepository

NOT_ARRIVED = "a person says that it did not arrive"


class NobodyWasAsked(Conflict):
    """Only where the system asks whether a mail arrived is there something to answer; see the draft's state_reason."""


async def answer(session: AsyncSession, tenant_id: UUID, draft_id: UUID, *, arrived: bool, actor: str) -> None:
    """Settle a send by what a person found out. Raises DraftNotFound, NobodyWasAsked.

    Not arrived: the draft may be approved and sent again, as a send of its own.
    """
    if await DraftRepository(session, tenant_id).locked(draft_id) is None:
        raise DraftNotFound(draft_id=draft_id)
    send = await SendRepository(session, tenant_id).under_way(draft_id)
    if send is None or not send.asks_person:
        raise NobodyWasAsked(draft_id=draft_id)
    effects = EffectRepository(session, tenant_id)
    effect = await effects.open_of(send_key(send.id))
    if effect is not None and arrived:
        await effects.done(effect.id, provider_id="", result={"by": "a person"})
    elif effect is not None:
        await effects.not_done(effect.id, EffectStatus.REFUSED, error=NOT_ARRIVED)
    facts = {"arrived": arrived, "version": send.draft_version}
    entry = AuditEntry("send.answered", actor=actor, subject=("send", send.id), draft_id=draft_id, facts=facts)
    await record(session, tenant_id, entry)
    if arrived:
        await record_sent(session, tenant_id, send.id, message_id=None, thread_id=None)
    else:
        await fail(session, tenant_id, send, NOT_ARRIVED)
