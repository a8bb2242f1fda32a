"""One draft a run, a version for each wording, findings once, and every move by the table and on record."""

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from sales_agent.content import Sentence, SentenceType
from sales_agent.kit.db import Database
from sales_agent.kit.ids import new_id
from sales_agent.ledger.audit.models import AuditEvent
from sales_agent.pipeline.drafting.create import DraftNotFound, attach_findings, attach_mail_draft, set_state
from sales_agent.pipeline.drafting.documents import body_hash, content_of
from sales_agent.pipeline.drafting.models import Draft, DraftState, DraftVersion
from sales_agent.pipeline.drafting.repository import DraftRepository
from sales_agent.pipeline.drafting.states import DraftMoveNotAllowed
from tests.factories.drafting import (
    CONTENT,
    NOTE,
    WARNING,
    checked_draft,
    in_other_words,
    make_new_draft,
    moved,
    saved,
    stored_contact,
)


async def read(database: Database, tenant_id: UUID, draft_id: UUID) -> tuple[Draft, DraftVersion]:
    async with database.transaction(tenant_id) as session:
        found = await DraftRepository(session, tenant_id).get(draft_id)
    assert found is not None
    return found


async def audit_of(database: Database, tenant_id: UUID, draft_id: UUID) -> list[tuple[str, str, dict[str, object]]]:
    async with database.transaction(tenant_id) as session:
        rows = await session.scalars(
            sa.select(AuditEvent).where(AuditEvent.draft_id == draft_id).order_by(AuditEvent.at, AuditEvent.id)
        )
        return [(row.action, row.actor, row.facts) for row in rows]


async def test_words_are_kept_with_their_evidence_and_origin(database: Database, tenant_id: UUID):
    new = make_new_draft(
        await stored_contact(database, tenant_id),
        thread_id="t-1",
        in_reply_to="<1@x.example>",
        references="<1@x.example>",
    )

    kept = await saved(database, tenant_id, new)
    draft, words = await read(database, tenant_id, kept.draft_id)

    assert (kept.version, kept.is_new) == (1, True)
    assert content_of(words.content) == CONTENT
    assert (words.subject, words.body) == (CONTENT.subject, CONTENT.body())
    assert words.body_hash == kept.body_hash == body_hash(CONTENT.subject, CONTENT.body())
    assert (words.author, words.model, words.prompt_version) == ("draft_writer", "template", "1")
    assert words.pipeline_version == "2026.11"
    assert words.findings is None
    assert (draft.state, draft.to_address, draft.to_name) == ("drafting", "ada@fabrikam.example", "Ada Byron")
    assert (draft.run_id, draft.thread_id, draft.in_reply_to) == (new.run_id, "t-1", "<1@x.example>")


async def test_the_same_words_of_the_same_run_are_the_same_version(database: Database, tenant_id: UUID):
    new = make_new_draft(await stored_contact(database, tenant_id))

    first = await saved(database, tenant_id, new)
    again = await saved(database, tenant_id, replace(new, model="another", author="somebody"))

    assert again == replace(first, is_new=False)


async def test_a_run_that_saves_twice_at_once_has_one_draft(database: Database, tenant_id: UUID):
    new = make_new_draft(await stored_contact(database, tenant_id))

    kept = await asyncio.gather(*(saved(database, tenant_id, new) for _ in range(6)))

    assert len({draft.draft_id for draft in kept}) == 1
    assert [draft.is_new for draft in kept].count(True) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"content": in_other_words("Other")},
        {"content": replace(CONTENT, evidence=CONTENT.evidence[:1])},
        {"to_address": "bob@fabrikam.example"},
        {"thread_id": "t-9"},
    ],
)
async def test_other_words_or_another_place_are_a_new_version_of_the_same_draft(
    database: Database, tenant_id: UUID, changes: dict[str, object]
):
    new = make_new_draft(await stored_contact(database, tenant_id))
    first = await checked_draft(database, tenant_id, WARNING, contact_id=new.contact_id, run_id=new.run_id)
    await moved(database, tenant_id, first.draft_id, DraftState.NEEDS_REVIEW)

    second = await saved(database, tenant_id, replace(new, **changes))
    draft, words = await read(database, tenant_id, first.draft_id)

    assert (second.draft_id, second.version, second.is_new) == (first.draft_id, 2, True)
    assert (draft.state, draft.version, draft.worst_severity) == ("drafting", 2, None)
    assert (words.version, words.findings) == (2, None)
    async with database.transaction(tenant_id) as session:
        versions = await DraftRepository(session, tenant_id).versions(first.draft_id)
    assert [(version.version, version.findings is None) for version in versions] == [(2, True), (1, False)]


async def test_the_same_words_again_leave_a_draft_where_it_is(database: Database, tenant_id: UUID):
    new = make_new_draft(await stored_contact(database, tenant_id))
    first = await saved(database, tenant_id, new)
    await moved(database, tenant_id, first.draft_id, DraftState.NEEDS_REVIEW)
    await moved(database, tenant_id, first.draft_id, DraftState.APPROVED, actor="mara")

    await saved(database, tenant_id, new)

    assert (await read(database, tenant_id, first.draft_id))[0].state == "approved"


async def test_the_house_cannot_rewrite_what_a_person_approved(database: Database, tenant_id: UUID):
    new = make_new_draft(await stored_contact(database, tenant_id))
    first = await saved(database, tenant_id, new)
    await moved(database, tenant_id, first.draft_id, DraftState.NEEDS_REVIEW)
    await moved(database, tenant_id, first.draft_id, DraftState.APPROVED, actor="mara")

    with pytest.raises(DraftMoveNotAllowed):
        await saved(database, tenant_id, replace(new, content=in_other_words("Other")))

    draft, words = await read(database, tenant_id, first.draft_id)
    assert (draft.state, draft.version, words.subject) == ("approved", 1, CONTENT.subject)


async def test_words_that_no_database_takes_are_kept_without_what_it_refuses(database: Database, tenant_id: UUID):
    odd = replace(CONTENT, sentences=(Sentence(SentenceType.GREETING, "Hi \x00Ada\ud800,"),))
    new = make_new_draft(await stored_contact(database, tenant_id), content=odd, to_name="A\x00da")

    kept = await saved(database, tenant_id, new)
    again = await saved(database, tenant_id, new)

    assert (await read(database, tenant_id, kept.draft_id))[1].body == "Hi Ada?,"
    assert not again.is_new


async def test_drafts_without_a_run_are_each_their_own(database: Database, tenant_id: UUID):
    new = make_new_draft(await stored_contact(database, tenant_id), run_id=None)

    one, other = await saved(database, tenant_id, new), await saved(database, tenant_id, new)

    assert one.draft_id != other.draft_id


async def test_findings_are_kept_once_and_the_first_ones_count(database: Database, tenant_id: UUID):
    kept = await checked_draft(database, tenant_id, NOTE, WARNING)

    async with database.transaction(tenant_id) as session:
        counting = await attach_findings(session, tenant_id, kept.draft_id, 1, [])

    draft, words = await read(database, tenant_id, kept.draft_id)
    assert counting == (NOTE, WARNING)
    assert draft.worst_severity == "warn"
    assert words.findings is not None
    assert len(words.findings) == 2


async def test_no_findings_is_a_result_of_its_own(database: Database, tenant_id: UUID):
    kept = await checked_draft(database, tenant_id)

    draft, words = await read(database, tenant_id, kept.draft_id)

    assert (words.findings, draft.worst_severity) == ([], None)


async def test_findings_of_a_version_that_is_not_there_are_refused(database: Database, tenant_id: UUID):
    kept = await saved(database, tenant_id, make_new_draft(await stored_contact(database, tenant_id)))

    async with database.transaction(tenant_id) as session:
        with pytest.raises(DraftNotFound):
            await attach_findings(session, tenant_id, kept.draft_id, 7, [NOTE])
        with pytest.raises(DraftNotFound):
            await attach_findings(session, tenant_id, new_id(), 1, [NOTE])


@pytest.mark.parametrize("column", ["body", "subject", "body_hash", "content"])
async def test_the_application_cannot_change_words_that_are_kept(database: Database, tenant_id: UUID, column: str):
    kept = await saved(database, tenant_id, make_new_draft(await stored_contact(database, tenant_id)))

    with pytest.raises(ProgrammingError, match="permission denied"):
        async with database.transaction(tenant_id) as session:
            await session.execute(
                sa.update(DraftVersion)
                .where(DraftVersion.draft_id == kept.draft_id)
                .values({column: getattr(DraftVersion, column)})
            )


async def test_moves_follow_the_table_and_are_on_record_without_what_people_wrote(database: Database, tenant_id: UUID):
    kept = await saved(database, tenant_id, make_new_draft(await stored_contact(database, tenant_id)))
    async with database.transaction(tenant_id) as session:
        await set_state(session, tenant_id, kept.draft_id, DraftState.NEEDS_REVIEW)
        before = await set_state(
            session, tenant_id, kept.draft_id, DraftState.REJECTED, reason="Ada called me", actor="api_key:mara"
        )

    draft, _ = await read(database, tenant_id, kept.draft_id)
    assert (before, draft.state, draft.state_reason) == (DraftState.NEEDS_REVIEW, "rejected", "Ada called me")
    assert await audit_of(database, tenant_id, kept.draft_id) == [
        ("draft.drafting", "system", {"version": 1}),
        ("draft.needs_review", "system", {"before": "drafting", "move": "ask_for_review", "version": 1}),
        ("draft.rejected", "api_key:mara", {"before": "needs_review", "move": "reject", "version": 1}),
    ]


async def test_a_move_that_the_table_does_not_have_changes_nothing(database: Database, tenant_id: UUID):
    kept = await saved(database, tenant_id, make_new_draft(await stored_contact(database, tenant_id)))

    async with database.transaction(tenant_id) as session:
        with pytest.raises(DraftMoveNotAllowed):
            await set_state(session, tenant_id, kept.draft_id, DraftState.SENT)
        with pytest.raises(DraftMoveNotAllowed):
            await set_state(session, tenant_id, kept.draft_id, DraftState.NEEDS_REVIEW, actor="mara")
        with pytest.raises(DraftNotFound):
            await set_state(session, tenant_id, new_id(), DraftState.NEEDS_REVIEW)

    assert (await read(database, tenant_id, kept.draft_id))[0].state == "drafting"


async def test_of_two_people_who_decide_at_once_one_is_told_that_it_was_done(database: Database, tenant_id: UUID):
    kept = await saved(database, tenant_id, make_new_draft(await stored_contact(database, tenant_id)))
    await moved(database, tenant_id, kept.draft_id, DraftState.NEEDS_REVIEW)

    outcomes = await asyncio.gather(
        *(moved(database, tenant_id, kept.draft_id, DraftState.APPROVED, actor=actor) for actor in ("mara", "ben")),
        return_exceptions=True,
    )

    assert [type(outcome) for outcome in outcomes if outcome is not None] == [DraftMoveNotAllowed]


async def test_a_draft_knows_where_it_lies_in_the_mailbox(database: Database, tenant_id: UUID):
    kept = await saved(database, tenant_id, make_new_draft(await stored_contact(database, tenant_id)))

    async with database.transaction(tenant_id) as session:
        await attach_mail_draft(session, tenant_id, kept.draft_id, "r-77")

    assert (await read(database, tenant_id, kept.draft_id))[0].mail_draft_id == "r-77"
