"""HTTP doors to outward writes: list, look, release, give up."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Protocol, cast
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from sales_agent.access.auth.dependencies import authenticated, open_database, require
from sales_agent.access.auth.principal import Principal, Scope
from sales_agent.console.held.asking import release_by_job
from sales_agent.console.held.forbidding import forbidden
from sales_agent.console.held.presenting import shown, shown_page
from sales_agent.console.held.schemas import EffectItem, EffectPage, GivenUp, ReleaseAnswer, ReleaseBody
from sales_agent.controls.settings import Switches
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

    @property
    def ceiling(self) -> Callable[[UUID | None], Awaitable[Switches]]: ...


def open_kinds(request: Request) -> EffectKinds:
    """The table of outward writes."""
    return cast("Container", request.app.state.container).effect_kinds


async def open_ceiling(request: Request, caller: Annotated[Principal, Depends(authenticated)]) -> Switches:
    """How far the switches of the caller's tenant may go."""
    return await cast("Container", request.app.state.container).ceiling(caller.tenant_id)


Reader = Annotated[Principal, Depends(require(Scope.READ))]
Operator = Annotated[Principal, Depends(require(Scope.OPERATE))]
Store = Annotated[Database, Depends(open_database)]
Kinds = Annotated[EffectKinds, Depends(open_kinds)]
Ceiling = Annotated[Switches, Depends(open_ceiling)]


@router.get("")
async def list_effects(
    caller: Reader,
    database: Store,
    kinds: Kinds,
    ceiling: Ceiling,
    status: EffectStatus = EffectStatus.HELD,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> EffectPage:
    """Outward writes of one status, oldest first: what each would write, why it waits, what would let it go."""
    after = Cursor.decode(cursor) if cursor else None
    async with database.transaction(caller.tenant_id) as session:
        page = await HeldEffectRepository(session, caller.tenant_id).page(status=status, after=after, limit=limit)
        reasons = await forbidden(session, caller.tenant_id, kinds, ceiling, [row.effect for row in page.rows])
    return shown_page(page, kinds, reasons)


@router.get("/{effect_id}")
async def get_effect(effect_id: UUID, caller: Reader, database: Store, kinds: Kinds, ceiling: Ceiling) -> EffectItem:
    """One outward write: after a release, what became of it."""
    async with database.transaction(caller.tenant_id) as session:
        listed = await HeldEffectRepository(session, caller.tenant_id).get(effect_id)
        if listed is None:
            raise EffectNotFound
        reasons = await forbidden(session, caller.tenant_id, kinds, ceiling, [listed.effect])
    return shown(listed, kinds, reasons)


@router.post("/release", status_code=202)
async def release_effects(
    body: ReleaseBody, caller: Operator, database: Store, kinds: Kinds, ceiling: Ceiling
) -> ReleaseAnswer:
    """Release a reviewed batch: exactly what was shown, or nothing (409). Each is judged once more by its switch.

    409 `release_forbidden` names the switch that is off at this moment.
    """
    async with database.transaction(caller.tenant_id) as session:
        job_id = await release_by_job(
            session, caller.tenant_id, kinds, body.ids, ceiling=ceiling, by=caller.actor, reviewed=body.reviewed
        )
    return ReleaseAnswer(ids=body.ids, task_id=job_id, status_url=f"/api/async/tasks/{job_id}/status")


@router.post("/{effect_id}/release", status_code=202)
async def release_effect(
    effect_id: UUID, caller: Operator, database: Store, kinds: Kinds, ceiling: Ceiling
) -> ReleaseAnswer:
    """Release one held write as it is now. A mail is not released here but sent again with its draft (409).

    409 `release_forbidden` names the switch that is off at this moment.
    """
    async with database.transaction(caller.tenant_id) as session:
        job_id = await release_by_job(session, caller.tenant_id, kinds, [effect_id], ceiling=ceiling, by=caller.actor)
    return ReleaseAnswer(ids=[effect_id], task_id=job_id, status_url=f"/api/async/tasks/{job_id}/status")


@router.post("/{effect_id}/cancel")
async def cancel_effect(effect_id: UUID, caller: Operator, database: Store, kinds: Kinds) -> GivenUp:
    """Give a held write up: it will never be made."""
    async with database.transaction(caller.tenant_id) as session:
        await give_up(session, caller.tenant_id, kinds, effect_id, by=caller.actor)
    return GivenUp(id=effect_id)
