"""Drafts made the way the workflow makes them."""

from dataclasses import replace
from uuid import UUID

from sales_agent.content import (
    CallToAction,
    DraftContent,
    Evidence,
    EvidenceKind,
    Finding,
    Sentence,
    SentenceType,
    Severity,
)
from sales_agent.kit.db import Database
from sales_agent.kit.ids import new_id
from sales_agent.pipeline.drafting.create import NewDraft, SavedDraft, attach_findings, save, set_state
from sales_agent.pipeline.drafting.models import DraftState
from tests.factories.records import make_contact
from tests.factories.store import store

CONTENT = DraftContent(
    subject="Prices of the planning tool",
    sentences=(
        Sentence(SentenceType.GREETING, "Hi Ada,"),
        Sentence(SentenceType.CLAIM, "You asked for prices for 40 users.", ("form.message",), 1),
        Sentence(SentenceType.CALL_TO_ACTION, "Would Tuesday at 10:00 suit you?", ("slot.1",), 1),
        Sentence(SentenceType.SIGN_OFF, "Best regards,\nMara", (), 2),
    ),
    evidence=(
        Evidence("form.message", EvidenceKind.FORM_FIELD, "message", "What are your prices for 40 users?"),
        Evidence("slot.1", EvidenceKind.SLOT, "2026-11-24T10:00:00+01:00", "Tuesday, 24 November, 10:00"),
    ),
    call_to_action=CallToAction.MEETING,
    omissions=("No earlier mails were found.",),
)
NOTE = Finding("links", "no_link", Severity.NOTE, "There is no link.", "Nothing to do.")
WARNING = Finding("pii", "phone", Severity.WARN, "The body holds a number.", "Remove it.", None, 1)
BLOCK = Finding("promises", "guarantee", Severity.BLOCK, "It guarantees something.", "Remove it.", None, 1)


def make_new_draft(contact_id: UUID, **changes: object) -> NewDraft:
    new = NewDraft(
        run_id=new_id(),
        contact_id=contact_id,
        to_address="ada@fabrikam.example",
        to_name="Ada Byron",
        thread_id=None,
        in_reply_to="",
        references="",
        content=CONTENT,
        author="draft_writer",
        model="template",
        prompt_version="1",
        pipeline_version="2026.11",
    )
    return replace(new, **changes)


def in_other_words(subject: str) -> DraftContent:
    return replace(CONTENT, subject=subject)


async def stored_contact(database: Database, tenant_id: UUID, **changes: object) -> UUID:
    contact = make_contact(tenant_id, **changes)
    await store(database, contact)
    return contact.id


async def saved(database: Database, tenant_id: UUID, new: NewDraft) -> SavedDraft:
    async with database.transaction(tenant_id) as session:
        return await save(session, tenant_id, new)


async def checked_draft(database: Database, tenant_id: UUID, *findings: Finding, **changes: object) -> SavedDraft:
    """A draft as it stands after the checks."""
    contact_id = changes.pop("contact_id", None) or await stored_contact(database, tenant_id)
    draft = await saved(database, tenant_id, make_new_draft(contact_id, **changes))
    async with database.transaction(tenant_id) as session:
        await attach_findings(session, tenant_id, draft.draft_id, draft.version, findings)
    return draft


async def moved(database: Database, tenant_id: UUID, draft_id: UUID, *path: DraftState, actor: str = "system") -> None:
    async with database.transaction(tenant_id) as session:
        for state in path:
            await set_state(session, tenant_id, draft_id, state, actor=actor)
