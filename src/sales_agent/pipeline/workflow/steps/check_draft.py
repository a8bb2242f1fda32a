"""Step 10: is it safe to say? Every finding with its place and the way to mend it."""

from sales_agent.agents.asset_hunter import RankedAssets
from sales_agent.agents.meeting_slots import ProposedSlots
from sales_agent.agents.reading import ThreadReading
from sales_agent.content import Voice
from sales_agent.controls.settings import SellerProfile
from sales_agent.kit.db import TenantDatabase
from sales_agent.observability import metrics
from sales_agent.pipeline.drafting.create import attach_findings
from sales_agent.pipeline.drafting.words import load_words
from sales_agent.pipeline.workflow.state import CheckedVersion, ResolvedContact, RunFacts, WrittenVersion
from sales_agent.safety.check import run_checks, worst
from sales_agent.safety.findings import CheckedDraft


async def check_draft(
    run: RunFacts,
    contact: ResolvedContact,
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
            untrusted=_strangers_words(run, reading),
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
