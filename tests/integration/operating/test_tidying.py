"""What nobody decides expires, what sleeps wakes by its time or by a message: all by the clock, none twice."""

import datetime as dt
from dataclasses import dataclass, replace
from uuid import UUID

import pytest

from sales_agent.config import Settings
from sales_agent.connectors.mail.reader import MailMessage, MailThread
from sales_agent.controls.repository import SettingRepository
from sales_agent.controls.sending_policy import SendingPolicy
from sales_agent.kit.db import Database
from sales_agent.pipeline.approval.models import IdempotentRequest
from sales_agent.pipeline.approval.tidy import Tidied, tidy_drafts, wake_for_message
from sales_agent.pipeline.drafting.models import DraftState
from sales_agent.pipeline.queue import schedule
from sales_agent.pipeline.queue.handover_repository import HandoverRepository
from sales_agent.records.conversations.repository import ConversationRepository
from tests.factories.deciding import REPLY
from tests.factories.drafting import BLOCK, checked_draft, moved, stored_contact
from tests.factories.operating import Operators, approvals_of, jobs_of, stored_draft, waiting_draft
from tests.factories.pipeline import make_idempotent_request
from tests.factories.store import count_of, store

POLICY = SendingPolicy.default(Settings(_env_file=None))
ADDRESS = "ada@fabrikam.example"


@dataclass(frozen=True, slots=True)
class Later:
    """A clock that is ahead of the machine's."""

    hours: float = 0.0

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + dt.timedelta(hours=self.hours)


async def tidied(database: Database, tenant_id: UUID, hours: float = 0.0) -> Tidied:
    return await tidy_drafts(database.tenant(tenant_id), Later(hours), POLICY)


async def written(database: Database, tenant_id: UUID, contact_id: UUID, mail: MailMessage) -> None:
    async with database.transaction(tenant_id) as session:
        await ConversationRepository(session, tenant_id).save_threads(
            contact_id, [MailThread("t-1", "Prices", (mail,))], dt.datetime.now(dt.UTC)
        )


async def snoozed(operators: Operators, database: Database, tenant_id: UUID, contact_id: UUID) -> UUID:
    draft = await waiting_draft(database, tenant_id, contact_id=contact_id)
    until = (dt.datetime.now(dt.UTC) + dt.timedelta(days=3)).isoformat()
    assert (await operators.post(draft.draft_id, "snooze", {"until": until})).status_code == 200
    return draft.draft_id


async def test_what_nobody_decided_expires_and_what_was_approved_and_never_sent_too(
    operators: Operators, database: Database, tenant_id: UUID
):
    waiting, approved = await waiting_draft(database, tenant_id), await waiting_draft(database, tenant_id)
    blocked = await checked_draft(database, tenant_id, BLOCK)
    await moved(database, tenant_id, blocked.draft_id, DraftState.BLOCKED)
    await operators.post(approved.draft_id, "approve")

    await tidied(database, tenant_id)
    too_early = await tidied(database, tenant_id, hours=71.9)
    in_time = await tidied(database, tenant_id, hours=72.1)
    again = await tidied(database, tenant_id, hours=72.1)

    assert (too_early, in_time, again) == (Tidied(0, 0), Tidied(3, 0), Tidied(0, 0))
    left = [await stored_draft(database, tenant_id, draft.draft_id) for draft in (waiting, approved, blocked)]
    assert {(draft.state, draft.state_reason) for draft in left} == {("expired", "nobody decided in time")}
    [approval] = await approvals_of(database, tenant_id, approved.draft_id)
    assert approval.voided_because == "expired"


async def test_each_tenant_waits_as_long_as_it_says(database: Database, tenant_id: UUID):
    draft = await waiting_draft(database, tenant_id)
    async with database.transaction(tenant_id) as session:
        await SettingRepository(session, tenant_id).put("approval_timeout_hours", 2.0, by="user:mara")

    await tidied(database, tenant_id)
    assert (await tidied(database, tenant_id, hours=1.9)).expired == 0
    assert (await tidied(database, tenant_id, hours=2.1)).expired == 1
    assert (await stored_draft(database, tenant_id, draft.draft_id)).state == "expired"


async def test_what_is_queued_or_on_its_way_never_expires_and_what_is_held_waits_two_weeks(
    operators: Operators, database: Database, tenant_id: UUID
):
    queued, sending, held = [await waiting_draft(database, tenant_id) for _ in range(3)]
    for draft in (queued, sending, held):
        await operators.post(draft.draft_id, "approve", {"send": True})
    await moved(database, tenant_id, sending.draft_id, DraftState.SENDING)
    await moved(database, tenant_id, held.draft_id, DraftState.HELD)

    await tidied(database, tenant_id)
    assert (await tidied(database, tenant_id, hours=14 * 24 - 1)).expired == 0
    assert (await tidied(database, tenant_id, hours=14 * 24 + 1)).expired == 1

    states = [(await stored_draft(database, tenant_id, draft.draft_id)).state for draft in (queued, sending, held)]
    assert states == ["queued", "sending", "expired"]
    assert [job.state for job in await jobs_of(database, tenant_id, held.draft_id)] == ["cancelled"]


async def test_an_edit_begins_the_time_to_decide_anew(operators: Operators, database: Database, tenant_id: UUID):
    edited, noted = await waiting_draft(database, tenant_id), await waiting_draft(database, tenant_id)
    await tidied(database, tenant_id)

    await operators.post(noted.draft_id, "note", {"text": "Mine."})
    await operators.post(edited.draft_id, "edit", {"subject": "Prices for you"})

    assert await tidied(database, tenant_id, hours=72.1) == Tidied(1, 0)
    assert (await stored_draft(database, tenant_id, edited.draft_id)).state == "needs_review"


async def test_a_snooze_ends_when_its_time_has_come(operators: Operators, database: Database, tenant_id: UUID):
    draft_id = await snoozed(operators, database, tenant_id, await stored_contact(database, tenant_id))

    assert await tidied(database, tenant_id, hours=71.9) == Tidied(0, 0)
    assert await tidied(database, tenant_id, hours=72.1) == Tidied(0, 1)

    woken = await stored_draft(database, tenant_id, draft_id)
    assert (woken.state, woken.state_reason, woken.snoozed_until) == ("needs_review", "the snooze is over", None)


async def test_a_message_from_that_person_ends_a_snooze(operators: Operators, database: Database, tenant_id: UUID):
    contact_id = await stored_contact(database, tenant_id, email=ADDRESS, email_canonical=ADDRESS)
    draft_id = await snoozed(operators, database, tenant_id, contact_id)
    await written(
        database, tenant_id, contact_id, replace(REPLY, sent_at=Later(0.1).now(), from_address="Ada@Fabrikam.example")
    )

    async with database.transaction(tenant_id) as session:
        assert await wake_for_message(session, tenant_id, contact_id) == 1
        assert await wake_for_message(session, tenant_id, contact_id) == 0

    woken = await stored_draft(database, tenant_id, draft_id)
    assert (woken.state, woken.state_reason) == ("needs_review", "the person wrote")


@pytest.mark.parametrize(
    "change",
    [
        {"sent_at": Later(-1).now()},
        {"from_address": "bob@fabrikam.example"},
        {"is_automatic": True},
        {"label_ids": ("DRAFT",)},
        {"label_ids": ("SPAM",)},
    ],
    ids=["older", "from somebody else", "automatic", "unsent", "spam"],
)
async def test_what_is_no_new_message_from_that_person_wakes_nothing(
    operators: Operators, database: Database, tenant_id: UUID, change: dict[str, object]
):
    contact_id = await stored_contact(database, tenant_id, email=ADDRESS, email_canonical=ADDRESS)
    draft_id = await snoozed(operators, database, tenant_id, contact_id)
    await written(database, tenant_id, contact_id, replace(replace(REPLY, sent_at=Later(0.1).now()), **change))

    assert await tidied(database, tenant_id) == Tidied(0, 0)
    assert (await stored_draft(database, tenant_id, draft_id)).state == "snoozed"


async def test_the_round_wakes_for_a_message_that_nobody_told_of(
    operators: Operators, database: Database, tenant_id: UUID
):
    contact_id = await stored_contact(database, tenant_id, email=ADDRESS, email_canonical=ADDRESS)
    await snoozed(operators, database, tenant_id, contact_id)
    await written(database, tenant_id, contact_id, replace(REPLY, sent_at=Later(0.1).now()))

    assert await tidied(database, tenant_id) == Tidied(0, 1)


async def test_a_round_touches_one_tenant_and_the_schedule_finds_each_that_has_something_to_tidy(
    database: Database, tenant_id: UUID, other_tenant_id: UUID
):
    mine, theirs = await waiting_draft(database, tenant_id), await waiting_draft(database, other_tenant_id)
    await tidied(database, tenant_id)
    await tidied(database, tenant_id, hours=100)
    async with database.transaction() as session:
        found = await HandoverRepository(session).tenants_with_drafts_to_tidy(10)

    assert (await stored_draft(database, tenant_id, mine.draft_id)).state == "expired"
    assert (await stored_draft(database, other_tenant_id, theirs.draft_id)).state == "needs_review"
    assert found == [other_tenant_id]
    assert await schedule.tick(database, "tidy_drafts") == 1


async def test_answers_are_forgotten_after_a_day(database: Database, tenant_id: UUID):
    yesterday = dt.datetime.now(dt.UTC) - dt.timedelta(hours=25)
    await store(
        database,
        make_idempotent_request(tenant_id, created_at=yesterday),
        make_idempotent_request(tenant_id, created_at=yesterday + dt.timedelta(hours=2)),
    )

    await tidied(database, tenant_id)

    assert await count_of(database, tenant_id, IdempotentRequest) == 1
