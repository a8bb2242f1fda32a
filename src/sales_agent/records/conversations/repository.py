"""Every query on threads and messages: the mailbox as last read, with its age."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.connectors.mail.reader import MailMessage, MailThread
from sales_agent.kit.ids import new_id
from sales_agent.kit.storable import storable_text
from sales_agent.records.conversations.models import Message, Thread
from sales_agent.records.conversations.replies import Envelope, newest_reply, replies_of

# Gmail's label on what lies in a thread and was not sent.
DRAFT_LABEL: Final = "DRAFT"

_SAVE_THREADS = sa.text("""
    insert into thread (tenant_id, id, provider_id, contact_id, subject, last_message_at, fetched_at)
    select :tenant, t.id, t.provider_id, :contact, t.subject, t.last_message_at, :fetched_at
    from jsonb_to_recordset(cast(:rows as jsonb))
         as t(id uuid, provider_id text, subject text, last_message_at timestamptz)
    order by t.provider_id
    on conflict (tenant_id, provider_id, contact_id) do update
    set subject = excluded.subject, last_message_at = excluded.last_message_at, fetched_at = excluded.fetched_at
    returning id, provider_id""")

# A draft in a thread changes its id at every edit, and what was deleted in the mailbox is not history any more.
_FORGET_GONE = sa.text("""
    delete from message
    where tenant_id = :tenant and thread_id = any(:threads) and not (provider_id = any(:kept))""")

_SAVE_MESSAGES = sa.text("""
    insert into message (tenant_id, id, provider_id, thread_id, message_id_header, references_header, from_address,
                         from_name, to_addresses, subject, sent_at, body, label_ids, is_automatic)
    select :tenant, m.id, m.provider_id, m.thread_id, m.message_id_header, m.references_header, m.from_address,
           m.from_name, m.to_addresses, m.subject, m.sent_at, m.body, m.label_ids, m.is_automatic
    from jsonb_to_recordset(cast(:rows as jsonb)) as m(
        id uuid, provider_id text, thread_id uuid, message_id_header text, references_header text, from_address text,
        from_name text, to_addresses text[], subject text, sent_at timestamptz, body text, label_ids text[],
        is_automatic boolean)
    order by m.thread_id, m.provider_id
    on conflict (tenant_id, thread_id, provider_id) do update
    set label_ids = excluded.label_ids, body = excluded.body, is_automatic = excluded.is_automatic""")


@dataclass(frozen=True, slots=True)
class CachedThreads:
    """Threads as last read, newest first. `fetched_at`: when that was; None when nothing was ever kept."""

    threads: tuple[MailThread, ...]
    fetched_at: dt.datetime | None


class ConversationRepository:
    """The conversations of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def save_threads(self, contact_id: UUID, threads: Sequence[MailThread], fetched_at: dt.datetime) -> None:
        """Keep what one look into the mailbox found about a contact; threads without a message are left out."""
        found = {thread.id: thread for thread in threads if thread.messages}
        if not found:
            return
        saved = await self._session.execute(
            _SAVE_THREADS,
            {
                "tenant": self._tenant_id,
                "contact": contact_id,
                "fetched_at": fetched_at,
                "rows": json.dumps([_thread_row(thread) for thread in found.values()]),
            },
        )
        ids: dict[str, UUID] = {row.provider_id: row.id for row in saved}
        messages = {(thread.id, message.id): message for thread in found.values() for message in thread.messages}
        await self._session.execute(
            _FORGET_GONE,
            {"tenant": self._tenant_id, "threads": list(ids.values()), "kept": [message for _, message in messages]},
        )
        rows = [_message_row(message, ids[thread]) for (thread, _), message in messages.items()]
        await self._session.execute(_SAVE_MESSAGES, {"tenant": self._tenant_id, "rows": json.dumps(rows)})

    async def threads_of(self, contact_id: UUID) -> CachedThreads:
        """The threads that the last look found."""
        mine = sa.and_(Thread.tenant_id == self._tenant_id, Thread.contact_id == contact_id)
        last_look = sa.select(sa.func.max(Thread.fetched_at)).where(mine).scalar_subquery()
        found = await self._session.execute(
            sa.select(Thread, Message)
            .join(Message, sa.and_(Message.tenant_id == Thread.tenant_id, Message.thread_id == Thread.id))
            .where(mine, Thread.fetched_at == last_look)
            .order_by(Thread.last_message_at.desc(), Thread.id, Message.sent_at, Message.id)
            .execution_options(populate_existing=True)
        )
        threads: dict[UUID, Thread] = {}
        messages: dict[UUID, list[MailMessage]] = {}
        for thread, message in found:
            threads[thread.id] = thread
            messages.setdefault(thread.id, []).append(_mail_message(thread, message))
        return CachedThreads(
            tuple(
                MailThread(thread.provider_id, thread.subject, tuple(messages[key])) for key, thread in threads.items()
            ),
            max((thread.fetched_at for thread in threads.values()), default=None),
        )

    async def newest_message_with(self, contact_id: UUID) -> str | None:
        """The provider's id of the newest message that the last look found, drafts left out; None without any."""
        mine = sa.and_(Thread.tenant_id == self._tenant_id, Thread.contact_id == contact_id)
        last_look = sa.select(sa.func.max(Thread.fetched_at)).where(mine).scalar_subquery()
        return await self._session.scalar(
            sa.select(Message.provider_id)
            .join(Thread, sa.and_(Message.tenant_id == Thread.tenant_id, Message.thread_id == Thread.id))
            .where(mine, Thread.fetched_at == last_look, ~Message.label_ids.contains([DRAFT_LABEL]))
            .order_by(Message.sent_at.desc(), Message.provider_id.desc())
            .limit(1)
        )

    async def newest_reply_from(self, contact_id: UUID, address: str, since: dt.datetime) -> dt.datetime | None:
        """When a person at `address` last replied to us, at `since` or later (see `replies.newest_reply`)."""
        return newest_reply(await self._envelopes(contact_id), address, since)

    async def replies_from(self, contact_id: UUID, address: str) -> tuple[str, ...]:
        """The provider's ids of the messages with which a person at `address` replied to us."""
        return tuple(reply.id for reply in replies_of(await self._envelopes(contact_id), address))

    async def _envelopes(self, contact_id: UUID) -> list[Envelope]:
        found = await self._session.execute(
            sa.select(
                Thread.provider_id,
                Message.message_id_header,
                Message.references_header,
                Message.from_address,
                Message.to_addresses,
                Message.sent_at,
                Message.label_ids,
                Message.is_automatic,
                Message.provider_id,
            )
            .join(Message, sa.and_(Message.tenant_id == Thread.tenant_id, Message.thread_id == Thread.id))
            .where(Thread.tenant_id == self._tenant_id, Thread.contact_id == contact_id)
        )
        return [
            Envelope(thread, header, references, sender, tuple(receivers), sent_at, tuple(labels), is_automatic, id_)
            for thread, header, references, sender, receivers, sent_at, labels, is_automatic, id_ in found
        ]


def _thread_row(thread: MailThread) -> Mapping[str, object]:
    return {
        "id": str(new_id()),
        "provider_id": thread.id,
        "subject": storable_text(thread.subject),
        "last_message_at": thread.last_message_at.isoformat(),
    }


def _message_row(message: MailMessage, thread_id: UUID) -> Mapping[str, object]:
    return {
        "id": str(new_id()),
        "provider_id": message.id,
        "thread_id": str(thread_id),
        "message_id_header": storable_text(message.message_id_header),
        "references_header": storable_text(message.references),
        "from_address": storable_text(message.from_address),
        "from_name": storable_text(message.from_name),
        "to_addresses": [storable_text(address) for address in message.to_addresses],
        "subject": storable_text(message.subject),
        "sent_at": message.sent_at.isoformat(),
        "body": storable_text(message.text),
        "label_ids": list(message.label_ids),
        "is_automatic": message.is_automatic,
    }


def _mail_message(thread: Thread, message: Message) -> MailMessage:
    return MailMessage(
        id=message.provider_id,
        thread_id=thread.provider_id,
        message_id_header=message.message_id_header,
        references=message.references_header,
        from_address=message.from_address,
        from_name=message.from_name,
        to_addresses=tuple(message.to_addresses),
        subject=message.subject,
        sent_at=message.sent_at,
        text=message.body,
        label_ids=tuple(message.label_ids),
        is_automatic=message.is_automatic,
    )
