"""Step 2: who is this in HubSpot? Through a cache with an age; a missing contact is created, never a deal."""

import asyncio
import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from sales_agent.agents.intents import read_intent
from sales_agent.agents.lead_facts import DealFacts, LeadFacts
from sales_agent.connectors.crm.reader import CrmReader, CrmRecord
from sales_agent.controls.settings import SellerProfile
from sales_agent.effects.once import EffectOutcome, EffectRequest, EffectsDoor
from sales_agent.kit.clock import Clock
from sales_agent.kit.db import TenantDatabase
from sales_agent.pipeline.workflow.state import ResolvedContact, RunFacts, ValidSubmission
from sales_agent.pipeline.workflow.steps.crm_kinds import CREATE_COMPANY, CREATE_CONTACT, CompanyWish, ContactWish
from sales_agent.pipeline.workflow.steps.known_contact import KnownContact, load, store
from sales_agent.records.leads.fit import FitFacts, FitScore, IdealCustomer, score_fit
from sales_agent.records.leads.repository import ContactRepository

# What a form may tell about a person that HubSpot has a property for.
FORM_PROPERTIES = ("firstname", "lastname", "company", "phone", "jobtitle", "website", "country", "city")
# Deals in these stages are over, in HubSpot's default pipeline and in the names people give their own.
_CLOSED = ("closedwon", "closedlost", "closed won", "closed lost")


async def resolve_contact(
    run: RunFacts,
    valid: ValidSubmission,
    db: TenantDatabase,
    crm: CrmReader,
    effects: EffectsDoor,
    seller: SellerProfile,
    clock: Clock,
    contact_cache_seconds: float,
) -> ResolvedContact:
    """The person behind the submission, with company, deals, owner and fit."""
    known = await load(db, valid.canonical_email, newer_than=clock.now() - dt.timedelta(seconds=contact_cache_seconds))
    from_cache = known is not None
    created: EffectOutcome | None = None
    if known is None:
        known = await _look_up(crm, valid, clock.now())
        known = known.with_ids(await store(db, known), known.crm_id)
        if known.crm_id:
            await effects.conclude(_contact_key(run))  # it may be the one that an attempt made just before it died
        else:
            known, company_effect = await _with_company(run, valid, known, db, effects)
            created = await _create(run, valid, known, company_effect, effects)
            known = known.with_ids(known.contact_id, created.provider_id)
    fit = _fit(run, valid, known, seller)
    async with db.transaction() as session:
        await ContactRepository(session, db.tenant_id).set_fit(known.contact_id, fit)
    return ResolvedContact(
        contact_id=known.contact_id,
        crm_id=known.crm_id,
        effect_id=created.effect_id if created is not None and not known.crm_id else None,
        company_crm_id=known.company.id if known.company is not None else "",
        owner_id=known.properties.get("hubspot_owner_id", ""),
        owner_name=known.owner_name,
        owner_email=known.owner_email,
        contact=known.properties,
        company=known.company.properties if known.company is not None else {},
        deals=tuple(_deal(deal) for deal in known.deals),
        fit=fit,
        was_created=created is not None and created.provider_id != "",
        from_cache=from_cache,
    )


async def _look_up(crm: CrmReader, valid: ValidSubmission, now: dt.datetime) -> KnownContact:
    contact = await crm.contact_by_email(valid.email)
    if contact is None:
        company = await crm.company_by_domain(valid.domain) if valid.is_business_domain else None
        return KnownContact(valid.email, valid.canonical_email, company=company, fetched_at=now)
    owner_id = contact.get("hubspot_owner_id")
    company, deals, owner = await asyncio.gather(
        crm.company_of(contact.id), crm.deals_of(contact.id), _nothing() if not owner_id else crm.owner(owner_id)
    )
    return KnownContact(
        valid.email,
        valid.canonical_email,
        crm_id=contact.id,
        properties=dict(contact.properties),
        company=company,
        deals=tuple(deals),
        owner_name=owner.name if owner is not None else "",
        owner_email=owner.email if owner is not None else "",
        fetched_at=now,
    )


async def _nothing() -> None:
    return None


async def _with_company(
    run: RunFacts, valid: ValidSubmission, known: KnownContact, db: TenantDatabase, effects: EffectsDoor
) -> tuple[KnownContact, UUID | None]:
    """The same person at a company, made where a business domain names one that nobody has entered.

    While making it is held, there is none yet, and the effect that the contact must wait for.
    """
    if not valid.is_business_domain:
        return known, None
    # One company a domain, whichever run comes first: the search that would find it lags behind its creation.
    key = f"{CREATE_COMPANY.name}:{valid.domain}"
    if known.company is not None:
        await effects.conclude(key)  # it may be the one that an attempt made just before it died
        return known, None
    properties = {"domain": valid.domain, "name": run.fields.get("company", valid.domain)}
    made = await effects.once(
        EffectRequest(key, CREATE_COMPANY.name, CompanyWish(valid.domain, properties), run.run_id)
    )
    if not made.provider_id:
        return known, made.effect_id
    employed = replace(known, company=CrmRecord(made.provider_id, properties))
    # Before the contact is made: whoever takes this run over then finds both in the cache.
    await store(db, employed)
    return employed, None


async def _create(
    run: RunFacts, valid: ValidSubmission, known: KnownContact, company_effect: UUID | None, effects: EffectsDoor
) -> EffectOutcome:
    """The missing contact, linked to the company."""
    told = {name: run.fields[name] for name in FORM_PROPERTIES if run.fields.get(name)}
    company_id = known.company.id if known.company is not None else ""
    return await effects.once(
        EffectRequest(
            _contact_key(run),
            CREATE_CONTACT.name,
            ContactWish(known.contact_id, valid.email, {"email": valid.email, **told}, company_id),
            run.run_id,
            depends_on=company_effect,
        )
    )


def _contact_key(run: RunFacts) -> str:
    return f"{run.run_id}:{CREATE_CONTACT.name}"


def _deal(deal: CrmRecord) -> DealFacts:
    stage = deal.get("dealstage")
    is_over = stage.lower() in _CLOSED or deal.get("hs_is_closed").lower() == "true"
    return DealFacts(name=deal.get("dealname"), stage=stage, is_open=not is_over)


def _fit(run: RunFacts, valid: ValidSubmission, known: KnownContact, seller: SellerProfile) -> FitScore:
    company: Mapping[str, str] = known.company.properties if known.company is not None else {}
    told = {**run.fields, **{name: value for name, value in known.properties.items() if value}}
    message = LeadFacts(email=run.email, form=run.fields).message
    return score_fit(
        FitFacts(
            industry=company.get("industry", ""),
            employees=_count(company.get("numberofemployees", "")),
            has_business_domain=valid.is_business_domain,
            job_title=told.get("jobtitle", ""),
            country=told.get("country", "") or company.get("country", ""),
            intent=read_intent(message).value if message else "",
        ),
        _ideal(seller),
    )


def _ideal(seller: SellerProfile) -> IdealCustomer:
    return IdealCustomer(
        industries=frozenset(seller.icp_industries), min_employees=seller.icp_min_employees, countries=frozenset()
    )


def _count(text: str) -> int | None:
    digits = text.partition(".")[0]
    return int(digits) if digits.isdigit() else None
