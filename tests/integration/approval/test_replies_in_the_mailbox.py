"""What counts as a reply is judged on mails as they lie in the mailbox, and each reply is counted once."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from sales_agent.connectors.transport import Transport
from sales_agent.kit.clock import SystemClock
from sales_agent.kit.db import Database
from sales_agent.pipeline.approval import recipients
from sales_agent.pipeline.approval.decide import decide
from sales_agent.pipeline.approval.engine import Decision
from sales_agent.pipeline.approval.models import AutoApprovalRule
from sales_agent.pipeline.approval.repository import RecipientRepository
from sales_agent.records.conversations.repository import ConversationRepository
from sales_agent.sandbox.client import SandboxClient
from tests.factories.decisions import OPEN
from tests.factories.drafting import checked_draft, stored_contact
from tests.factories.mailbox import MailSearch, gmail_reader

# The seller wrote to him three weeks ago, in answer to his question; since then nothing came.
NOAH = "noah.fraser@southerncrosslifts.example"
# She answered a mail of the seller's two weeks ago; he sent nothing but an automatic note; that address bounced.
ANNA, MATEUS, BOUNCED = (
    "anna.becker@nordwind-logistik.example",
    "mateus.prado@valeverde.example",
    "info@harborpine.example",
)

IMPOSTORS = {
    "a forged From in a mail of its own": {"sender": f"Noah Fraser <{NOAH}>", "thread_id": ""},
    "a forged From that guesses what it answers": {
        "sender": NOAH,
        "in_reply_to": "<guess@mail.gmail.com>",
        "thread_id": "",
    },
    "his name before another address": {
        "sender": '"Noah Fraser noah.fraser@southerncrosslifts.example" <noah@evil.example>'
    },
    "his address as a comment": {"sender": f"({NOAH}) x@evil.example"},
    "a colleague who answers for him": {"sender": "office@southerncrosslifts.example"},
    "out of office, as Gmail sends it": {
        "sender": NOAH,
        "headers": {"Auto-Submitted": "auto-replied", "Precedence": "bulk"},
    },
    "out of office, as Exchange sends it": {
        "sender": NOAH,
        "subject": "Automatische Antwort: Quote for 80 lift technicians",
        "headers": {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
    },
    "out of office, as older servers send it": {"sender": NOAH, "headers": {"X-Autoreply": "yes"}},
    "a ticket system's receipt": {"sender": NOAH, "headers": {"Precedence": "auto_reply"}},
    "a bounce": {
        "sender": "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        "subject": "Delivery Status Notification (Failure)",
        "headers": {"X-Failed-Recipients": NOAH, "Return-Path": "<>"},
    },
    "a bounce that carries his address": {"sender": NOAH, "headers": {"Return-Path": "<>"}},
    "a newsletter of his": {"sender": NOAH, "headers": {"Precedence": "list", "List-Id": "<news.example>"}},
}


@pytest.fixture
async def transport() -> AsyncIterator[Transport]:
    transport = Transport(timeout_seconds=5.0, retry_waits=(0.01,))
    yield transport
    await transport.close()


class Mailbox:
    """What the seller's mailbox tells about one person."""

    def __init__(self, database: Database, tenant_id: UUID, sandbox: SandboxClient, transport: Transport) -> None:
        self.database, self.tenant_id, self.sandbox = database, tenant_id, sandbox
        self.mail = gmail_reader(transport, sandbox.url)

    async def search_for(self, email: str) -> MailSearch:
        contact_id = await stored_contact(self.database, self.tenant_id, email=email, email_canonical=email)
        return MailSearch(self.database, self.tenant_id, contact_id, email, self.mail)

    async def thread_with(self, email: str) -> str:
        return (await self.mail.threads_with(email))[0].id

    async def decision_about(self, search: MailSearch) -> Decision:
        await search.run()
        draft = await checked_draft(
            self.database, self.tenant_id, contact_id=search.contact_id, to_address=search.email
        )
        async with self.database.transaction(self.tenant_id) as session:
            return await decide(session, self.tenant_id, draft.draft_id, switches=OPEN, now=SystemClock().now())

    async def replies_counted(self, email: str) -> int:
        async with self.database.transaction(self.tenant_id) as session:
            known = await RecipientRepository(session, self.tenant_id).by_address(email)
        assert known is not None
        return known.total_replies

    async def make_known(self, email: str) -> None:
        async with self.database.transaction(self.tenant_id) as session:
            await recipients.count_send(session, self.tenant_id, email, SystemClock().now())


@pytest.fixture
def mailbox(database: Database, tenant_id: UUID, sandbox: SandboxClient, transport: Transport) -> Mailbox:
    return Mailbox(database, tenant_id, sandbox, transport)


@pytest.mark.parametrize("impostor", IMPOSTORS)
async def test_what_only_looks_like_a_reply_approves_nothing_and_is_not_counted(
    mailbox: Mailbox, rules: list[AutoApprovalRule], impostor: str
):
    thread_id = await mailbox.thread_with(NOAH)
    mailbox.sandbox.deliver(**{"thread_id": thread_id, "text": "Yes please, go ahead!", **IMPOSTORS[impostor]})
    await mailbox.make_known(NOAH)
    noah = await mailbox.search_for(NOAH)

    decision = await mailbox.decision_about(noah)

    assert decision.rule_type == "known_good_recipient"
    assert "replied_before (on): no reply from the recipient is known" in decision.reasons
    assert await mailbox.replies_counted(NOAH) == 0


async def test_an_answer_to_our_mail_is_a_reply(mailbox: Mailbox, rules: list[AutoApprovalRule]):
    mailbox.sandbox.deliver(sender=NOAH, thread_id=await mailbox.thread_with(NOAH), text="Yes please, go ahead!")
    await mailbox.make_known(NOAH)

    decision = await mailbox.decision_about(await mailbox.search_for(NOAH))

    assert decision.rule_type == "replied_before"
    assert await mailbox.replies_counted(NOAH) == 1


@pytest.mark.parametrize(
    ("email", "rule_type"), [(ANNA, "replied_before"), (MATEUS, None), (BOUNCED, None), (NOAH, None)]
)
async def test_the_mails_of_the_data_set_are_told_apart(
    mailbox: Mailbox, rules: list[AutoApprovalRule], email: str, rule_type: str | None
):
    assert (await mailbox.decision_about(await mailbox.search_for(email))).rule_type == rule_type


async def test_a_reply_counts_once_however_often_and_by_how_many_runs_the_mailbox_is_read(mailbox: Mailbox):
    await mailbox.make_known(ANNA)
    anna = await mailbox.search_for(ANNA)

    await anna.run()
    await asyncio.gather(*(anna.run() for _ in range(4)))
    await anna.run(cache_seconds=3600)
    assert await mailbox.replies_counted(ANNA) == 1

    mailbox.sandbox.deliver(sender=ANNA, thread_id=await mailbox.thread_with(ANNA), text="One more thing.")
    await anna.run()
    await anna.run()
    assert await mailbox.replies_counted(ANNA) == 2


async def test_a_message_that_was_thrown_away_and_brought_back_is_not_counted_again(
    mailbox: Mailbox, database: Database, tenant_id: UUID
):
    """The cache forgets what the mailbox does not show; what was counted stays counted."""
    await mailbox.make_known(ANNA)
    anna = await mailbox.search_for(ANNA)
    await anna.run()
    (thread,) = await mailbox.mail.threads_with(ANNA)
    async with database.transaction(tenant_id) as session:
        without_reply = type(thread)(thread.id, thread.subject, thread.messages[:2])
        await ConversationRepository(session, tenant_id).save_threads(
            anna.contact_id, [without_reply], SystemClock().now()
        )

    await anna.run()

    assert await mailbox.replies_counted(ANNA) == 1


async def test_replying_puts_nobody_on_the_list_and_counts_once_they_are_on_it(
    mailbox: Mailbox, database: Database, tenant_id: UUID
):
    anna = await mailbox.search_for(ANNA)
    await anna.run()
    async with database.transaction(tenant_id) as session:
        assert await RecipientRepository(session, tenant_id).by_address(ANNA) is None

    await mailbox.make_known(ANNA)
    await anna.run()

    assert await mailbox.replies_counted(ANNA) == 1


async def test_a_message_that_two_contacts_share_is_counted_for_its_sender_only(mailbox: Mailbox):
    mailbox.sandbox.deliver(
        sender=ANNA, thread_id=await mailbox.thread_with(ANNA), to="mara@brightpath.example", cc=NOAH, text="For both."
    )
    for email in (ANNA, NOAH):
        await mailbox.make_known(email)
    for email in (NOAH, ANNA):
        await (await mailbox.search_for(email)).run()

    assert (await mailbox.replies_counted(ANNA), await mailbox.replies_counted(NOAH)) == (2, 0)
