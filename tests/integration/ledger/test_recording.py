"""What happens is written down with what happened, or not at all; who it was about can be forgotten."""

import datetime as dt
from uuid import UUID

import pytest

from sales_agent.kit.crypto import SecretUnreadable
from sales_agent.kit.db import Database
from sales_agent.kit.ids import new_id
from sales_agent.ledger.audit.personal_data import PersonalData
from sales_agent.ledger.audit.record import SYSTEM, AuditEntry, record
from sales_agent.ledger.audit.repository import AuditRepository
from sales_agent.ledger.audit.seal import seal
from sales_agent.ledger.audit.verify import verify
from sales_agent.ledger.metering.repository import Usage, UsageRepository
from sales_agent.observability.tracing import continued, use_trace
from tests.factories.access import KEYRING
from tests.factories.ledger import make_audit_event
from tests.factories.store import store

TRACE = "0af7651916cd43dd8448eb211c80319c"


async def test_entries_are_kept_in_order_with_all_they_say(database: Database, tenant_id: UUID):
    run_id, draft_id = new_id(), new_id()
    with use_trace(continued(TRACE)):
        async with database.transaction(tenant_id) as session:
            await record(
                session,
                tenant_id,
                AuditEntry("run.started", subject=("run", run_id), run_id=run_id, facts={"count": 3, "id": run_id}),
                AuditEntry("draft.approved", actor="operator:mara", subject=("draft", draft_id), run_id=run_id),
                AuditEntry("run.finished", run_id=run_id, draft_id=draft_id, trace_id="f" * 32),
            )
    async with database.transaction(tenant_id) as session:
        first, second, third = await AuditRepository(session, tenant_id).of_run(run_id)
    assert (first.action, first.actor, first.subject_id, first.trace_id) == ("run.started", SYSTEM, run_id, TRACE)
    assert first.facts == {"count": 3, "id": str(run_id)}
    assert (second.actor, second.subject_type, second.facts) == ("operator:mara", "draft", {})
    assert (third.draft_id, third.subject_type, third.subject_id, third.trace_id) == (draft_id, "", None, "f" * 32)
    assert first.at < second.at < third.at


async def test_what_is_rolled_back_was_not_recorded(database: Database, tenant_id: UUID):
    run_id = new_id()

    async def fail_after_recording() -> None:
        async with database.transaction(tenant_id) as session:
            await record(session, tenant_id, AuditEntry("run.started", run_id=run_id))
            raise KeyError

    with pytest.raises(KeyError):
        await fail_after_recording()
    async with database.transaction(tenant_id) as session:
        assert await AuditRepository(session, tenant_id).of_run(run_id) == []


async def test_nothing_to_record_is_no_statement_at_all(database: Database, tenant_id: UUID):
    async with database.transaction(tenant_id) as session:
        await record(session, tenant_id)
        assert await AuditRepository(session, tenant_id).count_unsealed() == 0


async def test_a_forgotten_person_cannot_be_read_and_the_chain_is_still_whole(database: Database, tenant_id: UUID):
    tenant = database.tenant(tenant_id)
    async with tenant.transaction() as session:
        personal = PersonalData(session, tenant_id, KEYRING)
        ada = await personal.lock("Ada+forms@fabrikam.example", "Ada Winter asked for prices")
        bob = await personal.lock("bob@fabrikam.example", "Bob Summer asked for a demo")
    earlier = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)
    await store(database, *(make_audit_event(tenant_id, at=earlier, private_encrypted=text) for text in (ada, bob)))
    assert await seal(tenant) == 2

    async with tenant.transaction() as session:
        personal = PersonalData(session, tenant_id, KEYRING)
        assert await personal.open("ada@fabrikam.example", ada) == "Ada Winter asked for prices"
        with pytest.raises(SecretUnreadable):
            await personal.open("bob@fabrikam.example", ada)
        assert await personal.forget("ada@fabrikam.example")
        assert not await personal.forget("ada@fabrikam.example")
    async with tenant.transaction() as session:
        personal = PersonalData(session, tenant_id, KEYRING)
        assert await personal.open("ada@fabrikam.example", ada) is None
        assert await personal.open("bob@fabrikam.example", bob) == "Bob Summer asked for a demo"
        await personal.lock("ada@fabrikam.example", "came back")
        with pytest.raises(SecretUnreadable):
            await personal.open("ada@fabrikam.example", ada)
    found = await verify(tenant)
    assert (found.ok, found.sealed_to) == (True, 2)


async def test_the_tokens_of_a_run_are_kept_call_by_call(database: Database, tenant_id: UUID):
    run_id = new_id()
    calls = [Usage("thread_reader", "m-1", 900, 80, run_id), Usage("draft_writer", "m-1", 1500, 300, run_id)]
    async with database.transaction(tenant_id) as session:
        usage = UsageRepository(session, tenant_id)
        await usage.record(calls)
        await usage.record([Usage("embedder", "e-1", 10, 0)])
        await usage.record([])
        assert set(await usage.of_run(run_id)) == set(calls)
