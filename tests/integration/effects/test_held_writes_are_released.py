"""A held write is made when a person asked for exactly that, judged anew, and never before what it waits for."""

import datetime as dt
from dataclasses import replace
from uuid import UUID

import pytest

from sales_agent.connectors.errors import RateLimited, Transient
from sales_agent.console.held.asking import release_by_job
from sales_agent.console.held.tasks import release_effects_handler
from sales_agent.effects.held import (
    EffectNotFound,
    EffectNotHeld,
    ReleasedElsewhere,
    ReviewOutdated,
    ask_for_release,
    digest_of,
    digest_of_review,
    give_up,
)
from sales_agent.effects.held_repository import HeldEffectRepository
from sales_agent.effects.kinds import table_of
from sales_agent.effects.models import Effect, EffectStatus
from sales_agent.effects.once import EffectRequest
from sales_agent.effects.release import end_release, release_requested
from sales_agent.kit.db import Database
from sales_agent.kit.ids import new_id
from sales_agent.pipeline.queue.job import JobRunner
from sales_agent.pipeline.workflow.steps.crm_kinds import CREATE_CONTACT, CREATE_TASK, ContactWish
from sales_agent.sandbox.client import SandboxClient
from tests.factories.records import make_contact
from tests.factories.store import store
from tests.integration.effects.conftest import World
from tests.integration.effects.holding import DUE_AT, TASK_PATH, actions_of, ask, held_task, read, task_wish, tasks_made


async def test_what_depends_on_a_held_write_is_held_and_both_are_released_in_order(
    world: World, sandbox: SandboxClient, database: Database, tenant_id: UUID
):
    contact_id = await store(database, contact := make_contact(tenant_id, crm_id=None, email="zoe@newcomer.example"))
    world.allow_crm_writes(allowed=False)
    wish = ContactWish(contact_id, contact.email, {"email": contact.email}, "")
    first = await world.door.once(EffectRequest("run-1:contact", CREATE_CONTACT.name, wish))
    second = await held_task(world, depends_on=first.effect_id)

    world.allow_crm_writes(allowed=True)
    await ask(world, second, first.effect_id)
    assert await release_requested(world.door) == 2

    made = await read(world, first.effect_id)
    assert (made.status, (await read(world, second)).status) == (EffectStatus.DONE, EffectStatus.DONE)
    (task,) = [task for task in sandbox.state("tasks") if "Follow up 1" in str(task)]
    assert str(made.provider_id) in str(task)


async def test_what_waits_for_a_write_that_nobody_asked_for_stays_held_and_says_so(
    world: World, sandbox: SandboxClient
):
    first = await held_task(world, 1)
    second = await held_task(world, 2, depends_on=first)
    world.allow_crm_writes(allowed=True)
    await ask(world, second)
    await release_requested(world.door)
    kept = await read(world, second)
    assert (kept.status, kept.held_because) == (EffectStatus.HELD, "waits for crm.create_task, which is held")
    assert kept.release_ended_at is not None
    assert tasks_made(sandbox) == 0


async def test_who_asked_and_what_became_of_it_is_in_the_audit_trail(world: World, sandbox: SandboxClient):
    effect_id = await held_task(world)
    world.allow_crm_writes(allowed=True)
    await ask(world, effect_id)
    await release_requested(world.door)
    assert await actions_of(world, effect_id) == [
        ("effect.held", "system"),
        ("effect.release_requested", "user:mara"),
        ("effect.done", "system"),
    ]
    assert await release_requested(world.door) == 0
    assert tasks_made(sandbox) == 1


async def test_while_the_switch_is_still_off_a_released_write_is_held_again(world: World, sandbox: SandboxClient):
    effect_id = await held_task(world)
    await ask(world, effect_id)
    await release_requested(world.door)
    kept = await read(world, effect_id)
    assert (kept.status, kept.held_because) == (EffectStatus.HELD, "ALLOW_CRM_WRITES is off")
    assert tasks_made(sandbox) == 0
    world.allow_crm_writes(allowed=True)
    await ask(world, effect_id)
    await release_requested(world.door)
    assert tasks_made(sandbox) == 1


async def test_those_asked_for_are_found_behind_a_hundred_older_ones(
    world: World, sandbox: SandboxClient, database: Database, tenant_id: UUID
):
    for number in range(130):
        row = Effect(tenant_id=tenant_id, id=new_id(), key=f"old-{number}", kind="crm.create_task", status="held")
        row.payload, row.created_at = {}, DUE_AT - dt.timedelta(days=30)
        await store(database, row)
    effect_id = await held_task(world)
    world.allow_crm_writes(allowed=True)
    await ask(world, effect_id)
    assert await release_requested(world.door) == 1
    assert tasks_made(sandbox) == 1


async def test_a_reviewed_batch_is_asked_for_as_it_was_seen_or_not_at_all(world: World):
    first, second = await held_task(world, 1), await held_task(world, 2)
    seen = digest_of_review([digest_of(await read(world, first)), digest_of(await read(world, second))])
    with pytest.raises(ReviewOutdated):
        await ask(world, first, reviewed=seen)
    assert [effect.id for effect in await ask(world, second, first, reviewed=seen)] == [first, second]


async def test_a_write_that_was_reworded_after_its_review_is_not_made(world: World, sandbox: SandboxClient):
    effect_id = await held_task(world)
    await ask(world, effect_id)
    reworded = replace(task_wish(), subject="Follow up 1 with somebody else")
    await world.door.once(EffectRequest("run-1:task", CREATE_TASK.name, reworded))
    world.allow_crm_writes(allowed=True)
    await release_requested(world.door)
    assert (await read(world, effect_id)).held_because == "it was changed after it was reviewed"
    assert tasks_made(sandbox) == 0


async def test_what_was_kept_by_an_older_release_and_fits_no_more_is_not_made(
    world: World, sandbox: SandboxClient, database: Database, tenant_id: UUID
):
    odd = Effect(tenant_id=tenant_id, id=new_id(), key="odd", kind="crm.create_task", status="held", payload={"a": 1})
    gone = Effect(tenant_id=tenant_id, id=new_id(), key="gone", kind="fax.send", status="held", payload={})
    await store(database, odd, gone)
    world.allow_crm_writes(allowed=True)
    await ask(world, odd.id, gone.id)
    await release_requested(world.door)
    reasons = [(await read(world, one)).held_because for one in (odd.id, gone.id)]
    assert reasons == ["what was kept of it does not fit this release", "this release does not know such a write"]
    assert tasks_made(sandbox) == 0


async def test_what_was_held_too_long_cannot_be_asked_for_nor_made(world: World, sandbox: SandboxClient):
    late, later = await held_task(world, 1), await held_task(world, 2)
    await ask(world, later)
    async with world.door.db.transaction() as session:
        for effect in await HeldEffectRepository(session, world.door.db.tenant_id).locked([late, later]):
            effect.expires_at = effect.created_at - dt.timedelta(days=1)
        await session.flush()
    world.allow_crm_writes(allowed=True)
    with pytest.raises(EffectNotHeld):
        await ask(world, late)
    await release_requested(world.door)
    expired = await read(world, later)
    assert (expired.status, expired.release_ended_at is not None) == (EffectStatus.EXPIRED, True)
    assert tasks_made(sandbox) == 0


async def test_a_write_that_was_given_up_is_never_made(world: World, sandbox: SandboxClient):
    effect_id = await held_task(world)
    await ask(world, effect_id)
    async with world.door.db.transaction() as session:
        await give_up(session, world.door.db.tenant_id, world.door.kinds, effect_id, by="user:mara")
    world.allow_crm_writes(allowed=True)
    assert await release_requested(world.door) == 0
    assert (await world.door.once(EffectRequest("run-1:task", CREATE_TASK.name, task_wish()))).status == "cancelled"
    assert ("effect.cancelled", "user:mara") in await actions_of(world, effect_id)
    assert tasks_made(sandbox) == 0


async def test_a_mail_is_released_with_its_draft_and_never_by_its_effect(world: World, sandbox: SandboxClient):
    effect_id = await held_task(world)
    world.door = replace(world.door, kinds=table_of(replace(CREATE_TASK, is_released_here=False)))
    with pytest.raises(ReleasedElsewhere):
        await ask(world, effect_id)
    async with world.door.db.transaction() as session:
        await HeldEffectRepository(session, world.door.db.tenant_id).ask(effect_id, by="somebody", digest="")
    world.allow_crm_writes(allowed=True)
    await release_requested(world.door)
    assert (await read(world, effect_id)).held_because == "it leaves with its draft"
    assert tasks_made(sandbox) == 0


async def test_what_another_tenant_holds_is_not_there(world: World, other_tenant_id: UUID, database: Database):
    effect_id = await held_task(world)
    async with database.transaction(other_tenant_id) as session:
        with pytest.raises(EffectNotFound):
            await ask_for_release(session, other_tenant_id, world.door.kinds, [effect_id], by="stranger")


async def test_one_refused_write_does_not_stop_the_others(world: World, sandbox: SandboxClient):
    first, second = await held_task(world, 1), await held_task(world, 2)
    world.allow_crm_writes(allowed=True)
    await ask(world, first, second)
    sandbox.fault("status", provider="hubspot", method="POST", path=TASK_PATH, status=400)
    assert await release_requested(world.door) == 2
    assert [(await read(world, one)).status for one in (first, second)] == ["refused", "done"]
    assert tasks_made(sandbox) == 1


async def test_what_another_try_may_mend_stays_asked_for_and_is_made_by_it(world: World, sandbox: SandboxClient):
    first, second = await held_task(world, 1), await held_task(world, 2)
    world.allow_crm_writes(allowed=True)
    await ask(world, first, second)
    sandbox.fault("drop_before", provider="hubspot", method="POST", path=TASK_PATH)
    with pytest.raises(Transient):
        await release_requested(world.door)
    assert tasks_made(sandbox) == 1
    assert await release_requested(world.door) == 1
    assert tasks_made(sandbox) == 2


async def test_a_provider_that_asks_to_wait_is_left_alone(world: World, sandbox: SandboxClient):
    first, second = await held_task(world, 1), await held_task(world, 2)
    world.allow_crm_writes(allowed=True)
    await ask(world, first, second)
    sandbox.fault(
        "status", provider="hubspot", method="POST", path=TASK_PATH, status=429, headers={"Retry-After": "30"}, times=0
    )
    with pytest.raises(RateLimited):
        await release_requested(world.door)
    calls = sandbox.journal(provider="hubspot", path=TASK_PATH)
    assert len([call for call in calls if call["method"] == "POST"]) == 1


async def test_when_the_job_gives_up_the_writes_are_held_again_and_may_be_asked_for_anew(
    world: World, sandbox: SandboxClient, tenant_id: UUID
):
    effect_id = await held_task(world)
    world.allow_crm_writes(allowed=True)
    await ask(world, effect_id)
    sandbox.fault("status", provider="hubspot", method="POST", path=TASK_PATH, status=429)
    with pytest.raises(RateLimited):
        await release_requested(world.door)
    async with world.door.db.transaction() as session:
        await end_release(session, tenant_id, code="rate_limited")
    kept = await read(world, effect_id)
    assert (kept.status, kept.held_because) == (EffectStatus.HELD, "it could not be made: rate_limited")
    await ask(world, effect_id)
    assert await release_requested(world.door) == 1
    assert tasks_made(sandbox) == 1


async def test_the_job_makes_what_was_asked_for_and_ends_the_wish_when_it_gives_up(
    world: World, sandbox: SandboxClient, database: Database, tenant_id: UUID
):
    handler = release_effects_handler(lambda _: release_requested(world.door))
    runner = JobRunner(database, [handler], retry_delays_seconds=(), lease_seconds=30)

    async def asked_by_job(effect_id: UUID) -> None:
        async with database.transaction(tenant_id) as session:
            job_id = await release_by_job(
                session, tenant_id, world.door.kinds, [effect_id], ceiling=world.ceiling, by="user:mara"
            )
        await runner.run(tenant_id, job_id)

    first, second = await held_task(world, 1), await held_task(world, 2)
    world.allow_crm_writes(allowed=True)
    await asked_by_job(first)
    assert (await read(world, first)).status == EffectStatus.DONE
    sandbox.fault("status", provider="hubspot", method="POST", path=TASK_PATH, status=429)
    await asked_by_job(second)
    kept = await read(world, second)
    assert (kept.status, kept.held_because) == (EffectStatus.HELD, "it could not be made: rate_limited")
    assert kept.release_ended_at is not None
