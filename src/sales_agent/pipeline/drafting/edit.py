"""Editing: what a person typed becomes the next version of a draft, grounded and judged anew, in one transaction."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.content import DraftContent, Finding, Voice
from sales_agent.controls.settings import SellerProfile
from sales_agent.observability import metrics
from sales_agent.pipeline.drafting.actions import waiting_state
from sales_agent.pipeline.drafting.create import (
    NewVersion,
    SavedDraft,
    attach_findings,
    draft_locked,
    save_version,
    set_state,
)
from sales_agent.pipeline.drafting.documents import content_of
from sales_agent.pipeline.drafting.edited_content import Edit, edited_content
from sales_agent.pipeline.drafting.evidence import slots_told
from sales_agent.pipeline.drafting.known_facts import KnownFacts, known_facts
from sales_agent.pipeline.drafting.models import Draft, DraftState, DraftVersion
from sales_agent.pipeline.drafting.voice import load_voice
from sales_agent.safety.check import run_checks
from sales_agent.safety.findings import CheckedDraft


@dataclass(frozen=True, slots=True)
class Editing:
    """One edit: of which draft (locked by the caller) and which words, by whom, in whose name."""

    draft: Draft
    words: DraftVersion
    seller: SellerProfile
    actor: str


async def edit(session: AsyncSession, tenant_id: UUID, editing: Editing, wish: Edit) -> SavedDraft:
    """Make the next version; the draft then waits for a person, or is blocked by what was found in it.

    Words that are the same again change nothing. The approval of the old words is the caller's to end. Raises
    SubjectBelongsToThread, EvidenceUnknown, NothingToEdit, TextMissing, TextUnusable, TextTooLong, DraftMoveNotAllowed.
    """
    draft, words = editing.draft, editing.words
    before = content_of(words.content)
    facts = await known_facts(session, tenant_id, draft, before)
    voice = await _voice(session, tenant_id, editing.seller)
    content = edited_content(
        before,
        wish,
        facts.evidence_for(before, voice),
        is_reply=draft.thread_id is not None,
        asset_link=facts.asset_link,
    )
    if content == before:
        return SavedDraft(draft.id, words.version, words.body_hash, is_new=False)
    await set_state(session, tenant_id, draft.id, DraftState.DRAFTING, actor=editing.actor)
    new = NewVersion(
        content, author=editing.actor, model="", prompt_version="", pipeline_version=words.pipeline_version
    )
    saved = await save_version(session, tenant_id, draft, new, actor=editing.actor)
    findings = judged(content, draft, facts, voice, editing.seller)
    await attach_findings(session, tenant_id, draft.id, saved.version, findings)
    await set_state(session, tenant_id, draft.id, waiting_state(await draft_locked(session, tenant_id, draft.id)))
    for finding in findings:
        metrics.FINDINGS.labels(check=finding.check, severity=finding.severity.value).inc()
    return saved


def judged(
    content: DraftContent, draft: Draft, facts: KnownFacts, voice: Voice, seller: SellerProfile
) -> tuple[Finding, ...]:
    """Every check over these words, with what the records know; the run's own check knew no more."""
    return run_checks(
        CheckedDraft(
            content=content,
            voice=voice,
            recipient=draft.to_address,
            link_domains=tuple(seller.link_domains),
            asset_links=(facts.asset_link,) if facts.asset_link else (),
            untrusted=facts.strangers_words,
            slots=len(slots_told(content)),
            is_reply=draft.thread_id is not None,
            recipient_opted_out=facts.is_opted_out,
        )
    )


async def _voice(session: AsyncSession, tenant_id: UUID, seller: SellerProfile) -> Voice:
    return await load_voice(
        session,
        tenant_id,
        name=seller.name,
        email=seller.email,
        company=seller.company,
        language=seller.language,
    )
