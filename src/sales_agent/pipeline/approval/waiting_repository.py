"""Every query on drafts whose time may have come. Rows are locked; one that a person acts on now is passed over."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.pipeline.drafting.models import Draft, DraftState
from sales_agent.records.conversations.models import Message, Thread
from sales_agent.records.leads.models import Contact


class WaitingRepository:
    """The waiting drafts of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def note(self, states: Sequence[DraftState], now: dt.datetime) -> None:
        """Note of drafts that came into one of these states since the last round that they wait from now on."""
        await self._session.execute(
            sa.update(Draft)
            .where(Draft.tenant_id == self._tenant_id, Draft.state.in_(states), Draft.waits_since.is_(None))
            .values(waits_since=now),
            execution_options={"synchronize_session": False},
        )

    async def since_before(self, states: Sequence[DraftState], moment: dt.datetime, limit: int) -> Sequence[UUID]:
        """Drafts that have been noted to wait in one of these states since before a moment."""
        return await self._locked(sa.and_(Draft.state.in_(states), Draft.waits_since < moment), limit)

    async def snoozes_over(self, now: dt.datetime, limit: int) -> Sequence[UUID]:
        """Snoozed drafts whose time has come."""
        is_over = sa.or_(Draft.snoozed_until.is_(None), Draft.snoozed_until <= now)
        return await self._locked(sa.and_(Draft.state == DraftState.SNOOZED, is_over), limit)

    async def snoozed_and_written_to(self, limit: int, *, contact_id: UUID | None = None) -> Sequence[UUID]:
        """Snoozed drafts to people who wrote after the snooze began: by hand, and not in a draft or as spam."""
        mail = (
            sa.select(Message.id)
            .join(Thread, sa.and_(Thread.tenant_id == Message.tenant_id, Thread.id == Message.thread_id))
            .join(Contact, sa.and_(Contact.tenant_id == Thread.tenant_id, Contact.id == Thread.contact_id))
            .where(Thread.tenant_id == Draft.tenant_id, Thread.contact_id == Draft.contact_id)
            .where(sa.func.lower(Message.from_address).in_([sa.func.lower(Contact.email), Contact.email_canonical]))
            .where(Message.sent_at > Draft.waits_since, ~Message.is_automatic)
            .where(~Message.label_ids.overlap(["SENT", "DRAFT", "SPAM", "TRASH"]))
        )
        wanted = sa.and_(Draft.state == DraftState.SNOOZED, mail.exists())
        if contact_id is not None:
            wanted = sa.and_(wanted, Draft.contact_id == contact_id)
        return await self._locked(wanted, limit)

    async def _locked(self, wanted: sa.ColumnElement[bool], limit: int) -> Sequence[UUID]:
        found = await self._session.scalars(
            sa.select(Draft.id)
            .where(Draft.tenant_id == self._tenant_id, wanted)
            .order_by(Draft.id)
            .limit(limit)
            .with_for_update(of=Draft, skip_locked=True)
        )
        return found.all()
