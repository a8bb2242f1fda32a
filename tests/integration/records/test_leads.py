"""The CRM as last read: one row a person, however many runs ask at once, and a known id is never lost."""

import asyncio
import datetime as dt
from dataclasses import replace
from uuid import UUID

import pytest

from sales_agent.kit.db import Database
from sales_agent.kit.ids import new_id
from sales_agent.records.leads.facts import CrmCompany, CrmContact, CrmDeal
from sales_agent.records.leads.fit import FitPart, FitScore
from sales_agent.records.leads.models import Contact
from sales_agent.records.leads.repository import CompanyRepository, ContactRepository, DealRepository

NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
ADA = CrmContact(
    email="Ada+x@Fabrikam.example",
    email_canonical="ada@fabrikam.example",
    fetched_at=NOON,
    crm_id="17",
    owner_name="Mara Lind",
    properties={"jobtitle": "Head of\x00 Planning"},
)


async def keep(database: Database, tenant_id: UUID, facts: CrmContact) -> Contact:
    async with database.transaction(tenant_id) as session:
        return await ContactRepository(session, tenant_id).upsert(facts)


async def by_address(database: Database, tenant_id: UUID, address: str = ADA.email_canonical) -> Contact | None:
    async with database.transaction(tenant_id) as session:
        return await ContactRepository(session, tenant_id).by_address(address)


async def test_a_contact_is_found_by_its_canonical_address(database: Database, tenant_id: UUID):
    kept = await keep(database, tenant_id, ADA)
    found = await by_address(database, tenant_id)

    assert found is not None
    assert (found.id, found.crm_id, found.fetched_at) == (kept.id, "17", NOON)
    assert found.properties == {"jobtitle": "Head of Planning"}
    assert await by_address(database, tenant_id, "bob@fabrikam.example") is None


async def test_runs_that_ask_at_once_make_one_contact(database: Database, tenant_id: UUID):
    kept = await asyncio.gather(*(keep(database, tenant_id, ADA) for _ in range(8)))

    assert len({contact.id for contact in kept}) == 1


async def test_reading_again_changes_the_facts_but_never_loses_the_crm_id(database: Database, tenant_id: UUID):
    kept = await keep(database, tenant_id, ADA)
    again = await keep(database, tenant_id, replace(ADA, crm_id=None, is_opted_out=True, properties={}))

    assert (again.id, again.crm_id, again.is_opted_out, again.properties) == (kept.id, "17", True, {})


async def test_a_contact_learns_its_crm_id_and_fit_and_can_be_made_stale(database: Database, tenant_id: UUID):
    kept = await keep(database, tenant_id, replace(ADA, crm_id=None))
    fit = FitScore(0.7, (FitPart("size", 0.2, 1.0, "40 employees"),))

    async with database.transaction(tenant_id) as session:
        contacts = ContactRepository(session, tenant_id)
        await contacts.set_crm_id(kept.id, "99")
        await contacts.set_fit(kept.id, fit)
        await contacts.invalidate(kept.id)
        found = await contacts.get(kept.id)

    assert found is not None
    assert (found.crm_id, found.fit_score, found.fetched_at) == ("99", 0.7, None)
    assert found.fit_parts == [{"name": "size", "weight": 0.2, "value": 1.0, "why": "40 employees"}]


async def test_a_company_is_one_row_a_crm_id(database: Database, tenant_id: UUID):
    async with database.transaction(tenant_id) as session:
        companies = CompanyRepository(session, tenant_id)
        first = await companies.upsert(CrmCompany("c-1", NOON, "Fabrikam", "fabrikam.example"))
        again = await companies.upsert(CrmCompany("c-1", NOON, "Fabrikam SE", "fabrikam.example"))
        contact = await ContactRepository(session, tenant_id).upsert(replace(ADA, company_id=again.id))
        found = await companies.get(first.id)

    assert found is not None
    assert (again.id, found.name, contact.company_id) == (first.id, "Fabrikam SE", first.id)


@pytest.mark.parametrize(
    ("then", "left"),
    [((), []), (("d-2", "d-3"), ["d-2", "d-3"]), (("d-1", "d-1"), ["d-1"])],
)
async def test_the_deals_of_a_contact_are_replaced(
    database: Database, tenant_id: UUID, then: tuple[str, ...], left: list[str]
):
    contact = await keep(database, tenant_id, ADA)

    async with database.transaction(tenant_id) as session:
        deals = DealRepository(session, tenant_id)
        await deals.replace_for(contact.id, [CrmDeal("d-1", "One"), CrmDeal("d-2", "Two")], NOON)
        await deals.replace_for(contact.id, [CrmDeal(key, "Again", "won") for key in then], NOON)
        found = await deals.of_contact(contact.id)

    assert [deal.crm_id for deal in found] == left
    assert all((deal.name, deal.stage) == ("Again", "won") for deal in found)


async def test_what_is_not_there_is_none(database: Database, tenant_id: UUID):
    async with database.transaction(tenant_id) as session:
        assert await ContactRepository(session, tenant_id).get(new_id()) is None
        assert await CompanyRepository(session, tenant_id).get(new_id()) is None
