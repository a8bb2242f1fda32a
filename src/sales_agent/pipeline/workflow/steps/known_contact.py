"""What is known of a contact, from HubSpot or from the cache, and how it goes into the cache."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from sales_agent.connectors.crm.reader import CrmRecord
from sales_agent.kit.db import TenantDatabase
from sales_agent.kit.ids import new_id
from sales_agent.records.leads.facts import CrmCompany, CrmContact, CrmDeal
from sales_agent.records.leads.repository import CompanyRepository, ContactRepository, DealRepository


@dataclass(frozen=True, slots=True)
class KnownContact:
    """A contact with everything around it. `crm_id` is empty for somebody HubSpot does not know."""

    email: str
    canonical_email: str
    fetched_at: dt.datetime
    crm_id: str = ""
    properties: Mapping[str, str] = field(default_factory=dict[str, str])
    company: CrmRecord | None = None
    deals: tuple[CrmRecord, ...] = ()
    owner_name: str = ""
    owner_email: str = ""
    contact_id: UUID = field(default_factory=new_id)

    def with_ids(self, contact_id: UUID, crm_id: str) -> "KnownContact":
        """The same, with our id and HubSpot's."""
        return replace(self, contact_id=contact_id, crm_id=crm_id)


async def load(db: TenantDatabase, canonical_email: str, *, newer_than: dt.datetime) -> KnownContact | None:
    """The cached contact, if HubSpot knew them when last asked and that is recent enough."""
    async with db.transaction() as session:
        contact = await ContactRepository(session, db.tenant_id).by_address(canonical_email)
        if contact is None or not contact.crm_id or contact.fetched_at is None or contact.fetched_at < newer_than:
            return None
        company = None
        if contact.company_id is not None:
            company = await CompanyRepository(session, db.tenant_id).get(contact.company_id)
        deals = await DealRepository(session, db.tenant_id).of_contact(contact.id)
    return KnownContact(
        email=contact.email,
        canonical_email=canonical_email,
        fetched_at=contact.fetched_at,
        crm_id=contact.crm_id,
        properties=_texts(contact.properties),
        company=None if company is None else CrmRecord(company.crm_id, _texts(company.properties)),
        deals=tuple(CrmRecord(deal.crm_id, _texts(deal.properties)) for deal in deals),
        owner_name=contact.owner_name,
        owner_email=contact.owner_email,
        contact_id=contact.id,
    )


async def store(db: TenantDatabase, known: KnownContact) -> UUID:
    """Put a looked-up contact into the cache; the id of its row."""
    async with db.transaction() as session:
        company_id = None
        if known.company is not None:
            company = await CompanyRepository(session, db.tenant_id).upsert(
                CrmCompany(
                    crm_id=known.company.id,
                    fetched_at=known.fetched_at,
                    name=known.company.get("name"),
                    domain=known.company.get("domain"),
                    properties=known.company.properties,
                )
            )
            company_id = company.id
        contact = await ContactRepository(session, db.tenant_id).upsert(
            CrmContact(
                email=known.email,
                email_canonical=known.canonical_email,
                fetched_at=known.fetched_at,
                crm_id=known.crm_id or None,
                company_id=company_id,
                owner_name=known.owner_name,
                owner_email=known.owner_email,
                properties=known.properties,
                is_opted_out=known.properties.get("hs_email_optout", "").lower() == "true",
            )
        )
        deals = [
            CrmDeal(crm_id=deal.id, name=deal.get("dealname"), stage=deal.get("dealstage"), properties=deal.properties)
            for deal in known.deals
        ]
        await DealRepository(session, db.tenant_id).replace_for(contact.id, deals, known.fetched_at)
    return contact.id


def _texts(values: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}
