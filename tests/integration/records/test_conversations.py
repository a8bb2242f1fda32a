"""The mailbox as last read: kept once however often it is read, with its age, and without what was deleted there."""

import datetime as dt
from dataclasses import replace
from uuid import UUID

from sales_agent.connectors.mail.reader import MailMessage, MailThread
from sales_agent.kit.db import Database
from sales_agent.records.conversations.repository import CachedThreads, ConversationRepository
from tests.factories.records import make_contact
from tests.factories.store import store

ADA = "ada@fabrikam.example"
MARA = "mara@northwind.example"
NOON = dt.datetime(2026, 11, 20, 12, 0, 0, 123456, tzinfo=dt.UTC)

OURS = MailMessage(
    id="m-1",
    thread_id="t-1",
    message_id_header="<1@mail.northwind.example>",
    references="",
    from_address=MARA,
    from_name="Mara Lind",
    to_addresses=(ADA, "bob@fabrikam.example"),
    subject="Prices",
    sent_at=NOON - dt.timedelta(days=2),
    text="Here they are.\x00",
    label_ids=("SENT",),
)
REPLY = replace(
    OURS,
    id="m-2",
    message_id_header="<2@fabrikam.example>",
    references="<1@mail.northwind.example>",
    from_address=ADA,
    from_name='Ada "L" \ud800 Žižka',
    to_addresses=(MARA,),
    sent_at=NOON - dt.timedelta(days=1),
    text="Thanks, {great}; 100% fine\n> quoted",
    label_ids=(),
)
OLD = replace(OURS, id="m-9", thread_id="t-2", sent_at=NOON - dt.timedelta(days=30), is_automatic=True)
FIRST = MailThread("t-1", "Prices", (OURS, REPLY))
SECOND = MailThread("t-2", "Hello", (OLD,))


async def contact_of(database: Database, tenant_id: UUID) -> UUID:
    contact = make_contact(tenant_id)
    await store(database, contact)
    return contact.id


async def save(database: Database, tenant_id: UUID, contact_id: UUID, *threads: MailThread, at: dt.datetime = NOON):
    async with database.transaction(tenant_id) as session:
        await ConversationRepository(session, tenant_id).save_threads(contact_id, threads, at)


async def read(database: Database, tenant_id: UUID, contact_id: UUID) -> CachedThreads:
    async with database.transaction(tenant_id) as session:
        return await ConversationRepository(session, tenant_id).threads_of(contact_id)


async def test_threads_come_back_newest_first_as_they_were_read(database: Database, tenant_id: UUID):
    contact_id = await contact_of(database, tenant_id)

    await save(database, tenant_id, contact_id, SECOND, FIRST)
    cached = await read(database, tenant_id, contact_id)

    stored = replace(
        FIRST, messages=(replace(OURS, text="Here they are."), replace(REPLY, from_name='Ada "L" ? Žižka'))
    )
    assert cached == CachedThreads((stored, replace(SECOND, messages=(replace(OLD, text="Here they are."),))), NOON)


async def test_nothing_kept_has_no_age(database: Database, tenant_id: UUID):
    contact_id = await contact_of(database, tenant_id)

    await save(database, tenant_id, contact_id)
    await save(database, tenant_id, contact_id, MailThread("t-0", "", ()))

    assert await read(database, tenant_id, contact_id) == CachedThreads((), None)


async def test_reading_again_keeps_one_row_a_message_and_forgets_what_is_gone(database: Database, tenant_id: UUID):
    contact_id = await contact_of(database, tenant_id)
    later = NOON + dt.timedelta(hours=1)
    opened = replace(REPLY, label_ids=("IMPORTANT",))

    await save(database, tenant_id, contact_id, FIRST, SECOND)
    await save(database, tenant_id, contact_id, replace(FIRST, messages=(opened,)), at=later)
    cached = await read(database, tenant_id, contact_id)

    (thread,) = cached.threads
    assert cached.fetched_at == later
    assert [(message.id, message.label_ids) for message in thread.messages] == [("m-2", ("IMPORTANT",))]


async def test_a_message_listed_twice_is_kept_once(database: Database, tenant_id: UUID):
    contact_id = await contact_of(database, tenant_id)

    await save(database, tenant_id, contact_id, FIRST, replace(FIRST, messages=(OURS, OURS, REPLY)))

    assert len((await read(database, tenant_id, contact_id)).threads[0].messages) == 2


async def test_the_newest_reply_is_found_among_what_is_kept(database: Database, tenant_id: UUID):
    contact_id = await contact_of(database, tenant_id)
    await save(database, tenant_id, contact_id, FIRST, SECOND)

    async with database.transaction(tenant_id) as session:
        conversations = ConversationRepository(session, tenant_id)
        assert await conversations.newest_reply_from(contact_id, ADA, NOON - dt.timedelta(days=90)) == REPLY.sent_at
        assert await conversations.newest_reply_from(contact_id, ADA, NOON) is None
        assert await conversations.newest_reply_from(contact_id, MARA, NOON - dt.timedelta(days=90)) is None


async def test_two_contacts_of_one_thread_each_keep_their_own(database: Database, tenant_id: UUID):
    one, other = await contact_of(database, tenant_id), await contact_of(database, tenant_id)

    await save(database, tenant_id, one, FIRST)
    await save(database, tenant_id, other, FIRST)

    assert len((await read(database, tenant_id, one)).threads[0].messages) == 2
    assert len((await read(database, tenant_id, other)).threads[0].messages) == 2
