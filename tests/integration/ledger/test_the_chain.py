"""Whatever is touched in a sealed audit trail is found, and nothing else is reported."""

import datetime as dt
from dataclasses import replace
from uuid import UUID

import psycopg
import pytest

from sales_agent.kit.db import Database, TenantDatabase
from sales_agent.ledger.audit.chain import next_link
from sales_agent.ledger.audit.repository import AuditRepository
from sales_agent.ledger.audit.seal import seal
from sales_agent.ledger.audit.verify import Verification, verify
from sales_agent.ledger.audit.walk import START
from tests.conftest import DatabaseUrls
from tests.factories.ledger import make_audit_event
from tests.factories.store import store
from tests.integration.ledger.tampering import EVENT, TAMPERINGS, Tampering

COUNT = 6


def minutes_ago(minutes: float) -> dt.datetime:
    return dt.datetime.now(dt.UTC) - dt.timedelta(minutes=minutes)


@pytest.fixture
def tenant(database: Database, tenant_id: UUID) -> TenantDatabase:
    return database.tenant(tenant_id)


@pytest.fixture
async def sealed(database: Database, tenant: TenantDatabase) -> TenantDatabase:
    """A tenant with six sealed events."""
    events = [
        make_audit_event(tenant.tenant_id, at=minutes_ago(10 - n), private_encrypted="k1:AAAA") for n in range(COUNT)
    ]
    await store(database, *reversed(events))
    assert await seal(tenant) == COUNT
    return tenant


async def test_a_chain_nobody_touched_is_whole(sealed: TenantDatabase):
    found = await verify(sealed)
    assert (found.ok, found.sealed_to, found.first_broken_sequence, found.unsealed) == (True, COUNT, None, 0)
    assert found.head.sequence == COUNT
    assert await verify(sealed, [found.head]) == replace(found, anchors=1)


async def test_a_tenant_without_events_has_an_empty_chain(tenant: TenantDatabase):
    assert await seal(tenant) == 0
    assert await verify(tenant) == Verification(0, None, unsealed=0, head=START)


@pytest.mark.parametrize("tampering", TAMPERINGS.values(), ids=TAMPERINGS.keys())
async def test_tampering_is_found(tampering: Tampering, sealed: TenantDatabase, database_urls: DatabaseUrls):
    head = (await verify(sealed)).head
    with psycopg.connect(database_urls.owner) as owner:
        owner.execute("select set_config('app.tenant_id', %s, true)", (str(sealed.tenant_id),))
        for statement in tampering.statements:
            owner.execute(statement.replace("$EVENT", EVENT))
        if tampering.act is not None:
            tampering.act(owner, sealed.tenant_id)
    alone, with_anchor = await verify(sealed), await verify(sealed, [head])
    assert (with_anchor.ok, with_anchor.first_broken_sequence) == (False, tampering.broken)
    assert with_anchor.sealed_to == tampering.broken - 1
    assert alone.ok is tampering.needs_anchor


def test_there_are_twenty_kinds_of_tampering_and_more():
    assert len(TAMPERINGS) > 20


async def test_events_are_chained_in_the_order_of_their_time(sealed: TenantDatabase):
    async with sealed.transaction() as session:
        links = await AuditRepository(session, sealed.tenant_id).links_after(0, 100)
    times = [link.event.at for link in links if link.event is not None]
    assert len(times) == COUNT
    assert times == sorted(times)


async def test_a_fresh_event_rests_before_it_is_sealed(database: Database, tenant: TenantDatabase):
    await store(database, make_audit_event(tenant.tenant_id))
    assert await seal(tenant) == 0
    assert (await verify(tenant)).unsealed == 1


async def test_a_transaction_that_was_open_while_others_were_sealed_is_sealed_later(
    database: Database, tenant: TenantDatabase
):
    late = make_audit_event(tenant.tenant_id, at=minutes_ago(4))
    async with tenant.transaction() as session:
        session.add(late)
        await session.flush()
        await store(database, make_audit_event(tenant.tenant_id, at=minutes_ago(1)))
        assert await seal(tenant) == 1
    assert (await verify(tenant)).unsealed == 1
    assert await seal(tenant) == 1
    found = await verify(tenant)
    assert (found.ok, found.sealed_to, found.unsealed) == (True, 2, 0)


async def test_what_came_later_than_a_round_looks_back_is_sealed_in_the_first_round_of_the_next_day(
    database: Database, tenant: TenantDatabase
):
    yesterday = minutes_ago(24 * 60)
    first, late = make_audit_event(tenant.tenant_id, at=yesterday), make_audit_event(tenant.tenant_id, at=yesterday)
    late.at = yesterday - dt.timedelta(hours=5)
    await store(database, first, late)
    async with tenant.transaction() as session:
        event = await session.get(type(first), (tenant.tenant_id, first.id))
        assert event is not None
        await AuditRepository(session, tenant.tenant_id).add_links([next_link(None, event, yesterday)])
    assert await seal(tenant) == 1
    await store(database, make_audit_event(tenant.tenant_id, at=minutes_ago(1)))
    assert await seal(tenant) == 1
    await store(database, make_audit_event(tenant.tenant_id, at=minutes_ago(10)))
    assert await seal(tenant) == 0
    found = await verify(tenant)
    assert (found.ok, found.sealed_to, found.unsealed) == (True, 3, 1)


async def test_a_backlog_that_was_cut_short_is_taken_up_where_it_ended(
    database: Database, database_urls: DatabaseUrls, tenant: TenantDatabase
):
    events = [make_audit_event(tenant.tenant_id, at=minutes_ago(minutes)) for minutes in (90, 60, 30)]
    await store(database, *events)
    async with tenant.transaction() as session:
        oldest = await session.get(type(events[0]), (tenant.tenant_id, events[0].id))
        assert oldest is not None
        audit = AuditRepository(session, tenant.tenant_id)
        await audit.add_links([next_link(None, oldest, await audit.now())])
    with psycopg.connect(database_urls.app) as connection:
        told = connection.execute("select tenant_id from directory.tenants_to_seal(10)").fetchall()
    assert told == [(tenant.tenant_id,)]
    assert await seal(tenant) == 2


async def test_two_sealers_at_once_make_one_chain(database: Database, tenant: TenantDatabase):
    await store(database, *(make_audit_event(tenant.tenant_id, at=minutes_ago(5)) for _ in range(20)))
    async with tenant.transaction() as session:
        assert await AuditRepository(session, tenant.tenant_id).lock_sealing()
        assert await seal(tenant) == 0
    assert await seal(tenant) == 20
    assert (await verify(tenant)).ok


async def test_tenants_have_chains_of_their_own(database: Database, tenant_id: UUID, other_tenant_id: UUID):
    for owner in (tenant_id, other_tenant_id):
        await store(database, *(make_audit_event(owner, at=minutes_ago(5)) for _ in range(3)))
        assert await seal(database.tenant(owner)) == 3
    ours, theirs = await verify(database.tenant(tenant_id)), await verify(database.tenant(other_tenant_id))
    assert ours.ok
    assert theirs.ok
    assert ours.head != theirs.head


async def test_a_long_trail_is_sealed_and_verified_in_batches(tenant: TenantDatabase):
    async with tenant.transaction() as session:
        session.add_all(make_audit_event(tenant.tenant_id, at=minutes_ago(5)) for _ in range(1203))
    assert await seal(tenant) == 1203
    found = await verify(tenant)
    assert (found.ok, found.sealed_to, found.unsealed) == (True, 1203, 0)
