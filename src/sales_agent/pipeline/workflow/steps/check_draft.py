"""Step 10: is it safe to say? Every finding with its place and the way to mend it."""

from collections.abc import Collection
from uuid import UUID

from sales_agent.agents.asset_hunter import RankedAssets
from sales_agent.agents.mail_cleaning import own_words
from sales_agent.agents.meeting_slots import ProposedSlots
from sales_agent.agents.reading import ThreadReading
from sales_agent.connectors.mail.reader import MailMessage
from sales_agent.content import Voice
from sales_agent.controls.settings import SellerProfile
from sales_agent.kit.addresses import canonical_address
from sales_agent.kit.db import TenantDatabase
from sales_agent.observability import metrics
from sales_agent.pipeline.drafting.create import attach_findings
from sales_agent.pipeline.drafting.words import load_words
from sales_agent.pipeline.workflow.state import CheckedVersion, FoundThreads, ResolvedContact, RunFacts, WrittenVersion
from sales_agent.pipeline.workflow.steps.write_draft import reply_subject
from sales_agent.records.conversations.repository import ConversationRepository
from sales_agent.safety.check import run_checks, worst
from sales_agent.safety.findings import CheckedDraft

# What the lead wants now stands in the last ones; older ones are looked at as far as the reading has them.
LAST_MAILS = 3


async def check_draft(
    run: RunFacts,
    contact: ResolvedContact,
    threads: FoundThreads | None,
    reading: ThreadReading | None,
    assets: RankedAssets | None,
    slots: ProposedSlots | None,
    draft: WrittenVersion,
    voice: Voice,
    seller: SellerProfile,
    db: TenantDatabase,
) -> CheckedVersion:
    """Run every check over the stored words and keep the findings with them."""
    content = await load_words(db, draft.draft_id, draft.version)
    findings = run_checks(
        CheckedDraft(
            content=content,
            voice=voice,
            recipient=run.email,
            link_domains=tuple(seller.link_domains),
            asset_links=tuple(asset.link for asset in assets.best) if assets is not None else (),
            untrusted=_strangers_words(run, reading) | await _last_mails(db, contact.contact_id, run.email),
            is_mail_unread=threads is None or reading is None,
            slots=len(slots.slots) if slots is not None else 0,
            is_reply=draft.thread_id is not None,
            recipient_opted_out=contact.lead(run).has_opted_out,
        )
    )
    async with db.transaction() as session:
        # Words that were judged stay judged: on a second pass the findings of the first one count.
        findings = await attach_findings(session, db.tenant_id, draft.draft_id, draft.version, findings)
    for finding in findings:
        metrics.FINDINGS.labels(check=finding.check, severity=finding.severity.value).inc()
    return CheckedVersion(findings=findings, worst=worst(findings))


def _strangers_words(run: RunFacts, reading: ThreadReading | None) -> dict[str, str]:
    """Everything somebody outside the house wrote, cited or not: the form as sent, and every message read."""
    messages = reading.messages if reading is not None else ()
    return {f"form.{name}": value for name, value in run.fields.items()} | {
        f"msg:{message.id}": message.text for message in messages
    }


async def _last_mails(db: TenantDatabase, contact_id: UUID, address: str) -> dict[str, str]:
    """The lead's last mails whole: what a reading leaves out of a long one is looked at too."""
    async with db.transaction() as session:
        cached = await ConversationRepository(session, db.tenant_id).threads_of(contact_id)
    written = [mail for thread in cached.threads for mail in thread.messages if not mail.is_automatic]
    theirs = [mail for mail in written if canonical_address(mail.from_address) == canonical_address(address)]
    # The subject of an answer is most often ours.
    subjects = {reply_subject(mail.subject) for mail in written if mail not in theirs}
    newest = sorted(theirs, key=lambda mail: (mail.sent_at, mail.id))[-LAST_MAILS:]
    return {f"msg:{mail.id}": f"{_own_subject(mail, subjects)}\n{own_words(mail.text)}" for mail in newest}


def _own_subject(mail: MailMessage, subjects: Collection[str]) -> str:
    return "" if reply_subject(mail.subject) in subjects else mail.subject
