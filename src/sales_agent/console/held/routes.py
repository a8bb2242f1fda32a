"""HTTP doors to outward writes: list, look, release, give up."""

from typing import Annotated, Protocol, cast
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from sales_agent.access.auth.dependencies import open_database, require
from sales_agent.access.auth.principal import Principal, Scope
from sales_agent.console.held.asking import release_by_job
from sales_agent.console.held.presenting import shown, shown_page
from sales_agent.console.held.schemas import EffectItem, EffectPage, GivenUp, ReleaseAnswer, ReleaseBody
from sales_agent.effects.held import EffectNotFound, give_up
from sales_agent.effects.held_repository import HeldEffectRepository
from sales_agent.effects.kinds import EffectKinds
from sales_agent.effects.models import EffectStatus
from sales_agent.kit.db import Database
from sales_agent.kit.pagination import DEFAULT_LIMIT, MAX_LIMIT, Cursor

router = APIRouter(prefix="/api/effects", tags=["effects"])


class Container(Protocol):
    """What is read of the application's container."""

    @property
    def effect_kinds(self) -> EffectKinds: ...


def open_kinds(request: Request) -> EffectKinds:
    """The table of outward writes."""
    return cast("Container", request.app.state.container).effect_kinds


Reader = Annotated[Principal, Depends(require(Scope.READ))]
Operator = Annotated[Principal, Depends(require(Scope.OPERATE))]
Store = Annotated[Database, Depends(open_database)]
Kinds = Annotated[EffectKinds, Depends(open_kinds)]


@router.get("")
async def list_effects(
    caller: Reader,
    database: Store,
    kinds: Kinds,
    status: EffectStatus = EffectStatus.HELD,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> EffectPage:
    """Outward writes of one status, oldest first: what each would write, why it waits, what would let it go."""
    after = Cursor.decode(cursor) if cursor else None
    async with database.transaction(caller.tenant_id) as session:
        page = await HeldEffectRepository(session, caller.tenant_id).page(status=status, after=after, limit=limit)
    return shown_page(page, kinds)


@router.get("/{effect_id}")
async def get_effect(effect_id: UUID, caller: Reader, database: Store, kinds: Kinds) -> EffectItem:
    """One outward write: after a release, what became of it."""
    async with database.transaction(caller.tenant_id) as session:
        listed = await HeldEffectRepository(session, caller.tenant_id).get(effect_id)
    if listed is None:
        raise EffectNotFound
    return shown(listed, kinds)


@router.post("/release", status_code=202)
async def release_effects(body: ReleaseBody, caller: Operator, database: Store, kinds: Kinds) -> ReleaseAnswer:
    """Release a reviewed batch: exactly what was shown, or nothing (409). Each is judged once more by its switch."""
    async with database.transaction(caller.tenant_id) as session:
        job_id = await release_by_job(
            session, caller.tenant_id, kinds, body.ids, by=caller.actor, reviewed=body.reviewed
        )
    return ReleaseAnswer(ids=body.ids, task_id=job_id, status_url=f"/api/async/tasks/{job_id}/status")


@router.post("/{effect_id}/release", status_code=202)
async def release_effect(effect_id: UUID, caller: Operator, database: Store, kinds: Kinds) -> ReleaseAnswer:
    """Release one held write as it is now. A mail is not released here but sent again with its draft (409)."""
    async with database.transaction(caller.tenant_id) as session:
        job_id = await release_by_job(session, caller.tenant_id, kinds, [effect_id], by=caller.actor)
    return ReleaseAnswer(ids=[effect_id], task_id=job_id, status_url=f"/api/async/tasks/{job_id}/status")


@router.post("/{effect_id}/cancel")
async def cancel_effect(effect_id: UUID, caller: Operator, database: Store, kinds: Kinds) -> GivenUp:
    """Give a held write up: it will never be made."""
    async with database.transaction(caller.tenant_id) as session:
        await give_up(session, caller.tenant_id, kinds, effect_id, by=caller.actor)
    return GivenUp(id=effect_id)
