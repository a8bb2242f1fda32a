"""An outward write happens once, or its end is not known yet and nobody does it again until it is."""

import asyncio
import datetime as dt
from dataclasses import replace
from uuid import UUID

import pytest

from sales_agent.connectors.errors import Permanent, RateLimited, Transient
from sales_agent.connectors.permit import Permit, PermitLapsed, WriteWithoutPermit
from sales_agent.controls.kill_switch import KillSwitch
from sales_agent.effects.models import Effect, EffectStatus
from sales_agent.effects.once import EffectRequest, EffectUnsettled
from sales_agent.effects.release import settle_left_behind
from sales_agent.effects.repository import EffectRepository, Holder
from sales_agent.kit.db import Database
from sales_agent.kit.ids import new_id
from sales_agent.pipeline.queue.lease import LeaseLost
from sales_agent.pipeline.workflow.steps.crm_kinds import (
    CREATE_COMPANY,
    CREATE_TASK,
    CompanyWish,
    TaskWish,
)
from sales_agent.pipeline.workflow.steps.mail_kinds import LABEL_THREAD, LabelWish
from sales_agent.sandbox.client import SandboxClient
from tests.integration.effects.conftest import World

DANIEL = "1003"
TASK_PATH = "/tasks"


def task_wish(*, contact: str = DANIEL) -> TaskWish:
    due_at = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
    return TaskWish("Follow up with Daniel", "A draft lies in Gmail.", due_at, contact, "", "")


def task_request(key: str = "run-1:crm.create_task", *, contact: str = DANIEL) -> EffectRequest:
    return EffectRequest(key, CREATE_TASK.name, task_wish(contact=contact))


def tasks_made(sandbox: SandboxClient) -> int:
    return len([task for task in sandbox.state("tasks") if "Follow up with Daniel" in str(task)])


async def read(world: World, effect_id: UUID) -> Effect:
    async with world.door.db.transaction() as session:
        effect = await EffectRepository(session, world.door.db.tenant_id).get(effect_id)
    assert effect is not None
    return effect


async def test_the_same_wish_of_ten_jobs_at_once_becomes_one_write(world: World, sandbox: SandboxClient):
    doors = [replace(world.door, holder=Holder(new_id(), 1)) for _ in range(10)]
    outcomes = await asyncio.gather(*(door.once(task_request()) for door in doors))
    assert tasks_made(sandbox) == 1
    assert {(outcome.status, outcome.provider_id) for outcome in outcomes} == {
        (EffectStatus.DONE, outcomes[0].provider_id)
    }


async def test_of_two_jobs_that_find_no_evidence_at_once_one_makes_the_write(world: World, sandbox: SandboxClient):
    sandbox.fault("drop_before", provider="hubspot", method="POST", path=TASK_PATH)
    with pytest.raises(EffectUnsettled):
        await world.door.once(task_request())
    doors = [replace(world.door, holder=Holder(new_id(), 1)) for _ in range(5)]
    outcomes = await asyncio.gather(*(door.once(task_request()) for door in doors), return_exceptions=True)
    assert tasks_made(sandbox) == 1
    assert all(isinstance(outcome, EffectUnsettled) or outcome.status is EffectStatus.DONE for outcome in outcomes)


async def test_a_lost_answer_is_settled_by_evidence_and_never_by_doing_it_again(world: World, sandbox: SandboxClient):
    sandbox.fault("act_then_drop", provider="hubspot", method="POST", path=TASK_PATH)
    with pytest.raises(EffectUnsettled):
        await world.door.once(task_request())
    settled = await world.door.once(task_request())
    assert settled.status is EffectStatus.DONE
    assert tasks_made(sandbox) == 1
    assert len(sandbox.journal(provider="hubspot", path=TASK_PATH)) >= 1


async def test_a_write_that_certainly_was_not_made_is_made(world: World, sandbox: SandboxClient):
    sandbox.fault("drop_before", provider="hubspot", method="POST", path=TASK_PATH)
    with pytest.raises(EffectUnsettled):
        await world.door.once(task_request())
    assert tasks_made(sandbox) == 0
    assert (await world.door.once(task_request())).status is EffectStatus.DONE
    assert tasks_made(sandbox) == 1


async def test_while_reads_may_lag_behind_not_found_settles_nothing(world: World, sandbox: SandboxClient):
    lagging = replace(world.door, evidence_lag_seconds=60.0)
    sandbox.fault("drop_before", provider="hubspot", method="POST", path=TASK_PATH)
    for _ in range(2):
        with pytest.raises(EffectUnsettled):
            await lagging.once(task_request())
    assert tasks_made(sandbox) == 0


async def test_a_look_up_that_fails_keeps_the_end_unknown(world: World, sandbox: SandboxClient):
    sandbox.fault("act_then_drop", provider="hubspot", method="POST", path=TASK_PATH)
    with pytest.raises(EffectUnsettled):
        await world.door.once(task_request())
    sandbox.fault("status", provider="hubspot", method="GET", path="associations", status=500, times=0)
    with pytest.raises(Transient):
        await world.door.once(task_request())
    sandbox.withdraw_faults()
    assert (await world.door.once(task_request())).status is EffectStatus.DONE
    assert tasks_made(sandbox) == 1


async def test_a_refusal_is_no_write_and_may_be_tried_again(world: World, sandbox: SandboxClient):
    sandbox.fault("status", provider="hubspot", method="POST", path=TASK_PATH, status=400)
    with pytest.raises(Permanent):
        await world.door.once(task_request())
    wait = {"Retry-After": "30"}
    sandbox.fault("status", provider="hubspot", method="POST", path=TASK_PATH, status=429, headers=wait)
    with pytest.raises(RateLimited) as limited:
        await world.door.once(task_request())
    assert limited.value.retry_after_seconds == pytest.approx(30, abs=1)
    assert (await world.door.once(task_request())).status is EffectStatus.DONE
    assert tasks_made(sandbox) == 1


async def test_with_the_switch_off_the_write_is_held_with_the_reason_and_nothing_is_called(
    world: World, sandbox: SandboxClient
):
    world.allow_crm_writes(allowed=False)
    outcome = await world.door.once(task_request())
    assert (outcome.status, outcome.held_because) == (EffectStatus.HELD, "ALLOW_CRM_WRITES is off")
    assert sandbox.journal(provider="hubspot", path=TASK_PATH) == []


async def test_the_kill_switch_holds_even_what_only_touches_our_own_mailbox(
    world: World, sandbox: SandboxClient, tenant_id: UUID
):
    async with world.door.db.transaction() as session:
        await KillSwitch(session, tenant_id).stop(by="ada", reason="drill")
    wish = LabelWish("a-thread", "Sales Agent")
    outcome = await world.door.once(EffectRequest("run-1:label", LABEL_THREAD.name, wish))
    assert (outcome.status, outcome.held_because) == (EffectStatus.HELD, "the kill switch is set")
    assert sandbox.journal(provider="gmail") == []


async def test_a_worker_that_lost_its_lease_makes_no_call(world: World, sandbox: SandboxClient):
    async def gone(_: object) -> None:
        raise LeaseLost

    with pytest.raises(LeaseLost):
        await replace(world.door, fence=gone).once(task_request())
    assert sandbox.journal(provider="hubspot", path=TASK_PATH) == []


async def test_a_writer_without_a_permit_of_its_kind_does_not_move(world: World, sandbox: SandboxClient):
    with pytest.raises(WriteWithoutPermit):
        await world.door.writers.mail.label_thread("a-thread", "x", Permit(new_id(), CREATE_TASK.name))
    assert sandbox.journal(provider="gmail") == []


async def test_a_held_write_expires_after_two_weeks(world: World, database: Database, tenant_id: UUID):
    world.allow_crm_writes(allowed=False)
    held = await world.door.once(task_request())
    async with database.transaction(tenant_id) as session:
        effect = await EffectRepository(session, tenant_id).get(held.effect_id)
        assert effect is not None
        assert effect.expires_at is not None
        assert dt.timedelta(days=13) < effect.expires_at - effect.created_at < dt.timedelta(days=15)
        effect.expires_at = effect.created_at - dt.timedelta(days=1)
        await session.flush()
    await settle_left_behind(world.door)
    assert (await read(world, held.effect_id)).status == EffectStatus.EXPIRED
    world.allow_crm_writes(allowed=True)
    assert (await world.door.once(task_request())).status is EffectStatus.EXPIRED


async def test_what_a_dead_run_left_unknown_is_settled_later_without_doing_it_again(
    world: World, sandbox: SandboxClient, database: Database, tenant_id: UUID
):
    sandbox.fault("act_then_drop", provider="hubspot", method="POST", path=TASK_PATH)
    with pytest.raises(EffectUnsettled):
        await world.door.once(task_request("run-1:task"))
    sandbox.fault("drop_before", provider="hubspot", method="POST", path=TASK_PATH)
    with pytest.raises(EffectUnsettled):
        await world.door.once(task_request("run-2:task"))
    async with database.transaction(tenant_id) as session:
        effects = EffectRepository(session, tenant_id)
        ids = {}
        for effect in await effects.unsettled(older_than_seconds=-1, limit=10):
            effect.intended_at = effect.created_at - dt.timedelta(hours=1)
            ids[effect.key] = effect.id
        await session.flush()
    assert await settle_left_behind(world.door) == 2
    assert (await read(world, ids["run-1:task"])).status == EffectStatus.DONE
    assert (await read(world, ids["run-2:task"])).status == EffectStatus.REFUSED
    assert tasks_made(sandbox) == 1


async def test_a_worker_whose_lease_ran_out_after_its_last_look_makes_no_call(world: World, sandbox: SandboxClient):
    async def about_to_end(_: object) -> float:
        return 0.0

    with pytest.raises(PermitLapsed):
        await replace(world.door, fence=about_to_end).once(task_request())
    assert tasks_made(sandbox) == 0


async def test_a_worker_that_was_overtaken_does_not_unsettle_what_its_successor_settled(
    world: World, sandbox: SandboxClient
):
    sandbox.fault("drip", method="POST", path=TASK_PATH, seconds=1.0)
    overtaken = asyncio.create_task(world.door.once(task_request()))
    await asyncio.to_thread(sandbox.wait_for_request, TASK_PATH, method="POST")

    async def dead(*_: object) -> bool:
        return False

    successor = replace(world.door, holder=Holder(new_id(), 2), is_alive=dead)
    settled = await successor.once(task_request())
    with pytest.raises(EffectUnsettled):
        await overtaken
    again = await successor.once(task_request())
    assert (settled.status, again.status, again.provider_id) == (
        EffectStatus.DONE,
        EffectStatus.DONE,
        settled.provider_id,
    )
    assert tasks_made(sandbox) == 1


async def test_a_held_write_is_made_in_the_words_of_the_last_wish(world: World, sandbox: SandboxClient):
    world.allow_crm_writes(allowed=False)
    await world.door.once(task_request())
    world.allow_crm_writes(allowed=True)
    reworded = replace(task_wish(), body="The draft was written\x00 anew.")
    await world.door.once(EffectRequest("run-1:crm.create_task", CREATE_TASK.name, reworded))
    (task,) = [task for task in sandbox.state("tasks") if "Follow up with Daniel" in str(task)]
    assert "written anew" in str(task)


async def test_what_expired_for_one_run_is_made_for_the_next_that_wishes_for_it(
    world: World, sandbox: SandboxClient, database: Database, tenant_id: UUID
):
    wish = CompanyWish("newcomer.example", {"domain": "newcomer.example", "name": "Newcomer"})
    requests = [EffectRequest("newcomer.example", CREATE_COMPANY.name, wish, new_id()) for _ in range(3)]
    world.allow_crm_writes(allowed=False)
    held = await world.door.once(requests[0])
    async with database.transaction(tenant_id) as session:
        effect = await EffectRepository(session, tenant_id).get(held.effect_id)
        assert effect is not None
        effect.expires_at = effect.created_at - dt.timedelta(days=1)
        await session.flush()
    await settle_left_behind(world.door)
    assert (await world.door.once(requests[0])).status is EffectStatus.EXPIRED

    assert (await world.door.once(requests[1])).status is EffectStatus.HELD
    renewed = await read(world, held.effect_id)
    assert renewed.expires_at is not None
    assert renewed.expires_at > renewed.created_at + dt.timedelta(days=13)
    world.allow_crm_writes(allowed=True)
    made = await world.door.once(requests[2])
    assert (made.effect_id, made.status) == (held.effect_id, EffectStatus.DONE)
    assert len([company for company in sandbox.state("companies") if "newcomer.example" in str(company)]) == 1
