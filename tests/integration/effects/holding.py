"""Writes that are held, and what the tests of their release ask and look at."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from sales_agent.effects.held import ask_for_release
from sales_agent.effects.models import Effect, EffectStatus
from sales_agent.effects.once import EffectRequest
from sales_agent.effects.repository import EffectRepository
from sales_agent.ledger.audit.trail_repository import AuditTrailRepository, TrailFilter
from sales_agent.pipeline.workflow.steps.crm_kinds import CREATE_TASK, TaskWish
from sales_agent.sandbox.client import SandboxClient
from tests.integration.effects.conftest import World

DANIEL = "1003"
TASK_PATH = "/tasks"
DUE_AT = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)


def task_wish(number: int = 1, *, contact: str = DANIEL) -> TaskWish:
    return TaskWish(f"Follow up {number} with Daniel", "A draft lies in Gmail.", DUE_AT, contact, "", "")


async def held_task(world: World, number: int = 1, *, depends_on: UUID | None = None) -> UUID:
    """A task held by its switch, which is off afterwards."""
    world.allow_crm_writes(allowed=False)
    contact = DANIEL if depends_on is None else ""
    wish = EffectRequest(f"run-{number}:task", CREATE_TASK.name, task_wish(number, contact=contact), None, depends_on)
    outcome = await world.door.once(wish)
    assert outcome.status is EffectStatus.HELD
    return outcome.effect_id


async def ask(world: World, *ids: UUID, reviewed: str | None = None) -> Sequence[Effect]:
    tenant_id, kinds = world.door.db.tenant_id, world.door.kinds
    async with world.door.db.transaction() as session:
        return await ask_for_release(session, tenant_id, kinds, ids, by="user:mara", reviewed=reviewed)


async def read(world: World, effect_id: UUID) -> Effect:
    async with world.door.db.transaction() as session:
        effect = await EffectRepository(session, world.door.db.tenant_id).get(effect_id)
    assert effect is not None
    return effect


async def actions_of(world: World, effect_id: UUID) -> list[tuple[str, str]]:
    async with world.door.db.transaction() as session:
        page = await AuditTrailRepository(session, world.door.db.tenant_id).page(
            TrailFilter(subject_id=effect_id), after=None, limit=50
        )
    return [(row.action, row.actor) for row in reversed(page.rows)]


def tasks_made(sandbox: SandboxClient) -> int:
    return len([task for task in sandbox.state("tasks") if "Follow up " in str(task)])
