"""No outward call begins after a stop is answered, whatever was on its way at that moment."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from uuid import UUID

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.connectors.errors import Transient
from sales_agent.connectors.permit import PERMIT_SECONDS, PermitLapsed
from sales_agent.console.kill_switch.stopping import MARGIN_SECONDS, Stopper
from sales_agent.controls.hold_reasons import STOPPED
from sales_agent.controls.kill_switch import KillSwitch
from sales_agent.effects.models import Effect, EffectStatus
from sales_agent.effects.once import EffectUnsettled
from sales_agent.effects.repository import EffectRepository, Holder
from sales_agent.kit.db import Database, DatabaseUnavailable
from sales_agent.kit.ids import new_id
from sales_agent.sandbox.client import SandboxClient
from tests.conftest import DatabaseUrls
from tests.integration.effects.conftest import World
from tests.integration.effects.test_an_outward_write_happens_once import TASK_PATH, task_request, tasks_made

# Answered at once where nothing is in flight: before the wait for anything could have ended.
AT_ONCE = PERMIT_SECONDS

# What is never waited for longer, on a machine that is busy with other things.
LONGEST = PERMIT_SECONDS + MARGIN_SECONDS + 3


class Pause:
    """Holds a last look after it has read the switches, until a test lets it go on."""

    def __init__(self) -> None:
        self.reached, self.go_on = asyncio.Event(), asyncio.Event()

    def at_the_last_look_of(self, world: World) -> World:
        async def reason(session: AsyncSession, switch: str | None) -> str | None:
            read = await world.door.hold_reason(session, switch)
            self.reached.set()
            await self.go_on.wait()
            return read

        return World(replace(world.door, hold_reason=reason), world.ceiling)


@pytest.fixture
def stopper(database: Database) -> Stopper:
    return Stopper(database)


@asynccontextmanager
async def at_its_last_look(world: World) -> AsyncIterator[tuple[Pause, "asyncio.Task[object]"]]:
    """A write that has read the switches and not yet been let go."""
    pause = Pause()
    write = asyncio.create_task(pause.at_the_last_look_of(world).door.once(task_request()))
    await asyncio.wait_for(pause.reached.wait(), 10)
    yield pause, write
    pause.go_on.set()
    await asyncio.gather(write, return_exceptions=True)


def calls_begun(sandbox: SandboxClient) -> int:
    return len([entry for entry in sandbox.journal(provider="hubspot", path=TASK_PATH) if entry["method"] == "POST"])


async def only_effect(world: World) -> Effect:
    async with world.door.db.transaction() as session:
        (effect,) = await EffectRepository(session, world.door.db.tenant_id).unsettled(older_than_seconds=-9, limit=9)
    return effect


async def test_a_stop_waits_for_a_last_look_that_has_read_the_switch_before_it(
    world: World, sandbox: SandboxClient, stopper: Stopper, tenant_id: UUID
):
    sandbox.fault("drip", method="POST", path=TASK_PATH, seconds=0.3)
    async with at_its_last_look(world) as (pause, write):
        stop = asyncio.create_task(stopper.stop_tenant(tenant_id, by="mara", reason="drill"))
        await asyncio.sleep(0.2)
        assert not stop.done(), "it was answered while a call could still be let go"
        pause.go_on.set()
        report = await stop
        begun_by_then = calls_begun(sandbox)
        await asyncio.gather(write, return_exceptions=True)
    assert report.in_flight_when_stopped == 1
    assert calls_begun(sandbox) == begun_by_then


async def test_a_stop_of_everybody_waits_for_every_tenant_s_last_look(
    world: World, sandbox: SandboxClient, stopper: Stopper
):
    async with at_its_last_look(world) as (pause, write):
        stop = asyncio.create_task(stopper.stop_everything(by="admin_password", reason="drill"))
        await asyncio.sleep(0.2)
        assert not stop.done()
        pause.go_on.set()
        await stop
        begun_by_then = calls_begun(sandbox)
        await asyncio.gather(write, return_exceptions=True)
    assert calls_begun(sandbox) == begun_by_then


async def test_another_tenant_s_stop_waits_for_nobody_here(
    world: World, stopper: Stopper, other_tenant_id: UUID, sandbox: SandboxClient
):
    async with at_its_last_look(world):
        began = time.monotonic()
        report = await stopper.stop_tenant(other_tenant_id, by="noor", reason="drill")
        assert time.monotonic() - began < AT_ONCE
        assert report.in_flight_when_stopped == 0


async def test_a_last_look_that_hangs_holds_a_stop_up_no_longer_than_a_permit_lives_and_begins_nothing(
    world: World, sandbox: SandboxClient, stopper: Stopper, tenant_id: UUID
):
    async with at_its_last_look(world) as (pause, write):
        began = time.monotonic()
        await stopper.stop_tenant(tenant_id, by="mara", reason="drill")
        assert time.monotonic() - began < LONGEST
        pause.go_on.set()
        with pytest.raises(PermitLapsed):
            await write
    assert calls_begun(sandbox) == 0


async def test_after_a_stop_nothing_is_called_and_the_write_is_held(
    world: World, sandbox: SandboxClient, stopper: Stopper, tenant_id: UUID
):
    began = time.monotonic()
    report = await stopper.stop_tenant(tenant_id, by="mara", reason="drill")
    assert time.monotonic() - began < AT_ONCE
    assert (report.in_flight_when_stopped, report.in_flight) == (0, 0)
    outcome = await world.door.once(task_request())
    assert (outcome.status, outcome.held_because) == (EffectStatus.HELD, STOPPED)
    assert calls_begun(sandbox) == 0


async def test_a_stop_of_everybody_holds_a_tenant_that_is_not_stopped_itself(
    world: World, sandbox: SandboxClient, stopper: Stopper, tenant_id: UUID
):
    await stopper.stop_everything(by="admin_password", reason="drill")
    async with world.door.db.transaction() as session:
        await KillSwitch(session, tenant_id).resume(by="mara")
    assert (await world.door.once(task_request())).status is EffectStatus.HELD
    assert calls_begun(sandbox) == 0


async def test_a_call_that_hangs_is_told_as_in_flight_and_not_waited_for_longer_than_it_may_begin(
    world: World, sandbox: SandboxClient, stopper: Stopper, tenant_id: UUID
):
    sandbox.fault("act_then_hold", method="POST", path=TASK_PATH)
    patient = replace(world.door, writers=world.door.writers)
    write = asyncio.create_task(patient.once(task_request()))
    await asyncio.to_thread(sandbox.wait_for_request, TASK_PATH, method="POST")
    began = time.monotonic()
    report = await stopper.stop_tenant(tenant_id, by="mara", reason="drill")
    assert time.monotonic() - began < LONGEST
    assert report.in_flight_when_stopped == 1
    with pytest.raises(EffectUnsettled):
        await write
    assert calls_begun(sandbox) == tasks_made(sandbox) == 1


async def test_eight_workers_under_load_begin_nothing_after_the_answer(
    world: World, sandbox: SandboxClient, stopper: Stopper
):
    answered = asyncio.Event()

    async def work(number: int) -> None:
        door = replace(world.door, holder=Holder(new_id(), 1))
        for turn in range(200):
            if answered.is_set():
                return
            with suppress(Transient):  # a machine under load lets a permit lapse now and then
                await door.once(task_request(f"run-{number}-{turn}:crm.create_task"))

    workers = [asyncio.create_task(work(number)) for number in range(8)]
    await asyncio.to_thread(sandbox.wait_for_request, TASK_PATH, method="POST", count=8)
    await stopper.stop_everything(by="admin_password", reason="drill")
    begun_by_then = calls_begun(sandbox)
    answered.set()
    await asyncio.gather(*workers)
    assert begun_by_then >= 8
    assert calls_begun(sandbox) == begun_by_then


async def test_a_permit_ends_with_its_seconds_even_under_a_long_lease(world: World, sandbox: SandboxClient):
    async def dawdle(session: AsyncSession, switch: str | None) -> str | None:
        read = await world.door.hold_reason(session, switch)
        await asyncio.sleep(PERMIT_SECONDS)
        return read

    with pytest.raises(PermitLapsed):
        await replace(world.door, hold_reason=dawdle).once(task_request())
    assert calls_begun(sandbox) == 0


async def test_a_write_that_is_wished_for_again_is_in_flight_anew_only_when_it_is_let_go(
    world: World, sandbox: SandboxClient
):
    sandbox.fault("drop_before", method="POST", path=TASK_PATH)
    with pytest.raises(EffectUnsettled):
        await world.door.once(task_request())
    assert (await only_effect(world)).permitted_at is not None
    pause = Pause()
    again = asyncio.create_task(pause.at_the_last_look_of(world).door.once(task_request()))
    await asyncio.wait_for(pause.reached.wait(), 10)
    assert (await only_effect(world)).permitted_at is None
    pause.go_on.set()
    await again


async def test_with_the_database_cut_at_the_last_look_no_call_is_made(
    world: World, sandbox: SandboxClient, database_urls: DatabaseUrls
):
    async def cut_then_read(session: AsyncSession, switch: str | None) -> str | None:
        with psycopg.connect(database_urls.superuser, autocommit=True) as connection:
            connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where datname = current_database() and usename = 'sales_agent_app'"
            )
        return await world.door.hold_reason(session, switch)

    with pytest.raises(DatabaseUnavailable):
        await replace(world.door, hold_reason=cut_then_read).once(task_request())
    assert calls_begun(sandbox) == 0
