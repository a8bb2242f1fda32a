"""What came of a send, written down in one transaction: the send, the draft, and whoever is known from now on."""

import datetime as dt
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.ledger.audit.record import SYSTEM, AuditEntry, record
from sales_agent.observability import metrics
from sales_agent.pipeline.approval import recipients
from sales_agent.pipeline.approval.demotion import observe
from sales_agent.pipeline.drafting.create import set_state
from sales_agent.pipeline.drafting.models import Draft, DraftState
from sales_agent.pipeline.drafting.repository import DraftRepository
from sales_agent.pipeline.drafting.states import Mover, may_move
from sales_agent.pipeline.sending.gates import Held
from sales_agent.pipeline.sending.models import Send, SendStatus, SentBy
from sales_agent.pipeline.sending.repository import SendRepository

log = structlog.get_logger()


async def record_sent(
    session: AsyncSession,
    tenant_id: UUID,
    send_id: UUID,
    *,
    message_id: str | None,
    thread_id: str | None,
    sent_by: SentBy = SentBy.SALES_AGENT,
    at: dt.datetime | None = None,
) -> None:
    """The mail left, `at` or now. Proof is never turned away: it is kept even where the draft's state forbids it."""
    sends = SendRepository(session, tenant_id)
    send = await sends.get(send_id)
    if send is None or send.status == SendStatus.SENT:
        return
    draft = await _locked(session, tenant_id, send)
    sent_at = await sends.mark_sent(
        send_id, at, sent_by=sent_by, message_id=message_id or None, thread_id=thread_id or None
    )
    await recipients.count_send(session, tenant_id, draft.to_address, sent_at)
    if sent_by is SentBy.SALES_AGENT:
        await observe(session, tenant_id, draft.id, agreed=True)
    reason = "a person sent it in the mailbox" if sent_by is SentBy.PERSON else None
    await _move(session, tenant_id, draft, DraftState.SENT, reason)
    await _record(session, tenant_id, draft, send, "send.sent", sent_by=sent_by)
    metrics.SENDS.labels(outcome=SendStatus.SENT).inc()


async def hold(session: AsyncSession, tenant_id: UUID, send: Send, held: Held, **changes: object) -> None:
    """The mail is kept back: it takes no place in the quotas, and says why and what would free it."""
    draft = await _locked(session, tenant_id, send)
    await SendRepository(session, tenant_id).change(
        send.id,
        status=SendStatus.HELD,
        counted_at=None,
        gate=held.gate,
        reason=held.reason,
        release=held.release,
        release_at=held.release_at,
        **changes,
    )
    await _move(session, tenant_id, draft, DraftState.HELD, f"{held.reason}. {held.release}")
    await _record(session, tenant_id, draft, send, "send.held", gate=held.gate)
    metrics.SENDS.labels(outcome=SendStatus.HELD).inc()


async def simulate(session: AsyncSession, tenant_id: UUID, send: Send, note: str) -> None:
    """Everything was done but the call; `note`: what a real mail would have waited for, empty for nothing."""
    draft = await _locked(session, tenant_id, send)
    reason = "DRAFT_ONLY is on: everything was done but the sending"
    if note:
        reason = f"{reason}; it would have waited: {note}"
    await SendRepository(session, tenant_id).change(
        send.id, status=SendStatus.SIMULATED, counted_at=None, gate=None, reason=reason
    )
    await _move(session, tenant_id, draft, DraftState.SIMULATED, reason)
    await _record(session, tenant_id, draft, send, "send.simulated")
    metrics.SENDS.labels(outcome=SendStatus.SIMULATED).inc()


async def restate(session: AsyncSession, tenant_id: UUID, send: Send, held: Held) -> None:
    """A held mail waits for something else by now: said anew, without an event, since nothing happened to it."""
    draft = await _locked(session, tenant_id, send)
    if draft.state != DraftState.HELD:
        return
    await SendRepository(session, tenant_id).change(
        send.id, gate=held.gate, reason=held.reason, release=held.release, release_at=held.release_at
    )
    await DraftRepository(session, tenant_id).change(draft.id, state_reason=f"{held.reason}. {held.release}")


async def fail(session: AsyncSession, tenant_id: UUID, send: Send, because: str) -> None:
    """The mail certainly did not leave, and will not by itself."""
    draft = await _locked(session, tenant_id, send)
    await SendRepository(session, tenant_id).change(
        send.id, status=SendStatus.NOT_SENT, counted_at=None, reason=because, asks_person=False
    )
    await _move(session, tenant_id, draft, DraftState.SEND_FAILED, because)
    await _record(session, tenant_id, draft, send, "send.failed")
    metrics.SENDS.labels(outcome=SendStatus.NOT_SENT).inc()


async def put_back(session: AsyncSession, tenant_id: UUID, send: Send) -> None:
    """An attempt came to nothing, certainly: the draft waits in the line again, and takes no place in the quotas."""
    draft = await _locked(session, tenant_id, send)
    if draft.state != DraftState.SENDING:
        return
    await SendRepository(session, tenant_id).change(send.id, status=SendStatus.CANCELLED, counted_at=None)
    await set_state(session, tenant_id, draft.id, DraftState.QUEUED, reason="tried again shortly")


async def lose_sight(
    session: AsyncSession, tenant_id: UUID, send: Send, *, looks: int, asks_person: bool = False
) -> None:
    """Whether the mail left is not known; it keeps its place in the quotas. `asks_person`: evidence was looked for."""
    draft = await _locked(session, tenant_id, send)
    await SendRepository(session, tenant_id).change(
        send.id, status=SendStatus.UNKNOWN, looks=looks, asks_person=asks_person
    )
    reason = "did it arrive? Nothing in the mailbox tells" if asks_person else "the mailbox is asked whether it left"
    if draft.state != DraftState.UNKNOWN:
        await _move(session, tenant_id, draft, DraftState.UNKNOWN, reason)
        await _record(session, tenant_id, draft, send, "send.unknown")
        metrics.SENDS.labels(outcome=SendStatus.UNKNOWN).inc()
    elif asks_person and not send.asks_person:
        await DraftRepository(session, tenant_id).change(draft.id, state_reason=reason)
        await _record(session, tenant_id, draft, send, "send.person_asked")


async def _move(session: AsyncSession, tenant_id: UUID, draft: Draft, to: DraftState, reason: str | None) -> None:
    if may_move(DraftState(draft.state), to, Mover.SYSTEM):
        await set_state(session, tenant_id, draft.id, to, reason=reason)
    else:
        log.error("send.draft_elsewhere", draft_id=str(draft.id), state=draft.state, wanted=to)


async def _locked(session: AsyncSession, tenant_id: UUID, send: Send) -> Draft:
    draft = await DraftRepository(session, tenant_id).locked(send.draft_id)
    if draft is None:
        raise LookupError(send.draft_id)  # a send has its draft by a foreign key
    return draft


async def _record(
    session: AsyncSession, tenant_id: UUID, draft: Draft, send: Send, action: str, **facts: object
) -> None:
    entry = AuditEntry(
        action,
        actor=SYSTEM,
        subject=("send", send.id),
        run_id=draft.run_id,
        draft_id=draft.id,
        facts={"version": send.draft_version, **facts},
    )
    await record(session, tenant_id, entry)
