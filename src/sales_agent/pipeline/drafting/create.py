"""Making drafts and moving them: one draft a run, a new version for new words, every move on record."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.content import DraftContent, Finding
from sales_agent.kit.errors import Conflict, NotFound
from sales_agent.kit.storable import storable_text
from sales_agent.ledger.audit.record import SYSTEM, AuditEntry, record
from sales_agent.pipeline.drafting.documents import (
    body_hash,
    content_document,
    content_of,
    findings_document,
    findings_of,
)
from sales_agent.pipeline.drafting.models import Draft, DraftState
from sales_agent.pipeline.drafting.repository import DraftRepository
from sales_agent.pipeline.drafting.states import Mover, move_between
from sales_agent.safety.check import worst


class DraftNotFound(NotFound):
    """There is no draft under this id."""


class WishGone(Conflict):
    """The draft was changed while other words for it were being written; they are not kept."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Other words that a person asked for: of which version of a draft that is drafting, and in which words."""

    version: int
    instruction: str

    def is_of(self, draft: Draft) -> bool:
        """Whether the draft still waits for these, and for nothing else."""
        return (
            draft.state == DraftState.DRAFTING
            and draft.version == self.version
            and (draft.instruction or "") == self.instruction
        )


@dataclass(frozen=True, slots=True)
class NewDraft:
    """Words for one person. `run_id`: the run they belong to; `author`: the agent or person who wrote them.

    `in_reply_to` and `references` are the mail headers of a reply, empty for a new thread (then `thread_id` is None).
    """

    run_id: UUID | None
    contact_id: UUID
    to_address: str
    to_name: str
    thread_id: str | None
    in_reply_to: str
    references: str
    content: DraftContent
    author: str
    model: str
    prompt_version: str
    pipeline_version: str


@dataclass(frozen=True, slots=True)
class NewVersion:
    """Other words for a draft that exists; `author`: the agent or person who wrote them."""

    content: DraftContent
    author: str
    model: str
    prompt_version: str
    pipeline_version: str


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """Which draft and version hold the words, and their digest. `is_new`: whether this call made the version."""

    draft_id: UUID
    version: int
    body_hash: str
    is_new: bool


async def save(session: AsyncSession, tenant_id: UUID, new: NewDraft, *, wish: Wish | None = None) -> SavedDraft:
    """Keep the words as the run's draft, in state drafting.

    The same words to the same place again are the same version. Other words become the next version and send the
    draft back to drafting; raises DraftMoveNotAllowed where that is too late (approved, sent and the like). Words that
    were written for a wish raise WishGone where the draft no longer waits for it.
    """
    drafts = DraftRepository(session, tenant_id)
    words = _words(
        NewVersion(new.content, new.author, new.model, new.prompt_version, pipeline_version=new.pipeline_version)
    )
    head = _head(new)
    draft, is_new = await drafts.add(new.run_id, state=DraftState.DRAFTING, version=1, **head)
    if wish is not None and not wish.is_of(draft):
        raise WishGone(draft_id=draft.id)
    if is_new:
        await drafts.add_version(draft.id, 1, **words)
        await _record(session, tenant_id, draft, "draft.drafting", version=1)
        return SavedDraft(draft.id, 1, str(words["body_hash"]), is_new=True)
    before = await drafts.version(draft.id, draft.version)
    same_words = before is not None and all(getattr(before, name) == words[name] for name in _IDENTITY)
    if same_words and all(getattr(draft, name) == value for name, value in head.items()):
        return SavedDraft(draft.id, draft.version, str(words["body_hash"]), is_new=False)
    if draft.state != DraftState.DRAFTING:
        move_between(DraftState(draft.state), DraftState.DRAFTING, Mover.SYSTEM)
    version = draft.version + 1
    await drafts.add_version(draft.id, version, **words)
    await drafts.enter(draft.id, DraftState.DRAFTING)
    await drafts.change(draft.id, version=version, worst_severity=None, **head)
    await _record(session, tenant_id, draft, "draft.drafting", version=version, before=draft.state)
    return SavedDraft(draft.id, version, str(words["body_hash"]), is_new=True)


async def save_version(
    session: AsyncSession, tenant_id: UUID, draft: Draft, new: NewVersion, *, actor: str
) -> SavedDraft:
    """Give a draft, locked by the caller and put into state drafting, its next words."""
    drafts = DraftRepository(session, tenant_id)
    words, version = _words(new), draft.version + 1
    await drafts.add_version(draft.id, version, **words)
    await drafts.change(draft.id, version=version, worst_severity=None)
    facts = {"version": version, "body_hash": words["body_hash"]}
    await _record(session, tenant_id, draft, "draft.version_added", actor=actor, **facts)
    return SavedDraft(draft.id, version, str(words["body_hash"]), is_new=True)


async def draft_locked(session: AsyncSession, tenant_id: UUID, draft_id: UUID) -> Draft:
    """A draft as it stands, locked until the transaction ends. Raises DraftNotFound."""
    return await _locked(DraftRepository(session, tenant_id), draft_id)


async def attach_findings(
    session: AsyncSession, tenant_id: UUID, draft_id: UUID, version: int, findings: Sequence[Finding]
) -> tuple[Finding, ...]:
    """Keep what was found in a version, once: words that were judged stay judged. Returns the findings that count."""
    drafts = DraftRepository(session, tenant_id)
    draft = await _locked(drafts, draft_id)
    await drafts.set_findings(draft_id, version, findings_document(findings))
    kept = await drafts.version(draft_id, version)
    if kept is None:
        raise DraftNotFound(draft_id=draft_id, version=version)
    judged = findings_of(kept.findings)
    if version == draft.version:
        await drafts.change(draft_id, worst_severity=worst(judged))
    return judged


async def set_state(
    session: AsyncSession,
    tenant_id: UUID,
    draft_id: UUID,
    to: DraftState,
    *,
    reason: str | None = None,
    actor: str = SYSTEM,
) -> DraftState:
    """Move a draft by the table; the state it was in. Raises DraftMoveNotAllowed, DraftNotFound.

    `actor`: SYSTEM, or who else did it (then a person). `reason` may hold what a person wrote, so it stays on the draft
    and out of the audit trail.
    """
    drafts = DraftRepository(session, tenant_id)
    draft = await _locked(drafts, draft_id)
    before = DraftState(draft.state)
    move = move_between(before, to, Mover.SYSTEM if actor == SYSTEM else Mover.OPERATOR)
    await drafts.enter(draft_id, to, reason=storable_text(reason) if reason else None)
    facts = {"before": before, "move": move.name, "version": draft.version}
    await _record(session, tenant_id, draft, f"draft.{to}", actor=actor, **facts)
    return before


async def attach_mail_draft(
    session: AsyncSession,
    tenant_id: UUID,
    draft_id: UUID,
    mail_draft_id: str,
    mail_message_id: str | None = None,
    *,
    marker: str | None = None,
) -> None:
    """Record how the draft lies in the seller's mailbox: its ids there, and the marker its words carry.

    What a person did there to earlier words is over.
    """
    await DraftRepository(session, tenant_id).change(
        draft_id,
        mail_draft_id=mail_draft_id,
        mail_message_id=mail_message_id,
        mail_marker=marker,
        mailbox_note=None,
    )


# What makes two versions the same words: not who wrote them, and not with which model.
_IDENTITY = ("subject", "body_hash", "content")


def _head(new: NewDraft) -> dict[str, object]:
    return {
        "contact_id": new.contact_id,
        "to_address": storable_text(new.to_address),
        "to_name": storable_text(new.to_name),
        "thread_id": new.thread_id,
        "in_reply_to": storable_text(new.in_reply_to),
        "references_header": storable_text(new.references),
    }


def _words(new: NewVersion) -> dict[str, object]:
    document = content_document(new.content)
    stored = content_of(document)
    return {
        "subject": stored.subject,
        "body": stored.body(),
        "body_hash": body_hash(stored.subject, stored.body()),
        "content": document,
        "author": new.author,
        "model": new.model,
        "prompt_version": new.prompt_version,
        "pipeline_version": new.pipeline_version,
    }


async def _locked(drafts: DraftRepository, draft_id: UUID) -> Draft:
    draft = await drafts.locked(draft_id)
    if draft is None:
        raise DraftNotFound(draft_id=draft_id)
    return draft


async def _record(
    session: AsyncSession, tenant_id: UUID, draft: Draft, action: str, *, actor: str = SYSTEM, **facts: object
) -> None:
    entry = AuditEntry(
        action, actor=actor, subject=("draft", draft.id), run_id=draft.run_id, draft_id=draft.id, facts=facts
    )
    await record(session, tenant_id, entry)
