"""Every query on sends and quotas."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.kit.ids import new_id
from sales_agent.kit.pagination import Cursor, Page
from sales_agent.pipeline.drafting.models import Draft, DraftState
from sales_agent.pipeline.sending.hours import CONTACT_SPAN, Span
from sales_agent.pipeline.sending.models import Quota, Send, SendStatus
from sales_agent.pipeline.sending.quotas import Counted

_NOT_HELD = {"gate": None, "reason": None, "release": None, "release_at": None}


class SendRepository:
    """The sends of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def of_approval(self, approval_id: UUID, **values: object) -> Send:
        """The send that carries an approval out, made with `values` where there is none."""
        await self._session.execute(
            insert(Send)
            .values(
                tenant_id=self._tenant_id, id=new_id(), approval_id=approval_id, status=SendStatus.CANCELLED, **values
            )
            .on_conflict_do_nothing(index_elements=["tenant_id", "approval_id"])
        )
        return (await self._session.scalars(self._all().where(Send.approval_id == approval_id))).one()

    async def get(self, send_id: UUID) -> Send | None:
        """One send."""
        return await self._session.scalar(self._all().where(Send.id == send_id))

    async def under_way(self, draft_id: UUID) -> Send | None:
        """The send of a draft whose mail may be on its way."""
        return await self._session.scalar(
            self._all().where(Send.draft_id == draft_id, Send.status.in_([SendStatus.BEGUN, SendStatus.UNKNOWN]))
        )

    async def newest(self, draft_id: UUID) -> Send | None:
        """The newest send of a draft."""
        return await self._session.scalar(
            self._all().where(Send.draft_id == draft_id).order_by(Send.created_at.desc(), Send.id.desc()).limit(1)
        )

    async def change(self, send_id: UUID, **values: object) -> None:
        """Change columns of a send."""
        await self._session.execute(
            sa.update(Send)
            .where(Send.tenant_id == self._tenant_id, Send.id == send_id)
            .values(updated_at=sa.func.now(), **values),
            execution_options={"synchronize_session": False},
        )

    async def add_by_hand(self, **values: object) -> Send:
        """A mail that a person let go in the mailbox's own window, without an approval of ours."""
        send = Send(tenant_id=self._tenant_id, id=new_id(), status=SendStatus.CANCELLED, **values)
        self._session.add(send)
        await self._session.flush()
        return send

    async def mark_sent(self, send_id: UUID, at: dt.datetime | None, **values: object) -> dt.datetime:
        """Record that the mail left, at `at` or now; when that was. It takes a place in the quotas in any case."""
        moment = sa.func.now() if at is None else sa.literal(at)
        changed = await self._session.execute(
            sa.update(Send)
            .where(Send.tenant_id == self._tenant_id, Send.id == send_id)
            .values(
                status=SendStatus.SENT,
                sent_at=moment,
                counted_at=sa.func.coalesce(Send.counted_at, moment),
                updated_at=sa.func.now(),
                asks_person=False,
                **_NOT_HELD,
                **values,
            )
            .returning(sa.type_coerce(Send.sent_at, sa.DateTime(timezone=True))),
            execution_options={"synchronize_session": False},
        )
        return changed.scalar_one()

    async def messages_to(self, recipient_digest: str) -> frozenset[str]:
        """The messages in the mailbox that are the mails of sends to one person."""
        rows = await self._session.scalars(
            sa.select(Send.message_id).where(
                Send.tenant_id == self._tenant_id, Send.recipient_digest == recipient_digest
            )
        )
        return frozenset(message_id for message_id in rows if message_id)

    async def seconds_until_due(self, draft_id: UUID) -> float:
        """How long a queued draft can still be taken back, by the database's clock; 0 where it cannot."""
        seconds = await self._session.scalar(
            sa.select(sa.extract("epoch", Draft.send_at - sa.func.now())).where(
                Draft.tenant_id == self._tenant_id, Draft.id == draft_id, Draft.state == DraftState.QUEUED
            )
        )
        return max(0.0, float(seconds or 0.0))

    async def free_by(self, now: dt.datetime, limit: int) -> Sequence[Send]:
        """Held sends that only had to wait until now, longest waiting first."""
        rows = await self._session.scalars(
            self._all()
            .where(Send.status == SendStatus.HELD, Send.release_at <= now)
            .order_by(Send.release_at, Send.created_at, Send.id)
            .limit(limit)
        )
        return rows.all()

    async def without_header(self, limit: int) -> Sequence[Send]:
        """Mails that went out and whose real Message-ID was not read back yet, newest first."""
        rows = await self._session.scalars(
            self._all()
            .where(Send.status == SendStatus.SENT, Send.message_id.is_not(None), Send.message_id_header.is_(None))
            .order_by(Send.sent_at.desc())
            .limit(limit)
        )
        return rows.all()

    async def page(
        self, *, status: SendStatus | None, draft_id: UUID | None, after: Cursor | None, limit: int
    ) -> Page[Send]:
        """Sends, newest first."""
        matching = self._all()
        if status is not None:
            matching = matching.where(Send.status == status)
        if draft_id is not None:
            matching = matching.where(Send.draft_id == draft_id)
        if after is not None:
            matching = matching.where(sa.tuple_(Send.created_at, Send.id) < (after.at, after.id))
        found = await self._session.scalars(matching.order_by(Send.created_at.desc(), Send.id.desc()).limit(limit + 1))
        rows = found.all()
        last = rows[limit - 1] if len(rows) > limit else None
        return Page(rows[:limit], Cursor(last.created_at, last.id).encode() if last is not None else None)

    def _all(self) -> sa.Select[Send]:
        return sa.select(Send).where(Send.tenant_id == self._tenant_id).execution_options(populate_existing=True)


class QuotaRepository:
    """What one tenant's mailboxes have sent."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def lock(self, mailbox: str) -> None:
        """Be the only one to count and claim in this mailbox until the transaction ends."""
        await self._session.execute(
            insert(Quota)
            .values(tenant_id=self._tenant_id, id=new_id(), mailbox=mailbox)
            .on_conflict_do_nothing(index_elements=["tenant_id", "mailbox"])
        )
        await self._session.execute(self._of(mailbox).with_for_update())

    async def counted(self, mailbox: str, recipient_digest: str, *, day: Span, week: Span, now: dt.datetime) -> Counted:
        """What takes a place in the limits at this moment."""
        mine = sa.and_(Send.tenant_id == self._tenant_id, Send.mailbox == mailbox, Send.counted_at.is_not(None))
        counts = await self._session.execute(
            sa.select(
                sa.func.count().filter(Send.counted_at >= day.start, Send.counted_at < day.end),
                sa.func.count().filter(Send.counted_at >= week.start, Send.counted_at < week.end),
            )
            .select_from(Send)
            .where(mine, Send.counted_at >= min(day.start, week.start))
        )
        today, this_week = counts.one()
        to_contact = await self._session.scalars(
            sa.select(Send.counted_at)
            .where(mine, Send.recipient_digest == recipient_digest, Send.counted_at > now - CONTACT_SPAN)
            .order_by(Send.counted_at)
        )
        last_at = await self._session.scalar(self._of(mailbox))
        return Counted(today, this_week, tuple(at for at in to_contact if at is not None), last_at)

    async def count(self, mailbox: str, now: dt.datetime) -> None:
        """One more mail is on its way."""
        await self._session.execute(
            sa.update(Quota)
            .where(Quota.tenant_id == self._tenant_id, Quota.mailbox == mailbox)
            .values(last_counted_at=now)
        )

    def _of(self, mailbox: str) -> sa.Select[dt.datetime | None]:
        return sa.select(Quota.last_counted_at).where(Quota.tenant_id == self._tenant_id, Quota.mailbox == mailbox)
