"""HTTP doors to the suppression list. Whoever operates may add to it; only an admin may lift, and carry lists about."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from sales_agent.access.auth.dependencies import open_database, require
from sales_agent.access.auth.principal import Principal, Scope
from sales_agent.console.suppression.schemas import (
    AddressBody,
    LiftBody,
    ShownSuppression,
    SuppressionAdded,
    SuppressionBody,
    SuppressionCheck,
    SuppressionLifted,
    SuppressionPage,
)
from sales_agent.controls.models import SuppressionKind, SuppressionReason
from sales_agent.controls.suppression import Lifting, add_entry, lift
from sales_agent.controls.suppression_entries import address_entry, digest_entry, digests_covering, domain_entry
from sales_agent.controls.suppression_repository import NewSuppression, SuppressionFilter, SuppressionRepository
from sales_agent.kit.db import Database
from sales_agent.kit.pagination import DEFAULT_LIMIT, MAX_LIMIT, Cursor

router = APIRouter(prefix="/api/admin/suppressions", tags=["suppression"])

Reader = Annotated[Principal, Depends(require(Scope.READ))]
Operator = Annotated[Principal, Depends(require(Scope.OPERATE))]
Admin = Annotated[Principal, Depends(require(Scope.ADMIN))]
Store = Annotated[Database, Depends(open_database)]

# How an entry came onto the list, where a person put it there.
SOURCE = "operator"


@router.get("")
async def list_suppressions(
    caller: Reader,
    database: Store,
    cursor: Annotated[str | None, Query(description="The next_cursor of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Entries a page.")] = DEFAULT_LIMIT,
    reason: Annotated[SuppressionReason | None, Query(description="Only entries for this reason.")] = None,
    kind: Annotated[SuppressionKind | None, Query(description="Only addresses, or only domains.")] = None,
    with_lifted: Annotated[bool, Query(description="Those too that cover nobody any more.")] = False,  # noqa: FBT002 - by name
) -> SuppressionPage:
    """Who is not written to, newest first: domains in clear, addresses by the beginning of their digest."""
    wanted = SuppressionFilter(reason, kind, with_lifted)
    async with database.transaction(caller.tenant_id) as session:
        entries = SuppressionRepository(session, caller.tenant_id)
        page = await entries.page(wanted, after=Cursor.decode(cursor) if cursor else None, limit=limit)
        total = await entries.count()
    items = [ShownSuppression.of(entry) for entry in page.rows]
    return SuppressionPage(total_count=total, items=items, next_cursor=page.next_cursor)


@router.post("")
async def add_suppression(body: SuppressionBody, caller: Operator, database: Store) -> SuppressionAdded:
    """Write no more to this address, or to anybody at this domain. Takes effect before the next mail."""
    entry = _entry(body)
    async with database.transaction(caller.tenant_id) as session:
        is_new = await add_entry(session, caller.tenant_id, entry, source=SOURCE, by=caller.actor)
        (stored,) = await SuppressionRepository(session, caller.tenant_id).live_among([entry.address_digest])
    return SuppressionAdded(status="added" if is_new else "known", entry=ShownSuppression.of(stored))


@router.post("/check")
async def check_suppression(body: AddressBody, caller: Operator, database: Store) -> SuppressionCheck:
    """Whether this address is written to, in any spelling. Asked by POST, since URLs are logged."""
    address_entry(body.address, SuppressionReason.MANUAL)  # says what is wrong with it
    async with database.transaction(caller.tenant_id) as session:
        found = await SuppressionRepository(session, caller.tenant_id).live_among(digests_covering(body.address))
    return SuppressionCheck(suppressed=bool(found), entries=[ShownSuppression.of(entry) for entry in found])


@router.delete("/{suppression_id}")
async def lift_suppression(suppression_id: UUID, body: LiftBody, caller: Admin, database: Store) -> SuppressionLifted:
    """Let an entry cover nobody any more. An opt-out or a complaint only by an owner who overrides it."""
    overrides = body.override and caller.may(Scope.OWNER)
    lifting = Lifting(by=caller.actor, because=body.reason, overrides=overrides)
    async with database.transaction(caller.tenant_id) as session:
        await lift(session, caller.tenant_id, suppression_id, lifting)
    return SuppressionLifted(id=suppression_id)


def _entry(body: SuppressionBody) -> NewSuppression:
    if body.address is not None:
        return address_entry(body.address, body.reason)
    if body.domain is not None:
        return domain_entry(body.domain, body.reason)
    return digest_entry(body.address_digest or "", body.reason)
