"""What is known about the person a draft is for, from our own records: for words that come after the run."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.agents.evidence import gather_evidence
from sales_agent.agents.lead_facts import LeadFacts
from sales_agent.agents.mail_cleaning import own_words
from sales_agent.agents.thread_reader import LONGEST_MESSAGE, MOST_MESSAGES
from sales_agent.connectors.mail.reader import MailMessage
from sales_agent.content import DraftContent, Evidence, Voice
from sales_agent.pipeline.drafting.models import Draft
from sales_agent.records.assets.repository import AssetRepository
from sales_agent.records.conversations.repository import ConversationRepository
from sales_agent.records.leads.models import Contact
from sales_agent.records.leads.repository import CompanyRepository, ContactRepository
from sales_agent.records.leads.submission_repository import SubmissionRepository


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """The lead, what strangers wrote by id (form fields as sent, mails without quotes), and the link on offer."""

    lead: LeadFacts
    strangers_words: Mapping[str, str]
    asset_link: str
    is_opted_out: bool

    def evidence_for(self, content: DraftContent, voice: Voice) -> tuple[Evidence, ...]:
        """What sentences may stand on: the evidence the words came with, and the form, the CRM and the voice."""
        gathered = gather_evidence(self.lead, None, None, None, voice)
        return tuple({item.id: item for item in (*gathered, *content.evidence)}.values())


async def known_facts(session: AsyncSession, tenant_id: UUID, draft: Draft, content: DraftContent) -> KnownFacts:
    """Everything the records hold; what was never stored is empty."""
    contact = await ContactRepository(session, tenant_id).get(draft.contact_id)
    submission = await SubmissionRepository(session, tenant_id).of_run(draft.run_id) if draft.run_id else None
    form = _texts(submission.fields) if submission is not None else {}
    link = await AssetRepository(session, tenant_id).link_of(content.asset_id) if content.asset_id else None
    cached = await ConversationRepository(session, tenant_id).threads_of(draft.contact_id)
    return KnownFacts(
        lead=LeadFacts(
            email=draft.to_address,
            form=form,
            contact=_texts(contact.properties) if contact is not None else {},
            company=await _company(session, tenant_id, contact),
        ),
        strangers_words={
            **{f"form.{name}": text for name, text in form.items()},
            **_mails([message for thread in cached.threads for message in thread.messages]),
        },
        asset_link=link or "",
        is_opted_out=contact is not None and contact.is_opted_out,
    )


async def _company(session: AsyncSession, tenant_id: UUID, contact: Contact | None) -> Mapping[str, str]:
    if contact is None or contact.company_id is None:
        return {}
    company = await CompanyRepository(session, tenant_id).get(contact.company_id)
    return _texts(company.properties) if company is not None else {}


def _mails(messages: list[MailMessage]) -> Mapping[str, str]:
    newest = sorted(messages, key=lambda message: message.sent_at)[-MOST_MESSAGES:]
    return {f"msg:{message.id}": own_words(message.text)[:LONGEST_MESSAGE] for message in newest}


def _texts(values: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}
