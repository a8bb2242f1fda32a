"""Step 11: the draft in the seller's own mailbox, as a reply where there is a thread."""

from sales_agent.connectors.mail.drafter import OutgoingMail
from sales_agent.content import Voice
from sales_agent.effects.models import EffectStatus
from sales_agent.effects.once import EffectRequest, EffectsDoor
from sales_agent.kit.db import TenantDatabase
from sales_agent.pipeline.drafting.mail_kinds import CREATE_MAIL_DRAFT, MailDraftWish
from sales_agent.pipeline.drafting.words import load_words
from sales_agent.pipeline.workflow.state import DecidedVersion, ResolvedContact, RunFacts, StoredDraft, WrittenVersion


async def create_gmail_draft(
    run: RunFacts,
    contact: ResolvedContact,
    draft: WrittenVersion,
    decided: DecidedVersion,
    voice: Voice,
    db: TenantDatabase,
    effects: EffectsDoor,
) -> StoredDraft:
    """None for a blocked draft: a person looks at it first."""
    if decided.decision == "blocked":
        return StoredDraft(status="waiting", reason="blocked by a finding; a person looks at it first")
    content = await load_words(db, draft.draft_id, draft.version)
    mail = OutgoingMail(
        to_address=run.email,
        to_name=contact.lead(run).full_name,
        from_address=voice.seller_email,
        from_name=voice.seller_name,
        subject=content.subject,
        body=content.body(),
        thread_id=draft.thread_id,
        in_reply_to=draft.in_reply_to,
        references=draft.references,
    )
    outcome = await effects.once(
        EffectRequest(
            f"{run.run_id}:{CREATE_MAIL_DRAFT.name}",
            CREATE_MAIL_DRAFT.name,
            MailDraftWish(draft.draft_id, mail),
            run.run_id,
        )
    )
    if outcome.status is not EffectStatus.DONE:
        return StoredDraft(status=outcome.status.value, reason=outcome.held_because)
    return StoredDraft(
        status=outcome.status.value,
        mail_draft_id=outcome.provider_id,
        thread_id=str(outcome.result.get("thread_id", "")),
    )
