"""Every query on contacts, companies and deals: the CRM as last read, with its age."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.kit.ids import new_id
from sales_agent.kit.storable import storable_text, storable_texts
from sales_agent.records.leads.facts import CrmCompany, CrmContact, CrmDeal
from sales_agent.records.leads.fit import FitScore
from sales_agent.records.leads.models import Company, Contact, Deal


class ContactRepository:
    """The contacts of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def get(self, contact_id: UUID) -> Contact | None:
        """One contact."""
        return await self._session.get(Contact, (self._tenant_id, contact_id), populate_existing=True)

    async def by_address(self, email_canonical: str) -> Contact | None:
        """The contact of a canonical address."""
        return await self._session.scalar(
            sa.select(Contact)
            .where(Contact.tenant_id == self._tenant_id, Contact.email_canonical == email_canonical)
            .execution_options(populate_existing=True)
        )

    async def upsert(self, facts: CrmContact) -> Contact:
        """Keep what the CRM says; one row an address, however many runs ask at once. A known CRM id is never lost."""
        values = {
            "email": storable_text(facts.email),
            "crm_id": facts.crm_id,
            "company_id": facts.company_id,
            "owner_name": storable_text(facts.owner_name),
            "owner_email": storable_text(facts.owner_email),
            "properties": storable_texts(facts.properties),
            "is_opted_out": facts.is_opted_out,
            "fetched_at": facts.fetched_at,
        }
        key = {"tenant_id": self._tenant_id, "id": new_id(), "email_canonical": facts.email_canonical}
        statement = insert(Contact).values(**key, **values)
        kept = {**values, "crm_id": sa.func.coalesce(statement.excluded.crm_id, Contact.crm_id)}
        rows = await self._session.scalars(
            statement.on_conflict_do_update(index_elements=["tenant_id", "email_canonical"], set_=kept)
            .returning(Contact)
            .execution_options(populate_existing=True)
        )
        return rows.one()

    async def set_crm_id(self, contact_id: UUID, crm_id: str) -> None:
        """Record under which id the CRM now has the contact."""
        await self._set(contact_id, crm_id=crm_id)

    async def set_fit(self, contact_id: UUID, fit: FitScore) -> None:
        """Record how well the lead fits, with the parts of the score."""
        await self._set(contact_id, fit_score=fit.score, fit_parts=[asdict(part) for part in fit.parts])

    async def refresh(
        self, contact_id: UUID, properties: Mapping[str, str], *, is_opted_out: bool, at: dt.datetime
    ) -> None:
        """Keep what the CRM says of a contact that is known already."""
        await self._set(contact_id, properties=storable_texts(properties), is_opted_out=is_opted_out, fetched_at=at)

    async def invalidate(self, contact_id: UUID) -> None:
        """Make the next run read the contact anew."""
        await self._set(contact_id, fetched_at=None)

    async def _set(self, contact_id: UUID, **values: object) -> None:
        await self._session.execute(
            sa.update(Contact).where(Contact.tenant_id == self._tenant_id, Contact.id == contact_id).values(**values)
        )


class CompanyRepository:
    """The companies of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def get(self, company_id: UUID) -> Company | None:
        """One company."""
        return await self._session.get(Company, (self._tenant_id, company_id), populate_existing=True)

    async def upsert(self, facts: CrmCompany) -> Company:
        """Keep what the CRM says."""
        values = {
            "name": storable_text(facts.name),
            "domain": storable_text(facts.domain),
            "properties": storable_texts(facts.properties),
            "fetched_at": facts.fetched_at,
        }
        rows = await self._session.scalars(
            insert(Company)
            .values(tenant_id=self._tenant_id, id=new_id(), crm_id=facts.crm_id, **values)
            .on_conflict_do_update(index_elements=["tenant_id", "crm_id"], set_=values)
            .returning(Company)
            .execution_options(populate_existing=True)
        )
        return rows.one()


class DealRepository:
    """The deals of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def of_contact(self, contact_id: UUID) -> Sequence[Deal]:
        """A contact's deals, by CRM id."""
        rows = await self._session.scalars(
            sa.select(Deal)
            .where(Deal.tenant_id == self._tenant_id, Deal.contact_id == contact_id)
            .order_by(Deal.crm_id)
            .execution_options(populate_existing=True)
        )
        return rows.all()

    async def replace_for(self, contact_id: UUID, deals: Sequence[CrmDeal], fetched_at: dt.datetime) -> None:
        """Make these the contact's deals; a deal of two people is kept for each of them."""
        wanted = {deal.crm_id: deal for deal in deals}
        await self._session.execute(
            sa.delete(Deal).where(
                Deal.tenant_id == self._tenant_id, Deal.contact_id == contact_id, Deal.crm_id.not_in(list(wanted))
            )
        )
        if not wanted:
            return
        statement = insert(Deal).values([self._row(contact_id, wanted[key], fetched_at) for key in sorted(wanted)])
        changed = ("name", "stage", "properties", "fetched_at")
        await self._session.execute(
            statement.on_conflict_do_update(
                index_elements=["tenant_id", "contact_id", "crm_id"],
                set_={name: statement.excluded[name] for name in changed},
            )
        )

    def _row(self, contact_id: UUID, deal: CrmDeal, fetched_at: dt.datetime) -> dict[str, object]:
        return {
            "tenant_id": self._tenant_id,
            "id": new_id(),
            "crm_id": deal.crm_id,
            "contact_id": contact_id,
            "name": storable_text(deal.name),
            "stage": storable_text(deal.stage),
            "properties": storable_texts(deal.properties),
            "fetched_at": fetched_at,
        }
